"""HTTP: levels."""

from datetime import date

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.members.errors import MemberUnknown
from chalicelib.programs.model import ProgramUnknown
from chalicelib.tiers import service
from chalicelib.tiers.errors import NoTiers
from chalicelib.tiers.shapes import TierBody, TierView
from chalicelib.tiers.views import tier_view

PATH = "/v1/staff/programs/{program}/members/{member}/tier"
MEMBER = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}

room = Room(
    "tiers",
    "Purchases lift members to levels at once; when the time of a level is over, it is kept anew "
    "or left. Staff can set a level with a reason, through a day or without an end.",
)


@room.route(
    "GET",
    "/v1/me/tier",
    access="member",
    summary="My level, and what is missing to the next",
    answers={200: TierView},
    refuses=(ProgramUnknown, NoTiers),
)
def my_tier(call: Call[NoBody, NoBody]) -> Answer:
    """As of now, with the levels that there are and those that I had."""
    who = call.member
    return Answer(tier_view(service.standing(who.program, who.member, call.at), call.language))


@room.route(
    "GET",
    PATH,
    access="staff:members.read",
    summary="A member's level",
    answers={200: TierView},
    refuses=(ProgramUnknown, NoTiers, MemberUnknown),
    example=Example(path=MEMBER),
)
def read_tier(call: Call[NoBody, NoBody]) -> Answer:
    """As the member sees it."""
    seen = service.of_member(call.path["program"], call.path["member"], call.at)
    return Answer(tier_view(seen, call.language))


@room.route(
    "PUT",
    PATH,
    access="staff:members.tier",
    summary="Set a member's level",
    body=TierBody,
    answers={200: TierView},
    refuses=(ProgramUnknown, NoTiers, MemberUnknown, InvalidFields),
    example=Example(
        body={"tier": "gold", "until": "2027-12-31", "reason": "Settled a complaint"}, path=MEMBER
    ),
)
def put_tier(call: Call[TierBody, NoBody]) -> Answer:
    """It is neither raised nor left before its last day; after that purchases decide. The same
    again changes nothing.
    """
    body = call.body
    order = service.TierOrder(
        program=call.path["program"],
        member=call.path["member"],
        tier=body.tier,
        until=date.fromisoformat(body.until) if body.until and body.tier else None,
        reason=body.reason,
        actor=call.principal,
        at=call.at,
    )
    return Answer(tier_view(service.put(order), call.language))
