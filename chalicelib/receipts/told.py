"""A receipt or another event as it is to be posted, and what follows from it alone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.coupons import model as coupon_model
from chalicelib.coupons.model import Coupon
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Event, Judgement, MemberFacts
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.table import keys
from chalicelib.programs.model import Program
from chalicelib.programs.values import Means, Ratio
from chalicelib.receipts import returns, splitting, store
from chalicelib.receipts.counting import Purchase, Sums
from chalicelib.receipts.errors import CouponRefused
from chalicelib.receipts.model import SALE, Frozen, Payment, Returned, Shares, SoldLine
from chalicelib.receipts.store import ReceiptItem, Sold


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt or another event as it is to be posted: all that had to be read is read."""

    id: str
    content: str
    """Hash of the request."""
    program: Program
    """The document in force at the event's own time."""
    at: datetime
    """When it happened."""
    partner: str
    outlet: str
    actor: str
    sold: Sold
    points: int = 0
    """Points to pay with."""
    payments: tuple[Payment, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    codes: tuple[str, ...] = ()
    """The coupons' codes as the till named them."""
    identified: Means | Literal[""] = ""
    rate: Ratio | None = None
    """The partner's own rate on that day."""
    before: tuple[int, ...] = ()
    """Pieces that came back before; empty: none."""
    returned: tuple[Returned, ...] = ()
    """Of a receipt of the club's past: what came back before."""
    quote: str = ""
    """The held quote whose points are spent; empty: none."""

    @property
    def trigger(self) -> str:
        """What happened."""
        return self.sold.event.trigger if self.sold.event else SALE

    @property
    def is_back(self) -> bool:
        """Whether all of its goods came back before."""
        every = zip(self.sold.lines, self.before, strict=False)
        return bool(self.before) and all(line.quantity == gone for line, gone in every)

    @property
    def day(self) -> date:
        """Its local day."""
        return local_date(self.at, self.program.zone)


@dataclass(frozen=True, slots=True)
class Case:
    """One event as the rules saw it, and what they gave."""

    engine: Engine
    event: Event
    frozen: Frozen
    judgement: Judgement


def judged(told: Told, shares: Sequence[Shares], frozen: Frozen, *, quote: bool = False) -> Case:
    """What the rules give for an event, knowing this."""
    engine = engine_of(told.program)
    before = told.before or (0,) * len(shares)
    event = returns.event_of(
        frozen,
        returns.lines_left(told.sold.lines, shares, before),
        told.at,
        partner=told.partner,
        outlet=told.outlet,
        channel=told.sold.channel,
        payment=told.sold.payment,
        told=told.sold.event,
    )
    event = msgspec.structs.replace(event, quote=quote)
    return Case(engine, event, frozen, engine.judge(event, frozen.used))


def unjudged(told: Told) -> Case:
    """A receipt of the club's past as no rule saw it."""
    frozen = Frozen(version=told.program.version, member=MemberFacts(), partner_rate=told.rate)
    event = returns.event_of(frozen, (), told.at, partner=told.partner, outlet=told.outlet)
    return Case(engine_of(told.program), event, frozen, Judgement())


def settle(told: Told) -> tuple[Shares, ...]:
    """How the price of a receipt is settled, line by line; an event has no lines.

    Raises:
        CouponRefused, TooManyPoints, PointsNotTaken, TooFewPoints, PaymentsDiffer.
    """
    if told.sold.shares:
        return told.sold.shares
    off = coupons_off(told.sold.lines, told)
    return splitting.split(told.sold.lines, off, told.points, told.payments, told.program.purchases)


def coupons_off(lines: Sequence[SoldLine], told: Told) -> list[int]:
    """What the coupons take off each of these lines, one after the other.

    Raises:
        CouponRefused: one of them gives nothing here, or they do not go together.
    """
    off = [0] * len(lines)
    if not coupon_model.together(told.coupons):
        raise CouponRefused(coupon=told.codes[-1])
    for code, coupon in zip(told.codes, told.coupons, strict=True):
        due = [
            splitting.as_line(line, line.price - gone)
            for line, gone in zip(lines, off, strict=True)
        ]
        parts = coupon_model.discount(coupon, due, told.day)
        if not parts:
            raise CouponRefused(coupon=code)
        for place, amount in parts:
            off[place] += amount
    return off


def new_item(
    told: Told, shares: tuple[Shares, ...], at: datetime, member: str | None
) -> ReceiptItem:
    """The receipt to be put, for its member or for nobody yet."""
    return ReceiptItem(
        keys.receipt(told.program.id, told.id),
        store.RECEIPT,
        version=1,
        partner=told.partner,
        outlet=told.outlet,
        content=told.content,
        member=member,
        posted_at=render(at),
        sold=msgspec.structs.replace(told.sold, shares=shares),
        returns=told.returned,
    )


def purchase_of(
    told: Told, shares: Sequence[Shares], used: Mapping[str, int] | None = None
) -> Purchase:
    """What a receipt adds to the counters: money of any means, by category."""
    categories: dict[str, Sums] = {}
    total = 0
    gone = told.before or (0,) * len(shares)
    for line, share, back in zip(told.sold.lines, shares, gone, strict=False):
        money = share.money - returns.part(share.money, back, line.quantity)
        total += money
        had = categories.get(line.category, Sums())
        categories[line.category] = Sums(had.amount + money, int(not told.is_back))
    sums = Sums() if told.sold.event else Sums(total, int(not told.is_back))
    return Purchase(
        told.day, sums, categories, told.partner, told.outlet, told.sold.channel, used or {}
    )


def first_mark(trigger: str) -> str:
    """The mark of an account that had an event of this trigger."""
    return f"first.{trigger}"
