"""Levels as pure rules: windows, ends, and what a member is on however late somebody looks."""

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import day_begins, render
from chalicelib.kernel.texts import LANGUAGES
from chalicelib.programs import tiers
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program
from chalicelib.programs.tiers import Span, Tiers
from chalicelib.receipts import assigned, levels, levels_back
from chalicelib.receipts.counting import Day, Month, Sums, Tally, Tier
from tests.support.purchases import TIERS
from tests.unit.test_programs_changes import between, jewels, only


def of(**changes: Any) -> Program:
    """A program with these levels: red, silver from 1 000 000, gold from 5 000 000."""
    given = {**TIERS, **changes}
    given = {name: value for name, value in given.items() if value is not None}
    return msgspec.convert({**DOCUMENT, "zone": "Europe/Moscow", "tiers": given}, Program)


def rules(**changes: Any) -> Tiers:
    """These levels."""
    found = of(**changes).tiers
    assert found is not None
    return found


def calendar(period: str) -> dict[str, str]:
    """A calendar period as the document names it."""
    return {"type": "calendar", "period": period}


def bought(*days: tuple[str, int]) -> dict[str, Month]:
    """Months with these purchases."""
    found: dict[str, Month] = {}
    for day, amount in days:
        had = found.get(day[:7], Month()).days
        found[day[:7]] = Month({**had, day[8:]: Day(Sums(amount, 1))})
    return found


def noon(day: str) -> datetime:
    """Noon in Moscow."""
    return datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("over", "day", "first", "last"),
    [
        (calendar("month"), "2028-02-29", "2028-02-01", "2028-02-29"),
        (calendar("quarter"), "2026-05-31", "2026-04-01", "2026-06-30"),
        (calendar("year"), "2026-12-31", "2026-01-01", "2026-12-31"),
        ({"type": "rolling", "months": 1}, "2026-03-31", "2026-03-01", "2026-03-31"),
        ({"type": "rolling", "months": 12}, "2028-02-29", "2027-03-01", "2028-02-29"),
        ({"type": "rolling", "months": 3}, "2026-01-15", "2025-10-16", "2026-01-15"),
    ],
)
def test_the_days_that_count(over: Any, day: str, first: str, last: str) -> None:
    span = tiers.counted(rules(over=over), date.fromisoformat(day))
    assert span == Span(date.fromisoformat(first), date.fromisoformat(last))
    assert {first[:7], day[:7]} <= span.months


@pytest.mark.parametrize(
    ("changes", "day", "last"),
    [
        ({"keeps_months": 12}, "2026-05-15", "2027-05-14"),
        ({"keeps_months": None, "over": calendar("year")}, "2026-05-15", "2026-12-31"),
        (
            {"keeps_months": None, "over": {"type": "rolling", "months": 3}},
            "2026-05-15",
            "2026-05-31",
        ),
        ({"down": "never"}, "2026-05-15", None),
    ],
)
def test_the_last_day_of_a_level(changes: Any, day: str, last: str | None) -> None:
    found = tiers.last_day(rules(**changes), 1, date.fromisoformat(day))
    assert (found and found.isoformat()) == last
    assert tiers.last_day(rules(**changes), 0, date.fromisoformat(day)) is None


@pytest.mark.parametrize(
    ("down", "bought", "to"),
    [
        ("never", 0, 2),
        ("one", 0, 1),
        ("one", 6_000_000, 2),
        ("reassess", 0, 0),
        ("reassess", 1_000_000, 1),
        ("reassess", 999_999, 0),
    ],
)
def test_where_a_gold_member_goes(down: str, bought: int, to: int) -> None:
    assert tiers.next_place(rules(down=down), 2, bought) == to


@pytest.mark.parametrize(("second", "tier"), [("20:59:59", "gold"), ("21:00:00", "red")])
def test_a_level_ends_with_its_last_day_in_the_zone(second: str, tier: str) -> None:
    program = of(over=calendar("month"), keeps_months=None, down="reassess")
    tally = Tally(tiers=(Tier("2026-04-01T00:00:00.000Z", "gold", "period", "2026-05-31"),))
    at = datetime.fromisoformat(f"2026-05-31T{second}+00:00")
    day = (at + timedelta(hours=3)).date()
    assert levels.tier_at(levels.lapsed(tally, program, {}, day), program, at) == tier


