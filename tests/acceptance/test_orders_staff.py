"""Orders on their way to the member, and every way back, over HTTP."""

from typing import Any

import pytest

from chalicelib.staff.rights import GIVEN
from tests.support.club import House, Member
from tests.support.gifts import WHY
from tests.support.shop import (
    PARCEL,
    PICKUP,
    POST,
    REFUND,
    RICH,
    Shop,
    code,
    facts,
    points,
)

# -- the way to the member -----------------------------------------------------


HANDLES = {role for role, rights in GIVEN.items() if {"*", "orders.handle"} & {*rights}}


@pytest.mark.parametrize("role", sorted(GIVEN))
def test_only_who_handles_orders_sees_where_one_goes(shop: Shop, member: Member, role: str) -> None:
    number = shop.placed(member, delivery=POST)["number"]
    for step, body in (("confirmation", None), ("shipment", PARCEL)):
        shop.act(number, step, body).raise_for_status()
    seen = shop.club.employ(role).call("GET", f"/orders/{number}")
    assert seen.status_code == 200, seen.text
    found = seen.json()
    assert (found["address"] is not None, found["parcel"] is not None) == (
        (True, True) if role in HANDLES else (False, False)
    )
    assert (POST["name"] in seen.text) is (role in HANDLES)


@pytest.mark.req("GC-3")
def test_a_gift_is_collected_at_a_point_by_its_number(shop: Shop, member: Member) -> None:
    bought = shop.placed(member)
    number = bought["number"]
    assert code(shop.act(number, "issue")) == "order_not_possible"
    confirmed = shop.act(number, "confirmation")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    typed = f"{number[:5]} {number[5:]}".lower()
    issued = shop.act(typed, "issue")
    assert (issued.status_code, issued.json()["state"]) == (200, "issued")
    assert points(member) == (RICH - 100, RICH - 100, 0)
    seen = member.call("GET", f"/orders/{bought['order']}").json()
    assert (seen["state"], seen["point"], seen["can_cancel"]) == ("issued", "arbat-point", False)
    assert facts(seen) == ["order.placed", "order.confirmed", "order.issued"]
    assert all(line["text"] and line["at"] for line in seen["history"])


@pytest.mark.req("GC-3")
def test_a_gift_is_posted_to_members_elsewhere(shop: Shop, member: Member) -> None:
    bought = shop.placed(member, delivery=POST)
    number = bought["number"]
    assert bought["address"]["city"] == POST["city"]
    assert shop.look(number)["address"]["lines"] == POST["lines"]
    shop.act(number, "confirmation").raise_for_status()
    assert code(shop.act(number, "issue")) == "order_not_possible"
    shipped = shop.act(number, "shipment", PARCEL)
    assert shipped.json()["parcel"] == PARCEL
    assert points(member) == (RICH - 100, RICH - 100, 0)
    assert code(shop.act(number, "shipment", {**PARCEL, "tracking_number": "OTHER-1"})) == (
        "order_not_possible"
    )
    seen = member.call("GET", f"/orders/{bought['order']}").json()
    assert seen["parcel"] == PARCEL
    assert shop.act(number, "delivery").json()["state"] == "delivered"


def test_a_collected_order_is_not_posted(shop: Shop, member: Member) -> None:
    number = shop.placed(member)["number"]
    shop.act(number, "confirmation").raise_for_status()
    assert code(shop.act(number, "shipment", PARCEL)) == "order_not_possible"


ACTS: dict[str, Any] = {
    "confirmation": None,
    "issue": None,
    "shipment": PARCEL,
    "delivery": None,
    "cancellation": WHY,
    "refund": REFUND,
}
NEXT: dict[str, set[str]] = {
    "": {"confirmation", "cancellation"},
    "confirmation": {"confirmation", "cancellation"},
    "issue": {"issue", "refund"},
    "shipment": {"shipment", "delivery", "refund"},
    "delivery": {"delivery", "refund"},
    "cancellation": {"cancellation"},
    "refund": {"refund"},
}
"""What is possible after an act, whatever the way; what was done before changes nothing."""
HAND_OVER = {"pickup": "issue", "post": "shipment"}


