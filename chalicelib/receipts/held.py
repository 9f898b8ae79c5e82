"""Points that a quote holds for a member: set aside, freed by its receipt, given back in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.clock import render
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.observability import kept
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import holds, purchases, spending
from chalicelib.ledger import service as ledger
from chalicelib.ledger import store as ledger_store
from chalicelib.ledger.model import Cause, Reason
from chalicelib.ledger.posting import Book
from chalicelib.members.model import Member
from chalicelib.programs.service import in_force
from chalicelib.receipts import store_quotes
from chalicelib.receipts.errors import QuoteOver, QuoteUnknown, ReceiptDiffers
from chalicelib.receipts.store_quotes import OPEN, QuoteItem

FOR_RECEIPT = Reason("quote_spent")
GIVEN_BACK = Reason("quote_over")
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Held:
    """A quote and its hold, both open."""

    quote: QuoteItem
    hold: ledger_store.HoldItem

    def let_go(self, book: Book, actor: str) -> Writes:
        """Free the points within an open book; the quote is spent with it."""
        cause = Cause("hold.released", self.quote.quote, actor)
        writes = purchases.let_go(book, self.hold, cause, FOR_RECEIPT)
        writes += store_quotes.ended(self.quote, "spent")
        return writes


@dataclass(frozen=True, slots=True)
class Wish:
    """So many points are to be held for so long, for one quote."""

    quote: str
    """Its id, derived from the request."""
    content: str
    points: int
    minutes: int


def hold(caller: PartnerCaller, member: Member, wish: Wish, actor: str, at: datetime) -> QuoteItem:
    """Set points aside for a quote; the same request again renders the same.

    Raises:
        ReceiptDiffers: the request's id came with other content.
        NotEnoughPoints, AccountClosed.
    """
    program = member.program

    def decide(_: bool) -> tuple[Writes, QuoteItem]:
        found = store_quotes.find(program, wish.quote)
        if found is not None:
            if found.content != wish.content:
                raise ReceiptDiffers
            return Writes(), found
        account = ledger.account(program, member.member, strong=True)
        document = in_force(program, at)
        owner = f"quote:{wish.quote}"
        cause = Cause("hold.placed", wish.quote, actor)
        posted = holds.place(account, wish.quote, wish.points, cause, document, at, owner=owner)
        made = store_quotes.new(
            program,
            wish.quote,
            partner=caller.partner,
            member=member.member,
            content=wish.content,
            points=wish.points,
            until=render(at + timedelta(minutes=wish.minutes)),
        )
        writes = posted.writes
        writes += store_quotes.held(made)
        return writes, made

    return transact(decide)


def find(program: str, partner: str, quote: str, member: str) -> Held:
    """A quote that a receipt of the same partner and member may spend. Strong reads.

    Raises:
        QuoteUnknown, QuoteOver.
    """
    found = _known(program, partner, quote)
    if found.member != member:
        raise QuoteUnknown
    return _open(found)


def release(caller: PartnerCaller, quote: str, actor: str, at: datetime) -> QuoteItem:
    """Give the points of a quote back before its time; again changes nothing.

    Raises:
        QuoteUnknown: this partner made no such quote.
        QuoteOver: its points were spent.
    """

    def decide(_: bool) -> tuple[Writes, QuoteItem]:
        found = _known(caller.program, caller.partner, quote)
        if found.state == "released":
            return Writes(), found
        return _released(_open(found), actor, at), found

    return transact(decide)


def end_due(at: datetime) -> int:
    """Give back what quotes hold whose time is over; how many there were."""
    due = store_quotes.due(render(at))
    return len(kept(due, lambda one: _end(one.program, one.quote, at), "quote"))


def _end(program: str, quote: str, at: datetime) -> bool:
    def decide(_: bool) -> tuple[Writes, bool]:
        found = store_quotes.find(program, quote)
        if found is None or found.state != OPEN:
            return Writes(), False
        return _released(_open(found), SYSTEM, at), True

    return transact(decide)


def _released(held: Held, actor: str, at: datetime) -> Writes:
    quote, document = held.quote, in_force(held.quote.program, at)
    account = ledger.account(quote.program, quote.member, strong=True)
    cause = Cause("hold.released", quote.quote, actor)
    posted = holds.resolve(account, held.hold, "released", cause, document, at, reason=GIVEN_BACK)
    writes = posted.writes
    writes += store_quotes.ended(quote, "released")
    return writes


def _known(program: str, partner: str, quote: str) -> QuoteItem:
    found = store_quotes.find(program, quote)
    if found is None or found.partner != partner:
        raise QuoteUnknown
    return found


def _open(found: QuoteItem) -> Held:
    held = spending.find(found.program, found.member, found.quote)
    if found.state != OPEN or held is None or held.state != holds.OPEN:
        raise QuoteOver
    return Held(found, held)
