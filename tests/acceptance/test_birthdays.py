"""Birthdays bring their event once a year, by the daily round, whatever is edited or goes wrong."""

import threading
from calendar import isleap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from chalicelib.kernel.clock import day_begins, local_date
from chalicelib.receipts.service_birthdays import keep_birthday
from infra.local.environment import TABLE
from infra.local.resources import client
from tests.acceptance.test_notifications import sweep
from tests.support.checkout import available, club_of
from tests.support.club import Club, House, Member, at_once
from tests.support.faults import crash_after, crash_before
from tests.support.wire import Wire

BIRTHDAY = 300
"""What the jewellery club gives for a birthday; the retail chain gives 500."""


def in_days(club: Club, days: int, year: int = 1990) -> str:
    """A date of birth whose birthday is in so many local days; never 29 February."""
    day = local_date(club.house.now, club.document["zone"]) + timedelta(days=days)
    assert (day.month, day.day) != (2, 29)
    return day.replace(year=year).isoformat()


def tell(member: Member, born: str | None) -> None:
    """Tell or clear the date of birth, signed in anew where the session is over."""
    answer = member.call("PATCH", "", json={"birthday": born})
    if answer.status_code == 401:
        again = member.club.sign_in(member.phone)
        answer = again.call("PATCH", "", json={"birthday": born})
    assert answer.status_code == 200, answer.text


def born(club: Club, days: int) -> Member:
    """A new member whose birthday is in so many days."""
    member = club.join()
    tell(member, in_days(club, days))
    return member


def birthdays(member: Member) -> int:
    """How many birthdays brought their event."""
    entries = member.club.sign_in(member.phone).entries()
    return sum(one["kind"] == "event.posted" for one in entries)


@contextmanager
def evening_before(club: Club, day: date) -> Iterator[Callable[[str | int], int]]:
    """Half a minute before a local day begins; gives the function that goes further."""
    left = day_begins(day, club.document["zone"]) - club.house.now
    with club.house.later(int(left.total_seconds()) - 30) as go:
        yield go


def today(club: Club) -> date:
    """The club's day."""
    return local_date(club.house.now, club.document["zone"])


@pytest.mark.req("AQ-5")
@pytest.mark.req("SV-1")
def test_a_birthday_brings_its_points_once_a_year(house: House, club: Club) -> None:
    """300, from the first second of the day in the club's zone; the round may come by often."""
    member = born(club, 40)
    sweep(house)
    with evening_before(club, today(club) + timedelta(days=40)) as go:
        sweep(house)
        assert available(member) == 0
        go(31)
        for _ in range(2):
            sweep(house)
        assert (available(member), birthdays(member)) == (BIRTHDAY, 1)
        go("P363D")
        sweep(house)
        assert birthdays(member) == 1
        go("P3D")
        sweep(house)
        assert birthdays(member) == 2
    assert member.proof()["agrees"]


@pytest.mark.req("AB-4")
def test_a_birthday_that_the_round_finds_late_is_not_lost(house: House) -> None:
    club = club_of(house, "retail-chain")
    member = born(club, 3)
    with house.later("P9D"):
        sweep(house)
        assert available(member) == 500


@pytest.mark.req("SV-1")
def test_a_date_changed_shortly_before_brings_nothing_that_year(house: House, club: Club) -> None:
    """The club asks for 30 days: a change 29 days before is too late, one 30 days before is not.
    Clearing the date first is a change like any other.
    """
    late, early, cleared = (born(club, 200) for _ in range(3))
    tell(late, in_days(club, 29))
    tell(early, in_days(club, 30))
    tell(cleared, None)
    tell(cleared, in_days(club, 29))
    with house.later("P31D"):
        sweep(house)
        assert [available(one) for one in (late, early, cleared)] == [0, BIRTHDAY, 0]
    assert late.call("GET", "").json()["birthday"] == in_days(club, 29)


@pytest.mark.req("SV-1")
def test_no_edit_earns_a_second_time(house: House, club: Club) -> None:
    """Paid in 2 days, then moved on by a hundred, and by another hundred."""
    member = born(club, 2)
    with house.later("P3D") as go:
        sweep(house)
        assert available(member) == BIRTHDAY
        tell(member, in_days(club, 100))
        go("P101D")
        sweep(house)
        assert available(member) == BIRTHDAY
        tell(member, in_days(club, -101))
        sweep(house)
        assert available(member) == BIRTHDAY


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("choice", ["february_28", "march_1"])
def test_29_february_is_kept_as_the_program_says(house: House, choice: str) -> None:
    club = house.new_club(birthdays={"leap_day": choice})
    member = club.join()
    tell(member, "1992-02-29")
    year = next(year for year in range(today(club).year + 1, 9999) if not isleap(year))
    day = date(year, 2, 28) if choice == "february_28" else date(year, 3, 1)
    with evening_before(club, day) as go:
        sweep(house)
        before = birthdays(member)
        go(31)
        sweep(house)
        assert birthdays(member) == before + 1


def test_a_member_from_before_is_waited_for_and_one_who_left_is_not(
    house: House, club: Club
) -> None:
    old, suspended, left = (born(club, 5) for _ in range(3))
    table = client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    key = {"pk": {"S": f"{club.id}#M#{old.id}"}, "sk": {"S": "PROFILE"}}
    table.update_item(TableName=TABLE, Key=key, UpdateExpression="REMOVE birthday_due")
    sweep(house)
    assert "birthday_due" in table.get_item(TableName=TABLE, Key=key)["Item"]
    body = {"status": "suspended", "reason": "By a test"}
    assert suspended.staff("POST", "/status", json=body).is_success
    card = left.call("GET", "/card").json()["card_number"]
    assert left.call("DELETE", "", json={"confirm": card}).status_code == 204
    with house.later("P6D"):
        sweep(house)
        assert [available(one) for one in (old, suspended)] == [BIRTHDAY, 0]


def test_a_birthday_is_told_by_nobody(club: Club) -> None:
    member = club.join()
    now = club.house.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"trigger": "birthday", "number": "1", "at": now, "reason": "Please"}
    answer = member.staff("POST", "/events", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "trigger_not_told")


def test_many_at_once_and_killed_at_every_call_it_is_paid_once(house: House, club: Club) -> None:
    """The process dies before and after each of its calls, and the round comes by again."""
    wire = Wire()
    crowded, clean = born(club, 5), born(club, 5)
    with house.later("P6D"), wire.tapped():
        at_once(lambda _: keep_birthday(club.id, crowded.id, house.now), range(6))
        assert available(crowded) == BIRTHDAY
        with wire.watching() as calls:
            keep_birthday(club.id, clean.id, house.now)
        count = len(calls)
        assert available(clean) == BIRTHDAY
    assert count > 4
    victims = [(place, fault, born(club, 5)) for place in range(count) for fault in _DEATHS]
    with house.later("P6D"), wire.tapped():
        for place, fault, member in victims:
            with wire.watching({place: fault}):
                dying = threading.Thread(target=keep_birthday, args=(club.id, member.id, house.now))
                dying.start()
                dying.join()
            keep_birthday(club.id, member.id, house.now)
            keep_birthday(club.id, member.id, house.now)
        assert [available(member) for *_, member in victims] == [BIRTHDAY] * len(victims)


_DEATHS = (crash_before, crash_after)
