"""Why a rule gave nothing: told for every rule that gave nothing, and for no other."""

from typing import Any

import pytest
from hypothesis import given

from chalicelib.earning.engine import Engine
from chalicelib.earning.explain import WhyNot, explain, gave_something
from chalicelib.earning.model import Event, Used
from chalicelib.kernel.texts import LANGUAGES, knows, say
from chalicelib.programs.model import Program
from tests.support.rules import EVENTS, USES, event, program, programs

Json = dict[str, Any]
FIVE: Json = {"type": "points", "points": 5}


@given(programs(), EVENTS, USES)
def test_a_rule_gives_something_or_has_a_reason(
    document: Program, happened: Event, used: dict[str, Used]
) -> None:
    engine = Engine(document)
    judgement, why_not = explain(engine, happened, used)
    assert judgement == engine.judge(happened, used)
    without = {why.rule for why in why_not}
    assert without.isdisjoint(gave_something(judgement))
    assert without | gave_something(judgement).keys() == {one.id for one in document.earning.rules}
    for why in why_not:
        for language in LANGUAGES:
            assert knows(language, f"rule.{why.code}"), why.code
            assert "{" not in say(language, f"rule.{why.code}", **why.params)


def reasons(happened: Event, *rules: Json, used: Any = None, **earning: Any) -> list[WhyNot]:
    """Why rules gave nothing."""
    return list(explain(Engine(program(*rules, **earning)), happened, used or {})[1])


def test_every_condition_that_fails_is_told_with_its_place_and_figures() -> None:
    condition = {
        "type": "any",
        "of": [
            {"type": "amount", "at_least": 500},
            {"type": "not", "of": {"type": "weekdays", "days": ["mon"]}},
            {"type": "membership", "unit": "day", "at_least": 3},
        ],
    }
    rule = {"effect": FIVE, "conditions": [{"type": "kind", "any_of": ["buyer"]}, condition]}
    assert reasons(event({"paid": 499}), rule) == [
        WhyNot(
            "r0",
            "condition_amount",
            "/conditions/1/of/0",
            {"found": "499", "lowest": "500", "highest": "*"},
        ),
        WhyNot("r0", "condition_not", "/conditions/1/of/1", {"condition": "weekdays"}),
        WhyNot(
            "r0",
            "condition_membership",
            "/conditions/1/of/2",
            {"found": "-", "lowest": "3", "highest": "*"},
        ),
    ]


@pytest.mark.parametrize(
    ("rules", "more", "code", "path"),
    [
        ([{"effect": {**FIVE, "points": 0}}], {}, "nothing", "/effect"),
        ([{"effect": FIVE, "goods": {"sku": ["other"]}}], {}, "no_goods", "/goods"),
        ([{"effect": FIVE, "valid": {"until": "2026-03-01"}}], {}, "not_valid", "/valid"),
        (
            [{"effect": FIVE, "caps": {"day": 9}}],
            {"used": {"r0": Used(day=9)}},
            "cap_reached",
            "/caps/day",
        ),
        (
            [{"effect": FIVE}],
            {"ceiling": {"share": {"num": 1, "den": 100}}},
            "ceiling_reached",
            "",
        ),
        ([{"effect": {"type": "discount", "amount": 5}}], {}, "only_unpaid", "/effect"),
        (
            [
                {"effect": {**FIVE, "points": 4}, "stacking": {"group": "a", "mode": "best"}},
                {"effect": FIVE, "stacking": {"group": "a", "mode": "best"}},
            ],
            {},
            "other_of_group",
            "/stacking",
        ),
    ],
)
def test_what_came_after_the_conditions_is_told(
    rules: list[Json], more: Json, code: str, path: str
) -> None:
    (why,) = reasons(event({"paid": 499}), *rules, **more)
    assert (why.rule, why.code, why.path) == ("r0", code, path)


def test_where_no_rule_has_the_trigger_there_is_nothing_to_tell() -> None:
    assert reasons(event(trigger="review"), {"effect": FIVE}) == []
