"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "coupons",
    "Coupons take money off one receipt of one member, once. Staff give them to members, rules "
    "give them for points, members order them as rewards; a till names one by its code.",
)
CLUB = {"program": "jewels"}
COUPON = {"coupon": "3v8w2k5n7q1x4d6r9t0z"}
OWNED = {**CLUB, "member": "0c4x9k2m7q1w8e5r3t6y", **COUPON}
COUPONS_PATH = "/v1/staff/programs/{program}/members/{member}/coupons"
