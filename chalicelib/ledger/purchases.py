"""Points of purchases: spent and earned by one entry, given and taken back in parts.

A receipt is posted into an open :class:`~chalicelib.ledger.posting.Book`, so that several of them
can be one commit. What a return takes back of an award comes from announced points first, then from
the award's own lots, then from the soonest-burning; the rest is debt, or forgiven, as the program
says. The order of the returns of a receipt makes no difference to the balance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import rules, store
from chalicelib.ledger.holds import OPEN, pending_key
from chalicelib.ledger.model import Account, Award, Cause, Entry, Lot, Movement, Part, Reason, apply
from chalicelib.ledger.model import worth as worth_of
from chalicelib.ledger.posting import Book
from chalicelib.ledger.rules import LotKey
from chalicelib.programs.burning import Activity

CONTRA = "purchase"


@dataclass(frozen=True, slots=True)
class Promise:
    """An award that is announced, and confirmed by itself on a day."""

    id: str
    award: Award
    due: str
    """Local day, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What a purchase or another event does to the points of its member."""

    cause: Cause
    spent: int = 0
    """Points that pay for it."""
    awards: Sequence[Award] = ()
    """Points that can be used at once."""
    promises: Sequence[Promise] = ()
    """Points that can be used later."""
    exchanged: Sequence[Part] = ()
    """Points that become something else at once, as positive numbers."""
    issuer: str = ""
    """The partner who gives the points and settles them; empty: the program."""
    marks: Sequence[str] = ()
    """Marks that the account gets with it."""
    activity: Activity | None = None
    """What the member did; None: it came without them."""
    day: date | None = None
    """When that was, as a local day; None: now."""


def enter(book: Book, deal: Deal) -> tuple[Entry, tuple[Lot, ...]]:
    """Add one entry; returns it and the lots that were spent. :func:`announced` goes with it.

    Raises:
        rules.NotEnoughPoints: fewer are available than are to be spent.
    """
    if deal.activity:
        book.renew(deal.activity, deal.day)
    earned = sum(award.points for award in deal.awards)
    spent = rules.spend(book.account, deal.spent, book.today) if deal.spent else []
    left = _then(book.account, spent)
    credited = rules.credit(left, [book.lot(earned, deal.issuer)]) if earned else []
    swapped = sum(part.points for part in deal.exchanged)
    gone = rules.spend(_then(left, credited), swapped, book.today) if swapped else []
    announced = sum(one.award.points for one in deal.promises)
    parts = [Part(-deal.spent, Reason("receipt_paid"))] if deal.spent else []
    parts += [Part(award.points, award.reason) for award in deal.awards]
    parts += [Part(0, one.award.reason) for one in deal.promises]
    parts += [Part(-part.points, part.reason) for part in deal.exchanged]
    later = [Movement("pending", announced)] if announced else []
    book.promised |= {one.due for one in deal.promises}
    book.enter(
        deal.cause.kind,
        [*spent, *credited, *gone, *later],
        deal.cause,
        parts,
        contra=CONTRA,
        once=[mark for mark in deal.marks if mark not in book.account.once],
    )
    return book.entries[-1], rules.spent_lots(spent)


@dataclass(frozen=True, slots=True)
class Comeback:
    """What a return does to the points of its member."""

    cause: Cause
    reverses: int
    """The receipt's own entry."""
    back: tuple[Lot, ...] = ()
    """Spent points that come back to these lots."""
    taken: int = 0
    """Points of the award that are taken back from the balance; below zero: given again."""
    again_burnt: int = 0
    """Points that are given again and had burnt: they are excused no more, and nothing else."""
    own: tuple[Lot, ...] = ()
    """The lots that the award opened."""
    burnt: Mapping[LotKey, int] | None = None
    """What burnt of them unspent and was not excused before."""
    unannounced: int = 0
    """Announced points that are not announced any more; below zero: announced again."""
    forgiven: bool = False
    """Whether what cannot be taken back is forgiven instead of owed."""
    recouped: int = 0
    """Of what comes back, points that make up for what earlier returns of the same purchase were
    forgiven."""
    forget: Sequence[str] = ()
    """Marks that the account loses with it."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What a return did to the points of its member."""

    entry: Entry
    excused: int
    """Points that had burnt and are not owed."""
    forgiven: int
    """Points that are forgiven, less those that made up for earlier ones."""


