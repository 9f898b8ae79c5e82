"""Holds and pending awards: two-step changes of points that resolve exactly once.

A hold moves lots aside, so that they can neither be spent nor burn; it is captured (spent) or
released (given back). A pending award is announced beside the balance; it is confirmed (credited)
or cancelled. Both ends carry conditions that exclude each other. What is spent on gifts goes on in
:mod:`chalicelib.ledger.spending`.
"""

from datetime import datetime
from typing import Literal

from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import earned, rules, store
from chalicelib.ledger.model import Account, Award, Cause, Movement, Part, Reason
from chalicelib.ledger.posting import Book, Posting
from chalicelib.programs.model import Program

OPEN = "open"
HoldEnd = Literal["captured", "released"]
PendingEnd = Literal["confirmed", "cancelled"]
PLACED = Reason("hold_placed")
_ENDED: dict[HoldEnd, Reason] = {
    "captured": Reason("hold_captured"),
    "released": Reason("hold_released"),
}


class HoldUnknown(NotFound):
    """This account has no such hold."""

    code = "hold_unknown"


class HoldResolved(Conflict):
    """The hold ended the other way."""

    code = "hold_resolved"


class HoldOwned(Conflict):
    """The hold belongs to something larger, such as an order, and ends with it."""

    code = "hold_owned"


class PendingUnknown(NotFound):
    """This account has no such pending award."""

    code = "pending_award_unknown"


class PendingResolved(Conflict):
    """The pending award ended the other way."""

    code = "pending_award_resolved"


def place(
    account: Account,
    hold: str,
    points: int,
    cause: Cause,
    program: Program,
    at: datetime,
    *,
    reason: Reason = PLACED,
    owner: str = "",
    spending: bool = False,
) -> Posting:
    """Set points aside under the id ``hold``; an ``owner`` (``order:<id>``) alone may end it.
    ``spending``: it is for something that the member chose, and counts as activity.

    Raises:
        rules.NotEnoughPoints: fewer are available.
    """
    book = Book(account, program, at)
    if spending:
        book.renew("spending")
    movements = rules.hold(book.account, points, book.today)
    book.enter(cause.kind, movements, cause, [Part(0, reason)])
    item = store.HoldItem(
        _pk(account),
        hold_key(hold),
        state=OPEN,
        points=points,
        lots=rules.held_lots(movements),
        placed=book.account.version,
        owner=owner or None,
    )
    return book.close(Writes().put_new(item))


def resolve(
    account: Account,
    hold: store.HoldItem,
    end: HoldEnd,
    cause: Cause,
    program: Program,
    at: datetime,
    *,
    reason: Reason | None = None,
    grace: bool = True,
) -> Posting:
    """End a hold. The caller has checked that it is open; the condition proves it.

    With ``grace``, as whenever the club gives points back, what is released and burnt meanwhile
    lives for the program's grace. A member who takes their own points back has none: what burnt
    meanwhile burns after the release, so that holding points never makes them live longer.
    """
    book = Book(account, program, at, ending=True)
    told = reason or _ENDED[end]
    if end == "captured":
        parts = [Part(-hold.points, told)]
        book.enter(cause.kind, rules.capture(hold.lots), cause, parts, contra="gift")
    elif account.closed:
        parts = [Part(-hold.points, Reason("erased"))]
        book.enter(cause.kind, rules.capture(hold.lots), cause, parts, contra="burn")
    else:
        parts = [Part(0, told)]
        grace_end = book.grace_end if grace else None
        movements = rules.release(book.account, hold.lots, book.today, grace_end)
        book.enter(cause.kind, movements, cause, parts)
    field = store.HoldItem
    ended = Writes().update(
        field(_pk(account), hold.sk),
        [field.state.set(end), field.resolved.set(book.account.version)],
        (field.state == OPEN) & (field.points == hold.points),
    )
    book.burn()
    return book.close(ended)


def announce(
    account: Account, award_id: str, award: Award, cause: Cause, program: Program, at: datetime
) -> Posting:
    """Announce points that something must still confirm."""
    book = Book(account, program, at)
    parts = [Part(0, award.reason)]
    book.enter(cause.kind, [Movement("pending", award.points)], cause, parts)
    item = store.PendingItem(
        _pk(account),
        pending_key(award_id),
        state=OPEN,
        points=award.points,
        reason=award.reason,
        announced=book.account.version,
    )
    return book.close(Writes().put_new(item))


def settle(
    account: Account,
    pending: store.PendingItem,
    end: PendingEnd,
    cause: Cause,
    program: Program,
    at: datetime,
) -> Posting:
    """End a pending award; confirmed points form a lot as of now."""
    book = Book(account, program, at, ending=end == "cancelled")
    movements = [Movement("pending", -pending.points)]
    if end == "confirmed":
        movements += rules.credit(book.account, [book.lot(pending.points, pending.issuer or "")])
        part = Part(pending.points, pending.reason)
    else:
        part = Part(0, Reason("pending_cancelled"))
    # Only a confirmed award can be reversed later, so only it names where its points came from; one
    # that came with a purchase goes back with its goods.
    given = "purchase" if pending.due else earned.AWARDS
    book.enter(cause.kind, movements, cause, [part], contra=given if end == "confirmed" else "")
    field = store.PendingItem
    ended = Writes().update(
        field(_pk(account), pending.sk),
        [field.state.set(end), field.resolved.set(book.account.version)],
        field.state == OPEN,
    )
    if end == "confirmed" and given == earned.AWARDS:
        ended += earned.awarded(program, account.member, pending.points, at)
    return book.close(ended)


def hold_key(hold: str) -> str:
    """Sort key of a hold."""
    return f"HOLD#{hold}"


def pending_key(award: str) -> str:
    """Sort key of a pending award."""
    return f"PEND#{award}"


def _pk(account: Account) -> str:
    return keys.member(account.program, account.member)
