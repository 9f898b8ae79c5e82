"""The room's routes; importing the modules declares them."""

from chalicelib.programs import routes_drafts, routes_public, routes_versions
from chalicelib.programs.room import room

__all__ = ["room", "routes_drafts", "routes_public", "routes_versions"]
