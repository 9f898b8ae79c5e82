"""Earning rules as data: trigger, conditions, goods, effect, stacking, caps and dates.

:mod:`chalicelib.earning` judges by them; docs/programs.md explains each with an example.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from chalicelib.programs.rules_conditions import Condition, Goods
from chalicelib.programs.rules_effects import Effect
from chalicelib.programs.values import Ratio, Slug, Texts

TRIGGER_PATTERN = (
    r"^(receipt_paid|item_registered|item_sold|member_joined|profile_completed|birthday"
    r"|level_reached|activity_done|review|referral_approved|monthly_check"
    r"|custom:[a-z][a-z0-9-]{0,39})$(?!\n)"
)
Trigger = Annotated[str, msgspec.Meta(pattern=TRIGGER_PATTERN)]
Mode = Literal["best", "all", "first"]
Most = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class _Part(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    pass


class Stacking(_Part, frozen=True, kw_only=True):
    """How a rule lives with others."""

    group: Slug = ""
    """Rules of one group are alternatives as `mode` says; empty: a group of its own."""
    mode: Mode = "all"
    """`all`; `best`: the one that gives most; `first`: the one of the highest priority."""
    priority: Annotated[int, msgspec.Meta(ge=-1000, le=1000)] = 0
    """Higher ones first; among equals the order of the document."""


class PeriodCap(_Part, frozen=True, kw_only=True):
    """Most points within a number of days."""

    days: Annotated[int, msgspec.Meta(ge=1, le=366, description="Local days, this one included.")]
    points: Most
    """The most points."""


class Caps(_Part, frozen=True, kw_only=True):
    """The most points that a rule gives; a missing one does not bind."""

    receipt: Most | None = None
    """For one event."""
    day: Most | None = None
    """To one member in a local day."""
    month: Most | None = None
    """To one member in a calendar month."""
    period: PeriodCap | None = None
    """To one member in a number of days."""
    ever: Most | None = None
    """To one member for ever."""
    program: Most | None = None
    """To all members together: the rule's budget."""


class Validity(_Part, frozen=True, kw_only=True):
    """Local days on which a rule applies, both included."""

    since: date | None = None
    """First day; null: open."""
    until: date | None = None
    """Last day; null: open."""


class Counter(_Part, frozen=True, kw_only=True):
    """What is counted of a member's purchases, net of returns, before the event judged."""

    measure: Literal["amount", "receipts"]
    """Money paid, in minor units, or receipts."""
    over: Literal["this_month", "last_month", "days", "ever"]
    """Over which time: calendar months or days of the program's zone."""
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] | None = None
    """For `days`: how many, the event's day included."""
    category: Slug = ""
    """Only lines of this category; empty: all."""
    partner: Slug = ""
    """Only purchases at this partner; empty: all."""


class Ceiling(_Part, frozen=True, kw_only=True):
    """The most that all rules together give for one receipt; the last awards are cut first."""

    share: Ratio
    """Share of the money paid."""
    per_point: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 100
    """Minor units of money that one point stands for."""


class Rule(_Part, frozen=True, kw_only=True):
    """One earning rule."""

    id: Slug
    """Its name in the document, in awards and in reports; unique."""
    name: Texts
    """What members read beside the points it gave."""
    trigger: Trigger
    """What happened: `receipt_paid`, …, or `custom:` and a name of the club's own."""
    conditions: Annotated[tuple[Condition, ...], msgspec.Meta(max_length=20)] = ()
    """All of these must hold."""
    goods: Goods = Goods()
    """Which lines count; with anything said here, an event without such a line brings nothing."""
    effect: Effect
    """What it gives."""
    stacking: Stacking = Stacking()
    """How it lives with other rules."""
    caps: Caps = Caps()
    """The most points that it gives."""
    valid: Validity = Validity()
    """When it applies."""
    pending_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 0
    """Points can be used so many days after the event; 0: at once."""
