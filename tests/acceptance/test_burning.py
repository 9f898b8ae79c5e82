"""Each way in which points can burn, done by the agenda to the second, however often it runs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.agenda import service as agenda
from chalicelib.agenda import store
from chalicelib.agenda.model import Entry, Page
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import day_begins, render
from chalicelib.kernel.table.writes import commit
from chalicelib.ledger.posting import BURN_OFF
from tests.acceptance.test_agenda import due, newest, seconds_to, warnings
from tests.acceptance.test_notifications import sweep
from tests.support.checkout import checkout, club_of, line, local, tell_by_staff, until_next_month
from tests.support.club import Club, House, Member
from tests.support.till import percent, rule, shop

SECOND = timedelta(seconds=1)
ZONE = "Europe/Moscow"
IDLE = {"type": "inactive", "count": 10, "unit": "day"}
DAY = 24 * 3600


def noon(house: House, zone: str, month: int, day: int, *, leap: bool = False) -> datetime:
    """Noon of a day of a coming year, of the next leap year where that is wanted."""
    year = house.now.year + 1
    while leap and (year % 4 or (not year % 100 and year % 400)):
        year += 1
    return datetime(year, month, day, 12, tzinfo=ZoneInfo(zone))


def at(instant: datetime, club: Club, member: Member) -> None:
    """What the agenda does at an instant with what it holds for a member by then, to the second."""
    day = render(instant)[:10]
    shard = Entry(club.id, BURN_OFF, member.id, "").shard
    found = [one for one in store.due(day, shard, render(instant)) if one.ref == member.id]
    if found:
        agenda.work(Page(tuple(found)), AGENDA_HANDLERS, instant)


@pytest.mark.req("AB-5")
@pytest.mark.parametrize(
    ("burn", "zone", "earned", "leap", "last"),
    [
        ({"type": "after", "count": 1, "unit": "month"}, "UTC", (1, 31), True, (2, 29)),
        ({"type": "after", "count": 1, "unit": "day"}, "Asia/Kathmandu", (2, 28), True, (2, 29)),
        ({"type": "end_of", "period": "month"}, "America/Los_Angeles", (4, 1), False, (4, 30)),
        ({"type": "end_of", "period": "quarter"}, "Pacific/Kiritimati", (7, 9), False, (9, 30)),
        ({"type": "end_of", "period": "year"}, "Europe/Moscow", (12, 31), False, (12, 31)),
        (
            {"type": "end_of", "period": "month", "extra_days": 14},
            "Europe/Kyiv",
            (3, 31),
            False,
            (4, 14),
        ),
        ({**IDLE, "count": 1, "unit": "month"}, "Pacific/Apia", (11, 30), False, (12, 30)),
    ],
    ids=lambda value: value.get("period", value.get("unit")) if isinstance(value, dict) else None,
)
def test_points_burn_as_their_last_day_ends_in_the_clubs_zone(
    house: House,
    burn: dict[str, Any],
    zone: str,
    earned: tuple[int, int],
    leap: bool,
    last: tuple[int, int],
) -> None:
    club = house.new_club(burn=burn, zone=zone)
    joined = club.join()
    with house.later(seconds_to(house, noon(house, zone, *earned, leap=leap))) as go:
        member = club.sign_in(joined.phone)
        member.adjust(50)
        end = local(club).date().replace(month=last[0], day=last[1])
        assert member.account()["lots"] == [{"points": 50, "burns_on": end.isoformat()}]
        over = day_begins(end + timedelta(days=1), zone)
        go(seconds_to(house, over) + 1)
        member = club.sign_in(joined.phone)
        assert member.account()["balance"] == 0  # also where nothing ever runs
        assert len(member.entries()) == 1
        at(over - SECOND, club, member)
        assert len(member.entries()) == 1
        for _ in range(5):
            at(over, club, member)
        assert newest(member) == ("points.burnt", -50, 0)
        assert len(member.entries()) == 2
        assert member.proof()["agrees"]


@pytest.mark.req("AB-5")
@pytest.mark.parametrize(
    ("zone", "month", "weekday"), [("Africa/Cairo", 4, 4), ("America/Havana", 3, 6)]
)
def test_a_day_that_has_no_midnight_begins_when_its_clocks_say(
    house: House, zone: str, month: int, weekday: int
) -> None:
    """Cairo goes from Thursday 23:59 to Friday 01:00 in April, Havana to a Sunday in March."""
    year = house.now.year + 1
    days = [date(year, month, 1) + timedelta(days=n) for n in range(30)]
    of_week = [day for day in days if day.weekday() == weekday]
    shift = of_week[-1] if month == 4 else of_week[1]
    club = house.new_club(burn={"type": "fixed", "date": str(shift - timedelta(days=1))}, zone=zone)
    member = club.join()
    member.adjust(50)
    one = datetime(shift.year, shift.month, shift.day, 1, tzinfo=ZoneInfo(zone))
    over = one.astimezone(UTC)
    (entry,) = store.due(render(over)[:10], Entry(club.id, "", member.id, "").shard, "9999")
    assert entry.due == render(over)
    at(over - SECOND, club, member)
    assert len(member.entries()) == 1
    at(over, club, member)
    assert newest(member) == ("points.burnt", -50, 0)


def idle_club(house: House, **burn: Any) -> Club:
    """A club whose points burn after ten days without a purchase, 5 points for each 100.00."""
    return house.new_club(
        burn={**IDLE, **burn},
        zone=ZONE,
        earning={"rules": [rule(percent(5))]},
        purchases={"accepted_days": 30, "spending": {"point_value": 100}},
    )


def lots(member: Member) -> dict[int, int]:
    """The member's points by the days that are left until they burn."""
    today = local(member.club).date()
    return {
        (date.fromisoformat(lot["burns_on"]) - today).days: lot["points"]
        for lot in member.account()["lots"]
    }


