"""A day at the warehouse and a day at the hotline, by people who have these roles and no other."""

import csv
import io
from typing import Any

import httpx
import pytest

from tests.support import gifts
from tests.support.club import Club, Member
from tests.support.shop import PARCEL, POINT, POST, Shop
from tests.support.staff import Employee


@pytest.fixture
def shop(club: Club) -> Shop:
    """Ring boxes that run low, and bags to give instead."""
    made = Shop(club)
    made.reward("ring-box", price=100, stock=4, low_stock=2)
    made.reward("velvet-bag", price=80, stock=5)
    return made


def act(person: Employee, number: str, what: str, body: Any = None) -> httpx.Response:
    """What somebody does with an order."""
    return person.call("POST", f"/orders/{number}/{what}", json=body)


def done(answer: httpx.Response) -> Any:
    """The body of an answer that must be good."""
    return gifts.good(answer)


def rich(club: Club, points: int = 500) -> Member:
    """A member with points to spend."""
    member = club.join()
    done(member.adjust(points))
    return member


@pytest.mark.req("AL-11")
@pytest.mark.req("GC-3")
def test_the_warehouse_picks_hands_out_and_ships(club: Club, shop: Shop) -> None:
    member = rich(club)
    collected = shop.placed(member)["number"]
    posted = shop.placed(member, delivery=POST)["number"]
    replaced = shop.placed(member)["number"]
    club.house.pump()
    viktor = club.employ("warehouse")

    (notice,) = done(viktor.call("GET", "/notices"))["rows"]
    assert notice["code"] == "stock.low"
    assert done(viktor.call("GET", "/rewards", params={"low_stock": True}))["rows"]

    waiting = done(viktor.call("GET", "/orders", params={"state": "placed"}))["rows"]
    assert [row["number"] for row in waiting] == [collected, posted, replaced]
    for number in (collected, posted, replaced):
        assert done(act(viktor, number, "confirmation"))["state"] == "confirmed"
    instead = {"reward": "velvet-bag", "reason": "The last boxes are scratched"}
    assert done(act(viktor, replaced, "substitution", instead))["points"] == 80

    listed = viktor.call("GET", "/orders/pick-list", params={"point": POINT, "format": "csv"})
    picked = list(csv.DictReader(io.StringIO(listed.text)))
    assert sorted(row["number"] for row in picked) == sorted([collected, replaced])

    assert done(act(viktor, collected, "issue"))["state"] == "issued"
    assert done(act(viktor, posted, "shipment", PARCEL))["state"] == "shipped"
    assert done(act(viktor, posted, "delivery"))["state"] == "delivered"
    broken = {"change": -1, "reason": "Broken in the store room"}
    done(viktor.call("POST", "/rewards/ring-box/stock", json=broken))
    assert shop.left("ring-box") == 1

    account = member.account()
    assert (account["balance"], account["held"]) == (300, 80)
    assert member.proof()["agrees"]


@pytest.mark.req("AL-11")
def test_the_warehouse_gives_no_points_back_and_the_audit_shows_that_it_tried(
    club: Club, shop: Shop
) -> None:
    member = rich(club)
    number = shop.placed(member)["number"]
    viktor, olga = club.employ("warehouse"), club.employ("owner")
    done(act(viktor, number, "confirmation"))
    done(act(viktor, number, "issue"))
    refund = {"reason": "He asked nicely", "restock": True}
    refused = act(viktor, number, "refund", refund)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert member.account()["balance"] == 400

    mine = {"actor": f"staff:{viktor.staff}"}
    (tried,) = done(olga.call("GET", "/audit", params={**mine, "outcome": "refused"}))["rows"]
    assert (tried["action"], tried["subject"]) == ("orders.refund", f"order:{number}")
    acts = done(olga.call("GET", "/audit", params={**mine, "action": "order."}))["rows"]
    assert [row["action"] for row in acts] == ["order.issued", "order.confirmed"]
    assert acts[1]["before"]["state"] == "placed"
    assert acts[1]["after"]["state"] == "confirmed"
    assert viktor.call("GET", "/audit").status_code == 403

    assert done(act(olga, number, "refund", refund))["state"] == "refunded"
    assert member.account()["balance"] == 500


@pytest.mark.req("AB-2")
@pytest.mark.req("RG-14")
@pytest.mark.req("AL-11")
def test_the_hotline_answers_a_call_and_asks_for_a_large_correction(club: Club, shop: Shop) -> None:
    member = rich(club)
    done(member.call("PATCH", "", json={"given_name": "Anna", "family_name": "Petrova"}))
    order = shop.placed(member)
    sofia, marat = club.employ("support"), club.employ("manager")

    card = done(sofia.call("POST", "/calls", json={"phone": member.phone, "line": "hotline"}))
    profile = card["card"]["profile"]
    assert (profile["member"], profile["name"]) == (member.id, "Anna Petrova")
    assert [one["number"] for one in card["card"]["orders"]] == [order["number"]]
    found = done(sofia.call("POST", "/member-search", json={"name": "petr"}))["rows"]
    assert [row["member"] for row in found] == [member.id]

    own = f"/members/{member.id}"
    text = {"text": "The parcel came late; promised 50 points.", "topic": "complaint"}
    done(sofia.call("POST", f"{own}/notes", json=text))
    small = {"points": 50, "reason": "Goodwill after a late parcel"}
    assert done(sofia.call("POST", f"{own}/adjustments", json=small))["points"] == 50
    large = {"points": 20_000, "reason": "A prize from the board"}
    refused = sofia.call("POST", f"{own}/adjustments", json=large)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_needed")

    asked = done(sofia.call("POST", f"{own}/adjustment-requests", json=large))["approval"]
    decision = {"decision": "approve", "reason": "Agreed with the board"}
    path = f"/adjustment-requests/{asked}/decision"
    assert sofia.call("POST", path, json=decision).status_code == 403
    assert member.account()["balance"] == 550
    assert done(marat.call("POST", path, json=decision))["state"] == "approved"
    assert member.account()["balance"] == 20_550

    assert act(sofia, order["number"], "confirmation").status_code == 403
    block = {"status": "suspended", "reason": "Not hers to decide"}
    assert sofia.call("POST", f"{own}/status", json=block).status_code == 403
    assert member.proof()["agrees"]
