"""The short-lived code by which a member's app tells the till who it is (AB-1).

It is derived and never stored: the member's id, the second in which it was made, and the beginning
of a keyed hash of both. 34 symbols of Crockford's base 32 in upper case, so that a QR code needs
its alphanumeric mode only and Code 128 is still narrow enough for a screen.
"""

from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel.ids import ALPHABET, read_symbols, symbols
from chalicelib.kernel.secrets import keyed_digest, same
from chalicelib.kernel.settings import Settings

LIFE = timedelta(minutes=5)
SKEW_S = 5
"""How many seconds ahead of ours the clock of whoever made a code may be."""
ID_LENGTH = 20
STAMP_LENGTH = 2
HASH_LENGTH = 12
"""60 bits: nobody finds the code of a member whose id they know within its five minutes."""
LENGTH = ID_LENGTH + STAMP_LENGTH + HASH_LENGTH
_CYCLE = len(ALPHABET) ** STAMP_LENGTH
"""Seconds after which the stamp begins anew; the hash is over the whole second."""
_SIZE = len(ALPHABET)


class Shown(msgspec.Struct, frozen=True):
    """A genuine code that was read."""

    member: str
    good_until: datetime

    def is_good(self, at: datetime) -> bool:
        """Whether it is good at an instant."""
        return at <= self.good_until


def make(stage: Settings, program: str, member: str, at: datetime) -> tuple[str, datetime]:
    """A code of this very second, and until when it is good."""
    second = int(at.timestamp())
    stamp = second % _CYCLE
    told = member.upper() + ALPHABET[stamp // _SIZE] + ALPHABET[stamp % _SIZE]
    return told + _hash(stage, program, member, second), _until(second, at)


def read(stage: Settings, program: str, code: str, at: datetime) -> Shown | None:
    """Whose a code is that was shown at an instant; nothing: it is not genuine, or was made more
    than a quarter of an hour before.
    """
    text = read_symbols(code[: 2 * LENGTH])
    if len(text) != LENGTH or any(symbol not in ALPHABET for symbol in text):
        return None
    member, stamp = text[:ID_LENGTH].lower(), text[ID_LENGTH : ID_LENGTH + STAMP_LENGTH]
    residue = ALPHABET.index(stamp[0]) * _SIZE + ALPHABET.index(stamp[1])
    latest = int(at.timestamp()) + SKEW_S
    second = latest - (latest - residue) % _CYCLE
    if not same(text[-HASH_LENGTH:], _hash(stage, program, member, second)):
        return None
    return Shown(member, _until(second, at))


def _hash(stage: Settings, program: str, member: str, second: int) -> str:
    digest = keyed_digest(stage, "app code", program, member, str(second))
    return symbols(digest[:HASH_LENGTH])


def _until(second: int, at: datetime) -> datetime:
    return datetime.fromtimestamp(second, at.tzinfo) + LIFE
