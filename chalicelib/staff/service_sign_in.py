"""Signing in: the first factor brings a ticket, the ticket and the second factor a session."""

from datetime import datetime

import msgspec

from chalicelib.kernel import clock, sessions
from chalicelib.kernel.http.identity import SessionEnded
from chalicelib.kernel.secrets import keyed_hash, same
from chalicelib.kernel.sessions import Session
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.table import sessions as stored
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.messages import addresses
from chalicelib.staff import factors, passwords, store, store_tickets, tries
from chalicelib.staff.acting import Change, noted, subject, tried_in_vain
from chalicelib.staff.errors import TicketExpired, WrongSecondFactor, WrongSignIn
from chalicelib.staff.factors import Proof
from chalicelib.staff.model import SESSION_LIFE, TICKET_LIFE, Person, with_factor
from chalicelib.staff.service_sessions import AUDIENCE, SignedIn, signed_in
from chalicelib.staff.store_tickets import Ticket, Use

TICKET_LENGTH = 40
WRONG_PASSWORD = "staff.password"  # nosec B105
"""The name under which records tell of a wrong password."""
REFUSED_FACTOR = "staff.second_factor"
"""The name under which records tell of a second factor that was wrong."""


class FirstFactor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's e-mail address and password."""

    email: str
    password: str
    client: str
    key: str
    """The caller's ``Idempotency-Key``: a retry meets the same ticket."""
    at: datetime


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's answer to a ticket."""

    ticket: str
    proof: Proof
    client: str
    at: datetime


class Ticketed(msgspec.Struct, frozen=True, kw_only=True):
    """A person whose first factor was right."""

    person: Person
    ticket: Ticket
    challenge: bytes
    """For the person's passkeys."""


def begin(first: FirstFactor, stage: Settings) -> Ticketed:
    """Check the first factor; unknown addresses are answered alike, and take as long.

    Raises:
        WrongSignIn, SignInLocked, SignInPaused.
        InvalidFields: it can be no e-mail address.
    """
    email = addresses.email(first.email, pointer="/email")
    tried = tries.take(tries.OF_ADDRESS, email, first.client, first.at)
    known = store.owner(email)
    person = None if known is None else store.read(known, strong=True)
    usable = person is not None and person.status == "active"
    kept = person.password if person is not None and usable else ""
    if not passwords.matches(stage, first.password, kept) or person is None:
        tried.wrong(known=person is not None)
        if person is not None:
            tried_in_vain(person, WRONG_PASSWORD, first.at)
        else:  # as much work, so that the time it takes does not tell who is known
            audit.tried(keys.PLATFORM, "public", WRONG_PASSWORD, {}, first.at)
        raise WrongSignIn
    tried.right()
    ticket = transact(lambda _: _ticket(person, first, stage))
    return Ticketed(person=person, ticket=ticket, challenge=_challenge(ticket, stage))


def complete(second: SecondFactor, stage: Settings) -> SignedIn:
    """Open a session, once per ticket; the same request again is given the same session.

    Raises:
        TicketExpired, WrongSecondFactor, SignInLocked, SignInPaused.
    """
    ticket = store_tickets.read(second.ticket, second.at)
    if ticket is None:
        raise TicketExpired
    tried = tries.take(tries.OF_PERSON, ticket.staff, second.client, second.at)
    if not store_tickets.take_try(second.ticket, second.at):
        raise TicketExpired
    person, session = transact(lambda _: _decide(second, stage))
    if session is None:
        tried.wrong()
        tried_in_vain(person, REFUSED_FACTOR, second.at)
        raise WrongSecondFactor
    tried.right()
    return signed_in(person, session, second.at, stage)


def _ticket(person: Person, first: FirstFactor, stage: Settings) -> tuple[Writes, Ticket]:
    version = person.session_version
    # Nothing of the request is kept to tell a retry by: its hash would be one of the password.
    named = (person.staff, str(version), first.client, first.key)
    name = keyed_hash(stage, "staff ticket", *named)[:TICKET_LENGTH]
    found = store_tickets.read(name, first.at)
    if found is not None:
        return Writes(), found
    new = Ticket(
        ticket=name,
        staff=person.staff,
        session_version=version,
        issued_at=clock.render(first.at),
        expires_at=clock.render(first.at + TICKET_LIFE),
    )
    return store_tickets.issued(new), new


def _decide(second: SecondFactor, stage: Settings) -> tuple[Writes, tuple[Person, Session | None]]:
    ticket = store_tickets.read(second.ticket, second.at)
    person = None if ticket is None else store.read(ticket.staff, strong=True)
    if ticket is None or person is None or person.status != "active":
        raise TicketExpired
    if person.session_version != ticket.session_version:
        raise TicketExpired
    proof = _proof(second, stage)
    if ticket.used is not None:
        return _again(ticket, ticket.used, proof, person)
    asked = _challenge(ticket, stage)
    used = factors.used(stage, person, second.proof, asked, second.at)
    if used is None:
        return Writes(), (person, None)
    name = sessions.session_id(stage, AUDIENCE, ticket.ticket, ticket.issued_at)
    session = sessions.opened(name, person.session_version, second.at, SESSION_LIFE)
    after = msgspec.structs.replace(person, factors=with_factor(person, used))
    writes = store.changed(person, after)
    writes += stored.opened(keys.staff(person.staff), session)
    writes += store_tickets.used(ticket, Use(session.session, proof))
    actor = subject(person.staff)
    change = Change(action="staff.signed_in", subject=actor, after={"factor": used.kind})
    return noted(writes, person.grants, actor, change, second.at), (after, session)


def _again(
    ticket: Ticket, use: Use, proof: str, person: Person
) -> tuple[Writes, tuple[Person, Session | None]]:
    session = stored.read(keys.staff(person.staff), use.session)
    # A session that went on since has had its reply; a ticket is not a second way into it.
    if session is None or session.generation or not same(proof, use.proof):
        raise TicketExpired
    if sessions.is_ended(person.ended, session.session):
        raise SessionEnded
    return store_tickets.given_back(ticket), (person, session)


def _challenge(ticket: Ticket, stage: Settings) -> bytes:
    return factors.challenge(stage, "ticket", ticket.ticket, ticket.issued_at)


def _proof(second: SecondFactor, stage: Settings) -> str:
    sent = msgspec.json.encode(second.proof, order="deterministic").decode()
    return keyed_hash(stage, "staff proof", second.ticket, sent)