@pytest.mark.req("AB-5")
def test_each_purchase_renews_all_points_that_stand(house: House) -> None:
    club = idle_club(house, warn_days=[3])
    till, joined = shop(club), club.join()
    with house.later(seconds_to(house, noon(house, ZONE, 6, 1))) as go:
        member = club.sign_in(joined.phone)
        till.sell(10_000, member=member)
        assert lots(member) == {10: 5}
        go("P6D")
        member = club.sign_in(joined.phone)
        member.adjust(7)  # is no activity: it has ten days of its own
        assert lots(member) == {4: 5, 10: 7}
        sold = till.sell(20_000, member=member)
        assert lots(member) == {10: 22}
        till.returned(sold["receipt"], (0, 1))  # the purchase was made, and made good
        assert lots(member) == {10: 12}
        go(5 * DAY)  # the first day on which something could have burnt
        house.run_due(days=6)
        member = club.sign_in(joined.phone)
        assert (lots(member), warnings(member)) == ({5: 12}, [])
        go(3 * DAY)
        house.run_due(days=6)
        member = club.sign_in(joined.phone)
        end = local(club).date() + timedelta(days=2)
        assert warnings(member) == [(12, end.isoformat())]
        till.sell(10_000, member=member, points=12)
        assert lots(member) == {10: 4}
        go(11 * DAY)
        member = club.sign_in(joined.phone)
        assert lots(member) == {}
        house.run_due(days=12)
        assert newest(member) == ("points.burnt", -4, 0)
        assert len(warnings(member)) == 1  # the second one was missed altogether
        assert member.proof()["agrees"]


@pytest.mark.req("AB-5")
def test_a_receipt_that_comes_late_renews_from_its_own_day_and_nothing_moves_back(
    house: House,
) -> None:
    club = idle_club(house)
    till, joined = shop(club), club.join()
    with house.later(seconds_to(house, noon(house, ZONE, 6, 1))) as go:
        member = club.sign_in(joined.phone)
        till.sell(10_000, member=member)
        early, late = (render(house.now + timedelta(days=days)) for days in (2, 5))
        go("P8D")
        member = club.sign_in(joined.phone)
        till.sell(10_000, member=member, at=late)
        assert lots(member) == {7: 5, 10: 5}  # new points have ten days from now
        till.sell(10_000, member=member, at=early)
        assert lots(member) == {7: 5, 10: 10}
        go("P8D")
        member = club.sign_in(joined.phone)
        till.sell(10_000, member=member, at=late)  # too late for what has burnt
        assert member.account()["balance"] == 15
        assert newest(member)[0] == "receipt.posted"
        assert member.entries()[1]["kind"] == "points.burnt"


