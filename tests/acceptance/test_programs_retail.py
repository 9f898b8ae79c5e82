"""``programs/retail-chain.json`` over HTTP: its mechanics, alone and together, and its terms.

A purchase brings half a point for a rouble; ten points are a rouble. Everything happens at noon of
10 February, when no holiday and no morning adds points.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.checkout import (
    Checkout,
    Json,
    available,
    checkout,
    club_of,
    line,
    local,
    tell_by_staff,
    until,
    until_next_month,
)
from tests.support.club import Club, House

DAY = 24 * 3600
Go = Callable[[str | int], int]


@pytest.fixture
def club(house: House) -> Club:
    """The chain."""
    return club_of(house, "retail-chain")


@pytest.fixture
def go(house: House, club: Club) -> Iterator[Go]:
    """It is noon of 10 February, some time after the club began; moves the clock on."""
    with house.later(14 * DAY) as further:
        further(until(club, 2, 10))
        yield further


@pytest.fixture
def shop(club: Club, go: Go) -> Checkout:
    """A till of the chain."""
    return checkout(club, "neighbour")


def given(shop: Checkout, buyer: Any, *lines: Json, **more: Any) -> dict[str, int]:
    """Points of a receipt by rule."""
    return {one["rule"]: one["points"] for one in shop.sell(buyer, *lines, **more)["awards"]}


def positions(count: int, price: int, **more: Any) -> list[Json]:
    """So many different articles at a price."""
    return [line(price, sku=f"P-{place}", **more) for place in range(count)]


def last(club: Club, weekday: int, hour: int) -> str:
    """An hour of the last such day of the week (0: Monday) before today, in the club's zone."""
    now = local(club)
    back = (now.weekday() - weekday - 1) % 7 + 1
    then = (now - timedelta(days=back)).replace(hour=hour, minute=30)
    return then.isoformat()


@pytest.mark.req("AB-3")
def test_by_amount_and_by_number_of_positions(club: Club, shop: Checkout) -> None:
    """1 999.99 bring 1 000 (999.995), 2 000 a point for each rouble; ten positions of 10 bring 50
    and 50 more, once a day.
    """
    member = club.join()
    assert given(shop, member, line(199_999)) == {"base": 1_000}
    assert given(shop, member, line(200_000)) == {"large": 2_000}
    assert given(shop, member, *positions(9, 1_000)) == {"base": 45}
    other = club.join()
    assert given(shop, other, *positions(10, 1_000)) == {"base": 50, "many-positions": 50}
    assert given(shop, other, *positions(10, 1_000)) == {"base": 50}


@pytest.mark.req("AB-3")
def test_by_goods(club: Club, shop: Checkout) -> None:
    """300, of it 100 of our brand and 100 of tobacco: 100 points for the 200, 50 more for ours."""
    sold = shop.sell(
        club.join(),
        line(10_000, brand="neighbour"),
        line(10_000, sku="B-1"),
        line(10_000, sku="C-1", category="tobacco"),
    )
    assert [one["earned"] for one in sold["lines"]] == [100, 50, 0]


@pytest.mark.req("AB-3")
def test_by_hours_and_weekdays(club: Club, shop: Checkout) -> None:
    """Mornings of working days bring 20 more, once a day, by the time of the purchase."""
    monday = last(club, 0, 9)
    found = [
        given(shop, club.join(), line(20_000), at=at)
        for at in (monday, last(club, 0, 11), last(club, 6, 9))
    ]
    assert found == [{"base": 100, "morning": 20}, {"base": 100}, {"base": 100}]
    member = club.join()
    twice = [given(shop, member, line(20_000), at=monday).get("morning") for _ in range(2)]
    assert twice == [20, None]


@pytest.mark.req("AB-3")
@pytest.mark.req("CB-7")
def test_by_history_the_fifth_purchase_in_30_days(club: Club, shop: Checkout, go: Go) -> None:
    """The fifth brings 100 more, and no more for 30 days; after a long pause none does."""
    member = club.join()
    often = [given(shop, member, line(20_000)).get("often") for _ in range(6)]
    assert often == [None] * 4 + [100, None]
    go(31 * DAY)
    assert given(shop, member, line(20_000)) == {"base": 100}


