"""The room's routes; importing the modules declares them."""

from chalicelib.members import (
    routes_groups,
    routes_me,
    routes_notes,
    routes_partner,
    routes_search,
    routes_sessions,
    routes_staff,
)
from chalicelib.members.room import room

__all__ = [
    "room",
    "routes_groups",
    "routes_me",
    "routes_notes",
    "routes_partner",
    "routes_search",
    "routes_sessions",
    "routes_staff",
]
