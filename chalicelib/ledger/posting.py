"""From an account to its next entries: every way in which points change, as writes to commit.

Whatever else happens, lots whose last day is over burn first, by an entry of their own in the same
transaction, so that a late burn-off job can never let burnt points be spent.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.agenda.service import arm
from chalicelib.kernel.clock import day_begins, local_date, render
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import earned, rules, store
from chalicelib.ledger.model import (
    BURN,
    MERGE,
    NEVER,
    SLIDING,
    Account,
    Award,
    Cause,
    Entry,
    LedgerLawBroken,
    Lot,
    Movement,
    Part,
    Reason,
    apply,
    compaction,
    worth,
)
from chalicelib.programs.burning import Activity
from chalicelib.programs.model import Inactive, Program, burn_date

SYSTEM = "system"
BURN_OFF = "ledger.burn_off"
ANNOUNCED = "ledger.announced"
"""What stands in the agenda for a member's account."""
BY_HAND = Reason("adjustment")
BY_STAFF = (earned.AWARDS, "adjustment")
"""Where points came from or went that staff may take back entry by entry."""


class AccountClosed(Conflict):
    """The member is erased; their account takes nothing any more."""

    code = "account_closed"


class NotReversible(Conflict):
    """Only awards and adjustments are reversed; holds, burn-offs and reversals have their own
    ends.
    """

    code = "entry_not_reversible"


@dataclass(frozen=True, slots=True)
class Posting:
    """One or more entries ready to commit together with what caused them."""

    account: Account
    """The account afterwards."""
    entries: tuple[Entry, ...]
    writes: Writes

    @property
    def entry(self) -> Entry:
        """The entry of the cause itself; a burn-off may stand before or after it."""
        own = [entry for entry in self.entries if entry.kind not in (BURN, MERGE)]
        return (own or self.entries)[-1]


class Book:
    """An account opened for posting at one instant, under one program version."""

    def __init__(
        self, account: Account, program: Program, at: datetime, *, ending: bool = False
    ) -> None:
        """Burns what is due, and merges lots where there are too many to keep apart.

        Raises:
            AccountClosed: unless this is the ``ending`` of something begun before.
        """
        if account.closed and not ending:
            raise AccountClosed
        self.before = account
        self.account = account
        self.program = program
        self.at = at
        self.today = local_date(at, program.zone)
        self.entries: list[Entry] = []
        self.promised: set[str] = set()
        """Local days on which something announced is to be credited."""
        self.burn()
        merged = compaction(self.account.lots)
        if merged:
            self.enter(MERGE, merged, Cause(MERGE, "", SYSTEM), [])

    @property
    def grace_end(self) -> date:
        """Until when points that the club gives back can be spent, if they burnt meanwhile."""
        return self.today + timedelta(days=self.program.burn.grace_days)

    def burn(self) -> None:
        """Add an entry that burns what is due, if anything is."""
        due = rules.burn(self.account, self.today)
        if due:
            burnt = [Part(worth(due), Reason("burnt"))]
            self.enter(BURN, due, Cause(BURN, "", SYSTEM), burnt, contra="burn")

    def lot(self, points: int, issuer: str = "", burns: str = "") -> Lot:
        """A lot from the program itself or from a partner. It burns then, or if nothing is said as
        if it were earned today.
        """
        policy = self.program.burn
        due = burn_date(policy, self.today)
        slides = SLIDING if isinstance(policy, Inactive) else ""
        return Lot(burns or (slides + due.isoformat() if due else NEVER), issuer, "", points)

    def renew(self, activity: Activity, day: date | None = None) -> None:
        """The member did something, today or on an earlier ``day``: where the program says that it
        counts, what has not burnt lives from that day on. An entry of this book must follow.
        """
        policy = self.program.burn
        if not isinstance(policy, Inactive) or activity not in policy.renewed_by:
            return
        until = burn_date(policy, min(day or self.today, self.today))
        if until and until.isoformat() > self.account.renewed:
            self.account = msgspec.structs.replace(self.account, renewed=until.isoformat())

    def enter(
        self,
        kind: str,
        movements: Iterable[Movement],
        cause: Cause,
        parts: Iterable[Part],
        *,
        contra: str = "",
        once: Sequence[str] = (),
        forget: Sequence[str] = (),
        reverses: int | None = None,
    ) -> None:
        """Add one entry. ``once`` marks are set, ``forget`` marks are lifted."""
        moved, told = tuple(movements), tuple(parts)
        if sum(part.points for part in told) != worth(moved):
            raise LedgerLawBroken(f"the reasons of {cause} do not add up to its points")
        marks = tuple(mark for mark in self.account.once if mark not in forget) + tuple(once)
        after = apply(self.account, moved, marks)
        self.entries.append(
            Entry(
                program=after.program,
                member=after.member,
                seq=after.version,
                at=render(self.at),
                kind=kind,
                points=worth(moved),
                balance=after.balance,
                parts=told,
                movements=moved,
                cause=cause,
                program_version=self.program.version,
                contra=contra,
                once=tuple(once),
                reverses=reverses,
            )
        )
        self.account = after

    def shut(self) -> None:
        """Nothing is posted to this account any more."""
        self.account = msgspec.structs.replace(self.account, closed=True)

    @property
    def count(self) -> int:
        """How many items change: the head, the entries, and what becomes due."""
        return 1 + len(self.entries) + len(self._due())

    def close(self, more: Writes | None = None) -> Posting:
        """The posting: head and entries, and what must commit with them."""
        writes = store.post(self.before, self.account, self.entries)
        writes += self._due()
        if more is not None:
            writes += more
        return Posting(self.account, tuple(self.entries), writes)

    def _due(self) -> Writes:
        writes, member = Writes(), self.account.member
        soonest, armed = (
            rules.next_day(one, self.program.burn.warn_days, self.today)
            for one in (self.account, self.before)
        )
        if soonest and (armed is None or soonest < armed):
            # One is written already for what comes first; a later day is found when that has come.
            due = day_begins(soonest, self.program.zone)
            writes += arm(self.program.id, BURN_OFF, member, due, self.at)
        for day in sorted(self.promised):
            begins = day_begins(date.fromisoformat(day), self.program.zone)
            writes += arm(self.program.id, ANNOUNCED, member, begins, self.at)
        return writes


