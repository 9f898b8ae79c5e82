"""Rates, secrets and codes of partners' systems: pure rules."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import ALPHABET
from chalicelib.kernel.settings import Settings
from chalicelib.members import app_code
from chalicelib.partners import model_credentials as credentials
from chalicelib.partners.model import PartnerDetails, PartnerRate, misplaced, rate_on
from chalicelib.partners.model_credentials import Credential
from chalicelib.programs.values import Ratio

STAGE = Settings(table="t", stage="s", public_url="http://localhost", secret="s" * 32)
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
MEMBER = "0c4x9k2m7q1w8e5r3t6y"
SOME = Credential(
    program="jewels",
    credential="3v8k2c9mwq4x7t1n6b0z",
    partner="rubin",
    name="Tills",
    scopes=("members.read",),
    outlets=(),
    generation=3,
    created_at=render(AT),
    expires_at="",
    old_until=render(AT + timedelta(hours=1)),
    revoked_at="",
    blocked=False,
)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def rates(*since: str) -> tuple[PartnerRate, ...]:
    """Rates of 1 %, 2 %, … from these days on."""
    return tuple(
        PartnerRate(since=day, rate=Ratio(place, 100)) for place, day in enumerate(since, 1)
    )


# -- rates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "percent"),
    [("2025-12-31", 0), ("2026-01-01", 1), ("2026-10-31", 1), ("2026-11-01", 2), ("2199-12-31", 2)],
)
def test_the_rate_in_force_on_the_day_counts(day: str, percent: int) -> None:
    details = PartnerDetails(name="Rubin", rates=rates("2026-01-01", "2026-11-01"))
    found = rate_on(details, date.fromisoformat(day))
    assert found == (Ratio(percent, 100) if percent else None)


def test_a_partner_without_rates_has_none() -> None:
    assert rate_on(PartnerDetails(name="Rubin"), date(2026, 11, 1)) is None


@given(st.lists(st.dates(date(2000, 1, 1), date(2199, 12, 31)), max_size=6))
def test_rates_are_misplaced_unless_each_day_is_later(days: list[date]) -> None:
    place = misplaced(rates(*(day.isoformat() for day in days)))
    if place is None:
        assert days == sorted(set(days))
    else:
        assert days[place] <= days[place - 1]
        assert days[:place] == sorted(set(days[:place]))


# -- secrets -----------------------------------------------------------------------------


def test_each_secret_is_its_credentials_and_its_generations() -> None:
    other = Credential(**{**_fields(SOME), "credential": "4v8k2c9mwq4x7t1n6b0z"})
    elsewhere = Credential(**{**_fields(SOME), "program": "pearls"})
    every = {
        credentials.secret(STAGE, one, generation)
        for one in (SOME, other, elsewhere)
        for generation in (1, 2, 3)
    }
    assert len(every) == 9
    assert credentials.secret(STAGE, SOME, 1) == credentials.secret(STAGE, SOME, 1)
    assert all(re.fullmatch(r"whsec_[0-9A-Za-z+/]{43}=", one) for one in every)


def test_the_present_secret_and_the_one_before_may_be_asked_for() -> None:
    assert credentials.generations(SOME) == (3, 2)
    first = Credential(**{**_fields(SOME), "generation": 1, "old_until": ""})
    assert credentials.generations(first) == (1,)


@pytest.mark.parametrize(
    ("changed", "minutes", "good"),
    [
        ({}, 0, (True, True)),
        ({}, 59, (True, True)),
        ({}, 60, (True, False)),
        ({"expires_at": render(AT + timedelta(minutes=30))}, 29, (True, True)),
        ({"expires_at": render(AT + timedelta(minutes=30))}, 30, (False, False)),
        ({"revoked_at": render(AT)}, 0, (False, False)),
    ],
)
def test_what_is_good_of_a_credential(
    changed: dict[str, str], minutes: int, good: tuple[bool, bool]
) -> None:
    one = Credential(**{**_fields(SOME), **changed})
    at = AT + timedelta(minutes=minutes)
    assert tuple(credentials.is_good(one, number, at) for number in (3, 2)) == good


def test_an_old_secret_is_good_for_a_day_and_seven_days_at_most() -> None:
    week = AT + timedelta(days=7)
    assert credentials.old_until(None, AT) == AT + timedelta(hours=24)
    assert credentials.old_until(render(week), AT) == week
    assert credentials.old_until(render(week + timedelta(seconds=1)), AT) is None


# -- the code of a member's app ---------------------------------------------------------------


@given(instants, st.integers(-app_code.SKEW_S, 300), st.integers(0, 999))
def test_a_code_leads_to_its_member_for_five_minutes(
    at: datetime, seconds: int, millis: int
) -> None:
    made = at.replace(microsecond=0)
    code, until = app_code.make(STAGE, "jewels", MEMBER, made + timedelta(milliseconds=millis))
    assert until == made + timedelta(minutes=5)
    assert len(code) == app_code.LENGTH
    assert set(code) <= set(ALPHABET)
    seen = made + timedelta(seconds=seconds)
    shown = app_code.read(STAGE, "jewels", code, seen)
    assert shown == app_code.Shown(MEMBER, until)
    assert shown.is_good(seen)


@given(instants, st.integers(301, 10_000))
def test_an_old_code_is_told_as_old_or_not_at_all(at: datetime, seconds: int) -> None:
    made = at.replace(microsecond=0)
    code, _ = app_code.make(STAGE, "jewels", MEMBER, made)
    seen = made + timedelta(seconds=seconds)
    shown = app_code.read(STAGE, "jewels", code, seen)
    assert (shown is None) == (seconds >= 1024 - app_code.SKEW_S)
    assert shown is None or not shown.is_good(seen)


@given(st.integers(0, app_code.LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_changed_code_is_nobodys(place: int, symbol: str) -> None:
    code, _ = app_code.make(STAGE, "jewels", MEMBER, AT)
    changed = code[:place] + symbol + code[place + 1 :]
    found = app_code.read(STAGE, "jewels", changed, AT)
    assert (found is None) == (changed != code)


def test_a_code_is_of_one_program_and_one_platform() -> None:
    code, _ = app_code.make(STAGE, "jewels", MEMBER, AT)
    other = Settings(table="t", stage="s", public_url="http://localhost", secret="o" * 32)
    assert app_code.read(STAGE, "pearls", code, AT) is None
    assert app_code.read(other, "jewels", code, AT) is None


@given(st.text(max_size=80))
def test_whatever_a_scanner_reads_is_no_accident(text: str) -> None:
    assert app_code.read(STAGE, "jewels", text, AT) is None


def test_a_code_is_read_as_people_type_it() -> None:
    code, until = app_code.make(STAGE, "jewels", MEMBER, AT)
    typed = code.lower().replace("0", "O")
    assert app_code.read(STAGE, "jewels", typed, AT) == app_code.Shown(MEMBER, until)


def _fields(one: Credential) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__}
