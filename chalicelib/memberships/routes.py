"""HTTP: memberships of members, and payments that partners' systems tell of."""

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import InvalidFields, Unauthorized
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.members import store as members
from chalicelib.members.errors import AppCodeExpired, TooManyLookups
from chalicelib.memberships import routes_staff, service, store
from chalicelib.memberships.errors import (
    PaidAhead,
    PaymentDiffers,
    PaymentUnknown,
    PlanUnknown,
    PriceDiffers,
)
from chalicelib.memberships.room import PAYMENT, room
from chalicelib.memberships.shapes import MembershipPayment, Memberships, PaymentView, SettledView
from chalicelib.memberships.views import memberships_view, payment_view, settled_view
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force
from chalicelib.receipts import errors
from chalicelib.receipts.desk import Desk

__all__ = ["room", "routes_staff"]


@room.route(
    "GET",
    "/v1/me/memberships",
    access="member",
    summary="Memberships that can be paid for, and mine",
    answers={200: Memberships},
    refuses=(ProgramUnknown,),
)
def mine(call: Call[NoBody, NoBody]) -> Answer:
    """What each costs and brings, and until when it is paid."""
    who = call.member
    program = in_force(who.program, call.at)
    member = members.read(who.program, who.member, strong=True)
    if member is None:
        raise Unauthorized
    today = local_date(call.at, program.zone)
    return Answer(memberships_view(member, program, today, call.language))


@room.route(
    "GET",
    "/v1/me/membership-payments",
    access="member",
    summary="What I paid for memberships, newest first",
    query=PageQuery,
    answers={200: Page[PaymentView]},
)
def my_payments(call: Call[NoBody, PageQuery]) -> Answer:
    """Also what was refunded."""
    who = call.member
    return Answer(
        page(
            call.query,
            keys.member(who.program, who.member) + "#PAID",
            lambda after, limit: store.newest(who.program, who.member, after, limit),
            lambda item: payment_view(item.value()),
        )
    )


@room.route(
    "POST",
    "/v1/partner/memberships",
    access="partner:memberships.write",
    summary="Tell of a payment for a membership",
    body=MembershipPayment,
    answers={201: SettledView},
    refuses=(
        PlanUnknown,
        PaymentUnknown,
        PriceDiffers,
        PaidAhead,
        PaymentDiffers,
        errors.BuyerUnknown,
        errors.BeforeProgram,
        errors.ReceiptTooOld,
        errors.ReceiptInFuture,
        ProgramUnknown,
        InvalidFields,
        AppCodeExpired,
        TooManyLookups,
    ),
    example=Example(
        body={
            "number": "SUB-2026-104",
            "plan": "plus",
            "at": "2026-11-23T12:30:00+03:00",
            "amount": 9900,
            "buyer": {"card": "4276000000000014"},
        }
    ),
)
def pay(call: Call[MembershipPayment, NoBody]) -> Answer:
    """It starts the membership, or goes on from the day until which it is paid. The same payment
    again is answered the same.
    """
    done = service.pay_by_partner(Desk(call.partner, call.at, call.settings), call.body)
    return Answer(settled_view(done, call.language), 201)


@room.route(
    "POST",
    "/v1/partner/memberships/{payment}/refund",
    access="partner:memberships.write",
    summary="Tell that a payment for a membership was given back",
    body=Why,
    answers={200: SettledView},
    refuses=(PaymentUnknown, ProgramUnknown),
    example=Example(path={"payment": PAYMENT}, body={"reason": "Ordered by mistake"}),
)
def refund(call: Call[Why, NoBody]) -> Answer:
    """Its months come off the end; what is then not paid any more ends at once. The same again
    changes nothing.
    """
    desk = Desk(call.partner, call.at, call.settings)
    done = service.refund_by_partner(desk, call.path["payment"], call.body.reason)
    return Answer(settled_view(done, call.language))
