"""Levels: up at once by a purchase, down when their time is over, set by staff, seen by members."""

from typing import Any

import pytest

from chalicelib.kernel.clock import render
from tests.support.club import House, Member
from tests.support.purchases import TIERS
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop

WHY = {"reason": "Settled a complaint"}
REACHED = rule(
    {"type": "points", "points": 500},
    id="reached",
    trigger="level_reached",
    conditions=[{"type": "subject", "any_of": ["silver"]}],
)
MORE_FOR_SILVER = rule(
    {"type": "multiplier", "factor": {"num": 3, "den": 2}},
    id="half-more",
    conditions=[{"type": "tier", "any_of": ["silver", "gold"]}],
)
RULES = [FIVE_PERCENT, MORE_FOR_SILVER, REACHED]


def club_of(house: House, zone: str = "Europe/Moscow", **tiers: Any) -> Till:
    """A till of a club with levels red, silver (from 10 000.00) and gold (from 50 000.00)."""
    given = {**TIERS, **tiers}
    given = {name: value for name, value in given.items() if value is not None}
    return shop(house.new_club(earning={"rules": RULES}, tiers=given, zone=zone))


def seen(member: Member) -> dict[str, Any]:
    """The member's level, as staff see it: whose token is good at any time."""
    found: dict[str, Any] = member.staff("GET", "/tier").json()
    return found


