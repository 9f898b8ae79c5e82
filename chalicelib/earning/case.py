"""One event being judged: what conditions and effects look at, each thing worked out once."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.earning.model import Event
from chalicelib.earning.selectors import Selectors
from chalicelib.programs.birthdays import LeapDay
from chalicelib.programs.rules_conditions import WEEKDAYS


class Case:
    """An event in the program's own time, with the lines of every selection."""

    __slots__ = (
        "_all",
        "_chosen",
        "_sums",
        "day",
        "due",
        "event",
        "leap_day",
        "minute",
        "paid",
        "taken",
        "weekday",
    )

    def __init__(self, event: Event, zone: ZoneInfo, leap_day: LeapDay = "february_28") -> None:
        """Nothing is discounted yet, and no selection made."""
        local: datetime = event.at.astimezone(zone)
        self.event = event
        self.leap_day = leap_day
        self.day: date = local.date()
        self.minute = local.hour * 60 + local.minute
        self.weekday = WEEKDAYS[local.weekday()]
        self.paid = [line.paid for line in event.lines]
        """What was paid for each line, before rules' discounts."""
        self.due = self.paid
        """What is to be paid for each line after the discounts found so far."""
        self.taken: list[int] = []
        """For each line the set of selections that take it, once :meth:`select` was called."""
        self._all = list(range(len(self.paid)))
        self._chosen: dict[int, list[int]] = {}
        self._sums: dict[int, int] = {}

    def select(self, selectors: Selectors) -> int:
        """Make every selection; returns the set of those that take a line."""
        self.taken = selectors.of_lines(self.event.lines)
        found = 0
        for taken in self.taken:
            found |= taken
        return found

    def chosen(self, selector: int) -> list[int]:
        """Places of the lines that a selection takes."""
        if not selector:
            return self._all
        found = self._chosen.get(selector)
        if found is None:
            bit = 1 << selector
            found = [place for place, taken in enumerate(self.taken) if taken & bit]
            self._chosen[selector] = found
        return found

    def amount(self, selector: int) -> int:
        """What is to be paid for the selection, after discounts."""
        found = self._sums.get(selector)
        if found is None:
            due = self.due
            found = sum([due[place] for place in self.chosen(selector)])
            self._sums[selector] = found
        return found

    def pieces(self, selector: int) -> int:
        """Pieces of the selection."""
        lines = self.event.lines
        return sum([lines[place].quantity for place in self.chosen(selector)])

    def reduce(self, shares: Iterable[tuple[int, int]]) -> None:
        """Take so much off lines."""
        self.due = list(self.due)
        for place, amount in shares:
            self.due[place] -= amount
        self._sums.clear()
