"""How pilots are stored: each with its document, compressed like a version."""

import zlib
from collections.abc import Iterator

import msgspec
from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs import store
from chalicelib.programs.model import Program


class PilotItem(Item):
    """A document that judges some members for a while. ``until`` may come nearer, nothing else
    changes but how many they are.
    """

    number = IntAttribute()
    name = UnicodeAttribute()
    document = BinaryAttribute(legacy_encoding=False)
    hash = UnicodeAttribute()
    begins = UnicodeAttribute()
    """RFC 3339 instant in UTC from which it judges."""
    until = UnicodeAttribute()
    """Before which it judges."""
    ended_at = UnicodeAttribute(null=True)
    """When staff ended it; null: they did not."""
    members = IntAttribute(default=0)
    """How many members it was ever given."""
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()

    def judges(self, instant: str) -> bool:
        """Whether it judges what happens at an instant (RFC 3339 in UTC)."""
        return bool(self.begins <= instant < self.until)


def find(program_id: str, number: int, *, strong: bool = False) -> PilotItem | None:
    """A pilot, or nothing."""
    return PilotItem.find(keys.program(program_id), _key(number), strong=strong)


def pilots(
    program_id: str, after: str | None = None, limit: int | None = None, *, strong: bool = False
) -> Iterator[PilotItem]:
    """A program's pilots, newest first."""
    return PilotItem.below(
        keys.program(program_id),
        "PILOT#",
        newest_first=True,
        after=after,
        limit=limit,
        strong=strong,
    )


def newest(program_id: str) -> int:
    """Number of the newest pilot; 0: none. A strong read."""
    return next((int(item.number) for item in pilots(program_id, limit=1, strong=True)), 0)


def put(document: Program, number: int, item: PilotItem, draft: store.DraftItem) -> Writes:
    """A new pilot of a draft, if that is as it was read."""
    packed, digest = store.pack(msgspec.structs.replace(document, version=0))
    item.pk, item.sk = keys.program(document.id), _key(number)
    item.number, item.document, item.hash = number, packed, digest
    writes = Writes().put_new(item)
    return writes.check(draft, store.DraftItem.hash == draft.hash)


def ended(found: PilotItem, until: str, at: str) -> Writes:
    """The pilot over from an instant on, if nobody ended it before."""
    return Writes().update(
        found,
        [PilotItem.until.set(until), PilotItem.ended_at.set(at)],
        PilotItem.until == found.until,
    )


def grown(found: PilotItem, members: int) -> Writes:
    """So many members more, while it is not over."""
    return Writes().update(found, [PilotItem.members.add(members)], PilotItem.until == found.until)


def unpack(item: PilotItem, version: int) -> Program:
    """A pilot's document under a version number."""
    plain = zlib.decompress(item.document)
    return msgspec.structs.replace(msgspec.json.decode(plain, type=Program), version=version)


def _key(number: int) -> str:
    return keys.numbered("PILOT", number)
