"""What all members of a program are told of its versions: one item for all, not one for each.

Members read the items beside their own notifications, in the order of time. An item is written when
a version is published and seen from its notice date on, so that no schedule has to do anything.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.schedule import Scheduled, overtakes

What = Literal["announced", "withdrawn"]
_LAST = "~"
"""Sorts after whatever follows an instant in a key."""


class Other(msgspec.Struct, frozen=True):
    """Another version that is touched."""

    version: int
    effective_at: str


class AnnouncementItem(Item):
    """A version was announced or withdrawn; put once."""

    at = UnicodeAttribute()
    code = UnicodeAttribute()
    version = IntAttribute()
    base = IntAttribute()
    """The version that it takes over from."""
    effective_at = UnicodeAttribute()
    others: PackedAttribute[tuple[Other, ...]] = PackedAttribute(tuple[Other, ...])
    """Of an announcement: versions that will not come because of it; of a withdrawal: those that
    come again."""


def newest(
    program_id: str, until: str, after: str | None = None, limit: int | None = None
) -> Iterator[AnnouncementItem]:
    """What was announced until an instant, newest first, beyond the sort key ``after``."""
    top = f"N#{until}{_LAST}"
    beyond = min(after, top) if after else top
    pk = keys.announcements(program_id)
    return AnnouncementItem.below(pk, "N#", newest_first=True, after=beyond, limit=limit)


def announced(
    program_id: str, row: Scheduled, base: Scheduled, known: Sequence[Scheduled]
) -> Writes:
    """A version was published; members see it from its notice date on."""
    item = _item(program_id, row, "announced", row.notice_at)
    item.base, item.others = base.number, _others(known, row)
    return Writes().put_new(item)


def withdrawn(
    program_id: str, row: Scheduled, base: Scheduled, left: Sequence[Scheduled], now: str
) -> Writes:
    """A version was withdrawn."""
    if row.notice_at > now:
        return Writes().delete(_item(program_id, row, "announced", row.notice_at))
    item = _item(program_id, row, "withdrawn", now)
    item.base, item.others = base.number, _others(left, row)
    return Writes().put_new(item)


def _item(program_id: str, row: Scheduled, what: What, at: str) -> AnnouncementItem:
    return AnnouncementItem(
        keys.announcements(program_id),
        keys.numbered(f"N#{at}#{what}", row.number),
        at=at,
        code=f"version.{what}",
        version=row.number,
        effective_at=row.effective_at,
    )


def _others(rows: Sequence[Scheduled], row: Scheduled) -> tuple[Other, ...]:
    return tuple(Other(one.number, one.effective_at) for one in overtakes(rows, row))
