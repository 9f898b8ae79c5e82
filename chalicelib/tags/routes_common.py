"""The room's operations hang here; its route modules fill it."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "tags",
    "Tags: what a QR code says, registering an item by its scratch code, sellers' claims of what "
    "they sold, and making, printing, shipping, withdrawing and releasing tags.",
)
