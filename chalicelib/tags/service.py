"""The use cases of the room, one verb each."""

from chalicelib.tags.service_batches import (
    KIND,
    check,
    close_expired_windows,
    close_window,
    create,
    make_tags,
    open_window,
    print_part,
    read,
)
from chalicelib.tags.service_claims_end import AGENDA_HANDLERS, hear, missed
from chalicelib.tags.service_register import register
from chalicelib.tags.service_staff import inspect, reinstate, release, withdraw
from chalicelib.tags.service_verify import verify

__all__ = [
    "AGENDA_HANDLERS",
    "JOB_HANDLERS",
    "check",
    "close_expired_windows",
    "close_window",
    "create",
    "hear",
    "inspect",
    "make_tags",
    "missed",
    "open_window",
    "print_part",
    "read",
    "register",
    "reinstate",
    "release",
    "verify",
    "withdraw",
]

JOB_HANDLERS = {KIND: make_tags}
"""What the jobs queue calls for this room's jobs."""
