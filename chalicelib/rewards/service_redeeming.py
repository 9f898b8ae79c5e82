"""Staff redeem the codes that were made for orders of services and tickets, each once.

A redeemed code is a line of its order's history, so that redeeming and refunding exclude each
other. Codes of a pool are checked by whoever made them, coupons by a till.
"""

from dataclasses import dataclass

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards import service_orders_acts as acts
from chalicelib.rewards import store_codes
from chalicelib.rewards.errors_orders import GiftCodeRedeemed, GiftCodeUnknown, OrderNotPossible
from chalicelib.rewards.model_orders import Order
from chalicelib.rewards.service_orders_acts import By
from chalicelib.rewards.service_orders_staff import find
from chalicelib.rewards.store_codes import GiftCodeItem


@dataclass(frozen=True, slots=True)
class Checked:
    """A code with the order that gave it."""

    order: Order
    piece: int
    """Which piece of the order it stands for, from 1."""
    redeemed_at: str
    """Empty unless it was redeemed; so is by whom."""
    redeemed_by: str


def look(program: str, typed: str) -> Checked:
    """A code as people type or scan it; raises GiftCodeUnknown."""
    return _checked(*_found(program, typed))


def redeem(program: str, typed: str, by: By, call: guards.Request) -> Checked:
    """Redeem a code; the same call again answers it as it is.

    Raises:
        GiftCodeUnknown, IdempotencyKeyReused.
        GiftCodeRedeemed: it was redeemed by another call.
        OrderNotPossible: its order was refunded.
    """
    pk = keys.orders(program)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        item, order = _found(program, typed)
        if item.redeemed_at:
            raise GiftCodeRedeemed(redeemed_at=item.redeemed_at)
        if order.state not in rules.HANDED_OVER:
            raise OrderNotPossible(state=order.state)
        writes = acts.noted(order, rules.REDEEMED, by)[1]
        writes += store_codes.redeemed(item, by.actor, render(by.at))
        guards.remember(writes, pk, call, order.number)
        return audit.note(writes, _act(_checked(item, order), by)), None

    transact(decide)
    return look(program, typed)


def _found(program: str, typed: str) -> tuple[GiftCodeItem, Order]:
    symbols = rules.read_code(typed)
    item = store_codes.by_code(program, symbols) if symbols else None
    if item is None:
        raise GiftCodeUnknown
    return item, find(program, item.number)


def _checked(item: GiftCodeItem, order: Order) -> Checked:
    return Checked(order, item.piece, item.redeemed_at, item.redeemed_by)


def _act(checked: Checked, by: By) -> audit.Act:
    return audit.Act(
        program=checked.order.program,
        actor=by.actor,
        action=rules.REDEEMED,
        subject=f"order:{checked.order.number}",
        at=by.at,
        after={"reward": checked.order.goods.reward, "piece": checked.piece},
    )
