"""HTTP: what staff do with one order."""

from typing import Any

from chalicelib.coupons.errors import CouponNotOpen
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.ledger.approvals import ApprovalNeeded, OwnRequest
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown
from chalicelib.programs.model import ProgramUnknown
from chalicelib.rewards import errors, errors_orders, service_orders_instead
from chalicelib.rewards import service_orders_staff as service
from chalicelib.rewards.model_orders import Parcel
from chalicelib.rewards.routes_orders import room
from chalicelib.rewards.service_orders import Shown
from chalicelib.rewards.service_orders_acts import By
from chalicelib.rewards.service_orders_instead import Exchange
from chalicelib.rewards.service_orders_staff import Command
from chalicelib.rewards.shapes_orders import (
    Cancellation,
    Refund,
    Shipment,
    StaffOrderView,
    Substitution,
)
from chalicelib.rewards.views_orders import staff_view

PATH = "/v1/staff/programs/{program}/orders/{number}"
ORDER = {"program": "jewels", "number": "QX7M2K9RDW"}
ACTING = (
    ProgramUnknown,
    AccountUnknown,
    errors_orders.OrderUnknown,
    errors_orders.OrderNotPossible,
)


@room.route(
    "GET",
    PATH,
    access="staff:orders.read",
    summary="An order with its history",
    answers={200: StaffOrderView},
    refuses=(errors_orders.OrderUnknown,),
    example=Example(path=ORDER),
)
def order(call: Call[NoBody, NoBody]) -> Answer:
    """All that is known of an order, but for the codes that it gave. Where it goes is shown to who
    may handle orders.
    """
    return _answer(call, service.look(call.path["program"], call.path["number"]))


@room.route(
    "POST",
    PATH + "/confirmation",
    access="staff:orders.handle",
    summary="Confirm an order: it will be seen to",
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(path=ORDER),
)
def confirm(call: Call[NoBody, NoBody]) -> Answer:
    """From now on its member can no longer give it up."""
    return _answer(call, service.confirm(_command(call)))


@room.route(
    "POST",
    PATH + "/issue",
    access="staff:orders.handle",
    summary="Hand an order over at its pick-up point",
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(path=ORDER),
)
def issue(call: Call[NoBody, NoBody]) -> Answer:
    """The points that were set aside are spent."""
    return _answer(call, service.issue(_command(call)))


@room.route(
    "POST",
    PATH + "/shipment",
    access="staff:orders.handle",
    summary="Post an order",
    body=Shipment,
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(
        body={"carrier": "Russian Post", "tracking_number": "RA123456789RU"}, path=ORDER
    ),
)
def ship(call: Call[Shipment, NoBody]) -> Answer:
    """The points that were set aside are spent; the member learns the tracking number."""
    return _answer(call, service.ship(_command(call), _parcel(call.body)))


@room.route(
    "PUT",
    PATH + "/shipment",
    access="staff:orders.handle",
    summary="Correct how an order on its way travels",
    body=Shipment,
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(
        body={"carrier": "Russian Post", "tracking_number": "RA123456798RU"}, path=ORDER
    ),
)
def correct_shipment(call: Call[Shipment, NoBody]) -> Answer:
    """Another tracking number or carrier, while it is on its way; the member sees it at once."""
    return _answer(call, service.correct(_command(call), _parcel(call.body)))


@room.route(
    "POST",
    PATH + "/delivery",
    access="staff:orders.handle",
    summary="Note that a posted order has arrived",
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(path=ORDER),
)
def deliver(call: Call[NoBody, NoBody]) -> Answer:
    """The end of a posted order."""
    return _answer(call, service.deliver(_command(call)))


@room.route(
    "POST",
    PATH + "/cancellation",
    access="staff:orders.handle",
    summary="Cancel an order that was not handed over",
    body=Cancellation,
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(body={"reason": "Damaged in the store", "restock": False}, path=ORDER),
)
def cancel(call: Call[Cancellation, NoBody]) -> Answer:
    """The points go back to their lots, and the pieces to the stock unless they are lost; lots
    that burnt meanwhile live for the grace period.
    """
    command = _command(call, call.body.reason, restock=call.body.restock)
    return _answer(call, service.cancel(command))


@room.route(
    "POST",
    PATH + "/refund-request",
    access="staff:orders.refund",
    summary="Ask for the refund of a handed-over order",
    body=Why,
    answers={200: StaffOrderView},
    refuses=ACTING,
    example=Example(body={"reason": "The clasp broke on the first day"}, path=ORDER),
)
def ask_refund(call: Call[Why, NoBody]) -> Answer:
    """Needed for more points than `approvals.adjustment_above` of the program: somebody else gives
    them back. The request stands in the order's history; its member does not see it.
    """
    return _answer(call, service.ask_refund(_command(call, call.body.reason)))


@room.route(
    "POST",
    PATH + "/refund",
    access="staff:orders.refund",
    summary="Give the points of a handed-over order back",
    body=Refund,
    answers={200: StaffOrderView},
    refuses=(
        *ACTING,
        AccountClosed,
        ApprovalNeeded,
        OwnRequest,
        CouponNotOpen,
        errors_orders.GiftCodeRedeemed,
    ),
    example=Example(body={"reason": "Returned in its box", "restock": True}, path=ORDER),
)
def refund(call: Call[Refund, NoBody]) -> Answer:
    """They go back to their lots; lots that burnt meanwhile live for the grace period. More points
    than `approvals.adjustment_above` of the program must have been asked for by somebody else.
    Coupons that the order gave are withdrawn. One that was used, or a code that was redeemed, keeps
    the order from this.
    """
    command = _command(call, call.body.reason, restock=call.body.restock)
    return _answer(call, service.refund(command))


@room.route(
    "POST",
    PATH + "/substitution",
    access="staff:orders.handle",
    summary="Put another reward in place of what was ordered",
    body=Substitution,
    answers={200: StaffOrderView},
    refuses=(
        *ACTING,
        AccountClosed,
        errors.RewardUnknown,
        errors_orders.RewardNotForMember,
        errors_orders.DeliveryNotOffered,
        errors_orders.SubstituteTooDear,
        errors_orders.SubstituteAboveLimit,
        errors_orders.PerMemberReached,
        errors_orders.RewardSoldOut,
    ),
    example=Example(
        body={"reward": "ring-box", "quantity": 1, "reason": "The tiara is out of stock"},
        path=ORDER,
    ),
)
def substitute(call: Call[Substitution, NoBody]) -> Answer:
    """It never costs the member more; what it costs less comes back to them. What is worth more
    than the order, in points or pieces, takes the right `orders.refund` too; more by over
    `approvals.adjustment_above` points of the program is refused.
    """
    body = call.body
    generous = call.staff.may(service.REFUND, call.path["program"])
    exchange = Exchange(body.reward, body.quantity, generous)
    return _answer(call, service_orders_instead.substitute(_command(call, body.reason), exchange))


def _answer(call: Call[Any, Any], found: Shown) -> Answer:
    personal = call.staff.may("orders.handle", call.path["program"])
    return Answer(staff_view(found, call.language, personal=personal))


def _parcel(body: Shipment) -> Parcel:
    return Parcel(carrier=body.carrier, tracking_number=body.tracking_number)


def _command(call: Call[Any, Any], reason: str = "", *, restock: bool = True) -> Command:
    by = By(call.principal, call.at, reason)
    return Command(call.path["program"], call.path["number"], by, restock)
