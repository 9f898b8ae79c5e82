"""What a member bought and earned in a calendar month, by local day. Pure."""

from collections.abc import Mapping
from datetime import date

import msgspec


class Sums(msgspec.Struct, frozen=True, array_like=True):
    """Money paid in minor units, and receipts."""

    amount: int = 0
    receipts: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(self.amount + other.amount, self.receipts + other.receipts)


class Day(msgspec.Struct, frozen=True, omit_defaults=True):
    """One local day."""

    sums: Sums = Sums()
    by: dict[str, Sums] = {}
    """By ``c:`` category, ``p:`` partner, ``o:`` partner/outlet, ``h:`` channel and ``c:…|p:…``."""
    used: dict[str, int] = {}
    """Points that rules with caps gave."""
    points: int = 0
    """Points that were earned: by receipts always, by everything else where levels are measured by
    points; whether or not they can be used yet, or were spent or burnt since.
    """


class Month(msgspec.Struct, frozen=True, omit_defaults=True):
    """One calendar month of one member."""

    days: dict[str, Day] = {}
    """By day of the month, ``01`` …"""

    @property
    def sums(self) -> Sums:
        """The whole month."""
        found = Sums()
        for day in self.days.values():
            found = found.plus(day.sums)
        return found

    @property
    def is_busy(self) -> bool:
        """Whether there is more of it than points that were earned."""
        return any(one.sums != Sums() or one.by or one.used for one in self.days.values())

    def earning(self, day: date, points: int) -> "Month":
        """The month with so many points more that were earned on a day of it."""
        name = day.isoformat()[8:]
        had = self.days.get(name, Day())
        then = msgspec.structs.replace(had, points=had.points + points)
        return Month({**self.days, name: then})

    def named(self, kind: str) -> dict[str, int]:
        """Money by name, of one kind of names (``c:`` categories, ``p:`` partners)."""
        found: dict[str, int] = {}
        for day in self.days.values():
            for name, sums in day.by.items():
                if name.startswith(kind) and "|" not in name:
                    found[name[2:]] = found.get(name[2:], 0) + sums.amount
        return {name: amount for name, amount in sorted(found.items()) if amount}


Months = Mapping[str, Month]
"""By ``2026-05``."""


def month_of(day: date) -> str:
    """The calendar month of a day, as ``2026-05``."""
    return day.isoformat()[:7]


def money(month: Month, category: str | None) -> dict[str, int]:
    """Money of a month by its days (``01`` …), net of returns: of one category, or of all goods."""
    key = f"c:{category}"
    return {
        name: (day.by.get(key, Sums()) if category else day.sums).amount
        for name, day in month.days.items()
    }
