"""Verified groups and segments: staff say where a member belongs, and the till's prices follow."""

import json
from typing import Any

import pytest

from infra.local.resources import ROOT
from tests.support.club import Club, House, Member
from tests.support.till import rule, shop

WHY = {"reason": "Card was shown"}


def put(member: Member, **body: Any) -> dict[str, Any]:
    """Staff say where a member belongs."""
    answer = member.staff("PUT", "/groups", json={**WHY, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_staff_say_where_a_member_belongs(club: Club) -> None:
    member = club.join()
    body = {"groups": [{"group": "student", "until": "2027-06-30"}], "segments": ["quiet", "new"]}
    assert put(member, **body) == {
        "groups": [{"group": "student", "until": "2027-06-30"}],
        "segments": ["new", "quiet"],
    }
    assert put(member, **body) == member.staff("GET", "/groups").json()
    audit = club.staff("GET", "/audit", params={"action": "member.grouped"}).json()["rows"]
    assert len(audit) == 1
    assert put(member) == {"groups": [], "segments": []}
    twice = {**WHY, "groups": [{"group": "student"}, {"group": "student"}]}
    answer = member.staff("PUT", "/groups", json=twice)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "duplicate")


@pytest.mark.req("CB-7")
def test_a_profession_brings_more_while_it_is_proved(house: House) -> None:
    """Teachers get 30 points a purchase, until the day that their proof ends."""
    bonus = rule(
        {"type": "points", "points": 30},
        conditions=[{"type": "group", "any_of": ["teacher"]}],
    )
    till = shop(house.new_club(earning={"rules": [bonus]}))
    with house.later() as move:
        member = till.club.join()
        today = house.now.date().isoformat()
        assert till.sell(10_000, member=member)["earned"] == 0
        put(member, groups=[{"group": "teacher", "until": today}])
        assert till.sell(10_000, member=member)["earned"] == 30
        move("P2D")
        assert till.sell(10_000, member=member)["earned"] == 0


def test_verified_members_see_their_price_at_the_till(house: House) -> None:
    """The ready program of prices for groups: the till shows the price to whoever belongs."""
    document = json.loads((ROOT / "programs/verified-prices.json").read_text())
    changes = {
        name: document[name]
        for name in ("earning", "kinds", "purchases", "rules_public")
        if name in document
    }
    till = shop(house.new_club(**changes))
    member, other = till.club.join(), till.club.join()
    groups = {
        name
        for one in document["earning"]["rules"]
        for condition in one["conditions"]
        if condition["type"] == "group"
        for name in condition["any_of"]
    }
    put(member, groups=[{"group": name} for name in sorted(groups)[:10]])
    basket = [{"sku": "BOOK-1", "category": "books", "price": 100_000}]
    assert till.priced(member=other, lines=basket)["discount"] == 0
    assert till.priced(member=member, lines=basket)["discount"] > 0
