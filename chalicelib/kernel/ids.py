"""Identifiers and other unguessable text. Services take :class:`Ids` as an argument."""

import secrets
import unicodedata
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (crockford.com/base32.html): no I, L, O or U to be misread."""
_TWINS = str.maketrans(
    # Crockford's own kindnesses, then letters of other scripts that look like one of ours.
    "OIL" + "АВЕЁКМНОРСТУХЗІЇЈЅԚԜѴӀ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "011" + "ABEEKMH0PCTYX311JSQWV1" + "ABEZH1KMN0PTYX",
)


class Ids:
    """A source of random identifiers; tests may hand in another one."""

    def new(self) -> str:
        """A random id of 100 bits, 20 lower-case symbols of :data:`ALPHABET`."""
        return symbols(secrets.token_bytes(20)).lower()

    def digits(self, count: int) -> str:
        """``count`` random decimal digits, the first never zero."""
        return str(secrets.randbelow(9 * 10 ** (count - 1)) + 10 ** (count - 1))

    def bytes(self, count: int) -> bytes:
        """``count`` random bytes, for keys and seeds."""
        return secrets.token_bytes(count)


def symbols(raw: bytes) -> str:
    """One symbol of :data:`ALPHABET` per byte; 256 is a multiple of 32, so none is favoured."""
    return "".join(ALPHABET[byte & 31] for byte in raw)


def in_time_order(at: datetime, random: str) -> str:
    """An id that sorts in the order of time: 45 bits of milliseconds, then 55 random bits."""
    stamp = int(at.timestamp() * 1000)
    digits = "".join(ALPHABET[stamp >> shift & 31] for shift in range(40, -1, -5))
    return digits.lower() + random[:11]


def read_symbols(text: str) -> str:
    """Symbols as people type them, in ours: any case, separators, script or shape of digits.

    O is read as 0, I and L as 1, Cyrillic and Greek twins as the letters they look like.
    """
    found = []
    for sign in unicodedata.normalize("NFKC", text):
        if unicodedata.category(sign)[0] in "ZPC":
            continue
        found.append(str(unicodedata.digit(sign)) if sign.isdigit() else sign.upper())
    return "".join(found).translate(_TWINS)
