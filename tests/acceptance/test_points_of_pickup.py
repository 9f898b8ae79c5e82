"""Where rewards are handed out, and when it is open there (GC-3)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.support import gifts
from tests.support.club import Club, House, Member, at_once
from tests.support.shop import POINT, POST, REFUND, Shop, order

MOSCOW = ZoneInfo("Europe/Moscow")


def monday(house: House, clock: str) -> int:
    """Seconds from now to a time of the next Monday in the club's zone."""
    now = house.now.astimezone(MOSCOW)
    days = (7 - now.weekday()) % 7 or 7
    wall = datetime.combine(now.date() + timedelta(days=days), datetime.min.time(), MOSCOW)
    hour, minute = map(int, clock.split(":"))
    return int((wall.replace(hour=hour, minute=minute) - now).total_seconds()) + 1


def seen(member: Member) -> dict[str, Any]:
    """The club's pick-up points as a member sees them, by their ids."""
    return {row["point"]: row for row in member.rows("/pickup-points")}


def wall(instant: str) -> str:
    """An instant by the clock on the wall of the club."""
    return datetime.fromisoformat(instant).astimezone(MOSCOW).strftime("%a %H:%M")


@pytest.mark.req("GC-3")
@pytest.mark.parametrize(
    ("clock", "is_open", "closes", "opens"),
    [
        ("09:59", False, None, "Mon 10:00"),
        ("10:00", True, "Mon 18:00", "Tue 10:00"),
        ("17:59", True, "Mon 18:00", "Tue 10:00"),
        ("18:00", False, None, "Tue 10:00"),
    ],
)
def test_a_point_is_open_on_workdays_from_ten_to_six(
    house: House, club: Club, clock: str, is_open: bool, closes: str | None, opens: str
) -> None:
    gifts.write_point(club, "arbat-point")
    with house.later(monday(house, clock)):
        point = seen(club.join())["arbat-point"]
    assert point["open_now"] is is_open
    assert (point["closes_at"] and wall(point["closes_at"])) == closes
    assert wall(point["opens_next"]) == opens
    assert (point["zone"], point["hours"]["fri"]) == ("Europe/Moscow", [["10:00", "18:00"]])
    assert "sat" not in point["hours"]


@pytest.mark.req("GC-3")
def test_it_stays_closed_over_the_weekend_and_on_holidays(house: House, club: Club) -> None:
    with house.later(monday(house, "12:00")):
        today = house.now.astimezone(MOSCOW).date()
        closed = [{"on": today.isoformat(), "text": gifts.texts(club, "Stocktaking")}]
        gifts.write_point(club, "arbat-point", closed=closed)
        point = seen(club.join())["arbat-point"]
        assert (point["open_now"], wall(point["opens_next"])) == (False, "Tue 10:00")
        assert point["closed"] == [{"on": today.isoformat(), "text": "Stocktaking (en)"}]
    with house.later(monday(house, "12:00") + 5 * 86_400):
        point = seen(club.join())["arbat-point"]
        assert (point["open_now"], wall(point["opens_next"])) == (False, "Mon 10:00")
        assert point["closed"] == []  # that day is over


@pytest.mark.req("GC-3")
def test_a_reward_says_whether_it_is_picked_up_where_or_posted(club: Club) -> None:
    for point in ("arbat-point", "tver-point", "ufa-point"):
        gifts.write_point(club, point)
    gifts.shown(club, "anywhere", delivery=["pickup", "post"])
    gifts.shown(club, "in-two", points_of_pickup=["ufa-point", "arbat-point"])
    gifts.shown(club, "by-post", delivery=["post"])
    member = club.join()

    def ways(reward: str) -> tuple[list[str], list[str]]:
        told = gifts.good(member.call("GET", f"/rewards/{reward}"))
        return told["delivery"], [point["point"] for point in told["points_of_pickup"]]

    assert ways("anywhere") == (["pickup", "post"], ["arbat-point", "tver-point", "ufa-point"])
    assert ways("in-two") == (["pickup"], ["arbat-point", "ufa-point"])
    assert ways("by-post") == (["post"], [])


# -- what staff do -----------------------------------------------------------------


