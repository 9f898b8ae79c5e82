"""The room's routes; importing the modules declares them."""

from chalicelib.outreach import routes_member, routes_staff
from chalicelib.outreach.room import room

__all__ = ["room", "routes_member", "routes_staff"]
