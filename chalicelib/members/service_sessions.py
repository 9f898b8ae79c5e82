"""Sessions: signing in or joining by a one-time code, refreshing, signing out."""

from datetime import datetime

import msgspec

from chalicelib.kernel import sessions, tokens
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive, SessionEnded
from chalicelib.kernel.sessions import ACCESS_LIFE, Session
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table import sessions as stored
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.kernel.tokens import Audience
from chalicelib.members import model, store, store_codes
from chalicelib.members.errors import OneTimeCodeExpired
from chalicelib.members.model import SESSION_LIFE, Happened, Member
from chalicelib.members.service_codes import Attempt, redeem
from chalicelib.members.service_join import Joining, join
from chalicelib.members.store_codes import Challenge, Use
from chalicelib.programs.service import in_force

AUDIENCE: Audience = "member"
MOST_LISTED = 100


class SignedIn(msgspec.Struct, frozen=True):
    """A member with a session that is theirs now."""

    member: Member
    session: Session
    access_token: str
    refresh_token: str
    joined: bool = False


class Claims(msgspec.Struct, frozen=True):
    """What a member's access token says."""

    sub: str
    program: str
    kind: str
    sv: int
    sid: str


def sign_in(attempt: Attempt, joining: Joining | None, stage: Settings) -> SignedIn:
    """Open a session for whom the address belongs to, or who joins with it.

    Raises:
        OneTimeCodeExpired, WrongOneTimeCode, TooManyWrongOneTimeCodes, OneTimeCodesPaused,
        NotActive, and what :func:`service_join.join` raises for an address that is nobody's yet.
    """

    def act(challenge: Challenge) -> tuple[Writes, tuple[Member, Session, bool]]:
        if challenge.used is not None:
            return _again(challenge, challenge.used)
        kind = model.CONTACTS[challenge.channel]
        known = store.owner(challenge.program, kind, challenge.address)
        member = None if known is None else store.read(challenge.program, known, strong=True)
        if member is None:
            writes, member = join(challenge, joining, attempt.at)
        else:
            _refuse_inactive(member)
            writes = Writes()
        session = _new_session(challenge, member, attempt.at, stage)
        writes += stored.opened(_pk(member), session)
        use = Use("session", member.member, session.session, joined=known is None)
        writes += store_codes.used(challenge, use)
        return writes, (member, session, use.joined)

    in_force(attempt.program, attempt.at)
    member, session, joined = redeem(attempt, stage, act)
    return _signed_in(member, session, attempt.at, stage, joined=joined)


def refresh(token: str, at: datetime, stage: Settings) -> SignedIn:
    """Replace a refresh token; the one before is taken once more for a minute, for a lost reply.

    Raises:
        Unauthorized: the token is not genuine.
        SessionEnded: the session is over, or ends now because an old token was presented.
        NotActive: the member may not sign in.
    """
    shown = sessions.read_refresh_token(stage, AUDIENCE, token)
    program, owner = shown.owner

    def decide(_: bool) -> tuple[Writes, tuple[Member, Session | None]]:
        member = store.read(program, owner, strong=True)
        session = stored.read(keys.member(program, owner), shown.session)
        if member is None or session is None:
            raise SessionEnded
        if not sessions.live(session, member.session_version, at):
            raise SessionEnded
        _refuse_inactive(member)
        turn = sessions.turn(session.generation, session.rotated_at, shown.generation, at)
        if turn == "repeat":
            return Writes(), (member, session)
        if turn == "reused":
            return _end(member, session.session, "refresh_token_reused", at), (member, None)
        after = sessions.rotated(session, at, SESSION_LIFE)
        return stored.rotated(_pk(member), session, after), (member, after)

    member, session = transact(decide)
    if session is None:
        raise SessionEnded
    return _signed_in(member, session, at, stage)


