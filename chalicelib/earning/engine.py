"""The rule engine: a program version is compiled once, then judges any number of events.

It is pure, exact and deterministic: whole numbers only, no clock, no table; the same program, event
and use of caps always give the same judgement. Nothing that a club writes is ever executed.

An event is judged in four steps, each by falling priority and then in the document's order:

1. discounts, only of a basket that is still to be paid, each on what the ones before left to pay;
2. points, each rule by itself, on what is to be paid after the discounts;
3. multipliers, on the points of step 2;
4. everything else.

Caps come before stacking: the best rule of a group is the one that really gives most.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.earning import effects
from chalicelib.earning.case import Case
from chalicelib.earning.compiled import NOTHING_USED, Compiled, Plan
from chalicelib.earning.model import (
    NOTHING,
    Award,
    Discount,
    Donation,
    Event,
    Gift,
    Judgement,
    Other,
    Stamped,
    TierChange,
    Used,
    Voucher,
)
from chalicelib.earning.reach import NO_REACH, Reach, reach_of
from chalicelib.earning.spread import divide, spread
from chalicelib.programs import rules_effects as give
from chalicelib.programs.model import Program
from chalicelib.programs.rules_checks import walk
from chalicelib.programs.values import MAX_MONEY

UsedBy = Mapping[str, Used]
"""Points that rules gave before, by the rule's id; a missing rule gave none."""
NONE_USED: UsedBy = {}


class Run(NamedTuple):
    """One event judged, with what an explanation needs beside the result."""

    case: Case
    plan: Plan
    judgement: Judgement
    cut: frozenset[str]
    """Rules of whose points the ceiling left nothing."""


class Engine:
    """A program's rules, compiled."""

    def __init__(self, program: Program) -> None:
        """Compiles all rules: some milliseconds for a thousand of them."""
        self._zone = ZoneInfo(program.zone)
        self._leap_day = program.birthdays.leap_day
        self._ceiling = program.earning.ceiling
        self._asked: dict[str, set[type]] = {}
        for rule in program.earning.rules:
            kinds = {type(condition) for _, condition in walk(rule.conditions, "")}
            self._asked.setdefault(rule.trigger, set()).update(kinds)
        triggers = {rule.trigger for rule in program.earning.rules}
        self._reaches = {trigger: reach_of(program.earning, trigger) for trigger in triggers}
        self._plans = {
            trigger: Plan([rule for rule in program.earning.rules if rule.trigger == trigger])
            for trigger in triggers
        }

    def reach(self, trigger: str) -> Reach:
        """What the rules of a trigger ask of a member's past."""
        return self._reaches.get(trigger, NO_REACH)

    def asks(self, trigger: str, *kinds: type) -> bool:
        """Whether a rule of the trigger has such conditions, so that their facts are needed."""
        return not self._asked.get(trigger, set()).isdisjoint(kinds)

    def judge(self, event: Event, used: UsedBy = NONE_USED) -> Judgement:
        """All that the rules give for an event.

        ``used`` tells what rules with caps gave before; the caller counts that, and keeps it true
        under concurrency.
        """
        plan = self._plans.get(event.trigger)
        if plan is None:
            return NOTHING
        case = Case(event, self._zone, self._leap_day)
        applying = plan.applying(case)
        return self._judge(case, applying, used)[0] if applying else NOTHING

    def run(self, event: Event, used: UsedBy = NONE_USED) -> Run | None:
        """The same with what an explanation needs; None where no rule has the trigger."""
        plan = self._plans.get(event.trigger)
        if plan is None:
            return None
        case = Case(event, self._zone, self._leap_day)
        judgement, cut = self._judge(case, plan.applying(case), used)
        if not case.taken:
            case.select(plan.selectors)
        return Run(case, plan, judgement, cut)

    def _judge(
        self, case: Case, applying: list[Compiled], used: UsedBy
    ) -> tuple[Judgement, frozenset[str]]:
        discounts = _discounts(case, applying) if case.event.quote else []
        awards = _points(case, applying, used)
        awards += _multiplied(case, applying, awards, used)
        cut: frozenset[str] = frozenset()
        if self._ceiling is not None and awards and case.event.lines:
            share, per_point = self._ceiling.share, self._ceiling.per_point
            most = case.amount(0) * share.num // (share.den * per_point)
            awards, cut = _below(awards, most)
        others = _others(case, applying, awards)
        return Judgement(tuple(awards), tuple(discounts), tuple(others)), cut


def _discounts(case: Case, applying: list[Compiled]) -> list[Discount]:
    found: list[Discount] = []
    settled: set[str] = set()
    taking_off = [one for one in applying if one.shares is not None]
    for one in taking_off:
        if one.group in settled:
            continue
        rivals = [one]
        if one.mode == "best":
            settled.add(one.group)
            rivals = [rival for rival in taking_off if rival.group == one.group]
        best = max((_discount(case, rival) for rival in rivals), key=lambda it: it.amount)
        if best.amount:
            found.append(best)
            case.reduce(best.shares)
            if one.mode == "first":
                settled.add(one.group)
    return found


