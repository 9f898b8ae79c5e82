"""The room's routes; importing the modules declares them."""

from chalicelib.staff import routes_me, routes_people, routes_roles, routes_sign_in
from chalicelib.staff.room import room

__all__ = ["room", "routes_me", "routes_people", "routes_roles", "routes_sign_in"]
