"""Start, work on, take up again, cancel. The queue carries part numbers; the table is the truth.

A room commits :func:`start` with its own writes and then calls :func:`announce`. When that message
is lost, or a worker dies, :func:`resume_stalled` (called by a schedule) sends what is left again.
"""

from datetime import datetime

from chalicelib.jobs import store
from chalicelib.jobs.model import (
    Handlers,
    Job,
    JobFailed,
    JobFinished,
    JobUnknown,
    Message,
    Unfinished,
    Work,
    advanced,
    ended,
    going_on,
    is_stalled,
    resumed,
)
from chalicelib.kernel import queues
from chalicelib.kernel.clock import render
from chalicelib.kernel.observability import count, kept, logger
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.failures import STORAGE_FAILURES
from chalicelib.kernel.table.writes import Writes, transact


def start(
    program: str,
    job: str,
    kind: str,
    ref: str,
    *,
    thing: str = "",
    parts: int,
    units: int,
    at: datetime,
) -> Writes:
    """A new job of ``parts`` parts that will do ``units`` things; to commit with its cause.

    ``thing`` says what ``ref`` is the id of, so that the audit finds who stopped work on it.
    """
    now = render(at)
    return store.create(
        Job(
            program=program,
            job=job,
            kind=kind,
            ref=ref,
            thing=thing,
            parts=parts,
            units=units,
            created_at=now,
            updated_at=now,
        )
    )


def announce(program: str, job: str) -> None:
    """Send what is left of an open job to the workers; raises JobUnknown.

    A silent queue is only a delay: the job stays open, and :func:`resume_stalled` finds it.
    """
    found = read(program, job, strong=True)
    left = store.parts_left(found) if found.is_open else []
    try:
        queues.send(settings().jobs_queue_url, [Message(program, job, part) for part in left])
    except (*STORAGE_FAILURES, queues.NotQueued) as failure:
        logger.warning("job not announced", program=program, job=job, kind=type(failure).__name__)


def read(program: str, job: str, *, strong: bool = False) -> Job:
    """A job; raises JobUnknown."""
    return _item(program, job, strong=strong).job


def run_part(message: Message, handlers: Handlers, at: datetime) -> None:
    """Do one part, unless it was done or the job has ended; then count it, once.

    Raises:
        Whatever a handler raises but JobFailed: the queue delivers the message again.
    """
    found = store.read(message.program, message.job, strong=True)
    if found is None or not found.job.is_open or message.part > found.job.parts:
        return
    if store.is_part_done(found.job, message.part):
        return
    try:
        units = handlers[found.job.kind](Work(found.job, message.part, at))
    except JobFailed as failure:
        _fail(message, failure.code, at)
        return
    except Unfinished:
        _go_on(message, at)
        return
    _count_part(message, units, at)


def cancel(program: str, job: str, actor: str, at: datetime) -> Job:
    """Stop a job; parts under way end by themselves and count no more.

    Raises:
        JobUnknown, JobFinished: it is done or has failed.
    """

    def decide(_: bool) -> tuple[Writes, Job]:
        found = _item(program, job, strong=True)
        if found.job.state == "cancelled":
            return Writes(), found.job
        if not found.job.is_open:
            raise JobFinished(state=found.job.state)
        after = ended(found.job, "cancelled", at)
        act = audit.Act(
            program=program,
            actor=actor,
            action="job.cancelled",
            subject=audit.subject(job=job, **_about(found.job)),
            at=at,
            before={"state": found.job.state},
            after={"state": after.state},
        )
        return audit.note(store.change(found, after), act), after

    return transact(decide)


def resume(program: str, job: str, at: datetime) -> bool:
    """Send again what is left of an open job that stands still; whether anything was sent."""

    def decide(_: bool) -> tuple[Writes, Job | None]:
        found = store.read(program, job, strong=True)
        if found is None or not is_stalled(found.job, at):
            return Writes(), None
        after = resumed(found.job, at)
        return store.change(found, after), after

    after = transact(decide)
    if after is None:
        return False
    if not after.is_open:
        logger.error("job given up", program=program, job=job, kind=after.kind)
        count("JobsGivenUp")
        return False
    announce(program, job)
    return True


def resume_stalled(at: datetime) -> int:
    """Take up every open job of the platform that stands still; returns how many."""
    return len(kept(store.open_jobs(), lambda one: resume(one.program, one.job, at), "job"))


def _about(job: Job) -> dict[str, str]:
    return {job.thing: job.ref} if job.thing else {}


def _count_part(message: Message, units: int, at: datetime) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        found = _item(message.program, message.job, strong=True)
        if not found.job.is_open or store.is_part_done(found.job, message.part):
            return Writes(), None
        writes = store.change(found, advanced(found.job, units, at))
        writes += store.finish_part(found.job, message.part, units, render(at))
        return writes, None

    transact(decide)


def _go_on(message: Message, at: datetime) -> None:
    def decide(_: bool) -> tuple[Writes, bool]:
        found = _item(message.program, message.job, strong=True)
        if not found.job.is_open:
            return Writes(), False
        return store.change(found, going_on(found.job, at)), True

    if transact(decide):
        queues.send(settings().jobs_queue_url, [message])


def _fail(message: Message, error: str, at: datetime) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        found = _item(message.program, message.job, strong=True)
        if not found.job.is_open:
            return Writes(), None
        return store.change(found, ended(found.job, "failed", at, error)), None

    transact(decide)
    logger.error("job failed", program=message.program, job=message.job, code=error)
    count("JobsFailed")


def _item(program: str, job: str, *, strong: bool) -> store.JobItem:
    found = store.read(program, job, strong=strong)
    if found is None:
        raise JobUnknown
    return found