def come_back(book: Book, returned: Comeback) -> Undone:
    """Add one entry for goods that came back."""
    moves, parts = _given_again(book, returned)
    points = max(0, returned.taken) + returned.recouped
    taken: list[Movement] = []
    if points:
        middle = _then(book.account, moves)
        taken = rules.take_back(middle, returned.own, points, dict(returned.burnt or {}))
    excused = sum(move.points for move in taken if move.bucket == "excused")
    owed = sum(move.points for move in taken if move.bucket == "debt")
    parts += _told(-max(0, returned.taken), "award_returned")
    parts += _told(-returned.recouped, "award_corrected")
    parts += _told(excused, "already_burnt")
    if returned.forgiven:
        taken = [move for move in taken if move.bucket != "debt"]
        parts += _told(owed, "debt_forgiven")
    if returned.unannounced:
        taken.append(Movement("pending", -returned.unannounced))
        less = returned.unannounced > 0
        parts.append(Part(0, Reason("pending_cancelled" if less else "award_corrected")))
    cause = returned.cause
    book.enter(
        cause.kind,
        [*moves, *taken],
        cause,
        parts,
        contra=CONTRA,
        forget=returned.forget,
        reverses=returned.reverses,
    )
    forgiven = (owed if returned.forgiven else 0) - returned.recouped
    return Undone(book.entries[-1], excused - returned.again_burnt, forgiven)


def _given_again(book: Book, returned: Comeback) -> tuple[list[Movement], list[Part]]:
    """What a return gives: spent points to their lots, and what is more of the award."""
    moves = rules.give_back(book.account, returned.back, book.today, book.grace_end)
    parts = _told(worth_of(moves), "points_returned")
    again = max(0, -returned.taken)
    if again:
        moves += rules.credit(_then(book.account, moves), [book.lot(again)])
    if returned.again_burnt:
        # The reverse of what a return noted that took them: so they can be excused again.
        moves.append(Movement("excused", -returned.again_burnt, *rules.lot_key(returned.own[0])))
    parts += _told(again + returned.again_burnt, "award_corrected")
    parts += _told(-returned.again_burnt, "already_burnt")
    return moves, parts


def _told(points: int, code: str) -> list[Part]:
    return [Part(points, Reason(code))] if points else []


def promised(program: str, member: str, ids: Iterable[str]) -> list[store.PendingItem]:
    """Announced awards by their ids, whatever became of them. Strong reads."""
    pk = keys.member(program, member)
    found = (store.PendingItem.find(pk, pending_key(one), strong=True) for one in ids)
    return [item for item in found if item is not None]


def less_promised(item: store.PendingItem, points: int, by: int) -> Writes:
    """Announce so many points less, or below zero more; ``by`` is the entry that says so. Nothing
    left: it is over, until there is something again.
    """
    field = store.PendingItem
    left = item.points - points
    actions = [field.points.set(left)]
    if not left:
        actions += [field.state.set("cancelled"), field.resolved.set(by)]
    elif item.state != OPEN:
        actions += [field.state.set(OPEN), field.resolved.remove()]
    same = (field.state == item.state) & (field.points == item.points)
    return Writes().update(item, actions, same)


def let_go(book: Book, hold: store.HoldItem, cause: Cause, reason: Reason) -> Writes:
    """Release a hold within an open book, so that its points can be spent by the same commit."""
    movements = rules.release(book.account, hold.lots, book.today, book.grace_end)
    book.enter(cause.kind, movements, cause, [Part(0, reason)])
    field = store.HoldItem
    return Writes().update(
        field(hold.pk, hold.sk),
        [field.state.set("released"), field.resolved.set(book.account.version)],
        (field.state == OPEN) & (field.points == hold.points),
    )


def announced(entry: Entry, deal: Deal) -> Writes:
    """The awards that an entry announces, each to be confirmed on its day."""
    writes = Writes()
    pk = keys.member(entry.program, entry.member)
    for one in deal.promises:
        writes.put_new(
            store.PendingItem(
                pk,
                pending_key(one.id),
                state=OPEN,
                points=one.award.points,
                reason=one.award.reason,
                announced=entry.seq,
                due=one.due,
                issuer=deal.issuer or None,
            )
        )
    return writes


def _then(account: Account, movements: Sequence[Movement]) -> Account:
    return apply(account, movements, account.once) if movements else account
