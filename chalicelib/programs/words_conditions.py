"""Conditions and goods of rules in a reader's words; a sentence each under ``when.<type>``."""

from typing import Any

from chalicelib.programs import rules_conditions as when
from chalicelib.programs.rules_model import Validity
from chalicelib.programs.words import Words

_LISTS = (
    *("sku", "category", "brand", "tags"),
    *("except_sku", "except_category", "except_brand", "except_tags"),
)


def condition(words: Words, given: when.Condition) -> str:
    """One condition."""
    match given:
        case when.AllCondition() | when.AnyCondition():
            inner = words.joined(condition(words, one) for one in given.of)
            return words.say(f"when.{when.kind_of(given)}", inner=inner)
        case when.NotCondition():
            return words.say("when.not", inner=condition(words, given.of))
        case when.PositionsCondition() | when.AmountCondition() | when.GoodsCondition():
            return _counted(words, given)
        case when.HistoryCondition():
            return _history(words, given)
        case when.NthCondition():
            least = given.at_least if given.at_least > 1 else None
            return words.say(
                f"when.nth_today.{given.within}", bounds=words.bounds(least, given.at_most)
            )
        case when.MembershipCondition():
            return _membership(words, given)
        case when.KindCondition() | when.GenderCondition() | when.IdentifiedCondition():
            kind = when.kind_of(given)
            values = words.names(words.say(f"{kind}.{one}") for one in given.any_of)
            return words.say(f"when.{kind}", names=values)
    return _time(words, given)


def _time(words: Words, given: Any) -> str:
    match given:
        case when.RegularCondition():
            return words.count("when.regular", given.months)
        case when.HoursCondition():
            return words.say("when.hours", since=given.since, until=given.until)
        case when.WeekdaysCondition():
            days = words.names(words.say(f"weekday.{day}") for day in given.days)
            return words.say("when.weekdays", names=days)
        case when.DatesCondition():
            return valid(words, Validity(since=given.since, until=given.until))
        case when.YearlyCondition():
            since, until = words.year_day(given.since), words.year_day(given.until)
            return words.say("when.yearly", since=since, until=until)
        case when.BirthdayCondition():
            before, after = given.days_before, given.days_after
            if not (before or after):
                return words.say("when.birthday_itself")
            return words.say("when.birthday", before=before, after=after)
        case when.FirstCondition():
            return words.say("when.first_time")
    return words.say(f"when.{when.kind_of(given)}", names=words.names(given.any_of))


def _counted(
    words: Words, given: when.PositionsCondition | when.AmountCondition | when.GoodsCondition
) -> str:
    counted = getattr(given, "count", "amount")
    told = words.money if counted == "amount" else str
    least = told(given.at_least) if given.at_least else None
    most = None if given.at_most is None else told(given.at_most)
    bounds = words.bounds(least, most)
    if isinstance(given, when.GoodsCondition):
        return words.say(f"when.goods.{counted}", goods=goods(words, given.goods), bounds=bounds)
    if isinstance(given, when.AmountCondition):
        return words.say("when.amount", bounds=bounds)
    return words.say(f"when.positions.{counted}", bounds=bounds)


def _history(words: Words, given: when.HistoryCondition) -> str:
    counter = words.program.earning.counters.get(given.counter)
    told = words.money if counter is not None and counter.measure == "amount" else str
    least = told(given.at_least) if given.at_least else None
    most = None if given.at_most is None else told(given.at_most)
    return words.say("when.history", counter=given.counter, bounds=words.bounds(least, most))


def _membership(words: Words, given: when.MembershipCondition) -> str:
    # "Below 3" is "at most 2": whole days or months are counted.
    least = given.at_least or None
    most = None if given.below is None else given.below - 1
    return words.say(f"when.membership.{given.unit}", bounds=words.bounds(least, most))


def goods(words: Words, given: when.Goods) -> str:
    """Which goods count."""
    parts = [
        words.say(f"goods.{name}", names=words.names(getattr(given, name)))
        for name in _LISTS
        if getattr(given, name)
    ]
    if given.on_sale is not None:
        parts.append(words.say("goods.on_sale" if given.on_sale else "goods.not_on_sale"))
    if given.price_from:
        parts.append(words.say("goods.price_from", price=words.money(given.price_from)))
    if given.price_below is not None:
        parts.append(words.say("goods.price_below", price=words.money(given.price_below)))
    return words.joined(parts) or words.say("goods.any")


def valid(words: Words, given: Validity) -> str:
    """On which days."""
    match given.since, given.until:
        case None, None:
            return words.say("valid.always")
        case since, None if since is not None:
            return words.say("valid.since", since=words.day(since))
        case None, until if until is not None:
            return words.say("valid.until", until=words.day(until))
        case since, until if since is not None and until is not None:
            return words.say("valid.both", since=words.day(since), until=words.day(until))
    raise AssertionError(given)
