"""Placing orders over HTTP: what a member can order, and what is refused."""

import uuid

import pytest

from chalicelib.rewards import service_orders
from tests.support import gifts
from tests.support.club import House, Member, at_once
from tests.support.gifts import WHY
from tests.support.shop import (
    CODE,
    POST,
    RICH,
    Shop,
    code,
    new_id,
    order,
    points,
)


@pytest.mark.req("AQ-6")
@pytest.mark.parametrize("kind", ["buyer", "seller"])
def test_buyers_and_sellers_exchange_points_for_jewellery(house: House, kind: str) -> None:
    club = house.new_club(kinds={kind: {"joins": "active"}})
    shop = Shop(club)
    shop.reward()
    member = club.join(kind=kind)
    member.adjust(RICH).raise_for_status()
    bought = shop.placed(member, quantity=2)
    assert (bought["state"], bought["points"], bought["quantity"]) == ("placed", 200, 2)
    assert bought["can_cancel"]
    assert points(member) == (RICH, RICH - 200, 200)
    assert shop.left("ring-box") == 3
    (entry, *_) = member.entries()
    assert (entry["kind"], entry["points"], entry["held"]) == ("gift.ordered", 0, 200)
    assert bought["number"] in entry["parts"][0]["reason"]
    for step in ("confirmation", "issue"):
        assert shop.act(bought["number"], step).status_code == 200
    assert points(member) == (RICH - 200, RICH - 200, 0)
    assert member.entries()[0]["kind"] == "gift.handed_over"
    assert member.proof()["agrees"]


