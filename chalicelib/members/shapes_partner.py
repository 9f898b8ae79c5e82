"""What the routes for partners' systems take and answer of members."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.shapes import Instant
from chalicelib.members.model import Status
from chalicelib.members.service_identify import By
from chalicelib.members.shapes import JoinBody
from chalicelib.messages.model import Channel

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
        Meta(
            description="Of the club's card, or of a partner's that leads to the member too: the "
            "last of its 8 to 19 digits is a check digit. Spaces do not matter."
        ),
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


class VerifiedContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the person can be reached, and will sign in by a one-time code."""

    channel: Channel
    """What `address` is: of a mobile phone, or of e-mail."""
    address: Annotated[
        str,
        Meta(
            max_length=254,
            description="A mobile number with `+` and country code, or an e-mail address.",
        ),
    ]
    verified: bool
    """That the partner has made sure of it, such as by a code sent there. Nobody is enrolled by
    what is not verified.
    """


class EnrolBody(JoinBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to be a member, and what they agreed to at the partner."""

    contacts: Annotated[
        tuple[VerifiedContact, ...],
        Meta(min_length=1, max_length=2, description="A phone number, an e-mail address or both."),
    ]
    card_number: Annotated[
        Annotated[str, Meta(max_length=40)] | None,
        Meta(
            description="Of the partner's own card, such as a bank's, by which receipts will find "
            "the member too: the last of its 8 to 19 digits is a check digit (Luhn). It is kept as "
            "a keyed hash only."
        ),
    ] = None
