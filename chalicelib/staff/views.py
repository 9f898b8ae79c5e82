"""People, roles and factors as routes answer them."""

from datetime import datetime

import msgspec

from chalicelib.kernel import qr
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.texts import say
from chalicelib.staff import factors
from chalicelib.staff.factors import Passkey, Proof, Totp
from chalicelib.staff.invitations import club_of
from chalicelib.staff.model import TICKET_LIFE, Factor, Person, Role
from chalicelib.staff.rights import RIGHTS, listed
from chalicelib.staff.service_enrolment import Offer
from chalicelib.staff.service_sign_in import Ticketed
from chalicelib.staff.shapes import RightView, RoleList, RoleView, StaffView
from chalicelib.staff.shapes_passkeys import (
    Assertion,
    Attestation,
    PasskeyCreation,
    PasskeyName,
    PasskeyRequest,
)
from chalicelib.staff.shapes_sign_in import (
    FactorOffer,
    FactorView,
    GrantView,
    PendingView,
    SignInTicket,
    StaffMeView,
    TotpOffer,
)

TIMEOUT_MS = int(TICKET_LIFE.total_seconds()) * 1000


def proof_of(totp_code: str | None, passkey: Assertion | Attestation | None) -> Proof:
    """The one second factor of a body; raises InvalidFields unless it is exactly one."""
    if totp_code is not None and passkey is None:
        return Totp(totp_code)
    if passkey is not None and totp_code is None:
        return Passkey(msgspec.to_builtins(passkey))
    code = "required" if totp_code is None else "duplicate"
    raise InvalidFields(fields=(FieldError("/totp_code", code), FieldError("/passkey", code)))


def staff_view(person: Person, program: str) -> StaffView:
    """A person as who runs the program sees them; of who has not accepted yet, what they wrote."""
    asked = person.pending.get(program)
    if asked is not None:
        return StaffView(
            staff=person.staff,
            name=asked.name,
            email=person.email,
            status="invited",
            roles=list(asked.roles),
            factors=[],
            invited_until=None,
        )
    waits = person.status == "invited"
    return StaffView(
        staff=person.staff,
        name=person.name,
        email=person.email,
        status=person.status,
        roles=list(person.grants[program]),
        factors=sorted({one.kind for one in person.factors}),
        invited_until=person.invitation.expires_at if waits else None,
    )


def me_view(person: Person, caller: StaffCaller, at: datetime) -> StaffMeView:
    """A person as they see themselves."""
    programs = [
        GrantView(program, list(roles), list(listed(caller.grants.get(program, ()))))
        for program, roles in sorted(person.grants.items())
    ]
    return StaffMeView(
        staff=person.staff,
        name=person.name,
        email=person.email,
        language=person.language,
        programs=programs,
        invitations=[
            PendingView(
                pending=one.pending,
                program=program,
                name=club_of(program, person.language, at),
                roles=list(one.roles),
                at=one.at,
            )
            for program, one in sorted(person.pending.items())
        ],
    )


def role_view(role: Role, language: str) -> RoleView:
    """A role with its texts."""
    name = say(language, f"role.{role.role}") if role.name is None else role.name.get(language)
    rights = [_right(right, language) for right in listed(role.rights)]
    return RoleView(role=role.role, name=name, names=role.name, rights=rights)


def role_list(roles: list[Role], language: str) -> RoleList:
    """All roles and all rights with their texts."""
    rights = [_right(right, language) for right in RIGHTS]
    return RoleList([role_view(role, language) for role in roles], rights)


def factor_view(one: Factor) -> FactorView:
    """A second factor, without what proves it."""
    return FactorView(factor=one.factor, kind=one.kind, label=one.label, added_at=one.added_at)


def ticket_view(found: Ticketed, stage: Settings) -> SignInTicket:
    """A ticket, and what to ask a passkey."""
    passkeys = _passkeys(found.person)
    request = PasskeyRequest(
        challenge=factors.encode(found.challenge),
        rp_id=factors.relying_party(stage),
        allow_credentials=passkeys,
        timeout=TIMEOUT_MS,
    )
    return SignInTicket(
        ticket=found.ticket.ticket,
        expires_at=found.ticket.expires_at,
        factors=sorted({one.kind for one in found.person.factors}),
        passkey=request if passkeys else None,
    )


def offer_view(offer: Offer, stage: Settings) -> FactorOffer:
    """What a browser and an authenticator app need to make a second factor."""
    person = offer.person
    uri = factors.otpauth(offer.totp_secret, person.email)
    creation = PasskeyCreation(
        challenge=factors.encode(offer.challenge),
        rp={"id": factors.relying_party(stage), "name": factors.NAME},
        user={
            "id": factors.encode(person.staff.encode()),
            "name": person.email,
            "displayName": person.name,
        },
        pub_key_cred_params=[{"type": "public-key", "alg": alg} for alg in factors.ALGORITHMS],
        exclude_credentials=_passkeys(person),
        authenticator_selection={"residentKey": "preferred", "userVerification": "required"},
        timeout=TIMEOUT_MS,
    )
    totp = TotpOffer(offer.totp_secret, uri, qr.svg(uri))
    return FactorOffer(factor=offer.factor, passkey=creation, totp=totp)


def _passkeys(person: Person) -> list[PasskeyName]:
    passkeys = [one for one in person.factors if one.kind == "passkey"]
    return [PasskeyName(factors.credential_id(one)) for one in passkeys]


def _right(right: str, language: str) -> RightView:
    return RightView(right, say(language, f"right.{right}"))
