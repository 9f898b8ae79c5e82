"""The room's routes; importing the modules declares them."""

from chalicelib.transfers import routes_exports, routes_imports
from chalicelib.transfers.room import room

__all__ = ["room", "routes_exports", "routes_imports"]
