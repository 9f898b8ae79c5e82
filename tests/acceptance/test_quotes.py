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
    """Nine pieces of 99.00: three are free. 594.00 are to be paid, which bring 29 points; 40 points
    can pay for them, as many as the member has of the half, 297; 406.00 are missing to the bonus.
    """
    member = till.club.join()
    member.adjust(40)
    cups = [{"sku": "CUP", "quantity": 9, "price": 89_100}]
    found = till.priced(member=member, lines=cups, language="en")
    assert (found["total"], found["discount"], found["due"]) == (89_100, 29_700, 59_400)
    assert (found["earns"], found["available"], found["most_points"]) == (29, 40, 40)
    assert [(one["rule"], one["amount"]) for one in found["discounts"]] == [("third-free", 29_700)]
    (near,) = found["near"]
    assert (near["rule"], near["what"], near["missing"]) == ("over-1000", "amount", 40_600)
    assert near["text"] == "Big basket: only 406.00 RUB more"
    for less, awards in ((0, ["base", "over-1000"]), (1, ["base"])):
        more = {"sku": "POT", "price": near["missing"] - less}
        sold = till.priced(member=member, lines=[*cups, more])
        assert [one["rule"] for one in sold["awards"]] == awards
    assert member.account()["balance"] == 40
    assert member.rows("/receipts") == []


def test_nothing_is_offered_that_would_not_come(house: House) -> None:
    """An offer that is over, one for others, one that its group lost, one whose budget leaves less,
    one that is far away, and for nobody in particular none that needs a member.
    """
    free = {"type": "nth_item", "nth": 3, "off": {"num": 1, "den": 1}}
    bonus, over_300 = {"type": "points", "points": 9}, [{"type": "amount", "at_least": 30_000}]
    best = {"group": "off", "mode": "best"}
    half = {"type": "discount", "off": {"num": 1, "den": 2}, "per": "line"}
    club = club_with(
        house,
        rule(free, id="over", valid={"until": "2026-01-31"}),
        rule(free, id="of-others", conditions=[{"type": "kind", "any_of": ["seller"]}]),
        rule(half, id="half", stacking=best, goods={"sku": ["CUP"]}),
        rule(free, id="loses", stacking=best, goods={"sku": ["CUP"]}),
        rule(bonus, id="spent", conditions=over_300, caps={"program": 5}),
        rule(bonus, id="far", conditions=[{"type": "amount", "at_least": 999_999_000}]),
        rule({"type": "stamps", "card": "coffee", "full": 2}, id="card", goods={"sku": ["CUP"]}),
    )
    till = shop(club)
    cups = [{"sku": "CUP", "quantity": 2, "price": 40_000}]
    assert [one["rule"] for one in till.priced(member=club.join(), lines=cups)["near"]] == ["card"]
    assert till.priced(lines=cups)["near"] == []


def test_offers_of_money_positions_and_stamps_say_so(house: House) -> None:
    """Rings for 50.00 more bring a discount, a second position a gift, the third coffee is free."""
    rings = {"goods": {"category": ["ring"]}, "count": "amount", "at_least": 1_000_000}
    tenth = {"type": "discount", "off": {"num": 1, "den": 10}}
    gift = {"type": "gift", "sku": "BOX"}
    two, cups = [{"type": "positions", "at_least": 2}], {"category": ["coffee"]}
    club = club_with(
        house,
        rule(tenth, id="rings", conditions=[{"type": "goods", **rings}]),
        rule(gift, id="box", conditions=two),
        rule({"type": "stamps", "card": "cups", "full": 2}, id="cups", goods=cups),
    )
    till, member = shop(club), club.join()

    def near(*lines: dict[str, Any], language: str = "en") -> list[Any]:
        found = till.priced(member=member, lines=lines, language=language)["near"]
        return [(one["what"], one["missing"], one["of_goods"], one["text"]) for one in found]

    name = "Points for purchases"
    ring = {"sku": "R-1", "category": "ring", "price": 995_000}
    assert near(ring) == [
        ("amount", 5_000, True, f"{name}: these goods for only 50.00 RUB more"),
        ("lines", 1, False, f"{name}: positions still to add: 1"),
    ]
    coffee = {"sku": "C-1", "category": "coffee", "price": 15_000}
    assert ("stamps", 1, True, f"{name}: 1 more, and one of them is free") not in near(coffee)
    till.sell(member=member, lines=[coffee])
    offer = ("stamps", 1, True, f"{name}: 1 more, and one of them is free")
    assert offer in near(coffee)
    russian = near(ring, language="ru")[0][3]
    assert russian == "Баллы за покупки: не хватает таких товаров всего на 50.00 RUB"


def test_one_more_would_be_free(till: Till) -> None:
    found = till.priced(lines=[{"sku": "CUP", "quantity": 2, "price": 19_800}], language="en")
    assert {
        "rule": "third-free",
        "name": "The third is free",
        "what": "free_piece",
        "missing": 1,
        "of_goods": False,
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
