"""The room's operations hang together here."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "forecasts",
    "Plan before launch: what programs would have cost on past receipts, and pilots, by which a "
    "new program judges some members before all.",
)
