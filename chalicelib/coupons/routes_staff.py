"""HTTP: staff give coupons, look at a member's, and take one back."""

from chalicelib.coupons import service_issues, service_owned
from chalicelib.coupons.errors import CouponNotOpen, CouponUnknown, NobodyEligible
from chalicelib.coupons.model import list_key
from chalicelib.coupons.room import CLUB, COUPONS_PATH, OWNED, room
from chalicelib.coupons.service_issues import IssueOrder
from chalicelib.coupons.service_owned import Withdrawal
from chalicelib.coupons.shapes import CouponsQuery, IssueBody, IssueView, StaffCouponView
from chalicelib.coupons.views import issue_view, staff_view
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, slice_of
from chalicelib.members import service_notes
from chalicelib.members.errors import MemberUnknown
from chalicelib.programs.model import ProgramUnknown

THANKS = {
    "en": "Thank you for answering",
    "ru": "Спасибо за ответы",
    "uk": "Дякуємо за відповіді",
    "ar": "شكرًا على إجاباتكم",
}


@room.route(
    "POST",
    "/v1/staff/programs/{program}/coupons",
    access="staff:coupons.issue",
    summary="Give a coupon to each of a list of members",
    body=IssueBody,
    answers={200: IssueView, 202: IssueView},
    refuses=(ProgramUnknown, InvalidFields, NobodyEligible),
    example=Example(
        path=CLUB,
        body={
            "members": [OWNED["member"]],
            "name": THANKS,
            "terms": {
                "share": {"num": 10, "den": 100},
                "goods": {"category": ["ring"]},
                "until": "2199-12-31",
            },
            "reason": "The most active respondents of the November survey",
        },
    ),
    guarded=True,
)
def issue(call: Call[IssueBody, NoBody]) -> Answer:
    """Who is unknown or not active is left out and reported; a job gives the others their coupons,
    and they are told. A dry run (200) only reports.
    """
    body, guard = call.body, call.guard()
    order = IssueOrder(
        program=call.path["program"],
        name=body.name,
        terms=body.terms,
        members=body.members,
        reason=body.reason,
        actor=call.principal,
        at=call.at,
    )
    if body.dry_run:
        return Answer(issue_view(service_issues.try_out(order)))
    return Answer(issue_view(service_issues.issue(order, call.ids, guard)), 202)


@room.route(
    "GET",
    COUPONS_PATH,
    access="staff:coupons.read",
    summary="A member's coupons, those that can be used first",
    query=CouponsQuery,
    answers={200: Page[StaffCouponView]},
    refuses=(ProgramUnknown, MemberUnknown),
    example=Example(path={**CLUB, "member": OWNED["member"]}),
)
def coupons(call: Call[NoBody, CouponsQuery]) -> Answer:
    """What the member has and had; not the codes, which are the member's own."""
    program, member = call.path["program"], call.path["member"]
    service_notes.require(program, member)
    day = service_owned.today(program, call.at)
    return Answer(
        slice_of(
            call.query,
            keys.member(program, member) + "#COUPON for staff",
            service_owned.listed(program, member, call.query.state, day),
            lambda coupon: list_key(coupon, day),
            lambda coupon: staff_view(coupon, day),
        )
    )


@room.route(
    "POST",
    COUPONS_PATH + "/{coupon}/withdrawal",
    access="staff:coupons.issue",
    summary="Take back a coupon that was not used",
    body=Why,
    answers={200: StaffCouponView},
    refuses=(ProgramUnknown, CouponUnknown, CouponNotOpen),
    example=Example(path=OWNED, body={"reason": "Given by mistake"}),
    guarded=True,
)
def withdraw(call: Call[Why, NoBody]) -> Answer:
    """It works no more, and the member is told."""
    order = Withdrawal(
        program=call.path["program"],
        member=call.path["member"],
        coupon=call.path["coupon"],
        reason=call.body.reason,
        actor=call.principal,
        at=call.at,
    )
    day = service_owned.today(order.program, call.at)
    return Answer(staff_view(service_owned.withdraw(order, call.guard()), day))
