"""The room's operations hang here; its route modules fill it."""

from typing import Any

from chalicelib.kernel.http.call import Call
from chalicelib.kernel.http.routing import Room
from chalicelib.kernel.http.shapes import Why
from chalicelib.tags.service_staff import Order

room = Room(
    "tags",
    "Tags: what a QR code says, registering an item by its scratch code, sellers' claims of what "
    "they sold, and making, printing, shipping, withdrawing and releasing tags.",
)
TAG = {"program": "jewels", "serial": "7K3M9QWX2B4D"}
"""The tag of the examples."""


def order_of(call: Call[Why, Any]) -> Order:
    """What staff want of the tag that the path names."""
    path = call.path
    return Order(path["program"], path["serial"], call.principal, call.body.reason, call.at)
