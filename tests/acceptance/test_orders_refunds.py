"""Refunds of many points are two people's act; tracking numbers are corrected on the way."""

from typing import Any

import httpx
import pytest

from tests.acceptance.test_staff import audited
from tests.support import gifts
from tests.support.club import House, Member, at_once, bearer
from tests.support.gifts import WHY
from tests.support.shop import (
    CODE,
    PARCEL,
    POST,
    REFUND,
    RICH,
    Shop,
    code,
    facts,
    points,
)

RIGHT = {**PARCEL, "tracking_number": "RA123456798RU"}
ASKED = "order.refund_asked"
CORRECTED = "order.tracking_corrected"


@pytest.fixture
def strict(house: House) -> Shop:
    """A club in which more than 150 points are not one person's."""
    shop = Shop(house.new_club(approvals={"adjustment_above": 150}))
    shop.reward()
    return shop


@pytest.fixture
def buyer(strict: Shop) -> Member:
    """A member of that club with points."""
    member = strict.club.join()
    for _ in range(RICH // 100):
        member.adjust(100).raise_for_status()
    return member


def handed_out(shop: Shop, member: Member, **more: Any) -> str:
    """The number of an order that was handed over at its point."""
    number = str(shop.placed(member, **more)["number"])
    for step in ("confirmation", "issue"):
        shop.act(number, step).raise_for_status()
    return number


def by(shop: Shop, name: str) -> dict[str, str]:
    """The header fields of somebody who may refund."""
    return bearer(shop.club.house.staff((shop.club.id,), ("orders.refund",), name=name))


def ask(shop: Shop, number: str, name: str) -> httpx.Response:
    """Ask for a refund."""
    return shop.act(number, "refund-request", WHY, headers=by(shop, name))


def refund(shop: Shop, number: str, name: str) -> httpx.Response:
    """Give the points back."""
    return shop.act(number, "refund", REFUND, headers=by(shop, name))


@pytest.mark.req("AL-11")
def test_a_large_refund_is_asked_for_by_one_and_given_by_another(
    strict: Shop, buyer: Member
) -> None:
    number = handed_out(strict, buyer, quantity=2)
    alone = refund(strict, number, "ann")
    assert (alone.status_code, code(alone)) == (409, "approval_needed")
    answers = [ask(strict, number, "ann") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    line = answers[0].json()["history"][-1]
    assert (line["fact"], line["actor"], line["reason"]) == (ASKED, "operator:ann", WHY["reason"])
    assert line["text"]
    own = refund(strict, number, "ann")
    assert (own.status_code, code(own)) == (403, "own_request")
    assert points(buyer) == (RICH - 200, RICH - 200, 0)
    for _ in range(2):
        assert refund(strict, number, "ben").json()["state"] == "refunded"
    assert points(buyer) == (RICH, RICH, 0)
    subject = f"member:{buyer.id} order:{number}"
    acts = [one for one in audited(strict.club) if one["subject"] == subject]
    told = {(one["action"], one["actor"], one["outcome"]) for one in acts}
    assert {
        (ASKED, "operator:ann", "done"),
        ("orders.refund", "operator:ann", "refused"),
        ("order.refunded", "operator:ben", "done"),
    } <= told
    assert buyer.proof()["agrees"]


def test_a_small_refund_is_one_persons_also_when_it_was_asked_for(
    strict: Shop, buyer: Member
) -> None:
    number = handed_out(strict, buyer)
    assert ask(strict, number, "ann").status_code == 200
    assert refund(strict, number, "ann").json()["state"] == "refunded"
    assert refund(strict, handed_out(strict, buyer), "ann").json()["state"] == "refunded"


def test_codes_which_nobody_handed_out_are_refunded_by_two(strict: Shop, buyer: Member) -> None:
    film: Any = {"kind": "digital_code", "delivery": ["code"], "codes": "pool"}
    strict.reward("film", price=200, stock=3, **film)
    number = strict.placed(buyer, "film", price=200, delivery=CODE)["number"]
    assert code(refund(strict, number, "ann")) == "approval_needed"
    ask(strict, number, "ben").raise_for_status()
    assert refund(strict, number, "ann").json()["state"] == "refunded"


def test_nothing_is_asked_for_what_was_not_handed_over(strict: Shop, buyer: Member) -> None:
    number = strict.placed(buyer, quantity=2)["number"]
    assert code(ask(strict, number, "ann")) == "order_not_possible"
    strict.act(number, "cancellation", WHY).raise_for_status()
    assert code(ask(strict, number, "ann")) == "order_not_possible"
    assert code(ask(strict, "0000000000", "ann")) == "order_unknown"


def test_the_member_does_not_see_that_a_refund_is_asked_for(strict: Shop, buyer: Member) -> None:
    number = handed_out(strict, buyer, quantity=2)
    ask(strict, number, "ann").raise_for_status()
    own = buyer.rows("/orders")[0]["order"]
    seen = buyer.call("GET", f"/orders/{own}").json()
    assert facts(seen) == ["order.placed", "order.confirmed", "order.issued"]
    assert ASKED in facts(strict.look(number))


def test_two_who_ask_and_give_at_once_give_once(strict: Shop, buyer: Member) -> None:
    number = handed_out(strict, buyer, quantity=2)
    ask(strict, number, "ann").raise_for_status()
    at_once(lambda name: refund(strict, number, name), ["ann", "ben", "cleo", "dan"])
    assert points(buyer) == (RICH, RICH, 0)
    assert facts(strict.look(number)).count("order.refunded") == 1
    assert buyer.proof()["agrees"]


# -- tracking numbers ------------------------------------------------------------


def on_its_way(shop: Shop, member: Member) -> dict[str, Any]:
    """An order that was posted."""
    bought = shop.placed(member, delivery=POST)
    shop.act(bought["number"], "confirmation").raise_for_status()
    shop.act(bought["number"], "shipment", PARCEL).raise_for_status()
    return bought


def correct(shop: Shop, number: str, parcel: dict[str, str], **more: Any) -> httpx.Response:
    """Correct how an order travels."""
    return shop.club.staff("PUT", f"/orders/{number}/shipment", json=parcel, **more)


@pytest.mark.req("GC-3")
def test_a_wrong_tracking_number_is_corrected_on_the_way(shop: Shop, member: Member) -> None:
    bought = on_its_way(shop, member)
    number, spent = bought["number"], points(member)
    answers = [correct(shop, number, RIGHT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["parcel"] == RIGHT
    seen = member.call("GET", f"/orders/{bought['order']}").json()
    assert (seen["parcel"], seen["state"]) == (RIGHT, "shipped")
    assert facts(seen)[-1] == CORRECTED
    assert seen["history"][-1]["text"]
    assert points(member) == spent
    (record,) = gifts.good(shop.club.staff("GET", "/audit", params={"action": CORRECTED}))["rows"]
    assert record["subject"] == f"member:{member.id} order:{number}"
    assert record["before"] == {"carrier": "Russian Post", "tracking_ends": "6789RU"}
    assert record["after"] == {"carrier": "Russian Post", "tracking_ends": "6798RU"}
    assert shop.act(number, "delivery").json()["state"] == "delivered"
    assert correct(shop, number, RIGHT).json()["state"] == "delivered"  # a late retry
    assert code(correct(shop, number, PARCEL)) == "order_not_possible"


def test_only_what_is_on_its_way_has_a_tracking_number_to_correct(
    shop: Shop, member: Member
) -> None:
    waiting = shop.placed(member, delivery=POST)["number"]
    collected = handed_out(shop, member)
    for number in (waiting, collected):
        assert code(correct(shop, number, RIGHT)) == "order_not_possible"


def test_who_only_reads_orders_corrects_none(shop: Shop, member: Member) -> None:
    number = on_its_way(shop, member)["number"]
    fields = bearer(shop.club.house.staff((shop.club.id,), ("orders.read",), name="reader"))
    assert code(correct(shop, number, RIGHT, headers=fields)) == "forbidden"
    assert shop.look(number)["parcel"] == PARCEL