@pytest.mark.req("AB-5")
def test_only_what_the_program_names_is_activity(house: House) -> None:
    custom = {**rule({"type": "points", "points": 1}, trigger="custom:visit"), "id": "visit"}
    names = {"buyer": ["purchase"], "teller": ["event"]}
    with house.later(seconds_to(house, noon(house, ZONE, 6, 1))) as go:
        found = {}
        for who, kinds in names.items():
            club = house.new_club(
                burn={**IDLE, "renewed_by": kinds},
                zone=ZONE,
                earning={"rules": [rule(percent(5)), custom]},
            )
            found[who] = (shop(club), club.join())
            found[who][1].adjust(50)
        go("P4D")
        for who, (till, joined) in found.items():
            member = till.club.sign_in(joined.phone)
            till.sell(10_000, member=member)
            assert lots(member) == ({10: 55} if who == "buyer" else {6: 50, 10: 5})
        go("P2D")
        for who, (till, joined) in found.items():
            member = till.club.sign_in(joined.phone)
            tell_by_staff(member, "custom:visit")
            assert lots(member) == ({8: 55, 10: 1} if who == "buyer" else {10: 56})


def test_the_sweeper_burns_what_is_idle_and_leaves_what_was_renewed(house: House) -> None:
    club = idle_club(house)
    till, idle, busy = shop(club), club.join(), club.join()
    for one in (idle, busy):
        till.sell(10_000, member=one)
        one.adjust(-5)
        one.adjust(8, key=one.id)
    with house.later("P6D") as go:
        till.sell(10_000, member=busy)
        go("P6D")
        for one in (idle, busy):  # as if nothing had ever been written down
            for entry in due(club):
                if entry.ref == one.id:
                    commit(store.gone(entry))
        sweep(house)
        assert newest(club.sign_in(idle.phone)) == ("points.burnt", -8, 0)
        assert club.sign_in(busy.phone).account()["balance"] == 13
        go("P3D")
        sweep(house)  # arms what burns in two days
        go("P2D")
        house.run_due()
        assert newest(club.sign_in(busy.phone)) == ("points.burnt", -13, 0)


@pytest.mark.req("RG-1")
def test_what_90_days_did_not_use_burns_by_itself(house: House) -> None:
    club = club_of(house, "order-cashback")
    till, joined = checkout(club, outlet="web"), club.join()
    assert till.earned(joined, line(123_450), channel="web") == 37
    burns = date.fromisoformat(joined.account()["lots"][0]["burns_on"])
    over = day_begins(burns + timedelta(days=1), club.document["zone"])
    with house.later(seconds_to(house, over) + 1):
        house.run_due(days=2)
        member = club.sign_in(joined.phone)
        assert newest(member) == ("points.burnt", -37, 0)


@pytest.mark.req("EK-1")
def test_what_a_month_did_not_use_burns_by_itself_at_its_end(house: House) -> None:
    club = club_of(house, "sliding-allowance")
    with house.later(until_next_month(club)) as go:
        till, joined = checkout(club), club.join()
        till.sell(joined, line(500_000))
        go(until_next_month(club))
        house.run_due(days=2)
        assert newest(club.sign_in(joined.phone))[:2] == ("event.posted", 750)
        over = day_begins((local(club) + timedelta(days=31)).date().replace(day=1), ZONE)
        go(seconds_to(house, over) - 30)
        house.run_due(days=2)
        member = club.sign_in(joined.phone)
        assert member.account()["balance"] == 750
        go(31)
        for _ in range(2):
            house.run_due(days=2)
        assert newest(member) == ("points.burnt", -750, 0)
