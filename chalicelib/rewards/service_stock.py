"""Use cases of staff with stock: correct it, fill pools of codes, look at both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.rewards import store
from chalicelib.rewards import store_stock as stocks
from chalicelib.rewards.errors import (
    NoCodePool,
    OutOfStock,
    RewardUnknown,
    StockOfCodes,
    StockUnlimited,
)
from chalicelib.rewards.model import MAX_STOCK, Reward, Stock
from chalicelib.rewards.service import Order
from chalicelib.rewards.service import noted as audited
from chalicelib.rewards.store_stock import CodeItem, Noted

CHUNK = 45
"""Codes of one transaction: two items each, beside stock, journal, reward and audit record."""
_POINTERS = {"correction": "/change", "codes": "/codes"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """One line of a stock's journal with its number."""

    number: int
    noted: Noted


def correct(order: Order, change: int, call: guards.Request) -> Corrected:
    """Add pieces to a stock or take some out; never more than there are.

    Raises:
        RewardUnknown, StockUnlimited, StockOfCodes, OutOfStock, IdempotencyKeyReused.
        InvalidFields: nothing changes, or there would be more pieces than a stock can have.
    """
    if not change:
        raise InvalidFields(fields=(FieldError("/change", "no_change"),))
    pk = keys.reward(order.program, order.reward)

    def decide(_: bool) -> tuple[Writes, Corrected]:
        before = guards.done(pk, call)
        if before is not None:
            number = int(before)
            return Writes(), Corrected(number, stocks.line(order.program, order.reward, number))
        reward, stock = read(order.program, order.reward)
        if reward.details.stock == "unlimited":
            raise StockUnlimited
        if reward.details.codes == "pool":
            raise StockOfCodes
        noted = _line(order, "correction", stock, change)
        writes = stocks.corrected(reward, stock, noted)
        writes += store.unchanged(reward)
        number = stock.journal + 1
        guards.remember(writes, pk, call, str(number))
        told = {"left": noted.before}, {"left": noted.after}
        return audited(writes, order, "stock.corrected", *told), Corrected(number, noted)

    return transact(decide)


def read(program: str, reward_id: str) -> tuple[Reward, Stock]:
    """A reward, without its long text, and its stock; raises RewardUnknown."""
    reward = store.reward(program, reward_id, strong=True)
    stock = stocks.stock(program, reward_id, strong=True)
    if reward is None or stock is None:
        raise RewardUnknown
    return reward, stock


def fill(order: Order, codes: Sequence[str], call: guards.Request) -> int:
    """Add codes to a pool; returns how many this request brought.

    A list with a code that the pool has or had is refused as a whole; one that somebody else adds
    at the same moment is added once.

    Long lists take several transactions, each with its audit record. Each code remembers the
    request that brought it, so a retry goes on where the first try ended.

    Raises:
        RewardUnknown, NoCodePool, IdempotencyKeyReused.
        InvalidFields: codes that are not new, each with its place.
    """
    pk, upload = keys.reward(order.program, order.reward), f"{call.key[:16]}{call.content[:16]}"
    before = guards.done(pk, call)
    if before is not None:
        return int(before)
    _, stock = _pool(order)
    known = stocks.known(order.program, order.reward, list(dict.fromkeys(codes)))
    _refuse_known(codes, known, upload)
    _refuse_full("codes", stock, len(codes) - len(known))
    chunks = (codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK))
    added = sum(_add(order, chunk, upload) for chunk in chunks)

    def decide(_: bool) -> tuple[Writes, int]:
        before = guards.done(pk, call)
        if before is not None:
            return Writes(), int(before)
        writes = Writes()
        guards.remember(writes, pk, call, str(added))
        return writes, added

    return transact(decide)


def _add(order: Order, chunk: Sequence[str], upload: str) -> int:
    """Add some codes and their pieces; returns how many of them this request brought."""

    def decide(_: bool) -> tuple[Writes, int]:
        reward, stock = _pool(order)
        known = stocks.known(order.program, order.reward, chunk)
        new = [code for code in chunk if code not in known]
        own = len(new) + sum(one.upload == upload for one in known.values())
        if not new:
            return Writes(), own
        writes = store.unchanged(reward)
        writes += stocks.corrected(reward, stock, _line(order, "codes", stock, len(new)))
        for code in new:
            writes += stocks.added(order.program, order.reward, code, upload)
        told = {"codes": stock.codes}, {"codes": stock.codes + len(new)}
        return audited(writes, order, "codes.added", *told), own

    return transact(decide)


def _pool(order: Order) -> tuple[Reward, Stock]:
    reward, stock = read(order.program, order.reward)
    if reward.details.codes != "pool":
        raise NoCodePool
    return reward, stock


def _refuse_known(codes: Sequence[str], known: Mapping[str, CodeItem], upload: str) -> None:
    others = {code for code, item in known.items() if item.upload != upload}
    faults = tuple(_repeated(codes, others))
    if faults:
        raise InvalidFields(fields=faults)


def _repeated(codes: Sequence[str], known: set[str]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for number, code in enumerate(codes):
        if code in seen:
            yield FieldError(f"/codes/{number}", "duplicate")
        elif code in known:
            yield FieldError(f"/codes/{number}", "code_known")
        seen.add(code)


def _line(order: Order, kind: stocks.NotedKind, stock: Stock, change: int) -> Noted:
    """The next line of a stock's journal; refuses what no stock can be."""
    after = stock.left + change
    if after < 0:
        raise OutOfStock(left=stock.left)
    _refuse_full(kind, stock, change)
    return Noted(
        at=render(order.at),
        kind=kind,
        actor=order.actor,
        change=change,
        before=stock.left,
        after=after,
        reason=order.reason,
    )


def _refuse_full(kind: stocks.NotedKind, stock: Stock, change: int) -> None:
    if stock.left + change > MAX_STOCK:
        fault = FieldError(_POINTERS[kind], "too_big", {"limit": str(MAX_STOCK - stock.left)})
        raise InvalidFields(fields=(fault,))
