"""Sessions of whoever signs in, members and staff alike: values, rules and refresh tokens.

The id of a session is derived from what opened it, so the same sign-in sent again after a lost
reply finds the session that is there. Refresh tokens are not stored: one is the session's id and
generation under a keyed hash whose key rotates.

An ended session must end its access tokens at once. Its id therefore stands on its owner's item
until the last of them has run out: each request then costs one strong read of one item. Reading
the session as well would cost twice that at each request, to save one written item at a sign-out.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from chalicelib.kernel import clock, signing
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.ids import symbols
from chalicelib.kernel.secrets import digest, keyed_digest, same
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.tokens import Audience

ACCESS_LIFE = timedelta(minutes=10)
REPEAT_WITHIN = timedelta(seconds=60)
"""How long the refresh token before the current one is taken for the retry of a lost reply."""
ID_LENGTH = 20
MAC_LENGTH = 40
Turn = Literal["rotate", "repeat", "reused"]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-in on one device."""

    session: str
    version: int
    """The owner's session version at sign-in; another one now means signed out everywhere."""
    generation: int
    """How often the refresh token was replaced."""
    created_at: str
    rotated_at: str
    expires_at: str


class Ended(msgspec.Struct, frozen=True, array_like=True):
    """A session that was ended while an access token of it may still be about."""

    session: str
    until: str
    """The end of the last access token it can have."""


class Presented(msgspec.Struct, frozen=True):
    """A genuine refresh token."""

    owner: tuple[str, ...]
    """The ids that lead to whose session it is."""
    session: str
    generation: int


def opened(session: str, version: int, at: datetime, life: timedelta) -> Session:
    """A new session, good for ``life`` unless it is refreshed."""
    return Session(
        session=session,
        version=version,
        generation=0,
        created_at=clock.render(at),
        rotated_at=clock.render(at),
        expires_at=clock.render(at + life),
    )


def rotated(session: Session, at: datetime, life: timedelta) -> Session:
    """The session after its refresh token was replaced; ``life`` is counted anew."""
    return msgspec.structs.replace(
        session,
        generation=session.generation + 1,
        rotated_at=clock.render(at),
        expires_at=clock.render(at + life),
    )


def turn(generation: int, rotated_at: str, presented: int, at: datetime) -> Turn:
    """What a genuine refresh token of generation ``presented`` brings about.

    The current one is replaced. The one before it, soon after, is a retry whose reply was lost.
    Anything else is a copy in strange hands (RFC 9700 §4.14.2).
    """
    if presented == generation:
        return "rotate"
    if presented == generation - 1 and at - clock.parse(rotated_at) <= REPEAT_WITHIN:
        return "repeat"
    return "reused"


def live(session: Session, version: int, at: datetime) -> bool:
    """Whether a stored session still signs in an owner whose session version is ``version``."""
    return session.version == version and session.expires_at > clock.render(at)


def still_ended(ended: tuple[Ended, ...], at: datetime) -> tuple[Ended, ...]:
    """The ended sessions of which an access token may still be good."""
    return tuple(one for one in ended if one.until > clock.render(at))


def with_ended(ended: tuple[Ended, ...], session: str, at: datetime) -> tuple[Ended, ...]:
    """The same, and one more that ends now."""
    return (*still_ended(ended, at), Ended(session, clock.render(at + ACCESS_LIFE)))


def is_ended(ended: tuple[Ended, ...], session: str) -> bool:
    """Whether a session is among the ended ones."""
    return any(one.session == session for one in ended)


def session_id(stage: Settings, audience: Audience, *parts: str) -> str:
    """The id of the session that what ``parts`` name opens."""
    raw = keyed_digest(stage, f"session id {audience}", *parts)
    return symbols(raw[:ID_LENGTH]).lower()


def refresh_token(
    stage: Settings, audience: Audience, owner: tuple[str, ...], session: Session
) -> str:
    """The current refresh token of a session of ``owner``; the same whenever it is made again."""
    parts = (*owner, session.session, str(session.generation))
    signer = signing.signer(stage, _purpose(audience), clock.parse(session.rotated_at))
    return ".".join((*parts, _mac(signer, parts)))


def read_refresh_token(stage: Settings, audience: Audience, token: str) -> Presented:
    """What a refresh token says; raises Unauthorized when it is not genuine."""
    *parts, mac = token.split(".")
    provers = signing.provers(stage, _purpose(audience))
    if not any(same(mac, _mac(prover, tuple(parts))) for prover in provers):
        raise Unauthorized
    *owner, session, generation = parts
    return Presented(tuple(owner), session, int(generation))


def _purpose(audience: Audience) -> str:
    return f"refresh token {audience}"


def _mac(signer: signing.Signer, parts: tuple[str, ...]) -> str:
    return digest(signer.key, *parts).hex()[:MAC_LENGTH]
