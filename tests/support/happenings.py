"""Events made of the words of one program's rules, so that each of its rules meets some it fits."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from chalicelib.earning.model import Event
from chalicelib.programs.model import Program
from chalicelib.programs.rules_checks import walk
from chalicelib.programs.rules_conditions import Goods, GoodsCondition
from tests.support.rules import NOON, event

Json = dict[str, Any]
MOMENTS = (
    NOON,
    datetime(2026, 3, 2, 6, tzinfo=UTC),  # a Monday morning in Moscow
    datetime(2026, 3, 8, 9, tzinfo=UTC),
    datetime(2026, 10, 5, 9, tzinfo=UTC),
    datetime(2026, 12, 28, 9, tzinfo=UTC),
)
PAID = (0, 99, 9_900, 19_999, 150_000, 3_000_000)
COUNTED = (0, 1, 4, 5, 9_900, 150_000, 1_000_000, 15_000_000, 40_000_000)
MONTHS = ("2025-07", "2025-12", "2026-01", "2026-02", "2026-09", "2026-10", "2026-11")


def happenings(program: Program, count: int) -> Iterator[Event]:
    """So many events of each of the program's triggers; always the same ones."""
    words = _Words(program)
    for trigger in sorted({rule.trigger for rule in program.earning.rules}):
        random = Random(f"{program.id} {trigger}")
        for _ in range(count):
            yield words.event(random, trigger)


class _Words:
    """The names that a program's rules ask for."""

    def __init__(self, program: Program) -> None:
        self.counters = sorted(program.earning.counters)
        self.named: dict[str, set[str]] = {}
        self.goods: list[Goods] = [Goods()]
        for rule in program.earning.rules:
            self.goods.append(rule.goods)
            for _, condition in walk(rule.conditions, ""):
                if isinstance(condition, GoodsCondition):
                    self.goods.append(condition.goods)
                kind = str(condition.__struct_config__.tag)
                self.named.setdefault(kind, set()).update(getattr(condition, "any_of", ()))

    def event(self, random: Random, trigger: str) -> Event:
        """One event."""
        outlet = self._one(random, "outlet").partition("/")
        partner = outlet[0] or self._one(random, "partner")
        lines = [self._line(random) for _ in range(random.choice((1, 2, 3, 12)))]
        fields = {
            "partner": partner,
            "outlet": outlet[2],
            "subject": self._one(random, "subject"),
            "channel": self._one(random, "channel"),
            "identified": self._one(random, "identified"),
        }
        return event(
            *(lines if trigger == "receipt_paid" else ()),
            trigger=trigger,
            at=random.choice(MOMENTS),
            quote=trigger == "receipt_paid" and random.random() < 0.5,
            payment=self._some(random, "payment"),
            partner_rate=random.choice((None, {"num": 7, "den": 100})),
            count=random.choice((0, 5, 6, 13, 1_234)),
            member=self._member(random),
            history={
                "counters": {name: random.choice(COUNTED) for name in self.counters},
                "months": random.sample(MONTHS, random.randint(0, len(MONTHS))),
                "stamps": {"coffee": random.choice((0, 9, 10))},
                "today": {"outlet": random.randint(1, 5), "channel": random.randint(1, 2)},
            },
            **{name: value for name, value in fields.items() if value},
        )

    def _member(self, random: Random) -> Json:
        told = {
            "kind": random.choice(("buyer", "seller")),
            "joined_on": random.choice(("2026-01-15", "2020-01-01")),
            "birthday": random.choice(("1990-03-02", "1990-07-01")),
            "gender": random.choice(("female", "male")),
            "segments": self._some(random, "segment"),
            "groups": self._some(random, "group"),
            "points": random.choice((0, 74, 75, 500)),
        }
        tier = self._one(random, "tier")
        return {**told, "tier": tier} if tier else told

    def _line(self, random: Random) -> Json:
        goods = random.choice(self.goods)
        made: Json = {"quantity": random.choice((1, 2, 3)), "on_sale": random.random() < 0.3}
        made["paid"] = random.choice(PAID) * made["quantity"]
        for name in ("sku", "category", "brand"):
            values = getattr(goods, name)
            if not values and random.random() < 0.3:
                values = getattr(goods, f"except_{name}")
            if values:
                made[name] = random.choice(values)
        return {**made, "tags": goods.tags}

    def _one(self, random: Random, kind: str) -> str:
        return random.choice(["", *sorted(self.named.get(kind, ()))])

    def _some(self, random: Random, kind: str) -> list[str]:
        names = sorted(self.named.get(kind, ()))
        return random.sample(names, random.randint(0, len(names)))
