"""Stock and codes of rewards: what many orders reach for at once.

The stock is an item of its own, so that orders contend for nothing else. While it is far from its
threshold an order only says how much it takes; the one order that makes it fall to the threshold
changes the stock as it was read, so that each fall is told once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Literal

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.rewards import model
from chalicelib.rewards.model import Reward, Stock

LOW = "stock.low"
NotedKind = Literal["correction", "codes", "order", "threshold"]


class StockItem(Item):
    """The pieces of one reward."""

    left = IntAttribute()
    codes = IntAttribute(default=0)
    """How many codes were ever added to its pool."""
    journal = IntAttribute(default=0)


class Noted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change of a stock."""

    at: str
    kind: NotedKind
    actor: str
    """``staff:…`` or ``operator:…``; empty for orders, which say themselves whose they are."""
    change: int
    before: int
    after: int
    reason: str = ""
    fact: str = ""
    """:data:`LOW` when this very change made the stock fall to its threshold."""
    low_stock: int = 0
    """The threshold at that moment."""


class StockJournalItem(Item):
    """One line of a stock's journal; put once. Orders write one only when the stock gets low."""

    noted: PackedAttribute[Noted] = PackedAttribute(Noted)


class FreeCodeItem(Item):
    """Leads to a code that nobody has yet."""


class CodeItem(Item):
    """One code of a pool. Who got it is known through the order."""

    code = UnicodeAttribute()
    upload = UnicodeAttribute()
    """Hash of the request that brought it."""
    order = UnicodeAttribute(null=True)
    """Number of the order that took it."""
    given_at = UnicodeAttribute(null=True)


# -- stock -----------------------------------------------------------------------


def stock(program: str, reward_id: str, *, strong: bool = False) -> Stock | None:
    """The stock of a reward or nothing: 0.5 read units, 1 when ``strong``."""
    found = StockItem.find(keys.rewards(program), stock_key(reward_id), strong=strong)
    return _value(found) if found else None


def stocks(program: str) -> dict[str, Stock]:
    """The stock of every reward of a program, by the reward's id."""
    found = StockItem.below(keys.rewards(program), "STOCK#")
    return {str(one.sk).removeprefix("STOCK#"): _value(one) for one in found}


def opened(program: str, reward_id: str) -> Writes:
    """The empty stock of a new reward."""
    return Writes().put_new(StockItem(keys.rewards(program), stock_key(reward_id), left=0))


def take(reward: Reward, quantity: int, before: Stock, at: datetime) -> Writes:
    """Take pieces for an order; never more than there are.

    Raises:
        OutOfStock: ``before`` has not so many pieces.
    """
    model.refuse_short(before, quantity)
    low, after = reward.details.low_stock, before.left - quantity
    if model.falls_low(low, before.left, after):
        noted = Noted(
            at=render(at), kind="order", actor="", change=-quantity, before=before.left, after=after
        )
        return corrected(reward, before, noted)
    enough = StockItem.left >= quantity
    if low:
        # No other order may have made this one the fall, nor have taken the fall from it.
        far = before.left > low
        enough &= StockItem.left > low + quantity if far else StockItem.left <= low
    return Writes().update(_item(reward), [StockItem.left.add(-quantity)], enough)


def put_back(program: str, reward_id: str, quantity: int) -> Writes:
    """Return pieces that an order took, also when the stock is no longer counted meanwhile: it may
    be again.
    """
    item = StockItem(keys.rewards(program), stock_key(reward_id))
    return Writes().update(item, [StockItem.left.add(quantity)], StockItem.left.exists())


def corrected(reward: Reward, before: Stock, noted: Noted) -> Writes:
    """Change a stock as it was read, with a line of the journal, which tells of a fall."""
    number, low = before.journal + 1, reward.details.low_stock
    # A threshold that is raised meets a stock as it is; else the stock must fall to it.
    if noted.kind == "threshold" or model.falls_low(low, noted.before, noted.after):
        noted = msgspec.structs.replace(noted, fact=LOW, low_stock=low)
    actions: list[Action] = [StockItem.left.set(noted.after), StockItem.journal.set(number)]
    if noted.kind == "codes":
        actions.append(StockItem.codes.add(noted.change))
    writes = Writes().update(
        _item(reward),
        actions,
        (StockItem.left == before.left) & (StockItem.journal == before.journal),
    )
    pk = keys.reward(reward.program, reward.reward)
    return writes.put_new(StockJournalItem(pk, keys.numbered("J", number), noted=noted))


