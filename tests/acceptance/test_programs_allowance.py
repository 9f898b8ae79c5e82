"""``programs/sliding-allowance.json`` over HTTP: a month's purchases are points for the next."""

import pytest

from tests.support.checkout import (
    available,
    checkout,
    club_of,
    line,
    until_next_month,
)
from tests.support.club import House


@pytest.mark.req("EK-1")
def test_a_months_purchases_become_an_allowance_for_the_next(house: House) -> None:
    """Under 1 000 the whole sum brings 3 %, from 1 000 10 %, from 1 500 15 %.

    999.99 x 3 % is 29.99; 1 499.99 x 10 % is 149.99; 5 000 x 15 % is 750: all rounded down.
    """
    club = club_of(house, "sliding-allowance")
    with house.later(until_next_month(club)) as go:
        shop = checkout(club)
        bought = {
            (99_999,): 29,
            (100_000,): 100,
            (149_999,): 149,
            (150_000,): 225,
            (200_000, 200_000, 100_000): 750,
        }
        members = [(club.join(), sums, points) for sums, points in bought.items()]
        for member, sums, _ in members:
            assert [shop.earned(member, line(one)) for one in sums] == [0] * len(sums)
        go(until_next_month(club))
        house.run_due(days=2)
        for member, _, points in members:
            assert available(member) == points


@pytest.mark.req("EK-1")
def test_the_allowance_is_given_once_and_burns_with_its_month(house: House) -> None:
    """5 000 in a month give 750; 400 of them pay, with 100.00 in cash, for 500.00; 350 burn. The
    month after, the 100.00 paid with money bring 3.
    """
    club = club_of(house, "sliding-allowance")
    with house.later(until_next_month(club)) as go:
        shop, member = checkout(club), club.join()
        gone = shop.sell(member, line(300_000))
        shop.sell(member, line(500_000))
        shop.take_back(gone, (0, 1))
        go(until_next_month(club))
        body = {
            "trigger": "monthly_check",
            "number": "check",
            "at": house.now.isoformat(),
            "reason": "The month is over",
        }
        answer = member.staff("POST", "/events", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "trigger_not_told")
        for _ in range(2):
            house.run_due(days=2)
        assert available(member) == 750
        paid = [{"means": "cash", "amount": 10_000}]
        spent = shop.sell(member, line(50_000), points=400, payments=paid)["points"]
        assert (spent["spent"], spent["available"]) == (400, 350)
        go(until_next_month(club))
        assert available(member) == 0
        house.run_due(days=2)
        assert available(member) == 3
        assert member.proof()["agrees"]
