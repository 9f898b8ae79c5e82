"""Quotes: the price of a basket before it is paid, and points that are held for it."""

from typing import Any

import pytest

from tests.support.club import Club, House, at_once
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop

SPENDING = {"spending": {"point_value": 100, "max_share": {"num": 1, "den": 2}}}
THIRD_FREE = rule(
    {"type": "nth_item", "nth": 3, "off": {"num": 1, "den": 1}},
    id="third-free",
    name={"en": "The third is free", "ru": "Третий бесплатно", "uk": "Третій", "ar": "الثالث"},
)
OVER_1000 = rule(
    {"type": "points", "points": 100},
    id="over-1000",
    conditions=[{"type": "amount", "at_least": 100_000}],
    name={"en": "Big basket", "ru": "Большая корзина", "uk": "Великий", "ar": "سلة كبيرة"},
)


def club_with(house: House, *rules: Any, **document: Any) -> Club:
    """A club that earns by these rules."""
    return house.new_club(earning={"rules": list(rules)}, purchases=SPENDING, **document)


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club with five percent, a free third piece and a bonus for big baskets."""
    return shop(club_with(house, FIVE_PERCENT, THIRD_FREE, OVER_1000))


def test_a_quote_tells_price_points_and_what_is_nearly_reached(till: Till) -> None:
    """Three pieces of 99.00: one is free. 198.00 are to be paid, which bring 9 points; 40 points
    can pay for them, as many as the member has of the half, 99; 802.00 are missing to the bonus.
    """
    member = till.club.join()
    member.adjust(40)
    cups = [{"sku": "CUP", "quantity": 3, "price": 29_700}]
    found = till.priced(member=member, lines=cups, language="en")
    assert (found["total"], found["discount"], found["due"]) == (29_700, 9_900, 19_800)
    assert (found["earns"], found["available"], found["most_points"]) == (9, 40, 40)
    assert [(one["rule"], one["amount"]) for one in found["discounts"]] == [("third-free", 9_900)]
    (near,) = found["near"]
    assert (near["rule"], near["what"], near["missing"]) == ("over-1000", "amount", 70_300)
    assert near["text"] == "Big basket: only 703.00 RUB more"
    assert member.account()["balance"] == 40
    assert member.rows("/receipts") == []


def test_one_more_would_be_free(till: Till) -> None:
    found = till.priced(lines=[{"sku": "CUP", "quantity": 2, "price": 19_800}], language="en")
    assert {
        "rule": "third-free",
        "name": "The third is free",
        "what": "free_piece",
        "missing": 1,
        "text": "The third is free: one more, and one of them costs less",
    } in found["near"]


def test_what_the_quote_says_the_receipt_brings(till: Till) -> None:
    """With 50 points of 300.00, less a free piece of 100.00: 150.00 in money bring 7 points."""
    member = till.club.join()
    member.adjust(50)
    lines = [{"sku": "CUP", "quantity": 3, "price": 30_000}]
    found = till.priced(member=member, lines=lines, points=50)
    assert (found["due"], found["points_money"], found["earns"]) == (15_000, 5_000, 7)
    paid = [{**lines[0], "price": 30_000 - found["discount"]}]
    sold = till.sell(member=member, lines=paid, points=50)
    assert sold["points"]["earned"] == found["earns"]
    assert sum(line["money"] for line in sold["lines"]) == found["due"]


def test_points_are_held_for_a_basket_and_spent_by_its_receipt(till: Till) -> None:
    member = till.club.join()
    member.adjust(40)
    held = till.priced(10_000, member=member, hold={"points": 40, "minutes": 10})["hold"]
    assert (held["points"], held["state"]) == (40, "open")
    account = member.account()
    assert (account["balance"], account["available"], account["held"]) == (40, 0, 40)
    other = till.send(till.receipt(10_000, member=member, points=40))
    assert other.json()["code"] == "not_enough_points"
    sold = till.sell(10_000, member=member, points=30, quote=held["quote"])
    assert sold["points"]["spent"] == 30
    account = member.account()
    assert (account["balance"], account["available"], account["held"]) == (13, 13, 0)
    again = till.send(till.receipt(10_000, member=member, points=1, quote=held["quote"]))
    assert (again.status_code, again.json()["code"]) == (409, "quote_over")
    assert member.proof()["agrees"]


def test_held_points_come_back_when_they_are_given_up_or_their_time_is_over(till: Till) -> None:
    member, house = till.club.join(), till.club.house
    member.adjust(40)
    first = till.priced(10_000, member=member, hold={"points": 30})["hold"]["quote"]
    for _ in range(2):
        answer = till.system.call("DELETE", f"/quotes/{first}")
        assert (answer.status_code, answer.json()["state"]) == (200, "released")
    till.priced(10_000, member=member, hold={"points": 30, "minutes": 5})
    assert member.account()["held"] == 30
    with house.later("PT6M"):
        for _ in range(2):
            till.club.house.platform.events.fire("tidy")
        assert (member.account()["held"], member.account()["available"]) == (0, 40)


def test_a_held_quote_is_spent_or_given_back_but_not_both(till: Till) -> None:
    member = till.club.join()
    member.adjust(40)
    quote = till.priced(10_000, member=member, hold={"points": 40})["hold"]["quote"]
    body = till.receipt(10_000, member=member, points=40, quote=quote)
    sell, release = at_once(
        lambda act: act(),
        [lambda: till.send(body), lambda: till.system.call("DELETE", f"/quotes/{quote}")],
    )
    assert (sell.status_code, release.status_code) in ((201, 409), (409, 200))
    assert member.account()["held"] == 0
    assert member.proof()["agrees"]


def test_the_same_request_holds_once(till: Till) -> None:
    member = till.club.join()
    member.adjust(40)
    body = till.receipt(10_000, member=member, hold={"points": 10})
    basket = {k: v for k, v in body.items() if k not in ("number", "at")}
    first, again = (
        till.system.call("POST", "/quotes", json=basket, message="q-1") for _ in range(2)
    )
    assert first.json()["hold"] == again.json()["hold"]
    assert member.account()["held"] == 10
    other = {**basket, "hold": {"points": 11}}
    assert till.system.call("POST", "/quotes", json=other, message="q-1").status_code == 409


def test_nobody_in_particular_gets_the_prices_that_need_no_card(till: Till) -> None:
    found = till.priced(lines=[{"sku": "CUP", "quantity": 3, "price": 29_700}])
    assert (found["due"], found["earns"], found["most_points"]) == (19_800, 0, 0)
    unknown = till.quote(10_000, buyer={"phone": "+79990000000"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "buyer_unknown")


@pytest.mark.req("RG-12")
def test_a_coupon_of_the_most_active_respondents_works_once(house: House) -> None:
    """100.00 off from 500.00 on, given to one member by staff: the till takes it once, and gets it
    back with the goods.
    """
    till = shop(club_with(house, rule(percent(5))))
    member, other = till.club.join(), till.club.join()
    terms = {"amount": 10_000, "at_least": 50_000}
    names = dict.fromkeys(till.club.document["languages"], "For your answers")
    body = {"members": [member.id], "name": names, "terms": terms, "reason": "Most active"}
    assert till.club.staff("POST", "/coupons", json=body).status_code == 202
    house.pump()
    (coupon,) = member.rows("/coupons")
    shown = member.call("GET", f"/coupons/{coupon['coupon']}").json()
    code = shown["code"]
    found = till.priced(60_000, member=member, coupons=[code])
    assert (found["coupons"], found["due"], found["earns"]) == (10_000, 50_000, 25)
    for who, price in ((other, 60_000), (member, 40_000)):
        refused = till.send(till.receipt(price, member=who, coupons=[code]))
        assert (refused.status_code, refused.json()["code"]) == (409, "coupon_refused")
    bodies = [till.receipt(60_000, member=member, coupons=[code]) for _ in range(6)]
    answers = at_once(till.send, bodies)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    sold = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (sold["lines"][0]["coupon"], sold["lines"][0]["money"], sold["earned"]) == (
        10_000,
        50_000,
        25,
    )
    till.returned(sold["receipt"], (0, 1))
    assert till.sell(60_000, member=member, coupons=[code])["lines"][0]["coupon"] == 10_000
