"""Which network address a request comes from, also behind a content delivery network.

Deployed, callers reach the API through CloudFront alone (``infra/stack/edge.py``). It adds a key
that nobody else knows and the viewer's own address, and puts both in place of whatever the viewer
sent under these names. The gateway then sees CloudFront's address, and ``X-Forwarded-For`` begins
with what the viewer made up: neither says who asks.
"""

import hmac
from ipaddress import ip_address, ip_network
from typing import Any

from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.settings import Settings

KEY = "x-clubkeeper-origin"
"""Header with the key that CloudFront proves itself by."""
VIEWER = "x-clubkeeper-viewer"
"""Header with the viewer's address; it counts beside a right key only."""
OURS = frozenset({KEY, VIEWER})
"""What handlers are not shown."""


def address_of(request: Any, stage: Settings) -> str:
    """The caller's network address, as text.

    Raises:
        Forbidden: the stage stands behind CloudFront, and this request came past it.
    """
    seen = str((request.context.get("identity") or {}).get("sourceIp") or "unknown")
    if not stage.origin_keys:
        return seen
    given = request.headers.get(KEY, "").encode()
    # All of them are compared, so that the time tells nothing.
    right = [hmac.compare_digest(given, key.encode()) for key in stage.origin_keys.split()]
    if not any(right):
        raise Forbidden
    told = request.headers.get(VIEWER, "")
    return told if _is_address(told) else seen


def network(address: str) -> str:
    """An address as limits count it: whoever has one IPv6 address has its whole /64."""
    if not _is_address(address):
        return address
    found = ip_address(address)
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
