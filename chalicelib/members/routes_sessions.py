"""Sign-in, refresh, sign-out."""

from msgspec import UNSET

from chalicelib.kernel.errors import InvalidFields, Unauthorized
from chalicelib.kernel.http import cookies
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive, SessionEnded
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import RefreshBody
from chalicelib.kernel.sessions import ACCESS_LIFE
from chalicelib.members import service_codes, service_sessions
from chalicelib.members.errors import (
    MembershipNeeded,
    OneTimeCodeExpired,
    OneTimeCodesPaused,
    RulesChanged,
    TooManyOneTimeCodes,
    TooManyWrongOneTimeCodes,
    WrongOneTimeCode,
)
from chalicelib.members.model import SESSION_LIFE, Member
from chalicelib.members.room import CLUB, CODE, room
from chalicelib.members.service_codes import RESEND_AFTER_S, Attempt
from chalicelib.members.service_join import Joining
from chalicelib.members.service_sessions import SignedIn
from chalicelib.members.shapes import (
    CodeBody,
    CodeSent,
    MemberView,
    SessionList,
    SessionTokens,
    SessionView,
    SignInBody,
)
from chalicelib.messages.model import MessageNotSent
from chalicelib.programs.model import ProgramUnknown

COOKIE = "__Host-refresh"
_JOIN = {"kind": "buyer", "accept_rules": 1, "language": "en", "consents": ["email"]}
_REFRESH = "jewels.0c4x9k2m7q1w8e5r3t6y.5r3t6y0c4x9k2m7q1w8e.0.3f1c9a0b7d5e2468ace013579bdf0246"
_SIGN_IN = {**CODE, "join": _JOIN}


@room.route(
    "POST",
    "/v1/programs/{program}/sign-in-codes",
    access="public",
    summary="Send a one-time code to a phone or e-mail address",
    body=CodeBody,
    answers={202: CodeSent},
    refuses=(
        ProgramUnknown,
        InvalidFields,
        TooManyOneTimeCodes,
        OneTimeCodesPaused,
        MessageNotSent,
    ),
    example=Example(body={"channel": "sms", "address": "+79161234567"}, path=CLUB),
    guarded=True,
)
def send_code(call: Call[CodeBody, NoBody]) -> Answer:
    """The answer is the same whether or not the address is a member's."""
    order = service_codes.Order(
        program=call.path["program"],
        channel=call.body.channel,
        address=call.body.address,
        language=call.body.language or call.language,
        client=call.client,
        guard=call.guard(),
        at=call.at,
    )
    sent = service_codes.send(order, call.settings)
    return Answer(CodeSent(sent.challenge, sent.expires_at, RESEND_AFTER_S), 202)


@room.route(
    "POST",
    "/v1/programs/{program}/sessions",
    access="public",
    summary="Sign in, or join, with a one-time code",
    body=SignInBody,
    answers={201: SessionTokens},
    refuses=(
        ProgramUnknown,
        OneTimeCodeExpired,
        WrongOneTimeCode,
        TooManyWrongOneTimeCodes,
        OneTimeCodesPaused,
        MembershipNeeded,
        RulesChanged,
        InvalidFields,
        NotActive,
    ),
    example=Example(body=_SIGN_IN, path=CLUB),
)
def sign_in(call: Call[SignInBody, NoBody]) -> Answer:
    """`membership_needed` means: the address is nobody's, the same code works with `join`."""
    attempt = Attempt(
        program=call.path["program"],
        challenge=call.body.challenge,
        one_time_code=call.body.one_time_code,
        client=call.client,
        at=call.at,
    )
    wish = call.body.join
    joining = None if wish is None else Joining(**wish.told(), ids=call.ids)
    found = service_sessions.sign_in(attempt, joining, call.settings)
    return _tokens(found, 201, cookie=call.body.cookie)


@room.route(
    "POST",
    "/v1/sessions/refresh",
    access="public",
    summary="Exchange a refresh token for new tokens",
    body=RefreshBody,
    answers={200: SessionTokens},
    refuses=(Unauthorized, SessionEnded, NotActive),
    example=Example(body={"refresh_token": _REFRESH}),
)
def refresh(call: Call[RefreshBody, NoBody]) -> Answer:
    """Each refresh token is good once; the one before works for a minute, for a lost reply.

    An older one ends the session: somebody else holds a copy.
    """
    given = call.body.refresh_token
    token = given or cookies.read(COOKIE, call.headers.get("cookie", ""))
    if not token:
        raise Unauthorized
    found = service_sessions.refresh(token, call.at, call.settings)
    return _tokens(found, 200, cookie=given is None)


@room.route(
    "DELETE",
    "/v1/me/session",
    access="member",
    summary="Sign out here",
    answers={204: None},
    refuses=(SessionEnded,),
)
def sign_out(call: Call[NoBody, NoBody]) -> Answer:
    """Ends this session and its tokens at once."""
    service_sessions.sign_out(call.member, call.at)
    return Answer(None, 204, cookies.gone(COOKIE))


@room.route(
    "DELETE",
    "/v1/me/sessions",
    access="member",
    summary="Sign out everywhere",
    answers={204: None},
    refuses=(SessionEnded,),
)
def sign_out_everywhere(call: Call[NoBody, NoBody]) -> Answer:
    """Ends every session and all tokens of the member at once."""
    service_sessions.sign_out_everywhere(call.member, call.at)
    return Answer(None, 204, cookies.gone(COOKIE))


@room.route(
    "GET",
    "/v1/me/sessions",
    access="member",
    summary="Where I am signed in",
    answers={200: SessionList},
)
def list_sessions(call: Call[NoBody, NoBody]) -> Answer:
    """The live sessions, the one used last first."""
    rows = [
        SessionView(
            session=one.session,
            current=one.session == call.member.session,
            created_at=one.created_at,
            used_at=one.rotated_at,
            expires_at=one.expires_at,
        )
        for one in service_sessions.signed_in(call.member, call.at)
    ]
    return Answer(SessionList(rows))


def view(member: Member) -> MemberView:
    """A member in short, as routes answer it."""
    return MemberView(
        member=member.member,
        program=member.program,
        kind=member.kind,
        status=member.status,
        language=member.language,
        card_number=member.card_number,
        rules_version=member.rules,
    )


def _tokens(found: SignedIn, status: int, *, cookie: bool) -> Answer:
    answer = SessionTokens(
        access_token=found.access_token,
        expires_in=int(ACCESS_LIFE.total_seconds()),
        refresh_token=UNSET if cookie else found.refresh_token,
        member=view(found.member),
        joined=found.joined,
    )
    if not cookie:
        return Answer(answer, status)
    return Answer(answer, status, cookies.kept(COOKIE, found.refresh_token, SESSION_LIFE))
