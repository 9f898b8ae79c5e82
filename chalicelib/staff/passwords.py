"""Passwords: scrypt (RFC 7914) with OWASP's figures, over a keyed hash of what was typed.

The key comes from the root secret, so that the table alone does not even allow guessing. The
figures stand with each hash, and can be raised without voiding the passwords there are.
"""

import hashlib
import hmac
import unicodedata

from chalicelib.kernel.secrets import keyed_digest
from chalicelib.kernel.settings import Settings

LOG_N, R, P = 14, 8, 5
"""OWASP Password Storage Cheat Sheet, scrypt: N=2^14 (16 MiB), r=8, p=5. Of its equal choices one
that leaves a Lambda function of ordinary size room for several at once."""
SALT_BYTES = 16
_HASH_BYTES = 32
_MOST_MEMORY = 64 * 1024 * 1024
NOBODY = f"scrypt${LOG_N}${R}${P}${'00' * SALT_BYTES}${'00' * _HASH_BYTES}"
"""What a password is compared with when there is nobody to compare with, so that it takes as
long."""


def hashed(stage: Settings, password: str, salt: bytes) -> str:
    """The stored form of a password: figures, salt and hash."""
    return f"scrypt${LOG_N}${R}${P}${salt.hex()}${_work(stage, password, salt, LOG_N, R, P).hex()}"


def matches(stage: Settings, password: str, stored: str) -> bool:
    """Whether a password is the stored one, in constant time; ``stored`` empty: never."""
    _, log_n, r, p, salt, digest = (stored or NOBODY).split("$")
    found = _work(stage, password, bytes.fromhex(salt), int(log_n), int(r), int(p))
    return hmac.compare_digest(found, bytes.fromhex(digest)) and bool(stored)


def _work(stage: Settings, password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    # The same password typed on another keyboard may come in another normal form
    # (NIST SP 800-63B).
    typed = unicodedata.normalize("NFKC", password)
    keyed = keyed_digest(stage, "staff password", typed)
    return hashlib.scrypt(
        keyed, salt=salt, n=2**log_n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=_HASH_BYTES
    )
