"""How jobs, their finished parts and the list of open jobs are stored."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.jobs.model import Job
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes

SORT_KEY = "JOB"
_PART = "PART#"


class JobItem(Item):
    """A job. ``revision`` counts its changes, so that each rests on the one before."""

    revision = IntAttribute()
    job: PackedAttribute[Job] = PackedAttribute(Job)


class PartItem(Item):
    """A finished part; put once."""

    units = IntAttribute()
    at = UnicodeAttribute()


class OpenItem(Item):
    """A job with work left, where the sweeper finds it without a scan."""

    program = UnicodeAttribute()
    job = UnicodeAttribute()


def read(program: str, job: str, *, strong: bool) -> JobItem | None:
    """A stored job, or nothing."""
    return JobItem.find(keys.job(program, job), SORT_KEY, strong=strong)


def is_part_done(job: Job, part: int) -> bool:
    """Whether a part was counted (a strong read)."""
    return PartItem.find(keys.job(job.program, job.job), _part_key(part), strong=True) is not None


def parts_left(job: Job) -> list[int]:
    """The parts not yet counted, in order (strong reads)."""
    done = PartItem.below(keys.job(job.program, job.job), _PART, strong=True)
    numbers = {int(item.sk.removeprefix(_PART)) for item in done}
    return [part for part in range(1, job.parts + 1) if part not in numbers]


def open_jobs() -> Iterator[OpenItem]:
    """Every job of the platform with work left."""
    return OpenItem.below(keys.open_jobs(), "OPEN#", strong=True)


def create(job: Job) -> Writes:
    """A new job, open."""
    pk = keys.job(job.program, job.job)
    return Writes().put_new(JobItem(pk, SORT_KEY, revision=1, job=job)).put_new(_open_item(job))


def change(before: JobItem, after: Job) -> Writes:
    """The job as it is now, unless somebody else changed it; off the open list once it ended."""
    writes = Writes().update(
        before,
        [JobItem.revision.set(before.revision + 1), JobItem.job.set(after)],
        JobItem.revision == before.revision,
    )
    if before.job.is_open and not after.is_open:
        writes.delete(_open_item(after))
    return writes


def finish_part(job: Job, part: int, units: int, at: str) -> Writes:
    """Note a part as done, once."""
    pk = keys.job(job.program, job.job)
    return Writes().put_new(PartItem(pk, _part_key(part), units=units, at=at))


def _part_key(part: int) -> str:
    return keys.numbered("PART", part)


def _open_item(job: Job) -> OpenItem:
    sort_key = f"OPEN#{job.program}#{job.job}"
    return OpenItem(keys.open_jobs(), sort_key, program=job.program, job=job.job)
