"""When a member's next birthday begins, which is kept beside the date of birth. Pure."""

from datetime import date, datetime

import msgspec

from chalicelib.kernel.clock import day_begins, local_date, render
from chalicelib.members.model import Profile
from chalicelib.programs.birthdays import IN_COMMON_YEARS, birthday_in, next_birthday
from chalicelib.programs.model import Program


class Kept(msgspec.Struct, frozen=True):
    """What is kept beside a date of birth."""

    due: str = ""
    """When the next birthday begins; empty: none is waited for."""
    changed: str = ""
    """Local day on which a date of birth was last replaced or cleared; empty: never."""


def next_due(program: Program, birthday: str | None, at: datetime) -> str:
    """When the first birthday after today begins; empty where no date of birth is told."""
    if birthday is None:
        return ""
    today = local_date(at, program.zone)
    day = next_birthday(date.fromisoformat(birthday), today, program.birthdays.leap_day)
    return render(day_begins(day, program.zone))


def begins(program: Program, birthday: str, due: datetime) -> date | None:
    """The birthday that begins at an instant; nothing when none does.

    A birthday of 29 February that was waited for by an earlier version's choice of day is one too.
    """
    born = date.fromisoformat(birthday)
    year = local_date(due, program.zone).year
    for turn in (year - 1, year, year + 1):
        for choice in IN_COMMON_YEARS:
            day = birthday_in(turn, born, choice)
            if day > born and day_begins(day, program.zone) == due:
                return day
    return None


def replaced(program: Program, before: Profile, after: Profile, kept: Kept, at: datetime) -> Kept:
    """What is kept once a profile changed. The first date that somebody tells replaces none."""
    if before.birthday == after.birthday:
        return kept
    first = before.birthday is None and not kept.changed
    changed = kept.changed if first else local_date(at, program.zone).isoformat()
    return Kept(next_due(program, after.birthday, at), changed)
