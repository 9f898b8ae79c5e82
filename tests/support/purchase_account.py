"""What purchases and returns should do to an account: a second, naive reading of the ledger's law.

It stands on the naive account of :mod:`tests.support.points`; nothing is imported from the
platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.points import Lots, Model, Past, Refused


@dataclass
class Bought:
    """What one purchase moved."""

    seq: int
    """How many entries there were with it."""
    opened: Lots
    spent: Lots
    swapped: Lots


@dataclass
class Undone:
    """What one return took beside the balance."""

    excused: int = 0
    forgiven: int = 0


@dataclass
class Account(Model):
    """An account of a club whose members buy."""

    confirmed: dict[str, Lots] = field(default_factory=dict)
    """The lots that announced awards opened, by award."""

    def purchase(self, spent: int, earned: int, swapped: int, later: tuple[str, int]) -> Bought:
        """Points pay, points come, points become vouchers, points are announced."""
        if spent and spent > self.available:
            raise Refused(409, "not_enough_points")
        self.burn()
        paid = self._take(self.lots, spent)
        opened = self._earn(earned) if earned else {}
        gone = self._take(self.lots, swapped)
        name, points = later
        if points:
            self.pending[name] = points
        self.entries.append(Past())
        return Bought(len(self.entries), opened, paid, gone)

    def end_pending(self, name: str, end: str) -> None:
        """Announced points come, or never will."""
        super().end_pending(name, end)
        if end == "confirmed":
            self.confirmed[name] = self.entries[-1].opened

    def let_go(self, name: str) -> None:
        """A hold ends with what it was for, in the same transaction."""
        self.burn()
        self.give_back(self.held.pop(name))
        self.entries.append(Past())

    def come_back(
        self,
        back: Mapping[object, int],
        own: Lots,
        since: int,
        points: int,
        later: tuple[str, int],
        *,
        forgiving: bool,
        recouped: int,
    ) -> Undone:
        """Goods come back: spent points return, the award is taken, announced points are fewer."""
        self.burn()
        self.give_back(back)  # type: ignore[arg-type]
        excused, owed = self._take_away(own, since, points + recouped)
        if not forgiving:
            self.debt += owed
        name, less = later
        if less:
            self.pending[name] -= less
            if not self.pending[name]:
                del self.pending[name]
                self.ended[name] = "cancelled"
        self.entries.append(Past())
        return Undone(excused, owed - recouped if forgiving else 0)

    def _take_away(self, own: Lots, since: int, points: int) -> tuple[int, int]:
        days = {day for day, some in own.items() if some}
        for when, day, later in self.moves:
            if when >= since and day in days:
                days.add(later)
        excusable = left = min(points, sum(own.values()))
        for day in sorted(days):
            part = min(left, self.burnt.get(day, 0))
            self.burnt[day] = self.burnt.get(day, 0) - part
            left -= part
        owed = points - (excusable - left)
        mine = {day: min(some, self.lots.get(day, 0)) for day, some in own.items()}
        owed -= sum(self._take(mine, min(owed, sum(mine.values()))).values())
        owed -= sum(self._take(self.lots, min(owed, sum(self.lots.values()))).values())
        return excusable - left, owed
