"""Effects as functions: what an effect gives, from a case and the lines that the rule chose."""

from collections.abc import Callable
from itertools import pairwise
from math import lcm

from chalicelib.earning.case import Case
from chalicelib.earning.spread import divide, spread
from chalicelib.programs import rules_effects as give
from chalicelib.programs.values import Rounding

PointsOf = Callable[[Case], int]
Shares = list[tuple[int, int]]
SharesOf = Callable[[Case], Shares]


def points_of(effect: give.Effect, selector: int) -> PointsOf:
    """The function that gives a rule's points for a case, before caps."""
    match effect:
        case give.PointsEffect(points=points):
            return lambda case: points
        case give.PercentageEffect(rate=rate, rounding=rounding):
            num, den = rate.num, rate.den * effect.per_point
            return lambda case: divide(case.amount(selector) * num, den, rounding)
        case give.PartnerRateEffect(per_point=per_point, rounding=rounding):
            return lambda case: _by_partner(case, selector, per_point, rounding)
        case give.PerUnitEffect():
            return _per_unit(effect, selector)
        case give.SlidingEffect():
            return _sliding(effect, selector)
    raise TypeError(effect)


def shares_of(effect: give.Effect, selector: int) -> SharesOf:
    """The function that gives what comes off each line of a basket; lines that keep their price
    are left out.
    """
    match effect:
        case give.StampsEffect():
            return lambda case: _cheapest(case, selector, stamped(effect, case, selector)[1])
        case give.NthItemEffect():
            return lambda case: _nth(effect, case, selector)
        case give.DiscountEffect(per="line"):
            return lambda case: _of_each(effect, case, selector)
        case give.DiscountEffect():
            return lambda case: _of_all(effect, case, selector)
    raise TypeError(effect)


def stamped(effect: give.StampsEffect, case: Case, selector: int) -> tuple[int, int, int]:
    """Stamps given, free pieces, and stamps on the card afterwards.

    A card and the free piece that it brings make a round of ``full + 1`` pieces. Below zero stamps
    are owed.
    """
    before = min(case.event.history.stamps.get(effect.card, 0), effect.full)
    pieces = case.pieces(selector)
    after = before + pieces
    free, after = divmod(after, effect.full + 1) if after > 0 else (0, after)
    return pieces - free, free, after


def gifts(effect: give.GiftEffect, case: Case, selector: int) -> int:
    """Free pieces: what each full number of units brings."""
    units = 1
    if effect.of == "pieces":
        units = case.pieces(selector)
    elif effect.of == "count":
        units = case.event.count
    return units // effect.per * effect.quantity


def _per_unit(effect: give.PerUnitEffect, selector: int) -> PointsOf:
    points, per, rounding = effect.points, effect.per, effect.rounding
    units: PointsOf
    if effect.of == "amount":
        units = lambda case: case.amount(selector)  # noqa: E731
    elif effect.of == "pieces":
        units = lambda case: case.pieces(selector)  # noqa: E731
    else:
        units = lambda case: case.event.count  # noqa: E731
    if effect.full_only:
        return lambda case: units(case) // per * points
    return lambda case: divide(units(case) * points, per, rounding)


def _by_partner(case: Case, selector: int, per_point: int, rounding: Rounding) -> int:
    rate = case.event.partner_rate
    if rate is None:
        return 0
    return divide(case.amount(selector) * rate.num, rate.den * per_point, rounding)


def _sliding(effect: give.SlidingEffect, selector: int) -> PointsOf:
    counter, of_counter = effect.counter, effect.of == "counter"
    whole = lcm(*(step.rate.den for step in effect.table))
    rows = [(step.since, step.rate.num * (whole // step.rate.den)) for step in effect.table]
    den, rounding = whole * effect.per_point, effect.rounding

    def points(case: Case) -> int:
        by = case.event.history.counters.get(counter, 0) if counter else case.amount(selector)
        if effect.marginal:
            return divide(_marginal(rows, by), den, rounding)
        rate = 0
        for since, num in rows:
            if by < since:
                break
            rate = num
        return divide((by if of_counter else case.amount(selector)) * rate, den, rounding)

    return points


def _marginal(rows: list[tuple[int, int]], by: int) -> int:
    ends = [*rows, (by, 0)]
    return sum(
        (min(by, end) - since) * rate for (since, rate), (end, _) in pairwise(ends) if by > since
    )


def _of_each(effect: give.DiscountEffect, case: Case, selector: int) -> Shares:
    found = []
    for place in case.chosen(selector):
        amount = _off(effect, case.due[place])
        if amount:
            found.append((place, amount))
    return found


def _of_all(effect: give.DiscountEffect, case: Case, selector: int) -> Shares:
    return _spread(case, case.chosen(selector), _off(effect, case.amount(selector)))


def _off(effect: give.DiscountEffect, due: int) -> int:
    if effect.off is not None:
        return divide(due * effect.off.num, effect.off.den, effect.rounding)
    return min(effect.amount or 0, due)


def _spread(case: Case, places: list[int], amount: int) -> Shares:
    parts = spread(amount, [case.due[place] for place in places])
    return [(place, part) for place, part in zip(places, parts, strict=True) if part]


def _nth(effect: give.NthItemEffect, case: Case, selector: int) -> Shares:
    count = case.pieces(selector) // effect.nth
    found = _cheapest(case, selector, count)
    whole = sum(price for _, price in found)
    amount = divide(whole * effect.off.num, effect.off.den, effect.rounding)
    parts = spread(amount, [price for _, price in found])
    return [(place, part) for (place, _), part in zip(found, parts, strict=True) if part]


def _cheapest(case: Case, selector: int, count: int) -> Shares:
    """The prices of the ``count`` cheapest pieces, by line."""
    priced = []
    for place in case.chosen(selector):
        quantity = case.event.lines[place].quantity
        price, dearer = divmod(case.due[place], quantity)
        # A price that cannot be divided makes some pieces dearer by one.
        priced += [(price, place, quantity - dearer), (price + 1, place, dearer)]
    found: dict[int, int] = {}
    for price, place, pieces in sorted(priced):
        taken = min(count, pieces)
        count -= taken
        found[place] = found.get(place, 0) + taken * price
    return [(place, amount) for place, amount in sorted(found.items()) if amount]
