"""Lists of awards as staff handle them: upload, look, run, cancel (GC-1)."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.awards import model, store, upload
from chalicelib.awards.errors import (
    AwardListCancelled,
    AwardListNotChecked,
    AwardListRun,
    AwardListStopped,
    AwardListUnknown,
    OwnList,
    RowsWrong,
)
from chalicelib.awards.model import AwardList
from chalicelib.awards.store import ListItem
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Job
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.service import in_force

CHECK = "awards.check"
"""The kind of job that checks a list; its handler stands in ``service_jobs``, as that of RUN."""
RUN = "awards.run"
_WORKING = ("checking", "running")
"""States in which a job is at work on a list."""
SEARCH = "members.search"
"""The right to find members by phone and e-mail, in a list too."""
APPROVE = "awards.approve"
"""The right to run a list that needs four eyes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A list as somebody sends it."""

    program: str
    csv: str
    reason: str
    actor: str
    may_search: bool
    """Whether they may find members by phone and e-mail."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order to run or cancel one list."""

    program: str
    list_id: str
    actor: str
    may_approve: bool
    """Whether they have the right :data:`APPROVE`."""
    at: datetime
    skip_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A list and the job that checks or runs it."""

    award_list: AwardList
    job: Job
    needs_two: bool
    """Whether only somebody else than who uploaded it may run it."""


def create(order: Upload, call: guards.Request, ids: Ids) -> Found:
    """Take a list in; a job checks its rows, and nobody's points change.

    Raises:
        ProgramUnknown, InvalidFields: the file cannot be read at all.
    """
    pk = keys.award_lists(order.program)
    in_force(order.program, order.at)
    typed = upload.read(order.csv)
    new = _new(order, len(typed), ids)

    def decide(_: bool) -> tuple[Writes, str]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        writes = store.create(new, typed, order.at)
        writes += _job(new, CHECK, order.at)
        guards.remember(writes, pk, call, new.list)
        return _noted(writes, "uploaded", None, new, order), new.list

    return _announced(order.program, transact(decide), order.at)


def read(program: str, list_id: str, at: datetime) -> Found:
    """A list and its job; raises AwardListUnknown."""
    stored = _item(program, list_id).award_list
    job = _job_of(stored)
    needs_two = model.needs_two(stored, in_force(program, at).approvals)
    found = _current(stored, job)
    return Found(_all_counted(found) if found.state == "stopped" else found, job, needs_two)


def current(stored: AwardList) -> AwardList:
    """A list as it stands: where its job was stopped or given up, cancelled if it was being
    checked, stopped if it was being run. Reads the job of such a list.
    """
    return _current(stored, _job_of(stored)) if stored.state in _WORKING else stored


def run(order: Order, ids: Ids) -> Found:
    """Post the good rows, by a job; the same order again changes nothing. A list that was stopped
    goes on: what it posted stays as it is.

    Raises:
        AwardListUnknown, AwardListNotChecked, AwardListCancelled, AwardListRun, RowsWrong,
        OwnList, ProgramUnknown; Forbidden: it needs four eyes, and these may not.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        item = _item(order.program, order.list_id)
        found = current(item.award_list)
        again = (found.run_by, found.skip_wrong) == (order.actor, order.skip_wrong)
        if again and found.state != "stopped":
            return Writes(), None
        _refuse(order, found)
        after = msgspec.structs.replace(
            found,
            state="running",
            left=found.parts - len(found.ran),
            job=in_time_order(order.at, ids.new()),
            run_by=order.actor,
            run_at=render(order.at),
            skip_wrong=order.skip_wrong,
        )
        writes = store.change(item, after)
        writes += _job(after, RUN, order.at)
        return _noted(writes, "run", found, after, order), None

    transact(decide)
    return _announced(order.program, order.list_id, order.at)


def cancel(order: Order) -> Found:
    """Give a list up before it is run; again changes nothing.

    Raises:
        AwardListUnknown, AwardListRun, AwardListStopped, ProgramUnknown.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        item = _item(order.program, order.list_id)
        found = item.award_list
        if found.state == "cancelled":
            return Writes(), None
        if found.run_by:
            raise AwardListStopped if current(found).state == "stopped" else AwardListRun
        after = msgspec.structs.replace(found, state="cancelled")
        writes = store.change(item, after)
        unchecked = found.parts if found.state == "checking" else 0
        for part in range(1, unchecked + 1):
            writes += store.keys_gone(order.program, found.list, part)
        return _noted(writes, "cancelled", found, after, order), None

    transact(decide)
    return read(order.program, order.list_id, order.at)


def _current(stored: AwardList, job: Job) -> AwardList:
    if stored.state not in _WORKING or job.state not in ("failed", "cancelled"):
        return stored
    state: model.State = "stopped" if stored.state == "running" else "cancelled"
    return msgspec.structs.replace(stored, state=state)


def _all_counted(found: AwardList) -> AwardList:
    """A stopped list, counted from what was really posted: also in the parts it was stopped in."""
    for part in range(1, found.parts + 1):
        if part not in found.ran:
            found = model.counted(found, store.begun(found.program, found.list, part))
    return found


def _job_of(stored: AwardList) -> Job:
    return jobs.read(stored.program, stored.job, strong=True)


def _refuse(order: Order, found: AwardList) -> None:
    if found.state == "cancelled":
        raise AwardListCancelled
    if found.run_by and found.state != "stopped":
        raise AwardListRun
    if found.state == "checking":
        raise AwardListNotChecked
    if found.wrong and not order.skip_wrong:
        raise RowsWrong(count=found.wrong)
    if not model.needs_two(found, in_force(order.program, order.at).approvals):
        return
    if order.actor == found.created_by or not order.may_approve:
        audit.tried(order.program, order.actor, APPROVE, {"list": found.list}, order.at)
        raise OwnList if order.actor == found.created_by else Forbidden


def _new(order: Upload, size: int, ids: Ids) -> AwardList:
    parts = model.parts(size)
    return AwardList(
        program=order.program,
        list=in_time_order(order.at, ids.new()),
        reason=order.reason,
        created_at=render(order.at),
        created_by=order.actor,
        may_search=order.may_search,
        size=size,
        parts=parts,
        left=parts,
        job=in_time_order(order.at, ids.new()),
    )


def _job(award_list: AwardList, kind: str, at: datetime) -> Writes:
    return jobs.start(
        award_list.program,
        award_list.job,
        kind,
        award_list.list,
        thing="list",
        parts=award_list.parts,
        units=award_list.size,
        at=at,
    )


def _announced(program: str, list_id: str, at: datetime) -> Found:
    found = read(program, list_id, at)
    jobs.announce(program, found.job.job)
    return found


def _noted(
    writes: Writes, did: str, was: AwardList | None, now: AwardList, order: Upload | Order
) -> Writes:
    before, after = audit.changed(_figures(was) if was else {}, _figures(now))
    act = audit.Act(
        program=now.program,
        actor=order.actor,
        action=f"award_list.{did}",
        subject=audit.subject(list=now.list),
        at=order.at,
        before=before,
        after=after,
        reason=now.reason,
    )
    return audit.note(writes, act)


def _figures(found: AwardList) -> audit.Facts:
    names = ("state", "size", "ok", "wrong", "credit", "withdraw", "run_by", "skip_wrong")
    return {name: getattr(found, name) for name in names}


def _item(program: str, list_id: str) -> ListItem:
    found = store.read(program, list_id)
    if found is None:
        raise AwardListUnknown
    return found
