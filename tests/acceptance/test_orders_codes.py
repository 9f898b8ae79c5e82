"""Codes that were made for orders: whoever takes them can check and redeem each once."""

import pytest

from tests.support import gifts, stored
from tests.support.club import House, Member, at_once, bearer
from tests.support.shop import CODE, REFUND, RICH, Shop, code, facts, points, redeem

TOUR = {"kind": "ticket", "delivery": ["code"], "codes": "generated", "price": 50}


@pytest.fixture
def codes(shop: Shop, member: Member) -> list[str]:
    """Two codes of one order."""
    shop.reward("tour", stock=None, **TOUR)
    given = shop.placed(member, "tour", price=50, quantity=2, delivery=CODE)
    return [str(one) for one in given["codes"]]


@pytest.mark.req("RG-3")
def test_a_ticket_is_redeemed_once(shop: Shop, member: Member, codes: list[str]) -> None:
    first, second = codes
    seen = gifts.good(redeem(shop.club, first, dry_run=True))
    assert (seen["state"], seen["reward"], seen["piece"], seen["redeemed_at"]) == (
        "open",
        "tour",
        1,
        None,
    )
    done = gifts.good(redeem(shop.club, first.lower().replace("-", " "), key="at the door"))
    assert (done["state"], done["redeemed_by"]) == ("redeemed", "operator:tester")
    again = redeem(shop.club, first.lower().replace("-", " "), key="at the door")
    assert gifts.good(again) == done  # a lost reply
    refused = redeem(shop.club, first)
    assert (refused.status_code, code(refused)) == (409, "gift_code_redeemed")
    assert done["redeemed_at"] in refused.json()["detail"]
    assert gifts.good(redeem(shop.club, first, dry_run=True)) == done
    assert gifts.good(redeem(shop.club, second))["piece"] == 2
    (order,) = member.rows("/orders")
    mine = gifts.good(member.call("GET", f"/orders/{order['order']}"))
    assert facts(mine)[-2:] == ["order.code_redeemed"] * 2
    rows = gifts.good(shop.club.staff("GET", "/audit"))["rows"]
    records = [one for one in rows if one["action"] == "order.code_redeemed"]
    assert sorted(one["after"]["piece"] for one in records) == [1, 2]
    assert first not in str(records)


def test_of_many_who_show_a_code_at_once_one_gets_in(shop: Shop, codes: list[str]) -> None:
    answers = at_once(lambda _: redeem(shop.club, codes[0]), range(4))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]


def test_a_code_is_either_redeemed_or_refunded(
    shop: Shop, member: Member, codes: list[str]
) -> None:
    number = gifts.good(redeem(shop.club, codes[0], dry_run=True))["number"]
    acts = (lambda: redeem(shop.club, codes[0]), lambda: shop.act(number, "refund", REFUND))
    answers = at_once(lambda turn: acts[turn](), range(2))
    assert sorted(one.status_code for one in answers) == [200, 409]
    spent = 100 if answers[0].is_success else 0
    assert code(answers[1 if spent else 0]) == (
        "gift_code_redeemed" if spent else "order_not_possible"
    )
    assert points(member) == (RICH - spent, RICH - spent, 0)
    state = "redeemed" if spent else "refunded"
    assert gifts.good(redeem(shop.club, codes[0], dry_run=True))["state"] == state


def test_a_code_of_nobody_of_another_club_or_for_no_right(
    house: House, shop: Shop, codes: list[str]
) -> None:
    for typed in ("0" * 16, "hello", "CODE-TOUR-0001"):
        answer = redeem(shop.club, typed)
        assert (answer.status_code, code(answer)) == (404, "gift_code_unknown")
    assert code(redeem(house.new_club(), codes[0])) == "gift_code_unknown"
    reader = bearer(house.staff((shop.club.id,), ("orders.read",)))
    path = "/gift-code-redemptions"
    refused = shop.club.staff("POST", path, json={"gift_code": codes[0]}, headers=reader)
    assert (refused.status_code, code(refused)) == (403, "forbidden")


def test_no_key_of_the_table_tells_a_code(codes: list[str]) -> None:
    bare = codes[0].replace("-", "")
    assert not [key for key in stored.everything() if bare in "".join(key).replace("-", "")]
