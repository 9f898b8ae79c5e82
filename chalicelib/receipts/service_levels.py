"""A member's level and the counters that decide on it, as they are read."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.kernel.clock import local_date
from chalicelib.programs.model import Program
from chalicelib.receipts import levels, store
from chalicelib.receipts.counting import Months, Tally
from chalicelib.receipts.store import Counted


def counted(
    program: Program, member: str, months: Iterable[str], at: datetime, *, back: bool = False
) -> Counted:
    """A member's tally and these months, with those that a level whose time is over is judged by;
    with ``back`` also those that a return may take a level from. Mostly one read.
    """
    wanted, today = set(months), local_date(at, program.zone)
    found = store.counted(program.id, member, sorted(wanted))
    more = levels.needed(found.tally, program, today)
    if back:
        more |= levels.months_back(found.tally, program, today)
    return found if more <= wanted else store.counted(program.id, member, sorted(wanted | more))


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
