"""How upgrades, the places of their parts and the items that they rewrite are stored."""

from collections.abc import Sequence
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from pynamodb.attributes import BooleanAttribute

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys, scans
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute, client
from chalicelib.kernel.table.patterns import begin, named, patterns_of
from chalicelib.kernel.table.scans import Cursor
from chalicelib.kernel.table.writes import Writes
from chalicelib.upgrades.model import Counts, Mode, Pass, Raw, Record, Shape, difference

SEGMENTS = 16
"""Parts of the table that are read side by side."""
PAGE_ITEMS = 500
"""Items that are passed at once, if they do not fill 1 MB before."""
_RECORD = "RECORD"
_PREFIX: dict[Mode, str] = {"check": "CHECK", "run": "PART"}


class UpgradeItem(Item):
    """What became of one upgrade. ``version`` counts its changes."""

    version = IntAttribute()
    record: PackedAttribute[Record] = PackedAttribute(Record)


class Place(msgspec.Struct, frozen=True):
    """How far one part of a pass is, and what it has met."""

    of: int = 0
    """The number of the pass."""
    cursor: dict[str, Any] = {}
    """Empty: at the beginning."""
    counts: Counts = Counts()
    samples: tuple[tuple[Shape, ...], ...] = ()


class PlaceItem(Item):
    """The stored place. ``version`` counts its changes, so that each rests on the one before."""

    version = IntAttribute()
    over = BooleanAttribute(default=False)
    place: PackedAttribute[Place] = PackedAttribute(Place)


def read(upgrade: int) -> UpgradeItem:
    """What became of an upgrade; not stored yet: nothing did. A strong read."""
    found = UpgradeItem.find(keys.upgrade(upgrade), _RECORD, strong=True)
    return found or UpgradeItem(keys.upgrade(upgrade), _RECORD, version=0, record=Record())


def write(before: UpgradeItem, after: Record) -> Writes:
    """The record as it is now, unless somebody else changed it."""
    item = UpgradeItem(before.pk, before.sk, version=before.version + 1, record=after)
    return Writes().put(item, _unmoved(before, UpgradeItem))


def place(upgrade: int, now: Pass, part: int) -> PlaceItem:
    """How far a part of a pass is; that of an earlier pass counts as the beginning. Strong."""
    pk, sk = keys.upgrade(upgrade), keys.numbered(_PREFIX[now.mode], part)
    item = PlaceItem.find(pk, sk, strong=True) or PlaceItem(pk, sk, version=0, place=Place())
    if item.place.of != now.number:
        item.place, item.over = Place(now.number), False
    return item


def places(upgrade: int, now: Pass) -> list[PlaceItem]:
    """How far every part is that has got anywhere in a pass. Strong reads."""
    found = PlaceItem.below(keys.upgrade(upgrade), f"{_PREFIX[now.mode]}#", strong=True)
    return [item for item in found if item.place.of == now.number]


def move(before: PlaceItem, after: Place, *, over: bool) -> Writes:
    """The part got on, if nobody else moved it."""
    item = PlaceItem(before.pk, before.sk, version=before.version + 1, over=over, place=after)
    return Writes().put(item, _unmoved(before, PlaceItem))


def page(kind: str, cursor: Cursor, part: int) -> tuple[list[Raw], Cursor | None]:
    """The items of a kind on a page of a segment of the table, and the next cursor."""
    pattern = named(kind)
    wanted = scans.Wanted(begin(pattern.pk), begin(pattern.sk))
    found, after = scans.page(cursor, wanted, segment=part, segments=SEGMENTS, limit=PAGE_ITEMS)
    return [item for item in found if pattern in patterns_of(_key(item))], after


def again(item: Raw) -> Raw | None:
    """An item as it is now, or nothing: a strong read."""
    where = {name: item[name] for name in ("pk", "sk")}
    answer = client().get_item(TableName=settings().table, Key=where, ConsistentRead=True)
    found: Raw | None = answer.get("Item")
    return found


def rewrite(before: Raw, after: Raw) -> bool:
    """Change an item in its place, if it stands just as it was read; whether it did.

    One unit per KB: a single conditional write, no transaction.
    """
    sets, removed = difference(before, after)
    names = {f"#{at}": name for at, name in enumerate(dict.fromkeys([*before, *sets]))}
    known = {name: alias for alias, name in names.items()}
    values = {f":was{known[name][1:]}": value for name, value in before.items()}
    values |= {f":now{known[name][1:]}": value for name, value in sets.items()}
    same = [f"{known[name]} = :was{known[name][1:]}" for name in before]
    absent = [f"attribute_not_exists({known[name]})" for name in sets if name not in before]
    try:
        client().update_item(
            TableName=settings().table,
            Key={name: before[name] for name in ("pk", "sk")},
            UpdateExpression=_change(known, sets, removed),
            ConditionExpression=" AND ".join([*same, *absent]),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _change(known: dict[str, str], sets: Raw, removed: Sequence[str]) -> str:
    parts = []
    if sets:
        parts.append("SET " + ", ".join(f"{known[name]} = :now{known[name][1:]}" for name in sets))
    if removed:
        parts.append("REMOVE " + ", ".join(known[name] for name in removed))
    return " ".join(parts)


def _unmoved(before: UpgradeItem | PlaceItem, kind: type[UpgradeItem] | type[PlaceItem]) -> Any:
    return kind.version == before.version if before.version else kind.pk.does_not_exist()


def _key(item: Raw) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
