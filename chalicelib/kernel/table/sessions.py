"""How sessions are stored: ``SESSION#{session}`` in the partition of whose they are."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel import clock
from chalicelib.kernel.sessions import Session
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes

PREFIX = "SESSION#"
GRACE = timedelta(days=1)
"""Kept beyond its end, so that a clock that runs behind never meets an item deleted early."""


class SessionItem(Item):
    """One sign-in. ``ttl`` tidies up; reads decide by ``expires_at``."""

    version = IntAttribute()
    generation = IntAttribute()
    created_at = UnicodeAttribute()
    rotated_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    ttl = IntAttribute()


def read(pk: str, session_id: str) -> Session | None:
    """A session, or nothing. A strong read."""
    item = SessionItem.find(pk, PREFIX + session_id, strong=True)
    return None if item is None else _session(item)


def every(pk: str) -> Iterator[Session]:
    """Every stored session, ended ones included."""
    return map(_session, SessionItem.below(pk, PREFIX))


def opened(pk: str, new: Session) -> Writes:
    """Keep a new session."""
    values = msgspec.structs.asdict(new)
    sk = PREFIX + values.pop("session")
    return Writes().put_new(SessionItem(pk, sk, ttl=_ttl(new.expires_at), **values))


def rotated(pk: str, before: Session, after: Session) -> Writes:
    """Replace the refresh token of a session, if that was not done meanwhile."""
    actions = [
        SessionItem.generation.set(after.generation),
        SessionItem.rotated_at.set(after.rotated_at),
        SessionItem.expires_at.set(after.expires_at),
        SessionItem.ttl.set(_ttl(after.expires_at)),
    ]
    item = SessionItem(pk, PREFIX + before.session)
    return Writes().update(item, actions, SessionItem.generation == before.generation)


def closed(pk: str, session_id: str) -> Writes:
    """Delete a session."""
    return Writes().delete(SessionItem(pk, PREFIX + session_id))


def _session(item: SessionItem) -> Session:
    values = {name: getattr(item, name) for name in Session.__struct_fields__ if name != "session"}
    return Session(session=item.sk.removeprefix(PREFIX), **values)


def _ttl(instant: str) -> int:
    return int((clock.parse(instant) + GRACE).timestamp())
