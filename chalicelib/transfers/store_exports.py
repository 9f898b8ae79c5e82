"""How exports and the places of their parts are stored, and the table's scan behind them.

The table has no list of a program's members: an export reads all of it, in segments side by side,
and keeps what is the program's. That costs half a read unit per 4 KB of the whole table.
"""

from collections.abc import Iterator

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.table import keys, scans
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.scans import Cursor, Raw
from chalicelib.kernel.table.writes import Writes
from chalicelib.transfers.model import SEGMENTS, ExportKind, Format, Written

PAGE_ITEMS = 5_000
"""Items that are read at once, if they do not fill 1 MB before."""
_SORT_KEYS: dict[ExportKind, str] = {
    "members": "MEMBER",
    "balances": "HEAD",
    "entries": "E#",
    "receipts": "RECEIPT",
}


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What an export was ordered to hold."""

    kind: ExportKind
    format: Format
    created_at: str
    created_by: str


class ExportItem(Item):
    """An export; put once: how far it is, its job and its parts tell."""

    order: PackedAttribute[Order] = PackedAttribute(Order)
    job = UnicodeAttribute()

    @property
    def export(self) -> str:
        """Id of the export."""
        return str(self.sk).removeprefix("EXPORT#")

    @property
    def program(self) -> str:
        """Whose it is."""
        return str(self.pk).partition("#")[0]


class PlaceItem(Item):
    """How far one segment of the table has been read, and the files that were written on the way.
    ``version`` counts its changes, so that each rests on the one before.
    """

    version = IntAttribute()
    cursor: PackedAttribute[Cursor] = PackedAttribute(Cursor, null=True)
    over = BooleanAttribute(default=False)
    files: PackedAttribute[tuple[Written, ...]] = PackedAttribute(tuple[Written, ...], default=())


def read(program: str, export: str) -> ExportItem | None:
    """An export, or nothing. A strong read."""
    return ExportItem.find(keys.exports(program), _key(export), strong=True)


def newest(program: str, after: str | None, limit: int) -> Iterator[ExportItem]:
    """A program's exports, newest first."""
    pk = keys.exports(program)
    return ExportItem.below(pk, "EXPORT#", newest_first=True, after=after, limit=limit)


def create(program: str, export: str, order: Order, job: str) -> Writes:
    """A new export."""
    return Writes().put_new(ExportItem(keys.exports(program), _key(export), order=order, job=job))


def place(program: str, export: str, part: int) -> PlaceItem:
    """How far a part is; a new one is at its beginning. A strong read."""
    pk, sk = keys.export_parts(program, export), _part_key(part)
    return PlaceItem.find(pk, sk, strong=True) or PlaceItem(pk, sk, version=0)


def moved(before: PlaceItem, cursor: Cursor | None, files: tuple[Written, ...]) -> Writes:
    """The part got on to ``cursor``, or to its end, if nobody else moved it."""
    now = PlaceItem(before.pk, before.sk, version=before.version + 1)
    now.cursor, now.over, now.files = cursor, cursor is None, (*before.files, *files)
    unmoved = PlaceItem.version == before.version
    return Writes().put(now, unmoved if before.version else PlaceItem.pk.does_not_exist())


def places(program: str, export: str) -> list[PlaceItem]:
    """How far all parts are, in order. Strong reads."""
    return list(PlaceItem.below(keys.export_parts(program, export), "PART#", strong=True))


def scan(
    program: str, kind: ExportKind, part: int, cursor: Cursor | None
) -> tuple[list[Raw], Cursor | None]:
    """Up to 1 MB of a segment of the table beyond a place: the items of the kind, and the next
    place; nothing at the end.
    """
    place = keys.receipt if kind == "receipts" else keys.member
    wanted = scans.Wanted(place(program, ""), _SORT_KEYS[kind], whole=kind != "entries")
    return scans.page(cursor, wanted, segment=part, segments=SEGMENTS, limit=PAGE_ITEMS)


def _key(export: str) -> str:
    return f"EXPORT#{export}"


def _part_key(part: int) -> str:
    return keys.numbered("PART", part)
