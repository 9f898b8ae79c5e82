"""How far back the rules of a trigger ask, so that no more of a member's past is read."""

from collections.abc import Iterator

import msgspec

from chalicelib.programs import rules_conditions as when
from chalicelib.programs import rules_effects as give
from chalicelib.programs.model import Earning
from chalicelib.programs.rules_checks import walk
from chalicelib.programs.rules_model import Rule


class Reach(msgspec.Struct, frozen=True):
    """What the rules of one trigger ask of a member's past."""

    counters: tuple[str, ...] = ()
    """Names of the counters."""
    days: int = 1
    """Local days, that of the event included."""
    months: int = 0
    """Calendar months before that of the event."""
    capped: tuple[Rule, ...] = ()
    """Rules whose points to one member are counted over several events."""
    budgeted: tuple[Rule, ...] = ()
    """Rules whose points to all members are counted."""


NO_REACH = Reach()


def reach_of(earning: Earning, trigger: str) -> Reach:
    """What the rules of a trigger ask."""
    rules = [rule for rule in earning.rules if rule.trigger == trigger]
    names = sorted({name for rule in rules for name in _counters(rule)} & earning.counters.keys())
    asked = [earning.counters[name] for name in names]
    capped = tuple(rule for rule in rules if is_capped(rule))
    days = [1, *(counter.days or 1 for counter in asked)]
    days += [rule.caps.period.days for rule in capped if rule.caps.period]
    months = [0, *(1 for counter in asked if counter.over == "last_month")]
    months += [
        condition.months
        for rule in rules
        for _, condition in walk(rule.conditions, "")
        if isinstance(condition, when.RegularCondition)
    ]
    budgeted = tuple(rule for rule in rules if rule.caps.program is not None)
    return Reach(tuple(names), max(days), max(months), capped, budgeted)


def is_capped(rule: Rule) -> bool:
    """Whether a rule's points to one member are counted over several events."""
    caps = rule.caps
    return any(cap is not None for cap in (caps.day, caps.month, caps.period, caps.ever))


def _counters(rule: Rule) -> Iterator[str]:
    for _, condition in walk(rule.conditions, ""):
        if isinstance(condition, when.HistoryCondition):
            yield condition.counter
    if isinstance(rule.effect, give.SlidingEffect) and rule.effect.counter:
        yield rule.effect.counter
