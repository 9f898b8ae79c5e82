"""The catalogue as a member sees it: what they can afford, what they are short of, what is theirs
to see.
"""

from typing import Any

import httpx
import pytest

from tests.support import gifts
from tests.support.club import Club, House, Member
from tests.support.shop import POINT, order


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def offers(member: Member, **query: Any) -> list[str]:
    """Ids of the rewards that a member sees, in their order."""
    found = gifts.good(member.call("GET", "/rewards", params=query))
    return [row["reward"] for row in found["rows"]]


def rich(club: Club, points: int) -> Member:
    """A member with so many points."""
    member = club.join()
    member.adjust(points).raise_for_status()
    return member


def test_a_member_sees_first_what_they_can_afford_then_what_is_nearest(club: Club) -> None:
    for reward, price in {"e": 900, "d": 500, "c": 100, "b": 500, "a": 300}.items():
        gifts.stocked(club, reward, 1, price=price)
    member = rich(club, 300)
    assert offers(member) == ["c", "a", "b", "d", "e"]
    assert offers(member, affordable=True) == ["c", "a"]
    rows = gifts.good(member.call("GET", "/rewards"))["rows"]
    assert [row["missing"] for row in rows] == [0, 0, 200, 200, 600]
    assert [row["reward"] for row in member.rows("/rewards")] == offers(member)
    first = gifts.good(member.call("GET", "/rewards", params={"limit": 2}))
    member.adjust(200).raise_for_status()
    assert offers(member, cursor=first["next"]) == ["b", "d", "e"]  # none moved
    assert code(club.join().call("GET", "/rewards", params={"cursor": first["next"]})) == (
        "invalid_cursor"
    )


def test_the_next_goal_is_the_nearest_reward_that_is_there(club: Club) -> None:
    member = rich(club, 300)
    assert gifts.good(member.call("GET", "/rewards-goal")) == {"goal": None}
    gifts.stocked(club, "cheap", 1, price=300)
    gifts.shown(club, "sold-out", price=310)
    gifts.stocked(club, "far", 1, price=700)
    gifts.stocked(club, "near", 1, price=450)
    goal = gifts.good(member.call("GET", "/rewards-goal"))["goal"]
    assert (goal["reward"], goal["missing"]) == ("near", 150)
    member.adjust(400).raise_for_status()
    assert gifts.good(member.call("GET", "/rewards-goal")) == {"goal": None}


def test_what_cannot_be_had_comes_last_and_says_why(club: Club) -> None:
    gifts.write_point(club, POINT)
    gifts.stocked(club, "once", 5, price=100, per_member=1)
    gifts.stocked(club, "twice", 5, price=120, per_member=2)
    gifts.shown(club, "gone", price=50)
    gifts.stocked(club, "dear", 1, price=990)
    gifts.stocked(club, "dear-once", 5, price=600, per_member=1)
    gifts.stocked(club, "dearest", 1, price=9000)
    member = rich(club, 1000)
    for reward, price in {"once": 100, "twice": 120, "dear-once": 600}.items():
        gifts.good(order(member, reward, price=price))
    rows = member.rows("/rewards")
    assert [row["reward"] for row in rows] == [
        "twice",
        "dear",
        "dearest",
        "gone",
        "once",
        "dear-once",
    ]
    told = {row["reward"]: (row["missing"], row["obstacle"]) for row in rows[3:]}
    assert told == {
        "gone": (0, "sold_out"),
        "once": (0, "per_member_reached"),
        "dear-once": (420, "per_member_reached"),
    }
    assert all(bool(row["obstacle_text"]) == bool(row["obstacle"]) for row in rows)
    assert offers(member, affordable=True) == ["twice"]
    assert gifts.good(member.call("GET", "/rewards-goal"))["goal"]["reward"] == "dear"
    seen = gifts.good(member.call("GET", "/rewards/once"))
    assert (seen["obstacle"], code(order(member, "once"))) == ("per_member_reached",) * 2
    given_up = next(one for one in member.rows("/orders") if one["reward"] == "once")
    gifts.good(member.call("POST", f"/orders/{given_up['order']}/cancellation"))
    assert offers(member, affordable=True) == ["once", "twice"]