def test_the_same_order_again_is_the_same_order(shop: Shop, member: Member) -> None:
    name = new_id()
    answers = [order(member, order_id=name) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    assert shop.left("ring-box") == 4
    assert len(member.rows("/orders")) == 1
    assert code(order(member, order_id=name, quantity=2)) == "order_differs"
    assert code(order(member, order_id=name, delivery=POST)) == "order_differs"
    number = answers[0].json()["number"]
    shop.act(number, "confirmation").raise_for_status()
    again = order(member, order_id=name)
    assert (again.status_code, again.json()["state"]) == (200, "confirmed")


def test_an_id_of_another_hold_is_not_taken_over(shop: Shop, member: Member) -> None:
    hold = member.staff("POST", "/holds", json={"points": 5, **WHY}).json()["ref"]
    assert code(order(member, order_id=hold)) == "order_differs"
    assert member.call("GET", f"/orders/{hold}").status_code == 404


def test_only_a_proper_id_names_an_order(member: Member) -> None:
    for name in ("short", "UPPERCASE-UPPERCASE", "x" * 41, "-" * 36, f"{'x' * 20}-"):
        assert code(order(member, order_id=name)) == "order_unknown"


def test_a_uuid_with_its_dashes_names_an_order(shop: Shop, member: Member) -> None:
    name = str(uuid.uuid4())
    made = gifts.good(order(member, order_id=name))
    assert made["order"] == name
    assert gifts.good(order(member, order_id=name))["number"] == made["number"]
    assert code(order(member, order_id=name, quantity=2)) == "order_differs"
    assert gifts.good(member.call("POST", f"/orders/{name}/cancellation"))["state"] == "cancelled"
    seen = gifts.good(member.call("GET", f"/orders/{name}"))
    assert [line["fact"] for line in seen["history"]] == ["order.placed", "order.cancelled"]
    owned = member.staff("POST", f"/holds/{name}/resolution", json={"end": "released", **WHY})
    assert code(owned) == "hold_owned"


def test_another_price_than_the_one_seen_is_refused(shop: Shop, member: Member) -> None:
    shop.change("ring-box", price=120)
    refused = order(member)
    assert code(refused) == "price_changed"
    assert "120" in refused.json()["detail"]
    assert shop.placed(member, price=120)["points"] == 120


def test_what_cannot_be_had_is_refused_and_changes_nothing(shop: Shop, member: Member) -> None:
    shop.reward("late", available_until="2020-01-01T00:00:00Z")
    shop.reward("sellers-only", audience=["seller"])
    shop.reward("collected", delivery=["pickup"])
    before = member.account()
    assert code(order(member, "nothing")) == "reward_unknown"
    assert code(order(member, "late")) == "reward_unavailable"
    assert code(order(member, "sellers-only")) == "reward_unknown"
    assert code(order(member, "collected", delivery=POST)) == "delivery_not_offered"
    assert code(order(member, delivery=CODE)) == "delivery_not_offered"
    nowhere = {"way": "pickup", "point": "nowhere"}
    assert code(order(member, delivery=nowhere)) == "point_unknown"
    assert code(order(member, quantity=6)) == "reward_sold_out"
    shop.club.staff("POST", "/rewards/ring-box/archive", json=WHY).raise_for_status()
    assert code(order(member)) == "reward_unavailable"
    assert member.account() == before
    assert member.rows("/orders") == []
    assert shop.left("ring-box") == 5


def test_a_reward_that_names_its_points_is_handed_out_there_only(
    shop: Shop, member: Member
) -> None:
    other = {**shop.club.staff("GET", "/points/arbat-point").json()}
    body = {name: other[name] for name in ("name", "address", "hours")}
    shop.club.staff("PUT", "/points/other-point", json=body).raise_for_status()
    shop.reward("choosy", points_of_pickup=["other-point"])
    assert code(order(member, "choosy")) == "delivery_not_offered"
    assert shop.placed(member, "choosy", delivery={"way": "pickup", "point": "other-point"})


def test_more_points_than_there_are_is_refused_also_with_debt(shop: Shop) -> None:
    poor = shop.club.join()
    poor.adjust(99).raise_for_status()
    assert code(order(poor)) == "not_enough_points"
    poor.adjust(1).raise_for_status()
    shop.placed(poor)
    given = poor.entries()[-1]["seq"]
    poor.staff("POST", f"/entries/{given}/reversal", json=WHY).raise_for_status()
    assert poor.account()["debt"] == 99
    assert code(order(poor)) == "not_enough_points"
    assert shop.left("ring-box") == 4


def test_one_member_takes_no_more_than_the_reward_allows(shop: Shop, member: Member) -> None:
    shop.reward("rare", stock=None, per_member=3)
    shop.placed(member, "rare", quantity=2)
    refused = order(member, "rare", quantity=2)
    assert code(refused) == "per_member_reached"
    assert "1" in refused.json()["detail"]
    last = shop.placed(member, "rare")
    assert code(order(member, "rare")) == "per_member_reached"
    cancelled = member.call("POST", f"/orders/{last['order']}/cancellation")
    assert cancelled.status_code == 200
    assert shop.placed(member, "rare")
    other = shop.club.join()
    other.adjust(RICH).raise_for_status()
    assert shop.placed(other, "rare", quantity=3)


def test_pieces_taken_before_there_was_a_limit_count(shop: Shop, member: Member) -> None:
    shop.placed(member, quantity=2)
    shop.change("ring-box", per_member=2)
    assert code(order(member)) == "per_member_reached"


def test_only_active_members_who_accepted_the_rules_order(house: House, shop: Shop) -> None:
    member = shop.club.join()
    member.adjust(RICH).raise_for_status()
    member.staff("POST", "/status", json={"status": "suspended", **WHY}).raise_for_status()
    assert code(order(member)) == "member_not_active"


def test_nobody_sees_or_cancels_anothers_order(shop: Shop, member: Member) -> None:
    mine = shop.placed(member)
    other = shop.club.join()
    path = f"/orders/{mine['order']}"
    assert code(other.call("GET", path)) == "order_unknown"
    assert code(other.call("POST", path + "/cancellation")) == "order_unknown"
    assert other.rows("/orders") == []


def test_another_club_does_not_know_the_number(house: House, shop: Shop, member: Member) -> None:
    mine = shop.placed(member)
    strangers = house.new_club()
    assert strangers.staff("GET", f"/orders/{mine['number']}").status_code == 404


def test_nobody_keeps_ordering_and_giving_up_all_day(
    calm: None, shop: Shop, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_orders.BY_MEMBER, "most", 3)
    first = new_id()
    order(member, order_id=first).raise_for_status()
    for _ in range(2):
        bought = shop.placed(member)["order"]
        member.call("POST", f"/orders/{bought}/cancellation").raise_for_status()
    assert code(order(member, price=1)) == "price_changed"  # what is refused anyway is told so
    refused = order(member)
    assert (refused.status_code, code(refused)) == (429, "too_many_orders")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert order(member, order_id=first).status_code == 200  # a lost reply is no new order
    other = shop.club.join()
    other.adjust(100).raise_for_status()
    assert order(other).status_code == 200
    with shop.club.house.later("PT1H"):
        member.refresh().raise_for_status()
        assert order(member).status_code == 200


def test_orders_that_are_refused_do_not_count(
    calm: None, shop: Shop, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_orders.BY_MEMBER, "most", 1)
    for _ in range(3):
        assert code(order(member, quantity=6)) == "reward_sold_out"
    assert order(member).status_code == 200


def test_orders_at_once_are_no_more_than_one_after_the_other(
    calm: None, shop: Shop, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_orders.BY_MEMBER, "most", 2)
    answers = at_once(lambda _: order(member), range(6))
    assert len([one for one in answers if one.is_success]) <= 2
    assert points(member)[2] <= 200
