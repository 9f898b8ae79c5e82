"""Orders as the API shows them."""

import msgspec

from chalicelib.kernel.texts import say
from chalicelib.rewards import service_codes
from chalicelib.rewards.model import Delivery
from chalicelib.rewards.model_orders import REFUND_ASKED, Address, Order, Parcel, Step
from chalicelib.rewards.service_orders import Shown
from chalicelib.rewards.service_redeeming import Checked
from chalicelib.rewards.shapes_codes import GiftCodeState, GiftCodeView
from chalicelib.rewards.shapes_orders import (
    AddressView,
    OrderRow,
    OrderView,
    ParcelView,
    PickRow,
    StaffOrderRow,
    StaffOrderView,
    StaffStepView,
    StepView,
)
from chalicelib.rewards.store_orders import OrderItem, QueueItem


def order_row(order: Order, language: str) -> OrderRow:
    """One row of a member's list."""
    goods = order.goods
    return OrderRow(
        order=order.order,
        number=order.number,
        state=order.state,
        text=say(language, f"order.{order.state}"),
        reward=goods.reward,
        name=goods.name.get(language),
        kind=goods.kind,
        quantity=goods.quantity,
        points=order.points,
        way=order.way,
        placed_at=order.placed_at,
    )


def stored_row(item: OrderItem, language: str) -> OrderRow:
    """The same of a stored order."""
    return order_row(item.value(), language)


def order_view(found: Shown, language: str) -> OrderView:
    """One order for its member."""
    order = found.order
    row = order_row(order, language)
    return OrderView(
        **msgspec.structs.asdict(row),
        point=order.point or None,
        address=_address(found.address),
        parcel=_parcel(found.parcel),
        codes=service_codes.shown(order),
        coupons=list(order.coupons),
        can_cancel=order.state == "placed",
        history=[
            _placed(order, language),
            *(_step(one, language) for one in found.history if one.fact != REFUND_ASKED),
        ],
    )


def staff_row(item: QueueItem, language: str) -> StaffOrderRow:
    """One row of a staff list."""
    return _staff_row(item, item.delivery, language)


def stored_staff_row(item: OrderItem, language: str) -> StaffOrderRow:
    """The same of an order that was found with its member."""
    order = item.value()
    return _staff_row(order, order.way, language)


def staff_view(found: Shown, language: str, *, personal: bool) -> StaffOrderView:
    """One order for staff: everything but the codes, and where it goes only if ``personal``."""
    order = found.order
    return StaffOrderView(
        **msgspec.structs.asdict(_staff_row(order, order.way, language)),
        order=order.order,
        entry=order.seq,
        address=_address(found.address) if personal else None,
        parcel=_parcel(found.parcel) if personal else None,
        codes_given=len(order.codes) + len(order.coupons),
        history=[_staff_step(one, language) for one in found.history],
    )


def gift_code_view(found: Checked, language: str) -> GiftCodeView:
    """A code that an order gave, for whoever redeems it."""
    order, goods = found.order, found.order.goods
    state: GiftCodeState = "redeemed" if found.redeemed_at else "open"
    return GiftCodeView(
        state="refunded" if order.state == "refunded" else state,
        number=order.number,
        reward=goods.reward,
        name=goods.name.get(language),
        kind=goods.kind,
        piece=found.piece,
        placed_at=order.placed_at,
        redeemed_at=found.redeemed_at or None,
        redeemed_by=found.redeemed_by or None,
    )


def pick_row(item: QueueItem, language: str) -> PickRow:
    """One line of a pick list."""
    goods = item.goods
    return PickRow(
        number=item.number,
        sku=goods.sku,
        reward=goods.reward,
        name=goods.name.get(language),
        quantity=goods.quantity,
        way=item.delivery,
        point=item.point or None,
        placed_at=item.placed_at,
    )


def _staff_row(order: Order | QueueItem, way: Delivery, language: str) -> StaffOrderRow:
    goods = order.goods
    return StaffOrderRow(
        number=order.number,
        member=order.member,
        state=order.state,
        reward=goods.reward,
        sku=goods.sku,
        name=goods.name.get(language),
        quantity=goods.quantity,
        points=order.points,
        way=way,
        point=order.point or None,
        placed_at=order.placed_at,
    )


def _placed(order: Order, language: str) -> StepView:
    return StepView(
        fact="order.placed",
        state="placed",
        at=order.placed_at,
        text=say(language, "order.placed"),
    )


def _step(line: Step, language: str) -> StepView:
    return StepView(fact=line.fact, state=line.state, at=line.at, text=_text(line, language))


def _staff_step(line: Step, language: str) -> StaffStepView:
    return StaffStepView(
        fact=line.fact,
        state=line.state,
        at=line.at,
        text=_text(line, language),
        actor=line.actor,
        reason=line.reason,
        points=line.points,
        restocked=line.restocked,
    )


def _text(line: Step, language: str) -> str:
    name = line.name.get(language)
    return say(language, line.fact, name=name, quantity=line.quantity)


def _address(address: Address | None) -> AddressView | None:
    if address is None:
        return None
    return AddressView(
        name=address.name,
        lines=list(address.lines),
        city=address.city,
        postcode=address.postcode,
        country=address.country,
        phone=address.phone,
    )


def _parcel(parcel: Parcel | None) -> ParcelView | None:
    return ParcelView(parcel.carrier, parcel.tracking_number) if parcel else None
