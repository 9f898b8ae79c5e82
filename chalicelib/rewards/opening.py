"""Pick-up points and their opening hours, by the clock on the wall in the program's zone (GC-3).

A clock that is put back shows some times twice: an interval then begins at the first and ends at
the last of them. A time that is skipped counts as if the clock had not been put forward yet.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.http.shapes import CalendarDay
from chalicelib.programs.model import Faults, Texts

MAX_POINTS = 200
"""Of one program."""
MAX_CLOSED = 100
AHEAD = 370
"""Days to look ahead for the next opening: a whole year of closed days, and a little."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = "24:00"

WallTime = Annotated[str, msgspec.Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)")]
Interval = tuple[WallTime, WallTime]
Day = Annotated[tuple[Interval, ...], msgspec.Meta(max_length=6)]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Opening hours of a week, as intervals such as `["10:00", "18:00"]`; no interval: closed."""

    mon: Day = ()
    """On Mondays."""
    tue: Day = ()
    """On Tuesdays."""
    wed: Day = ()
    """On Wednesdays."""
    thu: Day = ()
    """On Thursdays."""
    fri: Day = ()
    """On Fridays."""
    sat: Day = ()
    """On Saturdays."""
    sun: Day = ()
    """On Sundays."""

    def on(self, day: date) -> Day:
        """The intervals of a calendar day's weekday."""
        found: Day = getattr(self, WEEKDAYS[day.weekday()])
        return found


class ClosedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A day on which the point stays closed, whatever its weekday."""

    on: Annotated[CalendarDay, msgspec.Meta(description="The day, in the program's zone.")]
    text: Annotated[Texts, msgspec.Meta(description="Why, for members; may be empty.")] = Texts()


class PointDetails(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What staff say of a pick-up point."""

    name: Annotated[Texts, msgspec.Meta(description="What it is called, in every language.")]
    address: Annotated[Texts, msgspec.Meta(description="Where it is, in every language.")]
    phone: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(\+[0-9][0-9 ()-]{4,28}[0-9])?$(?!\n)",
            description="In international form, e.g. +7 495 123-45-67; empty: none.",
        ),
    ] = ""
    hours: Annotated[Hours, msgspec.Meta(description="When it is open, by weekday.")]
    closed: Annotated[
        tuple[ClosedDay, ...],
        msgspec.Meta(max_length=MAX_CLOSED, description="Days on which it stays closed."),
    ] = ()


class Opening(msgspec.Struct, frozen=True):
    """Whether a point is open at an instant, and what comes next."""

    open_now: bool
    closes: datetime | None
    """When it closes, if it is open."""
    opens_next: datetime | None
    """When it opens the next time; None: not within a year."""


def opening(point: PointDetails, at: datetime, zone: str) -> Opening:
    """The state of a point at an instant, by its program's zone."""
    closes = None
    for opens, ends in _spans(point, at.astimezone(ZoneInfo(zone)).date(), ZoneInfo(zone)):
        if closes is not None and opens <= closes:
            closes = max(closes, ends)  # open through midnight, or from one interval to the next
        elif opens > at:
            return Opening(closes is not None, closes, opens)
        elif at < ends:
            closes = ends
    return Opening(closes is not None, closes, None)


def faults(point: PointDetails) -> Faults:
    """Intervals that are empty, overlap or are out of order, and days that are closed twice."""
    return (*_hours(point.hours), *_closed(point.closed))


def _spans(point: PointDetails, first: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    closed = {day.on for day in point.closed}
    for number in range(AHEAD):
        day = first + timedelta(days=number)
        for opens, ends in () if day.isoformat() in closed else point.hours.on(day):
            span = _instant(day, opens, zone), _last_instant(day, ends, zone)
            if span[0] < span[1]:  # when the clock is put forward, an interval can vanish
                yield span


def _instant(day: date, clock: str, zone: ZoneInfo, fold: int = 0) -> datetime:
    if clock == MIDNIGHT:
        day, clock = day + timedelta(days=1), "00:00"
    wall = datetime.combine(day, time.fromisoformat(clock), zone).replace(fold=fold)
    return wall.astimezone(UTC)


def _last_instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return max(_instant(day, clock, zone), _instant(day, clock, zone, fold=1))


def _hours(hours: Hours) -> Iterator[FieldError]:
    for weekday in WEEKDAYS:
        last = ""
        for number, (opens, ends) in enumerate(getattr(hours, weekday)):
            pointer = f"/hours/{weekday}/{number}"
            if opens >= ends:
                yield FieldError(pointer, "hours_empty")
            elif opens < last:
                yield FieldError(pointer, "hours_overlap")
            last = max(last, ends)


def _closed(days: tuple[ClosedDay, ...]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for number, day in enumerate(days):
        if day.on in seen:
            yield FieldError(f"/closed/{number}/on", "duplicate")
        seen.add(day.on)