def test_points_are_written_read_and_listed(club: Club) -> None:
    made = gifts.write_point(club, "tver-point", phone="+7 495 123-45-67")
    assert gifts.write_point(club, "tver-point", phone="+7 495 123-45-67") == made
    assert gifts.good(club.staff("GET", "/points/tver-point")) == made
    gifts.write_point(club, "arbat-point")
    changed = gifts.write_point(club, "arbat-point", phone="+7 495 765-43-21")
    listed = gifts.good(club.staff("GET", "/points"))
    assert [row["point"] for row in listed["rows"]] == ["arbat-point", "tver-point"]
    assert listed["rows"][0]["phone"] == changed["phone"]
    first = gifts.good(club.staff("GET", "/points", params={"limit": 1}))
    params = {"limit": 1, "cursor": first["next"]}
    second = gifts.good(club.staff("GET", "/points", params=params))
    assert (second["rows"][0]["point"], second["next"]) == ("tver-point", "")


def test_a_point_that_a_reward_names_stays(club: Club) -> None:
    gifts.write_point(club, "arbat-point")
    gifts.write(club, "ring-box", points_of_pickup=["arbat-point"])
    refused = club.staff("DELETE", "/points/arbat-point")
    assert (refused.status_code, refused.json()["code"]) == (409, "point_in_use")
    assert gifts.good(club.staff("GET", "/points/arbat-point"))["rewards"] == 1
    gifts.write(club, "ring-box", revision=1)
    for _ in range(2):
        assert club.staff("DELETE", "/points/arbat-point").status_code == 204
    assert club.staff("GET", "/points/arbat-point").json()["code"] == "point_unknown"


def test_a_point_stays_while_an_order_is_to_be_collected_there(shop: Shop, member: Member) -> None:
    def delete() -> httpx.Response:
        return shop.club.staff("DELETE", f"/points/{POINT}")

    def waiting() -> int:
        return int(gifts.good(shop.club.staff("GET", f"/points/{POINT}"))["orders"])

    first, second, third = (shop.placed(member) for _ in range(3))
    shop.placed(member, delivery=POST)
    assert (delete().json()["code"], waiting()) == ("point_in_use", 3)
    gifts.good(member.call("POST", f"/orders/{first['order']}/cancellation"))
    gifts.good(shop.act(second["number"], "confirmation"))
    assert (delete().status_code, waiting()) == (409, 2)
    gifts.good(shop.act(second["number"], "issue"))
    gifts.good(shop.act(second["number"], "refund", REFUND))
    assert (delete().status_code, waiting()) == (409, 1)
    gifts.good(shop.act(third["number"], "cancellation", gifts.WHY))
    assert delete().status_code == 204
    assert order(member).json()["code"] == "point_unknown"


def test_an_order_and_the_end_of_its_point_at_once_do_not_both_happen(
    shop: Shop, member: Member
) -> None:
    def act(number: int) -> httpx.Response:
        if number:
            return order(member)
        return shop.club.staff("DELETE", f"/points/{POINT}")

    gone, *placed = at_once(act, range(4))
    if gone.status_code == 204:
        assert {one.status_code for one in placed} <= {404, 503}
    else:
        assert gone.status_code in (409, 503)
        assert any(one.is_success for one in placed)


@pytest.mark.parametrize(
    "day", ["9999-12-31", "0001-01-01", "2200-01-01", "2027-02-29", "2027-4-1"]
)
def test_a_closed_day_is_a_day_of_these_centuries(club: Club, day: str) -> None:
    body = {"name": gifts.texts(club, "P."), "address": gifts.texts(club, "A."), "hours": {}}
    answer = club.staff("PUT", "/points/arbat-point", json={**body, "closed": [{"on": day}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/closed/0/on"


def test_points_that_cannot_be_are_refused_with_every_fault(club: Club) -> None:
    hours = {"mon": [["10:00", "14:00"], ["13:00", "18:00"]], "tue": [["18:00", "10:00"]]}
    body = {"name": {"en": "P."}, "address": gifts.texts(club, "A."), "hours": hours}
    answer = club.staff("PUT", "/points/arbat-point", json=body)
    found = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    missing = {(f"/name/{language}", "text_missing") for language in ("ru", "uk", "ar")}
    assert found == missing | {
        ("/hours/mon/1", "hours_overlap"),
        ("/hours/tue/0", "hours_empty"),
    }
    for wrong in ("25:00", "9:00", "10:60", "24:30"):
        body["hours"] = {"mon": [[wrong, "24:00"]]}
        answer = club.staff("PUT", "/points/arbat-point", json=body)
        assert answer.json()["errors"][0]["code"] == "wrong_format", wrong
    good = {"name": gifts.texts(club, "P."), "address": gifts.texts(club, "A."), "hours": {}}
    assert club.staff("PUT", "/points/Arbat", json=good).status_code == 404
    assert gifts.good(club.staff("GET", "/points"))["rows"] == []
