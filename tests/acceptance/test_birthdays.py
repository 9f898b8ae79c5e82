"""Birthdays bring their event once a year, by the agenda, whatever is edited or goes wrong."""

from calendar import isleap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.agenda import service as agenda
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import day_begins, local_date, parse, render
from chalicelib.kernel.table.writes import commit
from chalicelib.members.store_birthdays import BIRTHDAY as KIND
from infra.local.environment import TABLE
from infra.local.resources import client
from tests.acceptance.test_notifications import sweep
from tests.support import transfers
from tests.support.checkout import available, club_of
from tests.support.club import Club, House, Member, at_once, new_phone
from tests.support.diary import waiting, work

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


def shifting(zone: str, year: int) -> date:
    """A day of a year that does not begin at midnight."""
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    local = ((day, day_begins(day, zone).astimezone(ZoneInfo(zone))) for day in days)
    return next(day for day, begins in local if begins.hour != 0)


@pytest.mark.req("AQ-5")
@pytest.mark.req("SV-1")
def test_a_birthday_brings_its_points_once_a_year(house: House, club: Club) -> None:
    """300, from the first second of the day in the club's zone; the agenda may run often."""
    member = born(club, 40)
    with evening_before(club, today(club) + timedelta(days=40)) as go:
        house.run_due(days=2)
        assert available(member) == 0
        go(31)
        for _ in range(2):
            house.run_due(days=2)
        assert (available(member), birthdays(member)) == (BIRTHDAY, 1)
        go("P363D")
        house.run_due(days=2)
        assert birthdays(member) == 1
        go("P3D")
        house.run_due(days=4)
        assert birthdays(member) == 2
    assert len(waiting(member, KIND)) == 1
    assert member.proof()["agrees"]


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("zone", ["Europe/Moscow", "Africa/Cairo", "Asia/Beirut"])
def test_a_birthday_begins_with_the_first_instant_of_its_day(house: House, zone: str) -> None:
    """In Cairo and Beirut on the day that has no midnight."""
    club = house.new_club(zone=zone)
    day = today(club).replace(year=today(club).year + 1, month=5, day=17)
    if zone != "Europe/Moscow":
        day = shifting(zone, day.year)
    early, on_time = club.join(), club.join()
    for member in (early, on_time):
        tell(member, day.replace(year=1990).isoformat())
    begins = day_begins(day, zone)
    for member, at in ((early, begins - timedelta(seconds=1)), (on_time, begins)):
        (entry,) = waiting(member, KIND)
        assert entry.due == render(begins)
        work(entry, at)
    assert (available(early), available(on_time)) == (0, BIRTHDAY)


@pytest.mark.req("AB-4")
@pytest.mark.req("SV-1")
def test_however_often_and_late_the_agenda_runs_a_birthday_is_paid_once(house: House) -> None:
    club = club_of(house, "retail-chain")
    runs = {times: born(club, 3) for times in (0, 1, 2, 5)}
    with house.later("P4D") as go:
        for times, member in runs.items():
            (entry,) = waiting(member, KIND)
            work(entry, house.now, times)
        assert [available(member) for member in runs.values()] == [0, 500, 500, 500]
        go("P9D")
        house.run_due()
        house.run_due()
        # 100 of them for joining
        assert [available(member) for member in runs.values()] == [600] * 4
        assert {len(waiting(member, KIND)) for member in runs.values()} == {1}


def test_whoever_comes_with_a_date_of_birth_is_waited_for(house: House, club: Club) -> None:
    """By joining and by an import."""
    phones, told = [new_phone(), new_phone()], in_days(club, 3)
    body = {
        "challenge": club.challenge(phones[0]),
        "join": {"kind": "buyer", "accept_rules": 1, "language": "en", "birthday": told},
    }
    body["one_time_code"] = club.code(phones[0])
    answer = house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    assert answer.status_code == 201, answer.text
    line = {"external_id": "OLD-1", "phone": phones[1], "kind": "buyer", "birthday": told}
    assert transfers.done(club, transfers.csv_of([line]))["ran"]["good"] == 1
    with house.later("P4D"):
        house.run_due()
        assert [available(club.sign_in(phone)) for phone in phones] == [BIRTHDAY, BIRTHDAY]


