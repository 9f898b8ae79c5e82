"""What is counted of purchases: days, months, names beyond the bounds, and returns that cancel."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.earning.model import Today
from chalicelib.earning.reach import Reach, reach_of
from chalicelib.programs.model import Earning
from chalicelib.receipts import counting
from chalicelib.receipts.counting import Month, Purchase, Sums, Tally
from tests.support.common import figure
from tests.support.rules import program

FIRST_OF_MARCH = date(2026, 3, 1)
COUNTERS = {
    "month": {"measure": "amount", "over": "this_month"},
    "last": {"measure": "amount", "over": "last_month"},
    "week": {"measure": "receipts", "over": "days", "days": 7},
    "rings": {"measure": "amount", "over": "ever", "category": "ring"},
    "rings-here": {
        "measure": "amount",
        "over": "days",
        "days": 30,
        "category": "ring",
        "partner": "rubin",
    },
    "there": {"measure": "receipts", "over": "this_month", "partner": "opal"},
}
POINTS = {"effect": {"type": "points", "points": 5}}


def earning(*rules: Any, counters: Any = None) -> Earning:
    """Rules and counters of a program."""
    return program(*rules, counters=COUNTERS if counters is None else counters).earning


EARNING = earning()


def bought(day: date, *parts: tuple[str, int], **more: Any) -> Purchase:
    """A purchase of one receipt at rubin, by category and amount."""
    categories: dict[str, Sums] = {}
    for category, amount in parts:
        had = categories.get(category, Sums(0, 1))
        categories[category] = Sums(had.amount + amount, 1)
    sums = Sums(sum(amount for _, amount in parts), 1)
    given = {"partner": "rubin", "outlet": "arbat", "channel": "shop", "used": {}, **more}
    return Purchase(day=day, sums=sums, categories=categories, **given)


def returned(purchase: Purchase) -> Purchase:
    """All of a purchase, taken back."""

    def less(sums: Sums) -> Sums:
        return Sums(-sums.amount, -sums.receipts)

    return msgspec.structs.replace(
        purchase,
        sums=less(purchase.sums),
        categories={name: less(sums) for name, sums in purchase.categories.items()},
        used={rule: -points for rule, points in purchase.used.items()},
    )


class Counted:
    """The counters of one member."""

    def __init__(self, terms: Earning = EARNING) -> None:
        self.terms = terms
        self.months: dict[str, Month] = {}
        self.tally = Tally()

    def count(self, *purchases: Purchase) -> "Counted":
        """Count some purchases."""
        for one in purchases:
            month = self.months.get(one.month, Month())
            self.months[one.month] = counting.added(month, self.terms, one)
            self.tally = counting.tallied(self.tally, self.terms, one)
        return self

    def on(self, day: date) -> dict[str, int]:
        """What the counters say before an event on a day."""
        names = self.terms.counters
        return counting.counters(self.terms, names, self.months, self.tally, day)


def test_counters_look_back_over_the_end_of_a_month() -> None:
    counted = Counted().count(
        bought(FIRST_OF_MARCH - timedelta(days=7), ("ring", 1)),
        bought(FIRST_OF_MARCH - timedelta(days=6), ("ring", 20), ("chain", 300)),
        bought(FIRST_OF_MARCH, ("chain", 4_000), partner="opal"),
    )
    assert counted.on(FIRST_OF_MARCH) == {
        "month": 4_000,
        "last": 321,
        "week": 2,
        "rings": 21,
        "rings-here": 21,
        "there": 1,
    }
    assert counted.on(FIRST_OF_MARCH + timedelta(days=6))["week"] == 1
    assert counted.on(date(2026, 4, 1)) == {
        "month": 0,
        "last": 4_000,
        "week": 0,
        "rings": 21,
        "rings-here": 0,
        "there": 0,
    }


@pytest.mark.parametrize(
    ("reach", "day", "months"),
    [
        (Reach(), date(2026, 3, 1), {"2026-03"}),
        (Reach(days=2), date(2026, 3, 1), {"2026-02", "2026-03"}),
        (Reach(days=31), date(2026, 3, 31), {"2026-03"}),
        (Reach(days=60), date(2026, 3, 1), {"2026-01", "2026-02", "2026-03"}),
        (Reach(months=2), date(2026, 1, 15), {"2025-11", "2025-12", "2026-01"}),
    ],
)
def test_no_more_months_are_read_than_rules_ask_about(
    reach: Reach, day: date, months: set[str]
) -> None:
    assert counting.months_needed(reach, day, day) == months


def test_a_late_receipt_needs_the_months_after_it_as_far_as_a_cap_reaches() -> None:
    terms = earning({**POINTS, "caps": {"period": {"days": 20, "points": 9}}})
    reach = reach_of(terms, "receipt_paid")
    day = date(2026, 1, 15)
    for today, last in ((day, "01"), (date(2026, 2, 2), "02"), (date(2026, 3, 9), "02")):
        assert max(counting.months_needed(reach, day, today)) == f"2026-{last}"


def test_a_month_counts_as_bought_in_while_a_receipt_of_it_stands() -> None:
    kept, gone = bought(date(2026, 1, 31), ("ring", 5)), bought(date(2026, 2, 28), ("ring", 5))
    counted = Counted().count(kept, gone, returned(gone))
    assert counting.bought_in(counted.months) == ("2026-01",)


def test_payments_of_a_day_are_numbered_by_outlet_channel_and_program() -> None:
    day = FIRST_OF_MARCH
    here, other = bought(day, ("ring", 5)), bought(day, ("ring", 5), outlet="nevsky", channel="")
    counted = Counted().count(here, other)
    assert counting.today(counted.months, here) == Today(outlet=2, channel=2, program=3)
    tomorrow = bought(day + timedelta(days=1), ("ring", 5))
    assert counting.today(counted.months, tomorrow) == Today()
    counted.count(returned(here), returned(other))
    assert counting.today(counted.months, here) == Today()


def test_caps_know_what_a_rule_gave_in_each_of_their_times() -> None:
    caps = {"day": 99, "month": 99, "ever": 99, "period": {"days": 3, "points": 99}}
    terms = earning({**POINTS, "caps": caps})
    given = [(-40, 1), (-2, 20), (-1, 300), (0, 4_000)]
    counted = Counted(terms).count(
        *(
            bought(date(2026, 3, 2) + timedelta(days=days), ("ring", 1), used={"r0": points})
            for days, points in given
        )
    )
    used = counting.used(terms.rules, counted.months, counted.tally, date(2026, 3, 2))["r0"]
    assert (used.day, used.month, used.period, used.ever) == (4_000, 4_300, 4_320, 4_321)


def test_a_period_is_full_wherever_one_looks() -> None:
    """3 points on 4 March and 5 on the 6th. Three days that hold the 5th hold at most 8 of them;
    three days that hold the 3rd hold 3, and those of the 2nd too.
    """
    terms = earning({**POINTS, "caps": {"period": {"days": 3, "points": 99}}})
    counted = Counted(terms).count(
        *(
            bought(date(2026, 3, day), ("ring", 1), used={"r0": points})
            for day, points in ((4, 3), (6, 5))
        )
    )

    def period(day: int) -> int:
        on = date(2026, 3, day)
        return counting.used(terms.rules, counted.months, counted.tally, on)["r0"].period

    assert [period(day) for day in range(1, 9)] == [0, 3, 3, 8, 8, 8, 5, 5]


def test_names_beyond_the_bounds_are_counted_together() -> None:
    """Sixty categories of a day are told apart; what else is bought is known to be something."""
    names = [f"c{number:02}" for number in range(counting.MOST_NAMES + 5)]
    counted = Counted().count(bought(FIRST_OF_MARCH, *((name, 10) for name in names)))
    shown = counted.months["2026-03"].named("c:")
    assert len(shown) == counting.MOST_NAMES + 1
    assert (shown[""], sum(shown.values())) == (50, 650)


def test_a_counter_of_goods_at_a_partner_is_never_lost_among_names() -> None:
    names = [f"c{number:02}" for number in range(counting.MOST_NAMES)]
    counted = Counted().count(
        bought(FIRST_OF_MARCH, *((name, 10) for name in names), ("ring", 7)),
        bought(FIRST_OF_MARCH, ("ring", 8)),
    )
    assert counted.on(FIRST_OF_MARCH)["rings-here"] == 15
    assert sum(counted.months["2026-03"].named("c:").values()) == 615


def test_an_event_that_is_no_purchase_leaves_a_month_as_it_was() -> None:
    nothing = Purchase(FIRST_OF_MARCH, Sums(), {}, "rubin", "", "", {})
    assert counting.added(Month(), EARNING, nothing) == Month()


DAYS = st.dates(date(2026, 1, 28), date(2026, 3, 4))
NAMES = ["ring", *(f"c{number:02}" for number in range(counting.MOST_NAMES + 9))]
PARTS = st.tuples(st.integers(0, 50), st.integers(1, 70), st.integers(0, 99)).map(
    lambda it: [(name, it[2]) for name in NAMES[it[0] :][: it[1]]]
)
PURCHASES = st.builds(
    lambda day, parts, partner, points: bought(
        day, *parts, partner=partner, used={"r0": points} if points else {}
    ),
    DAYS | st.just(FIRST_OF_MARCH),
    PARTS,
    st.sampled_from(["rubin", "opal"]),
    st.integers(0, 9),
)


@pytest.mark.soak
@settings(max_examples=figure(30, 1000))
@given(st.lists(PURCHASES, max_size=4), st.lists(PURCHASES, min_size=1, max_size=4), st.randoms())
def test_returns_cancel_exactly_whatever_came_between(
    kept: list[Purchase], gone: list[Purchase], luck: Any
) -> None:
    """Purchases and the returns of some of them, in any order that keeps each return after its
    purchase: the counters are those of what was kept.
    """
    caps = {"month": 10**6, "ever": 10**6}
    terms = earning({**POINTS, "caps": caps}, counters=COUNTERS)
    acts = [*kept, *gone]
    luck.shuffle(acts)
    for one in luck.sample(gone, len(gone)):
        after = next(place for place, act in enumerate(acts) if act is one)
        acts.insert(luck.randint(after + 1, len(acts)), returned(one))
    ended, plain = Counted(terms).count(*acts), Counted(terms).count(*kept)
    for day in (date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 4), date(2026, 4, 1)):
        assert ended.on(day) == plain.on(day)
        assert counting.used(terms.rules, ended.months, ended.tally, day) == counting.used(
            terms.rules, plain.months, plain.tally, day
        )
    assert counting.bought_in(ended.months) == counting.bought_in(plain.months)
    for name, month in ended.months.items():
        assert month.sums == plain.months.get(name, Month()).sums
        assert all(amount >= 0 for amount in month.named("c:").values())