def test_pages_hold_each_reward_once(club: Club) -> None:
    prices = {"a": 300, "b": 100, "c": 100, "d": 700, "e": 500}
    for reward, price in prices.items():
        gifts.stocked(club, reward, 1, price=price)
    gifts.shown(club, "gone", price=200)
    member = rich(club, 500)
    seen, cursor = [], ""
    while True:
        query = {"limit": 2, "cursor": cursor}
        page = gifts.good(member.call("GET", "/rewards", params=query))
        seen += [row["reward"] for row in page["rows"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == ["b", "c", "a", "e", "d", "gone"]


def test_points_that_are_held_or_owed_buy_nothing(club: Club) -> None:
    gifts.stocked(club, "ring-box", 1, price=200)
    member = rich(club, 300)
    hold = {"points": 250, "reason": "By a test"}
    member.staff("POST", "/holds", json=hold).raise_for_status()
    assert gifts.good(member.call("GET", "/rewards/ring-box"))["missing"] == 150


def test_goods_services_and_digital_things_stand_side_by_side(club: Club) -> None:
    gifts.stocked(club, "box", 9)
    gifts.shown(club, "cleaning", kind="service", stock="unlimited", delivery=["pickup"])
    gifts.pool(club, "film", ["CODE-1"])
    member = rich(club, 1000)
    assert offers(member, affordable=True) == ["box", "cleaning", "film"]
    assert offers(member, kind="service") == ["cleaning"]
    rows = gifts.good(member.call("GET", "/rewards"))["rows"]
    assert [row["delivery"] for row in rows] == [["pickup"], ["pickup"], ["code"]]
    assert {row["stock"] for row in rows} == {"in_stock"}


def test_members_learn_a_number_only_when_few_are_left(club: Club) -> None:
    gifts.stocked(club, "ring-box", 3, low_stock=2)
    member = club.join()

    def told() -> tuple[str, int | None]:
        found = gifts.good(member.call("GET", "/rewards/ring-box"))
        return found["stock"], found["left"]

    assert told() == ("in_stock", None)
    gifts.good(gifts.correct(club, "ring-box", -1))
    assert told() == ("few_left", 2)
    gifts.good(gifts.correct(club, "ring-box", -2))
    assert told() == ("none", None)


def test_a_search_is_in_the_callers_language(club: Club) -> None:
    name = {"en": "Ring box", "ru": "Шкатулка для колец", "uk": "Скринька", "ar": "علبة"}
    gifts.shown(club, "ring-box", name=name)
    gifts.shown(club, "film", name=gifts.texts(club, "Cinema"))
    member = club.join()
    assert offers(member, q="BOX ring") == ["ring-box"]
    assert offers(member, q="шкатулка") == []
    answer = member.call(
        "GET", "/rewards", params={"q": "КОЛЕЦ"}, headers={"Accept-Language": "ru"}
    )
    assert [row["name"] for row in answer.json()["rows"]] == ["Шкатулка для колец"]


def test_audience_and_dates_are_kept(house: House, club: Club) -> None:
    day = 86_400
    soon, later = (house.now.timestamp() + shift * day for shift in (1, 2))
    dates = {
        "available_from": _text(house, soon),
        "available_until": _text(house, later),
    }
    gifts.shown(club, "for-sellers", audience=["seller"])
    gifts.shown(club, "tomorrow", **dates)
    gifts.shown(club, "always", audience=["buyer"])
    member = club.join()

    def sees() -> list[str]:
        return offers(club.sign_in(member.phone))

    assert sees() == ["always"]
    for unseen in ("for-sellers", "tomorrow"):
        assert code(member.call("GET", f"/rewards/{unseen}")) == "reward_unknown"
    with house.later(day + 60):
        assert sees() == ["always", "tomorrow"]
    with house.later(2 * day + 60):
        assert sees() == ["always"]


def test_another_clubs_rewards_are_not_seen(house: House, club: Club) -> None:
    gifts.shown(club, "ring-box")
    other = house.new_club()
    assert offers(other.join()) == []
    assert code(other.join().call("GET", "/rewards/ring-box")) == "reward_unknown"
    assert gifts.good(other.staff("GET", "/rewards"))["rows"] == []


@pytest.mark.parametrize("public", [True, False])
def test_an_applicant_sees_the_catalogue_only_of_a_club_that_shows_its_terms(
    house: House, public: bool
) -> None:
    club = house.new_club(rules_public=public)
    gifts.write_point(club, "arbat-point")
    gifts.shown(club, "ring-box")
    seller = club.join(kind="seller")
    assert seller.session["member"]["status"] == "applied"
    for path in ("/rewards", "/rewards/ring-box", "/rewards-goal", "/pickup-points"):
        answer = seller.call("GET", path)
        assert answer.status_code == (200 if public else 403), path
        assert public or code(answer) == "catalogue_for_members"


def _text(house: House, timestamp: float) -> str:
    return house.now.fromtimestamp(timestamp, house.now.tzinfo).isoformat()
