"""The rule engine again, slow and obvious, to hold the real one to.

It walks the document anew for each event, counts in fractions and knows no tables, caches or order
but those of the documentation. It shares values with the platform, and no rules.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import msgspec

from chalicelib.earning.model import Judgement, Used
from chalicelib.programs.rules_model import Rule
from tests.support.reference_conditions import Conditions


@dataclass
class Result:
    """What comes of an event, in plain values."""

    awards: list[tuple[str, int, dict[int, int]]] = field(default_factory=list)
    discounts: list[tuple[str, dict[int, int]]] = field(default_factory=list)
    others: list[tuple[Any, ...]] = field(default_factory=list)


def plain(judgement: Judgement) -> Result:
    """A judgement in the reference's words."""
    return Result(
        [(award.rule, award.points, dict(award.shares)) for award in judgement.awards],
        [(one.rule, dict(one.shares)) for one in judgement.discounts],
        [msgspec.structs.astuple(other) for other in judgement.others],
    )


def rounded(value: Fraction, how: str) -> int:
    """A fraction as a whole number."""
    if how == "down":
        return math.floor(value)
    if how == "up":
        return math.ceil(value)
    return math.floor(value + Fraction(1, 2))


def ratio(value: Any) -> Fraction:
    """A ratio of the document."""
    return Fraction(value.num, value.den)


def shared(whole: int, weights: dict[int, int]) -> dict[int, int]:
    """Largest remainder, one unit after the other."""
    if not weights:
        return {}
    if sum(weights.values()) == 0:
        weights = dict.fromkeys(weights, 1)
    exact = {k: Fraction(whole * w, sum(weights.values())) for k, w in weights.items()}
    parts = {k: math.floor(it) for k, it in exact.items()}
    while sum(parts.values()) < whole:
        # Who lacks most gets the next one; nobody gets two, for the lack is then below zero.
        lacking = max(parts, key=lambda k: (exact[k] - parts[k], -k))
        parts[lacking] += 1
    return parts


