"""Guards for calls that have no natural id: an ``Idempotency-Key`` works once, for ever.

The guard is written in the same transaction as the effect, in the partition of what is changed, so
there is no moment at which one exists without the other.
"""

import hashlib
from typing import Any

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.table.items import Item
from chalicelib.kernel.table.writes import Writes


class Guard(Item):
    """What a key did: the hash of its request and where the outcome is found."""

    request = UnicodeAttribute()
    outcome = UnicodeAttribute()


class Request(msgspec.Struct, frozen=True):
    """One mutating call as its guard sees it."""

    key: str
    """Who asks, what for, and their ``Idempotency-Key``, hashed together."""
    content: str
    """Hash of the parsed request: the same content sent again is the same request."""


def request(principal: str, operation: str, key: str, content: Any) -> Request:
    """Name a call for its guard; ``content`` is anything msgspec can encode."""
    body = msgspec.json.encode(content, order="deterministic")
    name = "\x1f".join((principal, operation, key)).encode()
    return Request(hashlib.sha256(name).hexdigest(), hashlib.sha256(body).hexdigest())


def done(pk: str, call: Request) -> str | None:
    """Where the outcome of this very call is found, if it was made before (a strong read).

    Raises:
        IdempotencyKeyReused: the key came with other content.
    """
    found = Guard.find(pk, _sort_key(call), strong=True)
    if found is None:
        return None
    if found.request != call.content:
        raise IdempotencyKeyReused
    return found.outcome


def remember(writes: Writes, pk: str, call: Request, outcome: str) -> None:
    """Let ``writes`` succeed only if this call was not made before."""
    writes.put_new(Guard(pk, _sort_key(call), request=call.content, outcome=outcome))


def _sort_key(call: Request) -> str:
    return f"G#{call.key}"
