"""Conditions of earning rules, as data: each is one of these shapes, told apart by ``type``.

Days, hours and months are those of the program's zone. Amounts are in minor units of money, as the
lines were paid before this program's own discounts. A bound that is missing does not bind.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from chalicelib.programs.values import Means, Money, Sku, Slug

OUTLET_PATTERN = r"^[a-z][a-z0-9-]{0,39}/[a-z][a-z0-9-]{0,39}$(?!\n)"
TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"
DAY_PATTERN = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$(?!\n)"
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Some = msgspec.Meta(min_length=1, max_length=500)
Slugs = Annotated[tuple[Slug, ...], msgspec.Meta(max_length=500)]
Skus = Annotated[tuple[Sku, ...], msgspec.Meta(max_length=500)]
OutletName = Annotated[str, msgspec.Meta(pattern=OUTLET_PATTERN)]
Time = Annotated[str, msgspec.Meta(pattern=TIME_PATTERN)]
YearDay = Annotated[str, msgspec.Meta(pattern=DAY_PATTERN)]


class Goods(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Which lines count: those that fit everything said here. A list fits by any of its values."""

    sku: Skus = ()
    """Article numbers."""
    category: Slugs = ()
    """Categories."""
    brand: Slugs = ()
    """Brands."""
    tags: Slugs = ()
    """Marks of goods, e.g. `new`; a line needs one of them."""
    except_sku: Skus = ()
    """Article numbers that do not count."""
    except_category: Slugs = ()
    """Categories that do not count."""
    except_brand: Slugs = ()
    """Brands that do not count."""
    except_tags: Slugs = ()
    """Marks with which a line does not count."""
    on_sale: bool | None = None
    """Only lines that are (true) or are not (false) on sale; null: both."""
    price_from: Money = 0
    """Lowest price paid for one piece, in minor units."""
    price_below: Money | None = None
    """The price paid for one piece is lower than this; null: any."""


class _Condition(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    pass


class _Bounded(_Condition, frozen=True, kw_only=True):
    at_least: Money = 0
    """Lowest value that fits."""
    at_most: Money | None = None
    """Highest value that fits; null: any."""


class _AnyOf(_Condition, frozen=True, kw_only=True):
    any_of: Annotated[tuple[Slug, ...], Some]
    """The values that fit."""


class AllCondition(_Condition, frozen=True, kw_only=True, tag="all"):
    """All of these hold."""

    of: Annotated[tuple["Condition", ...], msgspec.Meta(min_length=1, max_length=20)]
    """The conditions."""


class AnyCondition(_Condition, frozen=True, kw_only=True, tag="any"):
    """At least one of these holds."""

    of: Annotated[tuple["Condition", ...], msgspec.Meta(min_length=1, max_length=20)]
    """The conditions."""


class NotCondition(_Condition, frozen=True, kw_only=True, tag="not"):
    """This does not hold."""

    of: "Condition"
    """The condition."""


class PositionsCondition(_Bounded, frozen=True, kw_only=True, tag="positions"):
    """How many positions the receipt has."""

    count: Literal["lines", "pieces"] = "lines"
    """Whether lines or pieces are counted."""


class AmountCondition(_Bounded, frozen=True, kw_only=True, tag="amount"):
    """How much the receipt comes to, in minor units."""


class GoodsCondition(_Bounded, frozen=True, kw_only=True, tag="goods"):
    """How much of certain goods the receipt has; of anything at all unless bounds are given."""

    goods: Goods
    """Which lines are counted."""
    count: Literal["lines", "pieces", "amount"] = "lines"
    """What is counted; an amount is in minor units."""
    at_least: Money = 1
    """Lowest value that fits."""


class HistoryCondition(_Bounded, frozen=True, kw_only=True, tag="history"):
    """What a declared counter says of the member's purchases before this one."""

    counter: Slug
    """Name of a counter of `earning.counters`."""


class RegularCondition(_Condition, frozen=True, kw_only=True, tag="regular"):
    """The member bought in each of the calendar months before this one."""

    months: Annotated[int, msgspec.Meta(ge=1, le=36, description="How many months back.")]


class HoursCondition(_Condition, frozen=True, kw_only=True, tag="hours"):
    """Between two times of the local day; past midnight where `until` is the earlier one."""

    since: Time
    """First minute, as `18:00`."""
    until: Time
    """The minute when it is over; the same as `since`: the whole day."""


class WeekdaysCondition(_Condition, frozen=True, kw_only=True, tag="weekdays"):
    """On some days of the week."""

    days: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1, max_length=7)]
    """The days."""


