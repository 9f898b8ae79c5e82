"""What somebody of the staff does to their own sign-in."""

from datetime import datetime

import msgspec

from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.http.identity import SessionEnded
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.staff import model, passwords, store, tries
from chalicelib.staff.acting import Change, noted, subject, tried_in_vain
from chalicelib.staff.errors import FactorUnknown, LastFactor, TooManyFactors, WrongPassword
from chalicelib.staff.factors import Proof
from chalicelib.staff.model import MOST_FACTORS, Factor, Person
from chalicelib.staff.service_enrolment import Offer, offer_of, prove, refuse_taken
from chalicelib.staff.service_sessions import own, refuse_stale
from chalicelib.staff.service_sign_in import WRONG_PASSWORD


class NewFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor that the caller shows to have."""

    factor: str
    proof: Proof
    label: str
    at: datetime


class NewPassword(msgspec.Struct, frozen=True, kw_only=True):
    """A new password, and the present one."""

    present: str
    new: str
    client: str
    at: datetime


def offer(caller: StaffCaller, stage: Settings) -> Offer:
    """The next second factor that the caller may add; in one session the same until it is added."""
    return _offer(own(caller), caller, stage)


def add_factor(caller: StaffCaller, wanted: NewFactor, stage: Settings) -> Factor:
    """Add the offered second factor; the same again changes nothing.

    Raises:
        FactorUnknown: it was not offered in this session.
        WrongSecondFactor, PasskeyTaken, TooManyFactors, SignInAgain.
    """

    def decide(_: bool) -> tuple[Writes, Factor]:
        person = own(caller)
        there = model.factor(person, wanted.factor)
        if there is not None:
            return Writes(), there
        refuse_stale(caller, wanted.at)
        offered = _offer(person, caller, stage)
        if wanted.factor != offered.factor:
            raise FactorUnknown
        if len(person.factors) >= MOST_FACTORS:
            raise TooManyFactors(most=MOST_FACTORS)
        made = prove(offered, wanted.proof, wanted.label, stage, wanted.at)
        refuse_taken(made)
        after = msgspec.structs.replace(
            person, factors=(*person.factors, made), factors_made=person.factors_made + 1
        )
        change = Change(
            action="staff.factor_added",
            subject=subject(person.staff),
            after={"factor": made.factor, "kind": made.kind},
        )
        return _changed(person, after, change, wanted.at), made

    return transact(decide)


def remove_factor(caller: StaffCaller, factor: str, call: guards.Request, at: datetime) -> None:
    """Remove one of the caller's second factors; all their other sessions end.

    Raises:
        FactorUnknown, SignInAgain.
        LastFactor: no other one would be left.
    """
    pk = keys.staff(caller.staff)

    def decide(_: bool) -> tuple[Writes, None]:
        person = own(caller)
        if guards.done(pk, call) is not None:
            return Writes(), None
        refuse_stale(caller, at)
        gone = model.factor(person, factor)
        if gone is None:
            raise FactorUnknown
        if len(person.factors) == 1:
            raise LastFactor
        left = tuple(one for one in person.factors if one is not gone)
        change = Change(
            action="staff.factor_removed",
            subject=subject(person.staff),
            before={"factor": gone.factor, "kind": gone.kind},
        )
        # Whoever signed in by it, or copied it, must not stay signed in.
        alone = model.signed_out(person, spared=caller.session)
        after = msgspec.structs.replace(alone, factors=left)
        writes = _changed(person, after, change, at)
        guards.remember(writes, pk, call, factor)
        return writes, None

    transact(decide)


def change_password(caller: StaffCaller, wanted: NewPassword, stage: Settings, ids: Ids) -> None:
    """Set another password; all sessions end. A retry meets SessionEnded before it gets here.

    Raises:
        WrongPassword, SignInLocked, SignInPaused, SignInAgain.
    """
    person = own(caller)
    refuse_stale(caller, wanted.at)
    tried = tries.take(tries.OF_ADDRESS, person.email, wanted.client, wanted.at)
    if not passwords.matches(stage, wanted.present, person.password):
        tried.wrong()
        tried_in_vain(person, WRONG_PASSWORD, wanted.at)
        raise WrongPassword
    tried.right()
    password = passwords.hashed(stage, wanted.new, ids.bytes(passwords.SALT_BYTES))

    def decide(_: bool) -> tuple[Writes, None]:
        before = own(caller)
        if before.session_version != person.session_version:
            raise SessionEnded
        after = msgspec.structs.replace(model.signed_out(before), password=password)
        change = Change(action="staff.password_changed", subject=subject(before.staff))
        return _changed(before, after, change, wanted.at), None

    transact(decide)


def _offer(person: Person, caller: StaffCaller, stage: Settings) -> Offer:
    # Bound to the session: who once read along in another one does not know this secret.
    return offer_of(person, stage, caller.session, str(person.factors_made))


def _changed(before: Person, after: Person, change: Change, at: datetime) -> Writes:
    writes = store.changed(before, after)
    return noted(writes, before.grants, subject(before.staff), change, at)