def test_purchases_of_the_days_of_grace_still_count() -> None:
    program = of(over=calendar("month"), keeps_months=None, grace_days=10)
    tally = Tally(tiers=(Tier("2026-04-01T00:00:00.000Z", "silver", "period", "2026-05-31"),))
    for day, tier in (("2026-06-10", "silver"), ("2026-06-11", "red")):
        months = bought((day, 1_000_000))
        assert levels.lapsed(tally, program, months, date(2026, 6, 10)) == tally
        after = levels.lapsed(tally, program, months, date(2026, 6, 11))
        assert after.tiers[-1].tier == tier


@given(
    days=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 6_000_000)), max_size=8),
    looks=st.lists(st.integers(0, 700), max_size=5),
    down=st.sampled_from(["never", "one", "reassess"]),
    keeps=st.sampled_from([None, 1, 3]),
    over=st.sampled_from(
        [calendar("month"), calendar("quarter"), {"type": "rolling", "months": 2}]
    ),
    grace=st.sampled_from([0, 14]),
    decided=st.dictionaries(
        st.integers(0, 500),
        st.tuples(st.sampled_from(["red", "silver", "gold"]), st.sampled_from([None, 0, 40])),
        max_size=3,
    ),
)
def test_it_is_the_same_however_late_and_often_somebody_looks(
    days: list[tuple[int, int]],
    looks: list[int],
    down: str,
    keeps: int,
    over: Any,
    grace: int,
    decided: dict[int, tuple[str, int | None]],
) -> None:
    changes = {"over": over, "down": down, "keeps_months": keeps, "grace_days": grace}
    start = date(2026, 1, 31)

    def told(by: str, decided: dict[int, tuple[str, int | None]], extra: list[int]) -> Tally:
        program, tally, months = of(**changes, assigned_by=by), Tally(), dict[str, Month]()
        steps = [*((day, amount) for day, amount in days), *((look, 0) for look in extra)]
        for nth, amount in sorted([*steps, *((day, -1) for day in decided), (800, 0)]):
            day = start + timedelta(days=nth)
            tally = levels.lapsed(tally, program, months, day)
            if amount < 0:
                tier, span = decided[nth]
                until = None if span is None else day + timedelta(days=span)
                tally = levels.put(tally, program, tier, until, noon(day.isoformat()))
            elif amount:
                name, key = day.isoformat()[:7], day.isoformat()[8:]
                had = months.get(name, Month()).days
                sums = had.get(key, Day()).sums.plus(Sums(amount, 1))
                months[name] = Month({**had, key: Day(sums)})
                tally = levels.risen(tally, program, months, noon(day.isoformat()))
        return tally

    for by in ("purchases", "staff"):
        assert told(by, decided, looks) == told(by, decided, [])
    # What staff are proposed is what purchases would have brought; nobody is on it by itself.
    proposed = told("staff", {}, looks)
    assert proposed.tiers == told("purchases", {}, looks).tiers
    club = of(**changes, assigned_by="staff")
    assert {one.tier for one in assigned.on(proposed, club)} <= {"red"}
    assert levels.tier_at(proposed, club, noon("2029-01-01")) == "red"


