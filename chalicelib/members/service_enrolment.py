"""Members whom partners enrol: in a webshop, at a terminal, by a bank's card (RG-6, EK-5, CB-6).

The partner has verified the contacts, and answers for it. Whoever is a member already stays who
they are, with all that is theirs as it was: their contacts are the natural id of an enrolment, and
the same request again is answered the same.
"""

from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import lookup, model, store
from chalicelib.members.errors import ContactsOfSeveral, TooManyEnrolments
from chalicelib.members.model import Member
from chalicelib.members.service_identify import Found, seen
from chalicelib.members.service_join import Entry, Joining, admit
from chalicelib.messages import addresses
from chalicelib.messages.model import Channel
from chalicelib.programs.service import in_force

NEWCOMERS = Limit("partner-enrolment", 1_000, timedelta(hours=1))
"""Enrolments by one credential of whom the club does not know: far more than the terminals of a
shop bring, far too few to find a club's members by trying phone numbers.
"""


class Contact(msgspec.Struct, frozen=True):
    """An address of somebody, of which the partner says whether it has verified it."""

    channel: Channel
    address: str
    verified: bool


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a partner's system wants to be a member."""

    contacts: tuple[Contact, ...]
    card_number: str | None
    joining: Joining


def enrol(caller: PartnerCaller, wanted: Enrolment, at: datetime) -> Found:
    """The member who has these contacts or this card; a new one when nobody has.

    Raises:
        InvalidFields: a contact is not verified, or cannot be; and as :func:`service_join.admit`.
        ContactsOfSeveral, TooManyEnrolments, RulesChanged.
    """
    entry = Entry(
        contacts=_proved(wanted.contacts),
        partner_card=_card(wanted.card_number),
        enrolled_by=f"partner:{caller.partner}/{caller.credential}",
    )
    known = _known(caller.program, entry)
    if known is None:
        _count(caller, at)
        known = _admitted(caller.program, wanted.joining, entry, at)
    return seen(known, at)


def _admitted(program: str, joining: Joining, entry: Entry, at: datetime) -> Member:
    def decide(_: bool) -> tuple[Writes, Member]:
        known = _known(program, entry)
        if known is not None:
            return Writes(), known
        return admit(in_force(program, at), joining, entry, at)

    return transact(decide)


def _known(program: str, entry: Entry) -> Member | None:
    """Whose the contacts and the card are; strong reads, at most four."""
    values = list(entry.contacts.items())
    if entry.partner_card:
        values.append((model.CARD, entry.partner_card))
    found = set(store.owners(program, values).values())
    if len(found) > 1:
        raise ContactsOfSeveral
    member = store.read(program, found.pop(), strong=True) if found else None
    # Who was erased between the two reads has left these contacts free.
    return None if member is None or member.status == "erased" else member


def _count(caller: PartnerCaller, at: datetime) -> None:
    """Counted before it is decided, so that nobody is looked for without being counted."""
    wait = NEWCOMERS.retry_after(caller.program, caller.credential, at)
    if wait:
        raise TooManyEnrolments(retry_after=wait)
    NEWCOMERS.count(caller.program, caller.credential, at)


def _proved(contacts: tuple[Contact, ...]) -> dict[str, str]:
    wrong: list[FieldError] = []
    proved: dict[str, str] = {}
    for place, one in enumerate(contacts):
        field = model.CONTACTS[one.channel]
        if field in proved:
            wrong.append(FieldError(f"/contacts/{place}/channel", "duplicate"))
        if not one.verified:
            wrong.append(FieldError(f"/contacts/{place}/verified", "not_verified"))
        try:
            pointer = f"/contacts/{place}/address"
            proved[field] = addresses.normalise(one.channel, one.address, pointer=pointer)
        except InvalidFields as refusal:
            wrong += refusal.fields
    if wrong:
        raise InvalidFields(fields=tuple(wrong))
    return proved


def _card(typed: str | None) -> str:
    return "" if typed is None else lookup.unique("card_number", typed, "/card_number")[1]
