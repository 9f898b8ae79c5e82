"""The movable clock: a file with one integer, the seconds by which local time is ahead of the
system's.

The app reads the same file (``CLUBKEEPER_CLOCK_FILE``); without the file local time is the system's
time.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

LIMIT = 20 * 366 * 86_400
"""How far ahead, in seconds, the clock may be moved in all: two decades."""

_SPAN = re.compile(
    r"P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?"
)


class ClockError(ValueError):
    """The clock cannot be moved so; the message says why."""


def offset(file: Path) -> int:
    """Seconds ahead of system time."""
    try:
        return int(file.read_text().strip() or 0)
    except FileNotFoundError:
        return 0


def now(file: Path) -> datetime:
    """Local platform time, UTC."""
    return datetime.now(UTC) + timedelta(seconds=offset(file))


def advance(file: Path, span: str | int) -> int:
    """Move time forward by an ISO 8601 duration or by seconds; returns the new offset.

    Raises:
        ClockError: not a span, backwards, or further than :data:`LIMIT`.
    """
    total = offset(file) + (parse_span(span) if isinstance(span, str) else span)
    if total < offset(file):
        raise ClockError("Time moves forward only; use reset to return to the system's time.")
    if total > LIMIT:
        raise ClockError(f"The clock may be at most {LIMIT} seconds ahead.")
    _write(file, total)
    return total


def reset(file: Path) -> None:
    """Return to system time. What was recorded in the future stays there."""
    _write(file, 0)


def parse_span(text: str) -> int:
    """Seconds of an ISO 8601 duration in weeks, days, hours, minutes and seconds, such as
    ``P3DT12H``.
    """
    match = _SPAN.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise ClockError(
            f"{text[:40]!r} is not a duration such as P3D or PT90M (months vary in length)."
        )
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds


def _write(file: Path, seconds: int) -> None:
    """Replace the file whole, because the app may read it at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(str(seconds))
    draft.replace(file)
