"""What the routes of the catalogue take and give."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Day, Instant, Moment
from chalicelib.kernel.table.pages import PageQuery
from chalicelib.rewards.model import (
    MAX_STOCK,
    CouponOffer,
    Delivery,
    Level,
    Obstacle,
    RewardDetails,
    RewardFields,
    RewardKind,
    State,
    StockKind,
)
from chalicelib.rewards.opening import Hours, PointDetails
from chalicelib.rewards.store_stock import NotedKind

MAX_CODES = 1000
CodeText = Annotated[str, Meta(pattern=r"^[!-~]{4,40}$(?!\n)")]

# -- staff -----------------------------------------------------------------------


class RewardBody(RewardFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reward as staff want it, whole."""

    revision: Annotated[
        int,
        Meta(ge=0, le=1_000_000_000, description="The revision this is based on; 0: a new reward."),
    ]
    available_from: Annotated[
        Moment | None, Meta(description="From when it is shown; missing: at once.")
    ] = None
    available_until: Annotated[
        Moment | None, Meta(description="When that ends; missing: never.")
    ] = None


class StockView(msgspec.Struct, frozen=True, kw_only=True):
    """The stock of a reward, for staff."""

    stock: StockKind
    """Whether its pieces are counted."""
    left: int | None
    """Pieces to give away; orders in progress have taken theirs. Null: not counted."""
    low_stock: int
    """Staff are told when `left` falls to this or below; 0: never."""
    is_low: bool
    """Whether it is so low now."""
    codes_free: int | None
    """Codes of the pool that nobody has; null: there is no pool."""
    codes_used: int | None
    """Codes of the pool that orders took; null: there is no pool."""


class RewardView(RewardDetails, frozen=True, kw_only=True, omit_defaults=False):
    """A reward as staff see it."""

    reward: str
    """Id of the reward."""
    revision: int
    """Rises with every change; goes into the next one."""
    state: State
    """Only what is `published` is shown to members."""
    changed_at: Instant
    """When it was changed last."""
    changed_by: str
    """By whom."""
    image_urls: list[str]
    """Where its images are served, in their order."""
    pieces: StockView
    """Its stock."""


class RewardsQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rewards."""

    state: Annotated[State | None, Meta(description="Only rewards in this state.")] = None
    kind: Annotated[RewardKind | None, Meta(description="Only rewards of this kind.")] = None
    low_stock: Annotated[bool, Meta(description="Only rewards whose stock is low.")] = False


class Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pieces that came or went otherwise than by orders."""

    change: Annotated[
        int, Meta(ge=-MAX_STOCK, le=MAX_STOCK, description="Pieces added; negative: taken out.")
    ]
    reason: Annotated[str, Meta(min_length=3, max_length=500, description="Why; kept for ever.")]


class StockLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a stock. Single orders stand in their own list, not here."""

    number: int
    """Number of the line, from 1."""
    at: Instant
    """When."""
    kind: NotedKind
    """A `correction` by staff, `codes` added to the pool, the `order` that made it low, or the
    `threshold` that was raised to it.
    """
    actor: str
    """`staff:…` or `operator:…`; empty for an order."""
    change: int
    """Pieces added; negative: taken out."""
    before: int
    """Pieces before."""
    after: int
    """Pieces after."""
    reason: str
    """Why, in the actor's words; empty: none were asked for."""
    made_low: bool
    """Whether this very change made the stock fall to its threshold, of which staff are told."""


class NewCodes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes for a pool."""

    codes: Annotated[
        tuple[CodeText, ...],
        Meta(
            min_length=1,
            max_length=MAX_CODES,
            description="4 to 40 letters, digits or signs each, as members will see them.",
        ),
    ]


class CodesView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a list of codes."""

    added: int
    """How many this request brought into the pool."""
    pieces: StockView
    """The stock as it is now."""


# -- pick-up points --------------------------------------------------------------


class PointView(PointDetails, frozen=True, kw_only=True, omit_defaults=False):
    """A pick-up point as staff see it."""

    point: str
    """Id of the point."""
    rewards: int
    """How many rewards name it; such a point cannot be deleted."""
    orders: int
    """How many open orders are to be collected there; such a point cannot be deleted either."""
    changed_at: Instant
    """When it was changed last."""
    zone: str
    """IANA zone of its hours: the program's."""
    open_now: bool
    """Whether it is open."""
    closes_at: Instant | None
    """When it closes; null: it is closed."""
    opens_next: Instant | None
    """When it opens next; null: not within a year."""


class ClosedDayView(msgspec.Struct, frozen=True):
    """A day on which a point stays closed."""

    on: Day
    """The day, in the point's zone."""
    text: str
    """Why, in the caller's language; may be empty."""


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """A pick-up point as members see it, in their language."""

    point: str
    """Id of the point."""
    name: str
    """What it is called."""
    address: str
    """Where it is."""
    phone: str
    """Its telephone; empty: none."""
    zone: str
    """IANA zone of its hours."""
    hours: Hours
    """When it is open, by weekday."""
    closed: list[ClosedDayView]
    """Days to come on which it stays closed."""
    open_now: bool
    """Whether it is open."""
    closes_at: Instant | None
    """When it closes; null: it is closed."""
    opens_next: Instant | None
    """When it opens next; null: not within a year."""


# -- members ---------------------------------------------------------------------


class OffersQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rewards."""

    kind: Annotated[RewardKind | None, Meta(description="Only rewards of this kind.")] = None
    affordable: Annotated[bool, Meta(description="Only rewards that the caller can order now.")] = (
        False
    )
    q: Annotated[
        str, Meta(max_length=80, description="Words of the name, in the caller's language.")
    ] = ""


class OfferRow(msgspec.Struct, frozen=True, kw_only=True):
    """A reward as a member meets it in a list."""

    reward: str
    """Id of the reward."""
    kind: RewardKind
    """What it is."""
    name: str
    """What it is called."""
    price: int
    """What it costs, in points."""
    missing: int
    """How many points the member still needs; 0: they are enough."""
    obstacle: Obstacle | None
    """Why the member cannot have it, whatever their points; null: they can."""
    obstacle_text: str
    """The same in the caller's language; empty: they can."""
    stock: Level
    """Whether it is there to be had."""
    left: int | None
    """How many there are, when they are few; null: enough, or none."""
    per_member: int | None
    """Most pieces that one member may take, ever; null: any."""
    delivery: tuple[Delivery, ...]
    """The ways in which one can get it."""
    image: str | None
    """Address of its first image; null: it has none."""
    available_until: Instant | None
    """When the offer ends; null: it does not."""


class OfferView(OfferRow, frozen=True, kw_only=True):
    """A reward with all that a member may want to know of it."""

    about: str
    """More about it; may be empty."""
    images: list[str]
    """Addresses of its images."""
    points_of_pickup: list[PlaceView]
    """Where it is handed out; empty where it is not."""
    coupon: CouponOffer | None
    """What the coupon is worth that it gives; null: it gives none."""


class GoalView(msgspec.Struct, frozen=True):
    """What to save for."""

    goal: OfferRow | None
    """Of what the member can have, the reward with the fewest points missing; null: none is too
    dear.
    """
