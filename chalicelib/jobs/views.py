"""Jobs as the API shows them."""

import msgspec

from chalicelib.jobs.model import Job, State
from chalicelib.kernel.http.shapes import Instant


class JobView(msgspec.Struct, frozen=True):
    """A job and its progress."""

    job: str
    """Id of the job."""
    kind: str
    """What sort of work it is."""
    ref: str
    """What it works on, e.g. a batch of tags."""
    state: State
    """How far it is; `done`, `failed` and `cancelled` are final."""
    parts: int
    """Parts that the work is cut into."""
    parts_done: int
    """Parts that are done."""
    units: int
    """Things to make or do in all."""
    units_done: int
    """How many of them are made or done."""
    percent: int
    """Done, of 100."""
    created_at: Instant
    """When it was ordered."""
    updated_at: Instant
    """When it made progress last."""
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
