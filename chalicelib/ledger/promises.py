"""Points that are announced for something of which another room keeps what it is.

The room's own item says whether the promise is open, and changes with each of these, so that it
ends once. Nobody but the room ends it.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.ledger import earned, rules
from chalicelib.ledger.model import Account, Cause, Movement, Part, Reason
from chalicelib.ledger.posting import Book, Posting
from chalicelib.programs.model import Program

CANCELLED = Reason("pending_cancelled")


def promise(
    account: Account, points: int, reason: Reason, cause: Cause, program: Program, at: datetime
) -> Posting:
    """Announce points beside the balance."""
    book = Book(account, program, at)
    book.enter(cause.kind, [Movement("pending", points)], cause, [Part(0, reason)])
    return book.close()


def keep(
    account: Account, parts: Sequence[Part], cause: Cause, program: Program, at: datetime
) -> Posting:
    """Credit what was announced, for these reasons; it forms a lot as of now."""
    book = Book(account, program, at)
    points = sum(part.points for part in parts)
    movements = [Movement("pending", -points)]
    movements += rules.credit(book.account, [book.lot(points)])
    book.enter(cause.kind, movements, cause, parts, contra=earned.AWARDS)
    return book.close(earned.awarded(program, account.member, points, at))


def drop(account: Account, points: int, cause: Cause, program: Program, at: datetime) -> Posting:
    """Take an announcement back; also on an account that is closed."""
    book = Book(account, program, at, ending=True)
    book.enter(cause.kind, [Movement("pending", -points)], cause, [Part(0, CANCELLED)])
    return book.close()