@pytest.mark.req("AB-3")
@pytest.mark.req("AB-9")
def test_by_the_sum_of_a_month(club: Club, shop: Checkout, go: Go) -> None:
    """When 10 000 were spent in the month, 200 bring 100 and half as many again; not the month
    after, and not when so much came back that it is less.
    """
    member = club.join()
    assert given(shop, member, line(1_000_000)) == {"large": 10_000}
    small = shop.sell(member, line(20_000))
    assert {one["rule"]: one["points"] for one in small["awards"]} == {"base": 100, "month-sum": 50}
    other = club.join()
    big = shop.sell(other, line(500_000), line(500_000, sku="B-1"))
    shop.take_back(big, (1, 1))
    assert given(shop, other, line(20_000)) == {"base": 100}
    go(until_next_month(club))
    assert given(shop, member, line(20_000)) == {"base": 100}


@pytest.mark.req("AB-9")
def test_by_regularity(club: Club, shop: Checkout, go: Go) -> None:
    """Purchases in three months in a row: in the fourth 200 more, once; after a month without any,
    none.
    """
    member = club.join()
    found = []
    for _ in range(4):
        found.append(given(shop, member, line(20_000)))
        go(until_next_month(club))
    assert found == [{"base": 100}] * 3 + [{"base": 100, "regular": 200}]
    again = [given(shop, member, line(20_000)).get("regular") for _ in range(2)]
    assert again == [200, None]
    go(until_next_month(club))
    go(until_next_month(club))
    assert given(shop, member, line(20_000)) == {"base": 100}


@pytest.mark.req("AB-3")
def test_at_an_outlet_while_the_rule_is_valid(
    house: House, club: Club, shop: Checkout, go: Go
) -> None:
    """100 for the first purchase in the new shop, from its opening day to its last."""
    opening = local(club).date() + timedelta(days=2)
    for rule in club.document["earning"]["rules"]:
        if rule["id"] == "new-shop":
            rule["valid"] = {"since": str(opening), "until": str(opening + timedelta(days=1))}
    club.publish()
    riverside = checkout(club, "neighbour", "riverside")
    early, first, late = club.join(), club.join(), club.join()
    go(DAY)
    assert given(riverside, early, line(20_000)) == {"base": 100}
    go(DAY)
    assert given(shop, first, line(20_000)) == {"base": 100}
    assert given(riverside, first, line(20_000)) == {"base": 100, "new-shop": 100}
    assert given(riverside, first, line(20_000)) == {"base": 100}
    go(2 * DAY)
    assert given(riverside, late, line(20_000)) == {"base": 100}


@pytest.mark.req("AB-3")
def test_all_mechanics_together(club: Club, shop: Checkout, go: Go) -> None:
    """Four purchases of 2 500, then on Monday at nine 2 400 in twelve positions, half of our brand:
    2 400 points (the better of two rates), 600 for our brand, 50 for the positions, 20 for the
    morning, 100 for the fifth purchase, 1 200 for the month's sum; 4 370 in all.
    """
    member = club.join()
    for _ in range(4):
        assert given(shop, member, line(250_000)) == {"large": 2_500}
    now = local(club)
    monday = (now + timedelta(days=(-now.weekday() - 1) % 7 + 1)).replace(hour=9, minute=0)
    go(int((monday - now).total_seconds()))
    lines = [*positions(6, 20_000, brand="neighbour"), *positions(12, 20_000)[6:]]
    sold = shop.sell(member, *lines)
    assert {one["rule"]: one["points"] for one in sold["awards"]} == {
        "large": 2_400,
        "own-brand": 600,
        "many-positions": 50,
        "morning": 20,
        "often": 100,
        "month-sum": 1_200,
    }
    assert sum(one["earned"] for one in sold["lines"]) == sold["points"]["earned"] == 4_370


@pytest.mark.req("CB-7")
def test_holidays_and_gender(club: Club, shop: Checkout, go: Go) -> None:
    """On 8 March women get 100 more; in the days of New Year 100 points become 200."""
    woman, man = club.join(), club.join()
    for member, gender in ((woman, "female"), (man, "male")):
        assert member.call("PATCH", "", json={"gender": gender}).status_code == 200
    go(until(club, 3, 8))
    assert given(shop, woman, line(20_000)) == {"base": 100, "womens-day": 100}
    assert given(shop, man, line(20_000)) == {"base": 100}
    go(until(club, 12, 28))
    assert given(shop, man, line(20_000)) == {"base": 100, "new-year": 100}


