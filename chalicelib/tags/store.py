"""How tags, their journal and scans, and members' items are stored and read."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.tags import model

TAG = "TAG"
SCANS = "SCANS"
MOST_JOURNAL = 100


class TagItem(Item):
    """A tag, at most 1 KB. Who registered it is known here and nowhere public."""

    program = UnicodeAttribute()
    batch = UnicodeAttribute()
    number = IntAttribute()
    """Its place in the batch, from 1."""
    item: PackedAttribute[model.Item] = PackedAttribute(model.Item)
    sent_to = UnicodeAttribute(null=True)
    """The partner to whom staff said that it was shipped; null: where its batch went."""
    code_hash = UnicodeAttribute()
    registered_by = UnicodeAttribute(null=True)
    registered_at = UnicodeAttribute(null=True)
    entry = IntAttribute(null=True)
    """The ledger's entry of the registration."""
    withdrawn_at = UnicodeAttribute(null=True)
    tries_day = IntAttribute(null=True)
    tries = IntAttribute(null=True)
    """Wrong codes on the UTC day ``tries_day``."""
    journal = IntAttribute(null=True)
    """Number of the newest journal item."""

    @property
    def serial(self) -> str:
        """Its public name."""
        return self.pk.rpartition("#")[2]

    @property
    def verdict(self) -> model.Verdict:
        """Its public state."""
        if self.withdrawn_at:
            return "withdrawn"
        return "registered" if self.registered_by else "genuine"

    def tries_on(self, at: datetime) -> int:
        """Wrong codes tried on this tag today (UTC)."""
        return self.tries or 0 if self.tries_day == model.day_number(at) else 0


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What staff did to a tag, and why."""

    fact: str
    at: str
    actor: str
    reason: str
    program: str
    member: str = ""
    entry: int | None = None
    """The entry that was taken back."""
    partner: str = ""
    """Of a shipment: to whom; empty: it was taken back."""


class TagJournalItem(Item):
    """One line of a tag's history; put once."""

    noted: PackedAttribute[Noted] = PackedAttribute(Noted)


class ScanItem(Item):
    """How often a tag was scanned; on its own, so that no scan disturbs a registration."""

    times = IntAttribute()
    first = UnicodeAttribute()


class OwnItem(Item):
    """A registered item in its member's partition."""

    serial = UnicodeAttribute()
    item: PackedAttribute[model.Item] = PackedAttribute(model.Item)
    at = UnicodeAttribute()
    points = IntAttribute()


def tag(serial: str, *, strong: bool = False) -> TagItem | None:
    """One tag or nothing: 0.5 read units, 1 when ``strong``."""
    return TagItem.find(keys.tag(serial), TAG, strong=strong)


def count_scan(serial: str, at: datetime) -> ScanItem:
    """Count one scan and return the count: one write unit, nothing read.

    A lost reply may count a scan twice, which a count of scans bears.
    """
    item = ScanItem(keys.tag(serial), SCANS)
    item.update(actions=[ScanItem.times.add(1), ScanItem.first.set(ScanItem.first | render(at))])
    return item


def scans(serial: str) -> ScanItem | None:
    """The count of scans as it stands."""
    return ScanItem.find(keys.tag(serial), SCANS)


def journal(serial: str) -> list[Noted]:
    """What staff did to a tag, newest first, the last :data:`MOST_JOURNAL`."""
    found = TagJournalItem.below(keys.tag(serial), "J#", newest_first=True, limit=MOST_JOURNAL)
    return [item.noted for item in found]


def try_counted(found: TagItem, at: datetime) -> Writes:
    """One more wrong code on this tag today."""
    today = model.day_number(at)
    same_day = found.tries_day == today
    before = TagItem.tries.does_not_exist()
    if found.tries is not None:
        before = (TagItem.tries == found.tries) & (TagItem.tries_day == found.tries_day)
    actions = [
        TagItem.tries_day.set(today),
        TagItem.tries.set((found.tries or 0) + 1 if same_day else 1),
    ]
    return Writes().update(found, actions, before)


def registered(found: TagItem, member: str, at: str, entry: int, points: int) -> Writes:
    """The tag is the member's, if nobody's yet and not withdrawn; and their list shows it."""
    writes = Writes().update(
        found,
        [
            TagItem.registered_by.set(member),
            TagItem.registered_at.set(at),
            TagItem.entry.set(entry),
        ],
        TagItem.code_hash.exists()
        & TagItem.registered_by.does_not_exist()
        & TagItem.withdrawn_at.does_not_exist(),
    )
    own = OwnItem(
        keys.member(found.program, member),
        own_key(at, found.serial),
        serial=found.serial,
        item=found.item,
        at=at,
        points=points,
    )
    return writes.put_new(own)


def changed(found: TagItem, noted: Noted, *actions: Action) -> Writes:
    """Staff change a tag as it was read; the journal says so."""
    number = (found.journal or 0) + 1
    unchanged = (
        TagItem.journal == found.journal if found.journal else TagItem.journal.does_not_exist()
    )
    unchanged &= _as_registered(found)
    line = TagJournalItem(found.pk, keys.numbered("J", number), noted=noted)
    writes = Writes().update(found, [TagItem.journal.set(number), *actions], unchanged)
    return writes.put_new(line)


def claimable(found: TagItem) -> Writes:
    """Let everything depend on a tag that is registered, or not, as it was read, and in use."""
    in_use = TagItem.code_hash.exists() & TagItem.withdrawn_at.does_not_exist()
    return Writes().check(TagItem(found.pk, TAG), _as_registered(found) & in_use)


def _as_registered(found: TagItem) -> Condition:
    """Nobody registered or released it since it was read."""
    never: Condition = TagItem.registered_at.does_not_exist()
    same: Condition = TagItem.registered_at == found.registered_at
    return same if found.registered_at else never


def own_gone(program: str, member: str, at: str, serial: str) -> Writes:
    """The item leaves its member's list."""
    return Writes().delete(OwnItem(keys.member(program, member), own_key(at, serial)))


def own_key(at: str, serial: str) -> str:
    """Sort key of a member's item, in the order of time."""
    return f"ITEM#{at}#{serial}"


def own_items(program: str, member: str, after: str | None, limit: int) -> Iterator[OwnItem]:
    """A member's items, newest first."""
    pk = keys.member(program, member)
    return OwnItem.below(pk, "ITEM#", newest_first=True, after=after, limit=limit)
