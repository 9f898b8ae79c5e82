"""Joining: all of a new member at once, by a proved address (CB-6, AQ-4, GC-5, RG-6)."""

from datetime import date, datetime

import msgspec

from chalicelib.kernel import clock
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.table.writes import Writes
from chalicelib.members import card, model, newcomers, occasions
from chalicelib.members.errors import MembershipNeeded, RulesChanged
from chalicelib.members.model import Consent, Gender, Happened, Marketing, Member, Profile, Purpose
from chalicelib.members.store_codes import Challenge
from chalicelib.programs.model import Program
from chalicelib.programs.service import forget, in_force


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says who wants to become a member."""

    kind: str
    accept_rules: int | None
    language: str
    consents: tuple[Marketing, ...] = ()
    given_name: str | None = None
    family_name: str | None = None
    birthday: date | None = None
    gender: Gender | None = None
    city: str | None = None
    ids: Ids


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """By what somebody comes in."""

    contacts: dict[str, str]
    """Proved addresses, by their fields of the profile."""
    partner_card: str = ""
    """Number of a partner's own card that is to lead to them, too."""
    enrolled_by: str = ""
    """``partner:…``; empty: they join by themselves."""
    within: str = ""
    """What leads to the wish in the request, for refusals."""


def join(challenge: Challenge, joining: Joining | None, at: datetime) -> tuple[Writes, Member]:
    """A new member for a proved address.

    Raises:
        MembershipNeeded: nobody asked to join.
        RulesChanged, InvalidFields: as :func:`admit`.
    """
    program = in_force(challenge.program, at)
    if joining is None:
        raise MembershipNeeded(rules_version=program.version)
    contacts = {model.CONTACTS[challenge.channel]: challenge.address}
    return admit(program, joining, Entry(contacts=contacts, within="/join"), at)


def admit(program: Program, joining: Joining, entry: Entry, at: datetime) -> tuple[Writes, Member]:
    """A new member.

    Rules that are not public cannot be accepted before sign-in (AL-1): there ``accept_rules`` may
    be missing, and the member accepts later.

    Raises:
        RulesChanged: another version of the rules is in force.
        InvalidFields: the program takes no such kind or language, or a field cannot be.
    """
    _check(program, joining, entry.within, at)
    told = _profile(joining, entry, clock.local_date(at, program.zone))
    member = Member(
        program=program.id,
        member=joining.ids.new(),
        kind=joining.kind,
        status=program.kinds[joining.kind].joins,
        session_version=1,
        language=joining.language,
        card_number=card.new_number(joining.ids),
        joined_at=clock.render(at),
        journal=1,
        rules=joining.accept_rules or 0,
    )
    happened = _joined(member, joining, entry, at)
    consents = _consents(joining, at)
    writes = newcomers.entered(program, member, told, consents, happened, entry.partner_card)
    writes += occasions.joined(program, member.member, at)
    writes += occasions.completed(program, member.member, Profile(), told, at)
    return writes, member


def _check(program: Program, joining: Joining, within: str, at: datetime) -> None:
    wrong = [
        FieldError(f"{within}/{field}", "not_one_of")
        for field, value, known in (
            ("kind", joining.kind, tuple(program.kinds)),
            ("language", joining.language, program.languages),
        )
        if value not in known
    ]
    if joining.accept_rules is None and program.rules_public:
        wrong.append(FieldError(f"{within}/accept_rules", "required"))
    if wrong:
        raise InvalidFields(fields=tuple(wrong))
    if joining.accept_rules in (None, program.version):
        return
    # A process may know of a new version a few seconds late; nobody is refused for that.
    forget(program.id)
    version = in_force(program.id, at).version
    if joining.accept_rules != version:
        raise RulesChanged(rules_version=version)


def _profile(joining: Joining, entry: Entry, today: date) -> Profile:
    def tidy(text: str | None, field: str) -> str | None:
        return None if text is None else model.tidy(text, f"{entry.within}/{field}")

    def day(birthday: date | None) -> str | None:
        pointer = f"{entry.within}/birthday"
        return None if birthday is None else model.checked_birthday(birthday, today, pointer)

    return Profile(
        given_name=tidy(joining.given_name, "given_name"),
        family_name=tidy(joining.family_name, "family_name"),
        birthday=day(joining.birthday),
        gender=joining.gender,
        city=tidy(joining.city, "city"),
        phone=entry.contacts.get("phone"),
        email=entry.contacts.get("email"),
    )


def _consents(joining: Joining, at: datetime) -> list[Consent]:
    when = clock.render(at)
    purposes: list[Purpose] = list(dict.fromkeys(joining.consents))
    given = [Consent(purpose, True, when) for purpose in purposes]
    if joining.accept_rules is not None:
        given.append(Consent("rules", True, when, joining.accept_rules))
    return given


def _joined(member: Member, joining: Joining, entry: Entry, at: datetime) -> Happened:
    data: dict[str, str | int | list[str]] = {
        "kind": member.kind,
        "status": member.status,
        "language": member.language,
        "rules_version": member.rules,
        "consents": list(dict.fromkeys(joining.consents)),
    }
    return Happened("member.joined", at, entry.enrolled_by or f"member:{member.member}", data)
