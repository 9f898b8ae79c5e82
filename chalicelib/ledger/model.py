"""The values of the ledger and the law that every change of points keeps.

All amounts are whole points. A lot is points that burn together: one burn date, one issuer, one
use class. Calendar days are days in the program's zone; a lot can be spent through the end of its
burn date. A sliding lot's is never before the day to which the member's last activity renewed the
account, so that activity moves all of them by one field of the head; :func:`last_day` tells it.

The law, asserted by :func:`apply` for every change, in production too:

1. balance = open lots + held points - debt
2. new balance = old balance + the movements' sum (open + held - debt)
3. nothing is below zero, and while there is debt no lot is open
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

NEVER = "9999-12-31"
SLIDING = "~"
"""Begins the ``burns`` of lots that activity renews."""
BURN = "points.burnt"
MERGE = "lots.merged"
MAX_LOTS = 28
"""Keeps the head within 1 KB, whatever the names in it."""
Bucket = Literal["open", "held", "debt", "pending", "excused", "moved"]


class LedgerLawBroken(Exception):
    """A change would break the law. A defect of ours; the change is refused and nothing is
    stored.
    """


class Lot(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Points that burn together."""

    burns: str
    """ISO date of the last day on which they can be spent, after :data:`SLIDING` where activity
    makes it later; :data:`NEVER` if they do not burn.
    """
    issuer: str
    """Who gave them and settles them: a partner's id, or empty for the program itself."""
    use: str
    """What they may be spent on; empty for anything."""
    points: int


class Movement(msgspec.Struct, frozen=True, array_like=True):
    """A signed change of one bucket.

    Two buckets are notes that change nothing: ``excused``, points of a reversed award that had
    burnt; ``moved``, the lot from which the points of the next movement came.
    """

    bucket: Bucket
    points: int
    burns: str = NEVER
    issuer: str = ""
    use: str = ""

    @property
    def lot(self) -> Lot:
        """The lot this moves points into or out of, with the points moved."""
        return Lot(self.burns, self.issuer, self.use, self.points)


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why points moved: a code whose sentence stands in the catalogues, and its inputs."""

    code: str
    params: dict[str, str] = {}
    names: dict[str, str] = {}
    """What it is about, as people called it then, by language: the sentence's ``{name}``."""


RULE = "rule"
"""Code of the reason that an earning rule gives."""


def by_rule(program: str, version: int, rule: str) -> Reason:
    """The reason of points that a rule gave; its name is looked up when somebody reads it."""
    return Reason(RULE, {"program": program, "version": str(version), "rule": rule})


class Part(msgspec.Struct, frozen=True):
    """One line of an explanation: so many points for this reason."""

    points: int
    reason: Reason


class Cause(msgspec.Struct, frozen=True):
    """What made an entry: kind, the thing it refers to, who acted, and their own words."""

    kind: str
    ref: str
    actor: str
    note: str = ""
    asked: str = ""
    """Who asked for it, where the actor is the second person who approved it."""


class Award(msgspec.Struct, frozen=True):
    """Points to credit. ``once`` names an award that a member can have only once."""

    points: int
    reason: Reason
    once: str = ""


class Account(msgspec.Struct, frozen=True):
    """The head of one member's ledger, as of its version."""

    program: str
    member: str
    version: int = 0
    balance: int = 0
    held: int = 0
    pending: int = 0
    debt: int = 0
    lots: tuple[Lot, ...] = ()
    once: tuple[str, ...] = ()
    closed: bool = False
    """Its member is erased: nothing new is posted, and what is held ends without opening lots."""
    renewed: str = ""
    """ISO date to which the last activity renewed sliding lots; empty: there was none."""

    @property
    def open_points(self) -> int:
        """Points in open lots, whether or not their day has passed."""
        return sum(lot.points for lot in self.lots)

    def available(self, today: date) -> int:
        """Points that can be spent today: open lots that have not burnt."""
        return sum(lot.points for lot in self.lots if self.last_day(lot) >= today.isoformat())

    def last_day(self, lot: Lot | Movement) -> str:
        """ISO date of the last day on which points of a lot can be spent."""
        return last_day(lot.burns, self.renewed)

    def soonest(self, lots: Iterable[Lot]) -> list[Lot]:
        """Lots in the order in which they burn, which is that of spending."""
        return sorted(lots, key=lambda lot: (self.last_day(lot), lot))


