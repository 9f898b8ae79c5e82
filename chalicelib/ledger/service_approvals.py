"""Four eyes: one person asks for a correction of points, another approves or rejects it.

The correction is posted in the same transaction as its approval, to the account of that moment.
"""

from datetime import datetime

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import posting, store_approvals
from chalicelib.ledger.approvals import (
    WAITING,
    ApprovalUnknown,
    NotOwnRequest,
    OwnRequest,
    State,
    is_ended,
)
from chalicelib.ledger.audited import Order, figures
from chalicelib.ledger.model import Account, Cause
from chalicelib.ledger.posting import AccountClosed, Posting
from chalicelib.ledger.service import account
from chalicelib.ledger.store_approvals import ApprovalItem
from chalicelib.programs.service import in_force

APPROVE = "ledger.approve"
"""The right to decide what others ask for."""


class Ending(msgspec.Struct, frozen=True):
    """How somebody ends a request: which, how, who, why, when."""

    program: str
    approval: str
    state: State
    actor: str
    why: str
    at: datetime


def ask(order: Order, points: int, call: guards.Request, ids: Ids) -> ApprovalItem:
    """Ask for a correction of any size; nothing is posted yet.

    Raises:
        AccountUnknown, AccountClosed.
    """
    pk = keys.approvals(order.program)
    new = _new(order, points, ids)

    def decide(_: bool) -> tuple[Writes, str]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        if account(order.program, order.member, strong=True).closed:
            raise AccountClosed
        writes = Writes().put_new(new)
        guards.remember(writes, pk, call, new.approval)
        act = audit.Act(
            program=order.program,
            actor=order.actor,
            action="adjustment.asked",
            subject=audit.subject(approval=new.approval, member=order.member),
            at=order.at,
            after={"state": WAITING, "points": points},
            reason=order.note,
        )
        return audit.note(writes, act), new.approval

    return read(order.program, transact(decide))


def read(program: str, approval: str) -> ApprovalItem:
    """A request as it stands; raises ApprovalUnknown."""
    found = store_approvals.find(program, approval)
    if found is None:
        raise ApprovalUnknown
    return found


def decide(ending: Ending) -> ApprovalItem:
    """Approve or reject what somebody else asked for; the same decision again changes nothing.

    Raises:
        ApprovalUnknown, OwnRequest, ApprovalEnded, AccountClosed.
        NotEnoughPoints: they are not there any more. The request goes on waiting.
    """

    def change(_: bool) -> tuple[Writes, None]:
        asked = read(ending.program, ending.approval)
        if asked.asked_by == ending.actor:
            ids = {"approval": asked.approval, "member": asked.member}
            audit.tried(ending.program, ending.actor, APPROVE, ids, ending.at)
            raise OwnRequest
        # The account first: a request that still waits when it is read later did not touch it.
        head = account(ending.program, asked.member, strong=True)
        found = read(ending.program, ending.approval)
        if is_ended(found.state, ending.state):
            return Writes(), None
        posted = _posting(found, head, ending) if ending.state == "approved" else None
        return _ended(found, ending, posted), None

    transact(change)
    return read(ending.program, ending.approval)


def withdraw(ending: Ending) -> ApprovalItem:
    """Take one's own request back; again changes nothing.

    Raises:
        ApprovalUnknown, NotOwnRequest, ApprovalEnded.
    """

    def change(_: bool) -> tuple[Writes, None]:
        found = read(ending.program, ending.approval)
        if found.asked_by != ending.actor:
            raise NotOwnRequest
        if is_ended(found.state, ending.state):
            return Writes(), None
        return _ended(found, ending, None), None

    transact(change)
    return read(ending.program, ending.approval)


def _new(order: Order, points: int, ids: Ids) -> ApprovalItem:
    return ApprovalItem(
        keys.approvals(order.program),
        store_approvals.approval_key(in_time_order(order.at, ids.new())),
        member=order.member,
        points=points,
        reason=order.note,
        asked_by=order.actor,
        asked_at=render(order.at),
        state=WAITING,
    )


def _posting(found: ApprovalItem, head: Account, ending: Ending) -> Posting:
    cause = Cause("points.adjusted", found.approval, ending.actor, found.reason, found.asked_by)
    program = in_force(ending.program, ending.at)
    return posting.adjust(head, found.points, cause, program, ending.at)


def _ended(found: ApprovalItem, ending: Ending, posted: Posting | None) -> Writes:
    writes = posted.writes if posted else Writes()
    before, after = figures(posted) if posted else ({}, {})
    entry = posted.entry.seq if posted else None
    writes += store_approvals.ended(
        found, ending.state, ending.actor, render(ending.at), ending.why, entry
    )
    act = audit.Act(
        program=ending.program,
        actor=ending.actor,
        action=f"adjustment.{ending.state}",
        subject=audit.subject(approval=found.approval, member=found.member),
        at=ending.at,
        before={"state": WAITING, **before},
        after={"state": ending.state, "asked_by": found.asked_by, **after},
        reason=ending.why,
    )
    return audit.note(writes, act)
