"""Ready documents for many partners and for good causes, over HTTP: coalition, charity."""

import pytest

from tests.support.checkout import available, checkout, club_of, give_rate, line
from tests.support.club import Club, House
from tests.support.donations import give


@pytest.mark.req("EK-5")
def test_each_partner_has_its_rate_and_points_pay_at_any_of_them(house: House) -> None:
    """200 at 1 % are 2 points, at 14 % 28. The 30 pay for 30 of 50 at a third partner, whose 2 % of
    the other 20 are 0.4; then nothing is left.
    """
    club = club_of(house, "coalition")
    shops = {}
    for partner, percent in (("grocer", 1), ("florist", 14), ("cinema", 2)):
        shops[partner] = checkout(club, partner)
        give_rate(club, partner, percent)
    member = club.join()  # free, without a purchase
    assert available(member) == 0
    assert shops["grocer"].earned(member, line(20_000)) == 2
    assert shops["florist"].earned(member, line(20_000)) == 28
    quoted = shops["cinema"].quote(member, line(5_000))
    assert (quoted["available"], quoted["most_points"]) == (30, 30)
    paid = shops["cinema"].sell(member, line(5_000), points=30)["points"]
    assert (paid["spent"], paid["earned"], paid["available"]) == (30, 0, 0)


@pytest.mark.req("EK-5")
def test_fifty_partners_each_by_its_own_rate(house: House) -> None:
    """1 % to 14 % in turn of 1 000: 10 to 140 points. Fifty partners are three full turns of 1 050
    points and eight more, 10 + 20 + ... + 80, so 3 510; they pay for all of 3 510 at the last one.
    """
    club = club_of(house, "coalition")
    member = club.join()
    shops = []
    for place in range(50):
        shops.append(checkout(club, f"partner-{place}"))
        give_rate(club, f"partner-{place}", place % 14 + 1)
    earned = [shop.earned(member, line(100_000)) for shop in shops]
    assert earned == [(place % 14 + 1) * 10 for place in range(50)]
    assert sum(earned) == available(member) == 3_510
    sold = shops[-1].sell(member, line(351_000), points=3_510)
    assert (sold["lines"][0]["money"], available(member)) == (0, 0)
    assert member.proof()["agrees"]


@pytest.mark.req("EK-5")
def test_points_pay_for_a_whole_purchase_at_another_partner(house: House) -> None:
    """1 000 at 14 % bring 140 points; they buy something for 140 in full, which brings nothing."""
    club = club_of(house, "coalition")
    florist, cinema = checkout(club, "florist"), checkout(club, "cinema")
    give_rate(club, "florist", 14)
    give_rate(club, "cinema", 14)
    member = club.join()
    assert florist.earned(member, line(100_000)) == 140
    sold = cinema.sell(member, line(14_000), points=140)
    assert sold["lines"][0]["money"] == 0
    assert sold["points"]["earned"] == sold["points"]["available"] == 0
    # A return gives the points back to where they came from.
    back = cinema.take_back(sold, (0, 1))
    assert (back["money"], back["points_back"]) == (0, 140)
    assert available(member) == 140
    assert member.proof()["agrees"]


@pytest.mark.req("EK-5")
def test_what_was_bought_brings_offers(house: House) -> None:
    """A mouse for 190 at 2 % brings 3 (3.8) and no gift. A laptop for 60 000 brings 1 200 and
    1 000, and a bag; from then on accessories for 1 000 bring 20 and 5 % more, 70.
    """
    club = club_of(house, "coalition")
    shop, member = checkout(club, "electronics"), club.join()
    give_rate(club, "electronics", 2)
    accessories = line(100_000, sku="SLEEVE", category="accessories")
    mouse = shop.sell(member, line(19_000, sku="MOUSE", category="mouse"))
    assert (mouse["points"]["earned"], mouse["gifts"]) == (3, [])
    assert shop.earned(member, accessories) == 20
    laptop = shop.sell(member, line(6_000_000, sku="LAPTOP", category="laptop"))
    assert laptop["points"]["earned"] == 2_200
    assert [(one["sku"], one["quantity"]) for one in laptop["gifts"]] == [("LAPTOP-BAG", 1)]
    assert shop.earned(member, accessories) == 70


@pytest.mark.req("EK-7")
def test_containers_that_come_back_bring_a_product(house: House) -> None:
    """Thirteen containers: 130 points and two lipsticks, for each full six. Five: 50 points. Of the
    180 points 100 are given to the hospice.
    """
    club = club_of(house, "charity")
    shop, member = checkout(club), club.join()
    told = shop.tell(member, "custom:containers-returned", count=13)
    assert told["points"]["earned"] == 130
    assert [(one["sku"], one["quantity"]) for one in told["gifts"]] == [("LIPSTICK-1", 2)]
    few = shop.tell(member, "custom:containers-returned", count=5)
    assert (few["points"]["earned"], few["gifts"]) == (50, [])
    assert available(member) == 180
    assert give(member, 100, "hospice").is_success
    assert available(member) == 80


@pytest.mark.req("EK-7")
def test_a_share_of_a_purchase_goes_to_a_charity(house: House) -> None:
    """1 % of 123.45 is 1.2345: the hospice gets 1.24. 1 % of 4 pieces for 400.00 are 4.00; one of
    them comes back, and takes 1.00 with it.
    """
    club = club_of(house, "charity")
    shop, member = checkout(club), club.join()
    sold = shop.sell(member, line(12_345))
    assert [(one["to"], one["amount"]) for one in sold["donations"]] == [("hospice", 124)]
    four = shop.receipt(member, line(40_000, quantity=4))
    for _ in range(2):  # the till sends it again
        receipt = shop.system.call("POST", "/receipts", json=four).json()
    assert money_given(club) == {"hospice": 524}
    shop.take_back(receipt, (0, 1))
    assert money_given(club) == {"hospice": 424}
    shop.take_back(receipt, (0, 1))
    shop.take_back(receipt, (0, 2))
    assert money_given(club) == {"hospice": 124}


def test_a_batch_of_receipts_gives_to_the_charity_once(house: House) -> None:
    club = club_of(house, "charity")
    shop, member = checkout(club), club.join()
    bodies = [shop.receipt(member, line(10_000)) for _ in range(5)]
    for _ in range(2):
        sent = shop.system.call("POST", "/receipt-batches", json={"receipts": bodies})
        assert sent.json()["refused"] == 0
    assert money_given(club) == {"hospice": 500}


def money_given(club: Club) -> dict[str, int]:
    """What the report says of each charity, in minor units."""
    year = club.house.now.year
    span = {"from": f"{year - 1}-12", "to": f"{year + 1}-01"}
    found = club.staff("GET", "/donations", params=span).json()
    rows = {one["to"]: one["money"] for one in found["charities"]}
    assert found["money"] == sum(rows.values())
    return rows
