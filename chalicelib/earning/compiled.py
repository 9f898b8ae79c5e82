"""A program's rules for one trigger, ready to judge: tables that find the rules which may apply."""

from chalicelib.earning import conditions, effects
from chalicelib.earning.case import Case
from chalicelib.earning.conditions import Test
from chalicelib.earning.model import Used
from chalicelib.earning.selectors import Facet, Selectors, bits
from chalicelib.programs import rules_conditions as when
from chalicelib.programs import rules_effects as give
from chalicelib.programs.rules_model import Caps, Rule, Validity

ALWAYS = Validity()
NO_CAPS = Caps()
NOTHING_USED = Used()


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
        """``tested`` are the ids of conditions that the tables answer already."""
        effect = rule.effect
        self.rule = rule
        self.selector = selectors.number(rule.goods)
        self.phase = give.phase_of(effect)
        self.group = rule.stacking.group
        self.mode = rule.stacking.mode
        self.capped = rule.caps != NO_CAPS
        left = [one for one in flat(rule.conditions) if id(one) not in tested]
        tests = [conditions.compiled(one, selectors) for one in left]
        if rule.valid != ALWAYS:
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

    __slots__ = ("_anything", "_by_selector", "_every", "_one", "_several", "rules", "selectors")

    def __init__(self, rules: list[Rule]) -> None:
        """Builds the tables."""
        ordered = sorted(rules, key=lambda rule: -rule.stacking.priority)
        self.selectors = Selectors()
        one = {kind: Facet() for kind in conditions.ONE}
        several = {kind: Facet() for kind in conditions.SEVERAL}
        self.rules: list[Compiled] = []
        for place, rule in enumerate(ordered):
            tested: set[int] = set()
            seen: set[type] = set()
            for condition in flat(rule.conditions):
                kind = type(condition)
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


def flat(given: tuple[when.Condition, ...]) -> list[when.Condition]:
    """Conditions that must all hold, without the ``all`` around some of them."""
    found: list[when.Condition] = []
    for one in given:
        found += flat(one.of) if isinstance(one, when.AllCondition) else [one]
    return found
