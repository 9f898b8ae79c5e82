"""How receipts, counters, budgets, claims and held quotes are stored and read."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.counters import store as counters
from chalicelib.counters.store import MonthItem, month_key
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import (
    CompressedAttribute,
    IntAttribute,
    Item,
    PackedAttribute,
    together,
)
from chalicelib.kernel.table.writes import Writes
from chalicelib.receipts.counting import Month, Tally, Tier
from chalicelib.receipts.model import Given, Happening, Returned, Shares, SoldLine

RECEIPT = "RECEIPT"
TALLY = "TALLY"
CLAIM = "CLAIM"
SHARDS = 16
"""Of the budget of one rule; each member draws on one first."""


class Sold(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receipt says, apart from who posted it."""

    number: str
    at: str
    lines: tuple[SoldLine, ...] = ()
    shares: tuple[Shares, ...] = ()
    till: str = ""
    channel: str = ""
    payment: tuple[str, ...] = ()
    """Means of payment."""
    event: Happening | None = None
    """What happened, where it is no purchase."""
    identified: str = ""
    language: str = ""
    past: bool = False
    """Whether it is of the club's past: counted, and nothing else."""


class ReceiptItem(Item):
    """A receipt, or another event: its own guard, what it says, what it brought, what came back."""

    version = IntAttribute()
    """Counts its changes."""
    partner = UnicodeAttribute()
    outlet = UnicodeAttribute()
    content = UnicodeAttribute()
    """Hash of the request: the same again is the same receipt."""
    member = UnicodeAttribute(null=True)
    """Whose it is; null: nobody's yet."""
    posted_at = UnicodeAttribute()
    sold: CompressedAttribute[Sold] = CompressedAttribute(Sold)
    given: CompressedAttribute[Given | None] = CompressedAttribute(Given, null=True)
    """Null: nobody's yet."""
    returns: PackedAttribute[tuple[Returned, ...]] = PackedAttribute(
        tuple[Returned, ...], default=()
    )

    @property
    def receipt(self) -> str:
        """Its id."""
        return str(self.pk).rpartition("#")[2]

    @property
    def program(self) -> str:
        """Its program."""
        return str(self.pk).partition("#")[0]


class TallyItem(Item):
    """What one member has for ever: stamps, tiers, counters and caps without an end."""

    version = IntAttribute()
    tally: PackedAttribute[Tally] = PackedAttribute(Tally)
    forgotten = BooleanAttribute(null=True)
    """Whether the receipts of an erased member say nothing personal any more."""


class ProposalItem(Item):
    """That a level is proposed for a member; deleted when staff decided, or when it is not any
    more.
    """

    tier = UnicodeAttribute()
    assigned = UnicodeAttribute()
    """The level that the member is on; empty: none."""
    by = UnicodeAttribute()
    bought = IntAttribute()
    """What the purchases came to that it follows from, in what the levels measure."""

    @property
    def since(self) -> str:
        """Since when it is proposed."""
        return str(self.sk).split("#")[1]

    @property
    def member(self) -> str:
        """For whom."""
        return str(self.sk).split("#")[2]


class BudgetItem(Item):
    """What all members got of one rule, as one shard of it knows."""

    given = IntAttribute()


class ClaimItem(Item):
    """Leads from a receipt's code to the receipt that is nobody's yet."""

    receipt = UnicodeAttribute()


class Counted(msgspec.Struct, frozen=True):
    """A member's counters as they were read, with their versions; 0: not there yet."""

    tally: Tally
    tally_version: int
    months: Mapping[str, tuple[Month, int]]

    def is_new(self, name: str, month: Month) -> bool:
        """Whether a month is another than was read."""
        return month != self.month(name)

    def month(self, name: str) -> Month:
        """A month as it was read; empty: not there yet."""
        return self.months.get(name, (Month(), 0))[0]

    def version_of(self, name: str) -> int:
        """The version of a month that was read; 0: not there yet."""
        return self.months.get(name, (Month(), 0))[1]

    def changes(self, tally: Tally, months: Mapping[str, Month]) -> int:
        """How many items :func:`count` changes."""
        return (tally != self.tally) + sum(self.is_new(name, one) for name, one in months.items())


def receipt_id(*natural: str) -> str:
    """The id that a receipt has by nature: 20 symbols of a hash of what makes it unique."""
    return hashlib.sha256("\x1f".join(natural).encode()).hexdigest()[:24]


def find(program: str, receipt: str, *, strong: bool = True) -> ReceiptItem | None:
    """A receipt, or nothing."""
    return ReceiptItem.find(keys.receipt(program, receipt), RECEIPT, strong=strong)


def several(program: str, receipts: Iterable[str]) -> dict[str, ReceiptItem]:
    """Those of the receipts that there are, by id; strong reads."""
    places = [(keys.receipt(program, one), RECEIPT) for one in dict.fromkeys(receipts)]
    return {item.receipt: item for item in ReceiptItem.several(places)}