class DatesCondition(_Condition, frozen=True, kw_only=True, tag="dates"):
    """Between two local days, both included."""

    since: date | None = None
    """First day; null: open."""
    until: date | None = None
    """Last day; null: open."""


class YearlyCondition(_Condition, frozen=True, kw_only=True, tag="yearly"):
    """Between two days of every year, both included; past New Year where `until` is earlier."""

    since: YearDay
    """First day, as `12-25` (month, day)."""
    until: YearDay
    """Last day, as `01-08` (month, day)."""


class OutletCondition(_Condition, frozen=True, kw_only=True, tag="outlet"):
    """In certain outlets."""

    any_of: Annotated[tuple[OutletName, ...], Some]
    """Partner and outlet, as `rubin/arbat`."""


class PartnerCondition(_AnyOf, frozen=True, kw_only=True, tag="partner"):
    """At certain partners."""


class ChannelCondition(_AnyOf, frozen=True, kw_only=True, tag="channel"):
    """Over certain channels, as `shop`, `web`, `auto-payment`."""


class IdentifiedCondition(_Condition, frozen=True, kw_only=True, tag="identified"):
    """The buyer was known to the till by certain means: a shown card, the app's code, a phone."""

    any_of: Annotated[tuple[Means, ...], Some]
    """The means."""


class PaymentCondition(_AnyOf, frozen=True, kw_only=True, tag="payment"):
    """Paid, at least in part, by certain means, as `cash` or `house-card`."""


class SubjectCondition(_AnyOf, frozen=True, kw_only=True, tag="subject"):
    """About certain things: which activity was done, which level was reached."""


class TierCondition(_AnyOf, frozen=True, kw_only=True, tag="tier"):
    """The member is on certain tiers."""


class SegmentCondition(_AnyOf, frozen=True, kw_only=True, tag="segment"):
    """The member is in one of certain segments."""


class GroupCondition(_AnyOf, frozen=True, kw_only=True, tag="group"):
    """The member is in one of certain verified groups, as `student`."""


class KindCondition(_Condition, frozen=True, kw_only=True, tag="kind"):
    """The member is of certain kinds."""

    any_of: Annotated[
        tuple[Literal["buyer", "seller", "breeder", "owner", "organisation"], ...], Some
    ]
    """The kinds."""


class GenderCondition(_Condition, frozen=True, kw_only=True, tag="gender"):
    """The member told one of these as their gender."""

    any_of: Annotated[tuple[Literal["female", "male", "other"], ...], Some]
    """The values that fit."""


class MembershipCondition(_Condition, frozen=True, kw_only=True, tag="membership"):
    """For how long the member has been one, in whole days or calendar months."""

    unit: Literal["day", "month"]
    """What is counted."""
    at_least: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 0
    """At least so many are over."""
    below: Annotated[int, msgspec.Meta(ge=1, le=36_500)] | None = None
    """Fewer than so many are over; null: any."""


class BirthdayCondition(_Condition, frozen=True, kw_only=True, tag="birthday"):
    """Around the member's birthday; that of 29 February as `birthdays.leap_day` says."""

    days_before: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0
    """From so many days before."""
    days_after: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0
    """To so many days after."""


class FirstCondition(_Condition, frozen=True, kw_only=True, tag="first_time"):
    """It is the member's first event of this trigger: the first registered item, for example."""


class NthCondition(_Condition, frozen=True, kw_only=True, tag="nth_today"):
    """How many payments of the member this is on the local day, itself included."""

    within: Literal["outlet", "channel", "program"]
    """Counted in this outlet, over this channel, or in the whole program."""
    at_least: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    """From so many on."""
    at_most: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """Up to so many; null: any."""


Condition = (
    AllCondition
    | AnyCondition
    | NotCondition
    | PositionsCondition
    | AmountCondition
    | GoodsCondition
    | HistoryCondition
    | RegularCondition
    | HoursCondition
    | WeekdaysCondition
    | DatesCondition
    | YearlyCondition
    | OutletCondition
    | PartnerCondition
    | ChannelCondition
    | IdentifiedCondition
    | PaymentCondition
    | SubjectCondition
    | TierCondition
    | SegmentCondition
    | GroupCondition
    | KindCondition
    | GenderCondition
    | MembershipCondition
    | BirthdayCondition
    | FirstCondition
    | NthCondition
)


def kind_of(condition: Condition) -> str:
    """The condition's ``type``."""
    return str(condition.__struct_config__.tag)
