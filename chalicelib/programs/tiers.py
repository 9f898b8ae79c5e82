"""Levels of members: what lifts to one and how long it is kept, as the document says it.

All days are days of the program's zone. A level is kept through its last day and the days of grace
after it; whoever has not bought enough for it by then goes down as the program says.
"""

from datetime import date, timedelta
from typing import Annotated, Literal, NamedTuple

import msgspec
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from chalicelib.kernel.clock import next_month
from chalicelib.programs.burning import end_of
from chalicelib.programs.gates import Option
from chalicelib.programs.values import MAX_MONEY, Slug, Texts

MOST_LEVELS = 20
Measure = Literal["amount", "receipts", "points", "months"]


MOST_STAY = 1_200
"""Months of membership; more is for ever."""


class _Part(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    pass


class Level(_Part, frozen=True, kw_only=True):
    """One level."""

    id: Slug
    """Its name in the document; rules ask for it by the condition `tier`."""
    name: Texts
    """What members call it."""
    at_least: Annotated[int, msgspec.Meta(ge=0, le=MAX_MONEY)]
    """What lifts to it: minor units, receipts, points, or months; 0: everybody is on it."""
    privileges: Annotated[tuple[Texts, ...], msgspec.Meta(max_length=20)] = ()
    """What it brings beside points, in words; lower levels' privileges are kept."""
    opens: Annotated[tuple[Option, ...], msgspec.Meta(max_length=4)] = ()
    """What members can do from this level on, and not below; what no level names is open to all."""


class Calendar(_Part, frozen=True, kw_only=True, tag_field="type", tag="calendar"):
    """Purchases of the calendar period that is running."""

    period: Literal["month", "quarter", "year"]
    """Which one."""


class Rolling(_Part, frozen=True, kw_only=True, tag_field="type", tag="rolling"):
    """Purchases of the last months, to the day."""

    months: Annotated[int, msgspec.Meta(ge=1, le=12)]
    """How many."""


class Tiers(_Part, frozen=True, kw_only=True):
    """The program's levels."""

    measure: Measure = "amount"
    """What counts: money paid or receipts, net of returns; points that were earned, whatever became
    of them, less what returns took back; or whole months of membership."""
    over: Calendar | Rolling = Calendar(period="year")
    """Over which time purchases or points count; months of membership count since joining."""
    levels: Annotated[tuple[Level, ...], msgspec.Meta(min_length=1, max_length=MOST_LEVELS)]
    """The levels, the lowest first."""
    keeps_months: Annotated[int, msgspec.Meta(ge=1, le=60)] | None = None
    """Months for which a reached level is kept; null: until the calendar period is over in which it
    was reached, or the month, where the last months count."""
    down: Literal["never", "one", "reassess"] = "reassess"
    """After that, without purchases enough: nothing happens, one level down, or to the level that
    the purchases are enough for."""
    grace_days: Annotated[int, msgspec.Meta(ge=0, le=180)] = 0
    """Days for which the level is kept beyond; purchases of these days still count for it."""
    assigned_by: Literal["purchases", "staff"] = "purchases"
    """Who puts members on a level: purchases, at once; or staff, to whom it is proposed what the
    purchases are enough for: so levels are packages that a club assigns."""

    def place(self, level: str) -> int:
        """How high a level stands, from 0; -1: none of these."""
        return next((at for at, one in enumerate(self.levels) if one.id == level), -1)

    def named(self, place: int) -> str:
        """The level of a place; empty: none."""
        return self.levels[place].id if place >= 0 else ""

    @property
    def everybody(self) -> str:
        """The level that everybody is on; empty: none."""
        return self.named(self.lifted(0))

    def opening(self, option: Option) -> int:
        """The place of the lowest level that opens an option; -1: it is open to everybody."""
        return next((at for at, one in enumerate(self.levels) if option in one.opens), -1)

    def reached(self, joined: date) -> list[tuple[date, int]]:
        """When the membership is long enough for each level, by its place; nothing where something
        else counts.
        """
        if self.measure != "months":
            return []
        return [
            (joined + relativedelta(months=one.at_least), at)
            for at, one in enumerate(self.levels)
            if one.at_least <= MOST_STAY
        ]

    def lifted(self, figure: int) -> int:
        """The place of the highest level that so much lifts to; -1: none."""
        return max((at for at, one in enumerate(self.levels) if one.at_least <= figure), default=-1)


def by_points(tiers: Tiers | None) -> bool:
    """Whether points lift to the program's levels: everything that earns some counts then."""
    return tiers is not None and tiers.measure == "points"


def lifts_by_itself(tiers: Tiers | None) -> bool:
    """Whether what members buy or earn lifts them at once, so that the platform sees them reach a
    level.
    """
    return tiers is not None and tiers.assigned_by == "purchases" and tiers.measure != "months"


class Span(NamedTuple):
    """Days, both included."""

    first: date
    last: date

    @property
    def months(self) -> set[str]:
        """The calendar months that they lie in, as ``2026-05``."""
        found, day = set(), self.first.replace(day=1)
        while day <= self.last:
            found.add(day.isoformat()[:7])
            day = next_month(day)
        return found


def counted(tiers: Tiers, day: date) -> Span:
    """The days whose purchases count for a level on a day."""
    match tiers.over:
        case Rolling(months=months):
            return Span(day - relativedelta(months=months) + timedelta(days=1), day)
        case Calendar(period=period):
            length = {"month": 1, "quarter": 3, "year": 12}[period]
            last = end_of(period, day)
            return Span(last.replace(day=1) - relativedelta(months=length - 1), last)


def reassessed_by(tiers: Tiers, last: date, grace: int) -> Span:
    """The days whose purchases decide on a level whose last day was ``last``, days of grace with
    them; where a level has a period of its own, at least all of that.
    """
    first = counted(tiers, last).first
    if tiers.keeps_months is not None:
        first = min(first, last + timedelta(days=1) - relativedelta(months=tiers.keeps_months))
    return Span(first, last + timedelta(days=grace))


def last_day(tiers: Tiers, place: int, day: date) -> date | None:
    """The last day of a level that is reached, or kept anew, on a day; None: it has no end."""
    if place < 0 or tiers.down == "never" or tiers.levels[place].at_least == 0:
        return None
    if tiers.measure == "months":
        return None
    if tiers.keeps_months is not None:
        last: date = day + relativedelta(months=tiers.keeps_months) - timedelta(days=1)
        return last
    return end_of(tiers.over.period if isinstance(tiers.over, Calendar) else "month", day)


def next_place(tiers: Tiers, place: int, figure: int) -> int:
    """Where a member stands when the time of a level is over and so much was bought."""
    lifted = tiers.lifted(figure)
    if tiers.down == "never" or lifted >= place:
        return max(place, lifted)
    # The level that everybody is on is never left.
    return max(place - 1, lifted) if tiers.down == "one" else lifted
