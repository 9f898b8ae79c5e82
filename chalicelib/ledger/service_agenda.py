"""What happens to an account by itself, at its time: points burn, announced points are credited.

The ledger does not rest on it: whatever else happens to an account burns what is due first, and the
sweeper's daily round finds what no entry of the agenda was written for.
"""

from datetime import date, datetime

from chalicelib.agenda.model import Entry
from chalicelib.kernel.clock import day_begins, local_date
from chalicelib.ledger import rules, store
from chalicelib.ledger.holds import OPEN
from chalicelib.ledger.posting import ANNOUNCED, BURN_OFF, SYSTEM, burns_at
from chalicelib.ledger.service import Order, burn_off, confirm_due
from chalicelib.programs.service import in_force


def burn(entry: Entry, at: datetime) -> datetime | None:
    """Burn what is due on an account; again when the next of its points burn."""
    account = burn_off(Order(entry.program, entry.ref, SYSTEM, "", at))
    soonest = rules.soonest(account)
    return burns_at(soonest, in_force(entry.program, at)) if soonest else None


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


AGENDA_HANDLERS = {BURN_OFF: burn, ANNOUNCED: confirm}
