"""What changes within one earning rule. Pure."""

from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.programs import better
from chalicelib.programs import rules_effects as give
from chalicelib.programs.better import Sign
from chalicelib.programs.differences import Change, changed, others, set_or_not
from chalicelib.programs.rules_model import Caps, Rule

FIGURES: dict[tuple[type[Any], str], str] = {
    (give.PointsEffect, "points"): "rule_points",
    (give.PercentageEffect, "rate"): "rule_rate",
    (give.MultiplierEffect, "factor"): "rule_factor",
    (give.StampsEffect, "full"): "rule_full",
    (give.NthItemEffect, "off"): "rule_off",
    (give.DiscountEffect, "off"): "rule_off",
    (give.DiscountEffect, "amount"): "rule_amount",
    (give.GiftEffect, "quantity"): "rule_quantity",
    (give.DonationEffect, "share"): "rule_share",
}
"""Figures of effects that are told by themselves when nothing else of the effect changes."""
_RULE = frozenset(
    {
        *("id", "name", "trigger", "conditions", "goods", "effect", "stacking", "caps", "valid"),
        "pending_days",
    }
)
_CAPS = frozenset({"receipt", "day", "month", "period", "ever", "program"})


def rule_changes(before: Rule, after: Rule, pointer: str) -> Iterator[Change]:
    """In which parts a rule changes."""
    for change in _parts(before, after, pointer):
        yield msgspec.structs.replace(change, rule=after)


def _parts(before: Rule, after: Rule, pointer: str) -> Iterator[Change]:
    yield from changed(f"{pointer}/name", "rule_name", before.name, after.name, 0)
    yield from changed(f"{pointer}/trigger", "rule_trigger", before.trigger, after.trigger, None)
    yield from _effect(before, after, pointer)
    yield from _conditions(before, after, f"{pointer}/conditions")
    wider = better.goods(before.goods, after.goods)
    grow = better.grows(before.effect) and better.grows(after.effect)
    sign = _within(before, after, wider if grow else None)
    yield from changed(f"{pointer}/goods", "rule_goods", before.goods, after.goods, sign)
    yield from _caps(before, after, f"{pointer}/caps")
    sign = _within(before, after, better.valid(before.valid, after.valid))
    yield from changed(f"{pointer}/valid", "rule_valid", before.valid, after.valid, sign)
    sign = better.lower(before.pending_days, after.pending_days)
    yield from changed(
        f"{pointer}/pending_days", "rule_pending", before.pending_days, after.pending_days, sign
    )
    yield from changed(
        f"{pointer}/stacking", "rule_stacking", before.stacking, after.stacking, None
    )
    yield from others(before, after, pointer, _RULE)


def _within(before: Rule, after: Rule, sign: Sign) -> Sign:
    """What a wider or narrower rule means; nothing can be told where its effect changes in kind."""
    if type(before.effect) is not type(after.effect):
        return None
    signs = {better.within(before, sign), better.within(after, sign)}
    return signs.pop() if len(signs) == 1 else None


def _effect(before: Rule, after: Rule, pointer: str) -> Iterator[Change]:
    was, now = before.effect, after.effect
    sign = better.effect(was, now)
    if better.rule(before) is None or better.rule(after) is None:
        sign = sign if _is_voucher(before, after) else None
    differing = [
        name
        for name in was.__struct_fields__
        if type(was) is type(now) and getattr(was, name) != getattr(now, name)
    ]
    topic = FIGURES.get((type(was), differing[0])) if len(differing) == 1 else None
    if topic is None:
        yield from changed(f"{pointer}/effect", "rule_effect", was, now, sign)
        return
    name = differing[0]
    values = getattr(was, name), getattr(now, name)
    yield from changed(f"{pointer}/effect/{name}", topic, *values, sign)


def _is_voucher(before: Rule, after: Rule) -> bool:
    """Vouchers are worth more or less, although it cannot be told whether one wants them at all."""
    return all(
        isinstance(one.effect, give.VoucherEffect) and one.stacking.mode != "first"
        for one in (before, after)
    )


def _conditions(before: Rule, after: Rule, pointer: str) -> Iterator[Change]:
    """Conditions have no names: equal ones are the same, and then those of one kind in order."""
    was, now = list(enumerate(before.conditions)), list(enumerate(after.conditions))
    for place, one in list(now):
        same = next((old for old in was if old[1] == one), None)
        if same is not None:
            was.remove(same)
            now.remove((place, one))
    for place, one in now:
        old = next((each for each in was if type(each[1]) is type(one)), None)
        if old is None:
            sign = _within(before, after, -1)
            yield from set_or_not(f"{pointer}/{place}", "rule_condition", None, one, sign)
            continue
        was.remove(old)
        sign = _within(before, after, better.condition(old[1], one))
        yield from changed(f"{pointer}/{place}", "rule_condition", old[1], one, sign)
    for place, one in was:
        sign = _within(before, after, 1)
        yield from set_or_not(f"{pointer}/{place}", "rule_condition", one, None, sign)


def _caps(before: Rule, after: Rule, pointer: str) -> Iterator[Change]:
    was, now = before.caps, after.caps
    for name in ("receipt", "day", "month", "ever", "program"):
        old, new = getattr(was, name), getattr(now, name)
        sign = _within(before, after, better.higher(old, new))
        yield from set_or_not(f"{pointer}/{name}", f"cap_{name}", old, new, sign)
    sign = _within(before, after, _period(was, now))
    yield from set_or_not(f"{pointer}/period", "cap_period", was.period, now.period, sign)
    yield from others(was, now, pointer, _CAPS)


def _period(was: Caps, now: Caps) -> Sign:
    if was.period is None or now.period is None:
        return better.higher(was.period and 0, now.period and 0)
    ways: dict[str, better.Way] = {"points": better.higher, "days": better.lower}
    return better.by_fields(was.period, now.period, ways)
