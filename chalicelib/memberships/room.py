"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "memberships",
    "Memberships that members pay for: a partner's system or staff tell of a payment, and what the "
    "membership brings holds until what is paid is over. Renewal, grace, lapse and refund.",
)
WHOSE = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}
PAYMENT = "5f3c9a0d2b7e4c1f8a6d0e9c"
