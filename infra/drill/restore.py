"""Making a table what another one, or an export, says: only what differs is written.

The table keeps its name, its stream, its own recovery and everything that points at it. Nobody else
may write to it meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from infra.drill.compare import BASKETS, Reading, differences, tally
from infra.drill.items import Key, Raw, key_of
from infra.drill.tables import Table

AT_ONCE = 1_000_000
"""Items that are compared one by one at a time; more are compared in several readings."""


@dataclass(frozen=True)
class Done:
    """What was written, or would be."""

    put: int = 0
    deleted: int = 0


def make_equal(target: Table, wanted: Reading, *, write: bool) -> Done:
    """Put what is missing or changed, delete what is too much. May be killed and called again."""
    ours, theirs = tally(wanted()), tally(target.items())
    unlike = sorted(ours.baskets_unlike(theirs))
    if not theirs.total:
        return Done(target.fill(wanted()) if write else ours.total)
    done = Done()
    size = max(1, BASKETS * AT_ONCE // (ours.total + theirs.total + 1))
    for baskets in _in_parts(unlike, size):
        part = _part(target, wanted, set(baskets), write=write)
        done = Done(done.put + part.put, done.deleted + part.deleted)
    return done


def _part(target: Table, wanted: Reading, baskets: set[int], *, write: bool) -> Done:
    found = list(differences(wanted, target.items, baskets))
    puts = {one.key for one in found if one.what != "extra"}
    extra = [one.key for one in found if one.what == "extra"]
    if write:
        target.fill(_only(wanted(), puts))
        target.remove(extra)
    return Done(len(puts), len(extra))


def _only(items: Iterable[Raw], keys: set[Key]) -> Iterator[Raw]:
    return (item for item in items if key_of(item) in keys)


def _in_parts(numbers: list[int], size: int) -> Iterator[list[int]]:
    rest = iter(numbers)
    while part := list(islice(rest, size)):
        yield part
