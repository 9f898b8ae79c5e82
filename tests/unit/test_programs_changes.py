"""What changes between two documents: nothing is missed, nothing is told without words, and what is
called better for members gives nobody less.
"""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.earning.engine import Engine
from chalicelib.kernel.texts import LANGUAGES
from chalicelib.programs import differences_program, differences_rules
from chalicelib.programs.birthdays import Birthdays
from chalicelib.programs.burning import BurnPolicy, burn_date
from chalicelib.programs.claims import Claims
from chalicelib.programs.differences import OTHER, Change
from chalicelib.programs.differences_program import changes
from chalicelib.programs.model import Earning, ItemPoints, Program
from chalicelib.programs.purchases import Purchases, Spending
from chalicelib.programs.rules_model import Caps, Rule
from chalicelib.programs.words_changes import sentence
from infra.local.resources import ROOT
from tests.support.club import figure
from tests.support.rules import (
    CAPS,
    CONDITIONS,
    DAY,
    EFFECTS,
    GOODS,
    LEAVES,
    NAME,
    program,
    programs,
)
from tests.support.rules_pool import pool
from tests.unit.test_programs_guide import EXAMPLES

JEWELS = json.loads((ROOT / "programs/jewels.json").read_text())
POOL = pool(40)
Json = dict[str, Any]
LEAKED = re.compile(
    r"\b(topic|change|gives|when|goods|trigger|burn|cap|counter|pending|stacking|bounds|valid|kind"
    r"|weekday|month|language|gender|joins|rounding|spending|ceiling)\.[a-z_]+|\{[a-z]+\}|None"
)
"""The key of a sentence that no catalogue has, a figure that was not filled in."""
RULE: Json = {
    "id": "sunday",
    "name": dict.fromkeys(LANGUAGES, "Sunday"),
    "trigger": "receipt_paid",
    "effect": {"type": "percentage", "rate": {"num": 3, "den": 100}},
}


def jewels(**earning: Any) -> Json:
    """A plain document with these parts of `earning`."""
    return {**copy.deepcopy(JEWELS), "earning": {**copy.deepcopy(JEWELS["earning"]), **earning}}


def between(before: Json, after: Json) -> tuple[Change, ...]:
    """The changes of documents as they are written."""
    one, other = (msgspec.convert(each, Program) for each in (before, after))
    found = changes(one, other)
    assert bool(found) == (one != other)
    for change in found:
        assert_words(change, one, other)
    return found


def assert_words(change: Change, before: Program, after: Program) -> None:
    """Four sentences, in words."""
    assert change.topic != OTHER, change.pointer
    told = [sentence(change, before, after, language) for language in LANGUAGES]
    assert not [one for one in told if LEAKED.search(one)], told
    assert len(set(told)) == len(LANGUAGES), told


def only(before: Json, after: Json, language: str = "en") -> tuple[str, str, str]:
    """The one change: pointer, effect, sentence."""
    (change,) = between(before, after)
    one, other = (msgspec.convert(each, Program) for each in (before, after))
    return (
        change.pointer,
        change.effect,
        sentence(change, one, other, language).replace("\xa0", " "),
    )


def with_rule(**parts: Any) -> Json:
    """A document with one rule."""
    return jewels(rules=[{**RULE, **parts}])


def test_the_same_document_changes_nothing() -> None:
    assert between(JEWELS, copy.deepcopy(JEWELS)) == ()
    assert between(JEWELS, {**JEWELS, "version": 7} | {"version": 0}) == ()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Rule “Sunday”: the percentage rises from 3 % to 5.5 %"),
        ("ru", "Правило «Sunday»: процент повышается с 3 % до 5,5 %"),
        ("uk", "Правило «Sunday»: відсоток зростає з 3 % до 5,5 %"),
        ("ar", "القاعدة «Sunday»: النسبة: زيادة من 3 % إلى 5.5 %"),
    ],
)
def test_a_figure_rises(language: str, words: str) -> None:
    after = with_rule(effect={"type": "percentage", "rate": {"num": 55, "den": 1000}})
    pointer, effect, told = only(with_rule(), after, language)
    assert (pointer, effect, told) == ("/earning/rules/0/effect/rate", "better", words)
    assert only(after, with_rule(), language)[1] == "worse"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "New rule “Sunday”: for a purchase: 3 % of the money paid as points; days of the week: "
            "Saturday, Sunday; from 1 May 2026",
        ),
        (
            "ru",
            "Новое правило «Sunday»: за покупку: 3 % оплаченной суммы баллами; дни недели: "
            "суббота, воскресенье; с 1 мая 2026",
        ),
    ],
)
def test_a_new_rule_is_told_as_a_whole(language: str, words: str) -> None:
    after = with_rule(
        conditions=[{"type": "weekdays", "days": ["sat", "sun"]}], valid={"since": "2026-05-01"}
    )
    assert only(jewels(rules=[]), after, language) == ("/earning/rules/0", "better", words)
    pointer, effect, told = only(after, jewels(rules=[]))
    assert (pointer, effect) == ("/earning/rules/0", "worse")
    assert told.startswith("Rule “Sunday” removed: ")


