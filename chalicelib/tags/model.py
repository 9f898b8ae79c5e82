"""What a tag is, and the pure rules of serials, scratch codes, GTINs and verdicts.

Serial ``i`` and code ``i`` of a batch are functions of the batch's random seed and of keys derived
from the root secret. So a part of a batch can be made again exactly, no code is ever stored, and
erasing the seed destroys every code of the batch for ever: what stays is a keyed hash of each.
"""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

import msgspec

from chalicelib.kernel.codes import SYMBOLS, of_digest
from chalicelib.kernel.ids import ALPHABET, read_symbols, symbols
from chalicelib.kernel.secrets import derive
from chalicelib.kernel.settings import Settings

Verdict = Literal["genuine", "registered", "withdrawn", "unknown"]
Next = Literal["register", "yours", "taken", "sign_in"]

PART = 5_000
"""Tags made by one part of a job."""
MOST_TAGS = 100_000
SHEET = 500
"""Labels of one printable part; the answer stays far below the gateway's 6 MB."""
ROWS = 5_000
"""Rows of one CSV part."""
_DAY = 86_400

NAME_PATTERN = r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$(?!\n)"
NameText = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=NAME_PATTERN)]


class Keys(NamedTuple):
    """The keys of one deployment for its tags."""

    serial: bytes
    code: bytes
    stored: bytes


class Label(NamedTuple):
    """One tag as printed: the only place where serial and code stand side by side."""

    number: int
    serial: str
    code: str


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the item is called; short, because every tag carries it within its 1 KB."""

    en: NameText | None = None
    """In English."""
    ru: NameText | None = None
    """In Russian."""
    uk: NameText | None = None
    """In Ukrainian."""
    ar: NameText | None = None
    """In Arabic."""

    def get(self, language: str) -> str:
        """The name in ``language``, else in the first language that there is."""
        texts = (getattr(self, language, None), self.en, self.ru, self.uk, self.ar)
        return next((text for text in texts if text), "")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """The kind of thing that a tag is fixed to."""

    sku: str
    category: str
    name: Name
    gtin: str = ""
    """GTIN-14; empty: the item has none."""


def keys_of(stage: Settings) -> Keys:
    """Derive the keys, once per use case."""
    return Keys(
        derive(stage, "tag serial"), derive(stage, "scratch code"), derive(stage, "stored code")
    )


def labels(keys: Keys, seed: str, numbers: Iterable[int]) -> Iterable[Label]:
    """The labels of these numbers, counted from 1; the same seed and keys give the same ones."""
    for number in numbers:
        message = f"{seed}\x1f{number}".encode()
        code = of_digest(hmac.digest(keys.code, message, "sha256"))
        serial = symbols(hmac.digest(keys.serial, message, "sha256")[:SYMBOLS])
        yield Label(number, serial, code)


def code_hash(keys: Keys, serial: str, code: str) -> str:
    """What is stored of a code, 43 symbols: useless without the key, different for each serial."""
    digest = hmac.digest(keys.stored, f"{serial}\x1f{code}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def part_numbers(part: int, size: int, count: int) -> range:
    """The numbers of tags in part ``part`` (from 1) of ``count`` tags in parts of ``size``."""
    return range((part - 1) * size + 1, min(part * size, count) + 1)


def parts(count: int, size: int) -> int:
    """How many parts ``count`` tags make."""
    return -(-count // size)


def read_serial(text: str) -> str | None:
    """A serial read kindly, or nothing when it cannot be one."""
    serial = read_symbols(text[:100])
    fits = len(serial) == SYMBOLS and all(symbol in ALPHABET for symbol in serial)
    return serial if fits else None


def read_gtin(text: str) -> str | None:
    """A GTIN-8, -12, -13 or -14 as GTIN-14, or nothing (GS1 General Specifications §7.9)."""
    if len(text) not in (8, 12, 13, 14) or not (text.isascii() and text.isdigit()):
        return None
    full = text.zfill(14)
    weighted = sum(int(digit) * (3 - 2 * (place % 2)) for place, digit in enumerate(full))
    return full if weighted % 10 == 0 else None


def address(public_url: str, gtin: str, serial: str) -> str:
    """What the QR code holds: a GS1 Digital Link where there is a GTIN, else a short link."""
    return f"{public_url}/01/{gtin}/21/{serial}" if gtin else f"{public_url}/t/{serial}"


def day_number(at: datetime) -> int:
    """The UTC day, counted from 1970: the window of a tag's wrong tries."""
    return int(at.timestamp()) // _DAY


def seconds_left(at: datetime) -> int:
    """Seconds to the end of the UTC day."""
    return _DAY - int(at.timestamp()) % _DAY


def next_step(verdict: Verdict, *, own_program: bool, own: bool) -> Next | None:
    """What the person who scanned can do. ``own_program``: they are signed in to the tag's club."""
    if verdict in ("unknown", "withdrawn"):
        return None
    if not own_program:
        return "sign_in" if verdict == "genuine" else None
    if verdict == "genuine":
        return "register"
    return "yours" if own else "taken"