@pytest.mark.req("SV-1")
def test_a_date_changed_shortly_before_brings_nothing_that_year(house: House, club: Club) -> None:
    """The club asks for 30 days: a change 29 days before is too late, one 30 days before is not.
    Clearing the date first is a change like any other. What was waited for before is struck out.
    """
    late, early, cleared, gone = (born(club, 200) for _ in range(4))
    (before,) = waiting(late, KIND)
    tell(late, in_days(club, 29))
    tell(early, in_days(club, 30))
    tell(cleared, None)
    tell(cleared, in_days(club, 29))
    tell(gone, None)
    assert [len(waiting(one, KIND)) for one in (late, early, cleared, gone)] == [1, 1, 1, 0]
    with house.later("P31D"):
        house.run_due(days=3)
        assert [available(one) for one in (late, early, cleared, gone)] == [0, BIRTHDAY, 0, 0]
    assert late.call("GET", "").json()["birthday"] == in_days(club, 29)
    AGENDA_HANDLERS[KIND](before, parse(before.due))  # as a worker that took it up long ago
    assert available(late) == 0


@pytest.mark.req("SV-1")
def test_no_edit_earns_a_second_time(house: House, club: Club) -> None:
    """Paid in 2 days, then moved on by a hundred, and by another hundred."""
    member = born(club, 2)
    with house.later("P3D") as go:
        house.run_due()
        assert available(member) == BIRTHDAY
        tell(member, in_days(club, 100))
        go("P101D")
        house.run_due(days=3)
        assert available(member) == BIRTHDAY
        tell(member, in_days(club, -101))
        house.run_due(days=3)
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
        house.run_due(days=3)
        before = birthdays(member)
        go(31)
        house.run_due(days=3)
        assert birthdays(member) == before + 1


@pytest.mark.whole_table
def test_the_sweeper_writes_down_what_the_agenda_lacks(house: House, club: Club) -> None:
    """Of a member from before birthdays were waited for at once, of others when it is soon."""
    old, lost, missed = (born(club, 5) for _ in range(3))
    table = client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    key = {"pk": {"S": f"{club.id}#M#{old.id}"}, "sk": {"S": "PROFILE"}}
    table.update_item(TableName=TABLE, Key=key, UpdateExpression="REMOVE birthday_due")
    entries = [entry for one in (old, lost, missed) for entry in waiting(one, KIND)]
    for entry in entries:
        commit(agenda.disarm(club.id, KIND, entry.ref, parse(entry.due)))
    sweep(house)
    assert [len(waiting(one, KIND)) for one in (old, lost, missed)] == [1, 0, 0]
    with house.later("P3DT12H") as go:
        for _ in range(2):
            sweep(house)
        assert [entry for one in (old, lost, missed) for entry in waiting(one, KIND)] == entries
        commit(agenda.disarm(club.id, KIND, missed.id, parse(entries[0].due)))
        go("P5D")
        sweep(house)
        house.run_due()
        assert [available(one) for one in (old, lost, missed)] == [BIRTHDAY] * 3


def test_nothing_is_paid_to_who_is_suspended_and_nothing_kept_of_who_left(
    house: House, club: Club
) -> None:
    suspended, left = (born(club, 5) for _ in range(2))
    body = {"status": "suspended", "reason": "By a test"}
    assert suspended.staff("POST", "/status", json=body).is_success
    (entry,) = waiting(left, KIND)
    card = left.call("GET", "/card").json()["card_number"]
    assert left.call("DELETE", "", json={"confirm": card}).status_code == 204
    assert waiting(left, KIND) == []
    with house.later("P6D"):
        AGENDA_HANDLERS[KIND](entry, house.now)  # as a worker that took it up before
        house.run_due()
        sweep(house)
        assert available(suspended) == 0
        assert left.staff("GET", "/account").json()["available"] == 0
    assert (waiting(left, KIND), len(waiting(suspended, KIND))) == ([], 1)


def test_a_birthday_is_told_by_nobody(club: Club) -> None:
    member = club.join()
    now = club.house.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"trigger": "birthday", "number": "1", "at": now, "reason": "Please"}
    answer = member.staff("POST", "/events", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "trigger_not_told")


def test_many_workers_at_once_bring_one_birthday(house: House, club: Club) -> None:
    """That they may die meanwhile is tried for the whole agenda (tests/test_agenda_faults.py)."""
    member = born(club, 5)
    (entry,) = waiting(member, KIND)
    with house.later("P6D"):
        at_once(lambda _: work(entry, house.now), range(6))
        assert available(member) == BIRTHDAY
    assert len(waiting(member, KIND)) == 1
