"""Levels as callers send and see them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import CalendarDay, Day, Instant
from chalicelib.programs.gates import Option
from chalicelib.programs.tiers import Measure
from chalicelib.programs.values import Slug

By = Literal["rule", "purchase", "staff", "period", "return", "proposal", "undo", "stay"]


class TierBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level that staff set."""

    tier: Slug | None
    """Its name in the program's document; null: purchases decide again, or, where staff assign
    levels, the last decision is taken back."""
    until: CalendarDay | None = None
    """Last local day on which it holds; null: until somebody changes it."""
    reason: Annotated[str, Meta(min_length=3, max_length=500)]
    """Why; it stands in the member's journal."""


class ConfirmedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One proposal that staff confirm."""

    member: Annotated[str, Meta(pattern=r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)")]
    """Id of the member."""
    tier: Slug | Literal[""]
    """The level that was proposed, as staff saw it; empty: none."""


class ConfirmBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Proposals that staff confirm."""

    rows: Annotated[tuple[ConfirmedRow, ...], Meta(min_length=1, max_length=100)]
    """Members, each with the level that was proposed."""
    dry_run: bool = False
    """Whether it is only told what would become of each."""
    reason: Annotated[str, Meta(max_length=500)] = ""
    """Why, if there is something to say; it stands in the members' journals."""


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    """What the system proposes for a member."""

    member: str
    """Id of the member."""
    tier: str
    """The level that is proposed, by its name in the program's document; empty: none."""
    name: str
    """What members call it; empty: none."""
    assigned: str
    """The level that the member is on; empty: none."""
    since: Instant
    """Since when it is proposed."""
    by: By
    """What it follows from: purchases or points, a return, the end of a period, a rule, the time of
    membership."""
    counted: int
    """What the purchases of the period came to when it was proposed, in what the levels measure."""


class DoneView(msgspec.Struct, frozen=True, kw_only=True):
    """What became, or would become, of one row."""

    member: str
    """Id of the member."""
    outcome: Literal["assigned", "outdated", "member_unknown"]
    """`assigned`: the member is on the level; `outdated`: something else is proposed by now, or
    nothing; `member_unknown`: there is nobody of this id."""
    was: str
    """The level before; empty: none."""


class ConfirmedView(msgspec.Struct, frozen=True, kw_only=True):
    """What became, or would become, of each row."""

    dry_run: bool
    """Whether nothing was changed."""
    rows: list[DoneView]
    """In the order of the request."""


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
    opens: list[Option]
    """What members can do from this level on, and not below."""


class HeldView(msgspec.Struct, frozen=True, kw_only=True):
    """A level that a member is or was on."""

    tier: str
    """Its name in the program's document; empty: none."""
    name: str
    """What members call it."""
    since: Instant
    """Since when."""
    by: By
    """What brought the member there: a rule, purchases or points that were earned, staff, the end
    of a period, a return or points that were taken back, a proposal that staff confirmed, a
    decision of theirs that was taken back, the time of membership."""
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
    """Days beyond in which purchases or points still count for keeping it."""
    measure: Measure
    """What counts: money in minor units, receipts, points that were earned, or whole months of
    membership."""
    counted: int
    """What counts now, net of returns; of points also those that were spent or burnt since."""
    counted_from: Day
    """First local day that counts; where months of membership do, that of joining."""
    counted_through: Day
    """Last local day that counts."""
    assigned_by: Literal["purchases", "staff"]
    """Who puts members on levels: purchases at once, or staff, by what these are enough for."""
    proposed: str | None
    """To staff: the level that waits for them; null: none does, or it is a member who looks."""
    next: NextView | None
    """The next level; null: there is none, or staff set the level for the time being."""
    levels: list[LevelView]
    """All levels, the lowest first."""
    history: list[HeldView]
    """The last levels, the newest first."""
