"""Who is in a pilot, and what it judged of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.model import RULE, Part
from chalicelib.ledger.store import EntryItem

POSTED = ("receipt.posted", "event.posted")
"""Kinds of entries that are judged."""
MOST_ENTRIES = 500
"""Entries of one member that are looked at, newest first."""


class JoinedItem(Item):
    """A member of a pilot; put once."""

    at = UnicodeAttribute()

    @property
    def member(self) -> str:
        """Who."""
        return str(self.sk).removeprefix("M#")


class Judged(msgspec.Struct, frozen=True):
    """What a pilot's document judged of one member, counted from their account."""

    receipts: int
    events: int
    given: int
    """Points, announced ones included."""
    returned: int
    """Points that returns took back."""
    spent: int
    whole: bool
    """Whether everything was looked at."""


def joined(program: str, number: int, member: str, at: datetime) -> Writes:
    """One member more."""
    item = JoinedItem(keys.pilot(program, number), f"M#{member}", at=render(at))
    return Writes().put_new(item)


def of_pilot(program: str, number: int, after: str | None, limit: int) -> Iterator[JoinedItem]:
    """The members of a pilot, by their ids."""
    return JoinedItem.below(keys.pilot(program, number), "M#", after=after, limit=limit)


def judged(program: str, member: str, version: int, since: str) -> Judged:
    """What the document of this version number judged of a member since an instant: half a read
    unit for each 4 KB of the entries since then.
    """
    found = Judged(0, 0, 0, 0, 0, whole=True)
    back: dict[int, int] = {}
    entries = EntryItem.below(keys.member(program, member), "E#", newest_first=True, at_once=100)
    for looked, item in enumerate(entries):
        if item.at < since:
            break
        if looked == MOST_ENTRIES:
            return msgspec.structs.replace(found, whole=False)
        body = item.body
        pending = sum(move.points for move in body.movements if move.bucket == "pending")
        if item.kind == "receipt.returned" and body.reverses:
            taken = -_because(body.parts, "award_returned") - pending
            back[body.reverses] = back.get(body.reverses, 0) + taken
        elif item.program_version == version and item.kind in POSTED:
            # Returns stand above their receipts, so they were met before.
            seq = int(item.sk.removeprefix("E#"))
            bought = item.kind == POSTED[0]
            found = Judged(
                found.receipts + bought,
                found.events + (not bought),
                found.given + _because(body.parts, RULE) + pending,
                found.returned + back.get(seq, 0),
                found.spent - _because(body.parts, "receipt_paid"),
                whole=True,
            )
    return found


def _because(parts: Iterable[Part], code: str) -> int:
    """Points for one reason; what rules turn into vouchers is not counted."""
    signed = (part.points for part in parts if part.reason.code == code)
    return sum(points for points in signed if points > 0 or code != RULE)
