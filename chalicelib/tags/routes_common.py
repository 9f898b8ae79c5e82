"""The room's operations hang here; its route modules fill it."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "tags",
    "Tags: what a QR code says, registering an item by its scratch code, and making, printing, "
    "withdrawing and releasing tags.",
)
