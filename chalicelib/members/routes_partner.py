"""HTTP: the app's code for the till, the till that asks who it is, and members whom it enrols."""

from chalicelib.kernel import qr
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.members import app_code, service_enrolment, service_identify
from chalicelib.members.errors import (
    AppCodeExpired,
    ContactsOfSeveral,
    MemberNotFound,
    RulesChanged,
    TooManyEnrolments,
    TooManyLookups,
)
from chalicelib.members.model import Profile
from chalicelib.members.room import room
from chalicelib.members.service_enrolment import Contact, Enrolment
from chalicelib.members.service_identify import Found
from chalicelib.members.service_join import Joining
from chalicelib.members.shapes_partner import AppCodeView, EnrolBody, KnownView, LookupBody

_EXAMPLE = {
    "contacts": [{"channel": "sms", "address": "+79167654321", "verified": True}],
    "kind": "buyer",
    "accept_rules": 1,
    "language": "en",
    "consents": ["sms"],
    "given_name": "Layla",
}


@room.route(
    "GET",
    "/v1/me/app-code",
    access="member",
    summary="A code to show at the till",
    answers={200: AppCodeView},
)
def read_app_code(call: Call[NoBody, NoBody]) -> Answer:
    """Good for 5 minutes, and several times within them. It holds nothing personal."""
    member = call.member
    code, until = app_code.make(call.settings, member.program, member.member, call.at)
    return Answer(AppCodeView(code, render(until), qr.svg(code)))


@room.route(
    "POST",
    "/v1/partner/members/lookups",
    access="partner:members.read",
    summary="Find the member at the till",
    body=LookupBody,
    answers={200: KnownView},
    refuses=(MemberNotFound, AppCodeExpired, TooManyLookups),
    example=Example(body={"card_number": "4000123412341231"}),
)
def look_up(call: Call[LookupBody, NoBody]) -> Answer:
    """By card number, phone number or the code that the member's app shows. It changes nothing. A
    credential that finds nobody 300 times an hour has to wait.
    """
    by, value = call.body.named()
    found = service_identify.find(call.partner, by, value, call.at, call.settings)
    return Answer(_known(found))


@room.route(
    "POST",
    "/v1/partner/members",
    access="partner:members.write",
    summary="Enrol a member",
    body=EnrolBody,
    answers={200: KnownView},
    refuses=(InvalidFields, ContactsOfSeveral, RulesChanged, TooManyEnrolments),
    example=Example(body=_EXAMPLE),
)
def enrol(call: Call[EnrolBody, NoBody]) -> Answer:
    """Whoever has one of the contacts or the card already stays the member who they are, and
    nothing of theirs changes: the answer is the same as for a new member, and for the same request
    again. The person needs no purchase, and signs in by a one-time code as all members do.
    """
    body = call.body
    wanted = Enrolment(
        contacts=tuple(Contact(one.channel, one.address, one.verified) for one in body.contacts),
        card_number=body.card_number,
        joining=Joining(**body.told(), ids=call.ids),
    )
    return Answer(_known(service_enrolment.enrol(call.partner, wanted, call.at)))


def _known(found: Found) -> KnownView:
    return KnownView(
        member=found.member.member,
        name=_short(found.profile),
        kind=found.member.kind,
        status=found.member.status,
        available=found.available,
    )


def _short(profile: Profile) -> str:
    """A name that the cashier can say, and that tells little to others."""
    initial = f"{profile.family_name[:1]}." if profile.family_name else ""
    return " ".join(part for part in (profile.given_name, initial) if part)
