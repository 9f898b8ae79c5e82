"""HTTP: invitations taken up, the two factors, sessions."""

from msgspec import UNSET

from chalicelib.kernel.errors import InvalidFields, Unauthorized
from chalicelib.kernel.http import cookies
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import SessionEnded
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import RefreshBody
from chalicelib.staff import errors, service_enrolment, service_sessions, service_sign_in, views
from chalicelib.staff.model import SESSION_LIFE
from chalicelib.staff.room import (
    ASSERTION,
    ATTESTATION,
    EMAIL,
    INVITATION,
    NONCE,
    PASSWORD,
    TICKET,
    room,
)
from chalicelib.staff.service_enrolment import Enrolment
from chalicelib.staff.service_sessions import SignedIn
from chalicelib.staff.service_sign_in import FirstFactor, SecondFactor
from chalicelib.staff.shapes_sign_in import (
    EnrolmentBody,
    EnrolmentView,
    InvitationBody,
    SignInBegun,
    SignInTicket,
    StaffSessionBody,
    StaffTokens,
)

COOKIE = "__Host-staff-refresh"
_REFRESH = "4w8r2t6y0c9k3m7q1x5z.5r3t6y0c4x9k2m7q1w8e.0.3f1c9a0b7d5e2468ace013579bdf0246"


@room.route(
    "POST",
    "/v1/staff-enrolments",
    access="public",
    summary="Whom an invitation is for, and the second factor to make",
    body=InvitationBody,
    answers={200: EnrolmentView},
    refuses=(errors.InvitationExpired,),
    example=Example(body={"invitation": INVITATION, "nonce": NONCE}),
)
def read_invitation(call: Call[InvitationBody, NoBody]) -> Answer:
    """Changes nothing; the same invitation and nonce are offered the same factor each time."""
    body = call.body
    found = service_enrolment.offer(body.invitation, body.nonce, call.settings, call.at)
    return Answer(
        EnrolmentView(
            name=found.person.name,
            email=found.person.email,
            expires_at=found.person.invitation.expires_at,
            offer=views.offer_view(found, call.settings),
        )
    )


@room.route(
    "POST",
    "/v1/staff-enrolments/completion",
    access="public",
    summary="Take up an invitation with a password and a second factor",
    body=EnrolmentBody,
    answers={204: None},
    refuses=(
        errors.InvitationExpired,
        errors.WrongSecondFactor,
        errors.PasskeyTaken,
        InvalidFields,
    ),
    example=Example(
        body={
            "invitation": INVITATION,
            "nonce": NONCE,
            "password": PASSWORD,
            "passkey": ATTESTATION,
        },
    ),
)
def enrol(call: Call[EnrolmentBody, NoBody]) -> Answer:
    """From now on the person signs in; the invitation is used up."""
    body = call.body
    wanted = Enrolment(
        invitation=body.invitation,
        nonce=body.nonce,
        password=body.password,
        proof=views.proof_of(body.totp_code, body.passkey),
        label=body.label,
        at=call.at,
    )
    service_enrolment.complete(wanted, call.settings, call.ids)
    return Answer(None, 204)


@room.route(
    "POST",
    "/v1/staff-sign-in",
    access="public",
    summary="Sign in: the first factor",
    body=SignInBegun,
    answers={200: SignInTicket},
    refuses=(errors.WrongSignIn, errors.SignInLocked, errors.SignInPaused, InvalidFields),
    example=Example(body={"email": EMAIL, "password": PASSWORD}),
    guarded=True,
)
def begin_sign_in(call: Call[SignInBegun, NoBody]) -> Answer:
    """Answers a wrong password and an unknown address alike."""
    first = FirstFactor(
        email=call.body.email,
        password=call.body.password,
        client=call.client,
        key=call.guard().key,
        at=call.at,
    )
    return Answer(views.ticket_view(service_sign_in.begin(first, call.settings), call.settings))


@room.route(
    "POST",
    "/v1/staff-sessions",
    access="public",
    summary="Sign in: the second factor",
    body=StaffSessionBody,
    answers={201: StaffTokens},
    refuses=(
        errors.TicketExpired,
        errors.WrongSecondFactor,
        errors.SignInLocked,
        errors.SignInPaused,
        SessionEnded,
        InvalidFields,
    ),
    example=Example(body={"ticket": TICKET, "passkey": ASSERTION}),
)
def complete_sign_in(call: Call[StaffSessionBody, NoBody]) -> Answer:
    """A ticket opens one session; each code and each answer of a passkey works once."""
    second = SecondFactor(
        ticket=call.body.ticket,
        proof=views.proof_of(call.body.totp_code, call.body.passkey),
        client=call.client,
        at=call.at,
    )
    found = service_sign_in.complete(second, call.settings)
    return _tokens(found, 201, cookie=call.body.cookie)


@room.route(
    "POST",
    "/v1/staff-sessions/refresh",
    access="public",
    summary="Exchange a refresh token of the staff for new tokens",
    body=RefreshBody,
    answers={200: StaffTokens},
    refuses=(Unauthorized, SessionEnded),
    example=Example(body={"refresh_token": _REFRESH}),
)
def refresh(call: Call[RefreshBody, NoBody]) -> Answer:
    """Each refresh token is good once; the one before works for a minute, for a lost reply.

    An older one ends the session: somebody else holds a copy. 24 hours after its sign-in a
    session ends however often it was refreshed.
    """
    given = call.body.refresh_token
    token = given or cookies.read(COOKIE, call.headers.get("cookie", ""))
    if not token:
        raise Unauthorized
    found = service_sessions.refresh(token, call.at, call.settings)
    return _tokens(found, 200, cookie=given is None)


@room.route(
    "DELETE",
    "/v1/staff/session",
    access="staff",
    summary="Sign out here, as staff",
    answers={204: None},
    refuses=(SessionEnded,),
)
def sign_out(call: Call[NoBody, NoBody]) -> Answer:
    """Ends this session and its tokens at once."""
    service_sessions.sign_out(call.staff, call.at)
    return Answer(None, 204, cookies.gone(COOKIE))


@room.route(
    "DELETE",
    "/v1/staff/sessions",
    access="staff",
    summary="Sign out everywhere, as staff",
    answers={204: None},
    refuses=(SessionEnded,),
)
def sign_out_everywhere(call: Call[NoBody, NoBody]) -> Answer:
    """Ends every session and all tokens of the person at once."""
    service_sessions.sign_out_everywhere(call.staff, call.at)
    return Answer(None, 204, cookies.gone(COOKIE))


def _tokens(found: SignedIn, status: int, *, cookie: bool) -> Answer:
    answer = StaffTokens(
        access_token=found.access_token,
        expires_in=found.expires_in,
        refresh_token=UNSET if cookie else found.refresh_token,
        staff=found.person.staff,
    )
    kept = cookies.kept(COOKIE, found.refresh_token, SESSION_LIFE) if cookie else ()
    return Answer(answer, status, kept)
