"""One receipt as the naive model of purchases keeps it, and sums over its parts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chalicelib.earning.model import Event, Used
from tests.support.points import Lots
from tests.support.purchase_account import Bought
from tests.support.purchase_terms import PENDING_DAYS
from tests.support.reference_engine import Result

Json = dict[str, Any]


@dataclass(eq=False)
class Bill:
    """One receipt."""

    name: str
    """Its id."""
    partner: str
    outlet: str
    at: datetime
    lines: list[Json]
    shares: list[Json]
    """How the platform settled each line; the test looks whether they add up."""
    back: list[int]
    """Pieces of each line that came back."""
    coupon: str = ""
    who: int | None = None
    """Whose it is."""
    before: list[int] = field(default_factory=list)
    """Pieces that had come back before somebody claimed it."""
    event: Event | None = None
    used: dict[str, Used] = field(default_factory=dict)
    result: Result = field(default_factory=Result)
    bought: Bought | None = None
    first: bool = False
    card: int = 0
    """Stamps on the card before it."""
    vouchers: list[tuple[str, int]] = field(default_factory=list)
    """Coupons that it brought, and the points that they took."""
    unannounced: int = 0
    lapsed: int = 0
    excused: int = 0
    forgiven: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is left of it."""
        return all(
            line["quantity"] == gone for line, gone in zip(self.lines, self.back, strict=True)
        )

    @property
    def promise(self) -> str:
        """Id of its announced award."""
        return f"{self.name}x{PENDING_DAYS}"

    def money(self, category: str = "") -> int:
        """Money that stays paid for it."""
        return sum(
            share["money"] - share["money"] * gone // line["quantity"]
            for line, share, gone in zip(self.lines, self.shares, self.back, strict=True)
            if category in ("", line["category"])
        )

    def part(self, what: str, back: list[int]) -> int:
        """The part of something that goes with these pieces."""
        return sum(
            share[what] * gone // line["quantity"]
            for line, share, gone in zip(self.lines, self.shares, back, strict=True)
        )


def by_rule(result: Result) -> dict[str, int]:
    """What each rule gave."""
    return {rule: points for rule, points, _ in result.awards}


def parted_in_time(result: Result) -> tuple[int, int]:
    """Points at once, and later."""
    later = by_rule(result).get("later", 0)
    return sum(points for _, points, _ in result.awards) - later, later


def month_of(day: date) -> str:
    """The calendar month of a day."""
    return day.isoformat()[:7]


def last_of(spent: Lots, had: int, points: int) -> Lots:
    """Points of lots from the latest-burning on, after the ones that came back before."""
    pool = [day for day, some in sorted(spent.items(), reverse=True) for _ in range(some)]
    found: Lots = {}
    for day in pool[had : had + points]:
        found[day] = found.get(day, 0) + 1
    return found


def together(one: Lots, other: Lots) -> Lots:
    """Lots together."""
    return {day: one.get(day, 0) + other.get(day, 0) for day in one.keys() | other.keys()}
