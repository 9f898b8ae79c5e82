"""Birthdays: the program's choice as data, and the calendar behind it. Pure."""

from calendar import isleap
from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec

LeapDay = Literal["february_28", "march_1"]
LEAP_DAY = (2, 29)
IN_COMMON_YEARS: dict[LeapDay, tuple[int, int]] = {"february_28": (2, 28), "march_1": (3, 1)}
APART = timedelta(days=183)
"""Two birthdays of one member are at least half a year apart, whatever was edited between them."""


class Birthdays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Birthdays, which the platform sees by itself."""

    leap_day: LeapDay = "february_28"
    """When the birthday of 29 February is in common years."""
    settled_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=366,
            description="A date of birth changed fewer days than this before the birthday brings "
            "no birthday event that year.",
        ),
    ] = 30


def birthday_in(year: int, born: date, leap_day: LeapDay) -> date:
    """The birthday in a year."""
    if (born.month, born.day) == LEAP_DAY and not isleap(year):
        return date(year, *IN_COMMON_YEARS[leap_day])
    return born.replace(year=year)


def next_birthday(born: date, after: date, leap_day: LeapDay) -> date:
    """The first birthday later than a day; the day of birth is none."""
    since = max(after, born)
    found = birthday_in(since.year, born, leap_day)
    return found if found > since else birthday_in(since.year + 1, born, leap_day)


def is_settled(changed: date | None, birthday: date, settled_days: int) -> bool:
    """Whether a date of birth last changed on a day (None: never) counts on a birthday."""
    return changed is None or (birthday - changed).days >= max(settled_days, 1)


def is_apart(birthday: date, last: date | None) -> bool:
    """Whether a birthday can follow the one that was kept last (None: none), which was in an
    earlier year.
    """
    return last is None or birthday - last >= APART
