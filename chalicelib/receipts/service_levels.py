"""A member's level and the counters that decide on it, as they are read and kept.

Nothing rests on the agenda: whoever opens the counters looks first what is over. It is there so
that the level is left, and its member told, also when nobody looks.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

import msgspec

from chalicelib.agenda.model import Entry
from chalicelib.agenda.service import arm
from chalicelib.kernel.clock import day_begins, local_date
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import store as ledger_store
from chalicelib.ledger.service_agenda import SOON
from chalicelib.members import store as members
from chalicelib.members.asked import joined_on
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.programs.tiers import by_points
from chalicelib.receipts import assigned, levels, store
from chalicelib.receipts.counting import Month, Months, Tally
from chalicelib.receipts.levels import Turn
from chalicelib.receipts.month_ends import MONTH_ENDS, begun
from chalicelib.receipts.store import Counted

LEVEL_ENDS = "receipts.level"
"""What the agenda calls the end of a level's time; its ref is the member."""
Tell = Callable[[Program, str, Turn], object]
"""Tells a member of a level that was left or reached."""


def counted(
    program: Program,
    member: str,
    months: Iterable[str],
    at: datetime,
    also: Callable[[Tally], set[str]] = lambda _: set(),
) -> Counted:
    """A member's tally and these months, with those that a level whose time is over is judged by,
    and others that depend on the tally. Mostly one read.
    """
    wanted, today = set(months), local_date(at, program.zone)
    found = store.counted(program.id, member, sorted(wanted))
    more = levels.needed(found.tally, program, today) | also(found.tally)
    return found if more <= wanted else store.counted(program.id, member, sorted(wanted | more))


def count(
    program: Program,
    member: str,
    before: Counted,
    tally: Tally,
    months: Mapping[str, Month],
    at: datetime,
) -> Writes:
    """The counters after something happened, with what the agenda has to hold for the level's end,
    and what is proposed to staff.

    An entry that stands earlier is enough: when it is done it writes the next one.
    """
    tally = _marked(tally, program)
    writes = store.count(program.id, member, before, tally, months)
    writes += _proposed(program, member, before.tally, tally, months)
    if (due := _sooner(program, before, tally)) is not None:
        writes += arm(program.id, LEVEL_ENDS, member, due, at)
    if (over := begun(program, before, months, at)) is not None:
        writes += arm(program.id, MONTH_ENDS, member, over, at)
    return writes


def changes(program: Program, before: Counted, tally: Tally, months: Months, at: datetime) -> int:
    """How many items :func:`count` changes."""
    tally = _marked(tally, program)
    proposed = len(_proposed(program, "", before.tally, tally, months))
    due = (_sooner(program, before, tally), begun(program, before, months, at))
    return before.changes(tally, months) + proposed + sum(one is not None for one in due)


def _marked(tally: Tally, program: Program) -> Tally:
    """The tally with what it leaves for staff to decide."""
    new = assigned.proposed(tally, program)
    return msgspec.structs.replace(tally, proposed=new.since if new else "")


def _sooner(program: Program, before: Counted, tally: Tally) -> datetime | None:
    """When the level's time is over, where the agenda holds nothing as early."""
    was, now = levels.due(before.tally, program), levels.due(tally, program)
    return now if now is not None and (was is None or now < was) else None


def _proposed(program: Program, member: str, before: Tally, after: Tally, months: Months) -> Writes:
    new, was = assigned.proposed(after, program), before.proposed
    if new is None:
        return store.proposed_no_more(program.id, member, was) if was else Writes()
    if new == assigned.proposed(before, program) and before.assigned == after.assigned:
        return Writes()
    span = levels.basis(after, program)
    bought = levels.figure(program.tiers, months, span) if program.tiers and span else 0
    return store.proposed(program.id, member, new, after.assigned[-1].tier, bought, was)


def end(entry: Entry, at: datetime, tell: Tell) -> datetime | None:
    """Leave, or keep anew, a level whose time is over, or come to one for which the membership is
    long enough; and tell the member what did so since the entry was due, whoever wrote it down;
    again when the next time is over.
    """
    program, member = in_force(entry.program, at), entry.ref

    person = members.read(program.id, member, strong=True)
    if person is None or person.status == "erased":
        return None
    joined = joined_on(person.joined_at, program)

    def decide(_: bool) -> tuple[Writes, Tally]:
        account = ledger_store.read(program.id, member, strong=True)
        if account is None or account.closed:
            return Writes(), Tally()
        found = counted(program, member, (), at)
        after, months = _as_of(program, found, joined, at)
        writes = count(program, member, found, after, months, at)
        if len(writes):
            # A purchase that is being counted just now may be what keeps the level.
            writes += ledger_store.unchanged(account)
        return writes, after

    tally = transact(decide)
    for turn in levels.turned(tally, program, entry.due):
        tell(program, member, turn)
    return levels.due(tally, program, joined)


def arm_soon(program: str, member: str, tally: Tally, at: datetime) -> Writes:
    """What the agenda has to hold for a level that ends within two days, for the sweeper: what was
    set before the agenda, or under another document, has nothing there.
    """
    due = levels.due(tally, in_force(program, at))
    if due is None or due > at + SOON:
        return Writes()
    return arm(program, LEVEL_ENDS, member, due, at)


def arm_stay(program: str, member: str, joined_at: str, at: datetime) -> Writes:
    """The same for a member whose time in the program lifts them to a level within two days."""
    club = in_force(program, at)
    if club.tiers is None:
        return Writes()
    days = [day for day, _ in club.tiers.reached(joined_on(joined_at, club))]
    due = min((one for day in days if (one := day_begins(day, club.zone)) >= at), default=None)
    if due is None or due > at + SOON:
        return Writes()
    return arm(program, LEVEL_ENDS, member, due, at)


def tally(program: Program, member: str, joined_at: str, at: datetime) -> Tally:
    """The tally as of an instant, whether or not what was over is stored, or what points of other
    rooms lift to.
    """
    return _seen(program, member, joined_at, at, needed=by_points(program.tiers))[0]


def level_of(program: Program, member: str, at: datetime) -> str:
    """The level that a member is on at an instant; empty: none."""
    found = members.read(program.id, member, strong=True)
    if found is None:
        return ""
    return levels.tier_at(tally(program, member, found.joined_at, at), program, at)


def seen(program: Program, member: str, joined_at: str, at: datetime) -> tuple[Tally, Months]:
    """The same, and the months that count for a level that day."""
    return _seen(program, member, joined_at, at, needed=True)


def _seen(
    program: Program, member: str, joined_at: str, at: datetime, *, needed: bool
) -> tuple[Tally, Months]:
    today = local_date(at, program.zone)
    wanted = levels.months_up(program, today, today) if needed else ()
    joined = joined_on(joined_at, program)
    found, months = _as_of(program, counted(program, member, wanted, at), joined, at)
    if by_points(program.tiers):
        found = levels.risen(found, program, months, at)
    return found, months


def _as_of(program: Program, found: Counted, joined: date, at: datetime) -> tuple[Tally, Months]:
    months = {name: month for name, (month, _) in found.months.items()}
    today = local_date(at, program.zone)
    return levels.lapsed(found.tally, program, months, today, joined), months
