"""HTTP: staff give partners' systems credentials, exchange their secrets and take them back."""

from typing import Annotated, Any

import msgspec

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Instant, Moment, Why
from chalicelib.partners import service_credentials
from chalicelib.partners.model import PartnerUnknown
from chalicelib.partners.model_credentials import (
    Credential,
    CredentialDetails,
    CredentialRevoked,
    CredentialUnknown,
    Scope,
    TooManyCredentials,
)
from chalicelib.partners.room import room
from chalicelib.partners.service_credentials import Issued, Order

CREDENTIALS = "/v1/staff/programs/{program}/partners/{partner}/credentials"
ACCESS = "staff:partners.credentials"
RUBIN = {"program": "jewels", "partner": "rubin"}
ONE = {**RUBIN, "credential": "3v8k2c9mwq4x7t1n6b0z"}


class CredentialView(msgspec.Struct, frozen=True, kw_only=True):
    """A credential without its secret."""

    credential: str
    """Id of the credential."""
    sent_as: str
    """How requests name it in the header `Clubkeeper-Credential`."""
    name: str
    """Which system it is for."""
    scopes: tuple[Scope, ...]
    """What it may be used for."""
    outlets: tuple[str, ...]
    """Outlets that it is limited to; empty: all of the partner's."""
    generation: int
    """Number of its secret, from 1; each rotation raises it."""
    created_at: Instant
    """When it was created."""
    expires_at: Instant | None
    """From when it is refused; null: never."""
    old_until: Instant | None
    """Until when the secret before this one is good; null: there was none."""
    revoked_at: Instant | None
    """When it was revoked, for good; null: it was not."""


class IssuedView(CredentialView, frozen=True, kw_only=True):
    """A credential with its new secret, which is shown here only."""

    secret: str
    """Signs requests: `whsec_` and the key as base64. It cannot be read again."""


class CredentialList(msgspec.Struct, frozen=True):
    """A partner's credentials."""

    rows: list[CredentialView]
    """Those that are not revoked, the oldest first; at most 20."""


class RotationBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the old secret stays good."""

    old_until: Annotated[
        Moment | None,
        msgspec.Meta(
            description="Until when both secrets are good, at most 7 days ahead; missing: for 24 "
            "hours. An instant that has passed ends the old one at once."
        ),
    ] = None


@room.route(
    "POST",
    CREDENTIALS,
    access=ACCESS,
    summary="Create a credential for a partner's system",
    body=CredentialDetails,
    answers={201: IssuedView},
    refuses=(PartnerUnknown, TooManyCredentials, InvalidFields),
    guarded=True,
    example=Example(
        path=RUBIN,
        body={
            "name": "Tills",
            "scopes": ["receipts.write", "quotes.write", "members.read"],
            "outlets": ["arbat"],
        },
    ),
)
def create_credential(call: Call[CredentialDetails, NoBody]) -> Answer:
    """The secret is shown in this answer only, and again to the same request."""
    made = service_credentials.create(
        _order(call), call.body, call.guard(), call.ids, call.settings
    )
    return Answer(_issued(made), 201)


@room.route(
    "GET",
    CREDENTIALS,
    access=ACCESS,
    summary="The credentials of a partner's systems",
    answers={200: CredentialList},
    refuses=(PartnerUnknown,),
    example=Example(path=RUBIN),
)
def list_credentials(call: Call[NoBody, NoBody]) -> Answer:
    """Without secrets, which nobody can read again. Revoked ones stand in the audit log."""
    found = service_credentials.listed(call.path["program"], call.path["partner"])
    return Answer(CredentialList([CredentialView(**_fields(one)) for one in found]))


@room.route(
    "POST",
    CREDENTIALS + "/{credential}/rotation",
    access=ACCESS,
    summary="Give a credential a new secret",
    body=RotationBody,
    answers={200: IssuedView},
    refuses=(CredentialUnknown, CredentialRevoked, InvalidFields),
    guarded=True,
    example=Example(path=ONE, body={}),
)
def rotate_credential(call: Call[RotationBody, NoBody]) -> Answer:
    """Both secrets are good for a while, so that a system can change over without a pause. The
    secret is shown in this answer only, and again to the same request. A secret before the old one
    ends at once.
    """
    made = service_credentials.rotate(
        _order(call), call.path["credential"], call.body.old_until, call.guard(), call.settings
    )
    return Answer(_issued(made))


@room.route(
    "POST",
    CREDENTIALS + "/{credential}/revocation",
    access=ACCESS,
    summary="Revoke a credential",
    body=Why,
    answers={200: CredentialView},
    refuses=(PartnerUnknown, CredentialUnknown),
    example=Example(path=ONE, body={"reason": "The till was stolen"}),
)
def revoke_credential(call: Call[Why, NoBody]) -> Answer:
    """Ends it at once, with all its secrets, and for good; again it changes nothing."""
    found = service_credentials.revoke(_order(call), call.path["credential"], call.body.reason)
    return Answer(CredentialView(**_fields(found)))


def _order(call: Call[Any, Any]) -> Order:
    return Order(call.path["program"], call.path["partner"], call.principal, call.at)


def _issued(made: Issued) -> IssuedView:
    return IssuedView(secret=made.secret, **_fields(made.credential))


def _fields(one: Credential) -> dict[str, Any]:
    return {
        "credential": one.credential,
        "sent_as": one.sent_as,
        "name": one.name,
        "scopes": one.scopes,
        "outlets": one.outlets,
        "generation": one.generation,
        "created_at": one.created_at,
        "expires_at": one.expires_at or None,
        "old_until": one.old_until or None,
        "revoked_at": one.revoked_at or None,
    }
