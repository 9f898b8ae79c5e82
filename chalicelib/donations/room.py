"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "donations",
    "Members give points to charities that the program names; the club pays the charity what the "
    "points are worth. Totals stand by month, so that a month that is over does not change any "
    "more.",
)
CLUB = {"program": "jewels"}
GIVEN = {**CLUB, "member": "0c4x9k2m7q1w8e5r3t6y", "donation": "12"}
