"""What a request passes: each station says how many it lets through in a second.

Pure and in whole numbers: a second is played once, and the same play ends the same.
"""

from collections import deque
from typing import Protocol

import msgspec

MILLION = 1_000_000


class Limits(msgspec.Struct, frozen=True):
    """What AWS lets through by default; ``limits.json`` says where it says so."""

    read_on: str
    pages: tuple[str, ...]
    gateway_requests: int
    gateway_burst: int
    functions: int
    """Lambda functions that run at once in an account."""
    functions_more: int
    functions_every_s: int
    writes: int
    """Write units a second of the table."""
    reads: int
    new_table_writes: int
    new_table_reads: int
    doubles_after_s: int
    partition_writes: int
    partition_splits_after_s: int
    """How long a partition is hot before it is split. AWS does not say; it is assumed."""
    pollers: int
    pollers_more_a_minute: int
    pollers_most: int


class Station(Protocol):
    """Something that lets only so much through."""

    name: str

    def most(self) -> int:
        """How many things may pass in this second."""

    def passed(self, number: int) -> None:
        """So many did; the second is over."""

    def load(self) -> int:
        """How full it was in the second that is over, in thousandths."""


class Gateway:
    """A bucket of tokens: a steady rate, and a burst above it."""

    name = "API Gateway"

    def __init__(self, rate: int, burst: int) -> None:
        """Both in requests; the bucket is full."""
        self._rate, self._burst = rate, burst
        self._left, self._load = rate + burst, 0

    def most(self) -> int:
        return self._left

    def passed(self, number: int) -> None:
        self._load = number * 1000 // self._rate
        self._left = min(self._rate + self._burst, self._left - number + self._rate)

    def load(self) -> int:
        return self._load


class Functions:
    """Lambda: so many at once, which grow only so fast."""

    name = "Lambda"

    def __init__(self, limits: Limits, duration_us: int) -> None:
        """``duration_us`` is how long one thing keeps one function."""
        self._limits, self._duration_us = limits, duration_us
        self._ready = min(limits.functions, limits.functions_more)
        self._second, self._load = 0, 0

    def most(self) -> int:
        return self._ready * MILLION // self._duration_us

    def passed(self, number: int) -> None:
        busy = number * self._duration_us // MILLION
        self._load = busy * 1000 // self._limits.functions
        self._second += 1
        if self._second % self._limits.functions_every_s == 0:
            self._ready = min(self._limits.functions, busy + self._limits.functions_more)

    def load(self) -> int:
        return self._load


class Units:
    """The table's write or read units: double what it had half an hour ago, up to its quota."""

    def __init__(self, name: str, limits: Limits, quota: int, new: int, milliunits: int) -> None:
        """``new`` is what it takes before it grew, ``milliunits`` what one thing costs."""
        self.name = name
        self._quota, self._milliunits = quota, milliunits
        self._grown = new
        self._later: deque[int] = deque([0] * limits.doubles_after_s)
        self._highest, self._load = 0, 0

    def most(self) -> int:
        return self._grown * 1000 // self._milliunits if self._milliunits else 10**9

    def passed(self, number: int) -> None:
        units = number * self._milliunits // 1000
        self._load = units * 1000 // self._quota
        self._highest = max(self._highest, units)
        self._later.append(self._highest)
        self._grown = min(self._quota, max(self._grown, 2 * self._later.popleft()))

    def load(self) -> int:
        return self._load


class HotKey:
    """One item or partition that a part of all things need."""

    def __init__(self, name: str, most: int, splits_after_s: int = 0) -> None:
        """``most`` things a second pass; a partition that can be split doubles after a while."""
        self.name = name
        self._most, self._splits_after_s = most, splits_after_s
        self._hot_s, self._load = 0, 0

    def most(self) -> int:
        return self._most

    def passed(self, number: int) -> None:
        self._load = number * 1000 // self._most
        self._hot_s = self._hot_s + 1 if number >= self._most else 0
        if self._splits_after_s and self._hot_s >= self._splits_after_s:
            self._most, self._hot_s = self._most * 2, 0

    def load(self) -> int:
        return self._load


class Pollers:
    """A queue's workers: they begin few and grow by the minute while there is work."""

    name = "the queue's workers"

    def __init__(self, limits: Limits, workers: int, duration_us: int) -> None:
        """``workers`` is the stage's own limit, ``duration_us`` how long one message takes."""
        self._limits, self._duration_us = limits, duration_us
        self._top = min(workers, limits.pollers_most, limits.functions)
        self._now = min(self._top, limits.pollers)
        self._second, self._load, self._owed = 0, 0, 0

    def most(self) -> int:
        return (self._now * MILLION + self._owed) // self._duration_us

    def passed(self, number: int) -> None:
        given = self._now * MILLION + self._owed
        left = given - number * self._duration_us
        # What is left of a second is work begun, unless they stood idle.
        self._owed = left if left < self._duration_us else 0
        self._load = number * self._duration_us // MILLION * 1000 // self._top
        self._second += 1
        if self._second % 60 == 0:
            busy = number * self._duration_us * 10 >= self._now * MILLION * 9
            more = self._limits.pollers_more_a_minute
            self._now = min(self._top, self._now + more) if busy else self._now

    def load(self) -> int:
        return self._load
