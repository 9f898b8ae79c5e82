"""Ready documents that lower prices, over HTTP: percentage card, free goods, own history."""

import pytest

from tests.support.checkout import by_phone, checkout, club_of, line, local, until_next_month
from tests.support.club import House
from tests.support.shop import CODE, Shop

DAY = 24 * 3600


@pytest.mark.req("EK-2")
def test_the_card_is_issued_by_1500_and_takes_5_percent_off_when_shown(house: House) -> None:
    """Of 2 000 the card takes 100 off; of goods on sale nothing."""
    club = club_of(house, "percentage-card")
    shop, member = checkout(club), club.join()
    basket = (line(200_000), line(50_000, sku="B-1", on_sale=True))
    assert shop.sell(member, line(149_999))["tier"] == ""
    assert shop.off(member, *basket) == [0, 0]
    # The purchase that issues the card has its full price.
    assert shop.off(member, line(150_000)) == [0]
    assert shop.sell(member, line(150_000))["tier"] == "card-holder"
    assert shop.off(member, *basket) == [10_000, 0]
    shown = member.call("GET", "/app-code").json()
    assert shop.off({"app_code": shown["app_code"]}, *basket) == [10_000, 0]
    assert shop.off(by_phone(member), *basket) == [0, 0]
    assert shop.sell(member, line(190_000))["tier"] == ""  # it has been issued


@pytest.mark.req("EK-2")
def test_the_card_goes_when_all_of_the_purchase_that_brought_it_came_back(house: House) -> None:
    """A part leaves the card; so does what was bought with it, and comes back for its own price."""
    club = club_of(house, "percentage-card")
    shop, member = checkout(club), club.join()
    first = shop.sell(member, line(150_000), line(10_000, sku="B-1"))
    shop.sell(member, line(190_000))
    shop.take_back(first, (0, 1))
    assert shop.off(member, line(200_000)) == [10_000]
    shop.take_back(first, (1, 1))
    assert member.call("GET", "/purchases").json()["tier"] == ""
    assert shop.off(member, line(200_000)) == [0]
    # The next purchase issues it again.
    assert shop.sell(member, line(150_000))["tier"] == "card-holder"
    assert shop.off(member, line(200_000)) == [10_000]


@pytest.mark.req("EK-2")
def test_on_the_birthday_only_another_10_percent_comes_off(house: House) -> None:
    """Of 2 000: 5 % are 100, 10 % of the other 1 900 are 190."""
    club = club_of(house, "percentage-card")
    shop, member = checkout(club), club.join()
    shop.sell(member, line(150_000))
    born = local(club).date().replace(year=1992).isoformat()
    assert member.call("PATCH", "", json={"birthday": born}).status_code == 200
    assert shop.off(member, line(200_000)) == [29_000]
    with house.later(DAY):
        assert shop.off(member, line(200_000)) == [10_000]


@pytest.mark.req("EK-2")
def test_a_purchase_without_a_name_brings_the_card_by_its_code(house: House) -> None:
    club = club_of(house, "percentage-card")
    shop = checkout(club)
    sold = shop.sell(None, line(150_000))
    member = club.join()
    claimed = member.call("POST", "/receipts", json={"receipt_code": sold["receipt_code"]})
    assert claimed.status_code == 201, claimed.text
    assert claimed.json()["tier"] == "card-holder"
    assert shop.off(member, line(200_000)) == [10_000]


@pytest.mark.req("EK-3")
def test_of_three_the_third_is_free_and_the_second_half_without_any_card(house: House) -> None:
    """3 x 99 cost 198. Of a pair of 100 a quarter of 200 comes off, 50; of 100 and 60 it is 30."""
    shop = checkout(club_of(house, "free-goods"))
    three = line(29_700, quantity=3, tags=["third-free"])
    assert shop.quote(None, three)["due"] == 19_800
    assert shop.off(None, line(20_000, quantity=2, tags=["second-half"])) == [5_000]
    pair = (line(10_000, tags=["second-half"]), line(6_000, sku="B-1", tags=["second-half"]))
    assert shop.off(None, *pair) == [0, 3_000]
    # Of two the till is told that one more would be free.
    near = shop.quote(None, line(19_800, quantity=2, tags=["third-free"]))["near"]
    assert [(one["rule"], one["what"], one["missing"]) for one in near] == [
        ("third-free", "free_piece", 1)
    ]


@pytest.mark.req("EK-3")
def test_the_card_adds_points_and_the_eleventh_coffee_is_free(house: House) -> None:
    """5 % of 198 are 9.9 points. Ten coffees cost 150 each, the eleventh nothing, the next 150."""
    club = club_of(house, "free-goods")
    shop, member = checkout(club), club.join()
    assert shop.earned(member, line(19_800, quantity=3, tags=["third-free"])) == 9
    due = []
    for _ in range(12):
        priced = shop.quote(member, line(15_000, category="coffee"))["due"]
        shop.sell(member, line(priced, category="coffee"))
        due.append(priced)
    assert due == [*[15_000] * 10, 0, 15_000]
    assert member.call("GET", "/purchases").json()["stamps"] == {"coffee": 1}


@pytest.mark.req("RG-3")
def test_what_was_bought_five_times_in_90_days_costs_less(house: House) -> None:
    """10 % of 500 are 50; bread, bought once, keeps its price. 199 bring nine full twenties."""
    club = club_of(house, "own-history-discounts")
    with house.later(until_next_month(club)) as go:
        shop, member = checkout(club), club.join()
        cheese, bread = line(50_000, category="cheese"), line(5_000, sku="B-1", category="bread")
        sold = [shop.sell(member, line(10_000, category="cheese")) for _ in range(4)]
        assert shop.off(member, cheese, bread) == [0, 0]
        sold.append(shop.sell(member, line(10_000, category="cheese"), bread))
        assert shop.off(member, cheese, bread) == [5_000, 0]
        assert shop.earned(member, line(19_900)) == 9
        # What came back was not bought.
        shop.take_back(sold[0], (0, 1))
        assert shop.off(member, cheese, bread) == [0, 0]
        shop.sell(member, line(10_000, category="cheese"))
        assert shop.off(member, cheese, bread) == [5_000, 0]
        go(90 * DAY)
        assert shop.off(member, cheese, bread) == [0, 0]


@pytest.mark.req("RG-3")
def test_points_of_purchases_are_exchanged_for_tickets(house: House) -> None:
    """A purchase of 1 000 brings 50 points, which are a ticket to a tasting."""
    club = club_of(house, "own-history-discounts")
    gifts, member = Shop(club), club.join()
    gifts.reward("tasting", price=50, stock=3, kind="ticket", delivery=["code"], codes="pool")
    assert checkout(club).earned(member, line(100_000)) == 50
    given = gifts.placed(member, "tasting", price=50, delivery=CODE)
    assert len(given["codes"]) == 1
    assert member.account()["available"] == 0
