"""All of a new member at once, however they came: by themselves, by a partner, by an import."""

from collections.abc import Iterable

import msgspec

from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import service as ledger
from chalicelib.members import birthdays, names, store, store_birthdays, store_names
from chalicelib.members.model import CARD, Consent, Happened, Member, Profile
from chalicelib.programs.model import Program


def entered(
    program: Program,
    member: Member,
    told: Profile,
    consents: Iterable[Consent],
    happened: Happened,
    partner_card: str = "",
) -> Writes:
    """The member with profile, journal, empty account and first decisions, found by their names;
    what is unique of them becomes theirs, if it is nobody's.

    ``partner_card`` is the number of a partner's own card, of which the profile keeps the hash.
    """
    name, member_id = program.id, member.member
    if partner_card:
        hashed = store.hashed(name, CARD, partner_card)
        told = msgspec.structs.replace(told, partner_card=hashed)
    due = birthdays.next_due(program, told.birthday, happened.at)
    writes = store.created(member, told, happened, due)
    writes += store_birthdays.waited(name, member_id, "", due, happened.at)
    tokens = names.tokens(told.given_name, told.family_name)
    writes += store_names.renamed(name, member_id, (), tokens)
    for kind, value in told.unique.items():
        writes += store.claimed(name, kind, value, member_id)
    for card in filter(None, (member.card_number, partner_card)):
        writes += store.claimed(name, CARD, card, member_id)
    for consent in consents:
        writes += store.consented(member_id, name, consent, 1)
    writes += ledger.opened(name, member_id)
    return writes
