"""What each act on an order writes: the order, its history, the points, the stock and the count.

Whoever acts has read the account before the order and its hold, so that what is still open when it
is read later is part of that account.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.clock import render
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import holds, spending
from chalicelib.ledger.model import Account, Cause, Reason
from chalicelib.ledger.posting import Posting
from chalicelib.ledger.store import HoldItem
from chalicelib.programs.service import in_force
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards import store, store_orders, store_stock
from chalicelib.rewards.errors_orders import OrderUnknown, RewardSoldOut
from chalicelib.rewards.model import Reward
from chalicelib.rewards.model_orders import Goods, Order


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, why, and when."""

    actor: str
    at: datetime
    reason: str = ""


def confirmed(found: Order, by: By) -> tuple[Order, Writes]:
    """Somebody will see to the order: its member can no longer give it up."""
    after = rules.moved(found, "confirmed")
    return after, _told(found, after, by)


def delivered(found: Order, by: By) -> tuple[Order, Writes]:
    """A posted order has arrived."""
    after = rules.moved(found, "delivered")
    return after, _told(found, after, by)


def handed_over(found: Order, account: Account, act: rules.Act, by: By) -> tuple[Order, Writes]:
    """The order leaves the house, collected or by post: its points are spent."""
    after = rules.moved(found, act)
    cause = Cause("gift.handed_over", found.order, by.actor)
    reason = rules.reason("gift_handed_over", found)
    writes = _told(found, after, by)
    writes += _resolved(found, account, "captured", cause, reason, by.at).writes
    return after, writes


def cancelled(
    found: Order, account: Account, by: By, *, restock: bool = True, grace: bool = True
) -> tuple[Order, Writes]:
    """The order ends before anybody handed it over: points and, unless lost, pieces come back.

    Without ``grace``, where the member gives it up, what burnt meanwhile burns.
    """
    after = rules.moved(found, "cancelled")
    cause = Cause("gift.cancelled", found.order, by.actor)
    reason = rules.reason("gift_cancelled", found)
    writes = _told(found, after, by, restocked=restock and found.goods.taken)
    writes += _resolved(found, account, "released", cause, reason, by.at, grace=grace).writes
    writes += _given_up(found, restock=restock)
    return after, writes


def refunded(found: Order, account: Account, by: By, *, restock: bool) -> tuple[Order, Writes]:
    """The order ends after it was handed over: its points come back.

    Codes that a member has seen never go back to their pool.

    Raises:
        posting.AccountClosed: the member is erased.
    """
    back = restock and found.way != "code"
    after = rules.moved(found, "refunded")
    cause = Cause("gift.refunded", found.order, by.actor)
    reason = rules.reason("gift_refunded", found)
    program = in_force(found.program, by.at)
    writes = _told(found, after, by, restocked=back and found.goods.taken)
    writes += spending.refund(account, _hold(found), cause, reason, program, by.at).writes
    writes += _given_up(found, restock=back)
    return after, writes


def substituted(
    found: Order, account: Account, other: Reward, quantity: int, by: By
) -> tuple[Order, Writes]:
    """Other goods in place of those ordered, never dearer; what they cost less comes back.

    Raises:
        RewardSoldOut: there are not so many pieces of the other reward.
        posting.AccountClosed: the member is erased.
    """
    after = rules.substituted(found, rules.goods(other, quantity))
    line = rules.step(after, "order.substituted", render(by.at), by.actor, by.reason)
    writes = store_orders.changed(found, after, line)
    if after.points < found.points:
        cause = Cause("gift.substituted", found.order, by.actor)
        reason = rules.reason("gift_substituted", after)
        program = in_force(found.program, by.at)
        hold = _hold(found)
        posted = spending.shrink(account, hold, after.points, cause, reason, program, by.at)
        writes += posted.writes
    writes += _exchanged(found, other, after.goods, by.at)
    return after, writes


def _exchanged(found: Order, other: Reward, wanted: Goods, at: datetime) -> Writes:
    """The stock and the member's count of both rewards."""
    before = found.goods
    if before.reward != wanted.reward:
        writes = _taken(other, wanted.quantity, at)
        writes += store_orders.more_taken(
            found.program, found.member, wanted.reward, wanted.quantity
        )
        writes += _given_up(found, restock=True)
        return writes
    more = wanted.quantity - before.quantity
    writes = Writes()
    if before.taken and wanted.taken and more < 0:
        writes += store_stock.put_back(other, -more)
    elif wanted.taken and (more > 0 or not before.taken):
        writes += _taken(other, more if before.taken else wanted.quantity, at)
    if more > 0:
        writes += store_orders.more_taken(found.program, found.member, wanted.reward, more)
    elif more < 0:
        writes += store_orders.less_taken(found.program, found.member, wanted.reward, -more)
    return writes


def _taken(reward: Reward, quantity: int, at: datetime) -> Writes:
    if reward.details.stock == "unlimited":
        return Writes()
    stock = store_stock.stock(reward.program, reward.reward, strong=True)
    if stock is None or stock.left < quantity:
        raise RewardSoldOut
    return store_stock.take(reward, quantity, stock, at)


def _given_up(found: Order, *, restock: bool) -> Writes:
    """The member has the pieces no more; they go back to the stock they came from, if any."""
    chosen = found.goods
    writes = store_orders.less_taken(found.program, found.member, chosen.reward, chosen.quantity)
    reward = store.reward(found.program, chosen.reward) if restock and chosen.taken else None
    if reward is not None:
        writes += store_stock.put_back(reward, chosen.quantity)
    return writes


def _resolved(
    found: Order,
    account: Account,
    end: holds.HoldEnd,
    cause: Cause,
    reason: Reason,
    at: datetime,
    *,
    grace: bool = True,
) -> Posting:
    program = in_force(found.program, at)
    return holds.resolve(account, _hold(found), end, cause, program, at, reason=reason, grace=grace)


def _hold(found: Order) -> HoldItem:
    hold = spending.find(found.program, found.member, found.order)
    if hold is None:
        raise OrderUnknown
    return hold


def _told(before: Order, after: Order, by: By, *, restocked: bool | None = None) -> Writes:
    line = rules.step(after, f"order.{after.state}", render(by.at), by.actor, by.reason)
    return store_orders.changed(before, after, rules.restocked(line, restocked))
