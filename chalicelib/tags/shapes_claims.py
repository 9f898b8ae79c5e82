"""Bodies and answers about claims and shipments."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.shapes import Instant, Why
from chalicelib.partners.model import SLUG_PATTERN
from chalicelib.tags import model_claims
from chalicelib.tags.service_shipments import MOST_SERIALS
from chalicelib.tags.shapes import ItemView

Serial = Annotated[str, Meta(min_length=1, max_length=100)]


class SaleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sold item."""

    serial: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=100,
            description="The serial in the tag's QR code; case, spaces, dashes and look-alike "
            "letters do not matter.",
        ),
    ]


class ClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """A seller's claim of a sold item."""

    serial: str
    """Serial of the tag."""
    item: ItemView
    """What was sold."""
    partner: str
    """Id of the partner for whom it was sold."""
    outlet: str | None
    """Id of the outlet; null: none in particular."""
    claimed_at: Instant
    """When the seller told of it."""
    status: model_claims.State
    """`pending`: its buyer has not registered it yet; `credited`: the points are the seller's;
    `lapsed`: the buyer came too late, or not; `withdrawn`: it brings nothing, or nothing any more.
    """
    points: int
    """What it brings, or would have brought."""
    lapses_at: Instant | None
    """From when a registration is too late; null: none is."""
    entry: int | None
    """The entry of the ledger that credited it; null: none did."""
    ended_at: Instant | None
    """When it was credited, lapsed or was withdrawn; null: it waits."""
    why: str | None
    """Why it brings nothing: `deadline`, `own_item`, `tag_withdrawn`, `tag_released`, `by_staff` or
    `account_closed`; null: it does.
    """


class StaffClaimView(ClaimView, frozen=True, kw_only=True):
    """The same for staff."""

    member: str
    """Id of the seller."""


class ClaimList(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of one item."""

    rows: list[StaffClaimView]
    """The newest first: the one that counts, if any does, and the last ten before it."""


class ShipmentBody(Why, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom tags were shipped: either a whole batch or some serials."""

    partner: Annotated[
        Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=40)] | None,
        Meta(
            description="Id of the partner; null: of a batch, that it is not known; of serials, "
            "that they went where their batch did."
        ),
    ]
    batch: Annotated[
        Annotated[str, Meta(max_length=64)] | None, Meta(description="Id of a batch.")
    ] = None
    serials: Annotated[
        tuple[Serial, ...],
        Meta(max_length=MOST_SERIALS, description="Serials that went elsewhere than their batch."),
    ] = ()

    def checked(self) -> "ShipmentBody":
        """The same.

        Raises:
            InvalidFields: neither a batch nor serials, or both.
        """
        if (self.batch is None) == (not self.serials):
            raise InvalidFields(fields=(FieldError("/batch", "batch_or_serials"),))
        return self


class ShipmentView(msgspec.Struct, frozen=True, kw_only=True):
    """What is recorded now."""

    partner: str | None
    """Id of the partner; null: not known."""
    batch: str | None
    """Id of the batch; null: it was about serials."""
    serials: tuple[str, ...]
    """Serials as they were given."""
