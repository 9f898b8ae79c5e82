"""How points move: pure functions from an account to movements. Nothing here reads a clock or a
table.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from chalicelib.kernel.errors import Conflict
from chalicelib.ledger.model import BURN, MERGE, NEVER, Account, Entry, Lot, Movement


class NotEnoughPoints(Conflict):
    """The available points do not cover what is asked."""

    code = "not_enough_points"


LotKey = tuple[str, str, str]


def lot_key(of: Lot | Movement) -> LotKey:
    """What makes two lots the same: burn date, issuer, use class."""
    return of.burns, of.issuer, of.use


def credit(account: Account, lots: Iterable[Lot]) -> list[Movement]:
    """New points: debt is repaid first, the rest opens lots."""
    owed = account.debt
    movements: list[Movement] = []
    for lot in lots:
        repaid = min(owed, lot.points)
        owed -= repaid
        if repaid:
            movements.append(Movement("debt", -repaid))
        if lot.points > repaid:
            movements.append(_into(lot, lot.points - repaid))
    return movements


def spend(account: Account, points: int, today: date) -> list[Movement]:
    """Take points out of open lots, the soonest-burning first.

    Raises:
        NotEnoughPoints: fewer are available; debt closes spending altogether.
    """
    available = account.available(today)
    if account.debt or available < points:
        raise NotEnoughPoints(available=0 if account.debt else available, asked=points)
    usable = (lot for lot in account.lots if account.last_day(lot) >= today.isoformat())
    return _take(account, usable, points)


def hold(account: Account, points: int, today: date) -> list[Movement]:
    """Set points aside: out of open lots, into held ones. The balance stays."""
    taken = spend(account, points, today)
    return taken + [
        Movement("held", -move.points, move.burns, move.issuer, move.use) for move in taken
    ]


def held_lots(movements: Iterable[Movement]) -> tuple[Lot, ...]:
    """The lots that a hold's entry set aside."""
    return tuple(move.lot for move in movements if move.bucket == "held" and move.points > 0)


def capture(lots: Iterable[Lot]) -> list[Movement]:
    """A hold is used: the held lots are gone."""
    return [Movement("held", -lot.points, lot.burns, lot.issuer, lot.use) for lot in lots]


