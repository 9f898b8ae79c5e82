"""Signed requests in the scheme of Standard Webhooks 1.0.0: HMAC-SHA-256 over id, time and body.

Pure: the clock and the secret are arguments. Source: spec/standard-webhooks.md in
github.com/standard-webhooks/standard-webhooks. Its Python library asks the machine's clock and
fails on malformed headers in ways of its own, so these few lines are ours.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlencode

import msgspec

PREFIX = "whsec_"
"""Stands before a key as text, so that people and scanners know what it is."""
VERSION = "v1"
TOLERANCE = timedelta(minutes=5)
"""How far a request's time may be from ours, either way."""
MOST_SIGNATURES = 10
"""Signatures of one request that are looked at; during a rotation there are two."""
ID = r"[0-9A-Za-z_-]{1,128}"
"""No dot, which separates what is signed: another id with another time could mean the same."""
TIME = r"[0-9]{1,12}"
Timing = Literal["now", "too_old", "too_new"]


class Signed(msgspec.Struct, frozen=True):
    """A request as its signature sees it."""

    ident: str
    """Names this very message; the same again is the same message."""
    stamp: str
    """When it was signed: Unix seconds as text."""
    signatures: str
    """``v1,<base64>``, several separated by spaces."""
    payload: bytes
    """The raw body, or the target of a request without one."""

    @property
    def well_formed(self) -> bool:
        """Whether id and time are such as can be signed."""
        return bool(re.fullmatch(ID, self.ident) and re.fullmatch(TIME, self.stamp))


def secret_text(key: bytes) -> str:
    """A key as people copy it."""
    return PREFIX + base64.b64encode(key).decode()


def sign(key: bytes, ident: str, stamp: str, payload: bytes) -> str:
    """The signature of a message, with its version."""
    content = f"{ident}.{stamp}.".encode() + payload
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"


def matches(signed: Signed, key: bytes) -> bool:
    """Whether one of the signatures is that of the key, in constant time for each."""
    if not signed.well_formed:
        return False
    wanted = sign(key, signed.ident, signed.stamp, signed.payload).encode()
    # Compared as text: base64 has several texts for the same bytes, and one is enough.
    given = signed.signatures.split(" ")[:MOST_SIGNATURES]
    found = [hmac.compare_digest(wanted, one.encode(errors="replace")) for one in given]
    return any(found)


def timing(signed: Signed, at: datetime) -> Timing:
    """Whether a well-formed message was signed just now."""
    age = at.timestamp() - int(signed.stamp)
    if age > TOLERANCE.total_seconds():
        return "too_old"
    return "too_new" if -age > TOLERANCE.total_seconds() else "now"


def target(
    method: str, template: str, path: Mapping[str, str], query: Iterable[tuple[str, str]]
) -> bytes:
    """What a request without a body signs in its place: ``GET /v1/things/7?from=1&limit=5``.

    The query stands in the order of its names; everything but RFC 3986's unreserved characters is
    percent-encoded. So it can be built again from what the gateway hands over.
    """
    place = template.format_map({name: quote(value, safe="") for name, value in path.items()})
    asked = urlencode(sorted(query), quote_via=quote, safe="")
    return f"{method} {place}{'?' if asked else ''}{asked}".encode()
