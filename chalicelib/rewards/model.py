"""Rewards as values, and the pure rules about who may have one and when.

Prices are whole points. Instants are RFC 3339 texts in UTC, which sort in the order of time.
"""

import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from chalicelib.coupons.model import Terms
from chalicelib.files.model import FileId
from chalicelib.kernel.clock import render
from chalicelib.kernel.http.shapes import Instant
from chalicelib.programs.model import Kind, LongTexts, Texts
from chalicelib.rewards.errors import OutOfStock, RewardUnavailable, RewardUnknown

RewardKind = Literal["goods", "service", "ticket", "digital_code", "coupon"]
State = Literal["draft", "published", "archived"]
StockKind = Literal["counted", "unlimited"]
Delivery = Literal["pickup", "post", "code"]
Codes = Literal["pool", "generated"]
Level = Literal["in_stock", "few_left", "none"]
Obstacle = Literal["sold_out", "per_member_reached"]

SLUG_PATTERN = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
"""Ids of rewards and pick-up points: given by staff, and part of addresses."""
MAX_PRICE = 100_000_000
MAX_STOCK = 1_000_000
MAX_REWARDS = 500
"""Of one program, archived ones included: members' lists are made of the whole catalogue."""
MAX_IMAGES = 8
MAX_NAMED_POINTS = 20
"""Pick-up points that one reward names."""
MAX_COUPON_DAYS = 3660

Slug = Annotated[str, msgspec.Meta(pattern=SLUG_PATTERN)]


class CouponOffer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The coupon that a reward gives for points."""

    terms: Terms
    """What it is worth, for what and until when."""
    days: Annotated[int, msgspec.Meta(ge=1, le=MAX_COUPON_DAYS)] | None = None
    """For how many local days it works: from the order, that day included, or from the first day
    in `terms` if that is later; never beyond the last one. Null: as `terms` say.
    """


class RewardFields(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What staff say of a reward, but its dates."""

    kind: RewardKind
    """What it is; fixed once it was published or stocked."""
    name: Annotated[Texts, msgspec.Meta(description="What it is called, in every language.")]
    about: Annotated[
        LongTexts, msgspec.Meta(description="More about it, in every language; may be missing.")
    ] = LongTexts()
    price: Annotated[int, msgspec.Meta(ge=1, le=MAX_PRICE, description="What it costs, in points.")]
    stock: StockKind = "counted"
    """Whether its pieces are counted."""
    audience: Annotated[
        tuple[Kind, ...],
        msgspec.Meta(max_length=5, description="Kinds of member that see it; empty: all."),
    ] = ()
    per_member: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1000)] | None,
        msgspec.Meta(description="Most pieces that one member may take, ever; missing: any."),
    ] = None
    low_stock: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=MAX_STOCK,
            description="Staff are told when the stock falls to this or below; 0: never.",
        ),
    ] = 0
    images: Annotated[
        tuple[FileId, ...],
        msgspec.Meta(
            max_length=MAX_IMAGES,
            description="Ready files of the purpose `reward-image`; lists show the first.",
        ),
    ] = ()
    sku: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^([A-Za-z0-9][A-Za-z0-9._/-]{0,63})?$(?!\n)",
            description="Article number in the warehouse; empty: none.",
        ),
    ] = ""
    delivery: Annotated[
        tuple[Delivery, ...],
        msgspec.Meta(
            min_length=1, max_length=3, description="The ways in which a member can get it."
        ),
    ]
    points_of_pickup: Annotated[
        tuple[Slug, ...],
        msgspec.Meta(
            max_length=MAX_NAMED_POINTS,
            description="Pick-up points that hand it out; empty: all of the program's.",
        ),
    ] = ()
    codes: Codes | None = None
    """For the delivery `code`: from a pool that staff fill, or generated for each order."""
    coupon: CouponOffer | None = None
    """For the kind `coupon` with generated codes: what each coupon is worth at a till."""


class RewardDetails(RewardFields, frozen=True, kw_only=True):
    """What staff say of a reward. :func:`store.reward` leaves ``about`` empty: it is kept apart,
    so that lists stay cheap.
    """

    available_from: Instant | None = None
    """From when it is shown and can be ordered; missing: at once."""
    available_until: Instant | None = None
    """When that ends; missing: never."""


