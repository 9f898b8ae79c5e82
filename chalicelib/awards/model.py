"""Lists of awards as values, and the pure rules over their rows.

A list is checked first, which changes nobody's points, and then run, which posts each good row
once. Points are signed: positive ones are credited, negative ones withdrawn.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from chalicelib.programs.approvals import Approvals

State = Literal["checking", "checked", "running", "stopped", "done", "cancelled"]
Outcome = Literal[
    "ok",
    "malformed",
    "unknown_member",
    "not_active",
    "not_enough_points",
    "duplicate",
    "posted",
]
"""What became of a row: ``ok`` after the check, ``posted`` after the run, else what is wrong."""
PART = 125
"""Rows that are stored, checked and run together."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list."""

    number: int
    """Its place among the rows, from 1."""
    line: int
    """Where it begins in the file, from 1."""
    points: int = 0
    reason: str = ""
    """What the member reads; empty: the reason of the whole list."""
    member: str = ""
    """Whom it is for; empty: nobody was found."""
    outcome: Outcome = "ok"
    column: str = ""
    """Of a malformed row: what cannot be read."""
    available: int | None = None
    """Of a withdrawal: what the member had when it was checked."""


class AwardList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as of its last change, without its rows."""

    program: str
    list: str
    state: State = "checking"
    reason: str
    """What the whole list is for, in the words of who uploaded it."""
    created_at: str
    created_by: str
    may_search: bool = False
    """Whether who uploaded it may find members by phone and e-mail."""
    size: int
    """Number of rows."""
    parts: int
    left: int
    """Parts not yet checked, or not yet run."""
    job: str
    """The job that checks it, then the one that runs it."""
    ok: int = 0
    wrong: int = 0
    credit: int = 0
    """Points that the good rows credit."""
    withdraw: int = 0
    """Points that they withdraw, as a positive number."""
    run_by: str = ""
    run_at: str = ""
    skip_wrong: bool = False
    """Whether it was run although rows were wrong."""
    ran: tuple[int, ...] = ()
    """The parts that were run."""
    posted: int = 0
    """Rows posted, in the parts that were run."""
    failed: int = 0
    """Rows that were good when checked, and could not be posted."""
    credited: int = 0
    withdrawn: int = 0


def parts(size: int) -> int:
    """How many parts so many rows make."""
    return -(-size // PART)


def part_of(number: int) -> int:
    """The part that holds a row."""
    return (number - 1) // PART + 1


def reason_of(row: Row, award_list: AwardList) -> str:
    """What the member reads: the row's own reason, else that of the list; of a malformed row
    nothing.
    """
    return row.reason if row.outcome == "malformed" else row.reason or award_list.reason


def judged(award_list: AwardList, rows: Sequence[Row]) -> list[Row]:
    """The rows of a whole list in their order, with what only the whole can tell.

    A row is a duplicate when one before it gives the same points to the same member for the same
    reason. Withdrawals of one member add up; what the list itself credits does not count for them,
    because rows run in no order.
    """
    seen: set[tuple[str, int, str]] = set()
    taken: dict[str, int] = {}
    found: list[Row] = []
    for row in rows:
        outcome = row.outcome
        if outcome == "ok":
            same = (row.member, row.points, reason_of(row, award_list))
            outcome = "duplicate" if same in seen else _judge(row, taken)
            seen.add(same)
        found.append(msgspec.structs.replace(row, outcome=outcome))
    return found


def checked(before: AwardList, rows: Iterable[Row]) -> AwardList:
    """The list after its last part was checked, with the sums of its rows."""
    good = [row.points for row in rows if row.outcome == "ok"]
    return msgspec.structs.replace(
        before,
        state="checked",
        left=0,
        ok=len(good),
        wrong=before.size - len(good),
        credit=sum(points for points in good if points > 0),
        withdraw=-sum(points for points in good if points < 0),
    )


def ran(before: AwardList, part: int, rows: Iterable[Row]) -> AwardList:
    """The list after one more part was run; ``rows`` are those of the part that were to be."""
    return msgspec.structs.replace(
        counted(before, rows),
        state="done" if before.left == 1 else "running",
        left=before.left - 1,
        ran=(*before.ran, part),
    )


def counted(before: AwardList, rows: Iterable[Row]) -> AwardList:
    """The list with what became of ``rows`` of parts that were begun and not finished."""
    tried = [row for row in rows if row.outcome != "ok"]
    posted = [row.points for row in tried if row.outcome == "posted"]
    return msgspec.structs.replace(
        before,
        posted=before.posted + len(posted),
        failed=before.failed + len(tried) - len(posted),
        credited=before.credited + sum(points for points in posted if points > 0),
        withdrawn=before.withdrawn - sum(points for points in posted if points < 0),
    )


def needs_two(found: AwardList, approvals: Approvals) -> bool:
    """Whether only somebody else than who uploaded the list may run it: all good rows together move
    more points than one person may.
    """
    return approvals.needs_two(found.credit + found.withdraw)


def _judge(row: Row, taken: dict[str, int]) -> Outcome:
    if row.available is None:
        return "ok"
    asked = taken.get(row.member, 0) - row.points
    if asked > row.available:
        return "not_enough_points"
    taken[row.member] = asked
    return "ok"
