"""How settlements and the sums of their parts are stored, and the scan behind them."""

from collections.abc import Iterator

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.table import keys, scans
from chalicelib.kernel.table.items import (
    CompressedAttribute,
    IntAttribute,
    Item,
    PackedAttribute,
)
from chalicelib.kernel.table.scans import Cursor
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import store as ledger
from chalicelib.ledger.model import Entry
from chalicelib.settlement.model import Sums

SEGMENTS = 16
"""Parts of the table that are read side by side."""
PAGE_ITEMS = 5_000
"""Items that are passed at once, if they do not fill 1 MB before."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What was ordered."""

    month: str
    since: str
    """The instant with which the month begins in the program's zone."""
    until: str
    """The instant with which the next month begins."""
    currency: str
    created_at: str
    created_by: str


class SettlementItem(Item):
    """A settlement; put once: how far it is, its job and its parts tell."""

    order: PackedAttribute[Order] = PackedAttribute(Order)
    job = UnicodeAttribute()

    @property
    def settlement(self) -> str:
        """Id of the settlement."""
        return str(self.sk).removeprefix("SETTLEMENT#")

    @property
    def program(self) -> str:
        """Whose it is."""
        return str(self.pk).partition("#")[0]


class PlaceItem(Item):
    """How far one segment of the table has been read, and what its entries come to so far.
    ``version`` counts its changes, so that each rests on the one before.
    """

    version = IntAttribute()
    cursor: PackedAttribute[Cursor] = PackedAttribute(Cursor, null=True)
    over = BooleanAttribute(default=False)
    sums: CompressedAttribute[Sums] = CompressedAttribute(Sums)


def read(program: str, settlement: str) -> SettlementItem | None:
    """A settlement, or nothing. A strong read."""
    return SettlementItem.find(keys.settlements(program), _key(settlement), strong=True)


def newest(program: str, after: str | None, limit: int) -> Iterator[SettlementItem]:
    """A program's settlements, newest first."""
    pk = keys.settlements(program)
    return SettlementItem.below(pk, "SETTLEMENT#", newest_first=True, after=after, limit=limit)


def create(program: str, settlement: str, order: Order, job: str) -> Writes:
    """A new settlement."""
    item = SettlementItem(keys.settlements(program), _key(settlement), order=order, job=job)
    return Writes().put_new(item)


def place(program: str, settlement: str, part: int) -> PlaceItem:
    """How far a part is; a new one is at its beginning. A strong read."""
    pk, sk = keys.settlement_parts(program, settlement), keys.numbered("PART", part)
    return PlaceItem.find(pk, sk, strong=True) or PlaceItem(pk, sk, version=0, sums=Sums())


def moved(before: PlaceItem, cursor: Cursor | None, sums: Sums) -> Writes:
    """The part got on to ``cursor``, or to its end, if nobody else moved it."""
    now = PlaceItem(before.pk, before.sk, version=before.version + 1)
    now.cursor, now.over, now.sums = cursor, cursor is None, sums
    unmoved = PlaceItem.version == before.version
    return Writes().put(now, unmoved if before.version else PlaceItem.pk.does_not_exist())


def sums(program: str, settlement: str) -> list[Sums]:
    """What each part has come to, in order. Strong reads."""
    found = PlaceItem.below(keys.settlement_parts(program, settlement), "PART#", strong=True)
    return [one.sums for one in found]


def entries(
    program: str, order: Order, part: int, cursor: Cursor | None
) -> tuple[list[Entry], Cursor | None]:
    """The month's entries of a page of a segment of the table, and the next cursor."""
    wanted = scans.Wanted(keys.member(program, ""), "E#", since=order.since, until=order.until)
    images, after = scans.page(cursor, wanted, segment=part, segments=SEGMENTS, limit=PAGE_ITEMS)
    found = [ledger.EntryItem.from_raw_data(raw) for raw in images]
    return [ledger.from_item(one, program, _member(one)) for one in found], after


def _member(item: ledger.EntryItem) -> str:
    return str(item.pk).rpartition("#")[2]


def _key(settlement: str) -> str:
    return f"SETTLEMENT#{settlement}"
