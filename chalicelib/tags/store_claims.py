"""How claims are stored: in their seller's partition; and with the tag, whose claim counts."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.model import Part
from chalicelib.tags import model
from chalicelib.tags.model_claims import MOST_FORMER, Claim, End, Former, State, Why

CLAIM = "CLAIM"


class ClaimItem(Item):
    """One claim. ``state`` leaves ``pending`` once, and ``credited`` at most once."""

    serial = UnicodeAttribute()
    at = UnicodeAttribute()
    item: PackedAttribute[model.Item] = PackedAttribute(model.Item)
    partner = UnicodeAttribute()
    outlet = UnicodeAttribute(default="")
    parts: PackedAttribute[tuple[Part, ...]] = PackedAttribute(tuple[Part, ...])
    state = UnicodeAttribute()
    lapses_at = UnicodeAttribute(default="")
    entry = IntAttribute(null=True)
    ended_at = UnicodeAttribute(default="")
    why = UnicodeAttribute(default="")

    def value(self) -> Claim:
        """The claim as a value."""
        program, _, member = str(self.pk).split("#")
        told: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
        told["state"] = msgspec.convert(self.state, State)
        told["why"] = msgspec.convert(self.why, Why)
        return Claim(program=program, member=member, **told)


class ClaimedItem(Item):
    """Whose claim of a tag's item counts, and whose did before."""

    program = UnicodeAttribute()
    member = UnicodeAttribute(null=True)
    """The seller; null: nobody's claim counts any more."""
    at = UnicodeAttribute(null=True)
    former: PackedAttribute[tuple[Former, ...]] = PackedAttribute(tuple[Former, ...], default=())
    """The newest last."""


_FIELDS = tuple(name for name in Claim.__struct_fields__ if name not in ("program", "member"))


def claimed(serial: str) -> ClaimedItem | None:
    """Whose claim of a tag counts, or did, or nothing. A strong read."""
    return ClaimedItem.find(keys.tag(serial), CLAIM, strong=True)


def claim(program: str, member: str, at: str, serial: str) -> Claim | None:
    """One claim, or nothing. A strong read."""
    found = ClaimItem.find(keys.member(program, member), key(at, serial), strong=True)
    return found.value() if found else None


def several(program: str, serial: str, places: Sequence[tuple[str, str]]) -> list[Claim]:
    """The claims of one item by sellers and instants, the newest first."""
    wanted = [(keys.member(program, member), key(at, serial)) for member, at in places]
    found = [item.value() for item in ClaimItem.several(wanted)] if wanted else []
    return sorted(found, key=lambda one: one.at, reverse=True)


def of_seller(program: str, member: str, after: str | None, limit: int) -> Iterator[ClaimItem]:
    """A seller's claims, newest first, beyond the sort key ``after``."""
    pk = keys.member(program, member)
    return ClaimItem.below(pk, "CLAIM#", newest_first=True, after=after, limit=limit)


def made(new: Claim, before: ClaimedItem | None) -> Writes:
    """A new claim, if no other one counts."""
    told = {name: getattr(new, name) for name in _FIELDS}
    item = ClaimItem(keys.member(new.program, new.member), key(new.at, new.serial), **told)
    writes = Writes().put_new(item)
    pk = keys.tag(new.serial)
    if before is None:
        return writes.put_new(
            ClaimedItem(pk, CLAIM, program=new.program, member=new.member, at=new.at)
        )
    return writes.update(
        ClaimedItem(pk, CLAIM),
        [ClaimedItem.member.set(new.member), ClaimedItem.at.set(new.at)],
        ClaimedItem.program.exists() & ClaimedItem.member.does_not_exist(),
    )


def ended(before: Claim, end: End, at: str, entry: int | None) -> Writes:
    """What became of a claim, if nothing else did meanwhile."""
    item = ClaimItem(keys.member(before.program, before.member), key(before.at, before.serial))
    actions = [
        ClaimItem.state.set(end.state),
        ClaimItem.ended_at.set(at),
        ClaimItem.why.set(end.why),
    ]
    if entry is not None:
        actions.append(ClaimItem.entry.set(entry))
    return Writes().update(item, actions, ClaimItem.state == before.state)


def freed(found: ClaimedItem, *, barred: bool) -> Writes:
    """The item can be claimed again, but not by a seller who is barred."""
    last = Former(found.member or "", found.at or "", barred)
    former = (*found.former, last)[-MOST_FORMER:]
    return Writes().update(
        ClaimedItem(found.pk, CLAIM),
        [
            ClaimedItem.member.remove(),
            ClaimedItem.at.remove(),
            ClaimedItem.former.set(former),
        ],
        (ClaimedItem.member == found.member) & (ClaimedItem.at == found.at),
    )


def key(at: str, serial: str) -> str:
    """Sort key of a seller's claim, in the order of time."""
    return f"CLAIM#{at}#{serial}"
