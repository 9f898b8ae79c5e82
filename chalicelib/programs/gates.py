"""Gates: what is open to members only while they buy enough each month, as the document says it.

A calendar month of the program's zone that reaches a gate's figure, net of returns, keeps it open
through the end of the months after it that the document names. Whether a gate is open is asked here
and nowhere else: by every route that it guards and by everything that tells of it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal, NamedTuple

import msgspec
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from chalicelib.programs.burning import end_of
from chalicelib.programs.values import MAX_MONEY, Category, Kind, Slug, Texts

Option = Literal["orders", "donations", "groups", "items"]
"""What a gate can close: ordering rewards, giving points to charities, applying for verified
groups, registering items.
"""
MOST_MONTHS = 6
LOOKED_BACK = 12
"""Months that are looked back to tell since when a gate is open or closed."""


class Gate(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One gate."""

    name: Texts
    """What it is called."""
    at_least: Annotated[int, msgspec.Meta(ge=1, le=MAX_MONEY)]
    """What a calendar month's purchases have to reach, net of returns, in minor units of money."""
    category: Category | None = None
    """Goods of which category count; null: all goods."""
    further_months: Annotated[int, msgspec.Meta(ge=1, le=MOST_MONTHS)] = 1
    """For so many months after one that reached it the gate stays open."""
    kinds: Annotated[tuple[Kind, ...], msgspec.Meta(max_length=5)] = ()
    """The kinds of members that it concerns; empty: all."""
    options: Annotated[tuple[Option, ...], msgspec.Meta(max_length=4)] = ()
    """What members can do only while it is open."""
    opens: Annotated[tuple[Texts, ...], msgspec.Meta(max_length=20)] = ()
    """What else it opens, in words."""
    warn_days: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0, le=27)], ...], msgspec.Meta(max_length=3)
    ] = ()
    """So many days before the last day on which it is open, members are told; empty: they are not.
    """

    def concerns(self, kind: str) -> bool:
        """Whether it is there for this kind of member."""
        return not self.kinds or kind in self.kinds


Gates = Mapping[Slug, Gate]
Bought = Mapping[date, int]
"""Money by local day, net of returns."""


class Standing(NamedTuple):
    """How a gate stands for a member on a day."""

    open: bool
    until: date | None
    """Last day on which it is open, if nothing more is bought; None: it is closed."""
    bought: int
    """What the running month comes to."""
    missing: int
    """What the running month lacks: to open the gate, or to keep it open beyond."""
    by: date
    """Last day of the running month."""


def standing(gate: Gate, bought: Bought, today: date) -> Standing:
    """How a gate stands; asks for the running month and the ``further_months`` before it."""
    sums = _by_month(bought)
    reached = [month for month in _months(gate, today) if _reaches(gate, sums, month)]
    until = _last(gate, reached[0]) if reached else None
    running = max(0, sums.get(_first(today), 0))
    return Standing(
        until is not None, until, running, max(0, gate.at_least - running), end_of("month", today)
    )


def since(gate: Gate, bought: Bought, today: date) -> date | None:
    """First day on which a gate is open, or closed, as it is today; None: longer than it is looked
    back, or always. Asks for the months from :func:`first_month` on.
    """
    sums = _by_month(bought)
    reached = [month for month in _back(today) if _reaches(gate, sums, month)]
    if not standing(gate, bought, today).open:
        return _last(gate, reached[0]) + timedelta(days=1) if reached else None
    first = _day_reached(gate, bought, reached[0])
    for month in reached[1:]:
        if _last(gate, month) + timedelta(days=1) < first:
            break
        first = _day_reached(gate, bought, month)
    return first if first >= _first(today) - relativedelta(months=LOOKED_BACK - 1) else None


def crossed(gate: Gate, before: int, after: int) -> bool:
    """Whether a month's sum came to be enough by a change, or too little."""
    return (before >= gate.at_least) != (after >= gate.at_least)


def warning(gate: Gate, found: Standing, today: date) -> int | None:
    """Of which of the ``warn_days`` a member is to be told by today; None: of none yet."""
    if found.until is None:
        return None
    left = (found.until - today).days
    return min((days for days in gate.warn_days if left <= days), default=None)


def next_day(gate: Gate, found: Standing, today: date) -> date | None:
    """The next day on which something is to be told, if nothing more is bought."""
    if found.until is None:
        return None
    days = [found.until - timedelta(days=days) for days in gate.warn_days]
    return min(day for day in (*days, found.until + timedelta(days=1)) if day > today)


def guarding(gates: Gates, option: Option, kind: str) -> dict[str, Gate]:
    """The gates that all have to be open for an option, for a kind of member."""
    return {
        name: gate for name, gate in gates.items() if option in gate.options and gate.concerns(kind)
    }


def categories(gates: Gates) -> frozenset[str]:
    """The categories that gates ask for."""
    return frozenset(gate.category for gate in gates.values() if gate.category)


def months(gate: Gate, today: date) -> set[str]:
    """The months that :func:`standing` asks for, as ``2026-05``."""
    return {month.isoformat()[:7] for month in _months(gate, today)}


def first_month(today: date) -> str:
    """The first month that :func:`since` asks for."""
    return list(_back(today))[-1].isoformat()[:7]


def soon(gate: Gate, month: str, today: date) -> bool:
    """Whether a gate that this month keeps open closes, or is warned of, within two days."""
    left = (_last(gate, date.fromisoformat(f"{month}-01")) - today).days
    return any(0 <= left - days <= 2 for days in (*gate.warn_days, -1))


def _months(gate: Gate, today: date) -> Iterator[date]:
    """The running month and those that keep a gate open in it, the newest first."""
    for back in range(gate.further_months + 1):
        yield _first(today) - relativedelta(months=back)


def _back(today: date) -> Iterator[date]:
    for back in range(LOOKED_BACK + MOST_MONTHS + 1):
        yield _first(today) - relativedelta(months=back)


def _by_month(bought: Bought) -> dict[date, int]:
    sums: dict[date, int] = {}
    for day, amount in bought.items():
        sums[_first(day)] = sums.get(_first(day), 0) + amount
    return sums


def _reaches(gate: Gate, sums: Mapping[date, int], month: date) -> bool:
    return sums.get(month, 0) >= gate.at_least


def _day_reached(gate: Gate, bought: Bought, month: date) -> date:
    """The day of a month from which on what was bought by then was enough."""
    left = sum(amount for day, amount in bought.items() if _first(day) == month)
    for day in sorted((day for day in bought if _first(day) == month), reverse=True):
        left -= bought[day]
        if left < gate.at_least:
            return day
    return month


def _last(gate: Gate, month: date) -> date:
    """The last day that a month keeps a gate open."""
    return end_of("month", month + relativedelta(months=gate.further_months))


def _first(day: date) -> date:
    return day.replace(day=1)
