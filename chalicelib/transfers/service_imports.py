"""Imports as staff handle them: order, look, run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.files import service as files
from chalicelib.files.model import MediaType
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Job
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, Forbidden, InvalidFields
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.partners import store as partners
from chalicelib.programs.service import in_force
from chalicelib.transfers import model
from chalicelib.transfers import store_imports as store
from chalicelib.transfers.errors import (
    ImportEnded,
    ImportNotChecked,
    ImportRun,
    ImportUnknown,
    OwnImport,
)
from chalicelib.transfers.model import Format, Import, Order, Phase
from chalicelib.transfers.store_imports import ImportItem, Listed

READ = "imports.read"
"""The kind of job that reads a file once; its handler stands in ``service_import_jobs``."""
CHECK = "imports.check"
RUN = "imports.run"
APPROVE = "transfers.approve"
"""The right to run an import that needs four eyes."""
MEDIA: dict[Format, MediaType] = {"csv": "text/csv", "ndjson": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's order to run one import."""

    program: str
    import_id: str
    actor: str
    may_approve: bool
    """Whether they have the right :data:`APPROVE`."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """An import and the job at work on it."""

    value: Import
    job: Job
    needs_two: bool
    """Whether only somebody else than who ordered it may run it."""


def create(program: str, order: Order, call: guards.Request, ids: Ids, at: datetime) -> Found:
    """Take an uploaded file in; a job reads it, then another checks it.

    Raises:
        ProgramUnknown, files.errors.*: there is no such checked file.
        InvalidFields: the file is of another format, or the partner is unknown.
    """
    in_force(program, at)
    import_id, job = (in_time_order(at, ids.new()) for _ in range(2))

    def decide(_: bool) -> tuple[Writes, str]:
        pk = keys.imports(program)
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        file = files.require_ready(program, order.file, "import")
        faults = tuple(_faults(program, order, file.media_type))
        if faults:
            raise InvalidFields(fields=faults)
        writes = store.create(program, import_id, order, job)
        writes += jobs.start(program, job, READ, import_id, thing="import", parts=1, units=1, at=at)
        guards.remember(writes, pk, call, import_id)
        after: audit.Facts = {
            "kind": order.kind,
            "file": order.file,
            "on_existing": order.on_existing,
            "dry_run": order.dry_run,
            "history": order.history,
        }
        act = _act(program, import_id, order, "ordered", order.created_by, at, {}, after)
        return audit.note(writes, act), import_id

    made = transact(decide)
    found = read(program, made, at)
    jobs.announce(program, found.job.job)
    return found


def read(program: str, import_id: str, at: datetime) -> Found:
    """An import and its job; raises ImportUnknown."""
    stored = store.value(_item(program, import_id))
    job = jobs.read(program, stored.job, strong=True)
    found = msgspec.structs.replace(stored, state=model.by_job(model.by_parts(stored), job))
    return Found(found, job, model.needs_two(found, in_force(program, at).approvals))


def current(stored: Import) -> Import:
    """An import as it stands. Reads the job of one that is at work."""
    state = model.by_parts(stored)
    if state in model.WORKING:
        state = model.by_job(state, jobs.read(stored.program, stored.job, strong=True))
    return msgspec.structs.replace(stored, state=state)


def run(wish: Wish, ids: Ids) -> Found:
    """Do the good rows, by a job; the same order again changes nothing. An import that was stopped
    goes on: what it brought stays as it is.

    Raises:
        ImportUnknown, ImportNotChecked, ImportEnded, ImportRun, OwnImport; Forbidden: it needs
        four eyes, and these may not.
    """
    job = in_time_order(wish.at, ids.new())

    def decide(_: bool) -> tuple[Writes, None]:
        item = _item(wish.program, wish.import_id)
        found = current(store.value(item))
        if found.run_by == wish.actor and found.state != "stopped":
            return Writes(), None
        _refuse(wish, found)
        return begin(item, found, wish.actor, job, wish.at), None

    transact(decide)
    found = read(wish.program, wish.import_id, wish.at)
    jobs.announce(wish.program, found.job.job)
    return found


def begin(item: ImportItem, found: Import, actor: str, job: str, at: datetime) -> Writes:
    """The writes by which a job runs an import that may be run."""
    writes = store.begun(item, found.parts, job, actor, render(at))
    writes += jobs.start(
        found.program,
        job,
        RUN,
        found.id,
        thing="import",
        parts=found.parts,
        units=found.rows,
        at=at,
    )
    before: audit.Facts = {"state": found.state, "run_by": found.run_by}
    after: audit.Facts = {
        "state": "running",
        "run_by": actor,
        "good": found.checked.good,
        "refused": found.checked.refused,
        "points": found.checked.points,
    }
    act = _act(found.program, found.id, found.order, "run", actor, at, before, after)
    return audit.note(writes, act)


def report(found: Import, after: str | None) -> Iterator[Listed]:
    """What is wrong with refused rows, as found last, beyond a place."""
    phase: Phase = "run" if found.run_by else "check"
    return store.report(found.program, found.id, phase, after)


def may_alone(found: Import, at: datetime) -> bool:
    """Whether who ordered an import may run it too."""
    return not model.needs_two(found, in_force(found.program, at).approvals)


def _faults(program: str, order: Order, media_type: str) -> Iterator[FieldError]:
    if media_type != MEDIA[order.format]:
        yield FieldError("/format", "not_the_files")
    if order.kind != "receipts":
        if order.partner:
            yield FieldError("/partner", "not_applicable")
        if order.history:
            yield FieldError("/history", "not_applicable")
    elif order.partner and partners.partner(program, order.partner, strong=True) is None:
        yield FieldError("/partner", "unknown_partner")


def _refuse(wish: Wish, found: Import) -> None:
    if found.state in ("reading", "checking"):
        raise ImportNotChecked
    if found.state in ("refused", "cancelled"):
        raise ImportEnded
    if found.state in ("running", "done"):
        raise ImportRun
    if may_alone(found, wish.at):
        return
    own = wish.actor == found.order.created_by
    if own or not wish.may_approve:
        audit.tried(wish.program, wish.actor, APPROVE, {"import": found.id}, wish.at)
        raise OwnImport if own else Forbidden


def _item(program: str, import_id: str) -> ImportItem:
    found = store.read(program, import_id)
    if found is None:
        raise ImportUnknown
    return found


def _act(
    program: str,
    import_id: str,
    order: Order,
    did: str,
    actor: str,
    at: datetime,
    before: audit.Facts,
    after: audit.Facts,
) -> audit.Act:
    return audit.Act(
        program=program,
        actor=actor,
        action=f"import.{did}",
        subject=audit.subject(**{"import": import_id}),
        at=at,
        before=before,
        after=after,
        reason=order.reason,
    )
