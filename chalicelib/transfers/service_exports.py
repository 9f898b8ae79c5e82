"""Exports as staff handle them: order, look, download."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.files import service as files
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Job
from chalicelib.kernel.clock import parse
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.service import in_force
from chalicelib.transfers import store_exports as store
from chalicelib.transfers.errors import ExportUnknown
from chalicelib.transfers.model import EXPORTS_LIVE, LINK_S, SEGMENTS, ExportState, Written
from chalicelib.transfers.store_exports import ExportItem, Order

WRITE = "exports.write"
"""The kind of job that writes an export; its handler stands in ``service_export_jobs``."""


@dataclass(frozen=True, slots=True)
class Found:
    """An export, its job and the files that it has written so far."""

    item: ExportItem
    job: Job
    state: ExportState
    files: tuple[Written, ...]

    def link(self, name: str) -> str:
        """A short-lived address of one of the files."""
        return files.export_link(self.item.program, self.item.export, name, LINK_S)


def create(program: str, order: Order, call: guards.Request, ids: Ids, at: datetime) -> Found:
    """Order an export; a job writes its files. Raises ProgramUnknown."""
    in_force(program, at)
    export, job = (in_time_order(at, ids.new()) for _ in range(2))

    def decide(_: bool) -> tuple[Writes, str]:
        pk = keys.exports(program)
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        writes = store.create(program, export, order, job)
        writes += jobs.start(
            program, job, WRITE, export, thing="export", parts=SEGMENTS, units=SEGMENTS, at=at
        )
        guards.remember(writes, pk, call, export)
        act = audit.Act(
            program=program,
            actor=order.created_by,
            action="export.ordered",
            subject=audit.subject(export=export),
            at=at,
            after={"kind": order.kind, "format": order.format},
        )
        return audit.note(writes, act), export

    made = transact(decide)
    found = read(program, made, at)
    jobs.announce(program, found.job.job)
    return found


def read(program: str, export: str, at: datetime) -> Found:
    """An export with its files; raises ExportUnknown."""
    item = store.read(program, export)
    if item is None:
        raise ExportUnknown
    job = jobs.read(program, item.job, strong=True)
    written = tuple(one for place in store.places(program, export) for one in place.files)
    return Found(item, job, _state(item, job, at), written)


def state(item: ExportItem, at: datetime) -> ExportState:
    """How an export stands; reads its job."""
    return _state(item, jobs.read(item.program, item.job), at)


def _state(item: ExportItem, job: Job, at: datetime) -> ExportState:
    if parse(item.order.created_at) + EXPORTS_LIVE <= at:
        return "expired"
    if job.state in ("failed", "cancelled"):
        return "stopped"
    return "done" if job.state == "done" else "running"
