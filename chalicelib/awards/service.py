"""The use cases of the room, one verb each."""

from chalicelib.awards.service_jobs import check_part, run_part
from chalicelib.awards.service_lists import (
    APPROVE,
    CHECK,
    RUN,
    SEARCH,
    cancel,
    create,
    current,
    read,
    run,
)

__all__ = [
    "APPROVE",
    "JOB_HANDLERS",
    "SEARCH",
    "cancel",
    "check_part",
    "create",
    "current",
    "read",
    "run",
    "run_part",
]

JOB_HANDLERS = {CHECK: check_part, RUN: run_part}
"""What the jobs queue calls for this room's jobs."""
