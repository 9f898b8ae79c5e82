"""The room's use cases for app.py: who a token of the staff stands for, and operators' tokens.

One module per group of verbs stands behind the routes: ``service_people`` who works for a program;
``service_access`` blocking and starting over; ``service_roles`` roles; ``service_enrolment``
invitations taken up; ``service_sign_in`` the two factors; ``service_sessions`` sessions;
``service_me`` one's own sign-in.

An operator's token carries its rights, so taking one back before its end means new signing keys
for everybody. It is the way in while nobody else can get in: for the first owner of a program, and
for the last one who lost their factors.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel import tokens
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.settings import Settings
from chalicelib.staff import service_sessions
from chalicelib.staff.service_sessions import AUDIENCE

LONGEST = timedelta(hours=24)


class Operator(msgspec.Struct, frozen=True):
    """What an operator's token says."""

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
    """An operator's token; ``*`` stands for all programs or all rights.

    Raises:
        ValueError: ``life`` is not above zero and at most :data:`LONGEST`.
    """
    if not timedelta(0) < life <= LONGEST:
        raise ValueError(f"a staff token lives at most {LONGEST}")
    claims = {"sub": staff, "programs": list(programs), "rights": list(rights)}
    return tokens.issue(stage, AUDIENCE, claims, at, life)


def authenticate(token: str, stage: Settings, at: datetime) -> StaffCaller:
    """The person, or the operator, that a token stands for.

    Raises:
        Unauthorized: the token is not genuine or past its end.
        SessionEnded: it was signed out, or the person is blocked or gone.
    """
    claims = tokens.read(stage, AUDIENCE, token, at)
    if "sid" in claims:
        return service_sessions.caller_of(service_sessions.claims_of(claims))
    try:
        found = msgspec.convert(claims, Operator)
    except msgspec.ValidationError as error:
        raise Unauthorized from error
    return StaffCaller(found.sub, dict.fromkeys(found.programs, found.rights))
