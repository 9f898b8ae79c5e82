"""Batches: ordered by staff, made by a job, printed once while a window of a day is open."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Literal

from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Job, JobFailed, Work
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.observability import each, logger
from chalicelib.kernel.settings import Settings, settings
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.partners import store as partners
from chalicelib.programs.service import in_force
from chalicelib.tags import model
from chalicelib.tags import store_batches as store
from chalicelib.tags.errors import (
    BatchNotReady,
    BatchUnknown,
    PrintPartUnknown,
    PrintWindowClosed,
    PrintWindowNotOpen,
    PrintWindowUsed,
)
from chalicelib.tags.store_batches import BatchItem

KIND = "tags.make"
"""The kind of job that makes tags; :func:`make_tags` is its handler."""
WINDOW = timedelta(hours=24)
TRANSACTION = 100
WORKERS = 4
SYSTEM = "system"
Format = Literal["csv", "sheet"]
SIZES: dict[Format, int] = {"csv": model.ROWS, "sheet": model.SHEET}


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order of tags."""

    program: str
    item: model.Item
    count: int
    partner: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A batch and the job that makes its tags."""

    batch: BatchItem
    job: Job


def check(order: Order) -> None:
    """Refuse an order that cannot be made.

    Raises:
        ProgramUnknown, InvalidFields: the program has no such partner.
    """
    in_force(order.program, order.at)
    if order.partner and not partners.partner(order.program, order.partner, strong=True):
        raise InvalidFields(fields=(FieldError("/partner", "unknown_partner"),))


def create(order: Order, call: guards.Request, ids: Ids) -> Made:
    """Order a batch: it and its job exist at once, its tags soon.

    Raises:
        what :func:`check` does.
    """
    pk = keys.batches(order.program)
    new = _new_batch(order, ids)

    def decide(_: bool) -> tuple[Writes, str]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        check(order)
        writes = Writes().put_new(new)
        writes += jobs.start(
            order.program,
            new.job,
            KIND,
            new.batch,
            thing="batch",
            parts=model.parts(order.count, model.PART),
            units=order.count,
            at=order.at,
        )
        guards.remember(writes, pk, call, new.batch)
        told = {"sku": order.item.sku, "size": order.count, "partner": order.partner}
        _note(writes, "batch.ordered", new, order.actor, order.at, after=told)
        return writes, new.batch

    made = read(order.program, transact(decide), order.at)
    jobs.announce(order.program, made.batch.job)
    return made


def read(program: str, batch_id: str, at: datetime) -> Made:
    """A batch and its job; raises BatchUnknown.

    Whoever touches a batch whose window has ended, or whose tags will never be, destroys its codes.
    """
    found = store.batch(program, batch_id)
    if found is None:
        raise BatchUnknown
    job = jobs.read(program, found.job, strong=True)
    over = found.until is not None and found.until <= render(at)
    if found.seed and (over or job.state in ("failed", "cancelled")):
        return Made(_shred(program, batch_id, SYSTEM, at), job)
    return Made(found, job)


def make_tags(work: Work) -> int:
    """Make one part of a batch; making it again changes nothing. Handler of :data:`KIND`."""
    found = store.batch(work.job.program, work.job.ref)
    if found is None or found.seed is None:
        raise JobFailed("seed_gone")
    made, seed, secret = found, found.seed, model.keys_of(settings())

    def put(numbers: range) -> bool:
        labels = model.labels(secret, seed, numbers)
        hashed = [(one, model.code_hash(secret, one.serial, one.code)) for one in labels]
        return store.make(made, hashed)

    whole = model.part_numbers(work.part, model.PART, found.size)
    slices = [whole[at : at + TRANSACTION] for at in range(0, len(whole), TRANSACTION)]
    with ThreadPoolExecutor(WORKERS) as pool:
        if not all(pool.map(put, slices)):
            raise JobFailed("serial_collision")
    return len(whole)


def open_window(program: str, batch_id: str, actor: str, reason: str, at: datetime) -> Made:
    """Open the one print window of a batch; the same person and reason again: the same window.

    Raises:
        BatchUnknown, BatchNotReady, PrintWindowUsed, PrintWindowClosed.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        made = read(program, batch_id, at)
        found = made.batch
        if found.opened_at:
            if (found.opened_by, found.reason) != (actor, reason):
                raise PrintWindowUsed
            return Writes(), None
        if not found.seed:
            raise PrintWindowClosed
        if made.job.state != "done":
            raise BatchNotReady
        until = render(at + WINDOW)
        writes = store.opened(found, render(at), actor, reason, until)
        after = {"open_until": until}
        _note(writes, "batch.window_opened", found, actor, at, after=after, reason=reason)
        return writes, None

    transact(decide)
    return read(program, batch_id, at)


