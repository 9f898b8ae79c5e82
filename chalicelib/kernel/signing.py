"""Keys that sign tokens, each with the name that tokens carry.

A deployed stage keeps them in a secret of its own that rotates (:mod:`chalicelib.kernel.ring`).
A process reads it every few minutes, so that it needs no restart and no read per request; the
local platform signs by the root secret. Where a token leads to something that is stored, or is made
again from what is stored, the root secret is meant and not these keys.
"""

import threading
import time
from datetime import datetime
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kernel import ring
from chalicelib.kernel.observability import logger
from chalicelib.kernel.secrets import derive, derived, vault
from chalicelib.kernel.settings import Settings

READ_EVERY_S = 300
"""Half of :data:`chalicelib.kernel.ring.SIGNS_AFTER`: a new key is known before it signs."""
AGAIN_AFTER_S = 30
"""How soon a read that failed is tried again; meanwhile the keys at hand are good."""
_lock = threading.Lock()
_seen: dict[str, "_Seen"] = {}


class Signer(NamedTuple):
    """A key for one purpose."""

    id: str
    """Empty where there is only one."""
    key: bytes


class _Seen(NamedTuple):
    keys: tuple[ring.Key, ...]
    until: float
    """Unix time at which they are read again."""


def signer(stage: Settings, purpose: str, at: datetime) -> Signer:
    """The key that signs now."""
    if not stage.signing_secret_arn:
        return Signer("", derive(stage, purpose))
    return _for(ring.signer(_keys(stage.signing_secret_arn), at), purpose)


def provers(stage: Settings, purpose: str) -> tuple[Signer, ...]:
    """All keys whose signatures are good, newest first."""
    if not stage.signing_secret_arn:
        return (Signer("", derive(stage, purpose)),)
    return tuple(_for(one, purpose) for one in _keys(stage.signing_secret_arn))


def forget() -> None:
    """Read the keys anew the next time."""
    _seen.clear()


def _for(key: ring.Key, purpose: str) -> Signer:
    return Signer(key.id, derived(key.key.encode(), purpose))


def _keys(arn: str) -> tuple[ring.Key, ...]:
    now = time.time()
    seen = _seen.get(arn)
    if seen is not None and now < seen.until <= now + READ_EVERY_S:
        return seen.keys
    with _lock:
        seen = _seen.get(arn)
        if seen is None or not now < seen.until <= now + READ_EVERY_S:
            seen = _read(arn, seen, now)
            _seen[arn] = seen
    return seen.keys


def _read(arn: str, seen: _Seen | None, now: float) -> _Seen:
    try:
        current = vault().get_secret_value(SecretId=arn, VersionStage="AWSCURRENT")
        keys = ring.read(current["SecretString"])
    except (BotoCoreError, ClientError, ring.RingDamaged) as fault:
        if seen is None:
            raise
        logger.warning("signing keys not read", kind=type(fault).__name__)
        return _Seen(seen.keys, now + AGAIN_AFTER_S)
    return _Seen(keys, now + READ_EVERY_S)
