"""Levels as callers send and see them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import CalendarDay, Day, Instant
from chalicelib.programs.values import Slug

By = Literal["rule", "purchase", "staff", "period", "return"]


class TierBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level that staff set."""

    tier: Slug | None
    """Its name in the program's document; null: purchases decide again."""
    until: CalendarDay | None = None
    """Last local day on which it holds; null: until somebody changes it."""
    reason: Annotated[str, Meta(min_length=3, max_length=500)]
    """Why; it stands in the member's journal."""


class LevelView(msgspec.Struct, frozen=True, kw_only=True):
    """One level of the program."""

    tier: str
    """Its name in the program's document."""
    name: str
    """What members call it."""
    at_least: int
    """What lifts to it, in what `measure` says."""
    privileges: list[str]
    """What it brings, lower levels' privileges included."""


class HeldView(msgspec.Struct, frozen=True, kw_only=True):
    """A level that a member is or was on."""

    tier: str
    """Its name in the program's document; empty: none."""
    name: str
    """What members call it."""
    since: Instant
    """Since when."""
    by: By
    """What brought the member there: a rule, purchases, staff, the end of a period, a return."""
    last: Day | None
    """Last local day for which it was sure, days of grace apart; null: it has no end."""


class NextView(msgspec.Struct, frozen=True, kw_only=True):
    """The next level."""

    tier: str
    """Its name in the program's document."""
    name: str
    """What members call it."""
    missing: int
    """What is missing to it, in what `measure` says."""


class TierView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a member stands."""

    tier: str
    """The level today; empty: none."""
    name: str
    """What members call it; empty: none."""
    privileges: list[str]
    """What it brings."""
    last: Day | None
    """Last local day for which it is sure; null: it has no end."""
    grace_days: int
    """Days beyond in which purchases still count for keeping it."""
    measure: Literal["amount", "receipts"]
    """What counts: money in minor units, or receipts."""
    counted: int
    """What counts now, net of returns."""
    counted_from: Day
    """First local day that counts."""
    counted_through: Day
    """Last local day that counts."""
    next: NextView | None
    """The next level; null: there is none, or staff set the level."""
    levels: list[LevelView]
    """All levels, the lowest first."""
    history: list[HeldView]
    """The last levels, the newest first."""
