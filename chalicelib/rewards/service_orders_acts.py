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
from chalicelib.rewards import service_codes, store, store_orders, store_stock
from chalicelib.rewards.errors import OutOfStock
from chalicelib.rewards.errors_orders import OrderUnknown, PerMemberReached, RewardSoldOut
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


def noted(found: Order, fact: str, by: By) -> tuple[Order, Writes]:
    """Something is told of the order that leaves it as it is."""
    after = rules.noted(found)
    line = rules.step(after, fact, render(by.at), by.actor, by.reason)
    return after, store_orders.changed(found, after, line)


def handed_over(found: Order, account: Account, act: rules.Act, by: By) -> tuple[Order, Writes]:
    """The order leaves the house, collected or by post: its points are spent."""
    after = rules.moved(found, act)
    cause = Cause("gift.handed_over", found.order, by.actor)
    reason = rules.reason("gift_handed_over", found)
    writes = _told(found, after, by)
    writes += _resolved(found, account, "captured", cause, reason, by.at).writes
    writes += _waits_no_more(found)
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
    writes = _told(
        found, after, by, restocked=rules.moves_stock(found, "cancelled", restock=restock)
    )
    writes += _resolved(found, account, "released", cause, reason, by.at, grace=grace).writes
    writes += _waits_no_more(found)
    writes += _given_up(found, restock=restock)
    return after, writes


def refunded(found: Order, account: Account, by: By, *, restock: bool) -> tuple[Order, Writes]:
    """The order ends after it was handed over: its points come back.

    Codes that a member has seen never go back to their pool; coupons are withdrawn.

    Raises:
        posting.AccountClosed: the member is erased.
        CouponNotOpen, GiftCodeRedeemed: a coupon that the order gave was used, or a code.
    """
    back = rules.moves_stock(found, "refunded", restock=restock)
    after = rules.moved(found, "refunded")
    cause = Cause("gift.refunded", found.order, by.actor)
    reason = rules.reason("gift_refunded", found)
    program = in_force(found.program, by.at)
    writes = _told(found, after, by, restocked=back)
    writes += spending.refund(account, _hold(found), cause, reason, program, by.at).writes
    writes += _given_up(found, restock=bool(back))
    writes += service_codes.taken_back(found, by.actor, by.at)
    return after, writes


def substituted(
    found: Order, account: Account, other: Reward, quantity: int, by: By
) -> tuple[Order, Writes]:
    """Another reward in place of the one ordered; what it costs less comes back.

    Raises:
        PerMemberReached: the member may not take so many of the other reward.
        RewardSoldOut: there are not so many pieces of it.
        posting.AccountClosed: the member is erased.
    """
    after, writes = _exchanged(found, account, rules.goods(other, quantity), by)
    writes += counted(other, found.member, quantity, strong=True)
    if after.goods.taken:
        writes += taken(other, quantity, by.at, strong=True)
    writes += _given_up(found, restock=True)
    return after, writes


def more(
    found: Order, account: Account, reward: Reward, quantity: int, by: By
) -> tuple[Order, Writes]:
    """More pieces of the reward ordered, as it was agreed.

    Raises:
        PerMemberReached, RewardSoldOut, posting.AccountClosed: as :func:`substituted`.
    """
    extra = quantity - found.goods.quantity
    after, writes = _exchanged(found, account, rules.in_quantity(found.goods, quantity), by)
    writes += counted(reward, found.member, extra, strong=True)
    if after.goods.taken:
        writes += taken(reward, extra, by.at, strong=True)
    return after, writes


def fewer(found: Order, account: Account, quantity: int, by: By) -> tuple[Order, Writes]:
    """Fewer pieces of the reward ordered, as it was agreed: however it is sold by now.

    Raises:
        posting.AccountClosed: the member is erased.
    """
    rest = found.goods.quantity - quantity
    after, writes = _exchanged(found, account, rules.in_quantity(found.goods, quantity), by)
    writes += _returned(found, rest, restock=True)
    return after, writes


def counted(reward: Reward, member: str, quantity: int, *, strong: bool) -> Writes:
    """Let a member have so many more pieces of a reward; raises PerMemberReached."""
    program, most = reward.program, reward.details.per_member
    if most is not None:
        has = store_orders.taken(program, member, reward.reward, strong=strong)
        if has + quantity > most:
            raise PerMemberReached(left=max(0, most - has))
    return store_orders.more_taken(program, member, reward.reward, quantity, most)


def taken(reward: Reward, quantity: int, at: datetime, *, strong: bool) -> Writes:
    """Take pieces out of a counted stock; raises RewardSoldOut."""
    stock = store_stock.stock(reward.program, reward.reward, strong=strong)
    if stock is None:
        raise RewardSoldOut
    try:
        return store_stock.take(reward, quantity, stock, at)
    except OutOfStock as short:
        raise RewardSoldOut from short


def _exchanged(found: Order, account: Account, wanted: Goods, by: By) -> tuple[Order, Writes]:
    """The order with other goods, and its points."""
    after = rules.substituted(found, wanted)
    line = rules.step(after, "order.substituted", render(by.at), by.actor, by.reason)
    writes = store_orders.changed(found, after, line)
    if after.points < found.points:
        cause = Cause("gift.substituted", found.order, by.actor)
        reason = rules.reason("gift_substituted", after)
        program = in_force(found.program, by.at)
        hold = _hold(found)
        posted = spending.shrink(account, hold, after.points, cause, reason, program, by.at)
        writes += posted.writes
    return after, writes


def _waits_no_more(found: Order) -> Writes:
    """An open order that is to be collected keeps its point from being deleted; no longer."""
    if found.way != "pickup":
        return Writes()
    return store.point_awaits(found.program, found.point, -1)


def _given_up(found: Order, *, restock: bool) -> Writes:
    """The member has nothing of the order any more."""
    return _returned(found, found.goods.quantity, restock=restock)


def _returned(found: Order, pieces: int, *, restock: bool) -> Writes:
    """The member has so many pieces fewer; they go back to the stock they came from, if any."""
    program, reward = found.program, found.goods.reward
    writes = store_orders.less_taken(program, found.member, reward, pieces)
    if restock and found.goods.taken:
        writes += store_stock.put_back(program, reward, pieces)
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
