"""Access tokens: JWT (RFC 7519) by PyJWT, HS256 only, one key per audience; keys rotate.

A token names its program, kind and session version; whoever reads it compares the version with the
stored one, so that a sign-out takes effect at once.
"""

from datetime import datetime, timedelta
from typing import Any, Literal

import jwt

from chalicelib.kernel import signing
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.settings import Settings


class TokenExpired(Unauthorized):
    """The token was genuine, and its time is over."""

    code = "token_expired"


Audience = Literal["member", "staff"]
ISSUER = "clubkeeper"
_ALGORITHM = "HS256"


def issue(
    stage: Settings, audience: Audience, claims: dict[str, Any], at: datetime, life: timedelta
) -> str:
    """Sign a token for one audience, good from ``at`` for ``life``."""
    payload = {**claims, "iss": ISSUER, "aud": audience, "iat": at, "exp": at + life}
    signer = signing.signer(stage, f"token {audience}", at)
    names = {"kid": signer.id} if signer.id else None
    return jwt.encode(payload, signer.key, _ALGORITHM, names)


def audience_of(token: str) -> Audience:
    """Which audience a token claims to be for; its signature is checked by :func:`read`
    afterwards.
    """
    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("aud")
    except jwt.InvalidTokenError as error:
        raise Unauthorized from error
    if claimed == "member":
        return "member"
    if claimed == "staff":
        return "staff"
    raise Unauthorized


def read(stage: Settings, audience: Audience, token: str, at: datetime) -> dict[str, Any]:
    """The claims of a genuine token.

    Raises:
        Unauthorized: forged, for another audience, or malformed.
        TokenExpired: past its end at ``at``.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(stage, audience, token),
            algorithms=[_ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            # The clock is an argument here as everywhere; PyJWT would ask the machine's.
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "aud"]},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthorized from error
    if at.timestamp() >= claims["exp"]:
        raise TokenExpired
    return claims


def _key_of(stage: Settings, audience: Audience, token: str) -> bytes:
    """The key that a token says it was signed with, if that is one of ours."""
    named = jwt.get_unverified_header(token).get("kid", "")
    for prover in signing.provers(stage, f"token {audience}"):
        if prover.id == named:
            return prover.key
    raise Unauthorized
