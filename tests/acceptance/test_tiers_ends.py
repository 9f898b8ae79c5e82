"""The time of a level is over: it is left at that instant, and its member told, also when nobody
looks.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.agenda import service as agenda
from chalicelib.agenda import store
from chalicelib.agenda.model import Entry, Page
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import day_begins, parse, render
from chalicelib.kernel.table.writes import commit
from chalicelib.programs.burning import end_of
from tests.acceptance.test_agenda import seconds_to
from tests.acceptance.test_notifications import sweep
from tests.acceptance.test_tiers import club_of, put, seen
from tests.support.club import Club, House, Member
from tests.support.till import Till, card_of

LEVEL = "receipts.level"
SECOND = timedelta(seconds=1)


def told(club: Club, member: Member) -> list[str]:
    """What the member was told of levels, the newest first."""
    rows = club.sign_in(member.phone).rows("/notifications")
    return [row["text"] for row in rows if row["code"] == "level.left"]


def entry_of(member: Member, last: str) -> Entry:
    """What the agenda holds for a level with this last day."""
    over = day_begins(date.fromisoformat(last) + timedelta(days=1), zone_of(member.club))
    return Entry(member.club.id, LEVEL, member.id, render(over))


def zone_of(club: Club) -> str:
    """Whose days count."""
    return str(club.document["zone"])


def monthly(house: House, **tiers: Any) -> Till:
    """A club whose levels are kept to the end of the calendar month."""
    return club_of(house, keeps_months=None, down="reassess", **tiers)


@pytest.mark.req("EK-4")
@pytest.mark.parametrize(
    ("zone", "last"),
    [
        ("Europe/Berlin", "2028-02-29"),  # a leap day
        ("Europe/Moscow", "2027-12-31"),  # the end of a year
        ("Europe/Berlin", "2027-03-27"),  # the day before a day of 23 hours
        ("Europe/Berlin", "2027-10-31"),  # a day of 25 hours
        ("Africa/Cairo", "2027-04-29"),  # the next day begins at one o'clock
        ("Pacific/Kiritimati", "2027-01-31"),
    ],
)
def test_a_level_is_left_as_its_last_day_is_over_and_not_a_second_before(
    house: House, zone: str, last: str
) -> None:
    till = club_of(house, zone=zone)
    member = till.club.join()
    put(member, "gold", until=last)
    entry = entry_of(member, last)
    assert store.standing([entry]) == [entry]
    over, handler = parse(entry.due), AGENDA_HANDLERS[LEVEL]
    assert handler(entry, over - SECOND) == over
    with house.later(seconds_to(house, over) - 60) as go:
        assert seen(member)["tier"] == "gold"
        assert told(till.club, member) == []
        go(61)
        for _ in range(2):
            agenda.work(Page((entry,)), AGENDA_HANDLERS, over + SECOND)
        now = seen(member)
        assert (now["tier"], now["history"][0]["by"]) == ("red", "period")
        assert now["history"][0]["since"] == entry.due
        assert told(till.club, member) == ["The time of your level is over: Gold."]
    assert store.standing([entry]) == []


def test_it_is_the_same_late_repeated_and_when_somebody_looked_first(house: House) -> None:
    till = monthly(house)
    soon, late, looked = members = [till.club.join() for _ in range(3)]
    for member in members:
        till.sell(5_000_000, member=member)
    month = seen(soon)["last"]
    kept = date.fromisoformat(month) + timedelta(days=1)  # by what was bought in the month before
    over = entry_of(soon, end_of("month", kept).isoformat()).due
    with house.later(seconds_to(house, parse(over)) + 1) as go:
        agenda.work(Page((entry_of(soon, month),)), AGENDA_HANDLERS, house.now)
        till.sell(100, member=looked)
        go("P5D")
        entries = tuple(entry_of(member, month) for member in (late, looked))
        for _ in range(5):
            agenda.work(Page(entries), AGENDA_HANDLERS, house.now)
        for member in members:
            newest = seen(member)["history"][0]
            assert (newest["tier"], newest["since"]) == ("red", over)
            assert told(till.club, member) == ["The time of your level is over: Gold."]
        till.sell(1_000_000, member=late)
        assert seen(late)["tier"] == "silver"


def test_a_level_that_is_kept_anew_has_its_next_end_written_down(house: House) -> None:
    till = monthly(house, grace_days=10)
    member = till.club.join()
    till.sell(1_000_000, member=member)
    last = date.fromisoformat(seen(member)["last"])
    first = entry_of(member, (last + timedelta(days=10)).isoformat())
    assert store.standing([first]) == [first]
    with house.later(seconds_to(house, parse(first.due)) + 1):
        agenda.work(Page((first,)), AGENDA_HANDLERS, house.now)
        now = seen(member)
        assert (now["tier"], now["history"][0]["by"]) == ("silver", "period")
        again = entry_of(member, (date.fromisoformat(now["last"]) + timedelta(days=10)).isoformat())
        assert store.standing([first, again]) == [again]
        assert told(till.club, member) == []


@pytest.mark.whole_table
def test_the_sweeper_writes_down_the_end_of_a_level_that_the_agenda_lacks(house: House) -> None:
    till = monthly(house)
    member = till.club.join()
    put(member, "gold", until=(house.now.date() + timedelta(days=9)).isoformat())
    entry = entry_of(member, seen(member)["last"])
    commit(store.gone(entry))
    sweep(house)
    assert store.standing([entry]) == []  # not yet: it is not soon
    with house.later("P9D"):
        sweep(house)
        assert store.standing([entry]) == [entry]
        commit(store.gone(entry))


def test_nothing_is_told_to_who_left(house: House) -> None:
    till = monthly(house)
    member = till.club.join()
    till.sell(5_000_000, member=member)
    entry = entry_of(member, seen(member)["last"])
    assert member.call("DELETE", "", json={"confirm": card_of(member)}).status_code < 300
    with house.later(seconds_to(house, parse(entry.due)) + 1):
        agenda.work(Page((entry,)), AGENDA_HANDLERS, house.now)
    assert store.standing([entry]) == []
