"""What members do with orders: place, look, cancel (AQ-6).

Placing is one transaction: points, stock, the member's count, the order, its number and its place
in the queue. The reward is read strongly and not locked: an order decided while staff change the
reward is an order placed just before, at the price that the member agreed to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from chalicelib.counters.gates import refuse_closed
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.observability import each
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import holds, spending
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Cause
from chalicelib.ledger.posting import Posting
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.service import in_force
from chalicelib.rewards import model, service_codes, store, store_orders
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards import service_orders_acts as acts
from chalicelib.rewards.errors import PointUnknown, RewardUnknown
from chalicelib.rewards.errors_orders import (
    OrderDiffers,
    OrderNotPossible,
    OrderUnknown,
    TooManyOrders,
)
from chalicelib.rewards.model import Delivery, Reward
from chalicelib.rewards.model_orders import Address, Order, Parcel, Step
from chalicelib.rewards.service_codes import Given
from chalicelib.rewards.service_orders_acts import By

BY_MEMBER = Limit("orders", 60, timedelta(hours=1))
"""More than anybody wants, and too few to keep a warehouse or a stock busy for fun."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A member wants a reward: what they saw and chose, and where it should go."""

    caller: MemberCaller
    order: str
    reward: str
    quantity: int
    price: int
    """Of one piece, as the member saw it."""
    way: Delivery
    point: str
    address: Address | None
    request: str
    """Keyed hash of all of this; the same id with another one is another order."""
    at: datetime
    ids: Ids


@dataclass(frozen=True, slots=True)
class Shown:
    """An order with its history, and what is personal of it."""

    order: Order
    history: list[Step]
    address: Address | None = None
    parcel: Parcel | None = None


def place(wish: Wish) -> Shown:
    """Order a reward; the same again renders the order as it is now.

    Raises:
        NotActive, RulesNotAccepted, GateClosed, LevelNeeded, OrderDiffers, RewardUnknown,
        RewardUnavailable,
        PriceChanged, DeliveryNotOffered, PointUnknown, PerMemberReached, RewardSoldOut,
        NotEnoughPoints, AccountClosed.
        TooManyOrders: what is refused anyway, or was placed before, does not count.
    """
    if wish.caller.status != "active":
        raise NotActive
    if not wish.caller.rules:
        raise RulesNotAccepted

    counted = False

    def decide(strong: bool) -> tuple[Writes, Order]:
        nonlocal counted
        try:
            writes, new = _decided(wish, strong=strong)
        except Refusal:
            if strong:
                raise
            writes, new = _decided(wish, strong=True)  # nobody is refused on a read that may be old
        if len(writes) and not counted:
            _refuse_many(wish)
            counted = True
        return writes, new

    return shown(transact(decide))


def cancel(caller: MemberCaller, order_id: str, at: datetime) -> Shown:
    """Give an order up that nobody has confirmed yet; again: the same answer.

    What burnt while it was held burns.

    Raises:
        OrderUnknown, OrderNotPossible.
    """
    by = By(f"member:{caller.member}", at)

    def decide(_: bool) -> tuple[Writes, Order]:
        account = ledger.account(caller.program, caller.member, strong=True)
        found = own(caller.program, caller.member, order_id)
        if found.state == "cancelled":
            return Writes(), found
        if found.state != "placed":
            raise OrderNotPossible(state=found.state)
        after, writes = acts.cancelled(found, account, by, grace=False)
        return writes, after

    return shown(transact(decide))


def leave(program: str, member: str, at: datetime) -> int:
    """Cancel what an erased member has on order; how many orders that were.

    Their points end without opening lots, the pieces go back to the stock. One that cannot be
    ended is logged and left for the next time. May be called at any time and again.
    """
    mine = store_orders.all_of_member(program, member)
    left = [one for one in mine if one.state in rules.OPEN]
    return each(left, lambda one: _end(one, By(rules.SYSTEM, at)), "order of an erased member")


def own(program: str, member: str, order_id: str) -> Order:
    """A member's order by its id; raises OrderUnknown. Strong reads."""
    hold = spending.find(program, member, order_id, strong=True)
    found = None
    if hold is not None and hold.owner == owner(order_id):
        found = store_orders.order(program, member, hold.placed)
    if found is None:
        raise OrderUnknown
    return found


def shown(found: Order) -> Shown:
    """An order with its history, for whoever may see it."""
    ship = store_orders.ship(found) if found.way == "post" else None
    return Shown(
        found,
        store_orders.history(found),
        ship.address if ship else None,
        ship.parcel if ship else None,
    )