def award(
    account: Account,
    awards: Sequence[Award],
    cause: Cause,
    program: Program,
    at: datetime,
    marks: Sequence[str] = (),
    *,
    activity: Activity | None = None,
) -> Posting:
    """Credit awards as one entry; one that the member can have only once and has is left out.

    ``marks`` are set on the account with it, whatever it brings, and lifted by its reversal.
    ``activity`` is what the member did to get them.
    """
    book = Book(account, program, at)
    if activity:
        book.renew(activity)
    given = [one for one in awards if not (one.once and one.once in account.once)]
    points = sum(one.points for one in given)
    new = [*(one.once for one in given if one.once), *marks]
    book.enter(
        cause.kind,
        rules.credit(book.account, [book.lot(points)] if points else []),
        cause,
        [Part(one.points, one.reason) for one in given],
        contra=earned.AWARDS,
        once=[mark for mark in dict.fromkeys(new) if mark not in account.once],
    )
    return book.close(earned.awarded(program, account.member, points, at))


def adjust(
    account: Account,
    points: int,
    cause: Cause,
    program: Program,
    at: datetime,
    *,
    reason: Reason = BY_HAND,
    burns: str = "",
) -> Posting:
    """Staff add points, or take available ones; ``reason`` is what the member reads.

    ``burns`` is the last day of points that are added, as ISO date; empty: as the program has it.

    Raises:
        rules.NotEnoughPoints: fewer are available than are to be taken.
    """
    book = Book(account, program, at)
    if points > 0:
        movements = rules.credit(book.account, [book.lot(points, burns=burns)])
    else:
        movements = rules.spend(book.account, -points, book.today)
    book.enter(cause.kind, movements, cause, [Part(points, reason)], contra="adjustment")
    return book.close()


def reverse(
    account: Account,
    entry: Entry,
    burnt_since: Iterable[Entry],
    cause: Cause,
    program: Program,
    at: datetime,
    *,
    contras: Container[str] = BY_STAFF,
) -> Posting:
    """Take an award back, or give points back that an adjustment took; once per entry.

    ``burnt_since`` are the entries after ``entry``: what burnt unspent meanwhile is not owed.
    ``contras`` name what may be taken back: a room that keeps books of its own over its entries
    takes back those alone, and nobody else does.

    Raises:
        NotReversible: the entry is of another kind.
    """
    book = Book(account, program, at)
    if entry.reverses is not None or entry.contra not in contras:
        raise NotReversible
    own = tuple(move.lot for move in entry.movements if move.bucket == "open" and move.points > 0)
    if entry.points >= 0:
        burnt = rules.burnt_unspent((*burnt_since, *book.entries), own)
        movements = rules.take_back(book.account, own, entry.points, burnt)
    else:
        lots = rules.spent_lots(entry.movements)
        movements = rules.give_back(book.account, lots, book.today, book.grace_end)
    book.enter(
        cause.kind,
        movements,
        cause,
        _undone(entry, movements),
        contra=entry.contra,
        forget=entry.once,
        reverses=entry.seq,
    )
    pk = keys.member(account.program, account.member)
    guard = store.ReversalItem(pk, reversal_key(entry.seq), by=book.account.version)
    more = Writes().put_new(guard)
    more += earned.taken_back(entry, at)
    return book.close(more)


def burn_off(account: Account, program: Program, at: datetime) -> Posting | None:
    """Burn what is due; nothing when nothing is."""
    book = Book(account, program, at, ending=True)
    return book.close() if book.entries else None


def write_off(account: Account, cause: Cause, program: Program, at: datetime) -> Posting:
    """Close an account for good: open lots go, debt is forgiven, nothing is posted any more.

    Holds and pending awards end by themselves, without opening lots.
    """
    book = Book(account, program, at)
    movements = [
        Movement("open", -lot.points, lot.burns, lot.issuer, lot.use) for lot in book.account.lots
    ]
    if book.account.debt:
        movements.append(Movement("debt", -book.account.debt))
    told = [Part(worth(movements), Reason("erased"))]
    book.enter(cause.kind, movements, cause, told, contra="burn")
    book.shut()
    return book.close()


def _undone(entry: Entry, movements: Iterable[Movement]) -> list[Part]:
    """The reasons of a reversal: those of the entry, less what had burnt and is not owed."""
    parts = [Part(-part.points, part.reason) for part in entry.parts]
    excused = sum(move.points for move in movements if move.bucket == "excused")
    return [*parts, Part(excused, Reason("already_burnt"))] if excused else parts


def reversal_key(seq: int) -> str:
    """Sort key of the guard of an entry's reversal."""
    return keys.numbered("REV", seq)
