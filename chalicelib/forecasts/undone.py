"""What one return takes out of a forecast's figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.earning.model import Discount, Donation
from chalicelib.forecasts.figures import DaySum, Figures
from chalicelib.forecasts.model import WHOLE
from chalicelib.receipts import returns
from chalicelib.receipts.model import Shares, SoldLine

Lines = Sequence[SoldLine]


@dataclass(frozen=True, slots=True)
class Undone:
    """What one return took back."""

    price: int
    cost: int
    costed: int
    coupons: int
    back: int
    taken: int
    excused: int
    swapped: int
    vouchers: int
    voucher_money: int
    fewer: dict[str, int]
    """Points taken back, by rule."""
    off: dict[str, int]
    """The document's own discounts of what came back, by rule."""
    donations: Sequence[Donation]
    """What is not given away for it."""

    @property
    def turnover(self) -> int:
        """The shelf prices of what came back."""
        return self.price + sum(self.off.values())

    def margin(self, assumed: int) -> int:
        """The margin that went with it; ``assumed`` basis points where no cost is told."""
        left = self.costed - self.cost + (self.price - self.costed) * assumed // WHOLE
        return left + sum(self.off.values())


def uncount(figures: Figures, day: str, undone: Undone, margin: int) -> None:
    """Take what came back on a day out of the figures; ``margin`` basis points are assumed where no
    cost is told.
    """
    off = sum(undone.off.values())
    figures.turnover -= undone.turnover
    figures.margin -= undone.margin(margin)
    figures.costed -= undone.costed
    figures.coupons -= undone.coupons
    figures.discounts -= off
    figures.donations -= sum(one.amount for one in undone.donations)
    figures.given -= undone.taken
    figures.excused += undone.excused
    figures.spent -= undone.back
    figures.exchanged -= undone.swapped
    figures.vouchers -= undone.vouchers
    figures.voucher_money -= undone.voucher_money
    for rule, points in undone.fewer.items():
        figures.rule(rule, -points, times=0)
    for rule, money in undone.off.items():
        figures.rule(rule, 0, -money, times=0)
    for one in undone.donations:
        figures.rule(one.rule, 0, -one.amount, times=0)
    figures.day(day, DaySum(0, -undone.turnover, -undone.taken, -undone.back, discounts=-off))


def goods(
    lines: Lines,
    shares: Sequence[Shares],
    before: Sequence[int],
    after: Sequence[int],
) -> tuple[int, int, int, int]:
    """Price, cost, the price of lines with a cost, and coupons of the pieces that came back."""
    price = cost = costed = coupons = 0
    for line, share, was, now in zip(lines, shares, before, after, strict=True):
        gone = returns.part(line.price, now, line.quantity)
        gone -= returns.part(line.price, was, line.quantity)
        price += gone
        coupons += returns.part(share.coupon, now, line.quantity)
        coupons -= returns.part(share.coupon, was, line.quantity)
        if line.cost is not None:
            costed += gone
            cost += returns.part(line.cost, now, line.quantity)
            cost -= returns.part(line.cost, was, line.quantity)
    return price, cost, costed, coupons


def discounts(
    lines: Lines, given: Sequence[Discount], before: Sequence[int], after: Sequence[int]
) -> dict[str, int]:
    """Discounts of the pieces that came back, by rule."""
    found: dict[str, int] = {}
    for one in given:
        for place, amount in one.shares:
            pieces = lines[place].quantity
            gone = returns.part(amount, after[place], pieces)
            gone -= returns.part(amount, before[place], pieces)
            found[one.rule] = found.get(one.rule, 0) + gone
    return found
