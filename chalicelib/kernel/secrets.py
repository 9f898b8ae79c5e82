"""Keys derived from the one root secret, and keyed hashes.

Each use has its own key, so that a value of one kind can never stand in for another. The root
comes from AWS Secrets Manager when deployed and is read once per process; it is never logged or
stored. It never changes, because what is stored under its hashes could not be found again; what
only signs has keys that do (:mod:`chalicelib.kernel.signing`).
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from chalicelib.kernel.settings import Settings


def derive(settings: Settings, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HMAC-SHA-256 of the purpose under the root secret)."""
    return derived(_root(settings), purpose)


def derived(root: bytes, purpose: str) -> bytes:
    """The same under any root."""
    return hmac.new(root, purpose.encode(), hashlib.sha256).digest()


def keyed_hash(settings: Settings, purpose: str, *parts: str) -> str:
    """A hexadecimal HMAC-SHA-256 of the parts; parts are separated, so they cannot run together."""
    return keyed_digest(settings, purpose, *parts).hex()


def keyed_digest(settings: Settings, purpose: str, *parts: str) -> bytes:
    """The same as 32 raw bytes."""
    return digest(derive(settings, purpose), *parts)


def digest(key: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 of the parts under a key that was derived for them."""
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).digest()


def same(left: str, right: str) -> bool:
    """Compare in constant time, whatever the texts hold."""
    return hmac.compare_digest(left.encode(), right.encode())


def _root(settings: Settings) -> bytes:
    if settings.secret:
        return settings.secret.encode()
    return _stored(settings.secret_arn)


@lru_cache(maxsize=2)
def _stored(arn: str) -> bytes:
    return str(vault().get_secret_value(SecretId=arn)["SecretString"]).encode()


@lru_cache(maxsize=1)
def vault() -> Any:
    """The client of AWS Secrets Manager."""
    # Imported here: a deployed process needs it once in minutes, most processes of tests never.
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3})
    return boto3.client("secretsmanager", config=patience)
