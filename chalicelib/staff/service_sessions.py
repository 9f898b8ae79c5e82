"""Sessions of the staff: refreshing, signing out, and who an access token stands for."""

from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel import clock, sessions, tokens
from chalicelib.kernel.errors import Forbidden, Unauthorized
from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.http.identity import SessionEnded
from chalicelib.kernel.sessions import ACCESS_LIFE, Session
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table import sessions as stored
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.kernel.tokens import Audience
from chalicelib.staff import model, service_roles, store
from chalicelib.staff.acting import Change, noted, subject
from chalicelib.staff.errors import SignInAgain
from chalicelib.staff.model import FRESH_FOR, LONGEST_SESSION, SESSION_LIFE, Person

AUDIENCE: Audience = "staff"


class SignedIn(msgspec.Struct, frozen=True):
    """A person with a session that is theirs now."""

    person: Person
    session: Session
    access_token: str
    expires_in: int
    """Seconds until the access token ends."""
    refresh_token: str


class Claims(msgspec.Struct, frozen=True):
    """What an access token of a session says."""

    sub: str
    sid: str
    sv: int


def signed_in(person: Person, session: Session, at: datetime, stage: Settings) -> SignedIn:
    """The tokens of a session."""
    claims = {"sub": person.staff, "sid": session.session, "sv": person.session_version}
    life = min(ACCESS_LIFE, clock.parse(session.expires_at) - at)
    access = tokens.issue(stage, AUDIENCE, claims, at, life)
    refresh = sessions.refresh_token(stage, AUDIENCE, (person.staff,), session)
    return SignedIn(person, session, access, int(life.total_seconds()), refresh)


def refresh(token: str, at: datetime, stage: Settings) -> SignedIn:
    """Replace a refresh token; the one before is taken once more for a minute, for a lost reply.

    Raises:
        Unauthorized: the token is not genuine.
        SessionEnded: the session is over, or ends now because an old token was presented.
    """
    shown = sessions.read_refresh_token(stage, AUDIENCE, token)
    (staff,) = shown.owner
    pk = keys.staff(staff)

    def decide(_: bool) -> tuple[Writes, tuple[Person, Session | None]]:
        person = _active(staff)
        session = stored.read(pk, shown.session)
        if session is None or not sessions.live(session, _version(person, session), at):
            raise SessionEnded
        turn = sessions.turn(session.generation, session.rotated_at, shown.generation, at)
        if turn == "repeat":
            return Writes(), (person, session)
        if turn == "reused":
            return _end(person, session.session, "refresh_token_reused", at), (person, None)
        after = sessions.rotated(session, at, _life(session, at))
        return stored.rotated(pk, session, after), (person, after)

    person, session = transact(decide)
    if session is None:
        raise SessionEnded
    return signed_in(person, session, at, stage)


def caller_of(claims: Claims) -> StaffCaller:
    """The person of a genuine access token, with their rights as of now.

    One strong read unit, and one for each role that a program made itself.

    Raises:
        SessionEnded: it was signed out, here or everywhere, or the person is blocked or gone.
    """
    person = _active(claims.sub)
    signed_out = person.session_version != claims.sv and person.spared != claims.sid
    if signed_out or sessions.is_ended(person.ended, claims.sid):
        raise SessionEnded
    grants = {
        program: service_roles.rights_of(program, roles) for program, roles in person.grants.items()
    }
    return StaffCaller(person.staff, grants, claims.sid)


def own(caller: StaffCaller) -> Person:
    """The caller's stored self.

    Raises:
        Forbidden: an operator's token stands for nobody.
        SessionEnded: the person is blocked or gone.
    """
    if not caller.session:
        raise Forbidden
    return _active(caller.staff)


def refuse_stale(caller: StaffCaller, at: datetime) -> None:
    """Refuse what needs both factors anew unless they were just shown. A strong read.

    Raises:
        SignInAgain: the caller signed in too long ago, however often the session was refreshed.
        SessionEnded: there is no such session any more.
    """
    session = stored.read(keys.staff(caller.staff), caller.session)
    if session is None:
        raise SessionEnded
    if at - clock.parse(session.created_at) > FRESH_FOR:
        raise SignInAgain


def sign_out(caller: StaffCaller, at: datetime) -> None:
    """End the caller's session. A retry meets SessionEnded before it gets here."""

    def decide(_: bool) -> tuple[Writes, None]:
        person = own(caller)
        if sessions.is_ended(person.ended, caller.session):
            return Writes(), None
        return _end(person, caller.session, "signed_out", at), None

    transact(decide)


def sign_out_everywhere(caller: StaffCaller, at: datetime) -> None:
    """End all sessions of the caller. A retry meets SessionEnded before it gets here."""
    version = own(caller).session_version

    def decide(_: bool) -> tuple[Writes, None]:
        person = own(caller)
        if person.session_version != version:
            return Writes(), None
        after = model.signed_out(person)
        actor = subject(person.staff)
        change = Change(action="staff.signed_out_everywhere", subject=actor)
        return noted(store.changed(person, after), person.grants, actor, change, at), None

    transact(decide)


def claims_of(found: dict[str, object]) -> Claims:
    """The claims of a genuine token of a session; raises Unauthorized when they are not such."""
    try:
        return msgspec.convert(found, Claims)
    except msgspec.ValidationError as error:
        raise Unauthorized from error


def _version(person: Person, session: Session) -> int:
    """The session version at which this session is not signed out."""
    return session.version if session.session == person.spared else person.session_version


def _life(session: Session, at: datetime) -> timedelta:
    """For how long a session goes on that is refreshed now."""
    return min(SESSION_LIFE, clock.parse(session.created_at) + LONGEST_SESSION - at)


def _active(staff: str) -> Person:
    person = store.read(staff, strong=True)
    if person is None or person.status != "active":
        raise SessionEnded
    return person


def _end(person: Person, session: str, why: str, at: datetime) -> Writes:
    ended = sessions.with_ended(person.ended, session, at)
    writes = store.changed(person, msgspec.structs.replace(person, ended=ended))
    writes += stored.closed(keys.staff(person.staff), session)
    actor = subject(person.staff)
    change = Change(action="staff.session_ended", subject=actor, after={"why": why})
    return noted(writes, person.grants, actor, change, at)
