"""Which verified groups and segments a member belongs to, as staff say; rules ask for them."""

from datetime import datetime

import msgspec

from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Happened, InGroup, Member


class GroupsOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's order: to these groups and segments a member belongs, and to no others."""

    program: str
    member: str
    groups: tuple[InGroup, ...]
    segments: tuple[str, ...]
    reason: str
    actor: str
    at: datetime


def find(program: str, member: str) -> Member:
    """The member, with their groups; raises MemberUnknown."""
    found = store.read(program, member, strong=True)
    if found is None or found.status == "erased":
        raise MemberUnknown
    return found


def put(order: GroupsOrder) -> Member:
    """Say where a member belongs; the same again changes nothing.

    Raises:
        MemberUnknown.
    """

    def decide(_: bool) -> tuple[Writes, Member]:
        member = find(order.program, order.member)
        after = msgspec.structs.replace(member, groups=order.groups, segments=order.segments)
        if after == member:
            return Writes(), member
        was, now = _told(member), _told(after)
        happened = Happened("member.grouped", order.at, order.actor, {**now}, order.reason)
        item = store.MemberItem
        writes = store.changed(
            member, happened, item.groups.set(order.groups), item.segments.set(order.segments)
        )
        before, then = audit.changed(was, now)
        act = audit.Act(
            program=order.program,
            actor=order.actor,
            action="member.grouped",
            subject=audit.subject(member=order.member),
            at=order.at,
            before=before,
            after={**then, "journal": member.journal + 1},
        )
        return audit.note(writes, act), after

    return transact(decide)


def _told(member: Member) -> dict[str, str | int | list[str]]:
    return {
        "groups": [f"{one.group} {one.until}".strip() for one in member.groups],
        "segments": list(member.segments),
    }