def owner(order_id: str) -> str:
    """What the ledger calls the owner of an order's points."""
    return f"order:{order_id}"


def _decided(wish: Wish, *, strong: bool) -> tuple[Writes, Order]:
    who = wish.caller
    hold = spending.find(who.program, who.member, wish.order, strong=strong)
    if hold is not None:
        if hold.owner != owner(wish.order):
            raise OrderDiffers
        done = own(who.program, who.member, wish.order)
        if done.request != wish.request:
            raise OrderDiffers
        return Writes(), done
    refuse_closed(in_force(who.program, wish.at), who.member, who.kind, "orders", wish.at)
    reward = _chosen(wish, strong=strong)
    chosen = rules.goods(reward, wish.quantity)
    number = rules.order_number(wish.ids.bytes(rules.NUMBER_SYMBOLS))
    given, writes = _given(wish, reward, number)
    if chosen.taken:
        writes += acts.taken(reward, wish.quantity, wish.at, strong=strong)
    writes += acts.counted(reward, who.member, wish.quantity, strong=strong)
    new, posted = _paid(wish, number, chosen, given, strong=strong)
    writes += posted.writes
    writes += store_orders.placed(new, wish.address)
    if wish.way == "pickup":
        writes += store.point_awaits(who.program, wish.point, 1)
    if given:
        line = rules.step(new, "order.issued", new.placed_at, rules.SYSTEM)
        writes += store_orders.told(new, line)
    return writes, new


def _refuse_many(wish: Wish) -> None:
    wait = BY_MEMBER.take(wish.caller.program, wish.caller.member, wish.at)
    if wait:
        raise TooManyOrders(retry_after=wait)


def _chosen(wish: Wish, *, strong: bool) -> Reward:
    reward = store.reward(wish.caller.program, wish.reward, strong=True)
    if reward is None:
        raise RewardUnknown
    model.refuse_unavailable(reward, wish.caller.kind, wish.at)
    if reward.details.coupon is not None:
        today = local_date(wish.at, in_force(reward.program, wish.at).zone)
        model.refuse_over(reward.details.coupon, today)
    rules.refuse_price(reward, wish.price)
    rules.refuse_delivery(reward.details, wish.way, wish.point)
    if wish.way == "pickup" and not (
        store.point(reward.program, wish.point)
        or store.point(reward.program, wish.point, strong=True)
    ):
        raise PointUnknown
    return reward


def _given(wish: Wish, reward: Reward, number: str) -> tuple[Given | None, Writes]:
    """What an order for codes gives at once."""
    if wish.way != "code":
        return None, Writes()
    buying = service_codes.Buying(
        reward=reward,
        member=wish.caller.member,
        order=wish.order,
        number=number,
        quantity=wish.quantity,
        at=wish.at,
        ids=wish.ids,
    )
    return service_codes.given(buying)


def _paid(
    wish: Wish, number: str, chosen: rules.Goods, given: Given | None, *, strong: bool
) -> tuple[Order, Posting]:
    """The new order and the entry that pays for it: points held, or spent where it is a code."""
    who, at = wish.caller, wish.at
    account = ledger.account(who.program, who.member, strong=strong)
    program = in_force(who.program, at)
    new = Order(
        program=who.program,
        member=who.member,
        order=wish.order,
        seq=0,
        number=number,
        state="issued" if given else "placed",
        version=1 if given else 0,
        goods=chosen,
        points=rules.cost(chosen),
        way=wish.way,
        point=wish.point,
        placed_at=render(at),
        request=wish.request,
        codes=given.codes if given else (),
        coupons=given.coupons if given else (),
    )
    actor, owned = f"member:{who.member}", owner(wish.order)
    if given:
        cause = Cause("gift.spent", wish.order, actor)
        reason = rules.reason("gift_spent", new)
        posted = spending.spend(
            account, wish.order, new.points, cause, reason, program, at, owner=owned
        )
    else:
        cause = Cause("gift.ordered", wish.order, actor)
        reason = rules.reason("gift_ordered", new)
        posted = holds.place(
            account,
            wish.order,
            new.points,
            cause,
            program,
            at,
            reason=reason,
            owner=owned,
            spending=True,
        )
    return msgspec.structs.replace(new, seq=posted.entry.seq), posted


def _end(known: Order, by: By) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        account = ledger.account(known.program, known.member, strong=True)
        found = store_orders.order(known.program, known.member, known.seq)
        if found is None or found.state not in rules.OPEN or not account.closed:
            return Writes(), None
        return acts.cancelled(found, account, by)[1], None

    transact(decide)
