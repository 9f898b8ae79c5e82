"""What staff put in place of what was ordered."""

from dataclasses import dataclass

from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.model import Account
from chalicelib.members import store as members
from chalicelib.programs.service import in_force
from chalicelib.rewards import model, store, store_orders
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards import service_orders_acts as acts
from chalicelib.rewards.errors import RewardUnknown
from chalicelib.rewards.errors_orders import (
    OrderNotPossible,
    RewardNotForMember,
    SubstituteAboveLimit,
    SubstituteTooDear,
)
from chalicelib.rewards.model import Reward
from chalicelib.rewards.model_orders import Goods, Order
from chalicelib.rewards.service_orders import Shown
from chalicelib.rewards.service_orders_staff import Command, changed, tried


@dataclass(frozen=True, slots=True)
class Exchange:
    """What to put in place of what was ordered."""

    reward: str
    quantity: int | None = None
    """None: as many as were ordered."""
    generous: bool = False
    """Whether it may be worth more than what was ordered."""


def substitute(command: Command, exchange: Exchange) -> Shown:
    """Put another reward, or another quantity, in place of what was ordered.

    It need not be on offer, but it must be there and meant for such a member, and it never costs
    the member more than they agreed to. Only who may also refund can give what is worth more, and
    nobody so much more that the program wants two people for it. What is ordered already is
    answered as it is.

    Raises:
        OrderUnknown, OrderNotPossible, RewardUnknown, RewardNotForMember, DeliveryNotOffered,
        SubstituteTooDear, SubstituteAboveLimit, PerMemberReached, RewardSoldOut, AccountClosed.
    """

    def change(found: Order, account: Account) -> tuple[Order, Writes]:
        wanted = exchange.reward, exchange.quantity or found.goods.quantity
        if (found.goods.reward, found.goods.quantity) == wanted and _was_exchanged(found):
            return found, Writes()
        if found.state not in rules.OPEN:
            raise OrderNotPossible(state=found.state)
        return _exchanged(command, exchange, found, account)

    return changed(command, "order.substituted", change)


def _exchanged(
    command: Command, exchange: Exchange, found: Order, account: Account
) -> tuple[Order, Writes]:
    had, by = found.goods, command.by
    quantity = exchange.quantity or had.quantity
    same = exchange.reward == had.reward
    if same and quantity == had.quantity:
        return found, Writes()
    if same and quantity < had.quantity:
        return acts.fewer(found, account, quantity, by)
    other = store.reward(command.program, exchange.reward, strong=True)
    if other is None or other.state == "draft":
        raise RewardUnknown
    rules.refuse_delivery(other.details, found.way, found.point)
    _refuse_dear(command, exchange, found, rules.goods(other, quantity))
    if same:
        return acts.more(found, account, other, quantity, by)
    _refuse_stranger(other, found.member)
    return acts.substituted(found, account, other, quantity, by)


def _refuse_dear(command: Command, exchange: Exchange, found: Order, wanted: Goods) -> None:
    """Refuse what is worth more than the order: without the right to, and too much for one person
    at all. Who lacks the right leaves a record of the try.

    Raises:
        SubstituteTooDear, SubstituteAboveLimit.
    """
    if not rules.is_dearer(found, wanted):
        return
    if not exchange.generous:
        tried(found, command.by)
        raise SubstituteTooDear(points=found.points)
    approvals = in_force(found.program, command.by.at).approvals
    if approvals.needs_two(rules.surplus(found, wanted)):
        raise SubstituteAboveLimit(limit=approvals.adjustment_above)


def _refuse_stranger(other: Reward, member: str) -> None:
    """Refuse a reward that is meant for other kinds of member; raises RewardNotForMember."""
    if not other.details.audience:
        return
    who = members.read(other.program, member, strong=True)
    if who is None or not model.is_meant_for(other.details, who.kind):
        raise RewardNotForMember


def _was_exchanged(found: Order) -> bool:
    return any(line.fact == "order.substituted" for line in store_orders.history(found))