class Reference(Conditions):
    """Judges one event of one program."""

    def judge(self) -> Result:
        """The four steps of the documentation."""
        ordered = sorted(self.program.earning.rules, key=lambda rule: -rule.stacking.priority)
        rules = [rule for rule in ordered if self.applies(rule)]
        result = Result()
        if self.event.quote:
            self.discounts(rules, result)
        points = [(rule, self.points(rule)) for rule in rules if self.kind(rule) in POINTS]
        awarded = self.stacked(self.within_caps(points))
        more = [
            (rule, self.multiplied(rule, awarded))
            for rule in rules
            if self.kind(rule) == "multiplier"
        ]
        awarded += self.stacked(self.within_caps(more))
        for rule, given in self.below_ceiling(awarded):
            result.awards.append((rule.id, given, shared(given, self.due_of(rule))))
        self.others(rules, result)
        return result

    def kind(self, rule: Rule) -> str:
        """The type of a rule's effect."""
        return str(rule.effect.__struct_config__.tag)

    def applies(self, rule: Rule) -> bool:
        """Trigger, dates, conditions, goods."""
        since, until = rule.valid.since, rule.valid.until
        plain = rule.goods == rule.goods.__class__()
        return (
            rule.trigger == self.event.trigger
            and (since is None or since <= self.today)
            and (until is None or self.today <= until)
            and all(self.holds(one) for one in rule.conditions)
            and (plain or bool(self.lines_of(rule.goods)))
        )

    def due_of(self, rule: Rule) -> dict[int, int]:
        """What is to be paid for the lines of a rule, by line."""
        return {place: self.due[place] for place in self.lines_of(rule.goods)}

    def points(self, rule: Rule) -> int:
        """A rule's points before caps."""
        effect: Any = rule.effect
        amount = sum(self.due_of(rule).values())
        match self.kind(rule):
            case "points":
                return int(effect.points)
            case "percentage":
                return rounded(ratio(effect.rate) * amount / effect.per_point, effect.rounding)
            case "partner_rate":
                rate = self.event.partner_rate
                share = Fraction(0) if rate is None else ratio(rate)
                return rounded(share * amount / effect.per_point, effect.rounding)
            case "per_unit":
                pieces = self.counted(self.lines_of(rule.goods), "pieces")
                units = {"amount": amount, "pieces": pieces, "count": self.event.count}[effect.of]
                if effect.full_only:
                    return int(math.floor(Fraction(units, effect.per)) * effect.points)
                return rounded(Fraction(units * effect.points, effect.per), effect.rounding)
        by = self.event.history.counters.get(effect.counter, 0) if effect.counter else amount
        base = by if effect.of == "counter" else amount
        total = Fraction(0)
        reached = [step for step in effect.table if step.since <= by]
        if effect.marginal:
            for step in reached:
                above = [next_.since for next_ in effect.table if next_.since > step.since]
                total += (min([by, *above]) - step.since) * ratio(step.rate)
        elif reached:
            total = base * ratio(reached[-1].rate)
        return rounded(total / effect.per_point, effect.rounding)

    def multiplied(self, rule: Rule, awarded: list[tuple[Rule, int]]) -> int:
        """The points beyond the first time."""
        effect: Any = rule.effect
        mine = set(self.lines_of(rule.goods))
        plain = rule.goods == rule.goods.__class__()
        bases = [
            (points, self.due_of(other))
            for other, points in awarded
            if not effect.groups or other.stacking.group in effect.groups
        ]
        if not effect.groups:
            bases.append((self.event.given, dict(self.due)))
        base = 0
        for points, due in bases:
            parts = shared(points, due)
            base += points if plain else sum(n for place, n in parts.items() if place in mine)
        return rounded(base * (ratio(effect.factor) - 1), effect.rounding)

    def within_caps(self, given: list[tuple[Rule, int]]) -> list[tuple[Rule, int]]:
        """What the caps leave, without what they leave nothing of."""
        found = []
        for rule, points in given:
            caps, used = rule.caps, self.used.get(rule.id, Used())
            for most, had in (
                (caps.receipt, 0),
                (caps.day, used.day),
                (caps.month, used.month),
                (caps.period.points if caps.period else None, used.period),
                (caps.ever, used.ever),
                (caps.program, used.program),
            ):
                if most is not None:
                    points = min(points, max(0, most - had))
            if points > 0:
                found.append((rule, points))
        return found

    def stacked(self, given: list[tuple[Rule, int]]) -> list[tuple[Rule, int]]:
        """Each group's choice."""
        found = []
        for rule, points in given:
            rivals = [(r.id, p) for r, p in given if r.stacking.group == rule.stacking.group]
            if rule.stacking.mode == "best":
                most = max(p for _, p in rivals)
                winner = next(name for name, p in rivals if p == most)
            else:
                winner = rivals[0][0]
            if rule.stacking.mode == "all" or winner == rule.id:
                found.append((rule, points))
        return found

    def below_ceiling(self, awarded: list[tuple[Rule, int]]) -> list[tuple[Rule, int]]:
        """What the ceiling leaves, the first awards first."""
        ceiling = self.program.earning.ceiling
        if ceiling is not None and self.event.lines:
            left = math.floor(sum(self.due.values()) * ratio(ceiling.share) / ceiling.per_point)
            kept = []
            for rule, points in awarded:
                kept.append((rule, min(left, points)))
                left -= kept[-1][1]
            awarded = kept
        return [(rule, points) for rule, points in awarded if points]

    def discounts(self, rules: list[Rule], result: Result) -> None:
        """One discount after the other, each on what is left."""
        kinds = ("discount", "nth_item", "stamps")
        left = [rule for rule in rules if self.kind(rule) in kinds]
        while left:
            rule = left.pop(0)
            group, mode = rule.stacking.group, rule.stacking.mode
            off = self.off(rule)
            if mode == "best":
                rivals = [rule, *(one for one in left if one.stacking.group == group)]
                left = [one for one in left if one.stacking.group != group]
                most = max(sum(self.off(one).values()) for one in rivals)
                rule = next(one for one in rivals if sum(self.off(one).values()) == most)
                off = self.off(rule)
            if not sum(off.values()):
                continue
            if mode == "first":
                left = [one for one in left if one.stacking.group != group]
            result.discounts.append((rule.id, {k: v for k, v in off.items() if v}))
            for place, amount in off.items():
                self.due[place] -= amount

    def off(self, rule: Rule) -> dict[int, int]:
        """What comes off each line."""
        effect: Any = rule.effect
        due = self.due_of(rule)
        if self.kind(rule) == "discount":
            whole = {0: sum(due.values())} if effect.per == "receipt" else due
            off = {
                place: min(effect.amount, money)
                if effect.off is None
                else rounded(money * ratio(effect.off), effect.rounding)
                for place, money in whole.items()
            }
            return shared(off[0], due) if effect.per == "receipt" else off
        pieces = []
        for place, money in due.items():
            number = self.event.lines[place].quantity
            pieces += [(price, place) for price in shared_out(money, number)]
        if self.kind(rule) == "stamps":
            return self.sums(sorted(pieces)[: self.stamped(rule)[1]])
        cheapest = sorted(pieces)[: len(pieces) // effect.nth]
        sums = self.sums(cheapest)
        off_all = rounded(sum(p for p, _ in cheapest) * ratio(effect.off), effect.rounding)
        return shared(off_all, {k: v for k, v in sums.items() if v})

    def sums(self, pieces: list[tuple[int, int]]) -> dict[int, int]:
        """Prices of pieces by line."""
        places = {place for _, place in pieces}
        return {at: sum(price for price, place in pieces if place == at) for at in sorted(places)}

    def stamped(self, rule: Rule) -> tuple[int, int, int]:
        """Play the card piece by piece."""
        effect: Any = rule.effect
        stamps = min(self.event.history.stamps.get(effect.card, 0), effect.full)
        given = free = 0
        for _ in range(self.counted(self.lines_of(rule.goods), "pieces")):
            if stamps == effect.full:
                stamps, free = 0, free + 1
            else:
                stamps, given = stamps + 1, given + 1
        return given, free, stamps

    def others(self, rules: list[Rule], result: Result) -> None:
        """Everything that is neither points nor money off."""
        pending = {rule.id: rule.pending_days for rule in rules}
        points = self.event.member.points
        points += sum(given for name, given, _ in result.awards if not pending[name])
        taken: set[str] = set()
        for rule in rules:
            effect: Any = rule.effect
            if rule.stacking.group in taken:
                continue
            given: tuple[Any, ...] = ()
            match self.kind(rule):
                case "stamps":
                    card = self.stamped(rule)
                    given = (effect.card, *card) if card[0] + card[1] else ()
                case "gift":
                    pieces = self.counted(self.lines_of(rule.goods), "pieces")
                    units = {"event": 1, "pieces": pieces, "count": self.event.count}[effect.of]
                    times = math.floor(Fraction(units, effect.per))
                    given = (effect.sku, times * effect.quantity) if times else ()
                case "tier":
                    given = (effect.tier,)
                case "donation":
                    money = sum(self.due_of(rule).values()) * ratio(effect.share)
                    whole = rounded(money, effect.rounding)
                    given = (effect.to, whole) if whole else ()
                case "voucher":
                    count = 0
                    while points >= effect.points:
                        points, count = points - effect.points, count + 1
                    given = (count, count * effect.points, count * effect.amount) if count else ()
            if given:
                result.others.append((rule.id, *given))
                if rule.stacking.mode == "first":
                    taken.add(rule.stacking.group)


POINTS = ("points", "percentage", "partner_rate", "per_unit", "sliding")


def shared_out(money: int, number: int) -> list[int]:
    """The prices of so many equal pieces, as equal as whole numbers can be."""
    return [money // number + (place < money % number) for place in range(number)]
