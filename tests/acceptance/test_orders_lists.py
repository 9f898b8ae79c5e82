"""Codes, lists, files, rights, and what members are told of their orders."""

import csv
import io
from typing import Any

import pytest

from chalicelib.kernel import facts as facts_of_the_table
from tests.acceptance.test_notifications import sweep
from tests.support import gifts
from tests.support.club import House, Member
from tests.support.gifts import WHY
from tests.support.shop import (
    CODE,
    PARCEL,
    POST,
    REFUND,
    RICH,
    Shop,
    code,
    new_id,
    order,
    points,
)
from tests.support.staff import Employee

pytestmark = pytest.mark.whole_table

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
    shop.reward("tour", price=1, stock=None, kind="ticket", delivery=["code"], codes="generated")
    given = shop.placed(member, "tour", price=1, quantity=20, delivery=CODE)
    assert len(set(given["codes"])) == 20
    refused = order(member, "tour", price=1, quantity=21, delivery=CODE)
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
def test_staff_see_all_orders_of_a_member_newest_first(shop: Shop, member: Member) -> None:
    made = [shop.placed(member)["number"] for _ in range(4)]
    made += [shop.placed(member, delivery=POST)["number"]]
    shop.act(made[0], "cancellation", WHY).raise_for_status()
    made += [shop.placed(member)["number"]]
    support, path = shop.club.employ("support"), f"/members/{member.id}/orders"

    def page(**query: Any) -> Any:
        return gifts.good(support.call("GET", path, params=query))

    first = page(limit=4)
    rest = page(limit=4, cursor=first["next"])
    rows = [*first["rows"], *rest["rows"]]
    assert ([row["number"] for row in rows], rest["next"]) == (made[::-1], "")
    assert rows[1] == next(row for row in shop.rows() if row["number"] == made[4])
    assert [row["number"] for row in page(state="cancelled")["rows"]] == made[:1]
    assert page(state="shipped")["rows"] == []
    assert (
        gifts.good(shop.club.staff("GET", f"/members/{shop.club.join().id}/orders"))["rows"] == []
    )
    unknown = support.call("GET", f"/members/{'0' * 20}/orders")
    assert (unknown.status_code, code(unknown)) == (404, "member_unknown")
    clerk = shop.club.house.new_club().employ("owner")
    assert clerk.call("GET", path).status_code == 404  # another club's member


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


ADDRESS = ("recipient", "line_1", "line_2", "line_3", "city", "postcode", "country", "phone")


@pytest.mark.req("AL-11")
def test_labels_are_made_of_a_file_with_the_addresses(shop: Shop, member: Member) -> None:
    """Only of what is posted, only for who may handle orders, and on record."""
    posted = [shop.placed(member, delivery=POST)["number"] for _ in range(2)]
    other = shop.club.join()
    gifts.good(other.adjust(RICH))
    gone = shop.placed(other, delivery={**POST, "name": "=Gone", "lines": ["Styx 1"]})["number"]
    shop.placed(member)
    for number in (*posted, gone):
        gifts.good(shop.act(number, "confirmation"))
    warehouse, analyst = shop.club.employ("warehouse"), shop.club.employ("analyst")
    days = {"from": "2020-01-01", "to": "2099-12-31", "state": "confirmed"}

    def rows(who: Employee, **query: str) -> list[dict[str, str]]:
        answer = who.call("GET", "/orders/export", params={**days, **query})
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))

    labels = rows(warehouse, way="post")
    assert [one["number"] for one in labels] == [*posted, gone]
    assert tuple(labels[0][name] for name in ADDRESS) == (
        "Wilhelmina Addressee",
        "Lethe Quay 7",
        "flat 12",
        "",
        "Oubliette-on-Sea",
        "101000",
        "RU",
        "'+7 916 555-01-02",
    )
    assert (labels[2]["recipient"], labels[2]["line_1"]) == ("'=Gone", "Styx 1")
    assert not set(ADDRESS) & set(rows(analyst, way="post")[0])
    assert not set(ADDRESS) & set(rows(warehouse)[0])
    records = gifts.good(shop.club.staff("GET", "/audit"))["rows"]
    (record,) = [one for one in records if one["action"] == "orders.addresses_exported"]
    assert record["actor"] == f"staff:{warehouse.staff}"
    assert record["after"] == {**days, "addresses": 3}
    assert "Lethe" not in str(record)


def test_the_address_of_an_erased_member_is_empty_in_the_file(shop: Shop, member: Member) -> None:
    number = shop.placed(member, delivery=POST)["number"]
    for act, body in (("confirmation", None), ("shipment", PARCEL)):
        gifts.good(shop.act(number, act, body))
    card = member.session["member"]["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    days = {"from": "2020-01-01", "to": "2099-12-31", "way": "post"}
    answer = shop.club.staff("GET", "/orders/export", params=days)
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["number"], {row[name] for name in ADDRESS}) == (number, {""})


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


@pytest.mark.parametrize(
    ("first", "last", "pointer"),
    [
        ("2026-11-01", "9999-12-31", "/to"),
        ("0001-01-01", "2026-11-01", "/from"),
        ("2026-11-02", "2026-11-01", "/to"),
    ],
)
def test_a_file_is_of_days_that_can_be(shop: Shop, first: str, last: str, pointer: str) -> None:
    answer = shop.club.staff("GET", "/orders/export", params={"from": first, "to": last})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
