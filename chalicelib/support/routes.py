"""HTTP: taking calls, and the member's card."""

from typing import Any

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members.errors import MemberUnknown, NoteUnknown, StatusNotPossible
from chalicelib.members.views_staff import note_view
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force
from chalicelib.support import service
from chalicelib.support.service import CallerUnknown, CallOrder, Card, Sight, TooManyCalls
from chalicelib.support.shapes import CallBody, CallView, MemberCard
from chalicelib.support.views import card_view

room = Room("support", "The hotline: a call opens the caller's card and is noted with them.")


@room.route(
    "POST",
    "/v1/staff/programs/{program}/calls",
    access="staff:calls.take",
    summary="Take a call and open the caller's card",
    body=CallBody,
    answers={201: CallView},
    refuses=(
        CallerUnknown,
        MemberUnknown,
        StatusNotPossible,
        NoteUnknown,
        ProgramUnknown,
        TooManyCalls,
    ),
    example=Example(
        body={"phone": "+79161234567", "line": "+74951234567"}, path={"program": "jewels"}
    ),
    guarded=True,
)
def take_call(call: Call[CallBody, NoBody]) -> Answer:
    """The call stands among the member's notes. Whose number is unknown is found by name or card,
    or joins. What the caller has no right to see on the card is null. 300 calls an hour are enough
    for anybody.
    """
    body = call.body
    order = CallOrder(call.path["program"], body.phone, body.line, call.principal, call.at)
    noted, card = service.take(order, _sight(call), call.ids, call.guard())
    view = CallView(note=note_view(noted, call.language), card=_shown(card, call))
    return Answer(view, 201)


@room.route(
    "GET",
    "/v1/staff/programs/{program}/members/{member}/card",
    access="staff:members.read",
    summary="A member at a glance",
    answers={200: MemberCard},
    refuses=(MemberUnknown, AccountUnknown, ProgramUnknown),
    example=Example(path={"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}),
)
def member_card(call: Call[NoBody, NoBody]) -> Answer:
    """The same card that a call opens, with what the caller's rights let them see."""
    card = service.card(call.path["program"], call.path["member"], _sight(call))
    return Answer(_shown(card, call))


def _sight(call: Call[Any, Any]) -> Sight:
    return service.sight(call.staff, call.path["program"])


def _shown(card: Card, call: Call[Any, Any]) -> MemberCard:
    zone = in_force(call.path["program"], call.at).zone
    return card_view(card, call.at, zone, call.language)
