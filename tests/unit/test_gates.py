"""Gates as pure rules: months of the program's zone, what is missing, what is told once."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.counters.model import money
from chalicelib.gates.model import Told, news
from chalicelib.kernel.clock import day_begins, local_date
from chalicelib.kernel.texts import LANGUAGES
from chalicelib.programs import checks, gates
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.gates import Gate, Standing
from chalicelib.programs.model import Earning, Program
from chalicelib.receipts.counting import MOST_NAMES, Month, Purchase, Sums, added
from infra.local.resources import ROOT
from tests.support.common import JEWELS, figure
from tests.unit.test_programs_changes import between, only

NAME = dict.fromkeys(LANGUAGES, "Club options")
GATE: dict[str, Any] = {"name": NAME, "at_least": 1000, "options": ["donations"]}
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def gate(**more: Any) -> Gate:
    """A gate of 10.00 a month."""
    return msgspec.convert({**GATE, **more}, Gate)


def day(text: str) -> date:
    return date.fromisoformat(text)


def bought(**days: int) -> dict[date, int]:
    """What was bought by day, as ``d2026_11_05=1000``."""
    return {day(name[1:].replace("_", "-")): amount for name, amount in days.items()}


@pytest.mark.parametrize(
    ("days", "today", "until"),
    [
        ({"d2026_11_05": 1000}, "2026-11-05", "2026-12-31"),
        ({"d2026_11_05": 1000}, "2026-12-31", "2026-12-31"),
        ({"d2026_11_05": 1000}, "2027-01-01", None),
        ({"d2026_11_05": 999}, "2026-11-30", None),
        ({"d2026_11_05": 400, "d2026_11_30": 600}, "2026-12-01", "2026-12-31"),
        # Half in one month and half in the next are nobody's month.
        ({"d2026_11_30": 999, "d2026_12_01": 999}, "2026-12-31", None),
        ({"d2026_11_30": 1000, "d2026_12_01": 1000}, "2026-12-31", "2027-01-31"),
        ({"d2026_12_31": 1000}, "2027-01-31", "2027-01-31"),
        ({"d2028_01_31": 1000}, "2028-02-29", "2028-02-29"),
        ({"d2026_11_05": 1000, "d2026_11_06": -1}, "2026-11-30", None),
    ],
)
def test_open_in_a_month_in_which_or_before_which_enough_was_bought(
    days: dict[str, int], today: str, until: str | None
) -> None:
    found = gates.standing(gate(), bought(**days), day(today))
    assert (found.open, found.until) == (until is not None, day(until) if until else None)


def test_what_is_missing_is_of_the_running_month() -> None:
    given = bought(d2026_11_05=1000, d2026_12_10=300)
    found = gates.standing(gate(), given, day("2026-12-20"))
    assert found == Standing(True, day("2026-12-31"), 300, 700, day("2026-12-31"))
    found = gates.standing(gate(), bought(d2026_12_10=-5), day("2026-12-20"))
    assert found == Standing(False, None, 0, 1000, day("2026-12-31"))


@settings(max_examples=figure(60, 1000), deadline=None)
@given(st.dictionaries(DAYS, st.integers(0, 2000), max_size=40), DAYS, st.integers(1, 6))
def test_a_gate_is_open_as_the_requirement_says(
    found: dict[date, int], today: date, further: int
) -> None:
    """By the words of it: the sum of the month, or of one of those before it, is enough."""
    one = gate(further_months=further)
    sums = [
        sum(
            amount
            for at, amount in found.items()
            if (at.year * 12 + at.month) == today.year * 12 + today.month - back
        )
        for back in range(further + 1)
    ]
    standing = gates.standing(one, found, today)
    assert standing.open == any(total >= 1000 for total in sums)
    # The months that it asks for are enough to know.
    asked = {at: n for at, n in found.items() if at.isoformat()[:7] in gates.months(one, today)}
    assert gates.standing(one, asked, today) == standing
    if standing.until:
        assert gates.standing(one, found, standing.until).open
        nothing_more = {at: n for at, n in found.items() if at <= today}
        after = standing.until + timedelta(days=1)
        assert not gates.standing(one, nothing_more, after).open


@settings(max_examples=figure(25, 500), deadline=None)
@given(
    st.dictionaries(
        st.dates(date(2026, 1, 1), date(2027, 6, 30)), st.integers(0, 1500), max_size=20
    ),
    st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    st.integers(1, 2),
)
def test_since_when_is_the_first_day_of_it(
    found: dict[date, int], today: date, further: int
) -> None:
    one = gate(further_months=further)
    so_far = {at: amount for at, amount in found.items() if at <= today}

    def open_at_the_end_of(at: date) -> bool:
        return gates.standing(one, {d: n for d, n in so_far.items() if d <= at}, at).open

    now, first = open_at_the_end_of(today), gates.since(one, so_far, today)
    oldest = today.replace(day=1) - relativedelta(months=gates.LOOKED_BACK - 1)
    start = first or oldest
    assert all(
        open_at_the_end_of(start + timedelta(days=n)) == now
        for n in range(0, (today - start).days + 1, 3)
    )
    if first:
        assert first >= oldest or not now
        assert open_at_the_end_of(first) == now
        assert open_at_the_end_of(first - timedelta(days=1)) != now


@pytest.mark.parametrize(
    ("zone", "last_second"),
    [
        # Summer time ends on the last day of October here, and begins on one of March.
        ("Europe/Berlin", datetime(2027, 10, 31, 22, 59, 59, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2030, 3, 31, 21, 59, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 2, 28, 18, 14, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 12, 31, 9, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_month_ends_with_its_last_second_in_the_programs_zone(
    zone: str, last_second: datetime
) -> None:
    last = local_date(last_second, zone)
    reached = {(last.replace(day=1) - timedelta(days=1)): 1000}
    assert gates.standing(gate(), reached, last).until == last
    assert day_begins(last + timedelta(days=1), zone) == last_second + timedelta(seconds=1)
    over = local_date(last_second + timedelta(seconds=1), zone)
    assert not gates.standing(gate(), reached, over).open


def told_by(one: Gate, given: dict[date, int], looks: list[date]) -> list[tuple[str, date]]:
    """What is told by looks on these days; each look but the last may happen twice."""
    had, found = Told(), []
    for today in sorted(looks):
        for _ in range(2):
            now = {at: n for at, n in given.items() if at <= today}
            new, had = news(one, gates.standing(one, now, today), had, today)
            found += [(new, today)] if new else []
    return found


def test_each_thing_is_told_once_and_late_looks_tell_the_latest() -> None:
    one, given = gate(warn_days=[7, 2]), bought(d2026_11_05=1000, d2027_02_03=1000)
    every = [day("2026-11-05") + timedelta(days=n) for n in range(150)]
    whole = [
        ("gate.opened", day("2026-11-05")),
        ("gate.closing", day("2026-12-24")),
        ("gate.closing", day("2026-12-29")),
        ("gate.closed", day("2027-01-01")),
        ("gate.opened", day("2027-02-03")),
        ("gate.closing", day("2027-03-24")),
        ("gate.closing", day("2027-03-29")),
        ("gate.closed", day("2027-04-01")),
    ]
    assert told_by(one, given, every) == whole
    assert told_by(one, given, [day("2026-11-05"), day("2026-12-30"), day("2027-01-20")]) == [
        ("gate.opened", day("2026-11-05")),
        ("gate.closing", day("2026-12-30")),
        ("gate.closed", day("2027-01-20")),
    ]
    # Closed and open again between two looks: nothing is new.
    looks = [day("2026-11-05"), day("2027-02-10")]
    assert told_by(one, given, looks) == [("gate.opened", day("2026-11-05"))]


@settings(max_examples=figure(10, 200), deadline=None)
@given(
    st.dictionaries(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 1500), max_size=12
    ),
    st.sampled_from([(), (7, 2), (0,)]),
)
def test_the_days_that_a_look_asks_for_are_all_that_is_needed(
    given_: dict[date, int], warn_days: tuple[int, ...]
) -> None:
    """Looks when something was bought, and when the last look said, tell what daily looks tell."""
    one = gate(warn_days=list(warn_days))
    daily = [date(2026, 1, 1) + timedelta(days=n) for n in range(480)]
    looks = set(given_)
    for today in daily:
        if today in looks:
            now = {at: n for at, n in given_.items() if at <= today}
            again = gates.next_day(one, gates.standing(one, now, today), today)
            looks |= {again} if again else set()
    assert told_by(one, given_, sorted(looks)) == told_by(one, given_, daily)


def test_the_sweeper_looks_in_time_for_each_warning_and_for_the_end() -> None:
    one = gate(warn_days=[7])
    found = [
        day("2026-12-01") + timedelta(days=n)
        for n in range(45)
        if gates.soon(one, "2026-11", day("2026-12-01") + timedelta(days=n))
    ]
    assert found == [day(f"2026-12-{n}") for n in (22, 23, 24, 30, 31)] + [day("2027-01-01")]


def test_a_category_that_a_gate_asks_for_is_counted_apart_whatever_a_shop_sells() -> None:
    """The figure of a day with more categories than are counted apart, with returns."""

    def sold(category: str, amount: int) -> Purchase:
        sums = Sums(amount, 1 if amount > 0 else -1)
        return Purchase(day("2026-11-05"), sums, {category: sums}, "p", "o", "", {})

    month = Month()
    for number in range(MOST_NAMES + 5):
        month = added(month, Earning(), sold(f"c{number}", 10), {"feed"})
    for amount in (700, 500, -500):
        month = added(month, Earning(), sold("feed", amount), {"feed"})
    assert sum(money(month, "feed").values()) == 700
    assert sum(money(month, None).values()) == (MOST_NAMES + 5) * 10 + 700
    assert sum(money(month, "c64").values()) == 0  # together with others


def document(**given: Any) -> Program:
    """A program with one gate."""
    one = {"name": {"en": "Options", "ru": "Возможности"}, "at_least": 5, "options": ["orders"]}
    return msgspec.convert({**DOCUMENT, "gates": {"main": {**one, **given}}}, Program)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"name": {"en": "Options"}}, ("/gates/main/name/ru", "text_missing")),
        ({"opens": [{"en": "Feeding"}]}, ("/gates/main/opens/0/ru", "text_missing")),
        ({"kinds": ["buyer", "breeder"]}, ("/gates/main/kinds/1", "kind_unknown")),
        ({"kinds": ["buyer", "buyer"]}, ("/gates/main/kinds/1", "duplicate")),
        ({"options": ["orders", "orders"]}, ("/gates/main/options/1", "duplicate")),
        ({"warn_days": [7, 7]}, ("/gates/main/warn_days/1", "duplicate")),
        ({"options": []}, ("/gates/main/options", "gate_opens_nothing")),
    ],
)
def test_a_fault_is_pointed_at(given: dict[str, Any], fault: tuple[str, str]) -> None:
    assert [(one.pointer, one.code) for one in checks.faults(document(**given))] == [fault]


def test_a_sound_gate_has_no_fault_and_a_figure_is_needed() -> None:
    assert checks.faults(document(kinds=["buyer"], warn_days=[0, 27])) == ()
    for wrong in (
        {"at_least": 0},
        {"further_months": 0},
        {"options": ["card"]},
        {"warn_days": [28]},
    ):
        with pytest.raises(msgspec.ValidationError, match=r"\$\.gates"):
            document(**wrong)


def test_it_is_told_in_words() -> None:
    one = {
        **GATE,
        "at_least": 1_000_000,
        "category": "feed",
        "kinds": ["buyer"],
        "opens": [dict.fromkeys(LANGUAGES, "Feeding")],
        "warn_days": [7, 2],
    }
    after = {**JEWELS, "gates": {"main": one}}
    assert only(JEWELS, after) == (
        "/gates/main",
        "worse",
        "Open while you buy enough (main): Club options: in a calendar month with purchases "
        "of feed for at least 10000 RUB; and in 1 month after it; for: buyers; opens: giving "
        "points to charities, Feeding; told before it closes, in days: 7, 2 (added)",
    )
    assert only(after, JEWELS)[:2] == ("/gates/main", "better")
    for field, value in {
        "further_months": 2,
        "category": None,
        "kinds": [],
        "warn_days": [],
    }.items():
        changed = {**JEWELS, "gates": {"main": {**one, field: value}}}
        (found,) = between(after, changed)
        assert found.effect == "unknown"


def test_the_guides_example_does_what_it_says() -> None:
    text = (ROOT / "docs/programs.md").read_text()
    (block,) = re.findall(r"## Gates\n.+?```\n(.+?)```", text, re.S)
    given = json.loads(block)
    shown = msgspec.convert({**DOCUMENT, "kinds": given["kinds"], "gates": given["gates"]}, Program)
    assert checks.faults(shown) == ()
    one = shown.gates["active"]
    found = gates.standing(one, bought(d2027_01_31=1_000_000), day("2027-02-28"))
    assert (found.open, found.until) == (True, day("2027-02-28"))
    assert gates.guarding(shown.gates, "donations", "breeder")
    assert not gates.guarding(shown.gates, "orders", "breeder")
    assert not gates.guarding(shown.gates, "donations", "owner")
