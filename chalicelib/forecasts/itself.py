"""What comes to members by itself under a document: birthdays, checks of months, levels that are
reached. Pure.

The platform sees them happen; so a forecast does not play what an older document made of them, but
has them come anew under each document.
"""

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.earning.conditions import months_before
from chalicelib.earning.model import MemberFacts
from chalicelib.forecasts.happened import Step
from chalicelib.forecasts.model import Past
from chalicelib.kernel.clock import next_month, render
from chalicelib.programs.birthdays import birthday_in
from chalicelib.programs.model import Program
from chalicelib.receipts import assigned
from chalicelib.receipts.counting import Month, Tally
from chalicelib.receipts.model import CHECK, LEVEL, Happening
from chalicelib.receipts.month_ends import REMEMBERED
from chalicelib.receipts.store import Sold

BIRTHDAY = "birthday"
TRIGGERS = frozenset({BIRTHDAY, CHECK, LEVEL})
"""Of events that come anew."""


class Occasion(NamedTuple):
    """A day on which something comes by itself, as it begins."""

    day: date
    trigger: str
    number: str
    """Of the event, as the platform gives it: one of a number comes once."""

    @property
    def is_check(self) -> bool:
        """Whether it is the check of a month."""
        return self.trigger == CHECK


def is_awaited(program: Program) -> bool:
    """Whether anything of a document comes on days of its own."""
    return program.earning.rewards(BIRTHDAY) or program.earning.rewards(CHECK)


def coming(program: Program, who: MemberFacts, after: date, to: date) -> list[Occasion]:
    """What comes on the days after one and through another, in its order."""
    found = []
    born, joined = who.birthday, who.joined_on or date.min
    if born and program.earning.rewards(BIRTHDAY):
        for year in range(after.year, to.year + 1):
            day = birthday_in(year, born, program.birthdays.leap_day)
            if max(after, joined) < day <= to:
                found.append(Occasion(day, BIRTHDAY, str(year)))
    if program.earning.rewards(CHECK):
        day = next_month(after)
        while day <= to:
            found.append(Occasion(day, CHECK, months_before(day, 1)[0]))
            day = next_month(day)
    return sorted(found)


def is_checked(months: Mapping[str, Month], day: date) -> bool:
    """Whether a member's month is checked on a day: who has not bought for longer than a year is
    checked no more.
    """
    recent = months_before(day, REMEMBERED + 1)
    return any(months[name].is_busy for name in recent if name in months)


def reached(program: Program, tally: Tally, before: Container[str]) -> Happening | None:
    """The event of a level that was lifted to and not come to before; None: there is none."""
    newest = tally.tiers[-1] if tally.tiers else None
    if newest is None or newest.by != "purchase" or newest.tier in before:
        return None
    if assigned.by_staff(program):
        return None
    return Happening(trigger=LEVEL, number=newest.tier, at=newest.since, subject=newest.tier)


def step(member: str, told: Happening, at: datetime) -> Step:
    """An event of a member, to be played."""
    sold = Sold(told.number, render(at), event=told)
    return Step(at, 0, Past(member, f"{told.trigger}#{told.number}", "", "", sold))
