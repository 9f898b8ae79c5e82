"""How sellers are stored: one item in the member's partition, and a queue of those who wait."""

from collections.abc import Iterator
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.sellers.model import PhoneCall, Place, Seller

SELLER = "SELLER"


class SellerItem(Item):
    """For whom a member sells, or wants to."""

    sells_for: PackedAttribute[Place | None] = PackedAttribute(Place, null=True)
    asked: PackedAttribute[Place | None] = PackedAttribute(Place, null=True)
    asked_at = UnicodeAttribute(default="")
    refusal = UnicodeAttribute(default="")
    calls: PackedAttribute[tuple[PhoneCall, ...]] = PackedAttribute(
        tuple[PhoneCall, ...], default=()
    )
    version = IntAttribute()


class WaitingItem(Item):
    """That a seller waits for a call; deleted when it is decided."""

    member = UnicodeAttribute()


_FIELDS = tuple(name for name in Seller.__struct_fields__ if name not in ("program", "member"))


def read(program: str, member: str) -> Seller:
    """A member as a seller; version 0 when they never asked to be one. A strong read."""
    item = SellerItem.find(keys.member(program, member), SELLER, strong=True)
    told: dict[str, Any] = {name: getattr(item, name) for name in _FIELDS} if item else {}
    return Seller(program=program, member=member, **told)


def waiting(program: str, after: str | None, limit: int | None) -> Iterator[WaitingItem]:
    """Who waits for a call, the longest first, beyond the sort key ``after``."""
    return WaitingItem.below(keys.sellers(program), "S#", after=after, limit=limit, strong=True)


def changed(before: Seller, after: Seller) -> Writes:
    """The seller as they are now, if nobody changed them meanwhile; the queue with it."""
    same = (
        SellerItem.version == before.version if before.version else SellerItem.pk.does_not_exist()
    )
    told = {name: getattr(after, name) for name in _FIELDS}
    writes = Writes().put(
        SellerItem(keys.member(after.program, after.member), SELLER, **told), same
    )
    if before.asked is not None and after.asked is None:
        writes.delete(_row(before))
    if before.asked is None and after.asked is not None:
        writes.put_new(_row(after))
    return writes


def _row(of: Seller) -> WaitingItem:
    return WaitingItem(keys.sellers(of.program), f"S#{of.asked_at}#{of.member}", member=of.member)
