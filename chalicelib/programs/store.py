"""A program's items: head with the schedule of versions, draft, and the versions, compressed."""

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime

import msgspec
from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs import store_announcements as told
from chalicelib.programs.model import Program
from chalicelib.programs.schedule import Scheduled, base_of

SCHEDULED = 32
"""How many of the newest versions the head knows; older ones are found among the versions."""


class ListItem(Item):
    """One row of the platform's list of programs."""

    created_at = UnicodeAttribute()


class HeadItem(Item):
    """The newest versions of a program; what decides which one is in force."""

    schedule: PackedAttribute[tuple[Scheduled, ...]] = PackedAttribute(tuple[Scheduled, ...])
    newest = IntAttribute()


class DraftItem(Item):
    """The document that staff work on; it stays after publishing as the start of the next."""

    document = BinaryAttribute(legacy_encoding=False)
    hash = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    approvals_by = UnicodeAttribute(default="")
    """Who set what staff cannot do alone to what it is; empty: who changed the draft last."""

    @property
    def set_by(self) -> str:
        """Who set what staff cannot do alone to what the draft says, whoever changed it since."""
        return self.approvals_by or self.changed_by


class VersionItem(Item):
    """A published document; put once, and never changed but for its withdrawal."""

    number = IntAttribute()
    document = BinaryAttribute(legacy_encoding=False)
    hash = UnicodeAttribute()
    effective_at = UnicodeAttribute()
    notice_at = UnicodeAttribute()
    published_at = UnicodeAttribute()
    published_by = UnicodeAttribute()
    withdrawn_at = UnicodeAttribute(null=True)
    """When staff took it back before it was in force; all else stays as published."""
    withdrawn_by = UnicodeAttribute(null=True)


def head(program_id: str, *, strong: bool = False) -> HeadItem | None:
    """The head, or None while nothing is published. 0.5 read units."""
    return HeadItem.find(keys.program(program_id), "HEAD", strong=strong)


def draft(program_id: str) -> DraftItem | None:
    """The draft; None only if there is no such program. A strong read."""
    return DraftItem.find(keys.program(program_id), "DRAFT", strong=True)


def version(program_id: str, number: int, *, strong: bool = False) -> VersionItem | None:
    """One published version."""
    return VersionItem.find(keys.program(program_id), keys.numbered("V", number), strong=strong)


def versions(
    program_id: str, after: str | None = None, limit: int | None = None
) -> Iterator[VersionItem]:
    """The published versions, newest first, beyond the sort key ``after``."""
    return VersionItem.below(
        keys.program(program_id), "V#", newest_first=True, after=after, limit=limit
    )


def newest(program_id: str) -> Program | None:
    """The newest published document that stands, in force or not. A strong read."""
    item = before_number(program_id, None)
    return unpack(item.document) if item else None


def before_number(program_id: str, number: int | None) -> VersionItem | None:
    """The version that stands with the highest number, below ``number`` if one is given."""
    found = VersionItem.below(
        keys.program(program_id),
        "V#",
        newest_first=True,
        after=keys.numbered("V", number) if number is not None else None,
        strong=True,
        at_once=1,
    )
    return next((item for item in found if not item.withdrawn_at), None)


def versions_before(program_id: str, number: int) -> Iterator[VersionItem]:
    """The published versions below a number that stand, newest first."""
    below = versions(program_id, after=keys.numbered("V", number))
    return (item for item in below if not item.withdrawn_at)


def listed() -> Iterator[str]:
    """The ids of all programs of the platform, published or not."""
    return (item.sk.removeprefix("P#") for item in ListItem.below(keys.programs(), "P#"))


def created_at(program_id: str) -> str | None:
    """Since when there is a program of this name, published or not. 0.5 read units."""
    found = ListItem.find(keys.programs(), f"P#{program_id}")
    return found.created_at if found else None


def pack(document: Program) -> tuple[bytes, str]:
    """A document compressed, and the SHA-256 of its plain form."""
    plain = msgspec.json.encode(document, order="deterministic")
    return zlib.compress(plain, 9), hashlib.sha256(plain).hexdigest()


def unpack(packed: bytes) -> Program:
    """The inverse of :func:`pack`."""
    return msgspec.json.decode(zlib.decompress(packed), type=Program)


def put_draft(
    document: Program, before: DraftItem | None, changed_by: str, approvals_by: str, at: datetime
) -> tuple[Writes, DraftItem]:
    """Replace the draft that was read, or create the program with its first one."""
    packed, digest = pack(document)
    item = DraftItem(
        keys.program(document.id),
        "DRAFT",
        document=packed,
        hash=digest,
        changed_at=render(at),
        changed_by=changed_by,
        approvals_by=approvals_by,
    )
    writes = Writes()
    if before is None:
        row = ListItem(keys.programs(), f"P#{document.id}", created_at=render(at))
        return writes.put_new(item).put_new(row), item
    return writes.put(item, _is(before)), item


def put_version(
    document: Program, item: VersionItem, head_before: HeadItem | None, draft: DraftItem | None
) -> Writes:
    """Publish ``item``: the version, the head that knows it, if the head is as it was read, and
    what members will be told of it.

    So must the draft be, unless it is written in the same transaction (``draft`` is None).
    """
    packed, digest = pack(document)
    pk = keys.program(document.id)
    item.pk, item.sk = pk, keys.numbered("V", document.version)
    item.number, item.document, item.hash = document.version, packed, digest
    known = head_before.schedule if head_before else ()
    row = Scheduled(document.version, item.effective_at, digest, item.notice_at)
    head_now = HeadItem(pk, "HEAD", schedule=(*known, row)[-SCHEDULED:], newest=document.version)
    writes = Writes().put_new(item).put(head_now, _as_read(head_before))
    base = base_of(known, row)
    if base is not None:
        writes += told.announced(document.id, row, base, known)
    return writes.check(draft, _is(draft)) if draft else writes


def withdraw(item: VersionItem, head_before: HeadItem, author: str, at: datetime) -> Writes:
    """Take a version out of the schedule for good. Who was told of it is told of this too; of what
    nobody was told yet, nobody hears.
    """
    program_id = item.pk.partition("#")[0]
    row = Scheduled(item.number, item.effective_at, item.hash, item.notice_at)
    left = tuple(one for one in head_before.schedule if one.number != item.number)
    head_now = HeadItem(item.pk, "HEAD", schedule=left, newest=head_before.newest)
    now = render(at)
    taken = [VersionItem.withdrawn_at.set(now), VersionItem.withdrawn_by.set(author)]
    writes = Writes().update(item, taken, VersionItem.withdrawn_at.does_not_exist())
    writes.put(head_now, _as_read(head_before))
    base = base_of(left, row)
    if base is not None:
        writes += told.withdrawn(program_id, row, base, left, now)
    return writes


def _as_read(head_before: HeadItem | None) -> Condition:
    if head_before is None:
        return HeadItem.pk.does_not_exist()
    both: Condition = (HeadItem.newest == head_before.newest) & (
        HeadItem.schedule == head_before.schedule
    )
    return both


def _is(draft: DraftItem) -> Condition:
    # Not by its content alone: the same again, by somebody else, is another draft for four eyes.
    same: Condition = DraftItem.hash == draft.hash
    same &= DraftItem.changed_at == draft.changed_at
    same &= DraftItem.changed_by == draft.changed_by
    return same
