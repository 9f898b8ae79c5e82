"""What receipts and events add to the figures of a document."""

from chalicelib.earning.model import Donation, Gift, Judgement, Voucher
from chalicelib.forecasts.figures import Figures
from chalicelib.forecasts.model import WHOLE
from chalicelib.receipts.told import Told


def goods(figures: Figures, told: Told, off: int, share: int) -> int:
    """Count prices and costs; ``share`` of a price is margin where nobody told the cost. Returns
    the turnover.
    """
    turnover = off
    margin = off
    for place, line in enumerate(told.sold.lines):
        back = told.before[place] if told.before else 0
        price = line.price - line.price * back // line.quantity
        turnover += price
        if line.cost is None:
            margin += price * share // WHOLE
        else:
            margin += price - (line.cost - line.cost * back // line.quantity)
            figures.costed += price
    figures.turnover += turnover
    figures.margin += margin
    return turnover


def others(figures: Figures, judgement: Judgement) -> None:
    """Count what a judgement gives beside points and discounts."""
    for one in judgement.others:
        if isinstance(one, Voucher):
            figures.exchanged += one.points
            figures.vouchers += one.count
            figures.voucher_money += one.amount
            figures.rule(one.rule, 0, one.amount)
        elif isinstance(one, Donation):
            figures.donations += one.amount
            figures.rule(one.rule, 0, one.amount)
        elif isinstance(one, Gift):
            figures.gifts += one.quantity
            figures.rule(one.rule, 0)
