"""Golden scenarios of ready documents: the eight kinds of program. Figures worked out by hand.

Money is in minor units. An event without ``at`` happens on Monday, 2 March 2026, at noon in Moscow.
"""

from datetime import date
from typing import Any

import pytest

from chalicelib.earning.model import Donation, Gift, TierChange
from chalicelib.programs.burning import burn_date
from tests.support.documents import Json, document, judged, off, points, rate


@pytest.mark.parametrize(
    ("bought", "given"),
    [
        (0, 0),
        (99_999, 29),  # 999.99 at 3 % is 29.9997
        (100_000, 100),  # 1 000 at 10 %
        (149_999, 149),  # 1 499.99 at 10 % is 149.999
        (150_000, 225),  # 1 500 at 15 %
        (500_000, 750),  # 5 000 at 15 %
    ],
)
def test_sliding_allowance(bought: int, given: int) -> None:
    history = {"counters": {"last-month": bought}}
    assert points("sliding-allowance", trigger="monthly_check", history=history) == given
    # What is given on 1 March can be used in March.
    assert burn_date(document("sliding-allowance").burn, date(2026, 3, 1)) == date(2026, 3, 31)


def test_percentage_card_is_issued_once_from_1500() -> None:
    def issued(paid: int, **member: str) -> bool:
        others = judged("percentage-card", {"paid": paid}, member=member).others
        return [one.tier for one in others if isinstance(one, TierChange)] == ["card-holder"]

    assert [issued(paid) for paid in (149_999, 150_000)] == [False, True]
    assert not issued(150_000, tier="card-holder")


def test_percentage_card_takes_5_percent_off_and_10_more_on_the_birthday() -> None:
    """Of 2 000: 100; on the birthday 10 % of the other 1 900 too, 290 in all."""

    def taken(**more: Any) -> list[int]:
        given = {"identified": "card", "member": {"tier": "card-holder"}, **more}
        return off("percentage-card", {"paid": 200_000}, {"paid": 50_000, "on_sale": True}, **given)

    holder = {"tier": "card-holder", "birthday": "1990-03-02"}
    assert taken() == [10_000, 0]
    assert taken(member={}) == [0, 0]  # the first purchase has no card yet
    assert taken(identified="phone") == [0, 0]
    assert taken(member=holder) == [29_000, 0]
    assert taken(member=holder, at="2026-03-03T12:00:00+03:00") == [10_000, 0]


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ([{"paid": 29_700, "quantity": 3, "tags": ["third-free"]}], [9_900]),  # 3 x 99 is 198
        ([{"paid": 20_000, "quantity": 2, "tags": ["second-half"]}], [5_000]),  # 25 % of a pair
        (
            [{"paid": 10_000, "tags": ["second-half"]}, {"paid": 6_000, "tags": ["second-half"]}],
            [0, 3_000],
        ),
        ([{"paid": 29_700, "quantity": 3}], [0]),
    ],
)
def test_free_goods(lines: list[Json], taken: list[int]) -> None:
    assert off("free-goods", *lines) == taken


def test_free_goods_the_card_adds_points_and_the_eleventh_coffee_is_free() -> None:
    third = {"paid": 29_700, "quantity": 3, "tags": ["third-free"]}
    assert points("free-goods", third, quote=True) == 9  # 5 % of 198 is 9.9
    coffee = {"paid": 15_000, "category": "coffee"}
    history = [{"stamps": {"coffee": had}} for had in (9, 10)]
    assert [off("free-goods", coffee, history=one) for one in history] == [[0], [15_000]]


@pytest.mark.parametrize(
    ("tier", "flown", "hotel", "ticket"),
    [
        # 0.4 x 1 234 is 493.6; 12 340 by 50 is 246.8; 100 000 by 100 is 1 000
        ("red", 493, 246, 1_000),
        # and half as much again: 246.5, 123, 500
        ("silver", 739, 369, 1_500),
        ("gold", 739, 369, 1_500),
    ],
)
def test_levels_bring_miles(tier: str, flown: int, hotel: int, ticket: int) -> None:
    member = {"tier": tier}
    assert points("levels", trigger="custom:flight", count=1_234, member=member) == flown
    stay = {"category": "hotel", "paid": 1_234_000}
    assert points("levels", stay, member=member) == hotel
    assert points("levels", {"category": "ticket", "paid": 10_000_000}, member=member) == ticket


def test_levels_are_set_by_the_miles_of_a_year_and_miles_do_not_burn() -> None:
    tiers = document("levels").tiers
    assert tiers is not None
    bounds = (0, 19_999, 20_000, 49_999, 50_000)
    names = [tiers.named(tiers.lifted(miles)) for miles in bounds]
    assert names == ["red", "red", "silver", "silver", "gold"]
    assert burn_date(document("levels").burn, date(2026, 3, 1)) is None


def test_coalition_gives_each_partners_rate_and_offers_from_history() -> None:
    def brought(category: str, paid: int, percent: int, **more: Any) -> tuple[int, list[str]]:
        line = {"category": category, "paid": paid}
        found = judged("coalition", line, partner_rate=rate(percent), **more)
        return found.points, [one.sku for one in found.others if isinstance(one, Gift)]

    assert brought("food", 20_000, 1) == (2, [])
    assert brought("food", 20_000, 14) == (28, [])
    # A laptop for 60 000: 2 % and 1 000, with a bag; a mouse for 190: 3.8 points, no gift.
    assert brought("laptop", 6_000_000, 2) == (2_200, ["LAPTOP-BAG"])
    assert brought("mouse", 19_000, 2) == (3, [])
    # Accessories for 1 000 bring 20, after a laptop 50 more.
    after = {"history": {"counters": {"laptops": 1}}}
    assert brought("accessories", 100_000, 2) == (20, [])
    assert brought("accessories", 100_000, 2, **after) == (70, [])
    assert brought("food", 20_000, 7, member={"segments": ["quiet"]}) == (28, [])


def test_paid_membership_has_its_prices_while_it_is_paid() -> None:
    """Delivery 299 is free, premium 1 000 costs 850, other goods 500 cost 485."""
    basket = [
        {"category": "delivery", "paid": 29_900},
        {"category": "wine", "tags": ["premium"], "paid": 100_000},
        {"category": "food", "paid": 50_000},
    ]
    paid = {"groups": ["year"]}
    assert off("paid-membership", *basket, member=paid) == [29_900, 15_000, 1_500]
    assert off("paid-membership", *basket) == [0, 0, 0]


@pytest.mark.parametrize(("brought", "given", "gifts"), [(5, 50, 0), (6, 60, 1), (13, 130, 2)])
def test_charity_rewards_containers(brought: int, given: int, gifts: int) -> None:
    found = judged("charity", trigger="custom:containers-returned", count=brought)
    assert found.points == given
    assert sum(one.quantity for one in found.others if isinstance(one, Gift)) == gifts


def test_charity_gives_one_percent_rounded_up() -> None:
    """Of 123.45: 1.2345, so 1.24."""
    (given,) = judged("charity", {"paid": 12_345}).others
    assert isinstance(given, Donation)
    assert (given.to, given.amount) == ("hospice", 124)


@pytest.mark.parametrize(
    ("groups", "taken"),
    [([], 0), (["student"], 10_000), (["professional"], 12_000), (["teacher", "staff"], 25_000)],
)
def test_verified_prices_take_the_best_of_the_groups(groups: list[str], taken: int) -> None:
    basket = [{"paid": 100_000}, {"paid": 50_000, "category": "gift-card"}]
    assert off("verified-prices", *basket, member={"groups": groups}) == [taken, 0]
