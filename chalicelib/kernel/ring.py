"""The ring of keys that sign tokens, newest first: values and rules.

A new key joins the ring and signs once every process must have seen it; an older one only proves
what it signed, and leaves when nothing of that can still be good.
"""

from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel import clock

SIGNS_AFTER = timedelta(minutes=10)
"""Age at which a key begins to sign: by then no process goes by a ring without it."""
KEPT_FOR = timedelta(days=70)
"""How long a key proves after a newer one took over; longer than anything that is signed lives."""
SHORTEST = 32
FIRST = "first"


class Key(msgspec.Struct, frozen=True):
    """One key: what it is called in tokens, the root of its purposes, and when it joined."""

    id: str
    key: str
    since: str
    """RFC 3339 in UTC; empty: always."""


class _Stored(msgspec.Struct, frozen=True):
    """A ring as the vault keeps it; the first key is made with the secret itself, by the vault."""

    keys: list[Key] = []
    first: str = ""


class RingDamaged(Exception):
    """The stored ring has no usable key; the message holds none of it."""


def read(text: str) -> tuple[Key, ...]:
    """The keys of a stored ring, newest first.

    Raises:
        RingDamaged: it cannot be read, holds no key, or one that is too short.
    """
    try:
        stored = msgspec.json.decode(text, type=_Stored)
    except msgspec.MsgspecError:
        raise RingDamaged("no ring of keys") from None
    keys = (*stored.keys, *([Key(FIRST, stored.first, "")] if stored.first else []))
    if not keys or any(len(one.key) < SHORTEST for one in keys):
        raise RingDamaged("no key, or one that is too short")
    return keys


def written(keys: tuple[Key, ...]) -> str:
    """How a ring is stored."""
    return msgspec.json.encode(_Stored(keys=list(keys))).decode()


def rotated(keys: tuple[Key, ...], new: Key, at: datetime) -> tuple[Key, ...]:
    """The ring with a new key, without those that prove nothing any more."""
    whole = (new, *keys)
    taken_over = zip(whole[1:], whole, strict=False)
    return (new, *(old for old, newer in taken_over if signs_since(newer) + KEPT_FOR > at))


def signer(keys: tuple[Key, ...], at: datetime) -> Key:
    """The key that signs at an instant."""
    return next((one for one in keys if signs_since(one) <= at), keys[-1])


def signs_since(key: Key) -> datetime:
    """When a key began to sign, or will."""
    if not key.since:
        return datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return clock.parse(key.since) + SIGNS_AFTER
