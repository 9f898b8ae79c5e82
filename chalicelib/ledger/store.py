"""How accounts, entries, holds and pending awards are stored and read."""

from collections.abc import Iterable

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.facts import Image
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import (
    IntAttribute,
    Item,
    OnceTextAttribute,
    PackedAttribute,
)
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.model import (
    Account,
    Cause,
    Entry,
    LedgerLawBroken,
    Lot,
    Movement,
    Part,
    Reason,
)

HEAD = "HEAD"


class HeadItem(Item):
    """An account's head, at most 1 KB."""

    version = IntAttribute()
    balance = IntAttribute()
    held = IntAttribute()
    pending = IntAttribute()
    debt = IntAttribute()
    lots: PackedAttribute[tuple[Lot, ...]] = PackedAttribute(tuple[Lot, ...])
    once: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...])
    closed = BooleanAttribute(null=True)
    renewed = UnicodeAttribute(null=True)


class EntryBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What only an explanation or a recalculation needs of an entry, packed."""

    parts: tuple[Part, ...]
    movements: tuple[Movement, ...]
    cause: Cause
    contra: str = ""
    once: tuple[str, ...] = ()
    reverses: int | None = None


class EntryItem(Item):
    """One entry; put once."""

    at = UnicodeAttribute()
    kind = UnicodeAttribute()
    points = IntAttribute()
    balance = IntAttribute()
    program_version = IntAttribute()
    body: OnceTextAttribute[EntryBody] = OnceTextAttribute(EntryBody)
    """Text until upgrade 1 has been over the table (docs/operations/upgrade.md)."""


def body_of(image: Image) -> EntryBody:
    """The body of an entry as the table's stream tells it."""
    return EntryItem.body.deserialize(image["body"])


class HoldItem(Item):
    """Points set aside. ``state`` leaves ``open`` once, by a condition, and ``captured`` at most
    once, for ``refunded``.
    """

    state = UnicodeAttribute()
    points = IntAttribute()
    lots: PackedAttribute[tuple[Lot, ...]] = PackedAttribute(tuple[Lot, ...])
    placed = IntAttribute()
    """Entry that placed it."""
    resolved = IntAttribute(null=True)
    """Entry that captured or released it."""
    owner = UnicodeAttribute(null=True)
    """What the points are for, e.g. ``order:<id>``: it alone ends the hold. Null: staff do."""
    refunded = IntAttribute(null=True)
    """Entry by which captured points came back."""


class PendingItem(Item):
    """An award that is announced and not yet confirmed. ``state`` leaves ``open`` once."""

    state = UnicodeAttribute()
    points = IntAttribute()
    reason: PackedAttribute[Reason] = PackedAttribute(Reason)
    announced = IntAttribute()
    resolved = IntAttribute(null=True)
    due = UnicodeAttribute(null=True)
    """Local day from which it is confirmed by itself; null: somebody confirms it."""
    issuer = UnicodeAttribute(null=True)
    """The partner whose points these are; null: the program's."""

    @property
    def award(self) -> str:
        """Its id."""
        return str(self.sk).partition("#")[2]


class ReversalItem(Item):
    """Guard of an entry's one reversal."""

    by = IntAttribute()


def pending(program: str, member: str) -> Iterable[PendingItem]:
    """All awards that were ever announced to a member; strong reads."""
    return PendingItem.below(keys.member(program, member), "PEND#", strong=True)


def read(program: str, member: str, *, strong: bool) -> Account | None:
    """An account's head: 0.5 read units, 1 when ``strong``.

    Raises:
        LedgerLawBroken: what is stored does not keep the law.
    """
    item = HeadItem.find(keys.member(program, member), HEAD, strong=strong)
    if item is None:
        return None
    account = account_of(item, program, member)
    if account.balance != account.open_points + account.held - account.debt:
        raise LedgerLawBroken(f"stored head of {program}/{member} at version {account.version}")
    return account