def parted(
    account: Account, lots: Iterable[Lot], points: int
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Held lots parted in two: the soonest-burning ``points`` of them, and the rest."""
    before = account.soonest(lots)
    first = _take(account, before, points)
    rest = tuple(lot for lot in _less(before, first) if lot.points)
    return spent_lots(first), rest


def give_back(
    account: Account, lots: Iterable[Lot], today: date, grace_end: date | None
) -> list[Movement]:
    """Points come back to their lots; one whose last day was over before ``today`` lives until
    ``grace_end``.

    A mark before the new lot tells which one its points came from. Without grace every lot keeps
    its day, and what is over has to :func:`burn` at once.
    """
    before = tuple(lots)
    until = grace_end.isoformat() if grace_end else None
    returned = [
        Lot(until, *lot_key(lot)[1:], lot.points)
        if until and account.last_day(lot) < today.isoformat()
        else lot
        for lot in before
    ]
    # Debt is repaid by the first ones; only the others open lots, in the same order.
    credited = credit(account, returned)
    opened = [move for move in credited if move.bucket == "open"]
    movements = [move for move in credited if move.bucket == "debt"]
    for lot, move in zip(before[len(before) - len(opened) :], opened, strict=True):
        if lot_key(lot) != lot_key(move):
            movements.append(Movement("moved", move.points, *lot_key(lot)))
        movements.append(move)
    return movements


def release(
    account: Account, lots: tuple[Lot, ...], today: date, grace_end: date | None
) -> list[Movement]:
    """A hold is given up: its points come back, as :func:`give_back` tells."""
    return capture(lots) + give_back(account, lots, today, grace_end)


def spent_lots(movements: Iterable[Movement]) -> tuple[Lot, ...]:
    """The lots that an entry took points from, with positive points."""
    return tuple(
        Lot(move.burns, move.issuer, move.use, -move.points)
        for move in movements
        if move.bucket == "open" and move.points < 0
    )


def take_back(
    account: Account, own: tuple[Lot, ...], points: int, burnt: dict[LotKey, int]
) -> list[Movement]:
    """An award of ``points`` is taken back: own lots first, then the soonest-burning; the rest is
    debt.

    ``burnt`` tells, by lot, how many points of its lots burnt unspent and were not yet excused:
    those the member never had the use of, so nothing is owed for them.
    """
    given: dict[LotKey, int] = {}
    for lot in own:
        given[lot_key(lot)] = given.get(lot_key(lot), 0) + lot.points
    excused = _excused(min(points, sum(given.values())), burnt)
    owed = points - sum(move.points for move in excused)
    first = [
        Lot(*lot_key(lot), min(lot.points, given[lot_key(lot)]))
        for lot in account.lots
        if lot_key(lot) in given
    ]
    taken = _take(account, first, min(owed, sum(lot.points for lot in first)))
    rest = _less(account.lots, taken)
    left = owed + sum(move.points for move in taken)
    others = _take(account, rest, min(left, sum(lot.points for lot in rest)))
    debt = left + sum(move.points for move in others)
    return excused + taken + others + ([Movement("debt", debt)] if debt else [])


def burnt_unspent(entries: Iterable[Entry], lots: Iterable[Lot]) -> dict[LotKey, int]:
    """How many points of these lots burnt in ``entries`` and were not excused by a reversal since.

    Points change their lot when lots are merged and when they come back with a grace period; the
    lots are followed to where their points went.
    """
    ours = {lot_key(lot) for lot in lots}
    left: dict[LotKey, int] = {}
    for entry in entries:
        _follow(entry, ours)
        for move in entry.movements:
            burnt = entry.kind == BURN and move.bucket == "open"
            if burnt or move.bucket == "excused":
                left[lot_key(move)] = left.get(lot_key(move), 0) - move.points
    return {key: points for key, points in left.items() if key in ours and points > 0}


def _excused(most: int, burnt: dict[LotKey, int]) -> list[Movement]:
    noted: list[Movement] = []
    for key, points in sorted(burnt.items()):
        part = min(most, points)
        most -= part
        if part:
            noted.append(Movement("excused", part, *key))
    return noted


def _follow(entry: Entry, ours: set[LotKey]) -> None:
    """Add the lots into which an entry moved points out of ``ours``."""
    for out, into in pairwise(entry.movements):
        left = out.bucket == "moved" or (entry.kind == MERGE and out.points < 0)
        if left and lot_key(out) in ours:
            ours.add(lot_key(into))


def next_day(account: Account, warn_days: Iterable[int], today: date) -> date | None:
    """The first day after ``today`` on which points have burnt or their burning is to be told of;
    None: nothing burns.
    """
    before = (-1, *warn_days)
    days = (last - timedelta(days=n) for last in burn_days(account) for n in before)
    return min((day for day in days if day > today), default=None)


def warned_of(
    account: Account, warn_days: Iterable[int], since: date, today: date
) -> list[tuple[date, int, int]]:
    """Of what burns a warning fell due in the days from ``since`` to ``today``: last day, how many
    days before it the warning was due (the latest, where several were missed), points.
    """
    found = []
    for last, points in burn_days(account).items():
        due = [n for n in warn_days if since <= last - timedelta(days=n) <= today <= last]
        if due:
            found.append((last, min(due), points))
    return found


def burn_days(account: Account) -> dict[date, int]:
    """The last days of an account's open points, and how many have that day."""
    found: dict[date, int] = {}
    for lot in account.lots:
        if lot.burns != NEVER:
            last = date.fromisoformat(account.last_day(lot))
            found[last] = found.get(last, 0) + lot.points
    return found


def burn(account: Account, today: date) -> list[Movement]:
    """Everything open whose last day is over."""
    return [
        Movement("open", -lot.points, lot.burns, lot.issuer, lot.use)
        for lot in account.lots
        if account.last_day(lot) < today.isoformat()
    ]


def _take(account: Account, lots: Iterable[Lot], points: int) -> list[Movement]:
    movements: list[Movement] = []
    for lot in account.soonest(lots):
        part = min(points, lot.points)
        points -= part
        if part:
            movements.append(_into(lot, -part))
    return movements


def _into(lot: Lot, points: int) -> Movement:
    return Movement("open", points, lot.burns, lot.issuer, lot.use)


def _less(lots: Iterable[Lot], taken: Iterable[Movement]) -> list[Lot]:
    gone = {lot_key(move): -move.points for move in taken}
    return [Lot(*lot_key(lot), lot.points - gone.get(lot_key(lot), 0)) for lot in lots]
