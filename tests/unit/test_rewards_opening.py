"""Opening hours of pick-up points: by the clock on the wall, also when that is moved."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programs.model import Texts
from chalicelib.rewards.opening import (
    WEEKDAYS,
    ClosedDay,
    Hours,
    Opening,
    PointDetails,
    faults,
    opening,
)

ZONES = ("Europe/Moscow", "Europe/Kyiv", "America/New_York", "Asia/Dubai", "Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text)


def point(hours: Hours, *closed: str) -> PointDetails:
    """A point with these hours."""
    days = tuple(ClosedDay(day) for day in closed)
    return PointDetails(name=Texts(), address=Texts(), hours=hours, closed=days)


def weekly(*intervals: tuple[str, str]) -> Hours:
    """The same hours on every day."""
    return Hours(**dict.fromkeys(WEEKDAYS, intervals))


WORKDAYS = Hours(**dict.fromkeys(WEEKDAYS[:5], (("10:00", "18:00"),)))


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    """Hours that have no fault: up to three intervals a day."""
    week = {}
    for weekday in WEEKDAYS:
        times = draw(st.lists(st.integers(0, 24 * 12), unique=True, max_size=6).map(sorted))
        spoken = [f"{five // 12:02}:{five % 12 * 5:02}" for five in times]
        week[weekday] = tuple(zip(spoken[::2], spoken[1::2], strict=False))
    return Hours(**week)


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-11-23T06:59:59Z", Opening(False, None, at("2026-11-23T07:00Z"))),
        ("2026-11-23T07:00:00Z", Opening(True, at("2026-11-23T15:00Z"), at("2026-11-24T07:00Z"))),
        ("2026-11-23T14:59:59Z", Opening(True, at("2026-11-23T15:00Z"), at("2026-11-24T07:00Z"))),
        ("2026-11-23T15:00:00Z", Opening(False, None, at("2026-11-24T07:00Z"))),
        ("2026-11-27T15:00:00Z", Opening(False, None, at("2026-11-30T07:00Z"))),
    ],
)
def test_on_workdays_from_ten_to_six_in_moscow(now: str, wanted: Opening) -> None:
    assert opening(point(WORKDAYS), at(now), "Europe/Moscow") == wanted


def test_a_closed_day_is_passed_over() -> None:
    told = point(WORKDAYS, "2026-11-23", "2026-11-24")
    found = opening(told, at("2026-11-23T09:00Z"), "Europe/Moscow")
    assert found == Opening(False, None, at("2026-11-25T07:00Z"))


def test_a_point_that_never_opens_says_so() -> None:
    never = Opening(False, None, None)
    assert opening(point(Hours()), at("2026-11-23T09:00Z"), "Europe/Moscow") == never


def test_hours_through_midnight_are_one_stretch() -> None:
    nightly = weekly(("00:00", "02:00"), ("20:00", "24:00"))
    found = opening(point(nightly), at("2026-11-23T20:00Z"), "UTC")
    assert found == Opening(True, at("2026-11-24T02:00Z"), at("2026-11-24T20:00Z"))


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-10-25T00:15Z", False),
        ("2026-10-25T00:30Z", True),  # 02:30 for the first time
        ("2026-10-25T01:15Z", True),  # 02:15 for the second time: still the same stretch
        ("2026-10-25T01:44Z", True),
        ("2026-10-25T01:45Z", False),
    ],
)
def test_a_clock_that_is_put_back_ends_the_stretch_at_the_later_time(
    now: str, is_open: bool
) -> None:
    told = point(weekly(("02:30", "02:45")))
    assert opening(told, at(now), "Europe/Berlin").open_now is is_open


def test_an_interval_can_vanish_when_the_clock_is_put_forward() -> None:
    told = point(weekly(("02:30", "03:15")))
    found = opening(told, at("2026-03-29T00:00Z"), "Europe/Berlin")
    assert found == Opening(False, None, at("2026-03-30T00:30Z"))


@given(weeks(), INSTANTS, st.sampled_from(ZONES))
def test_on_a_plain_day_it_is_open_as_the_wall_clock_says(
    hours: Hours, now: datetime, zone: str
) -> None:
    wall = now.astimezone(ZoneInfo(zone))
    around = (now + timedelta(hours=shift) for shift in range(-26, 27))
    if len({one.astimezone(ZoneInfo(zone)).utcoffset() for one in around}) == 1:
        said = wall.strftime("%H:%M")
        wanted = any(opens <= said < ends for opens, ends in hours.on(wall.date()))
        assert opening(point(hours), now, zone).open_now is wanted


@given(weeks(), INSTANTS, st.sampled_from(ZONES))
def test_what_comes_next_does_come(hours: Hours, now: datetime, zone: str) -> None:
    told = point(hours)
    found = opening(told, now, zone)
    assert found.open_now is (found.closes is not None)
    if found.closes is not None:
        assert found.closes > now
        assert opening(told, found.closes - MINUTE / 60, zone).open_now
        assert not opening(told, found.closes, zone).open_now
    if found.opens_next is not None:
        assert found.opens_next > max(now, found.closes or now)
        assert opening(told, found.opens_next, zone).open_now
        assert not opening(told, found.opens_next - MINUTE / 60, zone).open_now


@given(weeks())
def test_good_hours_have_no_faults(hours: Hours) -> None:
    assert faults(point(hours)) == ()


@pytest.mark.parametrize(
    ("intervals", "wanted"),
    [
        ((("10:00", "10:00"),), [("/hours/mon/0", "hours_empty")]),
        ((("18:00", "10:00"),), [("/hours/mon/0", "hours_empty")]),
        ((("10:00", "14:00"), ("13:59", "18:00")), [("/hours/mon/1", "hours_overlap")]),
        ((("14:00", "18:00"), ("10:00", "12:00")), [("/hours/mon/1", "hours_overlap")]),
        ((("10:00", "14:00"), ("14:00", "24:00")), []),
    ],
)
def test_hours_may_not_be_empty_nor_overlap(
    intervals: tuple[tuple[str, str], ...], wanted: list[tuple[str, str]]
) -> None:
    found = faults(point(Hours(mon=intervals)))
    assert [(fault.pointer, fault.code) for fault in found] == wanted


def test_a_day_is_closed_once() -> None:
    (fault,) = faults(point(WORKDAYS, "2027-01-01", "2027-01-01"))
    assert (fault.pointer, fault.code) == ("/closed/1/on", "duplicate")
