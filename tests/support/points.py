"""What an account should be: a second, naive reading of the ledger's law, to hold the real one to.

Lots are a dictionary from the last day on which they can be spent to points. Nothing here is
imported from the platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Lots = dict[date, int]


class Refused(Exception):
    """The platform should say no, with this status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(eq=False)
class Past:
    """An entry of which something may be asked later."""

    points: int = 0
    opened: Lots = field(default_factory=dict)
    spent: Lots = field(default_factory=dict)
    reversible: bool = False
    bonus: bool = False
    reversed: bool = False


@dataclass
class Model:
    """One account of a club whose points live ``life`` days; what burnt and is given back by the
    club lives ``grace`` days more.
    """

    today: date
    life: int
    grace: int
    lots: Lots = field(default_factory=dict)
    held: dict[str, Lots] = field(default_factory=dict)
    pending: dict[str, int] = field(default_factory=dict)
    debt: int = 0
    had_bonus: bool = False
    burnt: Lots = field(default_factory=dict)
    """Burnt and not yet excused, by the day of the lot."""
    moves: list[tuple[int, date, date]] = field(default_factory=list)
    """Points that came back to a later day than theirs: entries so far, from, to."""
    entries: list[Past] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)
    """How a hold or a pending award ended."""

    @property
    def live(self) -> Lots:
        """Lots that have not burnt today."""
        return {day: points for day, points in self.lots.items() if day >= self.today and points}

    @property
    def holding(self) -> int:
        """Points set aside."""
        return sum(sum(lots.values()) for lots in self.held.values())

    @property
    def balance(self) -> int:
        """What the member has."""
        return sum(self.live.values()) + self.holding - self.debt

    @property
    def available(self) -> int:
        """What can be spent today."""
        return 0 if self.debt else sum(self.live.values())

    def view(self) -> dict[str, object]:
        """The account as the platform should show it."""
        return {
            "balance": self.balance,
            "available": self.available,
            "held": self.holding,
            "pending": sum(self.pending.values()),
            "debt": self.debt,
            "lots": [
                {"points": points, "burns_on": day.isoformat()}
                for day, points in sorted(self.live.items())
            ],
            "version": len(self.entries),
        }

    def burn(self) -> bool:
        """Book what has burnt; whether there was anything."""
        due = {day: points for day, points in self.lots.items() if day < self.today and points}
        for day, points in due.items():
            self.burnt[day] = self.burnt.get(day, 0) + points
        self.lots = self.live
        if due:
            self.entries.append(Past())
        return bool(due)

    def award(self, points: int, bonus: int) -> int:
        """Credit an item, the first one with a bonus; what it brings."""
        first = not self.had_bonus
        total = points + (bonus if first else 0)
        self.burn()
        self.entries.append(Past(total, self._earn(total), reversible=True, bonus=first))
        self.had_bonus = True
        return total

    def adjust(self, points: int) -> None:
        """Staff add or take points."""
        if points < 0:
            self._refuse_over(-points)
        self.burn()
        past = Past(points, reversible=True)
        if points > 0:
            past.opened = self._earn(points)
        else:
            past.spent = self._take(self.lots, -points)
        self.entries.append(past)

    def reverse(self, seq: int) -> None:
        """Take back what an entry did."""
        if not 1 <= seq <= len(self.entries):
            raise Refused(404, "entry_unknown")
        past = self.entries[seq - 1]
        if past.reversed:
            raise Refused(409, "entry_reversed")
        if not past.reversible:
            raise Refused(409, "entry_not_reversible")
        self.burn()
        if past.points >= 0:
            self._take_back(past)
        else:
            self.give_back(past.spent)
        past.reversed = True
        self.had_bonus &= not past.bonus
        self.entries.append(Past())

    def hold(self, name: str, points: int) -> None:
        """Set points aside."""
        self._refuse_over(points)
        self.burn()
        self.held[name] = self._take(self.lots, points)
        self.entries.append(Past())

    def end_hold(self, name: str, end: str, *, grace: bool = True) -> None:
        """Capture or release a hold, once; what burnt meanwhile burns if there is no grace."""
        if self._ended(name, end, "hold_resolved"):
            return
        self.burn()
        lots = self.held.pop(name)
        if end == "released":
            self.give_back(lots, grace=grace)
        self.entries.append(Past())
        self.burn()

    def announce(self, name: str, points: int) -> None:
        """Promise points."""
        self.burn()
        self.pending[name] = points
        self.entries.append(Past())

    def end_pending(self, name: str, end: str) -> None:
        """Confirm or cancel a promise, once."""
        if self._ended(name, end, "pending_award_resolved"):
            return
        self.burn()
        points = self.pending.pop(name)
        confirmed = end == "confirmed"
        opened = self._earn(points) if confirmed else {}
        self.entries.append(Past(points if confirmed else 0, opened, reversible=confirmed))

    def _ended(self, name: str, end: str, code: str) -> bool:
        before = self.ended.setdefault(name, end)
        if before != end:
            raise Refused(409, code)
        return name not in self.held and name not in self.pending

    def _refuse_over(self, points: int) -> None:
        if points > self.available:
            raise Refused(409, "not_enough_points")

    def _earn(self, points: int) -> Lots:
        return self._credit(points, self.today + timedelta(days=self.life))

    def _credit(self, points: int, day: date) -> Lots:
        repaid = min(self.debt, points)
        self.debt -= repaid
        if points == repaid:
            return {}
        self.lots[day] = self.lots.get(day, 0) + points - repaid
        return {day: points - repaid}

    def give_back(self, lots: Mapping[date, int], *, grace: bool = True) -> None:
        """Points come back: to their day, or for some days if it is over and there is grace."""
        for day, points in sorted(lots.items()):
            over = day < self.today
            until = self.today + timedelta(days=self.grace) if over and grace else day
            if self._credit(points, until):
                self.moves.append((len(self.entries), day, until))

    def _take_back(self, past: Past) -> None:
        days = set(past.opened)
        for when, day, later in self.moves:
            if when > self.entries.index(past) and day in days:
                days.add(later)
        excusable = sum(past.opened.values())
        for day in sorted(days):
            excused = min(excusable, self.burnt.get(day, 0))
            self.burnt[day] = self.burnt.get(day, 0) - excused
            excusable -= excused
        owed = past.points - sum(past.opened.values()) + excusable
        own = {day: min(points, self.lots.get(day, 0)) for day, points in past.opened.items()}
        owed -= sum(self._take(own, min(owed, sum(own.values()))).values())
        open_points = sum(self.lots.values())
        owed -= sum(self._take(self.lots, min(owed, open_points)).values())
        self.debt += owed

    def _take(self, choice: Mapping[date, int], points: int) -> Lots:
        """Take points out of the lots of these days, the soonest-burning first."""
        taken: Lots = {}
        for day, most in sorted(choice.items()):
            part = min(points, most)
            points -= part
            if part:
                taken[day] = part
        assert points == 0
        for day, part in taken.items():
            self.lots[day] -= part
        self.lots = {day: left for day, left in self.lots.items() if left}
        return taken
