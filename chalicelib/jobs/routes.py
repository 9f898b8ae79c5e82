"""HTTP: how far a job is, and stopping it."""

import msgspec

from chalicelib.jobs import service
from chalicelib.jobs.model import Job, JobFinished, JobUnknown, State
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room

room = Room("jobs", "Long work in parts: its progress, and stopping it.")
PATH = "/v1/staff/programs/{program}/jobs/{job}"
EXAMPLE = Example(path={"program": "jewels", "job": "1m9w3kq8r4t6y0c4x9k2"})


class JobView(msgspec.Struct, frozen=True):
    """A job and its progress."""

    job: str
    kind: str
    ref: str
    """What it works on, e.g. a batch of tags."""
    state: State
    parts: int
    parts_done: int
    units: int
    """Things to make or do in all."""
    units_done: int
    percent: int
    created_at: str
    updated_at: str
    error: str
    """Stable code of what went wrong; empty: nothing."""


def job_view(job: Job) -> JobView:
    """A job for staff."""
    return JobView(
        job=job.job,
        kind=job.kind,
        ref=job.ref,
        state=job.state,
        parts=job.parts,
        parts_done=job.parts_done,
        units=job.units,
        units_done=job.units_done,
        percent=100 * job.parts_done // job.parts,
        created_at=job.created_at,
        updated_at=job.updated_at,
        error=job.error,
    )


@room.route(
    "GET",
    PATH,
    access="staff:jobs.read",
    summary="How far a job is",
    answers={200: JobView},
    refuses=(JobUnknown,),
    example=EXAMPLE,
)
def job(call: Call[NoBody, NoBody]) -> Answer:
    """One job's progress."""
    return Answer(job_view(service.read(call.path["program"], call.path["job"], strong=True)))


@room.route(
    "DELETE",
    PATH,
    access="staff:jobs.run",
    summary="Stop a job",
    answers={200: JobView},
    refuses=(JobUnknown, JobFinished),
    example=EXAMPLE,
)
def cancel(call: Call[NoBody, NoBody]) -> Answer:
    """Stop a job; what it has done stays."""
    return Answer(job_view(service.cancel(call.path["program"], call.path["job"], call.at)))
