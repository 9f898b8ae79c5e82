"""HTTP: gates."""

from chalicelib.gates import service
from chalicelib.gates.shapes import Gates
from chalicelib.gates.views import gates_view
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.members.errors import MemberUnknown
from chalicelib.programs.model import ProgramUnknown

MEMBER = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}

room = Room(
    "gates",
    "What is open to members only while they buy enough each month. A purchase opens a gate at "
    "once, a return can close it; what a closed gate guards is refused with `gate_closed`.",
)


@room.route(
    "GET",
    "/v1/me/gates",
    access="member",
    summary="What is open to me while I buy enough, and what is missing",
    answers={200: Gates},
    refuses=(ProgramUnknown,),
)
def mine(call: Call[NoBody, NoBody]) -> Answer:
    """Judged by my purchases as of now, by the same function as every route that a gate guards."""
    who = call.member
    found = service.standing(who.program, who.member, who.kind, call.at)
    return Answer(gates_view(found, call.language))


@room.route(
    "GET",
    "/v1/staff/programs/{program}/members/{member}/gates",
    access="staff:members.read",
    summary="A member's gates",
    answers={200: Gates},
    refuses=(ProgramUnknown, MemberUnknown),
    example=Example(path=MEMBER),
)
def of_member(call: Call[NoBody, NoBody]) -> Answer:
    """As the member sees them."""
    found = service.of_member(call.path["program"], call.path["member"], call.at)
    return Answer(gates_view(found, call.language))
