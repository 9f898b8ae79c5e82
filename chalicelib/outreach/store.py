"""How notifications are stored: a code and its inputs; the sentence is made when it is read."""

from collections.abc import Iterator

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.clock import render
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.model import Account, Part
from chalicelib.ledger.service_agenda import Burning
from chalicelib.programs.values import Texts
from chalicelib.receipts.levels import Turn

BURNING = "points.burning"
LEVEL_LEFT = "level.left"
LEVEL_REACHED = "level.reached"


class GateNews(msgspec.Struct, frozen=True):
    """What a notification of a gate tells beside its name."""

    gate: str
    """Its name in the program's document."""
    missing: int
    """What the running month lacks, in minor units of money."""
    currency: str
    date: str
    """Last day on which it is open, or on which what is missing opens it."""


class NotificationItem(Item):
    """One message in a member's list; put once per fact."""

    at = UnicodeAttribute()
    code = UnicodeAttribute()
    points = IntAttribute()
    balance = IntAttribute()
    seq = IntAttribute()
    parts: PackedAttribute[tuple[Part, ...]] = PackedAttribute(tuple[Part, ...])
    order = UnicodeAttribute(null=True)
    """Id of the order that it tells of; null: it tells of something else."""
    number = UnicodeAttribute(null=True)
    coupon = UnicodeAttribute(null=True)
    """Id of the coupon that it tells of; null: it tells of something else."""
    names: PackedAttribute[Texts] = PackedAttribute(Texts, null=True)
    """What the coupon, the group or the level is called."""
    burns_on = UnicodeAttribute(null=True)
    """Last day of the points that it warns of; null: it tells of something else."""
    gate: PackedAttribute[GateNews | None] = PackedAttribute(GateNews, null=True)
    """What it tells of a gate; null: it tells of something else."""


class SeenItem(Item):
    """How far a member has read."""

    up_to = UnicodeAttribute()


def sort_key(fact: Fact) -> str:
    """Sorts by time; the same fact always has the same key."""
    return f"N#{fact.at}#{fact.id.partition('.')[2]}"


def told(fact: Fact) -> bool:
    """Whether the fact's notification is there."""
    return NotificationItem.find(keys.member(fact.program, fact.member), sort_key(fact)) is not None


def tell(fact: Fact) -> Writes:
    """The notification of a fact about points, an order, a coupon or a gate."""
    names = fact.data.get("names")
    item = NotificationItem(
        keys.member(fact.program, fact.member),
        sort_key(fact),
        at=fact.at,
        code=fact.name,
        points=fact.data.get("points", 0),
        balance=fact.data.get("balance", 0),
        seq=fact.data.get("seq", 0),
        parts=msgspec.convert(fact.data.get("parts", ()), tuple[Part, ...]),
        order=fact.data.get("order"),
        number=fact.data.get("number"),
        coupon=fact.data.get("coupon"),
        names=msgspec.convert(names, Texts) if names else None,
        gate=msgspec.convert(fact.data, GateNews) if "gate" in fact.data else None,
    )
    return Writes().put_new(item)


def warn(account: Account, burning: Burning) -> Writes:
    """The warning that points will burn; once for their last day and the day of the warning."""
    at, last = render(burning.told_at), burning.last.isoformat()
    item = NotificationItem(
        keys.member(account.program, account.member),
        f"N#{at}#BURN#{last}",
        at=at,
        code=BURNING,
        points=burning.points,
        balance=account.balance,
        seq=0,
        parts=(),
        burns_on=last,
    )
    return Writes().put_new(item)


def level(program: str, member: str, turn: Turn, name: Texts) -> Writes:
    """That the time of a level was over, or came; once for the instant from which it was so."""
    item = NotificationItem(
        keys.member(program, member),
        f"N#{turn.since}#LEVEL#{turn.tier}",
        at=turn.since,
        code=LEVEL_REACHED if turn.reached else LEVEL_LEFT,
        points=0,
        balance=0,
        seq=0,
        parts=(),
        names=name,
    )
    return Writes().put_new(item)


def newest(program: str, member: str, after: str | None, limit: int) -> Iterator[NotificationItem]:
    """Notifications, newest first, beyond the sort key ``after``."""
    pk = keys.member(program, member)
    return NotificationItem.below(pk, "N#", newest_first=True, after=after, limit=limit)


def seen_up_to(program: str, member: str) -> str:
    """Sort key up to which the member has read; empty: nothing yet."""
    found = SeenItem.find(keys.member(program, member), "SEEN", strong=True)
    return found.up_to if found else ""


def see(program: str, member: str, up_to: str) -> Writes:
    """Reading goes forward only."""
    item = SeenItem(keys.member(program, member), "SEEN", up_to=up_to)
    return Writes().put(item, SeenItem.pk.does_not_exist() | (SeenItem.up_to < up_to))
