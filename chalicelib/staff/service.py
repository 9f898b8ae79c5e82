"""Operator tokens: who a person of the club's owner is, and what they may do where.

A token carries its rights, so taking one back before its end means changing the root secret;
sign-in with a second factor and roles as data replace it in their own issue.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel import tokens
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.settings import Settings

LONGEST = timedelta(hours=24)


class Claims(msgspec.Struct, frozen=True):
    """What a staff token says."""

    sub: str
    programs: tuple[str, ...]
    rights: tuple[str, ...]


def issue(
    stage: Settings,
    staff: str,
    programs: Sequence[str],
    rights: Sequence[str],
    at: datetime,
    life: timedelta,
) -> str:
    """A token for a person; ``*`` stands for all programs or all rights.

    Raises:
        ValueError: ``life`` is not above zero and at most :data:`LONGEST`.
    """
    if not timedelta(0) < life <= LONGEST:
        raise ValueError(f"a staff token lives at most {LONGEST}")
    claims = {"sub": staff, "programs": list(programs), "rights": list(rights)}
    return tokens.issue(stage, "staff", claims, at, life)


def authenticate(token: str, stage: Settings, at: datetime) -> StaffCaller:
    """The person a token stands for; raises Unauthorized when it is not genuine or past its end."""
    try:
        claims = msgspec.convert(tokens.read(stage, "staff", token, at), Claims)
    except msgspec.ValidationError as error:
        raise Unauthorized from error
    return StaffCaller(claims.sub, dict.fromkeys(claims.programs, claims.rights))
