"""Taking calls, and the card on which staff see a member at a glance (RG-14, AB-2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.kernel.errors import NotFound, TooMany
from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import commit
from chalicelib.ledger import service as ledger
from chalicelib.ledger import store as ledger_store
from chalicelib.ledger.model import Account, Entry
from chalicelib.members import lookup, service_notes, service_staff, store_notes
from chalicelib.members import store as members
from chalicelib.members.model import PURPOSES, Consent, Note
from chalicelib.members.service_notes import NoteOrder
from chalicelib.members.service_profile import Person
from chalicelib.rewards import store_orders as orders
from chalicelib.rewards.model_orders import Order
from chalicelib.tags import store as tags
from chalicelib.tags.store import OwnItem

NEWEST = 5
"""How many of each list a card shows; the lists themselves have the rest."""
BY_PERSON = Limit("calls", 300, timedelta(hours=1))
"""More than anybody can take, and too few to try a club's numbers."""


class CallerUnknown(NotFound):
    """No member has this number: look for them by name or card, or let them join."""

    code = "caller_unknown"


class TooManyCalls(TooMany):
    """This person of the staff took too many calls within an hour."""

    code = "too_many_calls"


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody of the staff may see on a card, by their rights; who it is they always see."""

    ledger: bool
    notes: bool
    items: bool
    orders: bool


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call that somebody of the staff takes."""

    program: str
    phone: str
    """As the telephone system gives it, with ``+`` and country code."""
    line: str
    """On which line it came in; empty: not told."""
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A member at a glance; None: what the reader has no right to see."""

    person: Person
    account: Account | None
    entries: list[Entry] | None
    """The newest first, as the other lists."""
    notes: list[Note] | None
    items: list[OwnItem] | None
    orders: list[Order] | None
    consents: list[Consent]


def sight(caller: StaffCaller, program: str) -> Sight:
    """What the rights of a caller let them see on a card."""

    def may(*rights: str) -> bool:
        return any(caller.may(right, program) for right in rights)

    return Sight(
        ledger=may("ledger.read"),
        notes=may("members.note", "members.read"),
        items=may("tags.read"),
        orders=may("orders.read"),
    )


def take(order: CallOrder, seen: Sight, ids: Ids, call: guards.Request) -> tuple[Note, Card]:
    """Note a call with its caller, and open their card; the same call again notes nothing again.

    Raises:
        CallerUnknown, InvalidFields: that is no number at all.
        TooManyCalls.
        StatusNotPossible, NoteUnknown: the member, or this very note, was deleted meanwhile.
    """
    wait = BY_PERSON.take(order.program, order.actor, order.at)
    if wait:
        raise TooManyCalls(retry_after=wait)
    member = lookup.owner(order.program, "phone", order.phone, "/phone")
    if member is None:
        act = audit.Act(
            program=order.program,
            actor=order.actor,
            action="call.unknown",
            subject=audit.subject(program=order.program),
            at=order.at,
        )
        commit(audit.put(act))
        raise CallerUnknown
    noted = service_notes.write(
        NoteOrder(
            program=order.program,
            member=member,
            topic="call",
            text="",
            line=order.line,
            author=order.actor,
            at=order.at,
        ),
        ids,
        call,
    )
    return noted, card(order.program, member, seen)


def card(program: str, member: str, seen: Sight) -> Card:
    """What a call is usually about, as far as the reader may see it; raises MemberUnknown."""
    return Card(
        person=service_staff.find(program, member),
        account=ledger.account(program, member, strong=True) if seen.ledger else None,
        entries=_entries(program, member) if seen.ledger else None,
        notes=_notes(program, member) if seen.notes else None,
        items=list(tags.own_items(program, member, None, NEWEST)) if seen.items else None,
        orders=_orders(program, member) if seen.orders else None,
        consents=[members.consent(program, member, purpose)[0] for purpose in PURPOSES],
    )


def _entries(program: str, member: str) -> list[Entry]:
    pk = keys.member(program, member)
    found = ledger_store.EntryItem.below(pk, "E#", newest_first=True, limit=NEWEST)
    return [ledger_store.from_item(item, program, member) for item in found]


def _notes(program: str, member: str) -> list[Note]:
    found = store_notes.newest(program, member, None, NEWEST)
    return [store_notes.from_item(item) for item in found]


def _orders(program: str, member: str) -> list[Order]:
    found = orders.of_member(program, member, None, NEWEST)
    return [item.value() for item in islice(found, NEWEST)]
