"""What the routes of quotes take and answer; the API document is made from these."""

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.http.shapes import Instant
from chalicelib.receipts.model import Basket
from chalicelib.receipts.shapes import ReceiptAward, ReceiptGift


class QuoteHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points to set aside for a basket."""

    points: Annotated[int, msgspec.Meta(ge=1, le=10**9, description="How many.")]
    minutes: Annotated[
        int, msgspec.Meta(ge=1, le=120, description="After so many they are free again.")
    ] = 15


class QuoteBody(Basket, frozen=True, kw_only=True):
    """A basket to price."""

    hold: QuoteHold | None = None
    """Points to set aside until the receipt comes; missing: nothing changes."""


class QuotedLine(msgspec.Struct, frozen=True):
    """One position of a quote."""

    line: int
    """Place in the basket, from 0."""
    price: int
    """As the till told it, in minor units."""
    discount: int
    """Taken off by the program's rules."""
    coupon: int
    """Taken off by coupons."""
    points_money: int
    """Paid with the points of the basket."""
    due: int
    """Left to pay with money."""
    open_to_points: int
    """How much of the line points could pay, in minor units."""
    earns: int
    """Its share of the points that the receipt would bring."""


class QuoteDiscount(msgspec.Struct, frozen=True):
    """Money off by one rule."""

    rule: str
    """Id of the rule."""
    name: str
    """Its name in the reader's language."""
    amount: int
    """What comes off, in minor units."""


class NearOffer(msgspec.Struct, frozen=True):
    """An offer of which little is missing: with that in the basket the rule gives something."""

    rule: str
    """Id of the rule."""
    name: str
    """Its name in the reader's language."""
    what: Literal["amount", "lines", "pieces", "free_piece", "stamps"]
    """What is missing: money in minor units, positions, pieces; one piece more, by which one costs
    less; pieces for the stamps by which one is free."""
    missing: int
    """How much of it; at most as much as the basket has already."""
    of_goods: bool
    """Whether only certain goods count."""
    text: str
    """The same as a sentence."""


class HeldQuote(msgspec.Struct, frozen=True):
    """Points that the quote holds."""

    quote: str
    """Id of the quote, for the receipt that spends them."""
    points: int
    """How many."""
    until: Instant
    """When they are free again."""
    state: Literal["open", "spent", "released"]
    """What became of them."""


class QuoteView(msgspec.Struct, frozen=True):
    """The price of a basket."""

    total: int
    """Price of all lines as told, in minor units."""
    discount: int
    """Taken off by the program's rules."""
    coupons: int
    """Taken off by coupons."""
    points: int
    """Points of the basket that pay."""
    points_money: int
    """What they are worth."""
    due: int
    """Left to pay with money."""
    lines: list[QuotedLine]
    """The positions."""
    discounts: list[QuoteDiscount]
    """Money off by rule."""
    earns: int
    """Points that the receipt would bring at once."""
    earns_later: int
    """Points that it would bring later."""
    awards: list[ReceiptAward]
    """These points by rule."""
    gifts: list[ReceiptGift]
    """Free articles that it would bring."""
    available: int
    """Points that the member can spend; 0: nobody is known."""
    most_points: int
    """The most points that can pay for this basket."""
    point_value: int
    """Minor units of money that one point pays; 0: points do not pay here."""
    near: list[NearOffer]
    """Offers nearly reached."""
    hold: HeldQuote | None
    """Points set aside; null: none."""