def test_burning_is_told_in_words() -> None:
    after = {**JEWELS, "burn": {"type": "never", "warn_days": [30, 7]}}
    assert only(JEWELS, after) == (
        "/burn",
        "better",
        "Points burn: never (until now: 12 months after they were earned)",
    )
    assert only(after, JEWELS, "ru")[2] == (
        "Баллы сгорают: через 12 месяцев после начисления (до сих пор — никогда)"
    )


def test_burning_after_inactivity_is_told_in_words() -> None:
    kinds = ["purchase", "spending"]
    idle = {"type": "inactive", "count": 12, "unit": "month", "renewed_by": kinds}
    after = {**JEWELS, "burn": {**idle, "warn_days": [30, 7]}}
    assert only(JEWELS, after) == (
        "/burn",
        "better",
        "Points burn: after 12 months without activity; purchases count; spending points counts "
        "(until now: 12 months after they were earned)",
    )
    ends = {"type": "end_of", "period": "year", "extra_days": 31, "warn_days": [30, 7]}
    assert only(after, {**JEWELS, "burn": ends})[1:] == (
        "unknown",
        "Points burn: at the end of the year in which they were earned; and 31 more days "
        "(until now: after 12 months without activity; purchases count; spending points counts)",
    )
    assert only(after, {**JEWELS, "burn": {"type": "never", "warn_days": [30, 7]}})[1] == "unknown"


def test_deadlines_of_claims_are_told_in_words() -> None:
    after = {**JEWELS, "claims": {**JEWELS["claims"], "deadline_days": 30}}
    assert only(JEWELS, after) == (
        "/claims/deadline_days",
        "worse",
        "The number of days, that of the claim included, in which the buyer has to register a "
        "claimed item: 30 (until now: no deadline)",
    )


def test_warnings_are_told_in_words() -> None:
    after = {**JEWELS, "burn": {**JEWELS["burn"], "warn_days": []}}
    assert only(JEWELS, after) == (
        "/burn/warn_days",
        "neutral",
        "When members are told that points will burn, in days before: "
        "not at all (until now: 30, 7)",
    )


def test_rules_are_the_same_by_their_id_wherever_they_stand() -> None:
    other = {**RULE, "id": "other"}
    before, after = jewels(rules=[RULE, other]), jewels(rules=[{**other, "pending_days": 3}, RULE])
    assert {(one.pointer, one.effect) for one in between(before, after)} == {
        ("/earning/rules/0/pending_days", "worse"),
        ("/earning/rules", "unknown"),
    }


def test_terms_in_each_language_are_a_change_of_their_own() -> None:
    after = {**JEWELS, "rules": {**JEWELS["rules"], "en": "Other."}}
    assert only(JEWELS, after) == ("/rules/en", "unknown", "Terms (English) changed")


def test_what_names_an_article_with_a_slash_is_found_by_its_pointer() -> None:
    by_sku = {**JEWELS["earning"]["item_points"], "by_sku": {"A/1": 10_000}}
    pointer, effect, told = only(
        jewels(item_points={**by_sku, "by_sku": {}}), jewels(item_points=by_sku)
    )
    assert (pointer, effect) == ("/earning/item_points/by_sku/A~11", "better")
    assert "A/1" in told


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it["rule"]["effect"]["type"])
def test_every_rule_of_the_guide_has_words(example: Any) -> None:
    rule = {**RULE, **example["rule"]}
    between(jewels(rules=[]), jewels(rules=[rule]))
    between(jewels(rules=[rule]), jewels(rules=[]))
    between(with_rule(), jewels(rules=[rule]))