@pytest.mark.parametrize(
    ("joined", "months", "begins"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_a_membership_is_long_enough_from_a_day_on(joined: str, months: int, begins: str) -> None:
    each = ({"id": f"level-{at}", "name": {"en": "L"}, "at_least": at} for at in (0, months))
    program = of(measure="months", levels=[*each])
    day, since = date.fromisoformat(begins), date.fromisoformat(joined)
    before = levels.lapsed(Tally(), program, {}, day - timedelta(days=1), since)
    assert before == Tally()
    assert levels.due(before, program, since) == day_begins(day, program.zone)
    after = levels.lapsed(Tally(), program, {}, day + timedelta(days=500), since)
    assert [(one.tier, one.since, one.by) for one in after.tiers] == [
        (f"level-{months}", render(day_begins(day, program.zone)), "stay")
    ]
    assert levels.due(after, program, since) is None
    assert levels.measured(rules(measure="months"), {}, since, day) == months
    assert levels.measured(rules(measure="months"), {}, since, day - timedelta(days=1)) < months


def test_a_document_with_levels_is_told_in_words() -> None:
    plain, with_levels = jewels(), {**jewels(), "tiers": copy.deepcopy(TIERS)}
    assert [one.kind for one in between(plain, with_levels)] == ["added"]
    assert [one.kind for one in between(with_levels, plain)] == ["removed"]
    assert only(plain, with_levels)[2] == "Levels: Red, Silver, Gold (added)"
    for name, value, effect in (
        ("measure", "receipts", "unknown"),
        ("measure", "months", "unknown"),
        ("measure", "points", "unknown"),
        ("over", {"type": "rolling", "months": 6}, "unknown"),
        ("over", calendar("quarter"), "unknown"),
        ("keeps_months", 24, "better"),
        ("down", "reassess", "worse"),
        ("down", "never", "better"),
        ("grace_days", 30, "better"),
        ("assigned_by", "staff", "unknown"),
    ):
        after = {**with_levels, "tiers": {**TIERS, name: value}}
        found = between(with_levels, after)
        assert [(one.pointer, one.effect) for one in found] == [(f"/tiers/{name}", effect)]
    free = {key: value for key, value in TIERS.items() if key != "keeps_months"}
    between(with_levels, {**with_levels, "tiers": free})
    fewer = {**TIERS, "levels": TIERS["levels"][:2]}
    assert [one.kind for one in between(with_levels, {**with_levels, "tiers": fewer})] == [
        "removed"
    ]
    names = dict.fromkeys(LANGUAGES, "Gold")
    more = [*TIERS["levels"][:2], {"id": "gold", "name": names, "at_least": 7_000_000}]
    changed = {**with_levels, "tiers": {**TIERS, "levels": more}}
    assert [one.topic for one in between(with_levels, changed)] == ["level"]


def given_by_rule(program: Program, *given: tuple[str, str]) -> Tally:
    """The tally when receipts, or events (no name), gave these tiers, one a day from 1 May on."""
    tally = Tally()
    for day, (tier, receipt) in enumerate(given, 1):
        tally = levels.lifted_by_rule(tally, program, tier, noon(f"2026-05-{day:02}"), receipt)
    return tally


def without(tally: Tally, program: Program, months: Any, *receipts: str) -> list[str]:
    """The tiers after each of these receipts came back as a whole, one a day from 1 June on."""
    found = []
    for day, receipt in enumerate(receipts, 1):
        at = noon(f"2026-06-{day:02}")
        tally = levels_back.fallen(levels_back.withdrawn(tally, receipt), program, months, at)
        found.append(levels.tier_at(tally, program, at))
    return found


@pytest.mark.parametrize(
    ("given", "back", "tiers_left"),
    [
        ([("card", "R1")], ["other", "R1"], ["card", ""]),
        ([("card", "R1"), ("card", "R2")], ["R1", "R2"], ["card", ""]),
        ([("card", "R1"), ("gold", "R2")], ["R2", "R1"], ["card", ""]),
        ([("card", "R1"), ("gold", "R2")], ["R1", "R2"], ["gold", ""]),
        ([("card", "R1"), ("card", ""), ("card", "R2")], ["R1", "R2"], ["card", "card"]),
        ([("card", ""), ("card", "R1")], ["R1"], ["card"]),
    ],
)
def test_a_tier_goes_with_the_last_receipt_that_gave_it(
    given: list[tuple[str, str]], back: list[str], tiers_left: list[str]
) -> None:
    program = msgspec.structs.replace(of(), tiers=None)
    assert without(given_by_rule(program, *given), program, {}, *back) == tiers_left


def test_a_level_that_a_rule_gave_is_held_by_what_else_gives_it() -> None:
    """Gold for one receipt: without it the level of May's purchases, silver, is left; a level that
    purchases brought stays for the receipt whose rule gives it, too; staff's and a kept one stay.
    """
    program = of()
    gold, may = given_by_rule(program, ("gold", "R1")), bought(("2026-05-01", 1_000_000))
    assert without(gold, program, {}, "R1") == ["red"]
    assert without(gold, program, may, "R1") == ["silver"]
    at = noon("2026-05-20")
    staff = levels.put(gold, program, "silver", None, at)
    assert without(staff, program, {}, "R1") == ["silver"]
    kept = levels.lapsed(gold, program, bought(("2026-06-02", 9_000_000)), date(2027, 5, 2))
    assert kept.tiers[-1].by == "period"
    assert (
        levels_back.fallen(levels_back.withdrawn(kept, "R1"), program, {}, noon("2027-05-03"))
        == kept
    )
    rich = levels.risen(Tally(), program, bought(("2026-05-01", 5_000_000)), at)
    both = levels.lifted_by_rule(rich, program, "gold", at, "R1")
    assert levels_back.fallen(both, program, {}, at) == both
    assert without(both, program, {}, "R1") == ["red"]