def _discount(case: Case, one: Compiled) -> Discount:
    shares = one.shares(case) if one.shares else []
    return Discount(one.rule.id, sum(amount for _, amount in shares), tuple(shares))


def _points(case: Case, applying: list[Compiled], used: UsedBy) -> list[Award]:
    worth = []
    for one in applying:
        if one.points is not None:
            points = one.points(case)
            if points:
                worth.append((one, points))
    return [_award(case, *won) for won in _stacked(_capped(worth, used))]


def _multiplied(
    case: Case, applying: list[Compiled], awards: list[Award], used: UsedBy
) -> list[Award]:
    worth = []
    groups: dict[str, str] = {}
    for one in applying:
        effect = one.rule.effect
        if isinstance(effect, give.MultiplierEffect):
            groups = groups or {each.rule.id: each.group for each in applying}
            base = _base(case, one, effect, awards, groups)
            more = divide(
                base * (effect.factor.num - effect.factor.den), effect.factor.den, effect.rounding
            )
            if more:
                worth.append((one, more))
    return [_award(case, *won) for won in _stacked(_capped(worth, used))]


def _base(
    case: Case,
    one: Compiled,
    effect: give.MultiplierEffect,
    awards: list[Award],
    groups: dict[str, str],
) -> int:
    """The points that a multiplier multiplies."""
    counted = [
        award for award in awards if not effect.groups or groups[award.rule] in effect.groups
    ]
    given = 0 if effect.groups else case.event.given
    if not one.selector:
        return given + sum(award.points for award in counted)
    chosen = set(case.chosen(one.selector))
    parts = [*enumerate(spread(given, case.due)), *(it for award in counted for it in award.shares)]
    return sum(points for place, points in parts if place in chosen)


Worth = tuple[Compiled, int, bool]
"""A rule, the points that it gives, and whether a cap made them fewer."""


def _capped(worth: Iterable[tuple[Compiled, int]], used: UsedBy) -> list[Worth]:
    found: list[Worth] = []
    for one, points in worth:
        if not one.capped:
            found.append((one, points, False))
            continue
        left = one.within_caps(points, used.get(one.rule.id, NOTHING_USED))
        if left:
            found.append((one, left, left < points))
    return found


def _stacked(worth: list[Worth]) -> list[Worth]:
    """What is left when each group has chosen; among equals the first one stays."""
    chosen: dict[str, Worth] = {}
    for it in worth:
        one = it[0]
        if one.mode != "all":
            rival = chosen.get(one.group)
            if rival is None or (one.mode == "best" and it[1] > rival[1]):
                chosen[one.group] = it
    if not chosen:
        return worth
    return [it for it in worth if it[0].mode == "all" or chosen[it[0].group] is it]


def _award(case: Case, one: Compiled, points: int, capped: bool) -> Award:
    lines = case.chosen(one.selector)
    due = case.due
    return Award(
        one.rule.id,
        points,
        one.rule.pending_days,
        tuple(lines),
        tuple([due[place] for place in lines]),
        capped,
    )


def _below(awards: list[Award], most: int) -> tuple[list[Award], frozenset[str]]:
    """Awards of at most so many points together; the last ones give way first."""
    found: list[Award] = []
    cut: set[str] = set()
    for award in awards:
        points = min(award.points, most)
        most -= points
        if not points:
            cut.add(award.rule)
        elif points == award.points:
            found.append(award)
        else:
            found.append(msgspec.structs.replace(award, points=points, capped=True))
    return found, frozenset(cut)


def _others(case: Case, applying: list[Compiled], awards: list[Award]) -> list[Other]:
    found: list[Other] = []
    settled: set[str] = set()
    available = case.event.member.points
    available += sum(award.points for award in awards if not award.pending_days)
    for one in applying:
        if one.phase != "other" or one.group in settled:
            continue
        given = _other(case, one, available)
        if given is None:
            continue
        found.append(given)
        if isinstance(given, Voucher):
            available -= given.points
        if one.mode == "first":
            settled.add(one.group)
    return found


def _other(case: Case, one: Compiled, available: int) -> Other | None:
    effect, rule = one.rule.effect, one.rule.id
    match effect:
        case give.StampsEffect():
            stamps, free, after = effects.stamped(effect, case, one.selector)
            return Stamped(rule, effect.card, stamps, free, after) if stamps + free else None
        case give.GiftEffect():
            quantity = effects.gifts(effect, case, one.selector)
            return Gift(rule, effect.sku, quantity) if quantity else None
        case give.VoucherEffect():
            # All of them are one credit, which is worth no more than money can be.
            count = min(max(0, available) // effect.points, MAX_MONEY // effect.amount)
            total = count * effect.points
            return Voucher(rule, count, total, count * effect.amount) if count else None
        case give.TierEffect():
            return TierChange(rule, effect.tier)
        case give.DonationEffect():
            share = effect.share
            money = divide(case.amount(one.selector) * share.num, share.den, effect.rounding)
            return Donation(rule, effect.to, money) if money else None
    raise TypeError(effect)