def counted(program: str, member: str, months: Iterable[str]) -> Counted:
    """A member's tally and some of their months; one strong read, a unit for each."""
    pk = keys.member(program, member)
    wanted = [(MonthItem, pk, month_key(month)) for month in months]
    found = together([(TallyItem, pk, TALLY), *wanted])
    tally = found.pop((pk, TALLY), None)
    counted_ = {
        item.sk.removeprefix("MONTH#"): (item.month, item.version)
        for item in found.values()
        if isinstance(item, MonthItem)
    }
    if not isinstance(tally, TallyItem):
        return Counted(Tally(), 0, counted_)
    return Counted(tally.tally, tally.version, counted_)


def is_forgotten(program: str, member: str) -> bool:
    """Whether an erased member's receipts were all looked through; a strong read."""
    found = TallyItem.find(keys.member(program, member), TALLY, strong=True)
    return bool(found and found.forgotten)


def forgotten(program: str, member: str) -> Writes:
    """An erased member's receipts are looked through; nothing is counted of them any more, and no
    level is proposed.
    """
    pk = keys.member(program, member)
    found = TallyItem.find(pk, TALLY, strong=True)
    if found is None:
        new = TallyItem(pk, TALLY, version=1, tally=Tally(), forgotten=True)
        return Writes().put_new(new)
    writes = Writes().update(
        found, [TallyItem.forgotten.set(True)], TallyItem.version == found.version
    )
    if found.tally.proposed:
        writes += proposed_no_more(program, member, found.tally.proposed)
    return writes


def count(
    program: str, member: str, before: Counted, tally: Tally, changed: Mapping[str, Month]
) -> Writes:
    """The counters after some purchases, if nobody changed them meanwhile."""
    pk = keys.member(program, member)
    writes = Writes()
    for name, month in changed.items():
        if before.is_new(name, month):
            writes += counters.put(program, member, name, month, before.version_of(name))
    if tally != before.tally:
        version = before.tally_version
        kept = TallyItem(pk, TALLY, version=version + 1, tally=tally)
        same = TallyItem.version == version if version else TallyItem.pk.does_not_exist()
        writes.put(kept, same)
    return writes


def proposed(program: str, member: str, new: Tier, on: str, bought: int, before: str) -> Writes:
    """A level waits for staff, in the place of what waited since ``before`` (empty: nothing)."""
    item = ProposalItem(
        keys.proposals(program),
        _proposal_key(new.since, member),
        tier=new.tier,
        assigned=on,
        by=new.by,
        bought=bought,
    )
    writes = Writes().put(item, None)
    return (
        writes if before in ("", new.since) else writes.delete(_proposal(program, member, before))
    )


def proposed_no_more(program: str, member: str, before: str) -> Writes:
    """Nothing waits for staff any more."""
    return Writes().delete(_proposal(program, member, before))


def proposals(program: str, after: str | None, limit: int) -> Iterable[ProposalItem]:
    """What waits for staff, the oldest first, beyond the sort key ``after``."""
    pk = keys.proposals(program)
    return ProposalItem.below(pk, "P#", after=after, limit=limit, strong=True)


def changed(item: ReceiptItem, **fields: object) -> Writes:
    """The receipt with some fields set, if nobody changed it meanwhile."""
    actions = [getattr(ReceiptItem, name).set(value) for name, value in fields.items()]
    return Writes().update(
        item,
        [ReceiptItem.version.set(item.version + 1), *actions],
        ReceiptItem.version == item.version,
    )


def spent_of_budget(program: str, rule: str) -> dict[int, int]:
    """What each shard of a rule's budget knows to be given; strong reads."""
    found = BudgetItem.below(keys.budget(program, rule), "S#", strong=True)
    return {int(item.sk.removeprefix("S#")): item.given for item in found}


def shard_of_budget(program: str, rule: str, shard: int) -> int:
    """The same of one shard."""
    found = BudgetItem.find(keys.budget(program, rule), shard_key(shard), strong=True)
    return found.given if found else 0


def draw(program: str, rule: str, shard: int, points: int, most: int) -> Writes:
    """Give so many points more out of a shard that may give ``most`` in all; fewer than none come
    back, whatever the budget has become meanwhile.
    """
    item = BudgetItem(keys.budget(program, rule), shard_key(shard))
    field = BudgetItem.given
    fits = field.does_not_exist() | (field <= most - points)
    if points < 0:
        fits = field.exists()
    return Writes().update(item, [field.add(points)], fits)


def claim_hash(code: str, program: str) -> str:
    """How a receipt's code is stored."""
    return keyed_hash(settings(), "receipt code", program, code)


def claimable(program: str, code: str, receipt: str) -> Writes:
    """Let whoever knows the code claim the receipt."""
    place = keys.receipt_claim(program, claim_hash(code, program))
    return Writes().put_new(ClaimItem(place, CLAIM, receipt=receipt))


def claimed(program: str, code: str) -> str | None:
    """The receipt that a code leads to."""
    place = keys.receipt_claim(program, claim_hash(code, program))
    found = ClaimItem.find(place, CLAIM, strong=True)
    return found.receipt if found else None


def _proposal(program: str, member: str, since: str) -> ProposalItem:
    return ProposalItem(keys.proposals(program), _proposal_key(since, member))


def _proposal_key(since: str, member: str) -> str:
    return f"P#{since}#{member}"


def shard_key(shard: int) -> str:
    """Sort key of a shard of a budget."""
    return f"S#{shard:02d}"
