"""What the room's routes take and answer; the API document is made from these."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.kernel.http.shapes import Day, Instant
from chalicelib.members.model import Gender, Marketing, Purpose, Status
from chalicelib.messages.model import Channel
from chalicelib.programs.profiles import ProfileField

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Birthday = Annotated[date, msgspec.Meta(description="ISO date, from 1900 to today.")]
Language = Annotated[
    str,
    msgspec.Meta(pattern="^[a-z]{2}$", max_length=2, description="One of the program's languages."),
]
ChallengeId = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9a-f]{40}$", max_length=40, description="As given with the code."),
]
OneTimeCode = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9]{6}$", max_length=6, description="The six digits that were sent."),
]
RulesVersion = Annotated[int, msgspec.Meta(ge=0, le=999_999)]


class CodeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to send a one-time code."""

    channel: Channel
    """How the code travels; it decides what `address` must be."""
    address: Annotated[
        str,
        msgspec.Meta(
            max_length=254,
            description="A mobile number with `+` and country code, or an e-mail address.",
        ),
    ]
    language: Annotated[
        Language | None, msgspec.Meta(description="Of the message; else `Accept-Language`.")
    ] = None


class CodeSent(msgspec.Struct, frozen=True):
    """The same whether or not the address is a member's."""

    challenge: str
    """Goes with the code when it is entered."""
    expires_at: Instant
    """Until when the code is good."""
    resend_after: int
    """Seconds to wait before another code is worth asking for."""


class JoinBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody joins who is no member yet."""

    kind: Annotated[str, msgspec.Meta(max_length=20, description="One of the program's kinds.")]
    accept_rules: Annotated[
        RulesVersion | None,
        msgspec.Meta(
            description="The version of the rules accepted: the one in force. Not needed where "
            "the rules are shown to members only."
        ),
    ] = None
    language: Language
    consents: Annotated[
        tuple[Marketing, ...],
        msgspec.Meta(max_length=3, description="Channels on which offers may come."),
    ] = ()
    given_name: Name | None = None
    """Given name, if told."""
    family_name: Name | None = None
    """Family name, if told."""
    birthday: Birthday | None = None
    """Date of birth, if told."""
    gender: Gender | None = None
    """Gender, if told."""
    city: Name | None = None
    """Town or city, if told."""

    def told(self) -> dict[str, Any]:
        """What is said of the person, by field."""
        return {name: getattr(self, name) for name in JoinBody.__struct_fields__}


class SignInBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A one-time code, and what to do with it."""

    challenge: ChallengeId
    one_time_code: OneTimeCode
    join: JoinBody | None = None
    """Only to join: needed when the address is nobody's, ignored when it is a member's."""
    cookie: Annotated[
        bool,
        msgspec.Meta(description="Keep the refresh token in a cookie that scripts cannot read."),
    ] = False


class MemberView(msgspec.Struct, frozen=True):
    """A member in short."""

    member: str
    """Id of the member."""
    program: str
    """Id of the program (club)."""
    kind: str
    """One of the program's kinds of member."""
    status: Status
    """Only `active` members can do anything but sign in."""
    language: str
    """In which messages are written to the member."""
    card_number: str
    """16 digits, the last a check digit (Luhn)."""
    rules_version: int
    """The version of the rules accepted last; 0: none yet."""


class SessionTokens(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed-in client holds."""

    access_token: str
    """Goes into `Authorization: Bearer …`; keep it in memory only."""
    expires_in: int
    """Seconds."""
    refresh_token: str | UnsetType = UNSET
    """Missing when it is in the cookie."""
    member: MemberView
    """Who has signed in."""
    joined: bool
    """Whether this very call made the member."""


class SessionView(msgspec.Struct, frozen=True):
    """One device that is signed in."""

    session: str
    """Id of the session."""
    current: bool
    """Whether this very call belongs to it."""
    created_at: Instant
    """When it was signed in."""
    used_at: Instant
    """When its tokens were renewed last."""
    expires_at: Instant
    """When it ends, unless its tokens are renewed before."""


class SessionList(msgspec.Struct, frozen=True):
    """The live sessions, at most 100, the one used last first."""

    rows: list[SessionView]
    """The sessions."""


class MeView(msgspec.Struct, frozen=True, kw_only=True):
    """A member and what they told of themselves."""

    member: str
    """Id of the member."""
    program: str
    """Id of the program (club)."""
    kind: str
    """One of the program's kinds of member."""
    status: Status
    """Only `active` members can do anything but sign in."""
    language: str
    """In which messages are written to the member."""
    card_number: str
    """16 digits, the last a check digit (Luhn)."""
    rules_version: int
    """The version of the rules accepted last; 0: none yet."""
    rules_to_accept: int | None
    """The version that the member is asked to accept, at `/v1/me/consents/rules`; null: none."""
    joined_at: Instant
    """When the member joined."""
    given_name: str | None
    """Given name; null: not told."""
    family_name: str | None
    """Family name; null: not told."""
    birthday: Day | None
    """Date of birth; null: not told."""
    gender: Gender | None
    """Gender; null: not told."""
    phone: str | None
    """E.164, verified by a code, or by the club or partner who brought it; null: none."""
    email: str | None
    """Lower case, verified as the phone; null: none."""
    city: str | None
    """Town or city; null: not told."""
    external_id: str | None
    """The number in the system from which the club took the member over; null: none."""
    partner_card: bool
    """Whether a partner's own card, such as a bank's, leads to the member too."""
    profile_missing: tuple[ProfileField, ...]
    """What is not told of that which makes a profile complete for the club (`profile.complete`)."""


class ProfileBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields to set; `null` clears one, a field left out stays."""

    given_name: Name | UnsetType | None = UNSET
    """Given name."""
    family_name: Name | UnsetType | None = UNSET
    """Family name."""
    birthday: Birthday | UnsetType | None = UNSET
    """Date of birth."""
    gender: Gender | UnsetType | None = UNSET
    """Gender."""
    city: Name | UnsetType | None = UNSET
    """Town or city."""
    language: Language | UnsetType = UNSET


class ContactBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that was sent to the new address."""

    challenge: ChallengeId
    one_time_code: OneTimeCode


class ConsentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision about one purpose."""

    granted: bool
    """True: given; false: withdrawn."""
    rules_version: Annotated[
        RulesVersion | None,
        msgspec.Meta(description="For the purpose `rules`: the version accepted."),
    ] = None


class ConsentView(msgspec.Struct, frozen=True):
    """The last decision about one purpose."""

    purpose: Purpose
    """What the consent is for."""
    granted: bool
    """True: given; false: withdrawn, or never asked."""
    at: Instant | None
    """When; null: never decided."""
    rules_version: int
    """For the purpose `rules`: the version accepted; else 0."""


class ConsentList(msgspec.Struct, frozen=True):
    """One row per purpose."""

    rows: list[ConsentView]
    """The decisions."""


class CardView(msgspec.Struct, frozen=True):
    """The member's card."""

    card_number: str
    """16 digits, the last a check digit (Luhn)."""
    formatted: str
    """The same as people read it, four digits at a time."""


class ErasureBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes sure that this is meant."""

    confirm: Annotated[str, msgspec.Meta(max_length=16, description="The own card number.")]


class StatusBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new status, and why."""

    status: Literal["suspended", "active"]
    """`suspended`: signed out and kept out; `active`: the suspension is lifted."""
    reason: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=500,
            description="Kept in the journal until erasure; without personal data, please.",
        ),
    ]
