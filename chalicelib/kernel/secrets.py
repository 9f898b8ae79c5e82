"""Keys derived from the one root secret, and keyed hashes.

Each use has its own key, so that a value of one kind can never stand in for another. The root
comes from AWS Secrets Manager when deployed and is read once per process; it is never logged or
stored.
"""

import hashlib
import hmac
from functools import lru_cache

from chalicelib.kernel.settings import Settings


def derive(settings: Settings, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HMAC-SHA-256 of the purpose under the root secret)."""
    return hmac.new(_root(settings), purpose.encode(), hashlib.sha256).digest()


def keyed_hash(settings: Settings, purpose: str, *parts: str) -> str:
    """A hexadecimal HMAC-SHA-256 of the parts; parts are separated, so they cannot run together."""
    return keyed_digest(settings, purpose, *parts).hex()


def keyed_digest(settings: Settings, purpose: str, *parts: str) -> bytes:
    """The same as 32 raw bytes."""
    message = "\x1f".join(parts).encode()
    return hmac.new(derive(settings, purpose), message, hashlib.sha256).digest()


def same(left: str, right: str) -> bool:
    """Compare in constant time, whatever the texts hold."""
    return hmac.compare_digest(left.encode(), right.encode())


def _root(settings: Settings) -> bytes:
    if settings.secret:
        return settings.secret.encode()
    return _stored(settings.secret_arn)


@lru_cache(maxsize=2)
def _stored(arn: str) -> bytes:
    # Imported here: the API needs this client once per process, most processes of tests never.
    import boto3

    value = boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return str(value).encode()
