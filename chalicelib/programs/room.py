"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Example, Room

room = Room(
    "programs",
    "A program is one club's published rules: a document with numbered, immutable, dated versions. "
    "Staff write a draft, check it and publish it with a notice and an effective date.",
)
CLUB = Example(path={"program": "jewels"})
VERSION = Example(path={"program": "jewels", "version": "1"})
