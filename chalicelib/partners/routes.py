"""The room's routes; importing the modules declares them."""

from chalicelib.partners import routes_credentials, routes_self, routes_staff
from chalicelib.partners.room import room

__all__ = ["room", "routes_credentials", "routes_self", "routes_staff"]
