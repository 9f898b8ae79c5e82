"""The ledger's use cases: what staff do to one account by hand, and what every account can be
asked.

Rooms that credit or take points as part of something larger use :mod:`posting` and :mod:`holds`
and commit its writes with their own.
"""

from collections.abc import Callable, Container, Iterable
from datetime import date, datetime
from typing import TypeVar

import msgspec

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import holds, posting, store
from chalicelib.ledger.approvals import refuse_alone
from chalicelib.ledger.audited import Order, noted
from chalicelib.ledger.model import Account, Award, Cause, Entry, Lot, Reason, check_law, last_day
from chalicelib.ledger.posting import Posting, award
from chalicelib.ledger.rules import NotEnoughPoints
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

T = TypeVar("T", store.HoldItem, store.PendingItem)

__all__ = ["Order", "award", "close", "opened"]


class AccountUnknown(NotFound):
    """No such member in this program."""

    code = "account_unknown"


class EntryUnknown(NotFound):
    """The account has no entry of this number."""

    code = "entry_unknown"


class EntryReversed(Conflict):
    """The entry was taken back before, by another request."""

    code = "entry_reversed"


class Proof(msgspec.Struct, frozen=True):
    """What the entries of an account add up to, against what its head says."""

    entries: int
    entry_sum: int
    balance: int
    agrees: bool


def opened(program: str, member: str) -> Writes:
    """The empty account of a new member, to commit with the member."""
    return store.open_head(program, member)


def account(program: str, member: str, *, strong: bool = False) -> Account:
    """A member's account; raises AccountUnknown, and never on a read that may be old."""
    found = store.read(program, member, strong=strong)
    if found is None and not strong:
        found = store.read(program, member, strong=True)
    if found is None:
        raise AccountUnknown
    return found


def entry(program: str, member: str, seq: int, *, strong: bool = False) -> Entry:
    """One entry; raises EntryUnknown, and never on a read that may be old."""
    found = store.entry(program, member, seq, strong=strong)
    if found is None and not strong:
        found = store.entry(program, member, seq, strong=True)
    if found is None:
        raise EntryUnknown
    return found


def adjust(order: Order, points: int, call: guards.Request) -> Entry:
    """Add points by hand, or take available ones (GC-2: nothing leaves as money or to another
    member).
    """

    def post(head: Account, program: Program) -> Posting:
        refuse_alone(program, points)
        return posting.adjust(head, points, _cause("points.adjusted", "", order), program, order.at)

    return _guarded(order, call, post)


def reverse_entry(order: Order, seq: int, call: guards.Request) -> Entry:
    """Take back what an entry did, once.

    Raises:
        EntryUnknown, posting.NotReversible, EntryReversed.
        ApprovalNeeded: the entry moved so many points that a second person must agree.
    """

    def post(head: Account, program: Program) -> Posting:
        target = entry(order.program, order.member, seq, strong=True)
        cause = _cause("points.reversed", str(seq), order)
        posted = reversal(head, target, cause, program, order.at)
        refuse_alone(program, target.points)
        return posted

    return _guarded(order, call, post)


def reversal(
    head: Account,
    target: Entry,
    cause: Cause,
    program: Program,
    at: datetime,
    *,
    contras: Container[str] = posting.BY_STAFF,
) -> Posting:
    """The posting that takes ``target`` back; raises EntryReversed when that was done before."""
    pk = keys.member(head.program, head.member)
    if store.ReversalItem.find(pk, posting.reversal_key(target.seq), strong=True):
        raise EntryReversed
    own = [move.lot for move in target.movements if move.bucket == "open" and move.points > 0]
    burnt = burnt_since(head, own, target.seq, local_date(at, program.zone))
    return posting.reverse(head, target, burnt, cause, program, at, contras=contras)


def place_hold(order: Order, hold: str, points: int, call: guards.Request) -> Entry:
    """Set points aside under a new id."""

    def post(head: Account, program: Program) -> Posting:
        refuse_alone(program, points)
        cause = _cause("hold.placed", hold, order)
        return holds.place(head, hold, points, cause, program, order.at)

    return _guarded(order, call, post)


def resolve_hold(order: Order, hold: str, end: holds.HoldEnd) -> Entry:
    """Capture or release a hold; the same end again renders the original entry.

    Raises:
        holds.HoldUnknown, holds.HoldOwned, holds.HoldResolved.
    """

    def find() -> store.HoldItem:
        found = store.HoldItem.find(_pk(order), holds.hold_key(hold), strong=True)
        if found is None:
            raise holds.HoldUnknown
        if found.owner:
            raise holds.HoldOwned
        if found.state not in (holds.OPEN, end):
            raise holds.HoldResolved(state=found.state)
        return found

    def post(head: Account, program: Program, found: store.HoldItem) -> Posting:
        cause = _cause(f"hold.{end}", hold, order)
        return holds.resolve(head, found, end, cause, program, order.at)

    return _resolved(order, find, post)


