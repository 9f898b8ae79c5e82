"""What a basket costs, and what its receipt would bring. Pure.

A basket is judged twice: as it is, for the discounts; and as the receipt that the till would send
after them, for the points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from chalicelib.earning.model import Stamped
from chalicelib.receipts import splitting
from chalicelib.receipts.model import Shares, SoldLine
from chalicelib.receipts.told import Case, Told, coupons_off, judged

Judge = Callable[[Told, Sequence[Shares], bool], Case]
"""How a basket is judged with what is known of its buyer; the last: as one still to be paid."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket with its discounts, and as its receipt."""

    first: Case
    """The basket as it is."""
    second: Case | None
    """Its receipt; null: nobody is known whom it could bring anything."""
    off: tuple[int, ...]
    """What rules take off each line."""
    left: tuple[SoldLine, ...]
    """The lines at what is left of their prices."""
    coupons: tuple[int, ...]
    """What coupons take off each of these."""
    shares: tuple[Shares, ...]
    """How the rest is settled."""


def priced(told: Told, judge: Judge, *, known: bool) -> Priced:
    """The price of a basket that was told like a receipt; ``known``: its buyer is a member.

    Raises:
        CouponRefused, TooManyPoints, TooFewPoints, PointsNotTaken.
    """
    lines = told.sold.lines
    first = judge(replace(told, points=0), [Shares(0, 0, 0, 0, one.price) for one in lines], True)
    off = _off(first, known=known)
    left = tuple(
        msgspec.structs.replace(line, price=line.price - gone)
        for line, gone in zip(lines, off, strict=True)
    )
    coupons = coupons_off(left, told)
    shares = splitting.split(left, coupons, told.points, (), told.program.purchases)
    after = replace(told, sold=msgspec.structs.replace(told.sold, lines=left))
    second = judge(after, shares, False) if known else None
    return Priced(first, second, tuple(off), left, tuple(coupons), shares)


def with_more(told: Told, so_far: Priced, more: Sequence[SoldLine]) -> Priced:
    """The price of the same basket with more lines, with nothing else known than before; raises
    what :func:`priced` does.
    """
    second = so_far.second or so_far.first

    def judge(basket: Told, shares: Sequence[Shares], quote: bool) -> Case:
        frozen = so_far.first.frozen if quote else second.frozen
        return judged(basket, shares, frozen, quote=quote)

    sold = msgspec.structs.replace(told.sold, lines=(*told.sold.lines, *more))
    return priced(replace(told, sold=sold), judge, known=so_far.second is not None)


def _off(case: Case, *, known: bool) -> list[int]:
    """What rules take off each line; who is not known has no stamp card."""
    cards = {one.rule for one in case.judgement.others if isinstance(one, Stamped)}
    off = [0] * len(case.event.lines)
    for discount in case.judgement.discounts:
        if known or discount.rule not in cards:
            for place, amount in discount.shares:
                off[place] += amount
    return off
