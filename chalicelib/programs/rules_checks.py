"""What earning rules must keep beyond their types, each fault with a JSON pointer to it."""

from collections.abc import Iterator
from datetime import date

from chalicelib.kernel.errors import FieldError
from chalicelib.programs import rules_conditions as when
from chalicelib.programs import rules_effects as give
from chalicelib.programs.model import Earning, Faults
from chalicelib.programs.purchases import Purchases
from chalicelib.programs.rules_model import Caps, Rule
from chalicelib.programs.values import Ratio

LEAP_YEAR = 2024
MOST_VOUCHERS = 10
"""Rules of one trigger that give vouchers."""
MOST_BUDGETS = 20
"""Rules of one trigger with a budget for all members."""
MOST_DELAYS = 10
"""Different numbers of days after which points of one trigger can be used."""
AT_REGISTRATION = (
    when.AllCondition,
    when.AnyCondition,
    when.NotCondition,
    when.PositionsCondition,
    when.GoodsCondition,
    when.HoursCondition,
    when.WeekdaysCondition,
    when.DatesCondition,
    when.YearlyCondition,
    when.PartnerCondition,
    when.KindCondition,
    when.GenderCondition,
    when.MembershipCondition,
    when.BirthdayCondition,
    when.FirstCondition,
)
"""Conditions about what is known when an item is registered."""
AT_SALE = tuple(one for one in AT_REGISTRATION if one is not when.FirstCondition)
"""Conditions about what is known when a seller claims an item."""
OF_ITEMS: dict[str, tuple[tuple[type, ...], str]] = {
    "item_registered": (AT_REGISTRATION, "not_at_registration"),
    "item_sold": (AT_SALE, "not_at_sale"),
}
"""By triggers about one item: what conditions can ask, and the fault of what cannot be there."""


def faults(earning: Earning) -> Faults:
    """Everything wrong with rules and counters, apart from their texts."""
    found = [*_counters(earning), *_twice(earning), *_groups(earning), *_too_many(earning)]
    for place, rule in enumerate(earning.rules):
        found += _rule(rule, f"/earning/rules/{place}", earning)
    return tuple(found)


def walk(
    conditions: tuple[when.Condition, ...], pointer: str
) -> Iterator[tuple[str, when.Condition]]:
    """Every condition of a tree with its JSON pointer, parents before children."""
    for place, condition in enumerate(conditions):
        yield from _below(condition, f"{pointer}/{place}")


def _below(condition: when.Condition, pointer: str) -> Iterator[tuple[str, when.Condition]]:
    yield pointer, condition
    match condition:
        case when.AllCondition() | when.AnyCondition():
            yield from walk(condition.of, f"{pointer}/of")
        case when.NotCondition():
            yield from _below(condition.of, f"{pointer}/of")


def _counters(earning: Earning) -> Iterator[FieldError]:
    for name, counter in earning.counters.items():
        if (counter.over == "days") != (counter.days is not None):
            yield FieldError(f"/earning/counters/{name}/days", "days_misplaced")


def _twice(earning: Earning) -> Iterator[FieldError]:
    ids: set[str] = set()
    cards: set[str] = set()
    for place, rule in enumerate(earning.rules):
        if rule.id in ids:
            yield FieldError(f"/earning/rules/{place}/id", "duplicate")
        ids.add(rule.id)
        if isinstance(rule.effect, give.StampsEffect):
            if rule.effect.card in cards:
                yield FieldError(f"/earning/rules/{place}/effect/card", "duplicate")
            cards.add(rule.effect.card)


def _too_many(earning: Earning) -> Iterator[FieldError]:
    """What one event can bring about must fit one transaction."""
    vouchers: dict[str, set[str]] = {}
    budgets: dict[str, set[str]] = {}
    delays: dict[str, set[str]] = {}
    for place, rule in enumerate(earning.rules):
        found = (
            (
                "effect",
                vouchers,
                MOST_VOUCHERS,
                isinstance(rule.effect, give.VoucherEffect),
                rule.id,
            ),
            ("caps/program", budgets, MOST_BUDGETS, rule.caps.program is not None, rule.id),
            ("pending_days", delays, MOST_DELAYS, rule.pending_days > 0, str(rule.pending_days)),
        )
        for name, by_trigger, most, counts, what in found:
            if not counts:
                continue
            known = by_trigger.setdefault(rule.trigger, set())
            known.add(what)
            if len(known) > most:
                yield FieldError(f"/earning/rules/{place}/{name}", "too_many", {"limit": str(most)})


def _groups(earning: Earning) -> Iterator[FieldError]:
    first: dict[str, tuple[str, str, str]] = {}
    for place, rule in enumerate(earning.rules):
        pointer = f"/earning/rules/{place}"
        stacking, phase = rule.stacking, give.phase_of(rule.effect)
        if not stacking.group:
            if stacking.mode != "all":
                yield FieldError(f"{pointer}/stacking/group", "group_missing")
            continue
        same = (stacking.mode, phase, rule.trigger)
        if first.setdefault(stacking.group, same) != same:
            yield FieldError(f"{pointer}/stacking/group", "group_mixed")
        if isinstance(rule.effect, give.StampsEffect):
            yield FieldError(f"{pointer}/stacking/group", "stands_alone")
        if stacking.mode == "best" and phase == "other":
            yield FieldError(f"{pointer}/stacking/mode", "not_comparable")
    for place, rule in enumerate(earning.rules):
        if isinstance(rule.effect, give.MultiplierEffect):
            for at, group in enumerate(rule.effect.groups):
                if first.get(group, ("", "", ""))[1:] != ("points", rule.trigger):
                    yield FieldError(f"/earning/rules/{place}/effect/groups/{at}", "group_unknown")


