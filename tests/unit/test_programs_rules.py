"""Rules in a document: what the checks refuse, and where they point."""

from typing import Any

import pytest

from chalicelib.programs import checks
from chalicelib.programs.examples import DOCUMENT
from tests.support.rules import program

Json = dict[str, Any]
POINTS: Json = {"type": "points", "points": 5}
DISCOUNT: Json = {"type": "discount", "amount": 5}
RATE: Json = {"num": 1, "den": 10}
RULE = "/earning/rules/0"


def sliding(**more: Any) -> Json:
    """A sliding table of two rows."""
    table = [{"since": 5, "rate": RATE}, {"since": 9, "rate": RATE}]
    return {"type": "sliding", "table": table, **more}


def when(**condition: Any) -> Json:
    """A rule with one condition."""
    return {"effect": POINTS, "conditions": [condition]}


def best(**more: Any) -> Json:
    """A rule in a group that takes its best."""
    return {"effect": POINTS, "stacking": {"group": "a", "mode": "best"}, **more}


def found(*rules: Json, **earning: Any) -> dict[str, str]:
    """All faults of a document with these rules."""
    return {it.pointer: it.code for it in checks.faults(program(*rules, **earning))}


@pytest.mark.parametrize(
    ("rule", "pointer", "code"),
    [
        ({"effect": POINTS, "name": {"en": "Rule"}}, "/name/ru", "text_missing"),
        ({"effect": POINTS, "valid": {"since": "2026-02-02", "until": "2026-02-01"}},
         "/valid/until", "range_empty"),
        ({"effect": POINTS, "goods": {"price_from": 5, "price_below": 5}},
         "/goods/price_below", "range_empty"),
        ({"effect": POINTS, "stacking": {"mode": "best"}}, "/stacking/group", "group_missing"),
        ({"effect": DISCOUNT, "caps": {"day": 1}}, "/caps", "without_points"),
        ({"effect": DISCOUNT, "pending_days": 1}, "/pending_days", "without_points"),
        ({"effect": {"type": "gift", "sku": "A"}, "stacking": {"group": "a", "mode": "best"}},
         "/stacking/mode", "not_comparable"),
        ({"effect": {"type": "stamps", "card": "a", "full": 5}, "stacking": {"group": "a"}},
         "/stacking/group", "stands_alone"),
        ({"effect": {"type": "discount"}}, "/effect/off", "off_or_amount"),
        ({"effect": {**DISCOUNT, "off": RATE}}, "/effect/off", "off_or_amount"),
        ({"effect": {"type": "discount", "off": {"num": 3, "den": 2}}},
         "/effect/off", "over_whole"),
        ({"effect": {"type": "nth_item", "nth": 2, "off": {"num": 3, "den": 2}}},
         "/effect/off", "over_whole"),
        ({"effect": {"type": "donation", "to": "a", "share": {"num": 3, "den": 2}}},
         "/effect/share", "over_whole"),
        ({"effect": {"type": "multiplier", "factor": RATE}}, "/effect/factor", "too_small"),
        ({"effect": {"type": "gift", "sku": "A", "per": 2}}, "/effect/per", "too_big"),
        ({"effect": {"type": "multiplier", "factor": {"num": 2, "den": 1}, "groups": ["a"]}},
         "/effect/groups/0", "group_unknown"),
        ({"effect": {**sliding(), "table": sliding()["table"][::-1]}},
         "/effect/table/1/since", "not_rising"),
        ({"effect": sliding(of="counter")}, "/effect/counter", "required"),
        ({"effect": sliding(counter="none")}, "/effect/counter", "counter_unknown"),
        ({"effect": sliding(counter="visits")}, "/effect/counter", "counter_not_money"),
        ({"effect": sliding(counter="last", marginal=True)},
         "/effect/marginal", "marginal_of_another_sum"),
        (when(type="amount", at_least=5, at_most=4), "/conditions/0/at_most", "range_empty"),
        (when(type="goods", goods={"price_from": 5, "price_below": 5}),
         "/conditions/0/goods/price_below", "range_empty"),
        (when(type="history", counter="none"), "/conditions/0/counter", "counter_unknown"),
        (when(type="dates", since="2026-02-02", until="2026-02-01"),
         "/conditions/0/until", "range_empty"),
        (when(type="yearly", since="02-29", until="02-30"), "/conditions/0/until", "day_unknown"),
        (when(type="membership", unit="day", at_least=5, below=5),
         "/conditions/0/below", "range_empty"),
        (when(type="any", of=[{"type": "not", "of": {"type": "history", "counter": "none"}}]),
         "/conditions/0/of/0/of/counter", "counter_unknown"),
    ],
)  # fmt: skip
def test_checks_point_at_the_fault_of_a_rule(rule: Json, pointer: str, code: str) -> None:
    assert found(rule) == {RULE + pointer: code}


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"effect": {"type": "percentage", "rate": RATE}}, "/effect"),
        ({"effect": DISCOUNT}, "/effect"),
        (when(type="payment", any_of=["cash"]), "/conditions/0"),
        (when(type="not", of={"type": "tier", "any_of": ["gold"]}), "/conditions/0/of"),
        ({"effect": POINTS, "caps": {"receipt": 5, "day": 5}}, "/caps"),
        ({"effect": POINTS, "pending_days": 3}, "/pending_days"),
    ],
)
def test_a_registration_cannot_be_asked_for_what_it_does_not_know(rule: Json, pointer: str) -> None:
    assert found(rule).get(RULE + pointer) is None
    assert found({**rule, "trigger": "item_registered"}) == {RULE + pointer: "not_at_registration"}


@pytest.mark.parametrize(
    ("second", "pointer", "code"),
    [
        ({"effect": POINTS, "id": "r0"}, "/id", "duplicate"),
        (best(stacking={"group": "a", "mode": "first"}), "/stacking/group", "group_mixed"),
        (best(effect=DISCOUNT), "/stacking/group", "group_mixed"),
        (best(trigger="review"), "/stacking/group", "group_mixed"),
    ],
)
def test_rules_must_agree_with_each_other(second: Json, pointer: str, code: str) -> None:
    assert found(best(), best()) == {}
    assert found(best(), second) == {"/earning/rules/1" + pointer: code}


def test_a_stamp_card_has_one_rule() -> None:
    card = {"effect": {"type": "stamps", "card": "a", "full": 5}}
    assert found(card, card) == {"/earning/rules/1/effect/card": "duplicate"}


@pytest.mark.parametrize(("over", "days", "good"), [
    ("days", 30, True), ("days", None, False), ("ever", 30, False), ("ever", None, True),
])  # fmt: skip
def test_a_counter_over_days_says_how_many(over: str, days: int | None, good: bool) -> None:
    counters = {"a": {"measure": "amount", "over": over, "days": days}}
    wrong = {"/earning/counters/a/days": "days_misplaced"}
    assert found(counters=counters) == ({} if good else wrong)


def test_the_example_document_has_no_rules_and_needs_none() -> None:
    assert "rules" not in DOCUMENT["earning"]
    assert found() == {}
