"""How donations and what they come to are stored.

The totals of a charity and month are changed in the transaction of the donation, or of the purchase
or return of which a rule gives something away, so they are exact and a retry does not count twice.
They stand in a few items, one of which each member always meets: when everybody gives at once, few
of them wait for each other.
"""

import zlib
from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.donations.model import Donation, Total
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.values import Texts

SHARDS = 8
OF_PURCHASES = 64
"""Into so many parts goes what rules give away of purchases: nobody waits at a till for others."""


class DonationItem(Item):
    """One donation; only its return changes it."""

    to = UnicodeAttribute()
    names: PackedAttribute[Texts] = PackedAttribute(Texts)
    points = IntAttribute()
    at = UnicodeAttribute()
    taken_back_at = UnicodeAttribute(default="")

    def value(self) -> Donation:
        """The donation as a value."""
        program, _, member = str(self.pk).split("#")
        return Donation(
            program=program,
            member=member,
            donation=int(str(self.sk).rpartition("#")[2]),
            to=self.to,
            name=self.names,
            points=self.points,
            at=self.at,
            taken_back_at=self.taken_back_at,
        )


class TotalItem(Item):
    """A share of what one charity was given in one month."""

    points = IntAttribute(default=0)
    donations = IntAttribute(default=0)
    money = IntAttribute(default=0)
    """In minor units, of purchases; below zero where more came back than was bought."""


def donation(program: str, member: str, number: int) -> Donation | None:
    """One donation, or nothing. A strong read."""
    item = DonationItem.find(keys.member(program, member), _key(number), strong=True)
    return item.value() if item else None


def newest(program: str, member: str, after: str | None, limit: int) -> Iterator[DonationItem]:
    """A member's donations, newest first, beyond the sort key ``after``."""
    pk = keys.member(program, member)
    return DonationItem.below(pk, "DONATION#", newest_first=True, after=after, limit=limit)


def given(new: Donation, month: str) -> Writes:
    """A new donation, counted for its month."""
    item = DonationItem(
        keys.member(new.program, new.member),
        _key(new.donation),
        to=new.to,
        names=new.name,
        points=new.points,
        at=new.at,
    )
    field = TotalItem
    counted = [field.points.add(new.points), field.donations.add(1)]
    there_or_not = field.points.does_not_exist() | (field.points >= 0)
    return Writes().put_new(item).update(_total(new, month), counted, there_or_not)


def taken_back(before: Donation, month: str, at: str) -> Writes:
    """The donation is taken back, if it was not before, and counts no more for its month."""
    item, field = DonationItem, TotalItem
    writes = Writes().update(
        item(keys.member(before.program, before.member), _key(before.donation)),
        [item.taken_back_at.set(at)],
        item.points.exists() & ((item.taken_back_at == "") | item.taken_back_at.does_not_exist()),
    )
    less = [field.points.add(-before.points), field.donations.add(-1)]
    return writes.update(_total(before, month), less, field.points >= before.points)


def of_purchases(program: str, member: str, month: str, to: str, amount: int) -> Writes:
    """Count money that a rule gives away of a member's purchases; below zero: of what came back."""
    field = TotalItem
    there_or_not = field.money.does_not_exist() | field.money.exists()
    item = _part(program, month, to, SHARDS + _shard(member, OF_PURCHASES))
    return Writes().update(item, [field.money.add(amount)], there_or_not)


def totals(program: str, first: str, last: str) -> Iterator[Total]:
    """The parts of all totals from one month to another, both included."""
    # A key of the first month is longer than what the reading starts behind.
    for item in TotalItem.below(keys.donations(program), "MONTH#", after=f"MONTH#{first}"):
        _, month, to, _ = str(item.sk).split("#")
        if month > last:
            return
        yield Total(to, item.points, item.donations, item.money)


def _total(of: Donation, month: str) -> TotalItem:
    return _part(of.program, month, of.to, _shard(of.member, SHARDS))


def _part(program: str, month: str, to: str, shard: int) -> TotalItem:
    return TotalItem(keys.donations(program), f"MONTH#{month}#{to}#{shard}")


def _shard(member: str, shards: int) -> int:
    return zlib.crc32(member.encode()) % shards


def _key(number: int) -> str:
    return keys.numbered("DONATION", number)
