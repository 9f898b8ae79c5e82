"""What the routes of orders take and answer; the API document is made from these."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Instant
from chalicelib.rewards.model import MAX_PRICE, Delivery, RewardKind, Slug
from chalicelib.rewards.model_orders import MAX_QUANTITY, OrderState

MAX_LINES = 3
Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Quantity = Annotated[int, Meta(ge=1, le=MAX_QUANTITY, description="How many pieces.")]
Reason = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=500,
        description="Why; kept for ever, and part of what the member can export.",
    ),
]


class _Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="way"):
    pass


class ByPickup(_Way, frozen=True, kw_only=True, tag="pickup"):
    """Collected at a point, in its opening hours."""

    point: Annotated[Slug, Meta(description="Id of the pick-up point.")]


class ByPost(_Way, frozen=True, kw_only=True, tag="post"):
    """Sent to an address, which is kept apart from the order and erased with the member."""

    name: Annotated[Line, Meta(description="Who receives it.")]
    lines: Annotated[
        tuple[Line, ...],
        Meta(
            min_length=1,
            max_length=MAX_LINES,
            description="Street, house, flat: one to three lines.",
        ),
    ]
    city: Annotated[Line, Meta(description="Town or city.")]
    postcode: Annotated[
        str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z -]{1,11}$(?!\n)", description="Postal code.")
    ]
    country: Annotated[
        str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", description="ISO 3166-1 alpha-2 code.")
    ]
    phone: Annotated[
        str,
        Meta(
            pattern=r"^(\+[0-9][0-9 ()-]{4,28}[0-9])?$(?!\n)",
            description="For the carrier, in international form; empty: none.",
        ),
    ] = ""


class ByCode(_Way, frozen=True, kw_only=True, tag="code"):
    """Given at once, as a code."""


class NewOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member's wish."""

    reward: Annotated[Slug, Meta(description="Id of the reward.")]
    quantity: Quantity = 1
    price: Annotated[
        int, Meta(ge=1, le=MAX_PRICE, description="Points for one piece, as the member saw it.")
    ]
    delivery: ByPickup | ByPost | ByCode
    """How to get it."""


class Cancellation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why staff end an order that was not handed over."""

    reason: Reason
    restock: Annotated[bool, Meta(description="Whether the pieces go back to the stock.")] = True


class Refund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why staff give the points of an order back."""

    reason: Reason
    restock: Annotated[
        bool, Meta(description="Whether the pieces go back to the stock; codes never do.")
    ]


class Shipment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an order travels."""

    carrier: Annotated[Line, Meta(description="Who carries it.")]
    tracking_number: Annotated[
        str,
        Meta(pattern=r"^[0-9A-Za-z-]{4,40}$(?!\n)", description="The carrier's number for it."),
    ]


class Substitution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to put in place of what was ordered."""

    reward: Annotated[Slug, Meta(description="Id of the reward to give instead.")]
    quantity: Annotated[
        Quantity | None, Meta(description="How many pieces; null: as many as were ordered.")
    ] = None
    reason: Reason


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order is sent."""

    name: str
    """Who receives it."""
    lines: list[str]
    """Street, house, flat."""
    city: str
    """Town or city."""
    postcode: str
    """Postal code."""
    country: str
    """ISO 3166-1 alpha-2 code."""
    phone: str
    """For the carrier; empty: none."""


class ParcelView(msgspec.Struct, frozen=True):
    """How an order travels."""

    carrier: str
    """Who carries it."""
    tracking_number: str
    """The carrier's number for it."""


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order's history."""

    fact: str
    """Stable name of what happened, e.g. `order.shipped`."""
    state: OrderState
    """Where the order stood then."""
    at: Instant
    """When it happened."""
    text: str
    """What happened, in the reader's language."""


class StaffStepView(StepView, frozen=True, kw_only=True):
    """The same with who acted, and why."""

    actor: str
    """`staff:…`, `operator:…`, `member:…` or `system`."""
    reason: str
    """What they wrote; empty: nothing."""
    points: int
    """What the order cost from then on."""
    restocked: bool | None
    """Whether the pieces went back to the stock; null: there was nothing that could."""


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of a member's orders."""

    order: str
    """Id of the order."""
    number: str
    """What to say when collecting it."""
    state: OrderState
    """Stable name of where it stands."""
    text: str
    """Where it stands, in the reader's language."""
    reward: str
    """Id of the reward."""
    name: str
    """What it is called, in the reader's language."""
    kind: RewardKind
    """What sort of thing it is."""
    quantity: int
    """How many pieces."""
    points: int
    """What it costs in all."""
    way: Delivery
    """How it is delivered."""
    placed_at: Instant
    """When it was placed."""


class OrderView(OrderRow, frozen=True, kw_only=True):
    """One order with everything that its member sees."""

    point: str | None
    """Id of the pick-up point; null: it is not collected."""
    address: AddressView | None
    """Where it is sent; null: it is not."""
    parcel: ParcelView | None
    """How it travels; null: it does not, or not yet."""
    codes: list[str]
    """The codes that were given, one for each piece."""
    coupons: list[str]
    """Ids of the caller's coupons whose codes these are; empty: they are none."""
    can_cancel: bool
    """Whether the member can still give it up."""
    history: list[StepView]
    """What happened to it, oldest first."""


class StaffOrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order as staff see it in a list."""

    number: str
    """What member and staff call it."""
    member: str
    """Id of the member."""
    state: OrderState
    """Stable name of where it stands."""
    reward: str
    """Id of the reward."""
    sku: str
    """Article number in the warehouse; empty: none."""
    name: str
    """What the reward is called, in the reader's language."""
    quantity: int
    """How many pieces."""
    points: int
    """What it costs the member in all."""
    way: Delivery
    """How it is delivered."""
    point: str | None
    """Id of the pick-up point; null: it is not collected."""
    placed_at: Instant
    """When it was placed."""


class StaffOrderView(StaffOrderRow, frozen=True, kw_only=True):
    """One order with everything that staff see of it."""

    order: str
    """Id of the order and of its hold."""
    entry: int
    """The ledger's entry that set its points aside."""
    address: AddressView | None
    """Where it is sent; null: it is not, its member is erased, or the caller may not handle
    orders.
    """
    parcel: ParcelView | None
    """How it travels; null: it does not, or not yet, or the caller may not handle orders."""
    codes_given: int
    """How many codes the member got; nobody else sees them."""
    history: list[StaffStepView]
    """What happened to it, oldest first."""


class PickRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a pick list: nothing about the member."""

    number: str
    """The order's number."""
    sku: str
    """Article number in the warehouse; empty: none."""
    reward: str
    """Id of the reward."""
    name: str
    """What it is called, in the reader's language."""
    quantity: int
    """How many pieces."""
    way: Delivery
    """How it is delivered."""
    point: str | None
    """Id of the pick-up point; null: it is not collected."""
    placed_at: Instant
    """When it was placed."""


Format = Literal["json", "csv"]
