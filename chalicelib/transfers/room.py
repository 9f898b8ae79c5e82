"""The room as its routes declare themselves in it."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "transfers",
    "Members and balances from other systems, as CSV or NDJSON: upload a file, have it checked, "
    "read the report, run it. And what the club holds as files to download. See docs/imports.md.",
)
CLUB = {"program": "jewels"}
