"""All routes of the room."""

from chalicelib.tags import (
    routes_batches,
    routes_claims,
    routes_claims_staff,
    routes_member,
    routes_public,
    routes_staff,
)
from chalicelib.tags.routes_common import room

__all__ = [
    "room",
    "routes_batches",
    "routes_claims",
    "routes_claims_staff",
    "routes_member",
    "routes_public",
    "routes_staff",
]
