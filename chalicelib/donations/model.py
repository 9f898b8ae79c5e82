"""A member's gift of points to a charity, and what such gifts come to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.kernel.clock import local_date, parse
from chalicelib.programs.values import Texts

Month = Annotated[str, msgspec.Meta(pattern=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$(?!\n)")]
"""A calendar month of the program's zone, e.g. `2026-11`."""
MOST_MONTHS = 36
"""Months of one report."""


class Donation(msgspec.Struct, frozen=True, kw_only=True):
    """One gift. Its number is that of the ledger's entry that took the points."""

    program: str
    member: str
    donation: int
    to: str
    """Id of the charity in the program's document."""
    name: Texts
    """What the charity was called then."""
    points: int
    at: str
    taken_back_at: str = ""
    """When staff took it back; empty: it stands."""


class Total(msgspec.Struct, frozen=True):
    """What one charity was given."""

    to: str
    points: int
    donations: int
    money: int = 0
    """What rules gave away of purchases, in minor units, less that of what came back."""


def month_of(at: datetime, zone: str) -> str:
    """The calendar month of an instant in a zone."""
    return local_date(at, zone).isoformat()[:7]


def may_return(donation: Donation, at: datetime, zone: str) -> bool:
    """Whether the donation's month is not over: later the club has settled with the charity."""
    return month_of(parse(donation.at), zone) == month_of(at, zone)


def months_between(first: str, last: str) -> int:
    """How many months there are from the first to the last, both included."""
    years = int(last[:4]) - int(first[:4])
    return 12 * years + int(last[5:]) - int(first[5:]) + 1


def added(parts: Iterable[Total]) -> list[Total]:
    """One total for each charity, those with the most points first, then with the most money."""
    found: dict[str, Total] = {}
    for part in parts:
        had = found.get(part.to, Total(part.to, 0, 0))
        found[part.to] = Total(
            part.to,
            had.points + part.points,
            had.donations + part.donations,
            had.money + part.money,
        )
    given = [total for total in found.values() if total.donations or total.money]
    return sorted(given, key=lambda total: (-total.points, -total.money, total.to))
