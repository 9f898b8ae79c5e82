"""How a receipt's price is settled, line by line: coupons, points, money that earns and money that
does not. Pure, exact: the parts of a line always add up to its price.
"""

from collections.abc import Sequence

from chalicelib.earning.model import Line
from chalicelib.earning.selectors import places
from chalicelib.earning.spread import spread
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.programs.purchases import Purchases, Spending
from chalicelib.programs.rules_conditions import Goods
from chalicelib.receipts.errors import (
    PaymentsDiffer,
    PointsNotTaken,
    TooFewPoints,
    TooManyPoints,
)
from chalicelib.receipts.model import Payment, Shares, SoldLine

EVERYTHING = Goods()
"""What leaves no line out."""


def as_line(sold: SoldLine, paid: int, quantity: int | None = None) -> Line:
    """A line as the rules see it, with what was paid for it."""
    return Line(
        sku=sold.sku,
        category=sold.category,
        brand=sold.brand,
        tags=sold.tags,
        quantity=sold.quantity if quantity is None else quantity,
        paid=paid,
        on_sale=sold.on_sale,
    )


def split(
    lines: Sequence[SoldLine],
    coupons: Sequence[int],
    points: int,
    payments: Sequence[Payment],
    terms: Purchases,
) -> tuple[Shares, ...]:
    """The shares of every line; ``coupons`` is what coupons take off each.

    Points are spread over the lines on which they can be spent by what is left to pay for them;
    money that earns nothing, over all lines by what is then left.

    Raises:
        PointsNotTaken, TooManyPoints, TooFewPoints: the program does not let so many points pay.
        PaymentsDiffer: the payments that are told do not add up.
    """
    told = sum(payment.amount for payment in payments)
    idle = sum(one.amount for one in payments if one.means in terms.earns_nothing)
    shares = settled(lines, coupons, points, idle, terms)
    left = sum(share.money for share in shares)
    if payments and told != left:
        raise PaymentsDiffer(expected=left, found=told)
    return shares


def past(
    lines: Sequence[SoldLine],
    paid: Sequence[int],
    payments: Sequence[Payment],
    terms: Purchases,
) -> tuple[Shares, ...]:
    """The shares of every line of a receipt of the club's past. What was not ``paid`` with money is
    taken off as by coupons: what points were worth elsewhere nobody knows here.

    Raises:
        PaymentsDiffer: more was paid than the lines cost, or the payments are not what was paid.
        InvalidFields: not every line says what was paid for it.
    """
    prices = [line.price for line in lines]
    told = sum(payment.amount for payment in payments)
    if paid and len(paid) != len(lines):
        raise InvalidFields(fields=(FieldError("/paid", "not_each_line"),))
    money = list(paid)
    if not paid:
        money = spread(told, prices) if payments else prices
    if any(part > price for part, price in zip(money, prices, strict=True)):
        raise PaymentsDiffer(expected=sum(prices), found=sum(money))
    if payments and told != sum(money):
        raise PaymentsDiffer(expected=sum(money), found=told)
    idle = spread(sum(one.amount for one in payments if one.means in terms.earns_nothing), money)
    return tuple(
        Shares(price - part, 0, 0, less, part - less)
        for price, part, less in zip(prices, money, idle, strict=True)
    )


def settled(
    lines: Sequence[SoldLine],
    coupons: Sequence[int],
    points: int,
    idle: int,
    terms: Purchases,
) -> tuple[Shares, ...]:
    """The same where ``idle`` is what was paid by means that earn nothing.

    Raises:
        PointsNotTaken, TooManyPoints, TooFewPoints.
    """
    due = [line.price - off for line, off in zip(lines, coupons, strict=True)]
    by_points = _paid_by_points(lines, due, points, terms.spending)
    in_points = spread(points, by_points) if points else [0] * len(due)
    left = [amount - paid for amount, paid in zip(due, by_points, strict=True)]
    idle_parts = spread(idle, left)
    earning = [amount - part for amount, part in zip(left, idle_parts, strict=True)]
    parts = zip(coupons, by_points, in_points, idle_parts, earning, strict=True)
    return tuple(Shares(*one) for one in parts)


def payable(
    lines: Sequence[SoldLine], due: Sequence[int], spending: Spending | None
) -> tuple[int, list[int]]:
    """The most points that can pay what is ``due``, whoever has them, and the money on each line
    that points can pay.
    """
    if spending is None:
        return 0, [0] * len(due)
    open_to = [0] * len(due)
    if spending.goods == EVERYTHING:
        open_to = list(due)
    else:
        shown = [as_line(line, amount) for line, amount in zip(lines, due, strict=True)]
        for place in places(spending.goods, shown):
            open_to[place] = due[place]
    share = spending.max_share
    most = min(sum(due) * share.num // share.den, sum(open_to)) // spending.point_value
    return (most if most >= spending.least else 0), open_to


def _paid_by_points(
    lines: Sequence[SoldLine], due: Sequence[int], points: int, spending: Spending | None
) -> list[int]:
    if not points:
        return [0] * len(due)
    if spending is None:
        raise PointsNotTaken
    if points < spending.least:
        raise TooFewPoints(least=spending.least)
    most, open_to = payable(lines, due, spending)
    if points > most:
        raise TooManyPoints(most=most)
    return spread(points * spending.point_value, open_to)
