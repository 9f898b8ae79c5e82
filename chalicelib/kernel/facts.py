"""Facts: what happened, told once by the table's stream to whoever listens.

A fact rides on an item that is put once and never changed (an entry, a journal item), so its id
can be derived from the item's key and a consumer can tell a repeated delivery from a new one.
"""

import base64
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from chalicelib.kernel.observability import each
from chalicelib.kernel.queues import send

Image = dict[str, Any]
"""A stored item as plain values."""


class Fact(msgspec.Struct, frozen=True):
    """Something that happened in one program, mostly to one member, and cannot unhappen."""

    id: str
    """Derived from the item's key: the same fact always has the same id."""
    name: str
    """``<noun>.<past participle>``, e.g. ``points.credited``."""
    program: str
    member: str
    """To whom it happened; empty: to nobody, as with a stock."""
    at: str
    """RFC 3339 instant in UTC."""
    data: dict[str, Any] = {}


Projector = Callable[[Image], Fact | None]
"""Reads a new item; nothing when it carries no fact of this room."""


def project(images: Iterable[Image], projectors: Iterable[Projector]) -> list[Fact]:
    """The facts carried by new items, in their order."""
    readers = list(projectors)
    found = (reader(image) for image in images for reader in readers)
    return [fact for fact in found if fact is not None]


def publish(
    records: Iterable[dict[str, Any]],
    projectors: Iterable[Projector],
    queue_urls: Iterable[str],
) -> int:
    """Tell every consumer's queue the facts of new items; returns how many facts there were.

    A record that cannot be read is parked in the log and counted, so that it does not hold up the
    others; the sweeper finds what it carried. A queue that does not answer fails the batch, which
    then comes again: consumers know facts by their ids.
    """
    found: list[Fact] = []
    readers = list(projectors)
    each(records, lambda record: found.extend(project([image(record)], readers)), "fact")
    for url in queue_urls:
        send(url, found)
    return len(found)


def image(low_level: dict[str, Any]) -> Image:
    """Plain values of an item in DynamoDB's own notation: ``int``, ``bytes``, texts."""
    # Imported here: it brings all of boto3, of which the API needs nothing when it starts.
    from boto3.dynamodb.types import TypeDeserializer

    read = TypeDeserializer().deserialize
    return {name: _plain(read(_unpacked(value))) for name, value in low_level.items()}


def _unpacked(value: dict[str, Any]) -> dict[str, Any]:
    # Lambda hands binary values over as base64 text; the table's own API as bytes.
    if isinstance(value.get("B"), str):
        return {"B": base64.b64decode(value["B"])}
    return value


def _plain(value: Any) -> Any:
    if hasattr(value, "value"):  # boto3's Binary
        return bytes(value.value)
    return int(value) if hasattr(value, "to_integral_value") else value
