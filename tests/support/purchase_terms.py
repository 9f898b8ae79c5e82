"""A program in which purchases meet everything at once, and shops of it for many short runs."""

from typing import Any

import msgspec

from chalicelib.programs.model import Program
from tests.support.club import Club, House, Member
from tests.support.clubs import GRACE, LIFE, noonish
from tests.support.till import RULE, Till, percent, shop

RUNS_PER_CLUB = 20
"""Sign-in codes per club and hour are limited."""
BUDGET = 160
"""Points of one rule for all members: ten in each shard."""
ATTACH_DAYS, ACCEPTED_DAYS = 4, 30
PENDING_DAYS = 5
VOUCHER = {"points": 30, "amount": 2_000}
CATEGORIES = ["ring", "chain", "coffee", "box"]
COUNTERS = {
    "month": {"measure": "amount", "over": "this_month"},
    "visits": {"measure": "receipts", "over": "days", "days": 7},
    "rings": {"measure": "amount", "over": "ever", "category": "ring"},
}
BEST = {"group": "one", "mode": "best"}
Json = dict[str, Any]


def _rule(name: str, effect: Json, **more: Any) -> Json:
    return {**RULE, "id": name, "trigger": "receipt_paid", "effect": effect, **more}


def _points(points: int) -> Json:
    return {"type": "points", "points": points}


def _steps(*rows: tuple[int, int]) -> list[Json]:
    return [{"since": since, "rate": {"num": num, "den": 100}} for since, num in rows]


RULES: list[Json] = [
    _rule("base", percent(5), caps={"day": 25, "month": 70}),
    _rule(
        "sliding",
        {
            "type": "sliding",
            "counter": "month",
            "table": _steps((0, 1), (20_000, 2), (60_000, 4)),
        },
        goods={"category": ["ring"]},
        caps={"period": {"days": 3, "points": 15}},
    ),
    _rule(
        "visits",
        _points(3),
        conditions=[{"type": "history", "counter": "visits", "at_least": 2}],
        caps={"ever": 9},
    ),
    _rule("budget", percent(3), goods={"category": ["chain"]}, caps={"program": BUDGET}),
    _rule("later", percent(4), goods={"category": ["chain"]}, pending_days=PENDING_DAYS),
    _rule("first", _points(5), conditions=[{"type": "first_time"}]),
    _rule(
        "once-a-day",
        _points(1),
        conditions=[{"type": "nth_today", "within": "outlet", "at_most": 1}],
    ),
    _rule("rings", percent(3), goods={"category": ["ring"]}, stacking=BEST),
    _rule("all-goods", percent(2), stacking=BEST, caps={"day": 6}),
    _rule(
        "gold",
        {"type": "tier", "tier": "gold"},
        conditions=[{"type": "amount", "at_least": 30_000}],
    ),
    _rule(
        "for-gold",
        {"type": "multiplier", "factor": {"num": 3, "den": 2}, "groups": ["one"]},
        conditions=[{"type": "tier", "any_of": ["gold"]}],
    ),
    _rule(
        "collector",
        _points(4),
        conditions=[{"type": "history", "counter": "rings", "at_least": 15_000}],
    ),
    _rule(
        "cups",
        {"type": "stamps", "card": "coffee", "full": 3},
        goods={"category": ["coffee"]},
    ),
    _rule(
        "voucher",
        {"type": "voucher", **VOUCHER},
        conditions=[{"type": "partner", "any_of": ["opal"]}],
    ),
]


class Stalls:
    """Clubs of each kind to play in, each for some runs, with a till at each of two partners."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.zone = noonish(house)
        self._open: dict[tuple[str, str], tuple[int, Club, list[Till], Program]] = {}

    def open(self, on_return: str, debt: str) -> tuple[list[Till], list[Member], Program]:
        """Two tills, two new members, and the program's document."""
        runs, club, tills, program = self._open.pop((on_return, debt), None) or self._new(
            on_return, debt
        )
        if runs + 1 < RUNS_PER_CLUB:
            self._open[on_return, debt] = (runs + 1, club, tills, program)
        return tills, [club.join(), club.join()], program

    def _new(self, on_return: str, debt: str) -> tuple[int, Club, list[Till], Program]:
        purchases = {
            "spending": {"point_value": 100},
            "attach_days": ATTACH_DAYS,
            "accepted_days": ACCEPTED_DAYS,
            "on_return": on_return,
            "debt": debt,
        }
        club = self.house.new_club(
            zone=self.zone,
            burn={"type": "after", "count": LIFE, "unit": "day", "grace_days": GRACE},
            approvals={"adjustment_above": None},
            earning={"rules": RULES, "counters": COUNTERS},
            purchases=purchases,
        )
        tills = [shop(club, "rubin", "arbat"), shop(club, "opal", "nevsky")]
        return 0, club, tills, msgspec.convert(club.document, Program, strict=False)
