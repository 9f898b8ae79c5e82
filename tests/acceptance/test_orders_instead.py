"""Something else in place of what was ordered, over HTTP."""

from typing import Any

import pytest

from chalicelib.outreach import service as outreach
from tests.support import gifts
from tests.support.club import House, Member
from tests.support.gifts import WHY
from tests.support.shop import POINT, REFUND, RICH, Shop, code, facts, points


def audit(shop: Shop, **query: str) -> list[dict[str, Any]]:
    """The records of the club that fit."""
    rows: list[dict[str, Any]] = gifts.good(shop.club.staff("GET", "/audit", params=query))["rows"]
    return rows


def test_a_cheaper_gift_instead_gives_the_difference_back(shop: Shop, member: Member) -> None:
    shop.reward("silk-pouch", price=60, stock=4)
    bought = shop.placed(member, quantity=2)
    body = {"reward": "silk-pouch", **WHY}
    changed = shop.act(bought["number"], "substitution", body)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["reward"], changed.json()["points"]) == ("silk-pouch", 120)
    assert points(member) == (RICH, RICH - 120, 120)
    assert (shop.left("ring-box"), shop.left("silk-pouch")) == (5, 2)
    assert shop.act(bought["number"], "substitution", body).text == changed.text
    for step in ("confirmation", "issue"):
        shop.act(bought["number"], step).raise_for_status()
    assert points(member) == (RICH - 120, RICH - 120, 0)
    shop.act(bought["number"], "refund", REFUND).raise_for_status()
    assert points(member) == (RICH, RICH, 0)
    assert (shop.left("ring-box"), shop.left("silk-pouch")) == (5, 4)
    seen = member.call("GET", f"/orders/{bought['order']}").json()
    assert "order.substituted" in facts(seen)
    # its reply was lost, and it is sent again
    assert shop.act(bought["number"], "substitution", body).json()["state"] == "refunded"
    other = {**body, "reward": "ring-box"}
    assert code(shop.act(bought["number"], "substitution", other)) == "order_not_possible"


def test_a_dearer_gift_instead_costs_no_more(shop: Shop, member: Member) -> None:
    shop.reward("crown", price=900, stock=1, per_member=2)
    bought = shop.placed(member)
    shop.club.staff("POST", "/rewards/crown/archive", json=WHY).raise_for_status()
    body = {"reward": "crown", **WHY}
    changed = shop.act(bought["number"], "substitution", body).json()
    assert (changed["reward"], changed["points"]) == ("crown", 100)
    assert shop.left("crown") == 0
    assert points(member) == (RICH, RICH - 100, 100)
    other = shop.placed(member)["number"]
    assert code(shop.act(other, "substitution", body)) == "reward_sold_out"


def test_another_quantity_of_the_same_gift(shop: Shop, member: Member) -> None:
    bought = shop.placed(member, quantity=3)
    fewer = {"reward": "ring-box", "quantity": 1, **WHY}
    assert shop.act(bought["number"], "substitution", fewer).json()["points"] == 100
    assert shop.left("ring-box") == 4
    more = {"reward": "ring-box", "quantity": 5, **WHY}
    assert shop.act(bought["number"], "substitution", more).json()["points"] == 100
    assert shop.left("ring-box") == 0
    assert points(member) == (RICH, RICH - 100, 100)
    shop.act(bought["number"], "cancellation", WHY).raise_for_status()
    assert shop.left("ring-box") == 5
    shop.change("ring-box", per_member=1)
    assert shop.placed(member)["quantity"] == 1  # nothing of the cancelled order counts


def test_a_gift_is_not_exchanged_for_what_cannot_come_the_same_way(
    shop: Shop, member: Member
) -> None:
    shop.reward("e-card", stock=None, kind="digital_code", delivery=["code"], codes="generated")
    number = shop.placed(member)["number"]
    body = {"reward": "e-card", **WHY}
    assert code(shop.act(number, "substitution", body)) == "delivery_not_offered"
    assert code(shop.act(number, "substitution", {"reward": "none", **WHY})) == "reward_unknown"


def test_what_is_worth_more_takes_the_right_to_refund(shop: Shop, member: Member) -> None:
    shop.reward("crown", price=101, stock=3)
    shop.reward("pearl", price=10, stock=30)
    number = shop.placed(member, quantity=2)["number"]
    warehouse, manager = shop.club.employ("warehouse"), shop.club.employ("manager")
    path, pearls = f"/orders/{number}/substitution", {"reward": "pearl", "quantity": 3, **WHY}
    house = shop.club.house
    with house.later(60 - house.now.second):  # a minute has one record of a try
        for body in ({"reward": "crown", **WHY}, pearls):
            dear = warehouse.call("POST", path, json=body)
            assert (dear.status_code, code(dear)) == (403, "substitute_too_dear")
            assert "200" in dear.json()["detail"]
        (refused,) = audit(shop, outcome="refused", subject=f"member:{member.id}")
    assert (refused["actor"], refused["action"]) == (f"staff:{warehouse.staff}", "orders.refund")
    assert refused["subject"] == f"member:{member.id} order:{number}"
    one = warehouse.call("POST", path, json={"reward": "crown", "quantity": 1, **WHY})
    assert (one.status_code, one.json()["points"]) == (200, 101)
    assert manager.call("POST", path, json={**pearls, "quantity": 20}).json()["points"] == 101
    assert points(member) == (RICH, RICH - 101, 101)
    few = {"reward": "pearl", "quantity": 15, **WHY}
    assert warehouse.call("POST", path, json=few).status_code == 200  # fewer is never dearer


