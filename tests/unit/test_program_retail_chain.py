"""``programs/retail-chain.json``: each mechanic by itself and together, worked out by hand.

A purchase brings half a point for each rouble. An event without ``at`` happens on Monday, 2 March
2026, at noon in Moscow. Money is in kopecks.
"""

from typing import Any

import pytest

from chalicelib.earning.model import Used
from tests.support.documents import document, judged, points

CHAIN = "retail-chain"
Json = dict[str, Any]


def given(*lines: Json, **more: Any) -> dict[str, int]:
    """Points by rule."""
    return {one.rule: one.points for one in judged(CHAIN, *lines, **more).awards}


@pytest.mark.parametrize(
    ("paid", "rules"),
    [
        (19_900, {"base": 100}),  # 99.5 is rounded to 100
        (19_899, {"base": 99}),  # 99.495
        (199_999, {"base": 1_000}),  # 999.995
        (200_000, {"large": 2_000}),  # instead of 1 000: the better of the two
    ],
)
def test_by_amount(paid: int, rules: dict[str, int]) -> None:
    assert given({"paid": paid}) == rules


def test_by_positions_and_goods() -> None:
    """Ten positions of 10: 50 and 50. Of 300 with tobacco for 100: 100, and 50 for our brand."""
    assert given(*[{"paid": 1_000}] * 10) == {"base": 50, "many-positions": 50}
    assert given(*[{"paid": 1_000}] * 9) == {"base": 45}
    lines = (
        {"paid": 10_000, "brand": "neighbour"},
        {"paid": 10_000},
        {"paid": 10_000, "category": "tobacco"},
    )
    assert given(*lines) == {"base": 100, "own-brand": 50}


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        ("2026-03-02T08:00:00+03:00", 20),
        ("2026-03-02T10:59:59+03:00", 20),
        ("2026-03-02T11:00:00+03:00", 0),
        ("2026-03-01T09:00:00+03:00", 0),  # a Sunday
    ],
)
def test_by_time_of_buying(at: str, morning: int) -> None:
    assert given({"paid": 20_000}, at=at).get("morning", 0) == morning


def test_by_history_regularity_and_the_sum_of_a_month() -> None:
    line = {"paid": 20_000}
    assert given(line, history={"counters": {"visits": 4}})["often"] == 100
    assert "often" not in given(line, history={"counters": {"visits": 3}})
    months = {"months": ["2026-02", "2026-01", "2025-12"]}
    assert given(line, history=months)["regular"] == 200
    assert "regular" not in given(line, history={"months": ["2026-02", "2025-12"]})
    # 100 points and half as many again once 10 000 were spent in the month
    rich = {"counters": {"this-month": 1_000_000}}
    assert given(line, history=rich) == {"base": 100, "month-sum": 50}


@pytest.mark.parametrize(
    ("at", "outlet", "opening"),
    [
        ("2026-11-01T00:00:00+03:00", "riverside", 100),
        ("2027-01-31T23:59:00+03:00", "riverside", 100),
        ("2027-02-01T00:00:00+03:00", "riverside", 0),
        ("2026-12-01T12:00:00+03:00", "central", 0),
    ],
)
def test_by_outlet_while_valid(at: str, outlet: str, opening: int) -> None:
    found = given({"paid": 20_000}, at=at, partner="neighbour", outlet=outlet)
    assert found.get("new-shop", 0) == opening


def test_of_two_multipliers_the_better_one_counts() -> None:
    """New Year's double is 100 more on 100, the month's sum only 50."""
    rich = {"counters": {"this-month": 1_000_000}}
    found = given({"paid": 20_000}, at="2026-01-08T12:00:00+03:00", history=rich)
    assert found == {"base": 100, "new-year": 100}


def test_all_together() -> None:
    """A large morning purchase of our brand, for the fifth time, after 10 000 this month.

    2 400 in twelve positions: 2 400 points; our brand's 1 200 bring 600 more, twelve positions 50,
    the morning 20, the fifth purchase 100, and the month's sum half of the 2 400 again.
    """
    lines = [{"paid": 20_000, "brand": "neighbour"}] * 6 + [{"paid": 20_000}] * 6
    counters = {"visits": 4, "this-month": 1_000_000}
    found = given(*lines, at="2026-03-02T09:00:00+03:00", history={"counters": counters})
    assert found == {
        "large": 2_400,
        "own-brand": 600,
        "many-positions": 50,
        "morning": 20,
        "often": 100,
        "month-sum": 1_200,
    }


@pytest.mark.parametrize(
    ("rule", "used"),
    [
        ("morning", Used(day=20)),
        ("many-positions", Used(day=50)),
        ("often", Used(period=100)),
        ("regular", Used(month=200)),
    ],
)
def test_caps(rule: str, used: Used) -> None:
    happened: Json = {
        "at": "2026-03-02T09:00:00+03:00",
        "history": {
            "counters": {"visits": 4},
            "months": ["2026-02", "2026-01", "2025-12"],
        },
    }
    lines = [{"paid": 1_000}] * 10
    assert rule in given(*lines, **happened)
    assert rule not in given(*lines, **happened, used={rule: used})


@pytest.mark.parametrize(
    ("happened", "points_"),
    [
        ({"trigger": "member_joined"}, 100),
        ({"trigger": "birthday"}, 500),
        ({"trigger": "level_reached"}, 300),
        ({"trigger": "review", "subject": "outlet"}, 50),
        ({"trigger": "review", "subject": "product"}, 10),
    ],
)
def test_beyond_purchases(happened: Json, points_: int) -> None:
    assert points(CHAIN, **happened) == points_


def test_holidays_by_gender_and_profession() -> None:
    spring, autumn = "2026-03-08T12:00:00+03:00", "2026-10-05T12:00:00+03:00"
    line = {"paid": 20_000}
    assert given(line, at=spring, member={"gender": "female"})["womens-day"] == 100
    assert "womens-day" not in given(line, at=spring, member={"gender": "male"})
    assert given(line, at=autumn, member={"groups": ["teacher"]})["teachers-day"] == 100
    assert "teachers-day" not in given(line, at=autumn)


def test_how_points_pay() -> None:
    """Ten points are a rouble; of a receipt of 1 000 at most 300 can be paid, by 3 000 points."""
    spending = document(CHAIN).purchases.spending
    assert spending
    share = spending.max_share
    assert 100_000 * share.num // share.den // spending.point_value == 3_000
    assert spending.goods.except_category == ("tobacco", "alcohol", "gift-card")
