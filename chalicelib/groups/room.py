"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "groups",
    "Members apply for verified groups, such as pupils or teachers, and say how it can be checked; "
    "staff decide. Rules ask for the group while the proof holds.",
)
WHOSE = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y", "group": "student"}
