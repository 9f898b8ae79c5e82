"""Enrolment: whoever holds an invitation sets a password and a second factor."""

from datetime import datetime

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.secrets import keyed_hash, same
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.staff import factors, invitations, model, passwords, service_roles, store
from chalicelib.staff.acting import Change, noted, subject
from chalicelib.staff.errors import InvitationExpired, PasskeyTaken, WrongSecondFactor
from chalicelib.staff.factors import Proof
from chalicelib.staff.model import Factor, Person

NAMED_LENGTH = 32
"""128 bits: it stands on the person's item, which every request of theirs reads."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor that the person may make theirs."""

    person: Person
    factor: str
    challenge: bytes
    """For a passkey."""
    totp_secret: str
    """For an authenticator app, in Base32."""


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answers to an invitation."""

    invitation: str
    nonce: str
    """As it was when the second factor was offered."""
    password: str
    proof: Proof
    label: str
    at: datetime


def offer(invitation: str, nonce: str, stage: Settings, at: datetime) -> Offer:
    """Whom an invitation is for, and the second factor to make; it can be asked for again.

    The factor depends on ``nonce``, a random text of the client: who read the invitation before
    or after, in the mailbox, was offered another one and does not know the secret of this.

    Raises:
        InvitationExpired: no such invitation, or used, replaced or run out.
    """
    person = invitations.holder(invitation, stage)
    _refuse_closed(person, at)
    return offer_of(person, stage, "invitation", str(person.invitation.number), nonce)


def complete(wanted: Enrolment, stage: Settings, ids: Ids) -> Person:
    """Set the password and the first second factor; from now on the person signs in.

    Raises:
        InvitationExpired, WrongSecondFactor, PasskeyTaken.
    """
    given = invitations.holder(wanted.invitation, stage)
    if model.just_used(given.invitation, wanted.at):
        return _again(given, wanted, stage)
    found = offer(wanted.invitation, wanted.nonce, stage, wanted.at)
    made = prove(found, wanted.proof, wanted.label, stage, wanted.at)
    password = passwords.hashed(stage, wanted.password, ids.bytes(passwords.SALT_BYTES))

    def decide(_: bool) -> tuple[Writes, Person]:
        before = invitations.holder(wanted.invitation, stage)
        if model.just_used(before.invitation, wanted.at):
            return Writes(), _again(before, wanted, stage)
        _refuse_closed(before, wanted.at)
        refuse_taken(made)
        after = msgspec.structs.replace(
            before,
            status="active",
            password=password,
            factors=(made,),
            factors_made=before.factors_made + 1,
            invitation=msgspec.structs.replace(
                before.invitation, used_at=render(wanted.at), used_by=_named(wanted, stage)
            ),
        )
        writes = store.changed(before, after)
        writes += service_roles.owners_counted(before, after)
        actor = subject(before.staff)
        change = Change(action="staff.enrolled", subject=actor, after={"factor": made.kind})
        return noted(writes, before.grants, actor, change, wanted.at), after

    return transact(decide)


def offer_of(person: Person, stage: Settings, *asked: str) -> Offer:
    """The second factor that is offered to a person on an occasion; the same one each time."""
    factor = factors.offered(stage, person.staff, *asked)
    return Offer(
        person=person,
        factor=factor,
        challenge=factors.challenge(stage, person.staff, factor),
        totp_secret=factors.totp_secret(stage, person.staff, factor),
    )


def prove(given: Offer, proof: Proof, label: str, stage: Settings, at: datetime) -> Factor:
    """The offered factor, once the person has shown that they have it.

    Raises:
        WrongSecondFactor: they have not.
    """
    new = Factor(factor=given.factor, kind="totp", label=label, added_at=render(at))
    made = factors.made(stage, given.person, new, proof, given.challenge, at)
    if made is None:
        raise WrongSecondFactor
    return made


def refuse_taken(made: Factor) -> None:
    """Refuse a passkey that somebody has already: it would say of two people that it is theirs.

    Raises:
        PasskeyTaken.
    """
    if made.kind == "passkey" and store.passkey_owner(made) is not None:
        raise PasskeyTaken


def _refuse_closed(person: Person, at: datetime) -> None:
    if person.status != "invited" or not model.is_open(person.invitation, at):
        raise InvitationExpired


def _again(person: Person, wanted: Enrolment, stage: Settings) -> Person:
    """The outcome of this very enrolment, whose reply was lost."""
    if person.status != "active" or not same(person.invitation.used_by, _named(wanted, stage)):
        raise InvitationExpired
    return person


def _named(wanted: Enrolment, stage: Settings) -> str:
    # The nonce, which is stored nowhere, keeps this from being a hash of the password alone.
    sent = msgspec.json.encode([wanted.password, wanted.proof], order="deterministic").decode()
    named = keyed_hash(stage, "staff enrolment", wanted.invitation, wanted.nonce, sent)
    return named[:NAMED_LENGTH]
