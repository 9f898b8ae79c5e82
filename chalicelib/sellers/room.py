"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "sellers",
    "A partner's salespeople ask to be its sellers. Staff phone each of them and record what came "
    "of it; only then somebody is a seller and can claim what they sold.",
)
WHOSE = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}
