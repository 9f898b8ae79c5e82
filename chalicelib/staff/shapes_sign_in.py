"""What the routes of sign-in and of one's own things take and answer."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.texts import Language
from chalicelib.staff.model import LONGEST_PASSWORD, SHORTEST_PASSWORD, FactorKind
from chalicelib.staff.shapes import Email
from chalicelib.staff.shapes_passkeys import Assertion, Attestation, PasskeyCreation, PasskeyRequest

InvitationCode = Annotated[str, Meta(max_length=64, description="The code from the e-mail.")]
Nonce = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{22,64}$(?!\n)",
        max_length=64,
        description="At least 128 random bits that the client makes for this enrolment and sends "
        "in both calls, in Base64url or hexadecimal. The second factor depends on it.",
    ),
]
NewPasswordText = Annotated[
    str,
    Meta(
        min_length=SHORTEST_PASSWORD,
        max_length=LONGEST_PASSWORD,
        description="Any characters; length is what makes it good.",
    ),
]
PresentPassword = Annotated[str, Meta(max_length=LONGEST_PASSWORD)]
TotpCode = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)", max_length=6)]
Label = Annotated[str, Meta(max_length=60, description="What the person calls it.")]
Cookie = Annotated[
    bool, Meta(description="Keep the refresh token in a cookie that scripts cannot read.")
]


class SignInBegun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first factor."""

    email: Email
    password: PresentPassword
    """The password."""


class SignInTicket(msgspec.Struct, frozen=True, kw_only=True):
    """The first factor was right; the second one opens the session."""

    ticket: str
    """Goes with the second factor."""
    expires_at: Instant
    """Until when the ticket is good; it takes five tries."""
    factors: list[FactorKind]
    """Which kinds of second factor the person has."""
    passkey: PasskeyRequest | None
    """What to ask a passkey; null: the person has none."""


class StaffSessionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The second factor: either of the two."""

    ticket: Annotated[str, Meta(max_length=64, description="As given for the first factor.")]
    totp_code: TotpCode | None = None
    """Six digits of the authenticator app."""
    passkey: Assertion | None = None
    """What the passkey answered to `passkey` of the ticket."""
    cookie: Cookie = False


class StaffTokens(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed-in client holds."""

    access_token: str
    """Goes into `Authorization: Bearer …`; keep it in memory only."""
    expires_in: int
    """Seconds."""
    refresh_token: str | UnsetType = UNSET
    """Missing when it is in the cookie."""
    staff: str
    """Id of who has signed in."""


class InvitationBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation, and the client's own part of the second factor."""

    invitation: InvitationCode
    nonce: Nonce


class TotpOffer(msgspec.Struct, frozen=True):
    """A secret for an authenticator app."""

    secret: str
    """In Base32, to type."""
    uri: str
    """`otpauth://…`, what the QR code says."""
    qr_svg: str
    """The QR code as an SVG document."""


class FactorOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor to make one's own: a passkey or an authenticator app."""

    factor: str
    """Id that the new factor will have."""
    passkey: PasskeyCreation
    """For a passkey."""
    totp: TotpOffer
    """For an authenticator app."""


class EnrolmentView(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an invitation is for."""

    name: str
    """As colleagues know them."""
    email: str
    """Where they will sign in."""
    expires_at: Instant
    """Until when the invitation can be used."""
    offer: FactorOffer
    """The second factor to make."""


class EnrolmentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A password and either of the two second factors."""

    invitation: InvitationCode
    nonce: Annotated[Nonce, Meta(description="The same as in the call before.")]
    password: NewPasswordText
    totp_code: TotpCode | None = None
    """The first six digits of the authenticator app."""
    passkey: Attestation | None = None
    """What the authenticator answered to `passkey` of the offer."""
    label: Label = ""


class FactorBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either of the two second factors."""

    totp_code: TotpCode | None = None
    """The first six digits of the authenticator app."""
    passkey: Attestation | None = None
    """What the authenticator answered to `passkey` of the offer."""
    label: Label = ""


class FactorView(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor."""

    factor: str
    """Id of the factor."""
    kind: FactorKind
    """A passkey, or an authenticator app (`totp`)."""
    label: str
    """What the person calls it."""
    added_at: Instant
    """Since when."""


class FactorList(msgspec.Struct, frozen=True):
    """All second factors, the oldest first."""

    rows: list[FactorView]
    """The factors."""


class PasswordBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The present password and another one."""

    present: Annotated[PresentPassword, Meta(description="The one until now.")]
    new: NewPasswordText


class GrantView(msgspec.Struct, frozen=True):
    """What somebody may do in one program."""

    program: str
    """Id of the program (club)."""
    roles: list[str]
    """Ids of the roles."""
    rights: list[str]
    """Ids of all rights that they give."""


class PendingView(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation to a further program; it gives no rights until it is accepted."""

    pending: str
    """Id of the invitation."""
    program: str
    """Id of the program (club)."""
    name: str
    """What the club is called."""
    roles: list[str]
    """Ids of the roles that it is for."""
    at: Instant
    """Since when it waits; until it is accepted, declined or withdrawn."""


class StaffMeView(msgspec.Struct, frozen=True, kw_only=True):
    """Who has signed in."""

    staff: str
    """Id of the person; records name them by it."""
    name: str
    """As colleagues know them."""
    email: str
    """Where they sign in and get messages."""
    language: Language
    """Of the messages to this person."""
    programs: list[GrantView]
    """Where they work."""
    invitations: list[PendingView]
    """What they are invited to and have not accepted."""