def put(member: Member, tier: str | None, **more: Any) -> dict[str, Any]:
    """Staff set it."""
    answer = member.staff("PUT", "/tier", json={**WHY, "tier": tier, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.req("EK-4")
def test_a_purchase_lifts_at_once_and_the_next_one_earns_more(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    first = member.call("GET", "/tier").json()
    assert first == seen(member)
    assert (first["tier"], first["privileges"], first["last"]) == (
        "red",
        ["Privilege of red"],
        None,
    )
    assert first["next"] == {"tier": "silver", "name": "Silver", "missing": 1_000_000}
    till.sell(999_900, member=member)
    assert seen(member)["next"]["missing"] == 100
    till.sell(100, member=member)
    now = seen(member)
    assert (now["tier"], now["counted"]) == ("silver", 1_000_000)
    assert now["privileges"] == ["Privilege of red", "Privilege of silver"]
    assert [(one["tier"], one["by"]) for one in now["history"]] == [("silver", "purchase")]
    before = member.account()["balance"]
    till.sell(10_000, member=member)
    assert member.account()["balance"] - before == 7  # 5 and half as much again
    months = member.call("GET", "/purchases").json()
    assert months["tier"] == "silver"


@pytest.mark.req("AB-4")
def test_a_level_pays_once_for_ever(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    sold = till.sell(1_000_000, member=member)
    assert member.account()["balance"] == 500 + 500  # 5 %, and the level's own
    assert till.returned(sold["receipt"], (0, 1))["receipt"]
    assert seen(member)["tier"] == "red"
    before = member.account()["balance"]
    till.sell(1_000_000, member=member)
    assert seen(member)["tier"] == "silver"
    assert member.account()["balance"] - before == 500


def test_nobody_tells_of_a_level_where_the_platform_sees_it(house: House) -> None:
    told = {"trigger": "level_reached", "number": "1", "subject": "silver", "reason": "By hand"}
    for tiers, status in ((TIERS, 422), ({**TIERS, "assigned_by": "staff"}, 201), (None, 201)):
        club = house.new_club(earning={"rules": [REACHED]}, tiers=tiers)
        body = {**told, "at": render(house.now)}
        answer = club.join().staff("POST", "/events", json=body)
        assert answer.status_code == status, answer.text


def test_what_comes_back_takes_the_level_back_and_nothing_else(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    silver = till.sell(1_000_000, member=member)
    gold = till.sell(4_000_000, member=member)
    assert seen(member)["tier"] == "gold"
    till.returned(gold["receipt"], (0, 1))
    now = seen(member)
    assert (now["tier"], now["history"][0]["by"]) == ("silver", "return")
    till.returned(silver["receipt"], (0, 1))
    assert seen(member)["tier"] == "red"
    twin = till.club.join()
    gold = till.sell(5_000_000, member=twin)
    till.sell(4_500_000, member=twin)
    till.returned(gold["receipt"], (0, 1))
    assert seen(twin)["tier"] == "silver"


@pytest.mark.parametrize(
    ("down", "tier", "by"),
    [("one", "silver", "period"), ("reassess", "red", "period"), ("never", "gold", "purchase")],
)
def test_down_when_the_time_is_over(house: House, down: str, tier: str, by: str) -> None:
    till = club_of(house, down=down, keeps_months=1)
    member = till.club.join()
    till.sell(5_000_000, member=member)
    with house.later("P70D"):
        now = seen(member)
        assert (now["tier"], now["history"][0]["by"]) == (tier, by)
        till.sell(10_000, member=member)  # what is over is written with the next purchase
        assert seen(member)["tier"] == now["tier"]
        assert seen(member)["history"][0]["since"] == now["history"][0]["since"]


@pytest.mark.req("EK-4")
def test_a_period_of_its_own_is_optional(house: House) -> None:
    for_ever = club_of(house, down="never", keeps_months=None)
    member = for_ever.club.join()
    for_ever.sell(5_000_000, member=member)
    assert (seen(member)["tier"], seen(member)["last"]) == ("gold", None)
    with house.later("P800D"):
        assert seen(member)["tier"] == "gold"


def test_staff_set_a_level_through_a_day(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    day = house.now.date().isoformat()
    now = put(member, "gold", until=day)
    assert (now["tier"], now["last"], now["next"]) == ("gold", day, None)
    assert put(member, "gold", until=day) == now
    records = till.club.staff("GET", "/audit", params={"action": "member.tiered"}).json()["rows"]
    assert len(records) == 1
    till.sell(1_000_000, member=member)
    with house.later("P2D"):
        assert seen(member)["tier"] == "silver"  # what the purchases are enough for
    assert put(member, "red")["last"] is None
    till.sell(1_000_000, member=member)
    assert seen(member)["tier"] == "red"  # staff decided, and nobody else
    back = put(member, None)
    assert (back["tier"], back["history"][0]["by"]) == ("silver", "period")


def test_what_cannot_be_set(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    for body, code in (
        ({"tier": "platinum"}, "tier_unknown"),
        ({"tier": "gold", "until": "2020-01-01"}, "date_past"),
    ):
        answer = member.staff("PUT", "/tier", json={**WHY, **body})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    stranger = f"/members/{'0' * 20}/tier"
    assert till.club.staff("GET", stranger).json()["code"] == "member_unknown"
    without = house.new_club().join()
    assert without.call("GET", "/tier").json()["code"] == "no_tiers"
    assert without.staff("PUT", "/tier", json={**WHY, "tier": "gold"}).json()["code"] == "no_tiers"


def test_a_document_whose_levels_do_not_fit_is_refused(house: House) -> None:
    club = house.new_club()
    levels = [dict(one) for one in TIERS["levels"]]
    levels[2]["at_least"] = levels[1]["at_least"]
    levels[1]["id"] = "red"
    asks = rule(percent(1), conditions=[{"type": "tier", "any_of": ["silver"]}])
    gives = rule({"type": "tier", "tier": "pearl"}, id="pearl")
    document = {
        **club.document,
        "tiers": {**TIERS, "levels": levels},
        "earning": {**club.document["earning"], "rules": [asks, gives]},
    }
    answer = club.staff("PUT", "/draft", json=document)
    assert answer.status_code == 200, answer.text
    checked = club.staff("POST", "/draft/check").json()
    faults = {(one["pointer"], one["code"]) for one in checked["problems"]}
    assert {
        ("/tiers/levels/1/id", "duplicate"),
        ("/tiers/levels/2/at_least", "not_rising"),
        ("/earning/rules/0/conditions/0/any_of", "tier_unknown"),
        ("/earning/rules/1/effect/tier", "tier_unknown"),
    } <= faults