def announce(order: Order, award_id: str, points: int, call: guards.Request) -> Entry:
    """Announce an award that is credited only when it is confirmed."""

    def post(head: Account, program: Program) -> Posting:
        refuse_alone(program, points)
        cause = _cause("award.announced", award_id, order)
        promised = Award(points, Reason("adjustment"))
        return holds.announce(head, award_id, promised, cause, program, order.at)

    return _guarded(order, call, post)


def settle_pending(order: Order, award_id: str, end: holds.PendingEnd) -> Entry:
    """Confirm or cancel a pending award; the same end again renders the original entry.

    Raises:
        holds.PendingUnknown, holds.PendingResolved.
    """

    def find() -> store.PendingItem:
        found = store.PendingItem.find(_pk(order), holds.pending_key(award_id), strong=True)
        if found is None:
            raise holds.PendingUnknown
        if found.state not in (holds.OPEN, end):
            raise holds.PendingResolved(state=found.state)
        return found

    def post(head: Account, program: Program, found: store.PendingItem) -> Posting:
        cause = _cause(f"award.{end}", award_id, order)
        return holds.settle(head, found, end, cause, program, order.at)

    return _resolved(order, find, post)


def confirm_due(order: Order, award_id: str) -> bool:
    """Credit an announced award whose day has come; whether it was. Again changes nothing."""

    def decide(_: bool) -> tuple[Writes, bool]:
        head, program = _open(order, strong=True)
        found = store.PendingItem.find(_pk(order), holds.pending_key(award_id), strong=True)
        today = local_date(order.at, program.zone).isoformat()
        if found is None or found.state != holds.OPEN or not found.due or found.due > today:
            return Writes(), False
        end: holds.PendingEnd = "cancelled" if head.closed else "confirmed"
        cause = _cause(f"award.{end}", award_id, order)
        return holds.settle(head, found, end, cause, program, order.at).writes, True

    return transact(decide)


def burn_off(order: Order) -> Account:
    """Burn what is due on one account now; doing it again changes nothing."""

    def decide(strong: bool) -> tuple[Writes, Account]:
        head, program = _open(order, strong=strong)
        posted = posting.burn_off(head, program, order.at)
        return (noted(posted, order).writes, posted.account) if posted else (Writes(), head)

    return transact(decide)


def close(head: Account, cause: Cause, program: Program, at: datetime) -> Posting:
    """Write an account off and close it for good, on erasure."""
    return posting.write_off(head, cause, program, at)


def prove(program: str, member: str) -> Proof:
    """Read every entry of an account and compare with its head; repairs nothing."""
    head = account(program, member, strong=True)
    total = count = 0
    unbroken = True
    for one in store.entries_after(program, member, 0):
        if one.seq > head.version:
            break
        count += 1
        total += one.points
        unbroken &= one.seq == count and one.balance == total
    check_law(head)
    agrees = unbroken and total == head.balance and count == head.version
    return Proof(count, total, head.balance, agrees)


def _guarded(
    order: Order, call: guards.Request, post: Callable[[Account, Program], Posting]
) -> Entry:
    """One posting per guarded call; the same call again renders its entry."""
    pk = _pk(order)

    def decide(strong: bool) -> tuple[Writes, Entry]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), entry(order.program, order.member, int(done), strong=True)
        head, program = _open(order, strong=strong)
        try:
            posted = post(head, program)
        except NotEnoughPoints:
            if strong:
                raise
            posted = post(*_open(order, strong=True))  # nobody is refused on a read that may be old
        guards.remember(posted.writes, pk, call, str(posted.entry.seq))
        return noted(posted, order).writes, posted.entry

    return transact(decide)


def _resolved(
    order: Order, find: Callable[[], T], post: Callable[[Account, Program, T], Posting]
) -> Entry:
    """The end of a two-step change; where it ended so before, its original entry."""

    def decide(_: bool) -> tuple[Writes, Entry]:
        # The account first: what is still open when it is read later is part of that account.
        head, program = _open(order, strong=True)
        found = find()
        if found.state != holds.OPEN:
            return Writes(), entry(order.program, order.member, found.resolved or 0, strong=True)
        posted = noted(post(head, program, found), order)
        return posted.writes, posted.entry

    return transact(decide)


def _open(order: Order, *, strong: bool) -> tuple[Account, Program]:
    head = account(order.program, order.member, strong=strong)
    return head, in_force(order.program, order.at)


def burnt_since(head: Account, own: Iterable[Lot], seq: int, today: date) -> tuple[Entry, ...]:
    """The entries after ``seq`` in which points of these lots can have burnt.

    Only when the last day of one of the lots is over, whatever renewed it, or the lot is gone, can
    something of it have burnt, there or in another lot: the history is read then.
    """
    if {lot.burns for lot in own} <= {
        lot.burns for lot in head.lots if last_day(lot.burns, "") >= today.isoformat()
    }:
        return ()
    return tuple(store.entries_after(head.program, head.member, seq))


def _cause(kind: str, ref: str, order: Order) -> Cause:
    return Cause(kind, ref, order.actor, order.note)


def _pk(order: Order) -> str:
    return keys.member(order.program, order.member)
