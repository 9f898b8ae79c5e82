"""Where the sweeper is in its round; one item, moved on only by whoever read it."""

from typing import Annotated, Any

import msgspec

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit

Number = Annotated[int, msgspec.Meta(ge=1, le=64)]


class Share(msgspec.Struct, frozen=True):
    """A part of the table that is swept by itself: one of so many segments. Another number of
    segments begins rounds of its own.
    """

    segment: Number = 1
    segments: Number = 1

    def __post_init__(self) -> None:
        """Raises ValueError for a segment that there is not."""
        if self.segment > self.segments:
            raise ValueError(f"there is no segment {self.segment} of {self.segments}")

    @property
    def sk(self) -> str:
        """Where its place is kept."""
        return "ROUND" if self.segments == 1 else f"ROUND#{self.segments}#{self.segment}"


WHOLE = Share()


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


def place(share: Share) -> Place:
    """Where the last run stopped."""
    found = PlaceItem.find(keys.sweep(), share.sk, strong=True)
    if found is None:
        return Place()
    return msgspec.structs.replace(found.place, version=found.version)


def begun(last: Place, at: str) -> Place:
    """The start of a new round, not stored yet."""
    return Place({}, at, last.started_at, last.finished_at, last.version)


def advance(share: Share, now: Place, cursor: dict[str, Any] | None, at: str) -> Place:
    """Move on; when another run moved first, go on from its place instead."""
    ended = now.finished_at if cursor is not None else at
    then = Place(cursor, now.started_at, now.since, ended, now.version + 1)
    item = PlaceItem(keys.sweep(), share.sk, version=then.version, place=then)
    unmoved = PlaceItem.version == now.version if now.version else PlaceItem.pk.does_not_exist()
    try:
        commit(Writes().put(item, unmoved))
        return then
    except ConditionFailed:
        return place(share)
