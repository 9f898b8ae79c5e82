"""What stands in the table of some clubs, to be looked at after each try and put back."""

from chalicelib.kernel.table import keys
from tests.support import stored
from tests.support.stored import Stored
from tests.support.wire import Wire

SHARED = (keys.programs(), keys.windows(), keys.open_jobs(), keys.sweep())
"""Partitions of all programs; what is a program's own is told by the sort key."""


class Kept:
    """The items of some clubs. Only partitions written since the last look are read: the wire sees
    every write.
    """

    def __init__(self, wire: Wire) -> None:
        """``wire`` must be tapped before anything of these clubs is made."""
        self.wire = wire
        self.clubs: set[str] = set()
        """Ids of the clubs that are looked at."""
        self.before: Stored = {}
        """What there was when everything had just been made."""
        self._now: Stored = {}
        wire.written.clear()

    def dump(self) -> Stored:
        """Everything in the table that is these clubs'."""
        written, self.wire.written = self.wire.written, set()
        self._now = {key: item for key, item in self._now.items() if key[0] not in written}
        for pk in written:
            self._now |= {stored.key_of(one): one for one in stored.partition(pk) if self._own(one)}
        return self._now

    def put_back(self) -> None:
        """Put the table back to the beginning."""
        stored.put_back(self.before, self.dump())
        self.wire.written.clear()
        self._now = self.before

    def _own(self, item: stored.Image) -> bool:
        pk, sk = stored.key_of(item)
        if not pk.startswith("_#"):
            return not self.clubs.isdisjoint(pk.split("#"))
        if pk.startswith("_#AGENDA"):
            return not self.clubs.isdisjoint(sk.split("#"))
        # Nobody else makes tags and staff of the platform while a world is watched.
        if pk in SHARED:
            return not self.clubs.isdisjoint(sk.split("#"))
        return not pk.startswith("_#AUDIT#")
