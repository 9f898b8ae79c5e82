"""Time as a value. Nothing below the edge of the platform asks what time it is."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from chalicelib.kernel.settings import Settings


def now(settings: Settings) -> datetime:
    """The current UTC instant, to the millisecond; on the local platform moved by its clock
    file.
    """
    instant = datetime.now(UTC)
    if settings.clock_file:
        instant += timedelta(seconds=_offset(Path(settings.clock_file)))
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar day of an instant in a program's IANA zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def day_begins(day: date, zone: str) -> datetime:
    """The UTC instant at which a calendar day begins in an IANA zone.

    Where clocks skip midnight it is the instant of the shift; where they show it twice, the first.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def next_month(day: date) -> date:
    """The first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def render(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds; sorts as text in the order of time."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The inverse of :func:`render`."""
    return datetime.fromisoformat(text)


def _offset(file: Path) -> int:
    try:
        return int(file.read_text().strip() or 0)
    except FileNotFoundError:
        return 0
