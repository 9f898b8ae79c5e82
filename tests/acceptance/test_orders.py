"""Orders over HTTP: placing, every step to the member's hands, and every way back."""

import csv
import io
from typing import Any

import httpx
import pytest

from chalicelib.kernel import facts as facts_of_the_table
from tests.acceptance.test_notifications import sweep
from tests.support.club import Club, House, Member
from tests.support.gifts import WHY
from tests.support.shop import CODE, PARCEL, PICKUP, POST, Shop, new_id, order

RICH = 1000
REFUND = {**WHY, "restock": True}


@pytest.fixture
def shop(club: Club) -> Shop:
    """Five ring boxes at 100 points each, by post or at a point."""
    opened = Shop(club)
    opened.reward()
    return opened


@pytest.fixture
def member(shop: Shop) -> Member:
    """Somebody with points enough."""
    joined = shop.club.join()
    assert joined.adjust(RICH).is_success
    return joined


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def points(member: Member) -> tuple[int, int, int]:
    """Balance, available and held points."""
    account = member.account()
    return account["balance"], account["available"], account["held"]


def facts(found: dict[str, Any]) -> list[str]:
    """What an order's history tells."""
    return [line["fact"] for line in found["history"]]


# -- placing -------------------------------------------------------------------


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
    for name in ("short", "UPPERCASE-UPPERCASE", "x" * 41):
        assert code(order(member, order_id=name)) == "order_unknown"


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


# -- the way to the member -----------------------------------------------------


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
"""What is possible after an act, whatever the way; the act itself again changes nothing."""
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
        possible = set(NEXT[last])
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
            assert shop.act(number, step, ACTS[step]).text == done.text
            assert (member.account(), shop.left("ring-box")) == after
    assert member.proof()["agrees"]


def test_every_step_leaves_an_audit_record_and_tells_who_acted(shop: Shop, member: Member) -> None:
    number = shop.placed(member)["number"]
    for step, body in (("confirmation", None), ("issue", None), ("refund", REFUND)):
        shop.act(number, step, body).raise_for_status()
    found = shop.look(number)
    assert facts(found) == ["order.confirmed", "order.issued", "order.refunded"]
    assert {line["actor"] for line in found["history"]} == {"staff:tester"}
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


# -- something else instead ----------------------------------------------------


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
    assert code(shop.act(bought["number"], "substitution", body)) == "order_not_possible"


def test_a_dearer_gift_instead_costs_no_more(shop: Shop, member: Member) -> None:
    shop.reward("crown", price=900, stock=1, audience=["seller"], per_member=1)
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


# -- codes ---------------------------------------------------------------------


@pytest.mark.req("RG-4")
def test_points_are_spent_on_goods_on_services_and_on_digital_ones(
    shop: Shop, member: Member
) -> None:
    shop.reward("engraving", price=40, stock=None, kind="service", delivery=["pickup"])
    shop.reward("cinema", price=70, stock=2, kind="digital_code", delivery=["code"], codes="pool")
    shop.placed(member)
    shop.placed(member, "engraving", price=40)
    given = shop.placed(member, "cinema", price=70, delivery=CODE)
    assert (given["state"], len(given["codes"])) == ("issued", 1)
    assert given["codes"][0].startswith("CODE-CINEMA-")
    assert points(member) == (RICH - 70, RICH - 210, 140)
    assert member.entries()[0]["kind"] == "gift.spent"
    assert member.call("GET", f"/orders/{given['order']}").json()["codes"] == given["codes"]
    seen = shop.look(given["number"])
    assert seen["codes_given"] == 1
    assert given["codes"][0] not in str(seen)
    assert shop.left("cinema") == 1