@pytest.mark.parametrize(
    ("delivery", "steps"),
    [
        (PICKUP, ["confirmation", "issue", "refund"]),
        (POST, ["confirmation", "shipment", "delivery", "refund"]),
        (POST, ["confirmation", "shipment", "refund"]),
        (PICKUP, ["confirmation", "cancellation"]),
        (POST, ["cancellation"]),
    ],
)
def test_each_act_again_answers_the_same_and_only_what_is_next_is_possible(
    shop: Shop, member: Member, delivery: dict[str, Any], steps: list[str]
) -> None:
    number = shop.placed(member, delivery=delivery)["number"]
    for last, step in zip(["", *steps], [*steps, ""], strict=True):
        possible = {*NEXT[last], *steps[: steps.index(last) + 1 if last else 0]}
        if last == "confirmation":
            possible.add(HAND_OVER[delivery["way"]])
        before = (member.account(), shop.left("ring-box"), shop.look(number))
        for other in ACTS.keys() - possible:
            assert code(shop.act(number, other, ACTS[other])) == "order_not_possible"
        assert (member.account(), shop.left("ring-box"), shop.look(number)) == before
        if step:
            done = shop.act(number, step, ACTS[step])
            assert done.status_code == 200, done.text
            after = (member.account(), shop.left("ring-box"))
            for earlier in steps[: steps.index(step) + 1]:
                again = shop.act(number, earlier, ACTS[earlier])
                assert again.text == done.text  # its reply was lost, and it is sent again
            assert (member.account(), shop.left("ring-box")) == after
    assert member.proof()["agrees"]


def test_every_step_leaves_an_audit_record_and_tells_who_acted(shop: Shop, member: Member) -> None:
    number = shop.placed(member)["number"]
    for step, body in (("confirmation", None), ("issue", None), ("refund", REFUND)):
        shop.act(number, step, body).raise_for_status()
    found = shop.look(number)
    assert facts(found) == ["order.confirmed", "order.issued", "order.refunded"]
    assert {line["actor"] for line in found["history"]} == {"operator:tester"}
    assert found["history"][-1]["reason"] == WHY["reason"]
    assert found["history"][-1]["restocked"]


# -- the ways back -------------------------------------------------------------


def test_a_member_gives_up_an_order_until_it_is_confirmed(shop: Shop, member: Member) -> None:
    before = member.account()
    first, second = shop.placed(member), shop.placed(member, quantity=2)
    for _ in range(2):
        answer = member.call("POST", f"/orders/{first['order']}/cancellation")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert shop.left("ring-box") == 3
    shop.act(second["number"], "confirmation").raise_for_status()
    path = f"/orders/{second['order']}/cancellation"
    assert code(member.call("POST", path)) == "order_not_possible"
    shop.act(second["number"], "cancellation", WHY).raise_for_status()
    assert member.call("POST", path).json()["state"] == "cancelled"
    assert shop.left("ring-box") == 5
    account = member.account()
    assert (account["available"], account["lots"]) == (before["available"], before["lots"])
    assert code(shop.act(first["number"], "confirmation")) == "order_not_possible"


def test_lost_pieces_do_not_come_back_to_the_stock(shop: Shop, member: Member) -> None:
    number = shop.placed(member, quantity=2)["number"]
    lost = {**WHY, "restock": False}
    assert shop.act(number, "cancellation", lost).json()["history"][-1]["restocked"] is False
    assert points(member) == (RICH, RICH, 0)
    assert shop.left("ring-box") == 3


def test_an_order_does_not_end_twice_in_two_ways(shop: Shop, member: Member) -> None:
    first, second = (shop.placed(member)["number"] for _ in range(2))
    shop.act(first, "cancellation", {**WHY, "restock": False}).raise_for_status()
    assert code(shop.act(first, "cancellation", WHY)) == "order_not_possible"
    for step, body in (("confirmation", None), ("issue", None), ("refund", REFUND)):
        shop.act(second, step, body).raise_for_status()
    assert code(shop.act(second, "refund", {**WHY, "restock": False})) == "order_not_possible"
    assert shop.left("ring-box") == 4