def authenticate(token: str, stage: Settings, at: datetime) -> MemberCaller:
    """The member an access token stands for. One strong read unit.

    Raises:
        Unauthorized: the token is not genuine or past its end.
        SessionEnded: it was signed out, here or everywhere, or the member was erased.
        NotActive: the member is suspended. Who was rejected can read why, and apply anew.
    """
    try:
        claims = msgspec.convert(tokens.read(stage, AUDIENCE, token, at), Claims)
    except msgspec.ValidationError as error:
        raise Unauthorized from error
    member = store.read(claims.program, claims.sub, strong=True)
    if member is None or (member.session_version, member.kind) != (claims.sv, claims.kind):
        raise SessionEnded
    if sessions.is_ended(member.ended, claims.sid):
        raise SessionEnded
    _refuse_inactive(member)
    return MemberCaller(
        program=member.program,
        member=member.member,
        kind=member.kind,
        status=member.status,
        session=claims.sid,
        language=member.language,
        locked_until=member.locked_until,
        rules=member.rules,
        joined_at=member.joined_at,
    )


def own(caller: MemberCaller) -> Member:
    """The caller's stored self; raises SessionEnded when it is gone."""
    member = store.read(caller.program, caller.member, strong=True)
    if member is None or member.status == "erased":
        raise SessionEnded
    return member


def sign_out(caller: MemberCaller, at: datetime) -> None:
    """End the caller's session. A retry meets SessionEnded before it gets here."""

    def decide(_: bool) -> tuple[Writes, None]:
        member = own(caller)
        if sessions.is_ended(member.ended, caller.session):
            return Writes(), None
        return _end(member, caller.session, "signed_out", at), None

    transact(decide)


def sign_out_everywhere(caller: MemberCaller, at: datetime) -> None:
    """End all sessions of the caller. A retry meets SessionEnded before it gets here."""
    version = own(caller).session_version

    def decide(_: bool) -> tuple[Writes, None]:
        member = own(caller)
        if member.session_version != version:
            return Writes(), None
        happened = Happened("member.signed_out_everywhere", at, _actor(member))
        item = store.MemberItem
        return store.changed(
            member, happened, item.session_version.set(version + 1), item.ended.set(())
        ), None

    transact(decide)


def signed_in(caller: MemberCaller, at: datetime) -> list[Session]:
    """The caller's live sessions, the one used last first."""
    member = own(caller)
    found = stored.every(_pk(member))
    alive = [one for one in found if sessions.live(one, member.session_version, at)]
    return sorted(alive, key=lambda one: one.rotated_at, reverse=True)[:MOST_LISTED]


def _again(challenge: Challenge, use: Use) -> tuple[Writes, tuple[Member, Session, bool]]:
    member = store.read(challenge.program, use.member, strong=True)
    session = stored.read(keys.member(challenge.program, use.member), use.session)
    # A session that went on since has had its reply; a code is not a second way into it.
    if use.purpose != "session" or member is None or session is None or session.generation:
        raise OneTimeCodeExpired
    if session.version != member.session_version:
        raise OneTimeCodeExpired
    _refuse_inactive(member)
    return store_codes.given_back(challenge), (member, session, use.joined)


def _end(member: Member, session: str, why: str, at: datetime) -> Writes:
    ended = sessions.with_ended(member.ended, session, at)
    happened = Happened("member.session_ended", at, _actor(member), {"why": why})
    writes = store.changed(member, happened, store.MemberItem.ended.set(ended))
    writes += stored.closed(_pk(member), session)
    return writes


def _new_session(challenge: Challenge, member: Member, at: datetime, stage: Settings) -> Session:
    proved = (challenge.program, challenge.challenge, challenge.issued_at)
    session = sessions.session_id(stage, AUDIENCE, *proved)
    return sessions.opened(session, member.session_version, at, SESSION_LIFE)


def _signed_in(
    member: Member, session: Session, at: datetime, stage: Settings, *, joined: bool = False
) -> SignedIn:
    claims = {
        "sub": member.member,
        "program": member.program,
        "kind": member.kind,
        "sv": member.session_version,
        "sid": session.session,
    }
    access = tokens.issue(stage, AUDIENCE, claims, at, ACCESS_LIFE)
    owner = (member.program, member.member)
    refresh = sessions.refresh_token(stage, AUDIENCE, owner, session)
    return SignedIn(member, session, access, refresh, joined)


def _refuse_inactive(member: Member) -> None:
    if member.status in ("suspended", "erased"):
        raise NotActive


def _actor(member: Member) -> str:
    return f"member:{member.member}"


def _pk(member: Member) -> str:
    return keys.member(member.program, member.member)
