"""The room's routes, in the order of the API document."""

from chalicelib.receipts import routes_me, routes_partner, routes_quotes, routes_staff
from chalicelib.receipts.routes_common import room

__all__ = ["room", "routes_me", "routes_partner", "routes_quotes", "routes_staff"]
