"""Whether two lots of items are the same, in little memory however many there are.

Each item falls by its key into one of some thousand baskets; equal lots have the same sum of hashes
in every basket. Only where sums differ are items looked at one by one, in a second reading.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.kernel.table.patterns import kind_of, patterns_of
from infra.drill.items import Key, Raw, digest, key_of

BASKETS = 4096
_MODULUS = 2**256
Reading = Callable[[], Iterable[Raw]]
"""Reads a lot of items from its beginning; called twice when something differs."""


@dataclass
class Tally:
    """What a lot of items comes to."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Items by kind."""
    points: Counter[str] = field(default_factory=Counter)
    """Points that members hold, by program."""
    moved: Counter[str] = field(default_factory=Counter)
    """Sum of all entries, by program: the same, if the books are right."""
    sums: list[int] = field(default_factory=lambda: [0] * BASKETS)

    def add(self, item: Raw) -> None:
        """Count an item."""
        key = key_of(item)
        kind, program = kind_of(key), key[0].partition("#")[0]
        self.kinds[kind] += 1
        if kind == "account head":
            self.points[program] += _whole(item["balance"])
        if kind == "entry":
            self.moved[program] += _whole(item["points"])
        at = _basket(key)
        self.sums[at] = (self.sums[at] + int.from_bytes(digest(item), "big")) % _MODULUS

    @property
    def total(self) -> int:
        """How many items."""
        return self.kinds.total()

    def baskets_unlike(self, other: "Tally") -> set[int]:
        """The baskets that differ."""
        return {at for at in range(BASKETS) if self.sums[at] != other.sums[at]}


@dataclass(frozen=True)
class Difference:
    """An item that is not the same in both lots."""

    key: Key
    what: str
    """``missing``, ``extra`` or ``changed`` in the second lot."""

    @property
    def told(self) -> str:
        """Which item it is; of one that may name a person, no more than its kind and a hash."""
        kind = kind_of(self.key)
        if any(one.personal == "yes" for one in patterns_of(self.key)):
            return f"{kind} {hashlib.sha256(repr(self.key).encode()).hexdigest()[:12]}"
        return f"{kind} {' '.join(self.key)}"


def tally(items: Iterable[Raw]) -> Tally:
    """Count a lot of items."""
    found = Tally()
    for item in items:
        found.add(item)
    return found


def differences(first: Reading, second: Reading, baskets: set[int]) -> Iterator[Difference]:
    """The items in these baskets that are not the same, by their keys; reads both lots."""
    ours, theirs = _within(first(), baskets), _within(second(), baskets)
    for key in sorted(ours.keys() | theirs.keys()):
        if key not in theirs:
            yield Difference(key, "missing")
        elif key not in ours:
            yield Difference(key, "extra")
        elif ours[key] != theirs[key]:
            yield Difference(key, "changed")


def _within(items: Iterable[Raw], baskets: set[int]) -> dict[Key, bytes]:
    return {key_of(item): digest(item) for item in items if _basket(key_of(item)) in baskets}


def _whole(value: dict[str, str]) -> int:
    return int(Decimal(value["N"]))  # exports may write a whole number as 100.0 or 1E+2


def _basket(key: Key) -> int:
    return int.from_bytes(hashlib.sha256("\x1f".join(key).encode()).digest()[:4], "big") % BASKETS