def _rule(rule: Rule, pointer: str, earning: Earning) -> Iterator[FieldError]:
    yield from _dates(rule.valid.since, rule.valid.until, f"{pointer}/valid")
    yield from _goods(rule.goods, f"{pointer}/goods")
    for at, condition in walk(rule.conditions, f"{pointer}/conditions"):
        yield from _condition(condition, at, earning)
        if rule.trigger in OF_ITEMS and not isinstance(condition, OF_ITEMS[rule.trigger][0]):
            yield FieldError(at, OF_ITEMS[rule.trigger][1])
    yield from _effect(rule.effect, f"{pointer}/effect", earning)
    if give.phase_of(rule.effect) not in ("points", "multiplier"):
        if rule.caps != Caps():
            yield FieldError(f"{pointer}/caps", "without_points")
        if rule.pending_days:
            yield FieldError(f"{pointer}/pending_days", "without_points")
    if rule.trigger in OF_ITEMS:
        yield from _of_item(rule, pointer, OF_ITEMS[rule.trigger][1])


def _of_item(rule: Rule, pointer: str, fault: str) -> Iterator[FieldError]:
    """What one item can bring today: points, not put off, without counting earlier ones."""
    if not isinstance(rule.effect, give.PointsEffect | give.MultiplierEffect):
        yield FieldError(f"{pointer}/effect", fault)
    if rule.caps != Caps(receipt=rule.caps.receipt):
        yield FieldError(f"{pointer}/caps", fault)
    if rule.pending_days:
        yield FieldError(f"{pointer}/pending_days", fault)


def _condition(condition: when.Condition, pointer: str, earning: Earning) -> Iterator[FieldError]:
    at_least, at_most = getattr(condition, "at_least", 0), getattr(condition, "at_most", None)
    if at_most is not None and at_most < at_least:
        yield FieldError(f"{pointer}/at_most", "range_empty")
    match condition:
        case when.HistoryCondition():
            if condition.counter not in earning.counters:
                yield FieldError(f"{pointer}/counter", "counter_unknown")
        case when.GoodsCondition():
            yield from _goods(condition.goods, f"{pointer}/goods")
        case when.DatesCondition():
            yield from _dates(condition.since, condition.until, pointer)
        case when.YearlyCondition():
            for name in ("since", "until"):
                if not _is_day(getattr(condition, name)):
                    yield FieldError(f"{pointer}/{name}", "day_unknown")
        case when.MembershipCondition():
            if condition.below is not None and condition.below <= condition.at_least:
                yield FieldError(f"{pointer}/below", "range_empty")


def _effect(effect: give.Effect, pointer: str, earning: Earning) -> Iterator[FieldError]:
    match effect:
        case give.SlidingEffect():
            yield from _sliding(effect, pointer, earning)
        case give.MultiplierEffect():
            if effect.factor.num < effect.factor.den:
                yield FieldError(f"{pointer}/factor", "too_small", {"limit": "1"})
        case give.DiscountEffect():
            if (effect.off is None) == (effect.amount is None):
                yield FieldError(f"{pointer}/off", "off_or_amount")
            yield from _part_of_whole(effect.off, f"{pointer}/off")
        case give.NthItemEffect():
            yield from _part_of_whole(effect.off, f"{pointer}/off")
        case give.DonationEffect():
            yield from _part_of_whole(effect.share, f"{pointer}/share")
        case give.GiftEffect():
            if effect.of == "event" and effect.per > 1:
                yield FieldError(f"{pointer}/per", "too_big", {"limit": "1"})


def _sliding(effect: give.SlidingEffect, pointer: str, earning: Earning) -> Iterator[FieldError]:
    sums = [step.since for step in effect.table]
    for place in range(1, len(sums)):
        if sums[place] <= sums[place - 1]:
            yield FieldError(f"{pointer}/table/{place}/since", "not_rising")
    if effect.counter and effect.counter not in earning.counters:
        yield FieldError(f"{pointer}/counter", "counter_unknown")
    elif effect.counter and earning.counters[effect.counter].measure != "amount":
        yield FieldError(f"{pointer}/counter", "counter_not_money")
    if effect.of == "counter" and not effect.counter:
        yield FieldError(f"{pointer}/counter", "required")
    if effect.marginal and (effect.of == "counter") != bool(effect.counter):
        yield FieldError(f"{pointer}/marginal", "marginal_of_another_sum")


def purchases(given: Purchases) -> Faults:
    """Everything wrong with what is said about purchases."""
    spending = given.spending
    if spending is None:
        return ()
    pointer = "/purchases/spending"
    return (
        *_part_of_whole(spending.max_share, f"{pointer}/max_share"),
        *_goods(spending.goods, f"{pointer}/goods"),
    )


def _part_of_whole(share: Ratio | None, pointer: str) -> Iterator[FieldError]:
    if share is not None and share.num > share.den:
        yield FieldError(pointer, "over_whole")


def _goods(goods: when.Goods, pointer: str) -> Iterator[FieldError]:
    if goods.price_below is not None and goods.price_below <= goods.price_from:
        yield FieldError(f"{pointer}/price_below", "range_empty")


def _dates(since: date | None, until: date | None, pointer: str) -> Iterator[FieldError]:
    if since and until and until < since:
        yield FieldError(f"{pointer}/until", "range_empty")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        return False
    return True
