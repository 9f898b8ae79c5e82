"""All routes of the room."""

from chalicelib.rewards import routes_me, routes_points, routes_staff, routes_stock
from chalicelib.rewards.routes_common import room

__all__ = ["room", "routes_me", "routes_points", "routes_staff", "routes_stock"]
