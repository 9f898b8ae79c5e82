"""Whole programs of the trade as rules, with figures worked out by hand.

Money is in kopecks, a point is a rouble unless it is said otherwise.
"""

from typing import Any

import pytest

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Judgement, Stamped, Used, Voucher
from chalicelib.programs import rules_checks
from tests.support.rules import event, program

Json = dict[str, Any]


def engine(*rules: Json, **earning: Any) -> Engine:
    """The rules of a scenario, which could be published."""
    document = program(*rules, **earning)
    assert rules_checks.faults(document.earning) == ()
    return Engine(document)


def percent(num: int, den: int = 100, **more: Any) -> Json:
    """A share of the money paid, as points."""
    return {"type": "percentage", "rate": {"num": num, "den": den}, **more}


def ratio(num: int, den: int = 1) -> Json:
    """An exact fraction."""
    return {"num": num, "den": den}


def off(judgement: Judgement, lines: int) -> list[int]:
    """What comes off each line."""
    found = [0] * lines
    for one in judgement.discounts:
        for place, amount in one.shares:
            found[place] += amount
    return found


SLIDING = {
    "trigger": "monthly_check",
    "effect": {
        "type": "sliding",
        "counter": "last",
        "of": "counter",
        "table": [
            {"since": 0, "rate": ratio(3, 100)},
            {"since": 100_000, "rate": ratio(10, 100)},
            {"since": 150_000, "rate": ratio(15, 100)},
        ],
    },
}


@pytest.mark.parametrize(
    ("bought", "points"),
    [
        (0, 0),
        (99_999, 29),  # 999.99 at 3 % is 29.9997
        (100_000, 100),
        (149_999, 149),  # 1 499.99 at 10 % is 149.999
        (150_000, 225),
        (500_000, 750),
    ],
)
def test_next_months_allowance_is_the_whole_of_last_months_purchases_at_its_rate(
    bought: int, points: int
) -> None:
    happened = event(trigger="monthly_check", history={"counters": {"last": bought}})
    assert engine(SLIDING).judge(happened).points == points


NTH: Json = {"type": "nth_item", "nth": 3, "off": ratio(1)}
HALF: Json = {"type": "nth_item", "nth": 2, "off": ratio(1, 2)}


@pytest.mark.parametrize(
    ("effect", "lines", "taken"),
    [
        (NTH, [{"paid": 29_700, "quantity": 3}], [9_900]),  # 3 x 99 is 198
        (NTH, [{"paid": 19_800, "quantity": 2}], [0]),
        (NTH, [{"paid": 69_300, "quantity": 7}], [19_800]),  # two of seven
        (NTH, [{"paid": 9_900}, {"paid": 5_000}, {"paid": 7_000}], [0, 5_000, 0]),
        (HALF, [{"paid": 20_000, "quantity": 2}], [5_000]),  # 25 % off an equal pair
        (HALF, [{"paid": 10_000}, {"paid": 6_000}], [0, 3_000]),  # the cheaper one is halved
        (HALF, [{"paid": 10_000}, {"paid": 6_001}], [0, 3_000]),  # 3 000.5, rounded down
    ],
)
def test_free_and_half_priced_items(effect: Json, lines: list[Json], taken: list[int]) -> None:
    judged = engine({"effect": effect}).judge(event(*lines, quote=True))
    assert off(judged, len(lines)) == taken


def test_a_card_adds_points_to_what_is_left_to_pay() -> None:
    rules = engine({"effect": NTH}, {"effect": percent(5)})
    judged = rules.judge(event({"paid": 29_700, "quantity": 3}, quote=True))
    assert judged.points == 9  # 5 % of 198.00 is 9.9


def test_the_eleventh_is_free() -> None:
    rules = engine({"effect": {"type": "stamps", "card": "coffee", "full": 10}})
    stamps, bought = 0, []
    for _ in range(12):
        history = {"stamps": {"coffee": stamps}}
        judged = rules.judge(event({"paid": 15_000}, quote=True, history=history))
        (card,) = judged.others
        assert isinstance(card, Stamped)
        stamps = card.after
        bought.append(15_000 - off(judged, 1)[0])
    assert bought == [*[15_000] * 10, 0, 15_000]
    assert stamps == 1


def test_points_by_a_rate_of_ones_own_or_a_percentage_of_some_articles() -> None:
    own = engine({"effect": {"type": "per_unit", "points": 10, "per": 100}})
    assert own.judge(event({"paid": 7_500})).points == 750  # 1 rouble is 10 points
    article = engine({"effect": percent(5), "goods": {"sku": ["BOOK-1"]}})
    judged = article.judge(event({"sku": "BOOK-1", "paid": 20_000}, {"paid": 99_000}))
    assert [(it.points, it.shares) for it in judged.awards] == [(10, ((0, 10),))]


BANK = (
    {
        "effect": percent(15, 1000),
        "conditions": [{"type": "membership", "unit": "month", "below": 3}],
        "stacking": {"group": "base", "mode": "first", "priority": 1},
    },
    {"effect": percent(5, 1000), "stacking": {"group": "base", "mode": "first"}},
    {
        "effect": percent(19),
        "conditions": [{"type": "partner", "any_of": ["jeweller"]}],
        "stacking": {"priority": -1},
    },
    {
        "effect": {"type": "multiplier", "factor": ratio(3, 2), "groups": ["base"]},
        "conditions": [{"type": "payment", "any_of": ["premium-card"]}],
    },
)


