"""docs/programs.md: every example in it does what it says, and nothing is left without one."""

import json
import re
from typing import Any, get_args

import pytest

from chalicelib.earning.engine import Engine
from chalicelib.earning.explain import explain
from chalicelib.earning.model import Event, Judgement
from chalicelib.kernel.texts import LANGUAGES, knows
from chalicelib.programs import rules_checks
from chalicelib.programs.rules_conditions import Condition, kind_of
from chalicelib.programs.rules_effects import Effect
from chalicelib.programs.rules_model import Rule
from infra.local.resources import ROOT
from tests.support.rules import event, program

TEXT = (ROOT / "docs/programs.md").read_text()
EXAMPLES: list[Any] = [json.loads(block) for block in re.findall(r"```json\n(.+?)```", TEXT, re.S)]


def told(judgement: Judgement, happened: Event) -> dict[str, Any]:
    """What an event brings, as the page writes it."""
    found: dict[str, Any] = {}
    lines = range(len(happened.lines))
    for award in judgement.awards:
        found["points"] = award.points
        if happened.lines:
            found["shares"] = [dict(award.shares).get(line, 0) for line in lines]
    for discount in judgement.discounts:
        found["off"] = [dict(discount.shares).get(line, 0) for line in lines]
    for other in judgement.others:
        name = {"Stamped": "stamps", "TierChange": "tier"}.get(type(other).__name__)
        fields = {one: getattr(other, one) for one in other.__struct_fields__ if one != "rule"}
        found[name or type(other).__name__.lower()] = fields
    return found


def rule_of(example: Any) -> Rule:
    """The example's rule."""
    return program(example["rule"]).earning.rules[0]


def happening(given: Any) -> Event:
    """An event of the page."""
    return event(*given.get("lines", ()), **{k: v for k, v in given.items() if k != "lines"})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it["rule"]["effect"]["type"])
def test_an_example_gives_what_the_page_says(example: Any) -> None:
    document = program(example["rule"])
    assert rules_checks.faults(document.earning) == ()
    engine = Engine(document)
    happened = happening(example["for"])
    assert told(engine.judge(happened), happened) == example["gives"]
    if "not_for" in example:
        judgement, (why, *_) = explain(engine, happening(example["not_for"]))
        assert judgement == Judgement()
        assert why.code == example["because"]


def test_every_condition_and_every_effect_has_an_example() -> None:
    shown: set[str] = set()
    effects: set[str] = set()
    for example in EXAMPLES:
        rule = rule_of(example)
        shown |= {kind_of(one) for _, one in rules_checks.walk(rule.conditions, "")}
        effects.add(str(rule.effect.__struct_config__.tag))
    assert shown == {str(one.__struct_config__.tag) for one in get_args(Condition)}
    assert effects == {str(one.__struct_config__.tag) for one in get_args(Effect)}


def test_every_condition_has_its_sentence() -> None:
    combined = {"all", "any"}
    for one in get_args(Condition):
        tag = str(one.__struct_config__.tag)
        for language in LANGUAGES:
            assert tag in combined or knows(language, f"rule.condition_{tag}"), f"{language} {tag}"
