"""Who is asking: tokens in, callers out.

The gateway's authorizer checks every call to a closed route and hands its finding over as strings;
a route open to all looks at the token itself. A finding that is a refusal travels too, so that it
is answered in the caller's language.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.kernel.errors import Forbidden, Refusal, Unauthorized, Unavailable
from chalicelib.kernel.http.call import Caller, MemberCaller, StaffCaller
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table.failures import STORAGE_FAILURES
from chalicelib.kernel.tokens import TokenExpired

Authenticate = Callable[[str, Settings, datetime], Caller]
"""From a bearer token to a caller; raises Unauthorized or Forbidden."""


class SessionEnded(Unauthorized):
    """The token was good once: it ran out, or its session was signed out."""

    code = "session_ended"


class NotActive(Forbidden):
    """The member's application is open or was rejected, or the member is suspended or erased."""

    code = "member_not_active"


_REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (Unauthorized, SessionEnded, TokenExpired, Forbidden, NotActive, Unavailable)
}
_authenticate: Authenticate | None = None


def install(authenticate: Authenticate) -> None:
    """Set, once, how tokens are read; the rooms that know members and staff stand above this
    one.
    """
    global _authenticate
    _authenticate = authenticate


def finding(authorization: str, stage: Settings, at: datetime) -> dict[str, str]:
    """What the authorizer tells the handlers: the caller, or the code of the refusal, as
    strings.
    """
    try:
        return {"caller": _encode(_read(authorization, stage, at))}
    except Refusal as refusal:
        return {"refused": refusal.code}
    except STORAGE_FAILURES:
        # Who asks cannot be told just now: a reason to try again, not to sign in again.
        return {"refused": Unavailable.code}


def caller_of(access: str, request: Any, stage: Settings, at: datetime) -> Caller | None:
    """The caller of a request to a route of this access.

    Raises:
        Unauthorized, Forbidden: as found; a staff token does not open members' routes nor the
        reverse.
    """
    kind = access.partition(":")[0]
    if kind == "public":
        return None
    if kind == "optional":
        given = request.headers.get("authorization", "")
        found = _read(given, stage, at) if given else None
        return found if isinstance(found, MemberCaller) else None
    context = request.context.get("authorizer") or {}
    if "caller" not in context:
        raise _REFUSALS.get(str(context.get("refused")), Unauthorized)
    found = _decode(context["caller"])
    if (kind == "member") != isinstance(found, MemberCaller):
        raise Forbidden
    return found


def _read(authorization: str, stage: Settings, at: datetime) -> Caller:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token or _authenticate is None:
        raise Unauthorized
    return _authenticate(token.strip(), stage, at)


def _encode(caller: Caller) -> str:
    tag = "member" if isinstance(caller, MemberCaller) else "staff"
    return msgspec.json.encode([tag, caller]).decode()


def _decode(text: str) -> Caller:
    tag, fields = msgspec.json.decode(text)
    if tag == "member":
        return msgspec.convert(fields, MemberCaller)
    return msgspec.convert(fields, StaffCaller)
