"""Bodies and answers of this room."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table.pages import PageQuery
from chalicelib.members.model import Status as MemberStatus
from chalicelib.partners.model import SLUG_PATTERN
from chalicelib.sellers.model import Outcome, Status


class SellsForBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom the member sells."""

    partner: Annotated[
        str, Meta(pattern=SLUG_PATTERN, max_length=40, description="Id of the partner.")
    ]
    outlet: Annotated[
        Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=40)] | None,
        Meta(description="Id of the partner's outlet; null: none in particular."),
    ] = None


class PlacesQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which places to list."""

    partner: Annotated[
        str, Meta(max_length=40, description="Id of a partner: its outlets; empty: all partners.")
    ] = ""


class SellsForRow(msgspec.Struct, frozen=True, kw_only=True):
    """A partner, or one of its outlets."""

    partner: str
    """Id of the partner."""
    outlet: str | None
    """Id of the outlet; null: the row is the partner's own."""
    name: str
    """What it is called."""
    city: str | None
    """Where the outlet is; null: not told."""


class SellsForView(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody sells."""

    partner: str
    """Id of the partner."""
    outlet: str | None
    """Id of the outlet; null: none in particular."""


class MySellerView(msgspec.Struct, frozen=True, kw_only=True):
    """The caller as a seller."""

    status: Status
    """`waiting`: the club is going to phone; `none`: never asked."""
    sells_for: SellsForView | None
    """For whom the caller sells, confirmed by the club; null: for nobody yet."""
    asked: SellsForView | None
    """For whom they want to sell; null: nothing waits."""
    asked_at: Instant | None
    """When they asked last; null: never."""
    refusal: str | None
    """Why the last wish was refused, in the words of staff; null: it was not."""


class SellerCallBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A phone call, and what came of it."""

    outcome: Outcome
    """`confirmed`: the person sells there; `refused`: they do not; `not_reached`: to be phoned
    again.
    """
    note: Annotated[
        str,
        Meta(
            min_length=3,
            max_length=500,
            description="What was said; of a refusal the reason, which the member reads. Deleted "
            "on erasure.",
        ),
    ]


class SellerCallView(msgspec.Struct, frozen=True, kw_only=True):
    """One call of staff."""

    at: Instant
    """When it was recorded."""
    actor: str
    """Who: `staff:…` or `operator:…`."""
    outcome: Outcome
    """What came of it."""
    note: str
    """What they wrote."""


class SellerView(MySellerView, frozen=True, kw_only=True):
    """A seller as staff see them."""

    member: str
    """Id of the member."""
    member_status: MemberStatus
    """Only `active` sellers can claim."""
    name: str
    """As told; empty: not told."""
    phone: str | None
    """To call; null: they joined by e-mail."""
    email: str | None
    """Null: they joined by phone."""
    calls: list[SellerCallView]
    """The newest first, at most ten."""
