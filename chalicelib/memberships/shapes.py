"""Bodies and answers of this room."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Day, Instant, Moment
from chalicelib.memberships.model import State
from chalicelib.programs.values import Money, Slug
from chalicelib.receipts.model import Buyer


class MembershipPayment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment for one period of a membership."""

    number: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=64,
            pattern=r"^[0-9A-Za-z._/-]+$(?!\n)",
            description="The partner's own number of the payment, which names it for ever.",
        ),
    ]
    plan: Annotated[Slug, Meta(description="Id of a membership of the program.")]
    at: Annotated[Moment, Meta(description="When it was paid.")]
    amount: Annotated[
        Money, Meta(description="What was paid, in minor units: the price at that time.")
    ]
    buyer: Buyer
    """Whose membership it is."""


class GiveBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One period of a membership, given by staff."""

    plan: Annotated[Slug, Meta(description="Id of a membership of the program.")]
    reason: Annotated[str, Meta(min_length=3, max_length=500, description="Why; kept for ever.")]


class MembershipView(msgspec.Struct, frozen=True, kw_only=True):
    """A membership of the program, and how it stands with the member."""

    plan: str
    """Its id; rules ask for it as a group."""
    name: str
    """What it is called, in the reader's language."""
    price: int | None
    """What one period costs now, in minor units; null: it is not sold any more."""
    currency: str
    """ISO 4217 code of the price's money."""
    months: int | None
    """Calendar months of one period; null: it is not sold any more."""
    privileges: list[str]
    """What it brings, in the reader's language."""
    state: State
    """`none`: never paid for; `active`; `grace`: no longer paid, and still holding; `over`."""
    since: Day | None
    """First local day of what was paid without a break; null: never paid for."""
    paid_until: Day | None
    """Last local day that is paid; null: never paid for."""
    holds_until: Day | None
    """Last local day on which it holds, with its grace; null: never paid for."""


class Memberships(msgspec.Struct, frozen=True, kw_only=True):
    """The memberships of the program, and how they stand with the member."""

    memberships: list[MembershipView]
    """In the order of the program's document, then those that are not sold any more."""


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """A payment."""

    payment: str
    """Its id."""
    plan: str
    """Id of the membership."""
    at: Instant
    """When it was paid."""
    amount: int
    """Minor units of money; 0: given by staff."""
    since: Day
    """First local day that it paid for."""
    until: Day
    """Last local day that it paid for."""
    refunded_at: Instant | None
    """When the money went back; null: it stands."""


class SettledView(msgspec.Struct, frozen=True, kw_only=True):
    """A payment, and how its membership stands."""

    payment: PaymentView
    """The payment."""
    membership: MembershipView
    """The membership as it stands now."""
