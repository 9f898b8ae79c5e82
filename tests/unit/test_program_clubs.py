"""Golden scenarios of ready documents: banks, shops, clubs, contests. Figures worked out by hand.

Money is in minor units. An event without ``at`` happens on Monday, 2 March 2026, at noon in Moscow.
"""

from datetime import date

import pytest

from chalicelib.earning.model import Used, Voucher
from chalicelib.programs.burning import burn_date
from tests.support.documents import Json, document, judged, off, points, rate


@pytest.mark.parametrize(
    ("joined_on", "percent", "payment", "given"),
    [
        ("2025-12-03", 0, "card", 150),  # two months and 27 days: 1.5 % of 10 000
        ("2025-12-02", 0, "card", 50),  # three months are over: 0.5 %
        ("2025-12-02", 0, "premium-card", 75),  # half as much again
        ("2025-12-02", 19, "card", 1_950),  # 0.5 % and 19 %
        ("2025-12-03", 19, "card", 2_000),  # 20.5 %, at most 20 %
    ],
)
def test_bank_cashback(joined_on: str, percent: int, payment: str, given: int) -> None:
    more: Json = {"payment": [payment], "partner_rate": rate(percent) if percent else None}
    line = {"paid": 1_000_000}
    assert points("bank-cashback", line, member={"joined_on": joined_on}, **more) == given


def test_bank_cashback_has_exclusions() -> None:
    """Of 1 000 by a member of long standing 5 points; the partner's 1 % is 10 more."""

    def earned(nth: int, category: str = "food", channel: str = "shop") -> int:
        line = {"paid": 100_000, "category": category}
        today = {"outlet": nth, "channel": nth}
        more = {"channel": channel, "history": {"today": today}, "partner_rate": rate(1)}
        return points("bank-cashback", line, **more)

    assert [earned(nth) for nth in range(1, 6)] == [15, 15, 15, 15, 0]
    assert [earned(1, name) for name in ("withdrawal", "utilities", "transfer")] == [0, 0, 0]
    assert [earned(nth, channel="auto-payment") for nth in (1, 2)] == [15, 0]


def test_article_cashback_has_its_own_rate_and_shares_by_article() -> None:
    """A rouble is 10 points: 75 roubles are 750; 20 % of 75 are 15 roubles, 150 points."""
    spending = document("article-cashback").purchases.spending
    assert spending
    assert 7_500 // spending.point_value == 750
    assert points("article-cashback", {"sku": "TEA-100", "paid": 7_500}) == 150
    assert points("article-cashback", {"category": "book", "paid": 50_000}) == 500  # 10 % of 500
    assert points("article-cashback", {"category": "toy", "paid": 20_000}) == 60  # 3 % of 200


def test_order_cashback_gives_3_percent_for_90_days() -> None:
    """3 % of 1 234.50 is 37.035. 90 days after 2 March is Sunday, 31 May."""
    assert points("order-cashback", {"paid": 123_450}) == 37
    burn = document("order-cashback").burn
    assert burn_date(burn, date(2026, 3, 2)) == date(2026, 5, 31)
    assert burn_date(burn, date(2026, 3, 3)) == date(2026, 6, 7)


@pytest.mark.parametrize(
    ("payment", "given"), [(["cash"], 123), (["house-card"], 246), (["cash", "house-card"], 123)]
)
def test_house_card_doubles(payment: list[str], given: int) -> None:
    assert points("house-card", {"paid": 12_345}, payment=payment) == given


def test_own_history_discounts_are_for_what_was_bought_often() -> None:
    basket = [{"category": "cheese", "paid": 50_000}, {"category": "bread", "paid": 5_000}]
    often = [{"counters": {"cheese": bought}} for bought in (4, 5)]
    taken = [off("own-history-discounts", *basket, history=one) for one in often]
    assert taken == [[0, 0], [5_000, 0]]  # 10 % of 500
    assert points("own-history-discounts", {"paid": 19_900}) == 9  # nine full twenties of 199


def test_goods_and_services_points_wait_14_days() -> None:
    """30 000 at 3 % are 900, 2 000 of installation at 5 % are 100, a gift card brings nothing."""
    found = judged(
        "goods-and-services",
        {"category": "television", "paid": 3_000_000},
        {"category": "installation", "paid": 200_000},
        {"category": "gift-card", "paid": 100_000},
    )
    assert sorted((one.points, one.pending_days) for one in found.awards) == [(100, 14), (900, 14)]


@pytest.mark.parametrize(
    ("before", "paid", "credits_", "left"),
    [(0, 14_900, 1, 74), (0, 7_499, 0, 74), (74, 100, 1, 0), (74, 15_100, 3, 0)],
)
def test_two_brand_credit(before: int, paid: int, credits_: int, left: int) -> None:
    for partner in ("acorn", "little-oak"):
        member = {"points": before}
        found = judged("two-brand-credit", {"paid": paid}, partner=partner, member=member)
        made = [one for one in found.others if isinstance(one, Voucher)]
        assert [(one.count, one.amount) for one in made] == [(credits_, credits_ * 1_000)][
            : len(made)
        ]
        assert sum(one.count for one in made) == credits_
        assert before + found.points - sum(one.points for one in made) == left


@pytest.mark.parametrize(
    ("subject", "given"),
    [
        ("first-place", 1_000),
        ("second-place", 750),
        ("third-place", 500),
        ("laureate", 500),
        ("mention", 500),
    ],
)
def test_contests(subject: str, given: int) -> None:
    assert points("contests", trigger="activity_done", subject=subject) == given


@pytest.mark.parametrize("network", ["vk", "instagram", "facebook", "youtube"])
def test_jewels_reward_each_social_network_once(network: str) -> None:
    happened = {"trigger": "activity_done", "subject": f"social-{network}"}
    assert points("jewels", **happened) == 50
    assert points("jewels", **happened, used={f"social-{network}": Used(ever=50)}) == 0


def test_jewels_reward_sellers_courses() -> None:
    happened = {"trigger": "activity_done", "subject": "course-test"}
    assert points("jewels", **happened) == 0
    assert points("jewels", **happened, member={"kind": "seller"}) == 200


@pytest.mark.parametrize(
    ("counters", "given"),
    [
        ({}, 30),
        ({"feed-this-month": 999_999, "feed-last-month": 999_999}, 30),
        ({"feed-last-month": 1_000_000}, 45),
        ({"feed-this-month": 1_000_000}, 45),
    ],
)
def test_paws_reward_feed_more_while_the_options_are_open(counters: Json, given: int) -> None:
    """3 % of 1 000 are 30, half as much again 45."""
    feed, toy = {"category": "feed", "paid": 100_000}, {"category": "toy", "paid": 100_000}
    assert points("paws", feed, toy, history={"counters": counters}) == given


def test_paws_packages_take_off_feed() -> None:
    basket = [{"category": "feed", "paid": 100_000}, {"category": "toy", "paid": 100_000}]
    packages = ("start", "basic", "standard", "expert", "champion")
    taken = [off("paws", *basket, member={"tier": tier}) for tier in packages]
    assert off("paws", *basket) == [0, 0]
    assert taken == [[3_000, 0], [5_000, 0], [7_000, 0], [10_000, 0], [15_000, 0]]
    assert points("paws", trigger="referral_approved") == 500
    assert document("paws").rules_public is False
