"""HTTP: receipts and events as staff see and tell them."""

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table.pages import Page, PageQuery
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown, account
from chalicelib.members.errors import MemberUnknown
from chalicelib.receipts import errors, listing, service_events, service_receipts, store
from chalicelib.receipts.model import Happening
from chalicelib.receipts.routes_common import room, today
from chalicelib.receipts.service_events import Order
from chalicelib.receipts.shapes import PostedView, ReceiptRow, StaffEvent, StaffReceiptView
from chalicelib.receipts.views import posted_view, staff_view

MEMBER = "/v1/staff/programs/{program}/members/{member}"


@room.route(
    "GET",
    MEMBER + "/receipts",
    access="staff:receipts.read",
    summary="A member's receipts, newest first",
    query=PageQuery,
    answers={200: Page[ReceiptRow]},
    refuses=(AccountUnknown,),
    example=Example(path={"program": "jewels", "member": "5h2q8w0n1c7x4v9k3j6m"}),
)
def member_receipts(call: Call[NoBody, PageQuery]) -> Answer:
    """A page may hold fewer rows than asked for and still have a next one."""
    program, member = call.path["program"], call.path["member"]
    account(program, member)
    return Answer(listing.receipts(program, member, call.query))


@room.route(
    "GET",
    "/v1/staff/programs/{program}/receipts/{receipt}",
    access="staff:receipts.read",
    summary="A receipt with its judgement explained",
    answers={200: StaffReceiptView},
    refuses=(errors.ReceiptUnknown,),
    example=Example(path={"program": "jewels", "receipt": "5f3c9a0d2b7e4c1f8a6d0e9b"}),
)
def explained(call: Call[NoBody, NoBody]) -> Answer:
    """Why each rule gave what it gave, and why the others gave nothing: judged again with what was
    known then.
    """
    item = store.find(call.path["program"], call.path["receipt"], strong=False)
    if item is None:
        raise errors.ReceiptUnknown
    return Answer(staff_view(item, service_receipts.document(item), call.language))


@room.route(
    "POST",
    MEMBER + "/events",
    access="staff:events.write",
    summary="Tell of something that a member did",
    body=StaffEvent,
    answers={201: PostedView},
    refuses=(
        MemberUnknown,
        errors.BeforeProgram,
        AccountUnknown,
        AccountClosed,
        InvalidFields,
        errors.EventDiffers,
        errors.ReceiptInFuture,
        errors.TriggerNotTold,
    ),
    example=Example(
        path={"program": "jewels", "member": "5h2q8w0n1c7x4v9k3j6m"},
        body={
            "trigger": "activity_done",
            "subject": "spring-survey",
            "number": "2026-1",
            "at": "2026-11-23T12:30:00+03:00",
            "reason": "Filled in on paper in the shop",
        },
    ),
)
def tell_of_member(call: Call[StaffEvent, NoBody]) -> Answer:
    """What the rules of its trigger give is posted. The same event again is answered the same."""
    body, path = call.body, call.path
    order = Order(
        path["program"], path["member"], call.principal, body.reason, call.at, call.settings
    )
    told = Happening(
        trigger=body.trigger, number=body.number, at=body.at, count=body.count, subject=body.subject
    )
    done = service_events.by_staff(order, told)
    view = posted_view(done, today(path["program"], call), call.language)
    return Answer(view, 201)
