"""Jobs as the API shows them."""

import msgspec

from chalicelib.jobs.model import Job, State


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
