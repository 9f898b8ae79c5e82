"""Where the sweeper is in its round; one item, moved on only by whoever read it."""

from typing import Any

import msgspec

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit


class Place(msgspec.Struct, frozen=True):
    """A place in the table. ``cursor``: null between rounds, empty at a round's start."""

    cursor: dict[str, Any] | None = None
    started_at: str = ""
    since: str = ""
    """When the last whole round began: facts before that were checked. Empty: never."""
    finished_at: str = ""
    version: int = 0


class PlaceItem(Item):
    """The stored place."""

    version = IntAttribute()
    place: PackedAttribute[Place] = PackedAttribute(Place)


def place() -> Place:
    """Where the last run stopped."""
    found = PlaceItem.find(keys.sweep(), "ROUND", strong=True)
    if found is None:
        return Place()
    return msgspec.structs.replace(found.place, version=found.version)


def begun(last: Place, at: str) -> Place:
    """The start of a new round, not stored yet."""
    return Place({}, at, last.started_at, last.finished_at, last.version)


def advance(now: Place, cursor: dict[str, Any] | None, at: str) -> Place:
    """Move on; when another run moved first, go on from its place instead."""
    ended = now.finished_at if cursor is not None else at
    then = Place(cursor, now.started_at, now.since, ended, now.version + 1)
    item = PlaceItem(keys.sweep(), "ROUND", version=then.version, place=then)
    unmoved = PlaceItem.version == now.version if now.version else PlaceItem.pk.does_not_exist()
    try:
        commit(Writes().put(item, unmoved))
        return then
    except ConditionFailed:
        return place()
