"""A member's level and the counters that decide on it, as they are read and kept.

Nothing rests on the agenda: whoever opens the counters looks first what is over. It is there so
that the level is left, and its member told, also when nobody looks.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from chalicelib.agenda.model import Entry
from chalicelib.agenda.service import arm
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import store as ledger_store
from chalicelib.ledger.service_agenda import SOON
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.receipts import levels, store
from chalicelib.receipts.counting import Month, Months, Tally
from chalicelib.receipts.store import Counted

LEVEL_ENDS = "receipts.level"
"""What the agenda calls the end of a level's time; its ref is the member."""
Left = Callable[[Program, str, str, str], object]
"""Tells a member of when which level was left."""


def counted(
    program: Program, member: str, months: Iterable[str], at: datetime, *, back: str = ""
) -> Counted:
    """A member's tally and these months, with those that a level whose time is over is judged by;
    with ``back``, a receipt, also those that its return may take a level from. Mostly one read.
    """
    wanted, today = set(months), local_date(at, program.zone)
    found = store.counted(program.id, member, sorted(wanted))
    more = levels.needed(found.tally, program, today)
    if back:
        more |= levels.months_back(levels.withdrawn(found.tally, back), program, today)
    return found if more <= wanted else store.counted(program.id, member, sorted(wanted | more))


def count(
    program: Program,
    member: str,
    before: Counted,
    tally: Tally,
    changed: Mapping[str, Month],
    at: datetime,
) -> Writes:
    """The counters after something happened, with what the agenda has to hold for the level's end.

    An entry that stands earlier is enough: when it is done it writes the next one.
    """
    writes = store.count(program.id, member, before, tally, changed)
    if (due := _sooner(program, before, tally)) is not None:
        writes += arm(program.id, LEVEL_ENDS, member, due, at)
    return writes


def changes(program: Program, before: Counted, tally: Tally, changed: Months) -> int:
    """How many items :func:`count` changes."""
    return before.changes(tally, changed) + (_sooner(program, before, tally) is not None)


def _sooner(program: Program, before: Counted, tally: Tally) -> datetime | None:
    """When the level's time is over, where the agenda holds nothing as early."""
    was, now = levels.due(before.tally, program), levels.due(tally, program)
    return now if now is not None and (was is None or now < was) else None


def end(entry: Entry, at: datetime, tell: Left) -> datetime | None:
    """Leave, or keep anew, a level whose time is over, and tell the member what was left since the
    entry was due, whoever wrote it down; again when the next time is over.
    """
    program, member = in_force(entry.program, at), entry.ref

    def decide(_: bool) -> tuple[Writes, Tally]:
        account = ledger_store.read(program.id, member, strong=True)
        if account is None or account.closed:
            return Writes(), Tally()
        found = counted(program, member, (), at)
        after = _as_of(program, found, at)[0]
        writes = count(program, member, found, after, {}, at)
        if len(writes):
            # A purchase that is being counted just now may be what keeps the level.
            writes += ledger_store.unchanged(account)
        return writes, after

    tally = transact(decide)
    for since, tier in levels.left(tally, entry.due):
        tell(program, member, since, tier)
    return levels.due(tally, program)


def arm_soon(program: str, member: str, tally: Tally, at: datetime) -> Writes:
    """What the agenda has to hold for a level that ends within two days, for the sweeper: what was
    set before the agenda, or under another document, has nothing there.
    """
    due = levels.due(tally, in_force(program, at))
    if due is None or due > at + SOON:
        return Writes()
    return arm(program, LEVEL_ENDS, member, due, at)


def tally(program: Program, member: str, at: datetime) -> Tally:
    """The tally as of an instant, whether or not what was over is stored."""
    return _as_of(program, counted(program, member, (), at), at)[0]


def seen(program: Program, member: str, at: datetime) -> tuple[Tally, Months]:
    """The same, and the months that count for a level that day."""
    today = local_date(at, program.zone)
    wanted = levels.months_up(program, today, today)
    return _as_of(program, counted(program, member, wanted, at), at)


def _as_of(program: Program, found: Counted, at: datetime) -> tuple[Tally, Months]:
    months = {name: month for name, (month, _) in found.months.items()}
    return levels.lapsed(found.tally, program, months, local_date(at, program.zone)), months
