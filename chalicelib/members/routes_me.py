"""What members see, change, take along and delete of themselves."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from chalicelib.kernel import qr
from chalicelib.kernel.errors import InvalidCursor, InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import SessionEnded
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table.pages import Page, PageQuery
from chalicelib.members import card, occasions, service_erasure, service_profile
from chalicelib.members.errors import (
    AddressTaken,
    OneTimeCodeExpired,
    OneTimeCodesPaused,
    PurposeUnknown,
    RulesChanged,
    RulesNeeded,
    TooManyWrongOneTimeCodes,
    WrongConfirmation,
    WrongOneTimeCode,
)
from chalicelib.members.model import Consent, in_groups
from chalicelib.members.room import CODE, room
from chalicelib.members.service_codes import Attempt
from chalicelib.members.service_erasure import Record
from chalicelib.members.service_profile import Person
from chalicelib.members.service_sessions import own
from chalicelib.members.shapes import (
    CardView,
    ConsentBody,
    ConsentList,
    ConsentView,
    ContactBody,
    ErasureBody,
    MeView,
    ProfileBody,
)
from chalicelib.programs.service import in_force
from chalicelib.programs.service_changes import to_accept

SVG = "image/svg+xml"


@room.route("GET", "/v1/me", access="member", summary="My profile", answers={200: MeView})
def read_me(call: Call[NoBody, NoBody]) -> Answer:
    """Everything the member told of themselves."""
    return Answer(view(service_profile.me(call.member), call.at))


@room.route(
    "PATCH",
    "/v1/me",
    access="member",
    summary="Change my profile",
    body=ProfileBody,
    answers={200: MeView},
    refuses=(InvalidFields,),
    example=Example(body={"given_name": "Layla", "birthday": "1990-02-28", "city": None}),
)
def change_me(call: Call[ProfileBody, NoBody]) -> Answer:
    """Sets the fields given; `null` clears. Phone and e-mail change at `/v1/me/contacts`."""
    fields = {name: getattr(call.body, name) for name in call.body.__struct_fields__}
    changes = {name: value for name, value in fields.items() if value is not UNSET}
    return Answer(view(service_profile.change_profile(call.member, changes, call.at), call.at))


@room.route(
    "POST",
    "/v1/me/contacts",
    access="member",
    summary="Add or replace my phone number or e-mail address",
    body=ContactBody,
    answers={200: MeView},
    refuses=(
        OneTimeCodeExpired,
        WrongOneTimeCode,
        TooManyWrongOneTimeCodes,
        OneTimeCodesPaused,
        AddressTaken,
    ),
    example=Example(body=CODE),
)
def change_contact(call: Call[ContactBody, NoBody]) -> Answer:
    """Takes the code that was sent to the new address; the address before it no longer signs in."""
    attempt = Attempt(
        program=call.member.program,
        challenge=call.body.challenge,
        one_time_code=call.body.one_time_code,
        client=call.client,
        at=call.at,
    )
    return Answer(
        view(service_profile.change_contact(call.member, attempt, call.settings), call.at)
    )


@room.route(
    "GET",
    "/v1/me/consents",
    access="member",
    summary="My consents",
    answers={200: ConsentList},
)
def list_consents(call: Call[NoBody, NoBody]) -> Answer:
    """The last decision about each purpose."""
    rows = [_consent(one) for one in service_profile.consents(call.member)]
    return Answer(ConsentList(rows))


@room.route(
    "PUT",
    "/v1/me/consents/{purpose}",
    access="member",
    summary="Give or withdraw my consent",
    body=ConsentBody,
    answers={200: ConsentView},
    refuses=(PurposeUnknown, RulesChanged, RulesNeeded, InvalidFields),
    example=Example(body={"granted": True}, path={"purpose": "sms"}),
)
def decide_consent(call: Call[ConsentBody, NoBody]) -> Answer:
    """Purposes: `rules` (with the accepted version), `sms`, `email`, `push`."""
    body = call.body
    purpose = call.path["purpose"]
    decided = service_profile.decide_consent(
        call.member, purpose, body.granted, body.rules_version, call.at
    )
    return Answer(_consent(decided))


@room.route("GET", "/v1/me/card", access="member", summary="My card", answers={200: CardView})
def read_card(call: Call[NoBody, NoBody]) -> Answer:
    """The card number, plain and as people read it."""
    number = _card_number(call)
    return Answer(CardView(number, in_groups(number)))


@room.route(
    "GET",
    "/v1/me/card/qr.svg",
    access="member",
    summary="My card as a QR code",
    answers={200: str},
    media_types=(SVG,),
)
def read_card_qr(call: Call[NoBody, NoBody]) -> Answer:
    """For the screen of a phone at the till."""
    return Answer(qr.svg(_card_number(call)), media_type=SVG)


@room.route(
    "GET",
    "/v1/me/card/barcode.svg",
    access="member",
    summary="My card as a barcode",
    answers={200: str},
    media_types=(SVG,),
)
def read_card_barcode(call: Call[NoBody, NoBody]) -> Answer:
    """Code 128, for scanners that read no QR codes."""
    return Answer(card.barcode_svg(_card_number(call)), media_type=SVG)


@room.route(
    "GET",
    "/v1/me/export",
    access="member",
    summary="Everything stored about me",
    query=PageQuery,
    answers={200: Page[Record]},
    refuses=(InvalidCursor,),
)
def export(call: Call[NoBody, PageQuery]) -> Answer:
    """All that is stored under the member, of whatever kind, in pages."""
    return Answer(service_erasure.export(call.member, call.query))


@room.route(
    "DELETE",
    "/v1/me",
    access="member",
    summary="Leave the club and be forgotten",
    body=ErasureBody,
    answers={204: None},
    refuses=(WrongConfirmation, SessionEnded),
    example=Example(body={"confirm": "4000123412341231"}),
)
def erase(call: Call[ErasureBody, NoBody]) -> Answer:
    """Deletes what leads to the person and writes the points off; it cannot be undone."""
    service_erasure.erase(call.member, call.body.confirm, call.at)
    return Answer(None, 204)


def view(person: Person, at: datetime) -> MeView:
    """A member with profile, as routes answer it."""
    member = person.member
    told: dict[str, Any] = msgspec.structs.asdict(person.profile)
    told["partner_card"] = person.profile.partner_card is not None
    return MeView(
        member=member.member,
        program=member.program,
        kind=member.kind,
        status=member.status,
        language=member.language,
        card_number=member.card_number,
        rules_version=member.rules,
        rules_to_accept=to_accept(member.program, member.rules, at),
        joined_at=member.joined_at,
        profile_missing=occasions.missing(in_force(member.program, at), person.profile),
        **told,
    )


def _consent(one: Consent) -> ConsentView:
    return ConsentView(one.purpose, one.granted, one.at or None, one.rules_version)


def _card_number(call: Call[NoBody, NoBody]) -> str:
    return own(call.member).card_number
