"""HTTP: the verified groups and segments of a member, as staff say."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import CalendarDay, Day
from chalicelib.members import service_groups
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import InGroup, Member
from chalicelib.members.room import MEMBER, room
from chalicelib.programs.values import Slug

PATH = "/v1/staff/programs/{program}/members/{member}/groups"


class GroupBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One group."""

    group: Slug
    """Its name, as rules ask for it, e.g. `student`."""
    until: CalendarDay | None = None
    """Last local day on which it holds; null: until somebody changes it."""


class GroupsBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a member belongs, and nowhere else."""

    groups: Annotated[tuple[GroupBody, ...], Meta(max_length=10)] = ()
    """Groups whose proof staff have seen."""
    segments: Annotated[tuple[Slug, ...], Meta(max_length=20)] = ()
    """Segments, as rules ask for them, e.g. `quiet`."""
    reason: Annotated[str, Meta(min_length=3, max_length=500)]
    """Why; it stands in the member's journal."""


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """One group of a member."""

    group: str
    """Its name."""
    until: Day | None
    """Last local day on which it holds; null: until somebody changes it."""


class GroupsView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a member belongs."""

    groups: list[GroupView]
    """Verified groups, also those whose day is over."""
    segments: list[str]
    """Segments."""


@room.route(
    "GET",
    PATH,
    access="staff:members.read",
    summary="The groups and segments of a member",
    answers={200: GroupsView},
    refuses=(MemberUnknown,),
    example=MEMBER,
)
def read_groups(call: Call[NoBody, NoBody]) -> Answer:
    """As they stand."""
    return Answer(_view(service_groups.find(call.path["program"], call.path["member"])))


@room.route(
    "PUT",
    PATH,
    access="staff:members.group",
    summary="Say to which groups and segments a member belongs",
    body=GroupsBody,
    answers={200: GroupsView},
    refuses=(MemberUnknown, InvalidFields),
    example=Example(
        body={"groups": [{"group": "student", "until": "2027-06-30"}], "reason": "Card was shown"},
        path=MEMBER.path,
    ),
)
def put_groups(call: Call[GroupsBody, NoBody]) -> Answer:
    """Rules for receipts, quotes and events ask for them from then on; the same again changes
    nothing.
    """
    body = call.body
    names = [one.group for one in body.groups]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InvalidFields(fields=(FieldError(f"/groups/{place}/group", "duplicate"),))
    order = service_groups.GroupsOrder(
        program=call.path["program"],
        member=call.path["member"],
        groups=tuple(sorted(InGroup(one.group, one.until or "") for one in body.groups)),
        segments=tuple(sorted(set(body.segments))),
        reason=body.reason,
        actor=call.principal,
        at=call.at,
    )
    return Answer(_view(service_groups.put(order)))


def _view(member: Member) -> GroupsView:
    return GroupsView(
        groups=[GroupView(group=one.group, until=one.until or None) for one in member.groups],
        segments=list(member.segments),
    )
