"""Burn dates: month ends, leap years, and rounding that never takes a day from a member."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programs.burning import (
    MAX_DAYS,
    MAX_MONTHS,
    After,
    BurnPolicy,
    EndOf,
    Fixed,
    Inactive,
    Never,
    burn_date,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
LIVES = st.builds(After, count=st.integers(1, MAX_DAYS), unit=st.just("day")) | st.builds(
    After, count=st.integers(1, MAX_MONTHS), unit=st.just("month")
)


@pytest.mark.parametrize(
    ("policy", "earned_on", "expected"),
    [
        # A life of up to a month keeps its exact day.
        (After(count=1, unit="day"), date(2024, 2, 28), date(2024, 2, 29)),
        (After(count=30, unit="day"), date(2023, 1, 31), date(2023, 3, 2)),
        (After(count=31, unit="day"), date(2024, 1, 31), date(2024, 3, 2)),
        (After(count=1, unit="month"), date(2024, 1, 31), date(2024, 2, 29)),
        (After(count=1, unit="month"), date(2023, 1, 31), date(2023, 2, 28)),
        (After(count=1, unit="month"), date(2023, 12, 31), date(2024, 1, 31)),
        # Up to a quarter: to the end of the week. 1 June 2026 is a Monday, 7 June a Sunday.
        (After(count=2, unit="month"), date(2026, 4, 1), date(2026, 6, 7)),
        (After(count=2, unit="month"), date(2026, 4, 7), date(2026, 6, 7)),
        (After(count=90, unit="day"), date(2026, 3, 9), date(2026, 6, 7)),
        (After(count=90, unit="day"), date(2026, 3, 10), date(2026, 6, 14)),
        # Longer: to the end of the month, leap years included.
        (After(count=12, unit="month"), date(2025, 1, 1), date(2026, 1, 31)),
        (After(count=12, unit="month"), date(2025, 1, 31), date(2026, 1, 31)),
        (After(count=12, unit="month"), date(2024, 2, 29), date(2025, 2, 28)),
        (After(count=12, unit="month"), date(2023, 2, 10), date(2024, 2, 29)),
        (After(count=365, unit="day"), date(2024, 12, 31), date(2025, 12, 31)),
        # Longest: to the end of the quarter.
        (After(count=36, unit="month"), date(2024, 1, 1), date(2027, 3, 31)),
        (After(count=36, unit="month"), date(2024, 11, 30), date(2027, 12, 31)),
        (EndOf(period="month"), date(2024, 2, 1), date(2024, 2, 29)),
        (EndOf(period="quarter"), date(2026, 5, 31), date(2026, 6, 30)),
        (EndOf(period="quarter"), date(2026, 12, 31), date(2026, 12, 31)),
        (EndOf(period="year"), date(2026, 1, 1), date(2026, 12, 31)),
        (EndOf(period="month", extra_days=1), date(2024, 2, 10), date(2024, 3, 1)),
        (EndOf(period="year", extra_days=31), date(2026, 5, 1), date(2027, 1, 31)),
        # After inactivity: like a life, from the day of the activity.
        (Inactive(count=1, unit="month"), date(2024, 1, 31), date(2024, 2, 29)),
        (Inactive(count=12, unit="month"), date(2025, 2, 3), date(2026, 2, 28)),
        (Fixed(date=date(2026, 6, 1)), date(2026, 6, 1), date(2026, 6, 1)),
        (Fixed(date=date(2026, 6, 1)), date(2026, 6, 2), None),
        (Never(), date(2026, 1, 1), None),
    ],
)
def test_burn_date(policy: BurnPolicy, earned_on: date, expected: date | None) -> None:
    assert burn_date(policy, earned_on) == expected


@given(LIVES, DAYS)
def test_later_points_never_burn_earlier(policy: After, day: date) -> None:
    one, other = burn_date(policy, day), burn_date(policy, day + timedelta(days=1))
    assert one is not None
    assert other is not None
    assert day < one <= other


@given(LIVES, DAYS)
def test_rounding_never_takes_a_day(policy: After, day: date) -> None:
    burns = burn_date(policy, day)
    assert burns is not None
    shortest = policy.count if policy.unit == "day" else policy.count * 28
    assert (burns - day).days >= shortest


@given(LIVES, DAYS)
def test_an_everyday_buyer_holds_at_most_32_burn_dates(policy: After, today: date) -> None:
    alive = {
        burns
        for age in range(MAX_DAYS + 100)
        if (burns := burn_date(policy, today - timedelta(days=age))) and burns >= today
    }
    assert len(alive) <= 32