def test_pieces_come_back_also_when_they_are_no_longer_counted(shop: Shop, member: Member) -> None:
    first, second = (shop.placed(member, quantity=2)["number"] for _ in range(2))
    shop.change("ring-box", stock="unlimited")
    uncounted = shop.placed(member)["number"]
    for number in (first, uncounted):
        shop.act(number, "cancellation", WHY).raise_for_status()
    fewer = {"reward": "ring-box", "quantity": 1, **WHY}
    shop.act(second, "substitution", fewer).raise_for_status()
    assert shop.look(uncounted)["history"][-1]["restocked"] is None
    shop.change("ring-box", stock="counted")
    assert shop.left("ring-box") == 4
    shop.act(second, "cancellation", WHY).raise_for_status()
    assert shop.left("ring-box") == 5


def test_points_come_back_to_their_lots_and_burn_when_they_would_have(
    house: House,
) -> None:
    burn = {"type": "after", "count": 20, "unit": "day", "grace_days": 3}
    club = house.new_club(burn=burn)
    shop = Shop(club)
    shop.reward(price=150)
    member = club.join()
    member.adjust(100).raise_for_status()
    with house.later() as move:
        move("P10D")
        member.refresh().raise_for_status()
        member.adjust(100).raise_for_status()
        lots = member.account()["lots"]
        orders = [shop.placed(member, price=150)["number"]]
        assert member.account()["lots"] == [{**lots[1], "points": 50}]
        shop.act(orders[0], "cancellation", WHY).raise_for_status()
        assert member.account()["lots"] == lots
        taken = shop.placed(member, price=150)["number"]
        for step in ("confirmation", "issue"):
            shop.act(taken, step).raise_for_status()
        move("P12D")  # the first lot's day is over; it was spent, so nothing burnt
        back = shop.act(taken, "refund", REFUND)
        assert back.status_code == 200
        member.refresh().raise_for_status()
        account = member.account()
        assert account["balance"] == 200
        assert [lot["points"] for lot in account["lots"]] == [100, 100]
        assert lots[0]["burns_on"] < account["lots"][0]["burns_on"] < lots[1]["burns_on"]
        move("P4D")
        member.refresh().raise_for_status()
        assert member.account()["balance"] == 100  # the grace period is over
        assert member.proof()["agrees"]


def test_held_points_do_not_burn_while_the_order_is_open(house: House) -> None:
    club = house.new_club(burn={"type": "after", "count": 5, "unit": "day", "grace_days": 3})
    shop = Shop(club)
    shop.reward()
    member = club.join()
    member.adjust(100).raise_for_status()
    number = shop.placed(member)["number"]
    with house.later("P9D"):
        for step in ("confirmation", "issue"):
            assert shop.act(number, step).status_code == 200
        assert shop.act(number, "refund", REFUND).status_code == 200
        assert member.staff("GET", "/account").json()["available"] == 100


def test_a_refund_repays_debt_first(shop: Shop) -> None:
    member = shop.club.join()
    given = member.adjust(100).json()["seq"]
    number = shop.placed(member)["number"]
    for step in ("confirmation", "issue"):
        shop.act(number, step).raise_for_status()
    member.staff("POST", f"/entries/{given}/reversal", json=WHY).raise_for_status()
    assert member.account()["debt"] == 100
    shop.act(number, "refund", REFUND).raise_for_status()
    account = member.account()
    assert (account["debt"], account["balance"], account["lots"]) == (0, 0, [])


def test_staff_cannot_end_an_orders_hold_by_hand(shop: Shop, member: Member) -> None:
    bought = shop.placed(member)
    for end in ("captured", "released"):
        body = {"end": end, **WHY}
        answer = member.staff("POST", f"/holds/{bought['order']}/resolution", json=body)
        assert code(answer) == "hold_owned"
    assert points(member) == (RICH, RICH - 100, 100)
