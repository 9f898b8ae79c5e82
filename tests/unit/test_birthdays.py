"""Birthdays: the calendar, the program's zone, 29 February, and what edits can bring."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import day_begins, local_date, parse
from chalicelib.members.birthdays import Kept, begins, next_due, replaced
from chalicelib.members.model import Profile
from chalicelib.programs.birthdays import (
    IN_COMMON_YEARS,
    LeapDay,
    birthday_in,
    is_apart,
    is_settled,
    next_birthday,
)
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program

ZONES = (
    *("Europe/Moscow", "UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Niue"),
    # Summer time begins at midnight here, or ends at it.
    *("Asia/Beirut", "America/Havana", "America/Santiago", "Africa/Cairo", "America/Asuncion"),
    # It left out 30 December 2011.
    "Pacific/Apia",
)
BORN = st.dates(date(1920, 1, 1), date(2010, 12, 31)) | st.just(date(1992, 2, 29))
CHOICES = st.sampled_from(sorted(IN_COMMON_YEARS))


def club(zone: str, leap_day: LeapDay = "february_28") -> Program:
    """A program of a zone."""
    document = {**DOCUMENT, "zone": zone, "birthdays": {"leap_day": leap_day}}
    return msgspec.convert(document, Program)


@pytest.mark.parametrize(
    ("born", "after", "choice", "expected"),
    [
        ("1990-05-17", "2026-05-16", "february_28", "2026-05-17"),
        ("1990-05-17", "2026-05-17", "february_28", "2027-05-17"),
        ("1990-12-31", "2026-12-31", "february_28", "2027-12-31"),
        ("1990-01-01", "2026-12-31", "february_28", "2027-01-01"),
        ("1992-02-29", "2027-01-01", "february_28", "2027-02-28"),
        ("1992-02-29", "2027-01-01", "march_1", "2027-03-01"),
        ("1992-02-29", "2027-02-28", "march_1", "2027-03-01"),
        ("1992-02-29", "2028-01-01", "march_1", "2028-02-29"),
        ("1992-02-29", "2028-02-28", "february_28", "2028-02-29"),
        ("1992-02-29", "2100-02-27", "february_28", "2100-02-28"),
        ("2026-11-29", "2026-11-29", "february_28", "2027-11-29"),
    ],
)
def test_the_next_birthday(born: str, after: str, choice: LeapDay, expected: str) -> None:
    days = (date.fromisoformat(one) for one in (born, after))
    assert next_birthday(*days, choice) == date.fromisoformat(expected)


@given(BORN, st.dates(date(2011, 1, 1), date(2060, 12, 31)), CHOICES)
def test_each_year_has_one_birthday(born: date, day: date, choice: LeapDay) -> None:
    found = next_birthday(born, day, choice)
    assert day < found == birthday_in(found.year, born, choice) <= day + timedelta(days=366)
    assert next_birthday(born, found, choice).year == found.year + 1
    assert next_birthday(born, found - timedelta(days=1), choice) == found


@given(st.sampled_from(ZONES), st.dates(date(2005, 1, 1), date(2035, 12, 31)))
def test_a_day_begins_with_its_first_instant(zone: str, day: date) -> None:
    first = day_begins(day, zone)
    assert local_date(first - timedelta(milliseconds=1), zone) < day
    if (zone, day) != ("Pacific/Apia", date(2011, 12, 30)):
        assert local_date(first, zone) == day


@given(
    BORN,
    st.sampled_from(ZONES),
    CHOICES,
    st.datetimes(datetime(2011, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)),
)
def test_what_is_waited_for_is_a_birthday(
    born: date, zone: str, choice: LeapDay, at: datetime
) -> None:
    """Also where a later version of the program chose the other day for 29 February."""
    due = parse(next_due(club(zone, choice), born.isoformat(), at))
    assert at < due
    for later in IN_COMMON_YEARS:
        day = begins(club(zone, later), born.isoformat(), due)
        assert day == next_birthday(born, local_date(at, zone), choice)


def test_nobody_is_born_on_another_day() -> None:
    program = club("Europe/Moscow")
    midnight = datetime(2026, 5, 16, 21, tzinfo=UTC)
    assert begins(program, "1990-05-17", midnight) == date(2026, 5, 17)
    assert begins(program, "1990-05-18", midnight) is None
    assert begins(program, "1990-05-17", midnight + timedelta(seconds=1)) is None
    assert begins(program, "2026-05-17", midnight) is None
    assert next_due(program, None, midnight) == ""


def test_the_first_date_told_replaces_none_and_what_is_cleared_was_one() -> None:
    program, at = club("Europe/Moscow"), datetime(2026, 5, 16, 21, tzinfo=UTC)
    none, may, june = (Profile(birthday=day) for day in (None, "1990-05-20", "1990-06-20"))
    first = replaced(program, none, may, Kept(), at)
    assert first == Kept("2026-05-19T21:00:00.000Z", "")
    assert replaced(program, may, may, first, at + timedelta(days=1)) == first
    assert replaced(program, may, june, first, at) == Kept("2026-06-19T21:00:00.000Z", "2026-05-17")
    cleared = replaced(program, may, none, first, at)
    assert cleared == Kept("", "2026-05-17")
    told_again = replaced(program, none, june, cleared, at + timedelta(days=3))
    assert told_again == Kept("2026-06-19T21:00:00.000Z", "2026-05-20")


@pytest.mark.parametrize(
    ("changed", "settled_days", "counts"),
    [
        (None, 366, True),
        ("2026-04-17", 30, True),
        ("2026-04-18", 30, False),
        ("2026-05-16", 0, True),
        ("2026-05-17", 0, False),
        ("2026-05-18", 0, False),
    ],
)
def test_a_date_has_to_stand_for_a_while(
    changed: str | None, settled_days: int, counts: bool
) -> None:
    day = None if changed is None else date.fromisoformat(changed)
    assert is_settled(day, date(2026, 5, 17), settled_days) is counts


@given(st.lists(st.tuples(BORN, st.integers(0, 400)), min_size=1, max_size=12), CHOICES)
def test_no_edits_bring_a_second_birthday(edits: list[tuple[date, int]], choice: LeapDay) -> None:
    """Whoever changes the date as often as they like, without having to wait, has at most one in
    each year, half a year apart.
    """
    day, kept = date(2024, 1, 1), list[date]()
    for born, wait in edits:
        until = day + timedelta(days=wait)
        while (day := next_birthday(born, day, choice)) <= until:
            last = kept[-1] if kept else None
            if (last is None or last.year < day.year) and is_apart(day, last):
                kept.append(day)
        day = until
    assert len({one.year for one in kept}) == len(kept)
    assert all(b - a >= timedelta(days=183) for a, b in pairwise(kept))


@given(BORN, CHOICES)
def test_whoever_edits_nothing_has_every_birthday(born: date, choice: LeapDay) -> None:
    every = [birthday_in(year, born, choice) for year in range(2020, 2040)]
    assert all(is_apart(b, a) for a, b in pairwise(every))