@pytest.mark.req("CB-7")
def test_half_a_point_for_a_rouble_is_rounded_as_stated(club: Club, shop: Checkout) -> None:
    """199 bring 99.5, so 100; 198.99 bring 99.495, so 99."""
    member = club.join()
    assert [shop.earned(member, line(paid)) for paid in (19_900, 19_899)] == [100, 99]


@pytest.mark.req("CB-7")
def test_a_mile_flown_is_four_tenths_of_a_mile(house: House) -> None:
    """1 234 miles are 493.6 and 6 are 2.4: fractions are dropped for each flight."""
    club = club_of(house, "levels")
    airline, member = checkout(club, "airline"), club.join()
    flown = [airline.tell(member, "custom:flight", count=miles) for miles in (1_234, 6, 2)]
    assert [one["points"]["earned"] for one in flown] == [493, 2, 0]
    assert available(member) == 495


@pytest.mark.req("AB-5")
def test_how_much_of_a_receipt_and_of_which_goods_points_pay(club: Club, shop: Checkout) -> None:
    """Of 1 000 points may pay 30 %, so 3 000; not for tobacco, wine and goods on sale, which leaves
    250 of another receipt of 1 000, so 2 500.
    """
    member = club.join()
    assert member.adjust(9_000).is_success
    assert shop.quote(member, line(100_000))["most_points"] == 3_000
    mixed = [
        line(25_000),
        line(25_000, sku="B-1", category="tobacco"),
        line(25_000, sku="C-1", category="alcohol"),
        line(25_000, sku="D-1", on_sale=True),
    ]
    quoted = shop.quote(member, *mixed)
    assert quoted["most_points"] == 2_500
    assert [one["open_to_points"] for one in quoted["lines"]] == [25_000, 0, 0, 0]
    for points, code in ((2_501, "too_many_points"), (99, "too_few_points")):
        refused = shop.receipt(member, *mixed, points=points)
        answer = shop.system.call("POST", "/receipts", json=refused)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    sold = shop.sell(member, *mixed, points=2_500)
    assert [one["points"] for one in sold["lines"]] == [2_500, 0, 0, 0]
    assert available(member) == 9_000 - 2_500 + sold["points"]["earned"]


@pytest.mark.req("AB-5")
def test_points_burn_six_months_after_they_were_earned(club: Club, shop: Checkout, go: Go) -> None:
    """Earned on 10 February: good through 31 August."""
    member = club.join()
    assert shop.earned(member, line(20_000)) == 100
    (lot,) = member.account()["lots"]
    assert lot["burns_on"].endswith("-08-31")
    go(until(club, 8, 31, 23))
    assert available(member) == 100
    go(2 * 3600)
    assert available(member) == 0


@pytest.mark.req("AB-7")
def test_points_of_a_purchase_pay_for_the_next_one_at_once(club: Club, shop: Checkout) -> None:
    """1 990 bring 995 points, which at once take 99.50 off 400: of the 300.50 left half, 150.25, is
    rounded to 150.
    """
    member = club.join()
    first = shop.sell(member, line(199_000))["points"]
    assert (first["earned"], first["pending"], first["available"]) == (995, 0, 995)
    second = shop.sell(member, line(40_000), points=995)
    assert second["lines"][0]["money"] == 30_050
    assert (second["points"]["earned"], second["points"]["available"]) == (150, 150)


@pytest.mark.req("AB-4")
def test_points_beyond_purchases(club: Club, shop: Checkout) -> None:
    """A level brings 300, once 100 000 were spent in a year; a review of a shop 50, of which a
    month has 100.
    """
    member = club.join()
    shop.sell(member, line(10_000_000))
    assert member.entries()[0]["points"] == 300
    assert member.call("GET", "/tier").json()["name"] == "Silver"
    told = [
        tell_by_staff(member, trigger, number=str(place), subject=subject)
        for place, (trigger, subject) in enumerate(
            [
                ("review", "outlet"),
                ("review", "outlet"),
                ("review", "outlet"),
                ("review", "product"),
            ]
        )
    ]
    assert [one["points"]["earned"] for one in told] == [50, 50, 0, 10]
