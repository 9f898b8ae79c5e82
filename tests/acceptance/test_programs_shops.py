"""Ready documents of single shops, over HTTP: own rate, orders, house card, credits."""

from datetime import timedelta

import pytest

from chalicelib.programs.burning import After, burn_date
from tests.support.checkout import available, checkout, club_of, line, local
from tests.support.club import House

DAY = 24 * 3600


@pytest.mark.req("CB-1")
def test_with_a_rate_of_its_own_75_roubles_cost_750_points(house: House) -> None:
    club = club_of(house, "article-cashback")
    shop, member = checkout(club), club.join()
    assert member.adjust(750).is_success
    quoted = shop.quote(member, line(7_500), points=750)
    assert (quoted["most_points"], quoted["points_money"], quoted["due"]) == (750, 7_500, 0)
    sold = shop.sell(member, line(7_500), points=750)["points"]
    assert (sold["spent"], sold["earned"], sold["available"]) == (750, 0, 0)


@pytest.mark.req("CB-1")
def test_a_share_comes_back_by_article_or_for_all(house: House) -> None:
    """A rouble is 10 points: 20 % of 75 are 150 points, 10 % of 500 are 500, 3 % of 200 are 60."""
    club = club_of(house, "article-cashback")
    sold = checkout(club).sell(
        club.join(),
        line(7_500, sku="TEA-100", category="tea"),
        line(50_000, sku="BOOK-1", category="book"),
        line(20_000, sku="TOY-1", category="toy"),
    )
    assert [one["earned"] for one in sold["lines"]] == [150, 500, 60]
    by_rule = {one["rule"]: one["points"] for one in sold["awards"]}
    assert by_rule == {"article-of-the-month": 150, "books": 500, "everything": 60}


@pytest.mark.req("RG-1")
def test_3_percent_of_an_order_pay_for_all_of_a_later_one_within_90_days(house: House) -> None:
    """3 % of 1 234.50 are 37.035. The 37 pay for 37 of 37; or they burn: at the end of the week in
    which 90 days are over.
    """
    club = club_of(house, "order-cashback")
    shop, member, late = checkout(club, outlet="web"), club.join(), club.join()
    assert [shop.earned(one, line(123_450), channel="web") for one in (member, late)] == [37, 37]
    assert shop.quote(member, line(3_700))["most_points"] == 37
    paid = shop.sell(member, line(3_700), points=37)
    assert (paid["lines"][0]["money"], paid["points"]["available"]) == (0, 0)
    today = local(club).date()
    burns = burn_date(After(count=90, unit="day"), today)
    assert burns
    assert today + timedelta(days=90) <= burns < today + timedelta(days=97)
    with house.later((burns - today).days * DAY) as go:
        assert available(late) == 37
        go(DAY)
        assert available(late) == 0


@pytest.mark.req("RG-2")
def test_the_house_card_doubles_points(house: House) -> None:
    """123.45 bring 123 points, by the house card 246; with cash beside it 123."""
    club = club_of(house, "house-card")
    shop, member = checkout(club), club.join()

    def earned(**paid: int) -> int:
        payments = [
            {"means": means.replace("_", "-"), "amount": amount} for means, amount in paid.items()
        ]
        return shop.earned(member, line(12_345), payments=payments)

    assert earned(cash=12_345) == 123
    assert earned(house_card=12_345) == 246
    assert earned(house_card=10_000, cash=2_345) == 123


@pytest.mark.req("RG-4")
def test_points_pay_for_goods_services_and_digital_ones_alike(house: House) -> None:
    """Half of a receipt of 10 000 + 2 000 + 500 and a gift card of 1 000 is 6 750. Points pay what
    they can of the first three; those are 5 % of the service and 3 % of the goods that money paid,
    and can be used after 14 days.
    """
    club = club_of(house, "goods-and-services")
    shop, member = checkout(club), club.join()
    assert member.adjust(6_250).is_success
    basket = (
        line(1_000_000, sku="TV-1", category="television"),
        line(200_000, sku="MOUNT-1", category="installation"),
        line(50_000, sku="EBOOK-1", category="digital"),
        line(100_000, sku="GIFT-1", category="gift-card"),
    )
    quoted = shop.quote(member, *basket)
    assert quoted["most_points"] == 6_250
    assert [one["open_to_points"] for one in quoted["lines"]] == [1_000_000, 200_000, 50_000, 0]
    # 6 250 of 12 500: half of each line is left, 5 000 and 250 at 3 %, 1 000 at 5 %.
    sold = shop.sell(member, *basket, points=6_250)
    assert [one["points"] for one in sold["lines"]] == [5_000, 1_000, 250, 0]
    assert {one["rule"]: one["points"] for one in sold["awards"]} == {"services": 50, "goods": 157}
    assert (sold["points"]["pending"], sold["points"]["available"]) == (207, 0)
    due = {one["available_from"] for one in sold["awards"]}
    assert due == {str(local(club).date() + timedelta(days=14))}


@pytest.mark.req("RG-5")
def test_each_full_75_points_become_a_credit_of_10_for_both_brands(house: House) -> None:
    """149 bring 149 points: one credit of 10, 74 left. With it 50 at the other brand cost 40, which
    bring 40: 114 points are another credit, and 39 are left.
    """
    club = club_of(house, "two-brand-credit")
    acorn, oak, member = checkout(club, "acorn"), checkout(club, "little-oak", "web"), club.join()
    first = acorn.sell(member, line(14_900))
    assert [(one["count"], one["points"], one["amount"]) for one in first["vouchers"]] == [
        (1, 75, 1_000)
    ]
    assert first["points"]["earned"] == 149
    assert available(member) == 74
    code = first["vouchers"][0]["code"]
    second = oak.sell(member, line(5_000), coupons=[code], channel="web")
    assert (second["lines"][0]["coupon"], second["lines"][0]["money"]) == (1_000, 4_000)
    assert [one["count"] for one in second["vouchers"]] == [1]
    assert available(member) == 39
    used = acorn.receipt(member, line(5_000), coupons=[code])
    assert acorn.system.call("POST", "/receipts", json=used).status_code == 409


@pytest.mark.req("RG-5")
def test_below_75_points_there_is_no_credit(house: House) -> None:
    """74.99 bring 74; another 1.00 makes 75: a credit, and nothing is left. 225 make three."""
    club = club_of(house, "two-brand-credit")
    shop, member = checkout(club, "acorn"), club.join()
    assert shop.sell(member, line(7_499))["vouchers"] == []
    assert available(member) == 74
    assert [one["count"] for one in shop.sell(member, line(100))["vouchers"]] == [1]
    assert available(member) == 0
    three = shop.sell(member, line(22_500))["vouchers"]
    assert [(one["count"], one["amount"]) for one in three] == [(3, 3_000)]
