"""Bodies, queries and answers of this room."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.donations.model import Month
from chalicelib.kernel.http.shapes import Instant
from chalicelib.programs.approvals import MOST
from chalicelib.programs.values import Slug, Texts


class DonationBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to give."""

    to: Annotated[Slug, Meta(description="Id of a charity of the program.")]
    points: Annotated[int, Meta(ge=1, le=MOST, description="Points.")]


class DonationView(msgspec.Struct, frozen=True):
    """A donation."""

    donation: int
    """Its number, which is that of the entry that took the points."""
    to: str
    """Id of the charity."""
    name: str
    """What the charity was called, in the reader's language."""
    points: int
    """Points given."""
    at: Instant
    """When."""
    taken_back_at: Instant | None
    """When staff took it back; null: it stands."""


class CharityView(msgspec.Struct, frozen=True):
    """Somebody to whom points can be given."""

    to: str
    """Its id."""
    name: str
    """What it is called, in the reader's language."""


class Charities(msgspec.Struct, frozen=True):
    """Those to whom points can be given."""

    charities: list[CharityView]
    """In the order of the program's document."""


class ReportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which months, at most 36."""

    first: Annotated[Month, Meta(description="First month, e.g. `2026-01`.")] = msgspec.field(
        name="from"
    )
    last: Annotated[Month, Meta(description="Last month, included.")] = msgspec.field(name="to")


class CharityTotal(msgspec.Struct, frozen=True):
    """What one charity was given."""

    to: str
    """Its id."""
    name: Texts | None
    """What it is called now; null: the program names it no more."""
    points: int
    """Points given, less what was taken back."""
    donations: int
    """How many donations that were."""
    money: int
    """What rules gave away of purchases, in minor units, less that of what came back. Counted in
    the month in which the club learnt of the purchase or the return; below zero where more came
    back."""


class Report(msgspec.Struct, frozen=True):
    """What charities were given, the most first."""

    charities: list[CharityTotal]
    """Those that were given something."""
    points: int
    """Points of all together."""
    donations: int
    """Donations of all together."""
    money: int
    """Money of all together, in minor units."""
