"""Who comes when. Pure and in whole numbers."""

from collections.abc import Sequence
from typing import Protocol


class Arrivals(Protocol):
    """Things that come by and by."""

    total: int

    def by(self, second: int, passed: int) -> int:
        """How many have come by the end of a second, of which so many have passed."""


class Evenly:
    """So many, spread evenly over so many seconds."""

    def __init__(self, total: int, lasts_s: int) -> None:
        """``lasts_s`` is at least 1."""
        self.total, self._lasts_s = total, lasts_s

    def by(self, second: int, passed: int) -> int:
        return self.total * min(second + 1, self._lasts_s) // self._lasts_s


class ByHours:
    """So many in a day, by the weight of each of its hours."""

    def __init__(self, total: int, weights: Sequence[int]) -> None:
        """One weight for each hour."""
        self.total, self._weights = total, tuple(weights)
        self._before = [sum(weights[:hour]) for hour in range(len(weights) + 1)]

    def by(self, second: int, passed: int) -> int:
        hour, rest = divmod(second + 1, 3600)
        if hour >= len(self._weights):
            return self.total
        weight = self._before[hour] * 3600 + self._weights[hour] * rest
        return self.total * weight // (self._before[-1] * 3600)


class Diary:
    """Pages of the agenda: each minute a run sends what stands, unless enough is on its way.

    What is on its way stands until it is done, so a run sends it again; that is no new work.
    """

    def __init__(self, total: int, most: int, busy: int) -> None:
        """All in pages: what is due, the most that a run sends, and with how many on their way it
        sends none.
        """
        self.total, self._most, self._busy = total, most, busy
        self._sent = 0

    def by(self, second: int, passed: int) -> int:
        if second % 60 == 0 and self._sent - passed <= self._busy:
            self._sent = min(self.total, max(self._sent, passed + self._most))
        return self._sent
