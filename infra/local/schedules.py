"""When EventBridge would fire a schedule: ``rate(...)`` and ``cron(...)`` expressions, in UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

Due = Callable[[datetime, datetime], bool]
"""(last, now) -> whether the schedule should have fired in the time after ``last`` up to ``now``.
"""


class ScheduleError(ValueError):
    """An expression that this platform cannot follow; better than a schedule that silently never
    fires.
    """


class _Cron(NamedTuple):
    minutes: set[int]
    hours: set[int]
    days: set[int]
    months: set[int]
    weekdays: set[int]
    """1 = Sunday, as AWS counts."""
    years: set[int]


def parse(expression: str) -> Due:
    """Compile an expression; ``L``, ``W`` and ``#`` in cron are refused.

    Raises:
        ScheduleError: anything else than a rate or a cron that is understood.
    """
    rate = _RATE.fullmatch(expression)
    if rate and int(rate[1]) > 0:
        step = timedelta(seconds=int(rate[1]) * _SECONDS[rate[2]])
        return lambda last, now: now - last >= step
    fields = _CRON.fullmatch(expression)
    if not fields:
        raise ScheduleError(f"{expression!r} is neither a rate(...) nor a cron(...) schedule.")
    cron = _Cron(
        _field(fields[1], 0, 59),
        _field(fields[2], 0, 23),
        _field(fields[3], 1, 31),
        _field(fields[4], 1, 12, _MONTHS),
        _field(fields[5], 1, 7, _WEEKDAYS),
        _field(fields[6], 1970, 2199),
    )
    return lambda last, now: _fires(cron, last, now)


def _field(text: str, low: int, high: int, names: tuple[str, ...] | None = None) -> set[int]:
    chosen: set[int] = set()
    for part in text.upper().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span in ("*", "?"):
            start, end = low, high
        else:
            start = _number(first, low, names)
            end = _number(last, low, names) if last else (high if step else start)
        if not low <= start <= end <= high or (step and not step.isdecimal()):
            raise ScheduleError(f"{text!r} is not a cron field between {low} and {high}.")
        chosen.update(range(start, end + 1, max(int(step or 1), 1)))
    return chosen


def _number(text: str, low: int, names: tuple[str, ...] | None) -> int:
    if names and text in names:
        return names.index(text) + low
    if not text.isdecimal():
        raise ScheduleError(f"{text!r} is not understood in a cron schedule.")
    return int(text)


def _fires(cron: _Cron, last: datetime, now: datetime) -> bool:
    """By days, not minutes: a clock moved years ahead must not stop the platform."""
    day = last.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= now:
        if _runs_on(cron, day) and any(
            last < day + timedelta(hours=hour, minutes=minute) <= now
            for hour in cron.hours
            for minute in cron.minutes
        ):
            return True
        day += timedelta(days=1)
    return False


def _runs_on(cron: _Cron, day: datetime) -> bool:
    return (
        day.day in cron.days
        and day.month in cron.months
        and day.isoweekday() % 7 + 1 in cron.weekdays
        and day.year in cron.years
    )