def test_codes_of_a_pool_are_given_once_and_then_sold_out(shop: Shop, member: Member) -> None:
    shop.reward("cinema", stock=3, kind="digital_code", delivery=["code"], codes="pool")
    name = new_id()
    first = order(member, "cinema", order_id=name, quantity=2, delivery=CODE)
    assert order(member, "cinema", order_id=name, quantity=2, delivery=CODE).text == first.text
    last = shop.placed(member, "cinema", delivery=CODE)
    assert len({*first.json()["codes"], *last["codes"]}) == 3
    assert code(order(member, "cinema", delivery=CODE)) == "reward_sold_out"


def test_a_refunded_code_gives_the_points_back_and_is_not_given_again(
    shop: Shop, member: Member
) -> None:
    shop.reward("cinema", stock=1, kind="digital_code", delivery=["code"], codes="pool")
    given = shop.placed(member, "cinema", delivery=CODE)
    assert points(member) == (RICH - 100, RICH - 100, 0)
    back = shop.act(given["number"], "refund", REFUND).json()
    assert back["history"][-1]["restocked"] is False
    assert points(member) == (RICH, RICH, 0)
    assert shop.left("cinema") == 0


def test_generated_codes_are_all_different_and_only_so_many_at_once(
    shop: Shop, member: Member
) -> None:
    shop.reward("coupon", price=1, stock=None, kind="coupon", delivery=["code"], codes="generated")
    given = shop.placed(member, "coupon", price=1, quantity=20, delivery=CODE)
    assert len(set(given["codes"])) == 20
    refused = order(member, "coupon", price=1, quantity=21, delivery=CODE)
    assert code(refused) == "invalid_fields"
    assert refused.json()["errors"][0]["pointer"] == "/quantity"


# -- lists and files -----------------------------------------------------------


def test_a_member_sees_their_orders_newest_first(shop: Shop, member: Member) -> None:
    bought = [shop.placed(member) for _ in range(4)]
    shop.act(bought[1]["number"], "confirmation").raise_for_status()
    assert [one["order"] for one in member.rows("/orders")] == [
        one["order"] for one in reversed(bought)
    ]
    confirmed = member.call("GET", "/orders", params={"state": "confirmed"}).json()["rows"]
    assert [one["order"] for one in confirmed] == [bought[1]["order"]]
    page = member.call("GET", "/orders", params={"limit": 3}).json()
    assert len(page["rows"]) == 3
    assert page["next"]


@pytest.mark.req("AL-11")
def test_staff_see_what_waits_oldest_first_and_what_is_done_newest_first(
    shop: Shop, member: Member
) -> None:
    shop.reward("silk-pouch", price=10)
    numbers = [shop.placed(member)["number"] for _ in range(3)]
    numbers.append(shop.placed(member, "silk-pouch", price=10, delivery=POST)["number"])
    assert [row["number"] for row in shop.rows()] == numbers
    assert [row["number"] for row in shop.rows(limit=1)] == numbers
    assert [row["number"] for row in shop.rows(way="post")] == numbers[3:]
    assert [row["number"] for row in shop.rows(reward="ring-box")] == numbers[:3]
    assert [row["number"] for row in shop.rows(point="arbat-point")] == numbers[:3]
    assert shop.rows(point="nowhere") == []
    for number in numbers[:2]:
        shop.act(number, "cancellation", WHY).raise_for_status()
    assert [row["number"] for row in shop.rows(state="cancelled")] == [numbers[1], numbers[0]]
    assert [row["number"] for row in shop.rows(state="placed")] == numbers[2:]


