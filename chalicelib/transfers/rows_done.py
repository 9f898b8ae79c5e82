"""The rows of one part, checked or done: what both kinds of file share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.members import store as members
from chalicelib.members.model import EXTERNAL
from chalicelib.programs.model import Program
from chalicelib.transfers.model import Fault, Order, Outcome, Tally
from chalicelib.transfers.rows_members import Unique

MEMBER_ID = 20
"""Symbols of a member's id."""


@dataclass(frozen=True, slots=True)
class Case:
    """An import at work: what was ordered, under which rules, by whom and when."""

    program: Program
    import_id: str
    order: Order
    actor: str
    """Who runs it; while it is checked, who ordered it."""
    at: datetime
    since: str = ""
    """When the run began, as text."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one row."""

    outcome: Outcome | list[Fault]
    points: int = 0


def owners(program: str, wanted: Iterable[dict[str, Unique]]) -> dict[Unique, str]:
    """Whose the unique values of some rows are. Strong reads, 100 in one call.

    A member without a number of the club's own is exported by their id here: coming back, it finds
    them too.
    """
    values = {value for one in wanted for value in one.values()}
    found = members.owners(program, values)
    others = [value for kind, value in values if kind == EXTERNAL and len(value) == MEMBER_ID]
    here = members.several(program, (one for one in others if (EXTERNAL, one) not in found))
    return found | {(EXTERNAL, one): one for one in here if here[one].status != "erased"}


def tallied(rows: Iterable[Judged]) -> tuple[Tally, list[Fault]]:
    """The figures of some rows, and all their faults."""
    good = known = refused = points = 0
    faults: list[Fault] = []
    for row in rows:
        if isinstance(row.outcome, list):
            refused += 1
            faults += row.outcome
        elif row.outcome == "known":
            known += 1
        else:
            good += 1
            points += row.points
    return Tally(good, known, refused, points), faults
