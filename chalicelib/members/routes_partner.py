"""HTTP: the app's code for the till, and the till that asks who it is."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel import qr
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Instant
from chalicelib.members import app_code, service_identify
from chalicelib.members.errors import AppCodeExpired, MemberNotFound, TooManyLookups
from chalicelib.members.model import Profile, Status
from chalicelib.members.room import room
from chalicelib.members.service_identify import By

LONGEST = 80


class AppCodeView(msgspec.Struct, frozen=True):
    """A code to show at the till."""

    app_code: str
    """34 letters and digits, for a barcode (Code 128) or a QR code."""
    good_until: Instant
    """Until when the till takes it: for 5 minutes. Ask for a new one before."""
    qr: str
    """The code as a QR code, an SVG document."""


class LookupBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the till knows the member: exactly one of these."""

    card_number: Annotated[
        Annotated[str, Meta(max_length=LONGEST)] | None,
        Meta(description="16 digits, the last a check digit; spaces do not matter."),
    ] = None
    phone: Annotated[
        Annotated[str, Meta(max_length=LONGEST)] | None,
        Meta(description="With `+` and country code; spaces, dashes and brackets do not matter."),
    ] = None
    app_code: Annotated[
        Annotated[str, Meta(max_length=LONGEST)] | None,
        Meta(description="What the till read from the screen of the member's app."),
    ] = None

    def named(self) -> tuple[By, str]:
        """By what, and its value.

        Raises:
            InvalidFields: none is given, or more than one.
        """
        match (self.card_number, self.phone, self.app_code):
            case (str(number), None, None):
                return "card_number", number
            case (None, str(phone), None):
                return "phone", phone
            case (None, None, str(code)):
                return "app_code", code
        raise InvalidFields(fields=(FieldError("/", "exactly_one"),))


class KnownView(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a till needs to know them."""

    member: str
    """Id of the member."""
    name: str
    """Given name and the first letter of the family name; empty: not told."""
    kind: str
    """One of the program's kinds of member."""
    status: Status
    """Only `active` members earn and spend points."""
    available: int
    """Points that can be spent today."""


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
    return Answer(
        KnownView(
            member=found.member.member,
            name=_short(found.profile),
            kind=found.member.kind,
            status=found.member.status,
            available=found.available,
        )
    )


def _short(profile: Profile) -> str:
    """A name that the cashier can say, and that tells little to others."""
    initial = f"{profile.family_name[:1]}." if profile.family_name else ""
    return " ".join(part for part in (profile.given_name, initial) if part)
