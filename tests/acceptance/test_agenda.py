"""Points burn and are credited at their time, by the agenda, however often and late it runs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.agenda import service as agenda
from chalicelib.agenda import store
from chalicelib.agenda.model import Entry, Page
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import day_begins, render
from chalicelib.kernel.table.writes import commit
from tests.acceptance.test_notifications import sweep
from tests.support import diary
from tests.support.club import Club, House, Member
from tests.support.till import percent, rule, shop

ZONE = "Europe/Moscow"
DAY = {"type": "after", "count": 10, "unit": "day"}
BURNT = ("points.burnt", -50, 0)


def seconds_to(house: House, instant: datetime) -> int:
    """Whole seconds until an instant, by the platform's clock, rounded up."""
    return -int((house.now - instant).total_seconds() // 1)


def burning(house: House, **burn: Any) -> Club:
    """A club whose points live for ten days."""
    return house.new_club(burn={**DAY, **burn}, zone=ZONE)


def newest(member: Member) -> tuple[str, int, int]:
    entry = member.entries()[0]
    return entry["kind"], entry["points"], entry["balance"]


def due(club: Club) -> list[Entry]:
    """What the agenda holds for a club within the next days, far beyond what burns there."""
    horizon = (datetime.now(UTC) + timedelta(days=25)).date().isoformat()
    return [entry for entry in diary.standing(club) if entry.day < horizon]


@pytest.mark.req("SV-1")
@pytest.mark.req("AB-5")
def test_points_burn_when_their_last_day_is_over_and_not_a_second_before(house: House) -> None:
    club = burning(house)
    member = club.join()
    member.adjust(50)
    last = date.fromisoformat(member.account()["lots"][0]["burns_on"])
    over = day_begins(last + timedelta(days=1), ZONE)
    with house.later(seconds_to(house, over) - 30) as go:
        again = club.sign_in(member.phone)
        house.run_due()
        assert again.account()["balance"] == 50
        go(31)
        house.run_due()
        assert newest(again) == BURNT
        house.run_due()
        house.run_due()
        assert newest(again) == BURNT
        assert len(again.entries()) == 2
    assert due(club) == []


def test_after_days_without_a_run_everything_is_still_done_once(house: House) -> None:
    club = burning(house)
    members = [club.join() for _ in range(5)]
    for member in members:
        member.adjust(50)
    with house.later("P17D"):
        for member in members[:2]:
            again = club.sign_in(member.phone)
            again.adjust(7)  # burns first, in the same transaction
        house.run_due()
        found = [club.sign_in(member.phone) for member in members]
        assert [one.account()["balance"] for one in found] == [7, 7, 0, 0, 0]
        assert {len(one.entries()) for one in found[2:]} == {2}


def test_each_date_of_an_account_has_its_turn(house: House) -> None:
    club = burning(house)
    member = club.join()
    member.adjust(50)
    assert len(due(club)) == 1
    with house.later("P5D") as go:
        again = club.sign_in(member.phone)
        again.adjust(30)
        assert len(due(club)) == 1  # one entry for what burns first
        go("P7D")
        house.run_due()
        again = club.sign_in(member.phone)
        assert again.account()["balance"] == 30
        assert len(due(club)) == 1
        go("P6D")
        house.run_due()
        assert club.sign_in(member.phone).account()["balance"] == 0


def test_what_was_spent_before_does_not_burn(house: House) -> None:
    club = burning(house)
    member = club.join()
    member.adjust(50)
    member.adjust(-50)
    with house.later("P12D"):
        house.run_due()
        assert len(club.sign_in(member.phone).entries()) == 2
    assert due(club) == []


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_worker_that_dies_leaves_its_entry_and_another_ends_it(house: House, times: int) -> None:
    club = burning(house)
    member = club.join()
    member.adjust(50)
    (entry,) = due(club)
    page = Page((entry,))
    with house.later("P12D"):
        for _ in range(times):
            # as a worker that dies after its work and before it has said so
            AGENDA_HANDLERS[entry.kind](entry, house.now)
        assert due(club) == [entry]
        for _ in range(times):
            agenda.work(page, AGENDA_HANDLERS, house.now)
        again = club.sign_in(member.phone)
        assert newest(again) == BURNT
        assert len(again.entries()) == 2
    assert due(club) == []


def test_what_cannot_be_done_stays_and_holds_nothing_else_up(house: House) -> None:
    club = burning(house)
    member = club.join()
    member.adjust(50)
    (entry,) = due(club)
    unknown = Entry(club.id, "nobody.does", "this", entry.due)
    commit(store.put(unknown))
    with house.later("P12D"):
        with pytest.raises(agenda.NotDone):
            agenda.work(Page((unknown, entry)), AGENDA_HANDLERS, house.now)
        assert newest(club.sign_in(member.phone)) == BURNT
        assert due(club) == [unknown]
        commit(store.gone(unknown))


@pytest.mark.req("SV-1")
def test_announced_points_are_credited_as_their_day_begins(house: House) -> None:
    club = house.new_club(
        earning={"rules": [rule(percent(5), pending_days=14)]},
        zone=ZONE,
    )
    till = shop(club)
    member = club.join()
    till.sell(10_000, member=member)
    assert member.account()["pending"] == 5
    begins = day_begins(till.club.house.now.astimezone().date() + timedelta(days=14), ZONE)
    with house.later(seconds_to(house, begins) - 30) as go:
        house.run_due()
        assert club.sign_in(member.phone).account()["balance"] == 0
        go(31)
        house.run_due()
        house.run_due()
        found = club.sign_in(member.phone).account()
        assert (found["balance"], found["pending"]) == (5, 0)
    assert due(club) == []


def test_days_that_are_done_are_not_looked_at_again(house: House) -> None:
    house.run_due()
    today = house.now.date().isoformat()
    assert store.first_open() in (today, (house.now.date() - timedelta(days=1)).isoformat())
    with house.later("P3D"):
        house.run_due()
        assert str(store.first_open()) > today
    assert render(house.now)[:10] == today


def warnings(member: Member) -> list[tuple[int, str]]:
    """The warnings that a member got, newest first: points and their last day."""
    return [
        (row["points"], row["burns_on"])
        for row in member.rows("/notifications")
        if row["code"] == "points.burning"
    ]


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("zone", ["Europe/Moscow", "Africa/Cairo", "Pacific/Kiritimati"])
def test_members_are_warned_on_each_of_the_days_once(house: House, zone: str) -> None:
    """Cairo shifts its clocks at midnight."""
    club = house.new_club(burn={**DAY, "warn_days": [7, 3]}, zone=zone)
    member = club.join()
    member.adjust(50)
    (entry,) = due(club)
    last = date.fromisoformat(member.account()["lots"][0]["burns_on"])
    told = (50, last.isoformat())
    assert entry.due == render(day_begins(last - timedelta(days=7), zone))
    with house.later(seconds_to(house, day_begins(last - timedelta(days=7), zone)) - 30) as go:
        house.run_due()
        assert warnings(club.sign_in(member.phone)) == []
        go(31)
        house.run_due()
        house.run_due()
        again = club.sign_in(member.phone)
        assert warnings(again) == [told]
        row = next(row for row in again.rows("/notifications") if row["burns_on"])
        assert row["at"] <= render(house.now)
        assert str(last.year) in row["text"]
        assert len(due(club)) == 1
        go("P4D")
        house.run_due()
        assert warnings(club.sign_in(member.phone)) == [told, told]
        go("P5D")
        house.run_due()
        again = club.sign_in(member.phone)
        assert warnings(again) == [told, told]
        assert again.account()["balance"] == 0
    assert due(club) == []


def test_after_missed_warnings_the_latest_is_given_and_none_for_what_has_burnt(
    house: House,
) -> None:
    club = burning(house, warn_days=[7, 3])
    late, gone = club.join(), club.join()
    late.adjust(50)
    gone.adjust(50)
    gone.adjust(-50)
    with house.later("P9D") as go:
        house.run_due()
        assert len(warnings(club.sign_in(late.phone))) == 1
        assert warnings(club.sign_in(gone.phone)) == []
        go("P5D")
        house.run_due()
        assert len(warnings(club.sign_in(late.phone))) == 1


def test_a_sooner_warning_of_later_points_is_written_down(house: House) -> None:
    club = burning(house, warn_days=[7])
    member = club.join()
    member.adjust(50)
    with house.later("P4D") as go:  # the first are warned of
        house.run_due()
        again = club.sign_in(member.phone)
        again.adjust(30)
        assert len(due(club)) == 2  # what burns first, and the warning before it
        go("P4D")
        house.run_due()
        assert [points for points, _ in warnings(club.sign_in(member.phone))] == [30, 50]


def test_the_sweeper_writes_down_what_the_agenda_lacks(house: House) -> None:
    club = burning(house, warn_days=[3])
    member = club.join()
    member.adjust(50)
    (entry,) = due(club)
    commit(store.gone(entry))
    sweep(house)
    assert due(club) == []  # not yet: it is not soon
    with house.later("P6D") as go:
        sweep(house)
        sweep(house)
        assert due(club) == [entry]
        go("P2D")
        house.run_due()
        assert len(warnings(club.sign_in(member.phone))) == 1
        house.run_due()
