"""HTTP: a member's own orders."""

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.counters.gates import GateClosed, LevelNeeded
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.table.pages import Page, PageQuery
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.rules import NotEnoughPoints
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.model import ProgramUnknown
from chalicelib.rewards import errors, errors_orders, service_orders, service_orders_lists
from chalicelib.rewards.model import Delivery
from chalicelib.rewards.model_orders import Address, OrderState
from chalicelib.rewards.service_orders import Wish
from chalicelib.rewards.shapes_orders import ByCode, ByPickup, ByPost, NewOrder, OrderRow, OrderView
from chalicelib.rewards.views_orders import order_view, stored_row

room = Room(
    "orders",
    "Orders of rewards: members place, follow and cancel them; staff confirm, hand over, ship, "
    "cancel, refund and substitute. Points are set aside when an order is placed and spent when it "
    "is handed over; codes are given at once.",
)
ORDER = {"order": "6f1d2c3b4a5968770f1e"}
ORDER_ID = re.compile(r"[0-9a-z][0-9a-z-]{14,38}[0-9a-z]")
"""Such as a UUID, with its dashes or without."""


class OwnOrdersQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of one member's orders."""

    state: Annotated[OrderState | None, Meta(description="Only orders in this state.")] = None


@room.route(
    "PUT",
    "/v1/me/orders/{order}",
    access="member",
    summary="Order a reward, under an id that my client made",
    body=NewOrder,
    answers={200: OrderView},
    refuses=(
        NotActive,
        RulesNotAccepted,
        ProgramUnknown,
        GateClosed,
        LevelNeeded,
        AccountUnknown,
        AccountClosed,
        NotEnoughPoints,
        errors.RewardUnknown,
        errors.RewardUnavailable,
        errors.PointUnknown,
        errors_orders.OrderUnknown,
        errors_orders.OrderDiffers,
        errors_orders.PriceChanged,
        errors_orders.DeliveryNotOffered,
        errors_orders.RewardSoldOut,
        errors_orders.PerMemberReached,
        errors_orders.TooManyOrders,
    ),
    example=Example(
        body={
            "reward": "ring-box",
            "quantity": 1,
            "price": 200,
            "delivery": {"way": "pickup", "point": "arbat-point"},
        },
        path=ORDER,
    ),
)
def place(call: Call[NewOrder, NoBody]) -> Answer:
    """The same order again is answered as it is now; another one under this id is refused. 60 new
    orders an hour are enough for anybody.
    """
    body, order_id = call.body, _order_id(call)
    way, point, address = _delivery(body.delivery)
    content = msgspec.json.encode(body, order="deterministic").decode()
    wish = Wish(
        caller=call.member,
        order=order_id,
        reward=body.reward,
        quantity=body.quantity,
        price=body.price,
        way=way,
        point=point,
        address=address,
        request=keyed_hash(call.settings, "order", call.member.member, order_id, content),
        at=call.at,
        ids=call.ids,
    )
    return Answer(order_view(service_orders.place(wish), call.language))


@room.route(
    "GET",
    "/v1/me/orders",
    access="member",
    summary="My orders, newest first",
    query=OwnOrdersQuery,
    answers={200: Page[OrderRow]},
)
def my_orders(call: Call[NoBody, OwnOrdersQuery]) -> Answer:
    """The caller's orders. With a filter a page may be short although `next` leads on."""
    who, query = call.member, call.query
    return Answer(
        service_orders_lists.of_member(
            who.program,
            who.member,
            query.state,
            query,
            lambda item: stored_row(item, call.language),
        )
    )


@room.route(
    "GET",
    "/v1/me/orders/{order}",
    access="member",
    summary="One of my orders with its history",
    answers={200: OrderView},
    refuses=(errors_orders.OrderUnknown,),
    example=Example(path=ORDER),
)
def my_order(call: Call[NoBody, NoBody]) -> Answer:
    """Where it stands, how it comes to the caller, and the codes that it gave."""
    who = call.member
    found = service_orders.own(who.program, who.member, _order_id(call))
    return Answer(order_view(service_orders.shown(found), call.language))


@room.route(
    "POST",
    "/v1/me/orders/{order}/cancellation",
    access="member",
    summary="Give up my order, while nobody has confirmed it",
    answers={200: OrderView},
    refuses=(
        ProgramUnknown,
        AccountUnknown,
        errors_orders.OrderUnknown,
        errors_orders.OrderNotPossible,
    ),
    example=Example(path=ORDER),
)
def cancel_my_order(call: Call[NoBody, NoBody]) -> Answer:
    """The points are available again, each with its own burn date; those whose last day is over
    burn at once. Again: the same answer.
    """
    done = service_orders.cancel(call.member, _order_id(call), call.at)
    return Answer(order_view(done, call.language))


def _order_id(call: Call[Any, Any]) -> str:
    found = call.path["order"]
    if not ORDER_ID.fullmatch(found):
        raise errors_orders.OrderUnknown
    return found


def _delivery(sent: ByPickup | ByPost | ByCode) -> tuple[Delivery, str, Address | None]:
    if isinstance(sent, ByPickup):
        return "pickup", sent.point, None
    if isinstance(sent, ByCode):
        return "code", "", None
    address = Address(
        name=sent.name,
        lines=sent.lines,
        city=sent.city,
        postcode=sent.postcode,
        country=sent.country,
        phone=sent.phone,
    )
    return "post", "", address
