"""HTTP: a member's own coupons."""

from typing import Any

from chalicelib.coupons import routes_staff, service, service_owned, store
from chalicelib.coupons.errors import CouponUnknown
from chalicelib.coupons.model import Coupon, list_key
from chalicelib.coupons.room import COUPON, room
from chalicelib.coupons.shapes import CouponsQuery, CouponView
from chalicelib.coupons.views import coupon_view
from chalicelib.kernel import qr
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, slice_of
from chalicelib.programs.model import ProgramUnknown

SVG = "image/svg+xml"

__all__ = ["room", "routes_staff"]


@room.route(
    "GET",
    "/v1/me/coupons",
    access="member",
    summary="My coupons, those that I can use first",
    query=CouponsQuery,
    answers={200: Page[CouponView]},
    refuses=(ProgramUnknown,),
)
def my_coupons(call: Call[NoBody, CouponsQuery]) -> Answer:
    """Of those that can be used the soonest to end first; then the others, the newest first."""
    who = call.member
    day = service_owned.today(who.program, call.at)
    return Answer(
        slice_of(
            call.query,
            keys.member(who.program, who.member) + "#COUPON",
            service_owned.listed(who.program, who.member, call.query.state, day),
            lambda coupon: list_key(coupon, day),
            lambda coupon: coupon_view(coupon, day, call.language),
        )
    )


@room.route(
    "GET",
    "/v1/me/coupons/{coupon}",
    access="member",
    summary="One of my coupons",
    answers={200: CouponView},
    refuses=(ProgramUnknown, CouponUnknown),
    example=Example(path=COUPON),
)
def my_coupon(call: Call[NoBody, NoBody]) -> Answer:
    """With the code by which a till knows it."""
    day = service_owned.today(call.member.program, call.at)
    return Answer(coupon_view(_own(call), day, call.language))


@room.route(
    "GET",
    "/v1/me/coupons/{coupon}/qr.svg",
    access="member",
    summary="One of my coupons as a QR code",
    answers={200: str},
    refuses=(CouponUnknown,),
    media_types=(SVG,),
    example=Example(path=COUPON),
)
def my_coupon_qr(call: Call[NoBody, NoBody]) -> Answer:
    """Its code, for the screen of a phone at the till."""
    found = _own(call)
    return Answer(qr.svg(store.code_of(found.program, found.coupon)), media_type=SVG)


def _own(call: Call[Any, Any]) -> Coupon:
    who = call.member
    return service.of_member(who.program, who.member, call.path["coupon"])