def mutants(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Another value for each leaf."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from mutants(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from mutants(inner, (*path, place))
    elif isinstance(value, bool):
        yield path, not value
    elif isinstance(value, int):
        yield path, value + 1
        yield path, max(0, value - 1)
    elif isinstance(value, str):
        for other in (f"{value}x", "half_up", "best", "month", "quarter", "continue", "shares"):
            yield path, other
        for other in ("forgive", "pieces", "line", "counter", "applied", "2027-01-31", "10:15"):
            yield path, other


def full() -> Json:
    """A document in which everything is said that can be."""
    goods = {name: ["a"] for name in ("sku", "category", "brand", "tags")}
    goods |= {f"except_{name}": ["b"] for name in ("sku", "category", "brand", "tags")}
    goods |= {"on_sale": True, "price_from": 100, "price_below": 900}
    caps = dict.fromkeys(("receipt", "day", "month", "ever", "program"), 5)
    half = {"num": 1, "den": 2}
    document = with_rule(
        goods=goods,
        caps={**caps, "period": {"days": 3, "points": 5}},
        valid={"since": "2026-01-01", "until": "2026-12-31"},
        stacking={"group": "g", "mode": "all", "priority": 1},
        pending_days=3,
        conditions=[{"type": "weekdays", "days": ["sun"]}],
    )
    counter, points = {"measure": "amount", "over": "days"}, {"default": 1, "first_item_bonus": 4}
    document["earning"] |= {
        "counters": {"c": {**counter, "days": 3, "category": "x", "partner": "p"}},
        "ceiling": {"share": half, "per_point": 50},
        "item_points": {**points, "by_sku": {"A": 2}, "by_category": {"x": 3}},
    }
    document["purchases"] = {
        "spending": {"point_value": 50, "max_share": half, "goods": goods, "least": 2},
        "earns_nothing": ["gift-card"],
        "on_return": "recalculate",
        "debt": "owe",
        "accepted_days": 30,
        "attach_days": 3,
        "partners_settle": False,
    }
    document |= {
        "welcome": dict.fromkeys(LANGUAGES, "Hello"),
        "terms": {"acceptance": "accept_again"},
        "charities": {"shelter": dict.fromkeys(LANGUAGES, "Shelter")},
        "groups": {
            "student": {
                "name": dict.fromkeys(LANGUAGES, "Students"),
                "evidence": dict.fromkeys(LANGUAGES, "The card"),
                "months": 6,
            }
        },
        "memberships": {
            "plus": {
                "name": dict.fromkeys(LANGUAGES, "Plus"),
                "price": 9900,
                "months": 12,
                "grace_days": 7,
                "privileges": [dict.fromkeys(LANGUAGES, "Free delivery")],
            }
        },
        "gates": {
            "active": {
                "name": dict.fromkeys(LANGUAGES, "Options"),
                "at_least": 9900,
                "category": "x",
                "further_months": 2,
                "kinds": ["buyer"],
                "options": ["orders", "donations"],
                "opens": [dict.fromkeys(LANGUAGES, "Feeding")],
                "warn_days": [7, 2],
            }
        },
        "birthdays": {"leap_day": "march_1", "settled_days": 9},
        "claims": {"window_days": 9, "deadline_days": 30},
        "profile": {"complete": ["city", "phone"]},
    }
    return document


def test_no_field_changes_without_words() -> None:
    """Each leaf of a full document in turn becomes another value, or goes."""
    whole = full()
    written = json.loads(msgspec.json.encode(msgspec.convert(whole, Program)))
    tried = 0
    for path, value in mutants(written):
        changed = copy.deepcopy(written)
        inner: Any = changed
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        try:
            msgspec.convert(changed, Program)
        except msgspec.ValidationError:
            continue
        if path[0] not in ("id", "version"):
            tried += bool(between(written, changed))
    assert tried > 250


@pytest.mark.parametrize(
    ("shape", "known"),
    [
        (Program, differences_program._PROGRAM),
        (Earning, differences_program._EARNING),
        (ItemPoints, differences_program._ITEM_POINTS),
        (Purchases, differences_program._PURCHASES),
        (Spending, differences_program._SPENDING),
        (Birthdays, differences_program._BIRTHDAYS),
        (Claims, differences_program._CLAIMS),
        (Rule, differences_rules._RULE),
        (Caps, differences_rules._CAPS),
    ],
)
def test_a_new_field_needs_words_of_its_own(shape: Any, known: frozenset[str]) -> None:
    assert set(shape.__struct_fields__) == known


def test_no_part_comes_or_goes_without_words() -> None:
    whole = full()
    for name in (
        "purchases",
        "welcome",
        "terms",
        "burn",
        "approvals",
        "charities",
        "groups",
        "memberships",
        "gates",
        "birthdays",
        "claims",
    ):
        less = {key: value for key, value in whole.items() if key != name}
        between(whole, less)
        between(less, whole)
    for name in ("rules", "counters", "ceiling", "item_points"):
        less = {**whole, "earning": {k: v for k, v in whole["earning"].items() if k != name}}
        between(whole, less)
        between(less, whole)
    for name in ("goods", "caps", "valid", "stacking", "pending_days", "conditions"):
        (rule,) = whole["earning"]["rules"]
        less = jewels(
            **{**whole["earning"], "rules": [{k: v for k, v in rule.items() if k != name}]}
        )
        more = jewels(**whole["earning"])
        between(more, less)
        between(less, more)


@pytest.mark.soak
@settings(max_examples=figure(60, 500), deadline=None)
@given(programs(), programs())
def test_any_two_programs_are_told_apart_in_words(before: Program, after: Program) -> None:
    found = changes(before, after)
    assert bool(found) == (before != after)
    for change in found:
        assert change.topic != OTHER
        for language in LANGUAGES:
            told = sentence(change, before, after, language)
            assert not LEAKED.search(told), told


# -- better and worse ------------------------------------------------------------


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Program, Program]:
    """The same rule twice, in one or two parts not the same."""
    rule: Json = {
        "effect": draw(EFFECTS["points"]),
        "goods": draw(GOODS),
        "conditions": draw(st.lists(CONDITIONS, max_size=1)),
        "caps": draw(CAPS),
        "valid": draw(st.fixed_dictionaries({}, optional={"since": DAY, "until": DAY})),
    }
    other = copy.deepcopy(rule)
    part = draw(st.sampled_from(["effect", "effect", "goods", "conditions", "caps", "valid"]))
    if part == "effect":
        kind = rule["effect"]["type"]
        other["effect"] = draw(EFFECTS["points"].filter(lambda it: it["type"] == kind))
        fields = [name for name in other["effect"] if name in rule["effect"] and name != "type"]
        spared = draw(st.sampled_from([*fields, ""]))
        other["effect"] |= {name: rule["effect"][name] for name in fields if name != spared}
    elif part == "conditions":
        first = draw(LEAVES)
        rule["conditions"] = [first]
        fits = LEAVES.filter(lambda it: it["type"] == first["type"])
        other["conditions"] = draw(st.just([]) | fits.map(lambda it: [it]))
    else:
        shapes: Json = {"goods": GOODS, "caps": CAPS, "valid": st.just({})}
        other[part] = draw(shapes[part])
    return program(rule), program(other)


