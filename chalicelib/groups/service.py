"""Members apply for verified groups (EK-8); staff approve for a time, or refuse with a reason."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Entry
from chalicelib.counters.gates import refuse_closed
from chalicelib.files import evidence
from chalicelib.files import service as files
from chalicelib.files.evidence import Shown, Whose
from chalicelib.files.model import EvidenceType
from chalicelib.files.store import FileItem
from chalicelib.groups import model, store
from chalicelib.groups.errors import (
    ApplicationDecided,
    ApplicationUnknown,
    ApplicationWaits,
    GroupUnknown,
    TooManyFiles,
)
from chalicelib.groups.model import Application
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import Call, MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, commit, transact
from chalicelib.members import store as members
from chalicelib.members.model import Happened, InGroup, Member
from chalicelib.programs.groups import GroupTerms
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

DUE = "groups.end"
"""What the agenda calls the reminder and the end of a proof; its ref is member and group."""
FORGET = "groups.evidence"
"""What it calls the end of a file that was decided on; its ref is the file."""
FILES = Limit("evidence-files", 30, timedelta(days=1))
"""More than anybody needs to prove things; each may be five megabytes."""
LINK_S = 300
"""Seconds for which staff can open a file that was shown to them."""
FACTS = {"reminded": "group.ending", "expired": "group.expired"}
SYSTEM = "system"


class Mine(NamedTuple):
    """How a member stands with every group."""

    program: Program
    groups: tuple[InGroup, ...]
    applications: dict[str, Application]
    today: date


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What staff decide about an application."""

    program: str
    member: str
    group: str
    approve: bool
    until: date | None
    """Last day; null: as long as the program lets a proof hold."""
    reason: str
    actor: str
    at: datetime


class Asked(NamedTuple):
    """What a member says when they apply."""

    group: str
    evidence: str
    files: tuple[str, ...] = ()


def mine(program: str, member: str, at: datetime) -> Mine:
    """The groups that a member is in or can apply for. Strong reads."""
    document = in_force(program, at)
    found = members.read(program, member, strong=True)
    groups = found.groups if found else ()
    today = local_date(at, document.zone)
    return Mine(document, groups, store.of_member(program, member), today)


def announce(
    caller: MemberCaller, media_type: EvidenceType, size: int, call: Call[Any, Any]
) -> FileItem:
    """Make a file by which the member is going to prove something.

    Raises:
        NotActive, TooManyFiles, InvalidFields, IdempotencyKeyReused.
    """
    if caller.status != "active":
        raise NotActive
    wait = FILES.retry_after(caller.program, caller.member, call.at)
    if wait:
        raise TooManyFiles(retry_after=wait)
    FILES.count(caller.program, caller.member, call.at)
    whose = Whose(caller.program, caller.member, call.at)
    return evidence.announce(whose, media_type, size, call.guard(), call.ids)


def apply(caller: MemberCaller, asked: Asked, at: datetime, call: guards.Request) -> None:
    """Apply for a group; also again, before a proof runs out or after a refusal.

    Raises:
        NotActive, ProgramUnknown, GateClosed, LevelNeeded, GroupUnknown, ApplicationWaits,
        IdempotencyKeyReused.
        FileUnknown, FileMissing, FileTooLarge, WrongFileType, FileInUse: of a file that proves it.
    """
    if caller.status != "active":
        raise NotActive
    program, member = caller.program, caller.member
    pk = keys.member(program, member)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        document = in_force(program, at)
        refuse_closed(document, member, caller.kind, "groups", at)
        _terms(document, asked.group)
        before = store.find(program, member, asked.group)
        if before is not None and before.state == "waiting":
            raise ApplicationWaits
        new = Application(
            program=program,
            member=member,
            group=asked.group,
            at=render(at),
            evidence=asked.evidence,
        )
        writes = store.applied(new, before, asked.files)
        for file in asked.files:
            evidence.check(Whose(program, member, at), file)
            writes += files.used(program, file, +1)
        writes += members.active(program, member)
        guards.remember(writes, pk, call, asked.group)
        return writes, None

    transact(decide)