@pytest.mark.parametrize(
    ("joined_on", "partner", "payment", "points"),
    [
        ("2025-12-03", "", [], 150),  # two months and 27 days: 1.5 % of 10 000
        ("2025-12-02", "", [], 50),  # three months are over: 0.5 %
        ("2025-12-02", "jeweller", [], 1_950),  # 0.5 % and the partner's 19 %
        ("2025-12-03", "jeweller", [], 2_000),  # 20.5 %, at most 20 %
        ("2025-12-02", "", ["premium-card"], 75),  # half as much again
        ("2025-12-03", "", ["premium-card"], 225),
    ],
)
def test_a_banks_rates(joined_on: str, partner: str, payment: list[str], points: int) -> None:
    rules = engine(*BANK, ceiling={"share": ratio(20, 100)})
    more = {"partner": partner} if partner else {}
    happened = event({"paid": 1_000_000}, member={"joined_on": joined_on}, payment=payment, **more)
    assert rules.judge(happened).points == points


def test_what_a_bank_does_not_reward() -> None:
    nothing = ["withdrawal", "utilities", "transfer"]
    rules = engine(
        {
            "effect": percent(1),
            "goods": {"except_category": nothing},
            "conditions": [
                {"type": "not", "of": {"type": "channel", "any_of": ["auto-payment"]}},
                {"type": "nth_today", "within": "outlet", "at_most": 4},
            ],
        },
        {
            "effect": percent(1),
            "goods": {"except_category": nothing},
            "conditions": [
                {"type": "channel", "any_of": ["auto-payment"]},
                {"type": "nth_today", "within": "channel", "at_most": 1},
            ],
        },
    )

    def earned(category: str, nth: int, channel: str = "card") -> int:
        today = {"outlet": nth, "channel": nth}
        line = {"paid": 100_000, "category": category}
        return rules.judge(event(line, channel=channel, history={"today": today})).points

    assert [earned(category, 1) for category in nothing] == [0, 0, 0]
    assert [earned("food", nth) for nth in range(1, 6)] == [10, 10, 10, 10, 0]
    assert [earned("food", nth, "auto-payment") for nth in (1, 2)] == [10, 0]


def test_double_points_by_the_house_card() -> None:
    rules = engine(
        {"effect": {"type": "per_unit", "points": 1, "per": 100}},
        {
            "effect": {"type": "multiplier", "factor": ratio(2)},
            "conditions": [{"type": "payment", "any_of": ["house-card"]}],
        },
    )
    assert rules.judge(event({"paid": 12_345}, payment=["cash"])).points == 123
    assert rules.judge(event({"paid": 12_345}, payment=["house-card"])).points == 246


@pytest.mark.parametrize(
    ("before", "paid", "count", "left"),
    [(0, 14_900, 1, 74), (0, 7_400, 0, 74), (74, 100, 1, 0), (74, 15_100, 3, 0)],
)
def test_each_full_75_points_become_a_credit_of_10(
    before: int, paid: int, count: int, left: int
) -> None:
    rules = engine(
        {"effect": {"type": "per_unit", "points": 1, "per": 100, "full_only": True}},
        {"effect": {"type": "voucher", "points": 75, "amount": 1_000}},
    )
    judged = rules.judge(event({"paid": paid}, member={"points": before}))
    made = [one for one in judged.others if isinstance(one, Voucher)]
    assert sum(one.count for one in made) == count
    assert sum(one.amount for one in made) == count * 1_000
    assert before + judged.points - sum(one.points for one in made) == left


def test_the_best_of_a_group_is_what_gives_most_after_its_cap() -> None:
    best = {"group": "base", "mode": "best"}
    rules = engine(
        {"effect": percent(10), "caps": {"month": 100}, "stacking": best},
        {"effect": percent(1), "stacking": best},
    )
    happened = event({"paid": 100_000})
    given = [
        [(one.rule, one.points, one.capped) for one in judged.awards]
        for judged in (
            rules.judge(happened),
            rules.judge(happened, {"r0": Used(month=60)}),
            rules.judge(happened, {"r0": Used(month=95)}),
        )
    ]
    assert given == [[("r0", 100, False)], [("r0", 40, True)], [("r1", 10, False)]]


def test_of_discounts_in_a_row_each_takes_from_what_is_left() -> None:
    rules = engine(
        {"effect": {"type": "discount", "off": ratio(10, 100)}, "stacking": {"priority": 1}},
        {"effect": {"type": "discount", "amount": 100_000}},
    )
    judged = rules.judge(event({"paid": 30_000}, {"paid": 70_000}, quote=True))
    assert [one.amount for one in judged.discounts] == [10_000, 90_000]
    assert off(judged, 2) == [30_000, 70_000]


@pytest.mark.parametrize(
    ("joined_on", "day", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),  # a month without that day is over with its last one
        ("2026-01-31", "2026-03-30", 1),
        ("2026-01-31", "2026-03-31", 2),
        ("2024-02-29", "2025-02-28", 12),
    ],
)
def test_months_of_membership(joined_on: str, day: str, months: int) -> None:
    def holds(**bounds: int) -> bool:
        condition = {"type": "membership", "unit": "month", **bounds}
        rules = engine({"effect": {"type": "points", "points": 1}, "conditions": [condition]})
        at = f"{day}T12:00:00+03:00"
        return rules.judge(event(at=at, member={"joined_on": joined_on})).points == 1

    assert holds(at_least=months, below=months + 1)
    assert not holds(at_least=months + 1)