class Reward(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the catalogue, priced in points."""

    program: str
    reward: str
    revision: int
    """Rises with every change of the reward or its state; not with its stock."""
    details: RewardDetails
    state: State
    changed_at: str
    changed_by: str


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """How many pieces there are to give away. Orders in progress have already taken theirs."""

    left: int
    codes: int = 0
    """How many codes were ever added to its pool."""
    journal: int
    """Number of the newest line of its journal."""


def visible(reward: Reward, member_kind: str, at: datetime) -> bool:
    """Whether a member of this kind sees the reward at an instant."""
    details = reward.details
    return (
        reward.state == "published" and is_meant_for(details, member_kind) and on_offer(details, at)
    )


def is_meant_for(details: RewardDetails, member_kind: str) -> bool:
    """Whether a reward is for members of this kind."""
    return not details.audience or member_kind in details.audience


def on_offer(details: RewardDetails, at: datetime) -> bool:
    """Whether an instant lies within the reward's dates; the last one is no longer part."""
    instant = render(at)
    begun = details.available_from is None or details.available_from <= instant
    return begun and (details.available_until is None or instant < details.available_until)


def refuse_unavailable(reward: Reward, member_kind: str, at: datetime) -> None:
    """Refuse unless a member of this kind may order the reward at this instant.

    Raises:
        RewardUnknown: it is a draft, or not for this kind of member.
        RewardUnavailable: it was archived, or it is not its time.
    """
    if reward.state == "draft" or not is_meant_for(reward.details, member_kind):
        raise RewardUnknown
    if reward.state != "published" or not on_offer(reward.details, at):
        raise RewardUnavailable


def refuse_over(offer: CouponOffer, day: date) -> None:
    """Refuse to sell a coupon whose last day is over; raises RewardUnavailable."""
    if offer.terms.until is not None and offer.terms.until < day.isoformat():
        raise RewardUnavailable


def terms_from(offer: CouponOffer, day: date) -> Terms:
    """The terms of a coupon that is ordered on a local day: what ends first counts."""
    terms = offer.terms
    if offer.days is None:
        return terms
    first = max(day, date.fromisoformat(terms.since)) if terms.since else day
    last = (first + timedelta(days=offer.days - 1)).isoformat()
    return msgspec.structs.replace(terms, until=min(last, terms.until or last))


def refuse_short(stock: Stock, quantity: int) -> None:
    """Refuse when there are fewer pieces than wanted; raises OutOfStock."""
    if stock.left < quantity:
        raise OutOfStock(left=stock.left)


def falls_low(low_stock: int, before: int, after: int) -> bool:
    """Whether a change crosses the threshold from above; staff are told of each fall once."""
    return low_stock > 0 and after <= low_stock < before


def is_low(details: RewardDetails, left: int) -> bool:
    """Whether a stock is at its threshold or below."""
    return details.stock == "counted" and details.low_stock > 0 and left <= details.low_stock


def missing_points(price: int, available: int) -> int:
    """How many points a member still needs; 0: affordable."""
    return max(0, price - available)


def level(details: RewardDetails, stock: Stock | None) -> Level:
    """The stock as members are told it."""
    if details.stock == "unlimited":
        return "in_stock"
    left = stock.left if stock else 0
    if left == 0:
        return "none"
    return "few_left" if left <= details.low_stock else "in_stock"


def shown_left(details: RewardDetails, stock: Stock | None) -> int | None:
    """How many are left, where members are told: only when they are few."""
    return stock.left if stock and level(details, stock) == "few_left" else None


def obstacle(details: RewardDetails, stock: Stock | None, taken: int) -> Obstacle | None:
    """What keeps a member who took so many pieces from having another one, whatever their points;
    None: nothing.
    """
    if details.per_member is not None and taken >= details.per_member:
        return "per_member_reached"
    return "sold_out" if level(details, stock) == "none" else None


def list_key(reward: Reward, obstacle: Obstacle | None) -> str:
    """Sorts as text: by price, so that affordable rewards come first and then those of which least
    is missing; what cannot be had comes last. Points that come and go move nothing.
    """
    return f"{1 if obstacle else 0}{reward.details.price:011d}#{reward.reward}"


def found_by(name: str, search: str) -> bool:
    """Whether a name has every word of a search, in whatever case and shape of letters."""
    here = _folded(name)
    return all(word in here for word in _folded(search).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