def last_day(burns: str, renewed: str) -> str:
    """The last day of a lot whose account was renewed to a day."""
    return max(burns[1:], renewed) if burns.startswith(SLIDING) else burns


class Entry(msgspec.Struct, frozen=True):
    """One line of the ledger: written once, never changed."""

    program: str
    member: str
    seq: int
    at: str
    kind: str
    points: int
    """Change of the balance."""
    balance: int
    """Balance after."""
    parts: tuple[Part, ...]
    movements: tuple[Movement, ...]
    cause: Cause
    program_version: int
    contra: str = ""
    """Where the points came from or went: issuer, burn, gift, charity, adjustment."""
    once: tuple[str, ...] = ()
    reverses: int | None = None
    """The entry that this one takes back."""

    def change_of(self, bucket: Bucket) -> int:
        """What the entry did to one bucket."""
        return _sum(self.movements, bucket)


def worth(movements: Iterable[Movement]) -> int:
    """What movements do to the balance: open + held - debt."""
    sign = {"open": 1, "held": 1, "debt": -1, "pending": 0, "excused": 0, "moved": 0}
    return sum(sign[movement.bucket] * movement.points for movement in movements)


def apply(account: Account, movements: Iterable[Movement], once: tuple[str, ...]) -> Account:
    """The account after one entry with these movements, at the next version.

    Raises:
        LedgerLawBroken: the law would not hold afterwards.
    """
    moved = tuple(movements)
    after = msgspec.structs.replace(
        account,
        version=account.version + 1,
        balance=account.balance + worth(moved),
        held=account.held + _sum(moved, "held"),
        pending=account.pending + _sum(moved, "pending"),
        debt=account.debt + _sum(moved, "debt"),
        lots=_lots(account.lots, moved),
        once=once,
    )
    check_law(after)
    return after


def check_law(account: Account) -> None:
    """Raise LedgerLawBroken unless the account keeps the law (see the module's text)."""
    figures = (account.held, account.pending, account.debt, *(lot.points for lot in account.lots))
    if account.balance != account.open_points + account.held - account.debt:
        raise LedgerLawBroken(f"balance {account.balance} is not open + held - debt: {account}")
    if any(figure < 0 for figure in figures):
        raise LedgerLawBroken(f"something is below zero: {account}")
    if account.debt and account.lots:
        raise LedgerLawBroken(f"open lots beside debt: {account}")


def compaction(lots: Iterable[Lot]) -> tuple[Movement, ...]:
    """Movements that bring the number of open lots below :data:`MAX_LOTS`, where that can be done.

    Neighbours of one issuer and use become one lot with the later burn date: rounding favours the
    member.
    """
    kept = sorted(lots)
    movements: list[Movement] = []
    while len(kept) >= MAX_LOTS:
        pair = _latest_pair(kept)
        if pair is None:
            break
        earlier, later = pair
        movements += [
            Movement("open", -earlier.points, earlier.burns, earlier.issuer, earlier.use),
            Movement("open", earlier.points, later.burns, later.issuer, later.use),
        ]
        kept = list(_lots(tuple(kept), movements[-2:]))
    return tuple(movements)


def _latest_pair(lots: list[Lot]) -> tuple[Lot, Lot] | None:
    # From the far end: what burns last is least likely to be near its date when the dates are
    # merged.
    for later in reversed(lots):
        same = [lot for lot in lots if _kin(lot) == _kin(later)]
        before = [lot for lot in same if lot.burns < later.burns]
        if before and later.burns != NEVER:
            return max(before), later
    return None


def _kin(lot: Lot) -> tuple[str, str, bool]:
    return lot.issuer, lot.use, lot.burns.startswith(SLIDING)


def _lots(lots: tuple[Lot, ...], movements: Iterable[Movement]) -> tuple[Lot, ...]:
    points = {(lot.burns, lot.issuer, lot.use): lot.points for lot in lots}
    for movement in movements:
        if movement.bucket == "open":
            key = (movement.burns, movement.issuer, movement.use)
            points[key] = points.get(key, 0) + movement.points
    return tuple(Lot(*key, amount) for key, amount in sorted(points.items()) if amount)


def _sum(movements: Iterable[Movement], bucket: Bucket) -> int:
    return sum(movement.points for movement in movements if movement.bucket == bucket)
