"""Whether a change of a program is better or worse for members, where that can be told.

A sign is 1 (better), -1 (worse), 0 (all the same to them) or None (it depends, or cannot be told).
What is called better never gives anybody less by the rule that changes; a doubt makes it None.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from chalicelib.programs import burning
from chalicelib.programs import rules_conditions as when
from chalicelib.programs import rules_effects as give
from chalicelib.programs.rules_model import Rule, Validity
from chalicelib.programs.values import Ratio

Sign = int | None
Way = Callable[[Any, Any], Sign]
"""From what was and what is to be to a sign."""


def together(signs: Iterable[Sign]) -> Sign:
    """One sign for several things that change at once."""
    found = set(signs) - {0}
    if len(found) > 1:
        return None
    return found.pop() if found else 0


def reversed_(sign: Sign) -> Sign:
    """The sign of the opposite."""
    return None if sign is None else -sign


def higher(before: Any, after: Any) -> Sign:
    """More is better; nothing said is no limit."""
    was, now = _figure(before), _figure(after)
    if was == now:
        return 0
    if was is None or now is None:
        return 1 if now is None else -1
    return 1 if now > was else -1


def lower(before: Any, after: Any) -> Sign:
    """Less is better."""
    return reversed_(higher(before, after))


def more_of(before: Iterable[Any], after: Iterable[Any]) -> Sign:
    """More values are better."""
    was, now = set(before), set(after)
    if was == now:
        return 0
    return 1 if now > was else -1 if now < was else None


def _more_or_all(before: Iterable[Any], after: Iterable[Any]) -> Sign:
    was, now = tuple(before), tuple(after)
    if bool(was) != bool(now):
        return 1 if was else -1
    return more_of(was, now)


def _fewer(before: Iterable[Any], after: Iterable[Any]) -> Sign:
    return reversed_(more_of(before, after))


def _no_longer(before: bool, after: bool) -> Sign:
    return int(before) - int(after)


def _earlier(before: date | None, after: date | None) -> Sign:
    return lower(before or date.min, after or date.min)


def _later(before: date | None, after: date | None) -> Sign:
    return higher(before or date.max, after or date.max)


def _either(before: bool | None, after: bool | None) -> Sign:
    if before == after:
        return 0
    return 1 if after is None else -1 if before is None else None


def _rounded(before: str, after: str) -> Sign:
    order = ("down", "half_up", "up")
    return higher(order.index(before), order.index(after))


def by_fields(before: Any, after: Any, ways: dict[str, Way]) -> Sign:
    """The sign of two values of one type, by the ways of their fields."""
    if type(before) is not type(after):
        return None
    return together(
        ways[name](getattr(before, name), getattr(after, name)) if name in ways else None
        for name in before.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    )


_DATES: dict[str, Way] = {"since": _earlier, "until": _later}
_GOODS: dict[str, Way] = {
    **dict.fromkeys(("sku", "category", "brand", "tags"), _more_or_all),
    **dict.fromkeys(("except_sku", "except_category", "except_brand", "except_tags"), _fewer),
    "on_sale": _either,
    "price_from": lower,
    "price_below": higher,
}


def goods(before: when.Goods, after: when.Goods) -> Sign:
    """More goods that count are better."""
    return by_fields(before, after, _GOODS)


def valid(before: Validity, after: Validity) -> Sign:
    """More days are better."""
    return by_fields(before, after, _DATES)


_CONDITIONS: dict[str, Way] = {
    "at_least": lower,
    "at_most": higher,
    "any_of": more_of,
    "days": more_of,
    "months": lower,
    "below": higher,
    "days_before": higher,
    "days_after": higher,
}


def condition(before: when.Condition, after: when.Condition) -> Sign:
    """1: whatever met the condition still does, and more."""
    match before, after:
        case when.NotCondition(), when.NotCondition():
            return reversed_(condition(before.of, after.of))
        case when.HoursCondition(), when.HoursCondition():
            return more_of(_minutes(before), _minutes(after))
        case when.YearlyCondition(), when.YearlyCondition():
            return more_of(_days(before), _days(after))
        case when.DatesCondition(), when.DatesCondition():
            return by_fields(before, after, _DATES)
        case when.GoodsCondition(), when.GoodsCondition():
            ways = {**_CONDITIONS, "goods": goods}
            # More goods that count may also be too many.
            return by_fields(before, after, ways if after.at_most is None else _CONDITIONS)
    return by_fields(before, after, _CONDITIONS)


def _minutes(given: when.HoursCondition) -> set[int]:
    since, until = (int(text[:2]) * 60 + int(text[3:]) for text in (given.since, given.until))
    span = (until - since) % 1440 or 1440
    return {(since + minute) % 1440 for minute in range(span)}


def _days(given: when.YearlyCondition) -> set[str]:
    first = date(2024, 1, 1)  # a leap year has every day
    year = [(first + timedelta(days=day)).isoformat()[5:] for day in range(366)]
    if given.since <= given.until:
        return {day for day in year if given.since <= day <= given.until}
    return {day for day in year if day >= given.since or day <= given.until}


_EFFECTS: dict[str, dict[str, Way]] = {
    "points": {"points": higher},
    "per_unit": {
        "points": higher,
        "per": lower,
        "full_only": _no_longer,
        "rounding": _rounded,
    },
    "percentage": {"rate": higher, "per_point": lower, "rounding": _rounded},
    "partner_rate": {"per_point": lower, "rounding": _rounded},
    "multiplier": {"factor": higher, "groups": _more_or_all, "rounding": _rounded},
    "stamps": {"full": lower},
    "nth_item": {"nth": lower, "off": higher, "rounding": _rounded},
    "discount": {"off": higher, "amount": higher, "rounding": _rounded},
    "gift": {"quantity": higher, "per": lower},
    "voucher": {"points": lower, "amount": higher},
}


def effect(before: give.Effect, after: give.Effect) -> Sign:
    """Whether members get more."""
    match before, after:
        case give.DonationEffect(), give.DonationEffect():
            return 0
        case give.SlidingEffect(), give.SlidingEffect():
            ways: dict[str, Way] = {"per_point": lower, "rounding": _rounded}
            if not (before.marginal or after.marginal):
                ways["table"] = _table
            return by_fields(before, after, ways)
        case give.DiscountEffect(), give.DiscountEffect():
            if (before.off is None) != (after.off is None):
                return None
    return by_fields(before, after, _EFFECTS.get(str(before.__struct_config__.tag), {}))


def _table(before: tuple[give.Step, ...], after: tuple[give.Step, ...]) -> Sign:
    sums = {step.since for step in (*before, *after)}
    return together(higher(_rate(before, each), _rate(after, each)) for each in sums)


def _rate(table: tuple[give.Step, ...], amount: int) -> Fraction:
    fit = [step.rate for step in table if step.since <= amount]
    return Fraction(fit[-1].num, fit[-1].den) if fit else Fraction(0)


def grows(given: give.Effect) -> bool:
    """Whether an effect never gives less for more goods."""
    match given:
        case give.StampsEffect() | give.NthItemEffect():
            return False  # a cheaper piece may become the free one
        case give.SlidingEffect(counter="", marginal=False):
            rates = [Fraction(step.rate.num, step.rate.den) for step in given.table]
            return rates == sorted(rates)
    return True


def rule(given: Rule) -> Sign:
    """What it means to members when a rule gives more, or comes at all."""
    if given.stacking.group and given.stacking.mode == "first":
        return None  # it may take the place of one that gives more
    match given.effect:
        case give.DonationEffect():
            return 0
        case give.TierEffect() | give.VoucherEffect():
            return None
    return 1


def within(given: Rule, sign: Sign) -> Sign:
    """The sign of a change that lets a rule apply more (1) or less (-1)."""
    whole = rule(given)
    return 0 if sign == 0 else None if sign is None or whole is None else sign * whole


def burn(before: burning.BurnPolicy, after: burning.BurnPolicy) -> Sign:
    """Whether points live longer."""
    never = (isinstance(before, burning.Never), isinstance(after, burning.Never))
    if never[1] and isinstance(before, burning.Inactive):
        return None  # what members have is renewed no more, and burns
    if any(never):
        return int(never[1]) - int(never[0])
    match before, after:
        case burning.After(), burning.After():
            return _life(before, after)
        case burning.Inactive(), burning.Inactive():
            kinds = more_of(before.renewed_by, after.renewed_by)
            return together((_life(before, after), kinds))
        case burning.After(), burning.Inactive():
            # The same life, and renewed on top of it.
            return 1 if _life(before, after) in (0, 1) else None
        case burning.Inactive(), burning.After():
            return -1 if _life(before, after) in (0, -1) else None
        case burning.EndOf(), burning.EndOf():
            order = ("month", "quarter", "year")
            periods = higher(order.index(before.period), order.index(after.period))
            return together((periods, higher(before.extra_days, after.extra_days)))
        case burning.Fixed(), burning.Fixed():
            # Points earned after the earlier date did not burn at all.
            return 0 if before.date == after.date else None
    return None


_Life = burning.After | burning.Inactive


def _life(before: _Life, after: _Life) -> Sign:
    """Lives are rounded up, so that a few days more can burn sooner: then their spans decide."""
    same = burning.bucket(before) == burning.bucket(after)
    if before.unit == after.unit and (same or before.unit == "month"):
        return higher(before.count, after.count)
    (was_least, was_most), (now_least, now_most) = (_span(one) for one in (before, after))
    return 1 if now_least > was_most else -1 if now_most < was_least else None


_ROUNDED_BY = {"day": 0, "week": 6, "month": 30, "quarter": 91}


def _span(policy: _Life) -> tuple[int, int]:
    """Fewest and most days that a life can come to."""
    shortest, longest = (1, 1) if policy.unit == "day" else (28, 31)
    return policy.count * shortest, policy.count * longest + _ROUNDED_BY[burning.bucket(policy)]


def _figure(value: Any) -> Any:
    return Fraction(value.num, value.den) if isinstance(value, Ratio) else value
