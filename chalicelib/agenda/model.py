"""What is due, and who does it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from zlib import crc32

import msgspec

SHARDS = 16
"""Of a day: a partition takes a thousand writes a second, and the turn of a month is everybody's.
"""
PAGE = 25
"""Entries that a worker takes together."""
GRACE = timedelta(minutes=15)
"""A day is closed this long after its end: clocks differ, and a transaction may be on its way."""


class Entry(msgspec.Struct, frozen=True):
    """One thing to do at an instant."""

    program: str
    kind: str
    """``<room>.<what>``: who does it."""
    ref: str
    """Whom or what it concerns, mostly a member."""
    due: str
    """RFC 3339 in UTC."""

    @property
    def day(self) -> str:
        """The UTC day under which it stands."""
        return self.due[:10]

    @property
    def shard(self) -> int:
        """Its part of the day."""
        return crc32(f"{self.program}#{self.ref}".encode()) % SHARDS


class Page(msgspec.Struct, frozen=True):
    """Entries that a worker takes together."""

    entries: tuple[Entry, ...]


Handler = Callable[[Entry, datetime], datetime | None]
"""Looks what is true now, does what is due in transactions of its own, and says when it wants to be
called again for the same thing; None: done. It may be called never, late, twice or twice at once,
and the result must be the same.
"""
Handlers = Mapping[str, Handler]


def alternately(shards: Iterable[Iterable[Entry]]) -> Iterator[Entry]:
    """One entry of each shard in turn, so that no worker has work in one partition alone."""
    return (entry for turn in zip_longest(*shards) for entry in turn if entry is not None)


def pages(entries: Sequence[Entry]) -> list[Page]:
    """What workers take together."""
    return [Page(tuple(entries[n : n + PAGE])) for n in range(0, len(entries), PAGE)]


def days(first: str, last: date) -> list[str]:
    """The days from the first open one up to and with the last, as ISO dates."""
    start = date.fromisoformat(first)
    return [(start + timedelta(days=n)).isoformat() for n in range((last - start).days + 1)]


def is_over(day: str, at: datetime) -> bool:
    """Whether nothing can be written under a day any more."""
    return (at - GRACE).astimezone(UTC).date() > date.fromisoformat(day)
