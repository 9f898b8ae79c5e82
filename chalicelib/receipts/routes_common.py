"""What the room's routes share."""

from typing import Any

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import Call
from chalicelib.kernel.http.routing import Room
from chalicelib.programs.service import in_force
from chalicelib.receipts.desk import Desk

MAX_BATCH = 4 * 1024 * 1024
"""Bytes of a batch of a hundred; the gateway takes ten megabytes."""

room = Room(
    "receipts",
    "Tills and webshops price baskets, post receipts and take goods back; members see what they "
    "bought. A receipt is posted once for ever, however often it is sent.",
)


def desk(call: Call[Any, Any]) -> Desk:
    """The desk of a partner's call."""
    return Desk(call.partner, call.at, call.settings)


def today(program: str, call: Call[Any, Any]) -> str:
    """Today in a program's zone."""
    return local_date(call.at, in_force(program, call.at).zone).isoformat()
