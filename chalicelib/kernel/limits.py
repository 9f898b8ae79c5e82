"""Counters of wrong or costly tries, in fixed windows, and the lock they trip.

Counting is an ``ADD``: after a lost reply it may count once too often, which errs on the safe
side. The check before a try reads through a cache of a few seconds per process, so that the honest
path costs no read each time.
"""

import threading
from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit

CACHE_FOR = timedelta(seconds=5)
CACHE_SIZE = 20_000


class Tries(Item):
    """How many tries one subject made in one window."""

    tried = IntAttribute()
    kind = UnicodeAttribute()
    ttl = IntAttribute()


class Limit:
    """At most ``most`` tries of one kind per subject in each window."""

    def __init__(self, kind: str, most: int, window: timedelta) -> None:
        """``kind`` names the counter; windows are aligned to the epoch in UTC."""
        self.kind = kind
        self.most = most
        self.window = window
        self._seen: dict[tuple[str, str, str], tuple[datetime, int]] = {}
        self._lock = threading.Lock()

    def retry_after(
        self, program: str, subject: str, at: datetime, *, most: int | None = None
    ) -> int:
        """Seconds until the subject may try again; 0 when it may now."""
        if self._count(program, subject, at) < (self.most if most is None else most):
            return 0
        return max(1, int((self._start(at) + self.window - at).total_seconds()))

    def count(self, program: str, subject: str, at: datetime) -> int:
        """Count one try and return the number in this window. One write unit."""
        item = self._item(program, subject, at)
        item.update(
            actions=[
                Tries.tried.add(1),
                Tries.kind.set(self.kind),
                Tries.ttl.set(int((at + 2 * self.window).timestamp())),
            ]
        )
        self._keep(program, subject, at, item.tried)
        return item.tried

    def take(self, program: str, subject: str, at: datetime) -> int:
        """Count one try that goes ahead if it may: 0, or the seconds until the subject may again.

        One write unit. Tries at the same time cannot be more than there may be.
        """
        if self.count(program, subject, at) <= self.most:
            return 0
        return self.retry_after(program, subject, at)

    def give_back(self, program: str, subject: str, at: datetime, counted: int) -> None:
        """Take back the try that :meth:`count` gave the number ``counted``: it was right.

        Two write units. When others tried meanwhile it stays counted, on the safe side.
        """
        item = self._item(program, subject, at)
        try:
            commit(Writes().update(item, [Tries.tried.set(counted - 1)], Tries.tried == counted))
        except ConditionFailed:
            return
        self._keep(program, subject, at, counted - 1)

    def _count(self, program: str, subject: str, at: datetime) -> int:
        seen = self._seen.get((program, subject, self._window(at)))
        if seen and timedelta(0) <= at - seen[0] < CACHE_FOR:
            return seen[1]
        key = self._item(program, subject, at)
        stored = Tries.find(key.pk, key.sk)
        number = stored.tried if stored else 0
        self._keep(program, subject, at, number)
        return number

    def _keep(self, program: str, subject: str, at: datetime, number: int) -> None:
        with self._lock:
            if len(self._seen) >= CACHE_SIZE:
                self._seen.clear()
            self._seen[program, subject, self._window(at)] = (at, number)

    def _item(self, program: str, subject: str, at: datetime) -> Tries:
        hashed = keyed_hash(settings(), "tries", self.kind, subject)[:32]
        return Tries(keys.tries(program, self.kind, hashed), self._window(at))

    def _start(self, at: datetime) -> datetime:
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, at.tzinfo)

    def _window(self, at: datetime) -> str:
        return self._start(at).strftime("%Y%m%dT%H%M%SZ")
