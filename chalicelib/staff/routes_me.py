"""HTTP: what somebody of the staff sees of themselves and does to their own sign-in."""

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http import cookies
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import SessionEnded
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.staff import errors, service_joining, service_me, views
from chalicelib.staff.room import ATTESTATION, PASSWORD, room
from chalicelib.staff.routes_sign_in import COOKIE
from chalicelib.staff.service_me import NewFactor, NewPassword
from chalicelib.staff.service_sessions import own
from chalicelib.staff.shapes_sign_in import (
    FactorBody,
    FactorList,
    FactorOffer,
    FactorView,
    PasswordBody,
    StaffMeView,
)

PENDING = {"pending": "2m7q9x4c1k8w5t0r3y6z"}
FACTOR = {"factor": "8r2t6y0c9k3m7q1x5z4w"}


@room.route(
    "GET",
    "/v1/staff/me",
    access="staff",
    summary="Who I am, where I work and what I may do",
    answers={200: StaffMeView},
    refuses=(SessionEnded,),
)
def me(call: Call[NoBody, NoBody]) -> Answer:
    """The rights are those of this very moment. Invitations to further programs wait here."""
    return Answer(views.me_view(own(call.staff), call.staff, call.at))


@room.route(
    "POST",
    "/v1/staff/me/invitations/{pending}/acceptance",
    access="staff",
    summary="Accept an invitation to a further program",
    answers={204: None},
    refuses=(errors.InvitationExpired, SessionEnded),
    example=Example(path=PENDING),
    guarded=True,
)
def accept(call: Call[NoBody, NoBody]) -> Answer:
    """From my next request on I have the roles there that the invitation names."""
    service_joining.accept(call.staff, call.path["pending"], call.guard(), call.at)
    return Answer(None, 204)


@room.route(
    "DELETE",
    "/v1/staff/me/invitations/{pending}",
    access="staff",
    summary="Decline an invitation to a further program",
    answers={204: None},
    refuses=(errors.InvitationExpired, SessionEnded),
    example=Example(path=PENDING),
    guarded=True,
)
def decline(call: Call[NoBody, NoBody]) -> Answer:
    """Who works for no program and is invited to no other one is forgotten, and signed out."""
    service_joining.decline(call.staff, call.path["pending"], call.guard(), call.at)
    return Answer(None, 204)


@room.route(
    "GET",
    "/v1/staff/me/factors",
    access="staff",
    summary="My second factors",
    answers={200: FactorList},
    refuses=(SessionEnded,),
)
def factors(call: Call[NoBody, NoBody]) -> Answer:
    """Passkeys and authenticator apps."""
    return Answer(FactorList([views.factor_view(one) for one in own(call.staff).factors]))


@room.route(
    "GET",
    "/v1/staff/me/factor-offer",
    access="staff",
    summary="What I need to add a second factor",
    answers={200: FactorOffer},
    refuses=(SessionEnded,),
)
def factor_offer(call: Call[NoBody, NoBody]) -> Answer:
    """Changes nothing; within a session the offer stays the same until it is taken."""
    return Answer(views.offer_view(service_me.offer(call.staff, call.settings), call.settings))


@room.route(
    "PUT",
    "/v1/staff/me/factors/{factor}",
    access="staff",
    summary="Add the offered second factor",
    body=FactorBody,
    answers={200: FactorView},
    refuses=(
        errors.FactorUnknown,
        errors.WrongSecondFactor,
        errors.PasskeyTaken,
        errors.TooManyFactors,
        errors.SignInAgain,
        SessionEnded,
        InvalidFields,
    ),
    example=Example(path=FACTOR, body={"passkey": ATTESTATION, "label": "Key on my desk"}),
)
def add_factor(call: Call[FactorBody, NoBody]) -> Answer:
    """Takes the first code of the authenticator app, or what the new passkey answered.

    Only within 10 minutes of signing in, like all that changes how one signs in.
    """
    wanted = NewFactor(
        factor=call.path["factor"],
        proof=views.proof_of(call.body.totp_code, call.body.passkey),
        label=call.body.label,
        at=call.at,
    )
    return Answer(views.factor_view(service_me.add_factor(call.staff, wanted, call.settings)))


@room.route(
    "DELETE",
    "/v1/staff/me/factors/{factor}",
    access="staff",
    summary="Remove one of my second factors",
    answers={204: None},
    refuses=(errors.FactorUnknown, errors.LastFactor, errors.SignInAgain, SessionEnded),
    example=Example(path=FACTOR),
    guarded=True,
)
def remove_factor(call: Call[NoBody, NoBody]) -> Answer:
    """Never the last one, and only within 10 minutes of signing in; other sessions end."""
    service_me.remove_factor(call.staff, call.path["factor"], call.guard(), call.at)
    return Answer(None, 204)


@room.route(
    "PUT",
    "/v1/staff/me/password",
    access="staff",
    summary="Change my password",
    body=PasswordBody,
    answers={204: None},
    refuses=(
        errors.WrongPassword,
        errors.SignInLocked,
        errors.SignInPaused,
        errors.SignInAgain,
        SessionEnded,
    ),
    example=Example(body={"present": PASSWORD, "new": "another long phrase of mine"}),
)
def change_password(call: Call[PasswordBody, NoBody]) -> Answer:
    """Signs out everywhere, here too; sign in again with the new password.

    Only within 10 minutes of signing in.
    """
    wanted = NewPassword(
        present=call.body.present, new=call.body.new, client=call.client, at=call.at
    )
    service_me.change_password(call.staff, wanted, call.settings, call.ids)
    return Answer(None, 204, cookies.gone(COOKIE))
