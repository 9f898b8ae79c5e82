"""What members see and change of themselves: profile, contacts, consents."""

from datetime import date, datetime

import msgspec

from chalicelib.kernel import clock
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import (
    birthdays,
    model,
    names,
    occasions,
    store,
    store_birthdays,
    store_codes,
    store_names,
)
from chalicelib.members.errors import (
    AddressTaken,
    OneTimeCodeExpired,
    PurposeUnknown,
    RulesChanged,
    RulesNeeded,
)
from chalicelib.members.model import PURPOSES, Consent, Happened, Member, Profile
from chalicelib.members.service_codes import Attempt, redeem
from chalicelib.members.service_sessions import own
from chalicelib.members.store_codes import Challenge, Use
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

Changes = dict[str, str | date | None]
"""New values by field; nothing clears one."""
_NAMES = ("given_name", "family_name", "city")


class Person(msgspec.Struct, frozen=True):
    """A member together with what they told of themselves."""

    member: Member
    profile: Profile


def me(caller: MemberCaller) -> Person:
    """The caller; raises SessionEnded when they are gone."""
    return Person(own(caller), store.profile(caller.program, caller.member))


def change_profile(caller: MemberCaller, changes: Changes, at: datetime) -> Person:
    """Set the given fields; the same again changes nothing.

    Raises:
        InvalidFields: a value cannot be.
    """
    program = in_force(caller.program, at)
    wanted = _checked(changes, program, at)

    def decide(_: bool) -> tuple[Writes, Person]:
        member = own(caller)
        profile, kept = store_birthdays.read(caller.program, caller.member)
        now = Person(member, profile)
        before = {**msgspec.structs.asdict(now.profile), "language": now.member.language}
        new = {name: value for name, value in wanted.items() if before[name] != value}
        if not new:
            return Writes(), now
        data: dict[str, str | int | list[str]] = {"fields": sorted(new)}
        happened = Happened("member.profile_changed", at, _actor(caller), data)
        language = new.pop("language", None) or now.member.language
        writes = store.changed(now.member, happened, store.MemberItem.language.set(language))
        told = msgspec.structs.replace(now.profile, **new)
        then = birthdays.replaced(program, now.profile, told, kept, at)
        if new:
            fields = new | store_birthdays.changes(kept, then)
            writes += store.profiled(now.member, fields, store_birthdays.unmoved(kept))
        writes += store_birthdays.waited(caller.program, caller.member, kept.due, then.due, at)
        writes += occasions.completed(program, caller.member, now.profile, told, at)
        writes += store_names.renamed(
            caller.program, caller.member, tokens_of(now.profile), tokens_of(told)
        )
        return writes, Person(msgspec.structs.replace(now.member, language=language), told)

    return transact(decide)


def tokens_of(profile: Profile) -> tuple[str, ...]:
    """The words by which staff find who has this profile."""
    return names.tokens(profile.given_name, profile.family_name)


def change_contact(caller: MemberCaller, attempt: Attempt, stage: Settings) -> Person:
    """Make a proved address the caller's phone or e-mail, in the place of the one before.

    Raises:
        AddressTaken: it is another member's.
        OneTimeCodeExpired, WrongOneTimeCode, TooManyWrongOneTimeCodes, OneTimeCodesPaused.
    """

    def act(challenge: Challenge) -> tuple[Writes, Person]:
        use = Use("contact", caller.member)
        if challenge.used is not None:
            if challenge.used != use:
                raise OneTimeCodeExpired
            return store_codes.given_back(challenge), me(caller)
        now = me(caller)
        writes, after = _replace_contact(now, challenge, attempt.at)
        writes += store_codes.used(challenge, use)
        return writes, after

    return redeem(attempt, stage, act)


def consents(caller: MemberCaller) -> list[Consent]:
    """The last decision about each purpose."""
    return [store.consent(caller.program, caller.member, purpose)[0] for purpose in PURPOSES]


def decide_consent(
    caller: MemberCaller, purpose: str, granted: bool, rules_version: int | None, at: datetime
) -> Consent:
    """Give or withdraw consent; the same again changes nothing.

    Raises:
        PurposeUnknown, RulesNeeded (the rules cannot be withdrawn from alone), RulesChanged.
    """
    known = next((one for one in PURPOSES if one == purpose), None)
    if known is None:
        raise PurposeUnknown
    version = _rules_version(caller, granted, rules_version, at) if known == "rules" else 0

    def decide(_: bool) -> tuple[Writes, Consent]:
        now, number = store.consent(caller.program, caller.member, known)
        if (now.granted, now.rules_version) == (granted, version) and (number or not granted):
            return Writes(), now
        member = own(caller)
        new = Consent(known, granted, clock.render(at), version)
        fact = "member.consent_given" if granted else "member.consent_withdrawn"
        happened = Happened(fact, at, _actor(caller), {"purpose": known, "rules_version": version})
        rules = store.MemberItem.rules.set(version if known == "rules" else member.rules)
        writes = store.changed(member, happened, rules)
        writes += store.consented(caller.member, caller.program, new, number + 1)
        return writes, new

    return transact(decide)


def _checked(changes: Changes, program: Program, at: datetime) -> dict[str, str | None]:
    wanted: dict[str, str | None] = {}
    for name, value in changes.items():
        if isinstance(value, date):
            today = clock.local_date(at, program.zone)
            wanted[name] = model.checked_birthday(value, today, f"/{name}")
        elif value is not None and name in _NAMES:
            wanted[name] = model.tidy(value, f"/{name}")
        else:
            wanted[name] = value
    if "language" in wanted and wanted["language"] not in program.languages:
        raise InvalidFields(fields=(FieldError("/language", "not_one_of"),))
    return wanted


def _replace_contact(now: Person, challenge: Challenge, at: datetime) -> tuple[Writes, Person]:
    member, kind = now.member, model.CONTACTS[challenge.channel]
    before: str | None = getattr(now.profile, kind)
    owner = store.owner(member.program, kind, challenge.address)
    if owner == member.member:
        return Writes(), now
    if owner is not None:
        raise AddressTaken
    happened = Happened("member.contact_changed", at, f"member:{member.member}", {"fields": [kind]})
    writes = store.changed(member, happened)
    writes += store.profiled(member, {kind: challenge.address})
    writes += store.claimed(member.program, kind, challenge.address, member.member)
    if before is not None:
        writes += store.released(member.program, kind, before, member.member)
    told = msgspec.structs.replace(now.profile, **{kind: challenge.address})
    program = in_force(member.program, at)
    writes += occasions.completed(program, member.member, now.profile, told, at)
    return writes, Person(member, told)


def _rules_version(caller: MemberCaller, granted: bool, accepted: int | None, at: datetime) -> int:
    if not granted:
        raise RulesNeeded
    version = in_force(caller.program, at).version
    if accepted is None:
        raise InvalidFields(fields=(FieldError("/rules_version", "required"),))
    if accepted != version:
        raise RulesChanged(rules_version=version)
    return version


def _actor(caller: MemberCaller) -> str:
    return f"member:{caller.member}"
