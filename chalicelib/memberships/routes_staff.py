"""HTTP: memberships as staff see, give and refund them."""

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.members import service_groups
from chalicelib.members.errors import MemberUnknown
from chalicelib.memberships import service, store
from chalicelib.memberships.errors import PaidAhead, PaymentUnknown, PlanUnknown
from chalicelib.memberships.room import PAYMENT, WHOSE, room
from chalicelib.memberships.service import Order
from chalicelib.memberships.shapes import GiveBody, Memberships, PaymentView, SettledView
from chalicelib.memberships.views import memberships_view, payment_view, settled_view
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force

PATH = "/v1/staff/programs/{program}/members/{member}/memberships"
PAYMENTS = "/v1/staff/programs/{program}/members/{member}/membership-payments"


@room.route(
    "GET",
    PATH,
    access="staff:memberships.read",
    summary="The memberships of a member",
    answers={200: Memberships},
    refuses=(ProgramUnknown, MemberUnknown),
    example=Example(path=WHOSE),
)
def read(call: Call[NoBody, NoBody]) -> Answer:
    """As the member sees them."""
    program = in_force(call.path["program"], call.at)
    member = service_groups.find(program.id, call.path["member"])
    today = local_date(call.at, program.zone)
    return Answer(memberships_view(member, program, today, call.language))


@room.route(
    "GET",
    PAYMENTS,
    access="staff:memberships.read",
    summary="What a member paid for memberships, newest first",
    query=PageQuery,
    answers={200: Page[PaymentView]},
    refuses=(MemberUnknown,),
    example=Example(path=WHOSE),
)
def payments(call: Call[NoBody, PageQuery]) -> Answer:
    """Also what was refunded, and what staff gave."""
    program = call.path["program"]
    member = service_groups.find(program, call.path["member"]).member
    return Answer(
        page(
            call.query,
            keys.member(program, member) + "#PAID",
            lambda after, limit: store.newest(program, member, after, limit),
            lambda item: payment_view(item.value()),
        )
    )


@room.route(
    "POST",
    PATH,
    access="staff:memberships.write",
    summary="Start or renew a membership without a payment",
    body=GiveBody,
    answers={201: SettledView},
    refuses=(ProgramUnknown, MemberUnknown, PlanUnknown, PaidAhead, PaymentUnknown),
    example=Example(path=WHOSE, body={"plan": "plus", "reason": "Paid at the desk"}),
    guarded=True,
)
def give(call: Call[GiveBody, NoBody]) -> Answer:
    """For one period, from today or from the day until which it is paid."""
    order = _order(call, call.body.reason)
    done = service.give(order, call.body.plan, call.ids.new(), call.guard())
    return Answer(settled_view(done, call.language), 201)


@room.route(
    "POST",
    PAYMENTS + "/{payment}/refund",
    access="staff:memberships.write",
    summary="A payment for a membership was given back",
    body=Why,
    answers={200: SettledView},
    refuses=(ProgramUnknown, PaymentUnknown),
    example=Example(path={**WHOSE, "payment": PAYMENT}, body={"reason": "Ordered by mistake"}),
)
def refund_payment(call: Call[Why, NoBody]) -> Answer:
    """Its months come off the end; what is then not paid any more ends at once. Also for what staff
    gave. The same again changes nothing.
    """
    done = service.refund_by_staff(_order(call, call.body.reason), call.path["payment"])
    return Answer(settled_view(done, call.language))


def _order(call: Call[GiveBody, NoBody] | Call[Why, NoBody], reason: str) -> Order:
    return Order(call.path["program"], call.path["member"], call.principal, reason, call.at)
