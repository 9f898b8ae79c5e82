"""Where the diary stands: a partition per UTC day and shard, its entries in the order of time."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from pynamodb.attributes import UnicodeAttribute

from chalicelib.agenda.model import Entry
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit

_PLACE = "OPEN"


class EntryItem(Item):
    """One thing to do. That it is there means that it is not done."""

    program = UnicodeAttribute()
    kind = UnicodeAttribute()
    ref = UnicodeAttribute()
    due = UnicodeAttribute()

    @property
    def entry(self) -> Entry:
        """What it says."""
        return Entry(self.program, self.kind, self.ref, self.due)


class PlaceItem(Item):
    """The first day that is still open."""

    day = UnicodeAttribute()


def put(entry: Entry) -> Writes:
    """Write an entry; the same again is the same item."""
    return Writes().put(_item(entry), None)


def gone(entry: Entry) -> Writes:
    """Delete an entry: it is done."""
    return Writes().delete(_item(entry))


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Those of the entries that nobody has done yet."""
    found = EntryItem.several(_key(entry) for entry in entries)
    return sorted((item.entry for item in found), key=lambda one: one.due)


def due(day: str, shard: int, until: str) -> Iterator[Entry]:
    """What stands under a day and shard and is due by an instant; strong reads."""
    pk = keys.agenda(day, shard)
    for item in EntryItem.query(pk, EntryItem.sk < f"{until}$", consistent_read=True):
        yield item.entry


def first_open() -> str | None:
    """The first day that is still open; None: no run ever closed one."""
    found = PlaceItem.find(keys.agenda_place(), _PLACE, strong=True)
    return found.day if found else None


def close_before(day: str, was: str | None) -> None:
    """Everything before ``day`` is done; unless another run was faster."""
    condition = PlaceItem.day == was if was else PlaceItem.day.does_not_exist()
    with suppress(ConditionFailed):
        commit(Writes().put(_place(day), condition))


def reopen(day: str) -> None:
    """Let the next run look from a day on, whatever was closed."""
    commit(Writes().put(_place(day), None))


def _place(day: str) -> PlaceItem:
    return PlaceItem(keys.agenda_place(), _PLACE, day=day)


def _item(entry: Entry) -> EntryItem:
    return EntryItem(
        *_key(entry), program=entry.program, kind=entry.kind, ref=entry.ref, due=entry.due
    )


def _key(entry: Entry) -> tuple[str, str]:
    sk = f"{entry.due}#{entry.program}#{entry.kind}#{entry.ref}"
    return keys.agenda(entry.day, entry.shard), sk