def test_what_is_worth_far_more_is_not_one_persons_gift(house: House) -> None:
    shop = Shop(house.new_club(approvals={"adjustment_above": 10_000}))
    shop.reward("ring-box", price=150, stock=100)
    shop.reward("tiara", price=60_000, stock=3)
    shop.reward("chain", price=10_150, stock=3)
    member, manager = shop.club.join(), shop.club.employ("manager")
    member.adjust(RICH).raise_for_status()
    number = shop.placed(member, price=150)["number"]
    path = f"/orders/{number}/substitution"
    for body in ({"reward": "tiara"}, {"reward": "ring-box", "quantity": 68}):
        refused = manager.call("POST", path, json={**body, **WHY})
        assert (refused.status_code, code(refused)) == (409, "substitute_above_limit")
        assert "10000" in refused.json()["detail"].replace(",", "")
    assert shop.look(number)["history"] == []
    within = {"reward": "chain", **WHY}
    assert gifts.good(manager.call("POST", path, json=within))["points"] == 150
    # Nor in steps: what it is worth more is counted from what the order costs.
    next_step = manager.call("POST", path, json={**within, "quantity": 2})
    assert code(next_step) == "substitute_above_limit"
    (record,) = audit(shop, action="order.substituted", subject=f"member:{member.id}")
    assert record["subject"] == f"member:{member.id} order:{number}"
    assert record["before"] == {"reward": "ring-box", "worth": 150}
    assert record["after"] == {"reward": "chain", "worth": 10_150}
    assert points(member) == (RICH, RICH - 150, 150)


def test_nobody_gets_what_is_not_meant_for_them(shop: Shop, member: Member) -> None:
    shop.reward("badge", price=60, audience=["seller"])
    number = shop.placed(member)["number"]
    body = {"reward": "badge", **WHY}
    refused = shop.act(number, "substitution", body)
    assert (refused.status_code, code(refused)) == (409, "reward_not_for_member")
    shop.change("badge", audience=["seller", "buyer"])
    shop.act(number, "substitution", body).raise_for_status()


def test_fewer_pieces_stay_as_they_were_agreed(shop: Shop, member: Member) -> None:
    bought = shop.placed(member, quantity=3)
    name = bought["name"]
    shop.change("ring-box", price=1, name=gifts.texts(shop.club, "Paper box"), delivery=["post"])
    fewer = {"reward": "ring-box", "quantity": 2, **WHY}
    changed = gifts.good(shop.act(bought["number"], "substitution", fewer))
    assert (changed["points"], changed["quantity"], changed["name"]) == (200, 2, name)
    assert shop.left("ring-box") == 3
    assert points(member) == (RICH, RICH - 200, 200)


def test_nobody_takes_more_of_the_other_reward_than_one_may(shop: Shop, member: Member) -> None:
    shop.reward("silk-pouch", price=60, stock=9, per_member=2)
    shop.placed(member, "silk-pouch", price=60)
    number = shop.placed(member, quantity=2)["number"]
    body = {"reward": "silk-pouch", **WHY}
    refused = shop.act(number, "substitution", body)
    assert (refused.status_code, code(refused)) == (409, "per_member_reached")
    shop.act(number, "substitution", {**body, "quantity": 1}).raise_for_status()
    again = {**body, "quantity": 2}
    assert code(shop.act(number, "substitution", again)) == "per_member_reached"
    assert shop.left("silk-pouch") == 7


def test_the_other_reward_is_there_where_the_order_is_collected(shop: Shop, member: Member) -> None:
    gifts.write_point(shop.club, "tver-point")
    shop.reward("silk-pouch", price=60, points_of_pickup=["tver-point"])
    number = shop.placed(member)["number"]
    body = {"reward": "silk-pouch", **WHY}
    assert code(shop.act(number, "substitution", body)) == "delivery_not_offered"
    shop.change("silk-pouch", points_of_pickup=["tver-point", POINT])
    shop.act(number, "substitution", body).raise_for_status()


@pytest.mark.parametrize("language", ["en", "ru", "uk", "ar"])
def test_the_member_is_told_of_it(shop: Shop, member: Member, language: str) -> None:
    shop.reward("silk-pouch", price=60)
    number = shop.placed(member)["number"]
    shop.act(number, "substitution", {"reward": "silk-pouch", **WHY}).raise_for_status()
    shop.club.house.pump()
    headers = {"Accept-Language": language}
    rows = gifts.good(member.call("GET", "/notifications", headers=headers))["rows"]
    told: list[dict[str, Any]] = [row for row in rows if row["code"] == "order.substituted"]
    assert len(told) == 1
    assert number in told[0]["text"]
    assert "order.substituted" in outreach.ORDERS