def print_part(
    program: str, batch_id: str, part: int, kind: Format, stage: Settings, at: datetime
) -> tuple[BatchItem, Iterable[model.Label]]:
    """The labels of one part, while the window is open.

    Raises:
        BatchUnknown, PrintWindowNotOpen, PrintWindowClosed, PrintPartUnknown.
    """
    found = read(program, batch_id, at).batch
    if not found.seed:
        raise PrintWindowClosed
    if not found.opened_at:
        raise PrintWindowNotOpen
    size = SIZES[kind]
    if not 1 <= part <= model.parts(found.size, size):
        raise PrintPartUnknown
    numbers = model.part_numbers(part, size, found.size)
    return found, model.labels(model.keys_of(stage), found.seed, numbers)


def close_window(program: str, batch_id: str, actor: str, at: datetime) -> Made:
    """Destroy the codes of a printed batch; doing it again changes nothing.

    Raises:
        BatchUnknown, PrintWindowNotOpen.
    """
    made = read(program, batch_id, at)
    if not made.batch.seed:
        return made
    if not made.batch.opened_at:
        raise PrintWindowNotOpen
    return Made(_shred(program, batch_id, actor, at), made.job)


def close_expired_windows(at: datetime) -> int:
    """Destroy the codes of every batch whose window has ended; returns how many."""
    over = takewhile(lambda window: window.until <= render(at), store.windows())
    return each(
        list(over), lambda window: _shred(window.program, window.batch, SYSTEM, at), "print window"
    )


def _shred(program: str, batch_id: str, actor: str, at: datetime) -> BatchItem:
    def decide(_: bool) -> tuple[Writes, BatchItem]:
        found = store.batch(program, batch_id)
        if found is None:
            raise BatchUnknown
        if not found.seed:
            return Writes(), found
        writes = store.shredded(found, render(at), actor)
        _note(writes, "batch.window_closed", found, actor, at, after={"codes": "destroyed"})
        return writes, found

    transact(decide)
    logger.info("codes destroyed", program=program, batch=batch_id)
    found = store.batch(program, batch_id)
    if found is None:
        raise BatchUnknown
    return found


def _note(
    writes: Writes,
    action: str,
    batch: BatchItem,
    actor: str,
    at: datetime,
    *,
    after: audit.Facts,
    reason: str = "",
) -> None:
    act = audit.Act(
        program=batch.program,
        actor=actor,
        action=action,
        subject=audit.subject(batch=batch.batch),
        at=at,
        before=dict.fromkeys(after),
        after=after,
        reason=reason,
    )
    audit.note(writes, act)


def _new_batch(order: Order, ids: Ids) -> BatchItem:
    batch_id = in_time_order(order.at, ids.new())
    return BatchItem(
        keys.batches(order.program),
        store.batch_key(batch_id),
        batch=batch_id,
        job=in_time_order(order.at, ids.new()),
        item=order.item,
        size=order.count,
        partner=order.partner or None,
        created_at=render(order.at),
        created_by=order.actor,
        seed=ids.bytes(32).hex(),
    )
