"""A seller's claim of a sold item as a value, and the pure rules of its end."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from chalicelib.kernel.clock import parse
from chalicelib.ledger.model import Part
from chalicelib.tags.model import Item

State = Literal["pending", "credited", "lapsed", "withdrawn"]
Why = Literal[
    "", "deadline", "own_item", "tag_withdrawn", "tag_released", "by_staff", "account_closed"
]
MOST_FORMER = 10
"""Claims of one item that ended and are remembered with it."""
ON_ITS_WAY = timedelta(minutes=1)
"""A claim lapses so long after its deadline: a registration that was asked for in time has been
made by then.
"""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One item that a seller says they sold."""

    program: str
    member: str
    """The seller."""
    serial: str
    at: str
    """When it was claimed."""
    item: Item
    partner: str
    outlet: str = ""
    parts: tuple[Part, ...] = ()
    """The points that it brings, by reason, as the rules gave them when it was claimed."""
    state: State = "pending"
    lapses_at: str = ""
    """The first instant at which the buyer's registration is too late; empty: none is."""
    entry: int | None = None
    """The ledger's entry that credited it."""
    ended_at: str = ""
    why: Why = ""
    """Why it brings nothing, or nothing any more."""

    @property
    def points(self) -> int:
        """All its points together."""
        return sum(part.points for part in self.parts)


class Former(msgspec.Struct, frozen=True, array_like=True):
    """A claim of an item that no longer counts."""

    member: str
    at: str
    barred: bool
    """Whether staff took it from this seller, who cannot claim the item again."""


class Registered(NamedTuple):
    """A buyer's registration of the item."""

    member: str
    at: str


class End(NamedTuple):
    """What becomes of a claim."""

    state: State
    why: Why = ""


def outcome(claim: Claim, registered: Registered | None, at: datetime) -> End | None:
    """What becomes of a pending claim, by the item's registration and the time; None: it waits.

    Only the instants of registration and deadline decide, however late somebody looks.
    """
    if registered is not None:
        if registered.member == claim.member:
            return End("withdrawn", "own_item")
        if claim.lapses_at and registered.at >= claim.lapses_at:
            return End("lapsed", "deadline")
        return End("credited")
    if claim.lapses_at and at >= lapse_due(claim):
        return End("lapsed", "deadline")
    return None


def lapse_due(claim: Claim) -> datetime:
    """When a claim with a deadline lapses, if nobody registered the item."""
    return parse(claim.lapses_at) + ON_ITS_WAY
