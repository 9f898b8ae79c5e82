"""Effects of earning rules, as data: each is one of these shapes, told apart by ``type``.

Amounts are in minor units of money and points are whole; every effect that divides says how it
rounds, and rounds once per event.
"""

from typing import Annotated, Literal

import msgspec

from chalicelib.programs.values import MAX_MONEY, Money, Points, Ratio, Rounding, Sku, Slug

Worth = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class _Effect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    pass


class _Rounded(_Effect, frozen=True, kw_only=True):
    rounding: Rounding = "down"
    """How the result is made whole; `half_up`: a half becomes the next whole one."""


class PointsEffect(_Effect, frozen=True, kw_only=True, tag="points"):
    """So many points."""

    points: Points
    """The points."""


class PerUnitEffect(_Rounded, frozen=True, kw_only=True, tag="per_unit"):
    """So many points for so many units of something, as an exact ratio."""

    of: Literal["amount", "pieces", "count"] = "amount"
    """Units: of money paid for the goods (minor), of pieces, or of the event's own `count`."""
    points: Annotated[Points, msgspec.Meta(description="Points for each `per` units.")]
    per: Annotated[
        int, msgspec.Meta(ge=1, le=1_000_000_000, description="Units that bring `points`.")
    ]
    full_only: bool = False
    """Whether units that do not fill `per` bring nothing; else they bring their share."""


class PercentageEffect(_Rounded, frozen=True, kw_only=True, tag="percentage"):
    """A share of the money paid for the goods, as points."""

    rate: Ratio
    """The share: 3 % is 3 of 100."""
    per_point: Worth = 100
    """Minor units of money that one point stands for."""


class PartnerRateEffect(_Rounded, frozen=True, kw_only=True, tag="partner_rate"):
    """The share that the partner gives of the money paid for the goods, as points.

    The rate is the partner's own on the event's local day; a partner without one gives nothing.
    """

    per_point: Worth = 100
    """Minor units of money that one point stands for."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a sliding table."""

    since: Money
    """The sum from which the rate applies, in minor units."""
    rate: Ratio
    """The share."""


class SlidingEffect(_Rounded, frozen=True, kw_only=True, tag="sliding"):
    """A share whose rate depends on a sum; below the first row there is nothing."""

    table: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=20)]
    """The rates, by rising sums."""
    counter: Slug = ""
    """The counter whose sum chooses the rate; empty: the money paid for the goods."""
    of: Literal["amount", "counter"] = "amount"
    """What the rate is a share of: the money paid for the goods, or the counter's sum."""
    marginal: bool = False
    """Whether each rate applies to its own part of the sum only; else the last rate to all."""
    per_point: Worth = 100
    """Minor units of money that one point stands for."""


class MultiplierEffect(_Rounded, frozen=True, kw_only=True, tag="multiplier"):
    """Points of other rules, multiplied; the points beyond the first time are this rule's.

    Points for chosen goods are the shares of those lines. Multipliers do not multiply each other.
    """

    factor: Ratio
    """At least 1: double points are 2 of 1."""
    groups: Annotated[tuple[Slug, ...], msgspec.Meta(max_length=20)] = ()
    """Stacking groups whose points are multiplied; empty: those of every rule."""


class StampsEffect(_Effect, frozen=True, kw_only=True, tag="stamps"):
    """A stamp for each piece bought; on a full card one more piece is free, and a new one begins.

    The cheapest pieces of the goods are the free ones.
    """

    card: Slug
    """Name of the card."""
    full: Annotated[int, msgspec.Meta(ge=1, le=100, description="Stamps of a full card.")]


class NthItemEffect(_Rounded, frozen=True, kw_only=True, tag="nth_item"):
    """Of every so many pieces of the goods one costs less; the cheapest ones do."""

    nth: Annotated[int, msgspec.Meta(ge=2, le=100, description="3: one of every three.")]
    off: Ratio
    """The share off its price, at most all of it; free is 1 of 1."""


class DiscountEffect(_Rounded, frozen=True, kw_only=True, tag="discount"):
    """Less to pay: a share, or an amount; never more than is to be paid."""

    off: Ratio | None = None
    """The share off, at most all of it; null: `amount` is given."""
    amount: Money | None = None
    """The amount off in minor units; null: `off` is given."""
    per: Literal["line", "receipt"] = "receipt"
    """Whether it is worked out for each line, or for the chosen lines together and spread."""


class GiftEffect(_Effect, frozen=True, kw_only=True, tag="gift"):
    """A free article, once or for each full number of units."""

    sku: Sku
    """Its article number."""
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100, description="How many pieces.")] = 1
    of: Literal["event", "pieces", "count"] = "event"
    """Units: the event itself, pieces of the goods, or the event's own `count`."""
    per: Annotated[
        int, msgspec.Meta(ge=1, le=1_000_000, description="Full units that bring `quantity`.")
    ] = 1


class VoucherEffect(_Effect, frozen=True, kw_only=True, tag="voucher"):
    """Each full so many available points become a voucher; what is left stays as points."""

    points: Annotated[int, msgspec.Meta(ge=1, le=1_000_000, description="Points for a voucher.")]
    amount: Annotated[int, msgspec.Meta(ge=1, le=MAX_MONEY)]
    """What one voucher is worth, in minor units."""


class TierEffect(_Effect, frozen=True, kw_only=True, tag="tier"):
    """The member comes to a tier."""

    tier: Slug
    """Name of the tier."""


class DonationEffect(_Rounded, frozen=True, kw_only=True, tag="donation"):
    """The club gives a share of the money paid for the goods to somebody, in minor units."""

    share: Ratio
    """The share."""
    to: Slug
    """Who gets it."""


Effect = (
    PointsEffect
    | PerUnitEffect
    | PercentageEffect
    | PartnerRateEffect
    | SlidingEffect
    | MultiplierEffect
    | StampsEffect
    | NthItemEffect
    | DiscountEffect
    | GiftEffect
    | VoucherEffect
    | TierEffect
    | DonationEffect
)
POINTS = (PointsEffect, PerUnitEffect, PercentageEffect, PartnerRateEffect, SlidingEffect)
DISCOUNTS = (NthItemEffect, DiscountEffect)


def phase_of(effect: Effect) -> str:
    """When it is judged: ``discount``, ``points``, ``multiplier`` or ``other``, in this order."""
    if isinstance(effect, DISCOUNTS):
        return "discount"
    if isinstance(effect, POINTS):
        return "points"
    return "multiplier" if isinstance(effect, MultiplierEffect) else "other"