def decide_on(order: Decision, call: guards.Request) -> Application:
    """Put the member into the group until a day, or refuse; the evidence is forgotten.

    Raises:
        ProgramUnknown, ApplicationUnknown, ApplicationDecided, InvalidFields,
        IdempotencyKeyReused.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        before = _known(order)
        member = members.read(order.program, order.member, strong=True)
        if member is None or member.status == "erased":
            raise ApplicationUnknown
        if before.state != "waiting":
            raise ApplicationDecided
        program = in_force(order.program, order.at)
        writes, until = _decided(order, before, member, program)
        for file in store.files(before):
            writes += agenda.arm(order.program, FORGET, file, order.at, order.at)
        guards.remember(writes, pk, call, order.group)
        return audit.note(writes, _act(order, until)), None

    transact(decide)
    return _known(order)


def proof(program: str, member: str, group: str) -> list[Shown]:
    """The files by which a waiting application can be checked, to be opened for some minutes.

    Raises:
        ApplicationUnknown.
    """
    found = store.find(program, member, group)
    if found is None:
        raise ApplicationUnknown
    named = store.files(found) if found.state == "waiting" else ()
    every = (evidence.shown(program, file, LINK_S) for file in named)
    return [one for one in every if one is not None]


def queue(program: str, after: str | None, limit: int) -> Iterator[store.WaitingItem]:
    """What waits, the oldest first."""
    return store.waiting(program, after, limit)


def of_row(program: str, sort_key: str) -> Application:
    """The application that a row of the queue leads to: as it stands, if it was decided since the
    row was read; without its proof, if it is gone with its member.
    """
    _, at, member, group = sort_key.split("#")
    gone = Application(program=program, member=member, group=group, at=at, state="refused")
    return store.find(program, member, group) or gone


def leave(program: str, member: str) -> int:
    """An erased member's applications wait no more; how many did."""
    found = store.left(program, member)
    for item in found:
        for file in item.files:
            evidence.forget(program, file)
        commit(store.gone(item))
    return len(found)


def _decided(
    order: Decision, before: Application, member: Member, program: Program
) -> tuple[Writes, str]:
    after = msgspec.structs.replace(
        before,
        state="approved" if order.approve else "refused",
        reason="" if order.approve else order.reason,
        decided_at=render(order.at),
    )
    terms = program.groups.get(order.group)
    names = msgspec.to_builtins(terms.name) if terms else {"en": order.group}
    data = {"group": order.group, "names": names}
    if not order.approve:
        happened = Happened("group.refused", order.at, order.actor, data, order.reason)
        writes = store.decided(before, after)
        writes += members.changed(member, happened)
        return writes, ""
    until = _until(order, _terms(program, order.group), local_date(order.at, program.zone))
    happened = Happened("group.approved", order.at, order.actor, {**data, "until": until})
    groups = model.joined(member.groups, order.group, until)
    writes = store.decided(before, msgspec.structs.replace(after, until=until))
    remind_days = terms.remind_days if terms else 0
    due = model.due(until, "", remind_days, program.zone)
    if due is not None:
        ref = f"{order.member}/{order.group}"
        writes += agenda.arm(order.program, DUE, ref, due, order.at)
    writes += members.changed(member, happened, members.MemberItem.groups.set(groups))
    return writes, until


def end(entry: Entry, at: datetime) -> datetime | None:
    """Remind a member once to prove a group anew, and tell once that the proof is over.

    Whether it holds does not depend on it. A new application, another day that staff set, and
    a group that they took away have nothing to be told any more.
    """
    who, _, group = entry.ref.partition("/")

    def decide(_: bool) -> tuple[Writes, datetime | None]:
        program = in_force(entry.program, at)
        found = store.find(program.id, who, group)
        member = members.read(program.id, who, strong=True)
        if found is None or member is None or found.state != "approved":
            return Writes(), None
        if member.status == "erased" or InGroup(group, found.until) not in member.groups:
            return Writes(), None
        terms = program.groups.get(group)
        remind_days, names = (
            (terms.remind_days, msgspec.to_builtins(terms.name)) if terms else (0, {"en": group})
        )
        what = model.step(found.until, found.told, remind_days, local_date(at, program.zone))
        if what is None:
            return Writes(), model.due(found.until, found.told, remind_days, program.zone)
        data = {"group": group, "names": names, "until": found.until}
        writes = members.changed(member, Happened(FACTS[what], at, SYSTEM, data))
        writes += store.told(found, what)
        return writes, model.due(found.until, what, remind_days, program.zone)

    return transact(decide)


def forget(entry: Entry, at: datetime) -> None:
    """Delete a file by which an application was decided."""
    evidence.forget(entry.program, entry.ref)


AGENDA_HANDLERS = {DUE: end, FORGET: forget}


def _until(order: Decision, terms: GroupTerms, today: date) -> str:
    last = model.last_day(today, terms.months)
    until = order.until or last
    if until < today:
        limit = {"limit": today.isoformat()}
        raise InvalidFields(fields=(FieldError("/until", "too_small", limit),))
    if until > last:
        limit = {"limit": last.isoformat()}
        raise InvalidFields(fields=(FieldError("/until", "too_big", limit),))
    return until.isoformat()


def _terms(program: Program, group: str) -> GroupTerms:
    found = program.groups.get(group)
    if found is None:
        raise GroupUnknown
    return found


def _known(order: Decision) -> Application:
    found = store.find(order.program, order.member, order.group)
    if found is None:
        raise ApplicationUnknown
    return found


def _act(order: Decision, until: str) -> audit.Act:
    # The reason stands in the member's journal alone, which erasure scrubs.
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action="group.approved" if order.approve else "group.refused",
        subject=audit.subject(member=order.member, group=order.group),
        at=order.at,
        after={"until": until} if order.approve else {},
    )
