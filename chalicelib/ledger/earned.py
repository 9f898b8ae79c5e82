"""What points count for beside the balance, where something earned them that no receipt tells of.

Who counts them is a room beside this one. It is asked with each award and with its reversal, so
that no room that gives awards has to think of it.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.kernel.clock import parse
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.model import Entry
from chalicelib.programs.model import Program
from chalicelib.programs.service import version

AWARDS = "issuer"
"""The contra label of awards."""
Count = Callable[[Program, str, int, datetime, datetime], Writes]
"""Counts points of a member that were earned at the first instant, as of the second."""
_count: list[Count] = []


def install(count: Count) -> None:
    """Say who counts."""
    _count[:] = [count]


def awarded(program: Program, member: str, points: int, at: datetime) -> Writes:
    """What commits with an award that is given now."""
    return _count[0](program, member, points, at, at) if _count else Writes()


def taken_back(entry: Entry, at: datetime) -> Writes:
    """What commits with the reversal of an entry: by the document under which it was posted."""
    if not _count or entry.contra != AWARDS:
        return Writes()
    program = version(entry.program, entry.program_version)
    return _count[0](program, entry.member, -entry.points, parse(entry.at), at)
