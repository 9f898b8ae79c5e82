"""Settlements as staff handle them: order, look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Job
from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.service import in_force
from chalicelib.settlement import store
from chalicelib.settlement.model import (
    SETTLED_AFTER,
    MonthNotOver,
    SettlementNotDone,
    SettlementUnknown,
    Sheet,
    Sums,
    bounds,
)
from chalicelib.settlement.store import SEGMENTS, Order, SettlementItem

ADD_UP = "settlement.add_up"
"""The kind of job that adds up a month; its handler stands in ``service_jobs``."""
State = Literal["running", "done", "stopped"]


@dataclass(frozen=True, slots=True)
class Found:
    """A settlement, its job, and what it comes to when it is done."""

    item: SettlementItem
    job: Job
    state: State
    sums: Sums


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish to settle a month."""

    program: str
    month: str
    actor: str
    at: datetime


def create(wish: Wish, call: guards.Request, ids: Ids) -> Found:
    """Order the settlement of a month; a job adds it up. The month never changes any more, so
    another settlement of it comes to the same.

    Raises:
        ProgramUnknown, MonthNotOver.
    """
    program, at = wish.program, wish.at
    order = _order(wish)
    settlement, job = (in_time_order(at, ids.new()) for _ in range(2))

    def decide(_: bool) -> tuple[Writes, str]:
        pk = keys.settlements(program)
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        writes = store.create(program, settlement, order, job)
        writes += jobs.start(
            program,
            job,
            ADD_UP,
            settlement,
            thing="settlement",
            parts=SEGMENTS,
            units=SEGMENTS,
            at=at,
        )
        guards.remember(writes, pk, call, settlement)
        act = audit.Act(
            program=program,
            actor=wish.actor,
            action="settlement.ordered",
            subject=audit.subject(settlement=settlement),
            at=at,
            after={"month": wish.month},
        )
        return audit.note(writes, act), settlement

    found = read(program, transact(decide))
    jobs.announce(program, found.job.job)
    return found


def read(program: str, settlement: str) -> Found:
    """A settlement; its sums are empty until it is done. Raises SettlementUnknown."""
    item = store.read(program, settlement)
    if item is None:
        raise SettlementUnknown
    job = jobs.read(program, item.job, strong=True)
    state = _state(job)
    parts = store.sums(program, settlement) if state == "done" else []
    return Found(item, job, state, Sheet(*parts).sums())


def done(program: str, settlement: str) -> Found:
    """A settlement that is worked out.

    Raises:
        SettlementUnknown, SettlementNotDone.
    """
    found = read(program, settlement)
    if found.state != "done":
        raise SettlementNotDone
    return found


def state(item: SettlementItem) -> State:
    """How a settlement stands; reads its job."""
    return _state(jobs.read(item.program, item.job))


def _order(wish: Wish) -> Order:
    program = in_force(wish.program, wish.at)
    since, until = bounds(wish.month, program.zone)
    if wish.at < until + SETTLED_AFTER:
        raise MonthNotOver
    return Order(
        month=wish.month,
        since=render(since),
        until=render(until),
        currency=program.currency,
        created_at=render(wish.at),
        created_by=wish.actor,
    )


def _state(job: Job) -> State:
    if job.state in ("failed", "cancelled"):
        return "stopped"
    return "done" if job.state == "done" else "running"
