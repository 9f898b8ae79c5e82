"""Members apply for verified groups (EK-8); staff approve for a time, or refuse with a reason."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Entry
from chalicelib.counters.gates import refuse_closed
from chalicelib.groups import model, store
from chalicelib.groups.errors import (
    ApplicationDecided,
    ApplicationUnknown,
    ApplicationWaits,
    GroupUnknown,
)
from chalicelib.groups.model import Application
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, commit, transact
from chalicelib.members import store as members
from chalicelib.members.model import Happened, InGroup, Member
from chalicelib.programs.groups import GroupTerms
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

DUE = "groups.end"
"""What the agenda calls the reminder and the end of a proof; its ref is member and group."""
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


def mine(program: str, member: str, at: datetime) -> Mine:
    """The groups that a member is in or can apply for. Strong reads."""
    document = in_force(program, at)
    found = members.read(program, member, strong=True)
    groups = found.groups if found else ()
    today = local_date(at, document.zone)
    return Mine(document, groups, store.of_member(program, member), today)


def apply(
    caller: MemberCaller, group: str, evidence: str, at: datetime, call: guards.Request
) -> None:
    """Apply for a group; also again, before a proof runs out or after a refusal.

    Raises:
        NotActive, ProgramUnknown, GateClosed, GroupUnknown, ApplicationWaits, IdempotencyKeyReused.
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
        _terms(document, group)
        before = store.find(program, member, group)
        if before is not None and before.state == "waiting":
            raise ApplicationWaits
        new = Application(
            program=program, member=member, group=group, at=render(at), evidence=evidence
        )
        writes = store.applied(new, before)
        writes += members.active(program, member)
        guards.remember(writes, pk, call, group)
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
        guards.remember(writes, pk, call, order.group)
        return audit.note(writes, _act(order, until)), None

    transact(decide)
    return _known(order)


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


AGENDA_HANDLERS = {DUE: end}


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
