"""What happens to an account by itself, at its time: points burn, announced points are credited.

The ledger does not rest on it: whatever else happens to an account burns what is due first, and the
sweeper's daily round finds what no entry of the agenda was written for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.agenda.model import Entry
from chalicelib.agenda.service import arm
from chalicelib.kernel.clock import day_begins, local_date, parse
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import rules, store
from chalicelib.ledger.holds import OPEN
from chalicelib.ledger.model import Account
from chalicelib.ledger.posting import ANNOUNCED, BURN_OFF, SYSTEM
from chalicelib.ledger.service import Order, burn_off, confirm_due
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

SOON = timedelta(days=2)
"""A sweeper's round takes less."""


@dataclass(frozen=True, slots=True)
class Burning:
    """Points that will burn, and when their member is told."""

    last: date
    """The last day on which they can be spent."""
    points: int
    told_at: datetime


def burn(entry: Entry, at: datetime, warn: Callable[[Account, Burning], object]) -> datetime | None:
    """Burn what is due on an account, and warn of what will burn; again when more of that is due.

    Warned of is what fell due since the entry's own day: before it another entry stood.
    """
    account = burn_off(Order(entry.program, entry.ref, SYSTEM, "", at))
    program = in_force(entry.program, at)
    today = local_date(at, program.zone)
    since = local_date(parse(entry.due), program.zone)
    for last, days, points in rules.warned_of(account, program.burn.warn_days, since, today):
        told_at = day_begins(last - timedelta(days=days), program.zone)
        warn(account, Burning(last, points, told_at))
    return _next(account, program, today)


def arm_soon(account: Account, at: datetime) -> Writes:
    """What the agenda has to hold for an account within two days, for the sweeper: accounts older
    than the agenda, or than their program's warnings, have nothing there.
    """
    program = in_force(account.program, at)
    due = _next(account, program, local_date(at, program.zone))
    if due is None or due > at + SOON:
        return Writes()
    return arm(account.program, BURN_OFF, account.member, due, at)


def _next(account: Account, program: Program, today: date) -> datetime | None:
    day = rules.next_day(account, program.burn.warn_days, today)
    return day_begins(day, program.zone) if day else None


def confirm(entry: Entry, at: datetime) -> datetime | None:
    """Credit what was announced to a member for a day that has begun."""
    zone = in_force(entry.program, at).zone
    today = local_date(at, zone).isoformat()
    open_ = [
        one for one in store.pending(entry.program, entry.ref) if one.state == OPEN and one.due
    ]
    for one in open_:
        if str(one.due) <= today:
            confirm_due(Order(entry.program, entry.ref, SYSTEM, "", at), one.award)
    left = min((str(one.due) for one in open_ if str(one.due) > today), default=None)
    return day_begins(date.fromisoformat(left), zone) if left else None


AGENDA_HANDLERS = {ANNOUNCED: confirm}
