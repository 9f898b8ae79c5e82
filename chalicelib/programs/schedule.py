"""Which version is in force when: the highest number among those effective by then. Pure.

A version with a higher number that takes effect no later than another therefore overtakes it: the
other never comes into force. Rows stand in the order of their numbers.
"""

from collections.abc import Iterable, Sequence

import msgspec


class Scheduled(msgspec.Struct, frozen=True, array_like=True):
    """One version as the head knows it."""

    number: int
    effective_at: str
    """RFC 3339 instant in UTC from which the version judges what happens."""
    hash: str
    notice_at: str = ""
    """From when members can read it."""


def in_force(rows: Iterable[Scheduled], instant: str) -> Scheduled | None:
    """The version that judges what happens at an instant."""
    found = None
    for row in rows:
        if row.effective_at <= instant:
            found = row
    return found


def base_of(rows: Sequence[Scheduled], new: Scheduled) -> Scheduled | None:
    """The version that ``new`` takes over from: in force just before it. None: it is the first."""
    older = [row for row in rows if row.number < new.number]
    before = [row for row in older if row.effective_at < new.effective_at]
    return (before or older)[-1] if older else None


def overtakes(rows: Sequence[Scheduled], new: Scheduled) -> list[Scheduled]:
    """The versions that will never come into force because of ``new``, and would without it."""
    others = [row for row in rows if row.number != new.number]
    return [
        row
        for row in others
        if row.number < new.number
        and row.effective_at >= new.effective_at
        and not _overtaken(row, others)
    ]


def coming(rows: Sequence[Scheduled], instant: str) -> list[Scheduled]:
    """What members know at an instant of versions to come, the first to come first."""
    known = [row for row in rows if row.notice_at <= instant]
    found = [row for row in known if row.effective_at > instant and not _overtaken(row, known)]
    return sorted(found, key=lambda row: row.effective_at)


def _overtaken(row: Scheduled, rows: Iterable[Scheduled]) -> bool:
    return any(
        other.number > row.number and other.effective_at <= row.effective_at for other in rows
    )
