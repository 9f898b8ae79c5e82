"""A job is long work cut into numbered parts, 1 to ``parts``; these are its pure rules.

A part may be delivered never, once or often, late or at once with another delivery of itself: its
handler must do the same work again without harm, and the job counts it once.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import Conflict, NotFound

State = Literal["queued", "running", "done", "failed", "cancelled"]
STALLED_AFTER = timedelta(minutes=4)
"""Longer than a message of the queue stays invisible (3 min): younger silence is only patience."""
MOST_RESUMES = 50
"""How often in a row a job is taken up again without progress before it is given up."""
GAVE_UP = "gave_up"


class JobUnknown(NotFound):
    """No such job in this program."""

    code = "job_unknown"


class JobFinished(Conflict):
    """The job has ended in another way and cannot be cancelled."""

    code = "job_finished"


class JobFailed(Exception):
    """Raised by a handler when no repetition could help; ``code`` is kept as the job's error."""

    def __init__(self, code: str) -> None:
        """``code`` is stable and holds nothing personal."""
        super().__init__(code)
        self.code = code


class Unfinished(Exception):
    """Raised by a handler that has kept its place and used up its time: the part comes again."""


class Message(msgspec.Struct, frozen=True):
    """What travels through the queue: all the rest stands in the table."""

    program: str
    job: str
    part: Annotated[int, msgspec.Meta(ge=1)]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job as of its last change."""

    program: str
    job: str
    kind: str
    """Names the handler."""
    ref: str
    """What it works on, for the handler: a batch, an upload."""
    thing: str = ""
    """What ``ref`` is the id of, as the audit names it; empty: nothing that it tells of."""
    state: State = "queued"
    parts: int
    parts_done: int = 0
    units: int
    """How many things are to be made or done in all."""
    units_done: int = 0
    created_at: str
    updated_at: str
    resumes: int = 0
    """Times it was taken up again since its last progress."""
    error: str = ""

    @property
    def is_open(self) -> bool:
        """Whether there is work left."""
        return self.state in ("queued", "running")


class Work(msgspec.Struct, frozen=True):
    """One part, as its handler gets it."""

    job: Job
    part: int
    at: datetime


Handler = Callable[[Work], int]
"""Does one part and returns how many units that was. It must bear repetition."""
Handlers = Mapping[str, Handler]


def advanced(job: Job, units: int, at: datetime) -> Job:
    """The job after one more part of ``units``; the last part makes it done."""
    done = job.parts_done + 1
    return msgspec.structs.replace(
        job,
        state="done" if done == job.parts else "running",
        parts_done=done,
        units_done=job.units_done + units,
        updated_at=render(at),
        resumes=0,
    )


def going_on(job: Job, at: datetime) -> Job:
    """The job of which a part got on without being done."""
    return msgspec.structs.replace(job, state="running", updated_at=render(at), resumes=0)


def ended(job: Job, state: Literal["failed", "cancelled"], at: datetime, error: str = "") -> Job:
    """The job given up."""
    return msgspec.structs.replace(job, state=state, updated_at=render(at), error=error)


def resumed(job: Job, at: datetime) -> Job:
    """The job taken up again; given up when that has not helped for :data:`MOST_RESUMES` times."""
    if job.resumes >= MOST_RESUMES:
        return ended(job, "failed", at, GAVE_UP)
    return msgspec.structs.replace(job, resumes=job.resumes + 1, updated_at=render(at))


def is_stalled(job: Job, at: datetime) -> bool:
    """Whether an open job has shown no progress for :data:`STALLED_AFTER`."""
    return job.is_open and parse(job.updated_at) + STALLED_AFTER <= at
