"""``programs/bank-cashback.json`` over HTTP: rates by membership, partners, what earns nothing."""

import pytest

from tests.support.checkout import Checkout, checkout, club_of, give_rate, line
from tests.support.club import House
from tests.support.clubs import noonish

DAY = 24 * 3600


def paid_by(means: str, amount: int) -> list[dict[str, object]]:
    """All of it by one means."""
    return [{"means": means, "amount": amount}]


@pytest.mark.req("CB-3")
def test_one_and_a_half_percent_for_three_months_then_half_a_percent(house: House) -> None:
    """Of 10 000: 150 at first, 50 later; by the premium card half as much again, 225 and 75. With a
    partner's 19 % it is 2 000 at first, 20 % and not 20.5 %; later 19.5 %, 1 950.
    """
    club = club_of(house, "bank-cashback")
    shop, jeweller = checkout(club, "grocer"), checkout(club, "jeweller")
    give_rate(club, "jeweller", 19)
    member = club.join()
    amount = 1_000_000

    def earned() -> list[int]:
        premium = paid_by("premium-card", amount)
        return [
            shop.earned(member, line(amount)),
            shop.earned(member, line(amount), payments=premium),
            jeweller.earned(member, line(amount)),
        ]

    assert earned() == [150, 225, 2_000]
    with house.later(80 * DAY) as go:
        assert earned() == [150, 225, 2_000]
        go(13 * DAY)
        assert earned() == [50, 75, 1_950]


@pytest.mark.req("CB-3")
def test_a_point_is_a_rouble_off(house: House) -> None:
    """150 points take 150 off 1 000; what is left, 850, brings 1.5 %: 12.75, so 12."""
    club = club_of(house, "bank-cashback")
    shop, member = checkout(club), club.join()
    shop.sell(member, line(1_000_000))
    sold = shop.sell(member, line(100_000), points=150, payments=paid_by("card", 85_000))
    assert sold["lines"][0]["points_money"] == 15_000
    assert (sold["points"]["earned"], sold["points"]["available"]) == (12, 12)


@pytest.mark.req("CB-4")
def test_four_payments_a_day_in_one_shop_earn_and_the_fifth_does_not(house: House) -> None:
    """1 000 bring 15 each time; another shop counts for itself, and so does the next day."""
    club = club_of(house, "bank-cashback", zone=noonish(house))
    shop, other, member = checkout(club, "grocer"), checkout(club, "baker"), club.join()
    assert [shop.earned(member, line(100_000)) for _ in range(5)] == [15, 15, 15, 15, 0]
    assert other.earned(member, line(100_000)) == 15
    assert club.join().id != member.id
    assert shop.earned(club.join(), line(100_000)) == 15
    with house.later(DAY):
        assert shop.earned(member, line(100_000)) == 15


@pytest.mark.req("CB-4")
def test_withdrawals_utilities_and_transfers_earn_nothing(house: House) -> None:
    """Of 1 000 each only the food earns: 15."""
    club = club_of(house, "bank-cashback")
    categories = ("withdrawal", "utilities", "transfer", "food")
    lines = [line(100_000, sku=name.upper(), category=name) for name in categories]
    sold = checkout(club).sell(club.join(), *lines)
    assert [one["earned"] for one in sold["lines"]] == [0, 0, 0, 15]


@pytest.mark.req("CB-4")
def test_automatic_payments_earn_once_a_day(house: House) -> None:
    club = club_of(house, "bank-cashback", zone=noonish(house))
    shops, member = [checkout(club, "phone-company"), checkout(club, "grocer")], club.join()

    def by_itself(shop: Checkout) -> int:
        return shop.earned(member, line(100_000), channel="auto-payment")

    assert [by_itself(shop) for shop in shops] == [15, 0]
    assert shops[1].earned(member, line(100_000)) == 15  # one by hand earns
    with house.later(DAY):
        assert [by_itself(shop) for shop in shops] == [15, 0]


@pytest.mark.req("CB-5")
def test_the_member_picks_how_much_points_pay_and_the_rest_earns(house: House) -> None:
    """Of 1 000 the member pays 0, 300 or 1 000 with points; 1.5 % of the rest, in cash and by card,
    are 15, 10 (10.5) and 0.
    """
    club = club_of(house, "bank-cashback")
    shop, member = checkout(club), club.join()
    assert member.adjust(2_000).is_success
    assert shop.quote(member, line(100_000))["most_points"] == 1_000

    def earned(points: int, *payments: tuple[str, int]) -> int:
        told = [{"means": means, "amount": amount} for means, amount in payments]
        return shop.earned(member, line(100_000), points=points, payments=told)

    assert earned(0, ("cash", 100_000)) == 15
    assert earned(300, ("cash", 40_000), ("card", 30_000)) == 10
    assert earned(1_000) == 0


@pytest.mark.req("CB-5")
def test_what_is_paid_by_a_gift_card_earns_nothing_where_the_program_says_so(house: House) -> None:
    """Of 1 000 with 2 % at a partner: 300 by points, 300 by a gift card, 400 in cash earn 8."""
    club = club_of(house, "coalition")
    shop, member = checkout(club, "grocer"), club.join()
    give_rate(club, "grocer", 2)
    assert member.adjust(300).is_success
    paid = [*paid_by("gift-card", 30_000), *paid_by("cash", 40_000)]
    assert shop.earned(member, line(100_000), points=300, payments=paid) == 8
    wrong = shop.receipt(member, line(100_000), payments=paid)
    answer = shop.system.call("POST", "/receipts", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "payments_differ")