@pytest.mark.soak
@settings(max_examples=figure(150, 3000), deadline=None)
@given(pairs())
def test_what_is_better_gives_nobody_less(pair: tuple[Program, Program]) -> None:
    before, after = pair
    effects = {change.effect for change in changes(before, after)}
    if effects not in ({"better"}, {"worse"}):
        return
    low, high = (before, after) if effects == {"better"} else (after, before)
    less, more = Engine(low), Engine(high)
    for event in POOL:
        assert less.judge(event).points <= more.judge(event).points, event


LIFE = st.one_of(
    st.just({"type": "never"}),
    st.fixed_dictionaries(
        {"type": st.just("after"), "unit": st.just("day"), "count": st.integers(1, 200)}
    ),
    st.fixed_dictionaries(
        {"type": st.just("after"), "unit": st.just("month"), "count": st.integers(1, 40)}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("inactive"),
            "unit": st.sampled_from(["day", "month"]),
            "count": st.integers(1, 60),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("end_of"),
            "period": st.sampled_from(["month", "quarter", "year"]),
            "extra_days": st.sampled_from([0, 14, 31]),
        }
    ),
    DAY.map(lambda it: {"type": "fixed", "date": it}),
)


@pytest.mark.soak
@settings(max_examples=figure(150, 3000), deadline=None)
@given(LIFE, LIFE)
def test_what_burns_later_never_burns_sooner(one: Json, other: Json) -> None:
    before, after = ({**JEWELS, "burn": burn} for burn in (one, other))
    first, second = (msgspec.convert(burn, BurnPolicy) for burn in (one, other))
    for change in changes(*(msgspec.convert(each, Program) for each in (before, after))):
        if change.topic != "burn" or change.effect == "unknown":
            continue
        sooner, later = (first, second) if change.effect == "better" else (second, first)
        day = date(2026, 1, 1)
        for step in range(400):
            at = day + timedelta(days=step)
            end = burn_date(later, at)
            was = burn_date(sooner, at)
            assert end is None or (was is not None and was <= end), at


def test_a_thousand_rules_are_compared_in_a_moment() -> None:
    rules = [{**RULE, "id": f"r{place}", "name": NAME} for place in range(1000)]
    one, other = (
        msgspec.convert(jewels(rules=each), Program) for each in (rules, [*rules[1:], rules[0]])
    )
    assert [change.topic for change in changes(one, other)] == ["order"]
