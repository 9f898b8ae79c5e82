"""HTTP: who works for a program."""

from typing import Any

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table.pages import Page, PageQuery
from chalicelib.messages.model import MessageNotSent
from chalicelib.programs.model import ProgramUnknown
from chalicelib.staff import errors, service_access, service_people
from chalicelib.staff.acting import Acting
from chalicelib.staff.room import CLUB, EMAIL, STAFF, room
from chalicelib.staff.service_people import Invited
from chalicelib.staff.shapes import InviteBody, RolesBody, StaffStatusBody, StaffView
from chalicelib.staff.views import staff_view

PEOPLE = "/v1/staff/programs/{program}/staff"
PERSON = PEOPLE + "/{staff}"
_AS_A_WHOLE = (
    errors.StaffUnknown,
    errors.StaffNotPossible,
    errors.StaffOfOthers,
    errors.RightsExceeded,
)


@room.route(
    "GET",
    PEOPLE,
    access="staff:staff.read",
    summary="Who works for the program",
    query=PageQuery,
    answers={200: Page[StaffView]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def people(call: Call[NoBody, PageQuery]) -> Answer:
    """By id; with roles and status."""
    program = call.path["program"]
    found = service_people.people(program, call.query)
    return Answer(Page([staff_view(one, program) for one in found.rows], found.next))


@room.route(
    "POST",
    PEOPLE,
    access="staff:staff.write",
    summary="Invite somebody to work for the program",
    body=InviteBody,
    answers={201: StaffView},
    refuses=(
        ProgramUnknown,
        errors.StaffExists,
        errors.StaffNotPossible,
        errors.TooManyPrograms,
        errors.RightsExceeded,
        InvalidFields,
        MessageNotSent,
    ),
    example=Example(
        path=CLUB,
        body={"email": EMAIL, "name": "Olga", "roles": ["gift-desk"], "language": "ru"},
    ),
    guarded=True,
)
def invite(call: Call[InviteBody, NoBody]) -> Answer:
    """Sends an e-mail with a code good for 7 days. A person is one on the whole platform: who is
    known there has to accept, signed in, before they work for this program too, and is shown as
    invited until then.
    """
    body = call.body
    wanted = Invited(email=body.email, name=body.name, language=body.language, roles=body.roles)
    person = service_people.invite(_acting(call), wanted, call.guard(), call.ids, call.settings)
    return Answer(staff_view(person, call.path["program"]), 201)


@room.route(
    "GET",
    PERSON,
    access="staff:staff.read",
    summary="A person who works for the program",
    answers={200: StaffView},
    refuses=(errors.StaffUnknown,),
    example=Example(path=STAFF),
)
def person(call: Call[NoBody, NoBody]) -> Answer:
    """With roles and status."""
    program = call.path["program"]
    return Answer(staff_view(service_people.find(program, call.path["staff"]), program))


@room.route(
    "PUT",
    PERSON + "/roles",
    access="staff:staff.write",
    summary="Change somebody's roles in the program",
    body=RolesBody,
    answers={200: StaffView},
    refuses=(errors.StaffUnknown, errors.LastOwner, errors.RightsExceeded, InvalidFields),
    example=Example(path=STAFF, body={"roles": ["gift-desk", "parcel-desk"]}),
)
def set_roles(call: Call[RolesBody, NoBody]) -> Answer:
    """These roles and no others, from the person's next request on."""
    changed = service_people.set_roles(_acting(call), call.path["staff"], call.body.roles)
    return Answer(staff_view(changed, call.path["program"]))


@room.route(
    "POST",
    PERSON + "/status",
    access="staff:staff.write",
    summary="Block somebody of the staff, or lift a block",
    body=StaffStatusBody,
    answers={200: StaffView},
    refuses=(*_AS_A_WHOLE, errors.LastOwner),
    example=Example(path=STAFF, body={"status": "blocked", "reason": "On leave until spring"}),
    guarded=True,
)
def set_status(call: Call[StaffStatusBody, NoBody]) -> Answer:
    """A blocked person is signed out at once, on the whole platform."""
    acting = _acting(call, call.body.reason)
    changed = service_access.set_status(acting, call.path["staff"], call.body.status, call.guard())
    return Answer(staff_view(changed, call.path["program"]))


@room.route(
    "POST",
    PERSON + "/reset",
    access="staff:staff.write",
    summary="Let somebody start over: a new invitation in the place of password and factors",
    body=Why,
    answers={200: StaffView},
    refuses=(*_AS_A_WHOLE, errors.ResetOfOneself, MessageNotSent),
    example=Example(path=STAFF, body={"reason": "Lost her phone; known by voice"}),
    guarded=True,
)
def reset(call: Call[Why, NoBody]) -> Answer:
    """For a lost phone, a forgotten password, or an invitation that ran out; not for oneself."""
    acting = _acting(call, call.body.reason)
    changed = service_access.reset(acting, call.path["staff"], call.guard(), call.settings)
    return Answer(staff_view(changed, call.path["program"]))


@room.route(
    "DELETE",
    PERSON,
    access="staff:staff.write",
    summary="Take somebody off the program",
    answers={204: None},
    refuses=(errors.StaffUnknown, errors.LastOwner, errors.RightsExceeded),
    example=Example(path=STAFF),
    guarded=True,
)
def remove(call: Call[NoBody, NoBody]) -> Answer:
    """At once; withdraws an invitation that was not accepted yet. Who works for no other program
    and is invited to none is forgotten: name, address, password, factors.
    """
    service_people.remove(_acting(call), call.path["staff"], call.guard())
    return Answer(None, 204)


def _acting(call: Call[Any, Any], reason: str = "") -> Acting:
    return Acting(program=call.path["program"], caller=call.staff, at=call.at, reason=reason)
