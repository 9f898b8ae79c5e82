"""A program's rules for one trigger, ready to judge: tables that find the rules which may apply."""

from chalicelib.earning import conditions, effects, steps
from chalicelib.earning.case import Case
from chalicelib.earning.conditions import Test
from chalicelib.earning.model import Used
from chalicelib.earning.selectors import Facet, Selectors, bits
from chalicelib.earning.steps import Steps
from chalicelib.programs import rules_conditions as when
from chalicelib.programs import rules_effects as give
from chalicelib.programs.rules_model import Caps, Rule, Validity

ALWAYS = Validity()
NO_CAPS = Caps()
NOTHING_USED = Used()
SHARED = 4
"""So many rules must bound a figure before a table of it costs less than their own tests."""


class Compiled:
    """One rule with its functions."""

    __slots__ = (
        "capped",
        "group",
        "mode",
        "phase",
        "points",
        "rule",
        "selector",
        "shares",
        "test",
    )

    def __init__(self, rule: Rule, selectors: Selectors, tested: set[int]) -> None:
        """``tested`` are the ids of what the tables answer already: conditions, the validity."""
        effect = rule.effect
        self.rule = rule
        self.selector = selectors.number(rule.goods)
        self.phase = give.phase_of(effect)
        self.group = rule.stacking.group
        self.mode = rule.stacking.mode
        self.capped = rule.caps != NO_CAPS
        left = [one for one in flat(rule.conditions) if id(one) not in tested]
        tests = [conditions.compiled(one, selectors) for one in left]
        if rule.valid != ALWAYS and id(rule.valid) not in tested:
            tests.insert(0, conditions.within(rule.valid.since, rule.valid.until))
        self.test: Test | None = conditions.every(tests) if tests else None
        self.points = effects.points_of(effect, self.selector) if self.phase == "points" else None
        stamps = isinstance(effect, give.StampsEffect)
        takes_off = self.phase == "discount" or stamps
        self.shares = effects.shares_of(effect, self.selector) if takes_off else None

    def within_caps(self, points: int, used: Used) -> int:
        """As many of the points as the caps leave; not below zero."""
        return max(0, min([points, *(most - had for most, had in self.caps(used).values())]))

    def caps(self, used: Used) -> dict[str, tuple[int, int]]:
        """The caps that bind: the most, and what was used of it."""
        caps = self.rule.caps
        period = caps.period.points if caps.period else None
        every = {
            "receipt": (caps.receipt, 0),
            "day": (caps.day, used.day),
            "month": (caps.month, used.month),
            "period": (period, used.period),
            "ever": (caps.ever, used.ever),
            "program": (caps.program, used.program),
        }
        return {name: (most, had) for name, (most, had) in every.items() if most is not None}


class Plan:
    """All rules of one trigger, in the order in which they are judged."""

    __slots__ = (
        "_anything",
        "_by_selector",
        "_every",
        "_one",
        "_several",
        "_steps",
        "rules",
        "selectors",
    )

    def __init__(self, rules: list[Rule]) -> None:
        """Builds the tables."""
        ordered = sorted(rules, key=lambda rule: -rule.stacking.priority)
        self.selectors = Selectors()
        one = {kind: Facet() for kind in conditions.ONE}
        several = {kind: Facet() for kind in conditions.SEVERAL}
        self._steps, answered = _steps(ordered)
        self.rules: list[Compiled] = []
        for place, rule in enumerate(ordered):
            tested = answered[place]
            seen: set[type] = set()
            for condition in flat(rule.conditions):
                kind = _kind(condition)
                facet = one.get(kind) or several.get(kind)
                # A second condition on the same property cannot share the bit of the first.
                if facet is not None and kind not in seen:
                    facet.add(1 << place, conditions.named(condition))
                    seen.add(kind)
                    tested.add(id(condition))
            self.rules.append(Compiled(rule, self.selectors, tested))
        self.selectors.seal()
        self._every = (1 << len(ordered)) - 1
        for facet in (*one.values(), *several.values()):
            facet.seal(self._every)
        for table in self._steps:
            table.seal(self._every)
        self._one = [
            (conditions.ONE[kind], facet.by_value, facet.otherwise)
            for kind, facet in one.items()
            if facet.by_value
        ]
        self._several = [
            (conditions.SEVERAL[kind], facet) for kind, facet in several.items() if facet.by_value
        ]
        self._anything = 0
        self._by_selector: dict[int, int] = {}
        for place, made in enumerate(self.rules):
            if made.selector:
                known = self._by_selector.get(made.selector, 0)
                self._by_selector[made.selector] = known | 1 << place
            else:
                self._anything |= 1 << place

    def applying(self, case: Case) -> list[Compiled]:
        """The rules whose conditions hold and whose goods are there; makes the selections."""
        left = self._every
        for value, by_value, otherwise in self._one:
            left &= by_value.get(value(case), otherwise)
        for values, facet in self._several:
            left &= facet.of_all(values(case))
        for table in self._steps:
            left &= table.of(case)
        if not left:
            return []
        present = self._anything
        for selector in bits(case.select(self.selectors)):
            present |= self._by_selector.get(selector, 0)
        found = []
        rules = self.rules
        for place in bits(left & present):
            rule = rules[place]
            if rule.test is None or rule.test(case):
                found.append(rule)
        return found


def _steps(rules: list[Rule]) -> tuple[list[Steps], list[set[int]]]:
    """The tables of figures that several rules bound; for each rule the ids of what they answer."""
    tables: dict[tuple[str, ...], Steps] = {}
    asked: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for place, rule in enumerate(rules):
        bounds = [(id(one), steps.axis(one)) for one in flat(rule.conditions)]
        if rule.valid != ALWAYS:
            bounds.insert(0, (id(rule.valid), (("day",), steps.day, steps.days(rule.valid))))
        seen: set[tuple[str, ...]] = set()
        for known, found in bounds:
            # A second bound on the same figure cannot share the bit of the first.
            if found is not None and found[0] not in seen:
                name, figure, intervals = found
                seen.add(name)
                tables.setdefault(name, Steps(figure)).add(1 << place, intervals)
                asked.setdefault(name, []).append((place, known))
    shared = [name for name, table in tables.items() if len(table) >= SHARED]
    answered: list[set[int]] = [set() for _ in rules]
    for name in shared:
        for place, known in asked[name]:
            answered[place].add(known)
    return [tables[name] for name in shared], answered


def _kind(condition: when.Condition) -> type:
    """What a condition asks for; of alternatives that ask for the same, that."""
    if isinstance(condition, when.AnyCondition):
        kinds = {type(one) for one in condition.of}
        if len(kinds) == 1:
            return kinds.pop()
    return type(condition)


def flat(given: tuple[when.Condition, ...]) -> list[when.Condition]:
    """Conditions that must all hold, without the ``all`` around some of them."""
    found: list[when.Condition] = []
    for one in given:
        found += flat(one.of) if isinstance(one, when.AllCondition) else [one]
    return found
