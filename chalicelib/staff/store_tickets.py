"""How a sign-in of staff waits for its second factor."""

from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kernel import clock
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit
from chalicelib.staff.model import MOST_TICKET_TRIES

TICKET = "TICKET"


class Use(msgspec.Struct, frozen=True):
    """The session that a ticket was used for, once, and by which proof."""

    session: str
    proof: str
    """Keyed hash of the second factor as it was sent: the same again is the same request."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in whose first factor was right."""

    ticket: str
    staff: str
    session_version: int
    """The person's when the ticket was made: a sign-out everywhere voids it too."""
    issued_at: str
    expires_at: str
    tries: int = 0
    used: Use | None = None


class TicketItem(Item):
    """A ticket. ``ttl`` tidies up; reads decide by ``expires_at``."""

    staff = UnicodeAttribute()
    session_version = IntAttribute()
    issued_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    tries = IntAttribute(default=0)
    used: PackedAttribute[Use] = PackedAttribute(Use, null=True)
    ttl = IntAttribute()


def read(ticket: str, at: datetime) -> Ticket | None:
    """A ticket that has not run out, by a strong read."""
    item = TicketItem.find(keys.sign_in_ticket(ticket), TICKET, strong=True)
    if item is None or item.expires_at <= clock.render(at):
        return None
    values = {name: getattr(item, name) for name in Ticket.__struct_fields__ if name != "ticket"}
    return Ticket(ticket=ticket, **values)


def issued(new: Ticket) -> Writes:
    """Keep a new ticket, in the place of one that has run out if need be."""
    item = _item(new.ticket)
    for name in ("staff", "session_version", "issued_at", "expires_at"):
        setattr(item, name, getattr(new, name))
    item.ttl = int(clock.parse(new.expires_at).timestamp())
    free = TicketItem.pk.does_not_exist() | (TicketItem.expires_at <= new.issued_at)
    return Writes().put(item, free)


def take_try(ticket: str, at: datetime) -> bool:
    """Use up one try before the second factor is looked at; whether there was one left."""
    may = (TicketItem.tries < MOST_TICKET_TRIES) & (TicketItem.expires_at > clock.render(at))
    try:
        commit(Writes().update(_item(ticket), [TicketItem.tries.add(1)], may))
    except ConditionFailed:
        return False
    return True


def given_back(ticket: Ticket) -> Writes:
    """Return the try of a right second factor that changes nothing."""
    return Writes().update(_item(ticket.ticket), [TicketItem.tries.add(-1)], _is(ticket))


def used(ticket: Ticket, use: Use) -> Writes:
    """Use a ticket, once; its try is returned."""
    actions = [TicketItem.used.set(use), TicketItem.tries.add(-1)]
    unused = TicketItem.used.does_not_exist()
    return Writes().update(_item(ticket.ticket), actions, _is(ticket) & unused)


def _is(ticket: Ticket) -> Condition:
    return TicketItem.issued_at == ticket.issued_at


def _item(ticket: str) -> TicketItem:
    return TicketItem(keys.sign_in_ticket(ticket), TICKET)
