"""Birthdays, checks of months and levels as forecasts play them, by hand."""

from datetime import date, timedelta
from typing import Any

from chalicelib.earning.model import MemberFacts
from chalicelib.forecasts.happened import steps
from chalicelib.forecasts.itself import coming
from chalicelib.forecasts.model import Assumptions, Past
from chalicelib.forecasts.simulate import Player, play
from tests.unit.test_forecasts_playing import bought, program, rule

BEGINS, LAST = date(2026, 1, 1), date(2026, 3, 5)
GREETED = rule() | {
    "id": "greeted",
    "trigger": "birthday",
    "effect": {"type": "points", "points": 300},
}
CHECKED = {**GREETED, "id": "checked", "trigger": "monthly_check"}
TWICE = rule() | {
    "id": "twice",
    "effect": {"type": "multiplier", "factor": {"num": 2, "den": 1}},
    "conditions": [{"type": "tier", "any_of": ["silver"]}],
}


def levels(measure: str, least: int, **more: Any) -> dict[str, Any]:
    """Red, and silver from something on, for the calendar month."""
    return {
        "measure": measure,
        "over": {"type": "calendar", "period": "month"},
        "levels": [
            {"id": name, "name": {"en": name, "ru": name}, "at_least": at}
            for name, at in (("red", 0), ("silver", least))
        ],
        **more,
    }


def given(document: Any, receipts: list[Past], **facts: Any) -> dict[str, int]:
    """Points by rule that somebody got of whom this is known."""
    who = MemberFacts(**facts)
    player = Player(document, lambda *_: who, Assumptions(spend_share=0), begins=BEGINS)
    play([player], steps(receipts, document.zone), LAST)
    return {name: one.points for name, one in player.figures.rules.items() if one.points}


def test_a_birthday_in_the_days_is_greeted_once_also_before_the_first_receipt() -> None:
    sales = [bought("anna", 40, 10_000), bought("anna", 50, 10_000)]
    born = date(1990, 1, 20)
    assert given(program(rule(), GREETED), sales, birthday=born) == {"base": 10, "greeted": 300}
    assert given(program(rule()), sales, birthday=born) == {"base": 10}
    later = {"birthday": born, "joined_on": date(2026, 1, 20)}
    assert given(program(rule(), GREETED), sales, **later) == {"base": 10}
    assert given(program(rule(), GREETED), sales, birthday=date(1990, 3, 6)) == {"base": 10}
    assert given(program(rule(), GREETED), sales) == {"base": 10}


def test_29_february_comes_as_the_document_says() -> None:
    who = MemberFacts(birthday=date(1992, 2, 29))
    for choice, days in (("february_28", ["2026-02-28"]), ("march_1", ["2026-03-01"])):
        document = program(GREETED, birthdays={"leap_day": choice})
        found = coming(document, who, BEGINS - timedelta(days=1), LAST)
        assert [one.day.isoformat() for one in found] == days


def test_a_month_is_checked_as_the_next_one_begins_once_something_was_bought() -> None:
    sales = [bought("anna", 40, 10_000)]  # in February
    assert given(program(rule(), CHECKED), sales) == {"base": 5, "checked": 300}
    early = [bought("anna", 5, 10_000), *sales]
    assert given(program(rule(), CHECKED), early) == {"base": 10, "checked": 600}


def test_a_level_is_left_with_its_month_and_taken_by_a_return() -> None:
    document = program(rule(), TWICE, tiers=levels("amount", 100_000, down="reassess"))
    sales = [
        bought("anna", 0, 100_000),
        bought("anna", 1, 10_000),  # in silver
        bought("anna", 32, 10_000),  # still: January was enough for February
        bought("anna", 60, 10_000),  # in March no more
    ]
    assert given(document, sales) == {"base": 65, "twice": 10}


def test_by_points_a_level_is_come_to_by_a_birthday_and_by_stay_with_its_day() -> None:
    sales = [bought("anna", day, 10_000) for day in (0, 30)]
    by_points = program(rule(), TWICE, GREETED, tiers=levels("points", 300))
    assert given(by_points, sales, birthday=date(1990, 1, 20)) == {
        "base": 10,
        "twice": 5,
        "greeted": 300,
    }
    by_stay = program(rule(), TWICE, tiers=levels("months", 6))
    assert given(by_stay, sales, joined_on=date(2025, 7, 15)) == {"base": 10, "twice": 5}
    assert given(by_stay, sales) == {"base": 10}