def journal(
    program: str, reward_id: str, after: str | None, limit: int
) -> Iterator[StockJournalItem]:
    """The lines of a stock's journal, newest first, beyond the sort key ``after``."""
    pk = keys.reward(program, reward_id)
    return StockJournalItem.below(pk, "J#", newest_first=True, after=after, limit=limit)


def line(program: str, reward_id: str, number: int) -> Noted:
    """One line of a stock's journal, which must be there. A strong read."""
    return StockJournalItem.get(
        keys.reward(program, reward_id), keys.numbered("J", number), consistent_read=True
    ).noted


def untouched(reward: Reward) -> Writes:
    """Let everything depend on a stock that nobody has filled yet."""
    return Writes().check(_item(reward), StockItem.journal == 0)


def stock_key(reward_id: str) -> str:
    """Sort key of a stock in its program's catalogue."""
    return f"STOCK#{reward_id}"


def _item(reward: Reward) -> StockItem:
    return StockItem(keys.rewards(reward.program), stock_key(reward.reward))


def _value(item: StockItem) -> Stock:
    return Stock(left=item.left, codes=item.codes, journal=item.journal)


# -- codes -----------------------------------------------------------------------


def next_codes(program: str, reward_id: str, count: int, ids: Ids) -> list[CodeItem]:
    """Codes of a pool that seem free, at most ``count``, from a random place on, so that orders
    that run at the same time meet seldom. Strong reads.
    """
    pk, start = keys.reward(program, reward_id), f"FREE#{ids.bytes(8).hex()}"
    later = FreeCodeItem.below(pk, "FREE#", after=start, limit=count, strong=True)
    first = FreeCodeItem.below(pk, "FREE#", limit=count, strong=True)
    free = dict.fromkeys(str(one.sk)[5:] for one in islice(chain(later, first), 2 * count))
    wanted = islice(free, count)
    found = [CodeItem.find(pk, _code_key(digest), strong=True) for digest in wanted]
    # One that was given since its pointer was read stays: giving it again fails, and is decided
    # anew. Without it, a pool that others draw from could seem empty.
    return [one for one in found if one]


def assign_code(free: CodeItem, order: str, at: datetime) -> Writes:
    """Give a code to an order, called by its number, if nobody has it. Taking the piece goes by
    :func:`take`.
    """
    actions = [CodeItem.order.set(order), CodeItem.given_at.set(render(at))]
    writes = Writes().update(
        free, actions, CodeItem.code.exists() & CodeItem.order.does_not_exist()
    )
    return writes.delete(_pointer(free), FreeCodeItem.pk.exists())


def known(program: str, reward_id: str, texts: Sequence[str]) -> dict[str, CodeItem]:
    """Those of the codes that the pool has or had, by their text. Strong reads, 1 unit each."""
    pk = keys.reward(program, reward_id)
    places = [(pk, _code_key(code_hash(program, reward_id, text))) for text in texts]
    return {str(one.code): one for one in CodeItem.several(places)}


def added(program: str, reward_id: str, text: str, upload: str) -> Writes:
    """A new free code, if the pool never had it."""
    pk, digest = keys.reward(program, reward_id), code_hash(program, reward_id, text)
    item = CodeItem(pk, _code_key(digest), code=text, upload=upload)
    return Writes().put_new(item).put_new(FreeCodeItem(pk, f"FREE#{digest}"))


def code_hash(program: str, reward_id: str, text: str) -> str:
    """What a code is called in keys, 32 hexadecimal digits: keys stand in logs, codes do not."""
    return keyed_hash(settings(), "reward code", program, reward_id, text)[:32]


def _code_key(digest: str) -> str:
    return f"CODE#{digest}"


def _pointer(item: CodeItem) -> FreeCodeItem:
    return FreeCodeItem(item.pk, "FREE#" + str(item.sk).removeprefix("CODE#"))
