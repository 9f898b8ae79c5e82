"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "outreach",
    "Messages to members: the in-app list of notifications. Notices to staff: what somebody should "
    "act on.",
)
