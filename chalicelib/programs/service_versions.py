"""Publishing: a draft becomes a numbered version with a notice and an effective date, for good."""

from datetime import UTC, datetime, timedelta

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs import schedule, service, store
from chalicelib.programs.model import (
    BaseVersionStale,
    DraftInvalid,
    EffectiveOutOfRange,
    NoticeOutOfOrder,
    OvertakesUnannounced,
    OwnDraft,
    Program,
    RulesForMembers,
    VersionUnknown,
)
from chalicelib.programs.schedule import Scheduled
from chalicelib.programs.service_drafts import faults_for, read_draft

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
AT_ONCE = timedelta(minutes=1)
"""An effective instant no longer past than this means: at once."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """When a version is announced and takes effect, and which version its author started from."""

    effective_at: datetime
    notice_at: datetime | None = None
    base_version: int | None = None


def publish(
    program_id: str, plan: Plan, author: str, call: guards.Request, at: datetime
) -> store.VersionItem:
    """Make the draft the next version. A first version may take effect in the past.

    Raises:
        ProgramUnknown: there is no draft of that name.
        BaseVersionStale, EffectiveOutOfRange, NoticeOutOfOrder, DraftInvalid,
        OvertakesUnannounced: it cannot be done.
        OwnDraft: it loosens the rule of four eyes, and it was the author who set it so.
        IdempotencyKeyReused: the key came before with another plan.
    """
    pk = keys.program(program_id)

    def decide(strong: bool) -> tuple[Writes, store.VersionItem]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), _stored(program_id, int(done))
        draft = read_draft(program_id)
        head = store.head(program_id, strong=True)
        number = int(head.newest) + 1 if head else 1
        item = dated(plan, author, at, first=head is None)
        refuse_stale(plan, number - 1)
        newest = store.newest(program_id)
        document = _publishable(draft, newest, number, plan.effective_at)
        if draft.set_by == author and loosens(document, head, at):
            raise OwnDraft
        refuse_overtaking(head, row_of(item, number), at)
        writes = store.put_version(document, item, head, draft)
        guards.remember(writes, pk, call, str(number))
        return audit.note(writes, _act(document, newest, item, at)), item

    published = transact(decide)
    service.forget(program_id)
    return published


def loosens(document: Program, head: store.HeadItem | None, at: datetime) -> bool:
    """Whether one person may do more by ``document`` than by the version in force, or by one that
    is to come into force.
    """
    rows = head.schedule if head else ()
    over = [row for row in rows if row.effective_at <= render(at)][:-1]
    standing = (service.version(document.id, row.number) for row in rows if row not in over)
    return any(document.approvals.looser_than(one.approvals) for one in standing)


def _act(
    document: Program, newest: Program | None, published: store.VersionItem, at: datetime
) -> audit.Act:
    was: audit.Facts = {"approvals": msgspec.to_builtins(newest.approvals)} if newest else {}
    now: audit.Facts = {"approvals": msgspec.to_builtins(document.approvals)}
    before, after = audit.changed(was, now)
    return audit.Act(
        program=document.id,
        actor=published.published_by,
        action="program.published",
        subject=audit.subject(program=document.id, version=str(published.number)),
        at=at,
        before={"version": published.number - 1, **before},
        after={
            "version": published.number,
            "hash": published.hash,
            "effective_at": published.effective_at,
            "notice_at": published.notice_at,
            **after,
        },
    )


def install(document: Program, effective_at: datetime, author: str, at: datetime) -> int:
    """Load a ready document: create its program and publish it as version 1, unless that was done.

    Returns the number of the newest version. A program that has a version is left as it is: what
    its staff published since counts more than a file.

    Raises:
        DraftInvalid: the document has faults.
    """

    def decide(strong: bool) -> tuple[Writes, int]:
        head = store.head(document.id, strong=True)
        if head is not None:
            return Writes(), int(head.newest)
        found = faults_for(document, None, effective_at)
        if found:
            raise DraftInvalid(fields=found)
        draft = store.draft(document.id)
        plain = msgspec.structs.replace(document, version=0)
        writes, _ = store.put_draft(plain, draft, author, author, at)
        item = dated(Plan(effective_at=effective_at), author, at, first=True)
        first = msgspec.structs.replace(document, version=1)
        writes += store.put_version(first, item, None, None)
        return writes, 1

    number = transact(decide)
    service.forget(document.id)
    return number


def readable(program_id: str, number: int | None, caller: object, at: datetime) -> Program:
    """The version whose terms this caller may read: the one asked for, or the one in force.

    A visitor who may not see the terms learns nothing else either, not even which versions exist.

    Raises:
        ProgramUnknown, VersionUnknown: nothing of that name is published, or announced yet.
        RulesForMembers: the terms are for signed-in members of this program.
    """
    current = service.in_force(program_id, at)
    insider = isinstance(caller, MemberCaller) and caller.program == program_id
    if not (current.rules_public or insider):
        raise RulesForMembers
    if number is None:
        return current
    asked = service.version(program_id, number)
    stored = _stored(program_id, number)
    if stored.notice_at > render(at) or stored.withdrawn_at:
        raise VersionUnknown
    if not (asked.rules_public or insider):
        raise RulesForMembers
    return asked


def read_version(program_id: str, number: int) -> store.VersionItem:
    """One published version, announced or not.

    Raises:
        VersionUnknown: there is none of that number.
    """
    return _stored(program_id, number)


def _stored(program_id: str, number: int) -> store.VersionItem:
    found = store.version(program_id, number, strong=True)
    if found is None:
        raise VersionUnknown
    return found


def dated(plan: Plan, author: str, at: datetime, *, first: bool) -> store.VersionItem:
    """A version with its dates, without number and document.

    Raises:
        EffectiveOutOfRange, NoticeOutOfOrder.
    """
    effective_at = at if _at_once(plan.effective_at, at) and not first else plan.effective_at
    earliest = EARLIEST if first else at
    if not earliest <= effective_at < LATEST:
        raise EffectiveOutOfRange
    notice_at = plan.notice_at or min(at, effective_at)
    if not earliest <= notice_at <= effective_at:
        raise NoticeOutOfOrder
    return store.VersionItem(
        effective_at=render(effective_at),
        notice_at=render(notice_at),
        published_at=render(at),
        published_by=author,
    )


def row_of(item: store.VersionItem, number: int) -> Scheduled:
    """A version as the schedule knows it."""
    return Scheduled(number, item.effective_at, "", item.notice_at)


def refuse_overtaking(head: store.HeadItem | None, row: Scheduled, at: datetime) -> None:
    """Members are told when a version will not come; of one they were not told yet they cannot be.

    Raises:
        OvertakesUnannounced: such a version would never come into force.
    """
    told = render(at + AT_ONCE)  # somebody's "now" is not yet ours
    for other in schedule.overtakes(head.schedule if head else (), row):
        if other.notice_at > told:
            raise OvertakesUnannounced(version=other.number)


def _at_once(effective_at: datetime, at: datetime) -> bool:
    # "Now" on the caller's clock is a little past by the time we read it.
    return timedelta(0) <= at - effective_at <= AT_ONCE


def refuse_stale(plan: Plan, newest: int) -> None:
    """Raises BaseVersionStale when the author started from an older version."""
    if plan.base_version is not None and plan.base_version != newest:
        raise BaseVersionStale(newest=newest)


def _publishable(
    draft: store.DraftItem, before: Program | None, number: int, effective_at: datetime
) -> Program:
    document = store.unpack(draft.document)
    found = faults_for(document, before, effective_at)
    if found:
        raise DraftInvalid(fields=found)
    return msgspec.structs.replace(document, version=number)
