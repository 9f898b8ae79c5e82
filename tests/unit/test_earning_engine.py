"""The rule engine: the same as a slow and obvious one for whatever program and event."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.earning import compiled, steps
from chalicelib.earning.case import Case
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Event, Used
from chalicelib.earning.spread import divide, spread
from chalicelib.programs import rules_checks
from chalicelib.programs.model import Program
from tests.support.common import figure
from tests.support.reference_engine import Reference, plain
from tests.support.rules import (
    EFFECTS,
    EVENTS,
    GOODS,
    LEAVES,
    USES,
    event,
    program,
    programs,
)
from tests.support.rules_pool import pool

EVERYBODY = pool(figure(40, 100))


@pytest.mark.soak
@settings(max_examples=figure(400, 4000))
@given(programs(), EVENTS, USES)
def test_the_engine_judges_as_the_reference(
    document: Program, happened: Event, used: dict[str, Used]
) -> None:
    assume(not any(fault.code != "range_empty" for fault in rules_checks.faults(document.earning)))
    for engine in engines(document):
        for one in (happened, *EVERYBODY):
            assert plain(engine.judge(one, used)) == Reference(document, one, used).judge()


@pytest.mark.soak
@settings(max_examples=figure(300, 3000))
@given(LEAVES, GOODS)
def test_one_condition_and_some_goods(condition: Any, goods: Any) -> None:
    document = program(
        {"effect": {"type": "points", "points": 1}, "conditions": [condition]},
        {"effect": {"type": "points", "points": 2}, "goods": goods},
    )
    agree(document)


@pytest.mark.soak
@settings(max_examples=figure(200, 2000))
@given(st.sampled_from(sorted(EFFECTS)).flatmap(EFFECTS.__getitem__), GOODS, st.integers(1, 5))
def test_one_effect_of_some_goods(effect: Any, goods: Any, full: int) -> None:
    card = {"type": "stamps", "card": "c0", "full": full}
    # A multiplier needs points to multiply; a discount before another leaves odd prices.
    first = {"effect": {"type": "percentage", "rate": {"num": 1, "den": 3}, "per_point": 1}}
    agree(program(first, {"effect": effect, "goods": goods}, {"effect": card, "goods": goods}))


def agree(document: Program) -> None:
    """Both judge all the events alike."""
    for engine in engines(document):
        for one in EVERYBODY:
            assert plain(engine.judge(one)) == Reference(document, one, {}).judge()


def engines(document: Program) -> Iterator[Engine]:
    """The document compiled as usual, and with a table for every figure that any rule bounds."""
    yield Engine(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "SHARED", 1)
        yield Engine(document)


@given(programs(), EVENTS)
def test_awards_are_never_lost_or_invented(document: Program, happened: Event) -> None:
    judged = Engine(document).judge(happened)
    for award in judged.awards:
        assert award.points > 0
        assert not award.lines or sum(points for _, points in award.shares) == award.points
    off = [0] * len(happened.lines)
    for one in judged.discounts:
        assert one.amount == sum(amount for _, amount in one.shares)
        for place, amount in one.shares:
            off[place] += amount
    assert all(amount <= line.paid for amount, line in zip(off, happened.lines, strict=True))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), max_size=20))
def test_parts_add_up_and_are_fair(whole: int, weights: list[int]) -> None:
    parts = spread(whole, weights)
    assert sum(parts) == (whole if weights else 0)
    total = sum(weights)
    if total:
        # No part is a whole unit away from its exact share.
        assert all(
            abs(part * total - whole * weight) < total
            for part, weight in zip(parts, weights, strict=True)
        )


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_rounding(num: int, den: int) -> None:
    down, half, up = (divide(num, den, how) for how in ("down", "half_up", "up"))
    assert down == num // den
    assert up - down == (num % den > 0)
    assert half == (up if 2 * (num % den) >= den else down)


def test_the_same_event_is_judged_the_same_by_an_engine_that_judged_others() -> None:
    document = program({"effect": {"type": "points", "points": 5}, "goods": {"sku": ["S0"]}})
    engine = Engine(document)
    first = engine.judge(event({"paid": 100}))
    engine.judge(event({"sku": "other"}))
    assert engine.judge(event({"paid": 100})) == first
    assert first.points == 5


def test_rules_of_another_trigger_are_not_asked() -> None:
    document = program({"effect": {"type": "points", "points": 5}, "trigger": "review"})
    assert Engine(document).judge(event()).points == 0
    assert Engine(document).judge(event(trigger="review")).points == 5


@given(
    st.lists(
        st.lists(st.tuples(*[st.none() | st.integers(-5, 5)] * 2), min_size=1, max_size=1),
        max_size=8,
    ),
    st.integers(-7, 7),
)
def test_steps_leave_open_what_fits(bounds: list[list[steps.Interval]], figure: int) -> None:
    every = (1 << len(bounds) + 1) - 1
    table = steps.Steps(lambda _: figure)
    for place, intervals in enumerate(bounds):
        table.add(1 << place, intervals)
    table.seal(every)
    fits = 1 << len(bounds)  # the last rule bounds nothing
    for place, [(lowest, highest)] in enumerate(bounds):
        above = lowest is None or figure >= lowest
        fits |= (above and (highest is None or figure <= highest)) << place
    assert table.of(Case(event(), ZoneInfo("UTC"))) == fits


@pytest.mark.parametrize(
    ("since", "until", "day"),
    [("12-25", "01-08", "2026-12-31"), ("12-25", "01-08", "2026-01-08"), ("02-29", "02-29", "")],
)
def test_rules_around_the_new_year_and_midnight(since: str, until: str, day: str) -> None:
    """Years and days that begin late and end early; 29 February is on no other day."""
    late = {"type": "hours", "since": "22:00", "until": "02:00"}
    yearly = {"type": "yearly", "since": since, "until": until}
    rule = {"effect": {"type": "points", "points": 1}, "conditions": [yearly, late]}
    document = program(*[rule] * 5)
    for hour, open_ in ((21, False), (23, True)):
        at = datetime.fromisoformat(f"{day or '2028-02-28'}T{hour}:30").replace(
            tzinfo=ZoneInfo(document.zone)
        )
        given = Engine(document).judge(event({"paid": 1}, at=at)).points
        assert given == (5 if open_ and day else 0)


def test_a_thousand_rules_find_the_one() -> None:
    rules: list[Any] = [
        {
            "effect": {"type": "points", "points": place},
            "conditions": [{"type": "partner", "any_of": [f"p{place}"]}],
        }
        for place in range(1000)
    ]
    judged = Engine(program(*rules)).judge(event({"paid": 1}, partner="p700"))
    assert [(award.rule, award.points) for award in judged.awards] == [("r700", 700)]