def test_the_pick_list_is_of_confirmed_orders_as_rows_or_as_a_file(
    shop: Shop, member: Member
) -> None:
    shop.reward("sum", price=1, sku="SKU-1", name=dict.fromkeys(("en", "ru", "uk", "ar"), "=1"))
    numbers = [shop.placed(member, "sum", price=1)["number"] for _ in range(3)]
    shop.placed(member)
    for number in numbers:
        shop.act(number, "confirmation").raise_for_status()
    listed = shop.club.staff("GET", "/orders/pick-list", params={"point": "arbat-point"}).json()
    assert [row["number"] for row in listed["rows"]] == numbers
    assert member.id not in str(listed)
    found: list[str] = []
    cursor = ""
    while True:
        query = {"format": "csv", "limit": 2, "cursor": cursor}
        answer = shop.club.staff("GET", "/orders/pick-list", params=query)
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert all((row["sku"], row["name"]) == ("SKU-1", "'=1") for row in rows)
        found += [row["number"] for row in rows]
        cursor = answer.headers.get("X-Next-Cursor", "")
        if not cursor:
            break
    assert found == numbers


def test_the_history_of_orders_is_a_file_by_days_and_state(shop: Shop, member: Member) -> None:
    numbers = [shop.placed(member)["number"] for _ in range(3)]
    shop.act(numbers[0], "cancellation", WHY).raise_for_status()

    def rows(**query: str) -> list[str]:
        asked = {"from": "2020-01-01", "to": "2099-12-31", **query}
        answer = shop.club.staff("GET", "/orders/export", params=asked)
        assert answer.status_code == 200, answer.text
        return [row["number"] for row in csv.DictReader(io.StringIO(answer.text))]

    assert rows() == [numbers[1], numbers[2], numbers[0]]
    assert rows(state="cancelled") == [numbers[0]]
    assert rows(to="2020-12-31") == []
    assert rows(**{"from": "2099-01-01"}) == []


def test_rights_are_needed_for_each_kind_of_act(house: House, shop: Shop, member: Member) -> None:
    number = shop.placed(member)["number"]
    reader = house.staff((shop.club.id,), ("orders.read",))
    handler = house.staff((shop.club.id,), ("orders.handle",))
    as_reader = {"Authorization": f"Bearer {reader}"}
    as_handler = {"Authorization": f"Bearer {handler}"}
    assert shop.act(number, "confirmation", headers=as_reader).status_code == 403
    assert shop.act(number, "confirmation", headers=as_handler).status_code == 200
    assert shop.act(number, "issue", headers=as_handler).status_code == 200
    assert shop.act(number, "refund", REFUND, headers=as_handler).status_code == 403


# -- what members are told -----------------------------------------------------


def test_members_are_told_how_their_orders_get_on(house: House, shop: Shop, member: Member) -> None:
    bought = shop.placed(member, delivery=POST)
    steps = (("confirmation", None), ("shipment", PARCEL), ("delivery", None), ("refund", REFUND))
    for step, body in steps:
        shop.act(bought["number"], step, body).raise_for_status()
    other = shop.placed(member)
    member.call("POST", f"/orders/{other['order']}/cancellation").raise_for_status()
    house.pump()
    told = [one for one in member.rows("/notifications") if one["order"]]
    assert [one["code"] for one in told] == [
        "order.cancelled",
        "order.refunded",
        "order.shipped",
        "order.confirmed",
    ]
    assert all(one["entry"] is None for one in told)
    assert bought["number"] in told[1]["text"]
    codes = [one["code"] for one in member.rows("/notifications")]
    assert codes.count("points.credited") == 1  # the refund is told once, by its order
    seen = member.call("PUT", "/notifications/seen", json={"up_to": told[0]["id"]})
    assert seen.status_code == 200


def test_what_was_not_told_of_an_order_is_told_by_the_daily_round(
    house: House, shop: Shop, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = shop.placed(member)["number"]
    house.pump()
    with monkeypatch.context() as lost:
        lost.setattr(facts_of_the_table, "send", lambda *_: None)
        shop.act(number, "confirmation").raise_for_status()
        house.pump()
    assert not [one for one in member.rows("/notifications") if one["order"]]
    with house.later("PT1H"):
        for _ in range(2):
            sweep(house)
        member.refresh().raise_for_status()
        told = [one["code"] for one in member.rows("/notifications") if one["order"]]
    assert told == ["order.confirmed"]