def account_of(item: HeadItem, program: str, member: str) -> Account:
    """The value of a stored head, whether or not it keeps the law."""
    return Account(
        program,
        member,
        item.version,
        item.balance,
        item.held,
        item.pending,
        item.debt,
        item.lots,
        item.once,
        bool(item.closed),
        item.renewed or "",
    )


def entry(program: str, member: str, seq: int, *, strong: bool) -> Entry | None:
    """One entry, or nothing."""
    item = EntryItem.find(keys.member(program, member), entry_key(seq), strong=strong)
    return from_item(item, program, member) if item else None


def entries_after(program: str, member: str, seq: int) -> Iterable[Entry]:
    """Entries younger than ``seq``, oldest first; strong, because law depends on it."""
    items = EntryItem.below(
        keys.member(program, member), "E#", after=entry_key(seq) if seq else None, strong=True
    )
    return (from_item(item, program, member) for item in items)


def entry_key(seq: int) -> str:
    """Sort key of an entry."""
    return keys.numbered("E", seq)


def from_item(item: EntryItem, program: str, member: str) -> Entry:
    """The value of a stored entry."""
    body = item.body
    return Entry(
        program=program,
        member=member,
        seq=int(item.sk[2:]),
        at=item.at,
        kind=item.kind,
        points=item.points,
        balance=item.balance,
        parts=body.parts,
        movements=body.movements,
        cause=body.cause,
        program_version=item.program_version,
        contra=body.contra,
        once=body.once,
        reverses=body.reverses,
    )


def open_head(program: str, member: str) -> Writes:
    """The empty head of a new member."""
    return Writes().put_new(_head_item(Account(program, member)))


def post(before: Account, after: Account, posted: Iterable[Entry]) -> Writes:
    """Head and entries together: the head moves on only from the version that was read."""
    entries = tuple(posted)
    _refuse_gap(before, after, entries)
    item = _head_item(after)
    writes = Writes().update(
        item,
        [
            HeadItem.version.set(after.version),
            HeadItem.balance.set(after.balance),
            HeadItem.held.set(after.held),
            HeadItem.pending.set(after.pending),
            HeadItem.debt.set(after.debt),
            HeadItem.lots.set(after.lots),
            HeadItem.once.set(after.once),
            *([HeadItem.closed.set(True)] if after.closed else []),
            *([HeadItem.renewed.set(after.renewed)] if after.renewed else []),
        ],
        HeadItem.version == before.version,
    )
    for new in entries:
        writes.put_new(_entry_item(new))
    return writes


def unchanged(account: Account) -> Writes:
    """Let everything depend on nothing having been posted since an account was read."""
    return Writes().check(_head_item(account), HeadItem.version == account.version)


def _refuse_gap(before: Account, after: Account, entries: tuple[Entry, ...]) -> None:
    seqs = [new.seq for new in entries]
    if seqs != list(range(before.version + 1, after.version + 1)):
        raise LedgerLawBroken(
            f"entries {seqs} do not lead from {before.version} to {after.version}"
        )
    if before.balance + sum(new.points for new in entries) != after.balance:
        raise LedgerLawBroken(f"entries do not sum up to the balance of {after}")


def _head_item(account: Account) -> HeadItem:
    return HeadItem(
        keys.member(account.program, account.member),
        HEAD,
        version=account.version,
        balance=account.balance,
        held=account.held,
        pending=account.pending,
        debt=account.debt,
        lots=account.lots,
        once=account.once,
        renewed=account.renewed or None,
    )


def _entry_item(new: Entry) -> EntryItem:
    return EntryItem(
        keys.member(new.program, new.member),
        entry_key(new.seq),
        at=new.at,
        kind=new.kind,
        points=new.points,
        balance=new.balance,
        program_version=new.program_version,
        body=EntryBody(new.parts, new.movements, new.cause, new.contra, new.once, new.reverses),
    )
