"""What staff see of a member, and suspending one."""

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store
from chalicelib.members.errors import MemberUnknown, StatusNotPossible
from chalicelib.members.model import Happened, Member
from chalicelib.members.service_profile import Person

Wanted = Literal["suspended", "active"]


class StatusOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's order to suspend a member or to end a suspension."""

    program: str
    member: str
    status: Wanted
    reason: str
    actor: str
    at: datetime


def find(program: str, member: str) -> Person:
    """A member with their profile; raises MemberUnknown."""
    return Person(_member(program, member), store.profile(program, member))


def set_status(order: StatusOrder, call: guards.Request) -> Person:
    """Suspend a member, or lift a suspension: the status from before it comes back.

    Raises:
        MemberUnknown, StatusNotPossible, IdempotencyKeyReused.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, None]:
        member = _member(order.program, order.member)
        if guards.done(pk, call) is not None:
            return Writes(), None
        after, before = _turned(member, order.status)
        happened = Happened(
            f"member.{'suspended' if after == 'suspended' else 'reinstated'}",
            order.at,
            order.actor,
            {"before": member.status, "after": after},
            order.reason,
        )
        item = store.MemberItem
        writes = store.changed(
            member, happened, item.status.set(after), item.suspended_from.set(before)
        )
        guards.remember(writes, pk, call, str(member.journal + 1))
        return audit.note(writes, _act(order, happened, member)), None

    transact(decide)
    return find(order.program, order.member)


def _act(order: StatusOrder, happened: Happened, member: Member) -> audit.Act:
    # The reason may name somebody. It stands in the journal alone, which erasure scrubs.
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action=happened.fact,
        subject=audit.subject(member=order.member),
        at=order.at,
        before={"status": happened.data["before"]},
        after={"status": happened.data["after"], "journal": member.journal + 1},
    )


def _turned(member: Member, wanted: Wanted) -> tuple[str, str]:
    """The status after, and the one to return to later."""
    if wanted == "suspended" and member.status in ("applied", "active"):
        return "suspended", member.status
    if wanted == "active" and member.status == "suspended":
        return member.suspended_from or "active", ""
    raise StatusNotPossible(status=member.status)


def _member(program: str, member: str) -> Member:
    found = store.read(program, member, strong=True)
    if found is None:
        raise MemberUnknown
    return found
