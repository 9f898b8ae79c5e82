"""The rule engine again, slow and obvious, to hold the real one to.

It walks the document anew for each event, counts in fractions and knows no tables, caches or order
but those of the documentation. It shares values with the platform, and no rules.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.earning.model import Event, Line, Used
from chalicelib.programs.model import Program
from chalicelib.programs.rules_model import Rule

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass
class Result:
    """What comes of an event, in plain values."""

    awards: list[tuple[str, int, dict[int, int]]] = field(default_factory=list)
    discounts: list[tuple[str, dict[int, int]]] = field(default_factory=list)
    others: list[tuple[Any, ...]] = field(default_factory=list)


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


class Reference:
    """Judges one event of one program."""

    def __init__(self, program: Program, event: Event, used: dict[str, Used]) -> None:
        self.program, self.event, self.used = program, event, used
        self.local: datetime = event.at.astimezone(ZoneInfo(program.zone))
        self.today: date = self.local.date()
        self.due = {place: line.paid for place, line in enumerate(event.lines)}

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

    def lines_of(self, goods: Any) -> list[int]:
        """Places of the lines that a selection takes."""
        return [i for i, line in enumerate(self.event.lines) if self.takes(goods, line)]

    def takes(self, goods: Any, line: Line) -> bool:
        """Whether a selection takes a line."""
        price = Fraction(line.paid, line.quantity)
        for name in ("sku", "category", "brand"):
            value = getattr(line, name)
            if getattr(goods, name) and value not in getattr(goods, name):
                return False
            if value in getattr(goods, f"except_{name}"):
                return False
        if goods.tags and not set(goods.tags) & set(line.tags):
            return False
        if set(goods.except_tags) & set(line.tags):
            return False
        if goods.on_sale is not None and goods.on_sale != line.on_sale:
            return False
        return price >= goods.price_from and (
            goods.price_below is None or price < goods.price_below
        )

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds."""
        kind = str(condition.__struct_config__.tag)
        if kind == "all":
            return all(self.holds(one) for one in condition.of)
        if kind == "any":
            return any(self.holds(one) for one in condition.of)
        if kind == "not":
            return not self.holds(condition.of)
        return bool(getattr(self, f"if_{kind}")(condition))

    def bounded(self, value: int, condition: Any) -> bool:
        """Whether a figure is within the bounds."""
        highest = math.inf if condition.at_most is None else condition.at_most
        return bool(condition.at_least <= value <= highest)

    def counted(self, places: list[int], what: str) -> int:
        """Lines, pieces or money of some lines, before discounts."""
        lines = [self.event.lines[i] for i in places]
        if what == "lines":
            return len(lines)
        return sum(line.quantity if what == "pieces" else line.paid for line in lines)

    def if_positions(self, condition: Any) -> bool:
        everything = list(range(len(self.event.lines)))
        return self.bounded(self.counted(everything, condition.count), condition)

    def if_amount(self, condition: Any) -> bool:
        return self.bounded(sum(line.paid for line in self.event.lines), condition)

    def if_goods(self, condition: Any) -> bool:
        return self.bounded(
            self.counted(self.lines_of(condition.goods), condition.count), condition
        )

    def if_history(self, condition: Any) -> bool:
        return self.bounded(self.event.history.counters.get(condition.counter, 0), condition)

    def if_regular(self, condition: Any) -> bool:
        month = self.today.replace(day=1)
        for _ in range(condition.months):
            month = (month - timedelta(days=1)).replace(day=1)
            if month.strftime("%Y-%m") not in self.event.history.months:
                return False
        return True

    def if_hours(self, condition: Any) -> bool:
        now = self.local.strftime("%H:%M")
        since, until = condition.since, condition.until
        if since == until:
            return True
        return since <= now < until if since < until else not until <= now < since

    def if_weekdays(self, condition: Any) -> bool:
        return DAYS[self.today.weekday()] in condition.days

    def if_dates(self, condition: Any) -> bool:
        return (condition.since or date.min) <= self.today <= (condition.until or date.max)

    def if_yearly(self, condition: Any) -> bool:
        now = self.today.strftime("%m-%d")
        since, until = condition.since, condition.until
        return bool(since <= now <= until if since <= until else now >= since or now <= until)

    def if_outlet(self, condition: Any) -> bool:
        return f"{self.event.partner}/{self.event.outlet}" in condition.any_of

    def if_partner(self, condition: Any) -> bool:
        return self.event.partner in condition.any_of

    def if_channel(self, condition: Any) -> bool:
        return self.event.channel in condition.any_of

    def if_subject(self, condition: Any) -> bool:
        return self.event.subject in condition.any_of

    def if_payment(self, condition: Any) -> bool:
        return any(one in condition.any_of for one in self.event.payment)

    def if_segment(self, condition: Any) -> bool:
        return any(one in condition.any_of for one in self.event.member.segments)

    def if_group(self, condition: Any) -> bool:
        return any(one in condition.any_of for one in self.event.member.groups)

    def if_tier(self, condition: Any) -> bool:
        return self.event.member.tier in condition.any_of

    def if_kind(self, condition: Any) -> bool:
        return self.event.member.kind in condition.any_of

    def if_gender(self, condition: Any) -> bool:
        return self.event.member.gender in condition.any_of

    def if_membership(self, condition: Any) -> bool:
        joined = self.event.member.joined_on
        if joined is None or joined > self.today:
            return False
        over = 0
        if condition.unit == "day":
            over = (self.today - joined).days
        else:
            while added_months(joined, over + 1) <= self.today:
                over += 1
        return bool(
            over >= condition.at_least and (condition.below is None or over < condition.below)
        )

    def if_birthday(self, condition: Any) -> bool:
        born = self.event.member.birthday
        if born is None:
            return False
        for shift in range(-condition.days_before, condition.days_after + 1):
            # The day on which the birthday is, if it is `shift` days from today.
            day = self.today - timedelta(days=shift)
            common = (day + timedelta(days=1)).strftime("%m-%d") == "03-01"
            if born.strftime("%m-%d") == day.strftime("%m-%d") or (
                born.strftime("%m-%d") == "02-29" and day.strftime("%m-%d") == "02-28" and common
            ):
                return True
        return False

    def if_first_time(self, condition: Any) -> bool:
        return bool(self.event.history.first)

    def if_nth_today(self, condition: Any) -> bool:
        return self.bounded(getattr(self.event.history.today, condition.within), condition)

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
                    given = (effect.sku, effect.quantity)
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


POINTS = ("points", "percentage", "per_unit", "sliding")


def shared_out(money: int, number: int) -> list[int]:
    """The prices of so many equal pieces, as equal as whole numbers can be."""
    return [money // number + (place < money % number) for place in range(number)]


def added_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
