"""Plays a peak to its end: what passes, what waits, and for how long."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from infra.peaks.arrivals import Arrivals
from infra.peaks.stations import Station

ENDLESS_S = 14 * 86_400
"""A play that is not over by then is given up."""


class Endless(Exception):
    """Things come faster than they can pass, for ever."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a peak."""

    passed: int
    seconds: int
    """Until nothing waits and nothing more comes."""
    waiting: int
    """The most that ever waited."""
    behind_s: int
    """How long something waited, all in all."""
    longest_wait_s: int
    """How long the unluckiest waited."""
    loads: dict[str, int]
    """How full each station was at most, in thousandths of the greatest that it can be."""
    held_up: dict[str, int]
    """In how many seconds a station was what the others waited for."""

    @property
    def narrowest(self) -> str:
        """The station that held things up the longest; empty: none did."""
        return max(self.held_up, key=self.held_up.__getitem__, default="")


def play(arrivals: Arrivals, stations: Sequence[Station]) -> Outcome:
    """First come, first served; what cannot pass waits, as a client that tries again does.

    Raises:
        Endless: it does not end.
    """
    passed = waiting = behind_s = longest = oldest = 0
    come: list[int] = []
    loads: Counter[str] = Counter()
    held_up: Counter[str] = Counter()
    while passed < arrivals.total:
        second = len(come)
        if second > ENDLESS_S:
            raise Endless
        come.append(arrivals.by(second, passed))
        lets = {station.name: station.most() for station in stations}
        number = min(come[-1] - passed, *lets.values())
        for station in stations:
            station.passed(number)
            loads[station.name] = max(loads[station.name], station.load())
        passed += number
        if left := come[-1] - passed:
            held_up[min(lets, key=lets.__getitem__)] += 1
            behind_s += 1
            waiting = max(waiting, left)
        while oldest < second and come[oldest] <= passed:
            oldest += 1
        longest = max(longest, second - oldest)
    return Outcome(
        passed=passed,
        seconds=len(come),
        waiting=waiting,
        behind_s=behind_s,
        longest_wait_s=longest,
        loads=dict(loads),
        held_up=dict(held_up),
    )
