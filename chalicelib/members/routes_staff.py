"""What staff see of members and do to them."""

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.members import service_staff
from chalicelib.members.errors import MemberUnknown, StatusNotPossible
from chalicelib.members.room import MEMBER, room
from chalicelib.members.routes_me import view
from chalicelib.members.shapes import MeView, StatusBody


@room.route(
    "GET",
    "/v1/staff/programs/{program}/members/{member}",
    access="staff:members.read",
    summary="A member, with profile",
    answers={200: MeView},
    refuses=(MemberUnknown,),
    example=MEMBER,
)
def read_member(call: Call[NoBody, NoBody]) -> Answer:
    """What is kept about one member."""
    return Answer(view(service_staff.find(call.path["program"], call.path["member"]), call.at))


@room.route(
    "POST",
    "/v1/staff/programs/{program}/members/{member}/status",
    access="staff:members.block",
    summary="Suspend a member, or lift a suspension",
    body=StatusBody,
    answers={200: MeView},
    refuses=(MemberUnknown, StatusNotPossible, IdempotencyKeyReused),
    example=Example(
        body={"status": "suspended", "reason": "Many wrong scratch codes."}, path=MEMBER.path
    ),
    guarded=True,
)
def set_status(call: Call[StatusBody, NoBody]) -> Answer:
    """A suspended member cannot sign in, at once; `active` brings back the status from before."""
    order = service_staff.StatusOrder(
        program=call.path["program"],
        member=call.path["member"],
        status=call.body.status,
        reason=call.body.reason,
        actor=call.principal,
        at=call.at,
    )
    return Answer(view(service_staff.set_status(order, call.guard()), call.at))
