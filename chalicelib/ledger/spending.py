"""Points spent on something: at once or out of a hold, given back in part or in whole.

The lots that were spent stay written on the hold, so that a refund finds its way back to them.
What comes back here is given back by the club: what burnt meanwhile has the program's grace.
"""

from datetime import datetime

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import rules, store
from chalicelib.ledger.holds import OPEN, hold_key
from chalicelib.ledger.model import Account, Cause, Part, Reason, worth
from chalicelib.ledger.posting import Book, Posting
from chalicelib.programs.model import Program

CAPTURED = "captured"
CHARITY = "charity"
"""Where donated points went."""
REFUNDED = "refunded"


def find(program: str, member: str, hold: str, *, strong: bool = True) -> store.HoldItem | None:
    """A hold by its id, or nothing."""
    return store.HoldItem.find(keys.member(program, member), hold_key(hold), strong=strong)


def spend(
    account: Account,
    hold: str,
    points: int,
    cause: Cause,
    reason: Reason,
    program: Program,
    at: datetime,
    *,
    owner: str,
) -> Posting:
    """Take points at once, by one entry; the id ``hold`` keeps their lots for a refund.

    Raises:
        rules.NotEnoughPoints: fewer are available.
        posting.AccountClosed: the member is erased.
    """
    book = Book(account, program, at)
    book.renew("spending")
    movements = rules.spend(book.account, points, book.today)
    book.enter(cause.kind, movements, cause, [Part(-points, reason)], contra="gift")
    item = store.HoldItem(
        _pk(account),
        hold_key(hold),
        state=CAPTURED,
        points=points,
        lots=rules.spent_lots(movements),
        placed=book.account.version,
        resolved=book.account.version,
        owner=owner,
    )
    return book.close(Writes().put_new(item))


def donate(
    account: Account,
    points: int,
    cause: Cause,
    reason: Reason,
    program: Program,
    at: datetime,
) -> Posting:
    """Take points for a charity, by one entry. :func:`chalicelib.ledger.posting.reverse` finds
    their lots in it.

    Raises:
        rules.NotEnoughPoints: fewer are available.
        posting.AccountClosed: the member is erased.
    """
    book = Book(account, program, at)
    book.renew("spending")
    movements = rules.spend(book.account, points, book.today)
    book.enter(cause.kind, movements, cause, [Part(-points, reason)], contra=CHARITY)
    return book.close()


def shrink(
    account: Account,
    hold: store.HoldItem,
    points: int,
    cause: Cause,
    reason: Reason,
    program: Program,
    at: datetime,
) -> Posting:
    """Leave only ``points`` in an open hold, the soonest-burning ones; the others come back.

    ``points`` are more than none and fewer than are held.

    Raises:
        posting.AccountClosed: the member is erased; nothing can come back.
    """
    book = Book(account, program, at)
    kept, rest = rules.parted(book.account, hold.lots, points)
    movements = rules.release(book.account, rest, book.today, book.grace_end)
    book.enter(cause.kind, movements, cause, [Part(0, reason)])
    field = store.HoldItem
    left = Writes().update(
        field(_pk(account), hold.sk),
        [field.points.set(points), field.lots.set(kept)],
        (field.state == OPEN) & (field.points == hold.points),
    )
    return book.close(left)


def refund(
    account: Account,
    hold: store.HoldItem,
    cause: Cause,
    reason: Reason,
    program: Program,
    at: datetime,
) -> Posting:
    """Give spent points back to their lots; debt is repaid first.

    The caller has checked that the hold is captured; the condition proves it.

    Raises:
        posting.AccountClosed: the member is erased; nothing can come back.
    """
    book = Book(account, program, at)
    movements = rules.give_back(book.account, hold.lots, book.today, book.grace_end)
    parts = [Part(worth(movements), reason)]
    book.enter(cause.kind, movements, cause, parts, contra="gift", reverses=hold.resolved)
    field = store.HoldItem
    returned = Writes().update(
        field(_pk(account), hold.sk),
        [field.state.set(REFUNDED), field.refunded.set(book.account.version)],
        field.state == CAPTURED,
    )
    return book.close(returned)


def _pk(account: Account) -> str:
    return keys.member(account.program, account.member)
