"""Calls of partners' systems: signed requests in, callers out.

The gateway's authorizer does not see bodies, so that routes for partners are open to it, and are
closed here, before anything else is read of the request.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.kernel.errors import Forbidden, TooMany, Unauthorized
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.signatures import Signed, target

CREDENTIAL = "Clubkeeper-Credential"
ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
SCHEME = "Standard-Webhooks"
"""How a 401 of these routes names what it asks for."""


class SignatureMissing(Unauthorized):
    """The request names no credential: this route takes signed requests."""

    code = "signature_missing"
    scheme = SCHEME


class SignatureInvalid(Unauthorized):
    """No secret of this credential made this signature over this id, time and body; or there is no
    such credential.
    """

    code = "signature_invalid"
    scheme = SCHEME


class SignatureTooOld(Unauthorized):
    """The signature is genuine, and was made more than 5 minutes ago."""

    code = "signature_too_old"
    scheme = SCHEME


class SignatureTooNew(Unauthorized):
    """The signature is genuine, and was made more than 5 minutes ahead of our clock."""

    code = "signature_too_new"
    scheme = SCHEME


class CredentialEnded(Unauthorized):
    """The signature is genuine; but the credential was revoked, or ran out, or its secret was
    replaced.
    """

    code = "credential_ended"
    scheme = SCHEME


class PartnerBlocked(Forbidden):
    """The club does not work with this partner at present."""

    code = "partner_blocked"


class ScopeMissing(Forbidden):
    """The credential lacks the scope that the call needs."""

    code = "scope_missing"


class TooManyBadSignatures(TooMany):
    """This client sent too many requests whose signature is wrong."""

    code = "too_many_bad_signatures"


class Claim(msgspec.Struct, frozen=True):
    """Who a request says that it comes from, and what is to prove it."""

    credential: str
    """``<program>.<id>``, as claimed."""
    signed: Signed
    client: str
    """Keyed hash of the client's network."""


Verify = Callable[[Claim, Settings, datetime], PartnerCaller]
"""From a claim to a caller; raises one of the refusals above."""
_verify: Verify | None = None


def install(verify: Verify) -> None:
    """Set, once, how claims are proved; the room that knows partners stands above this one."""
    global _verify
    _verify = verify


def caller_of(
    operation: Any,
    request: Any,
    path: Mapping[str, str],
    client: str,
    stage: Settings,
    at: datetime,
) -> PartnerCaller:
    """The partner's system that signed a request, and may call this operation.

    Raises:
        SignatureMissing, SignatureInvalid, SignatureTooOld, SignatureTooNew, CredentialEnded,
        PartnerBlocked, ScopeMissing, TooManyBadSignatures.
    """
    headers = request.headers
    if not headers.get(CREDENTIAL) or _verify is None:
        raise SignatureMissing
    signed = Signed(
        ident=headers.get(ID, ""),
        stamp=headers.get(TIMESTAMP, ""),
        signatures=headers.get(SIGNATURE, ""),
        payload=_payload(operation, request, path),
    )
    found = _verify(Claim(headers[CREDENTIAL], signed, client), stage, at)
    scope = operation.access.partition(":")[2]
    if scope and scope not in found.scopes:
        raise ScopeMissing(scope=scope)
    return found


def _payload(operation: Any, request: Any, path: Mapping[str, str]) -> bytes:
    """What is signed: the raw body where the operation reads one, else what is asked for."""
    body = bytes(request.raw_body or b"")
    if body and operation.takes_body:
        return body
    given = request.query_params
    query = [(name, one) for name in given or () for one in given.getlist(name)]
    return target(operation.method, operation.path, path, query)
