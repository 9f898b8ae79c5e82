"""HTTP: claims as staff see them, and to whom tags were shipped."""

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.members.errors import MemberUnknown
from chalicelib.tags import errors, service_claims_staff, service_shipments, store_claims
from chalicelib.tags.routes_common import TAG, order_of, room
from chalicelib.tags.service_shipments import Shipment
from chalicelib.tags.shapes_claims import (
    ClaimList,
    ShipmentBody,
    ShipmentView,
    StaffClaimView,
)
from chalicelib.tags.views_claims import list_view, staff_view

PROGRAM = "/v1/staff/programs/{program}"


@room.route(
    "GET",
    PROGRAM + "/members/{member}/claims",
    access="staff:claims.read",
    summary="A seller's claims, newest first",
    query=PageQuery,
    answers={200: Page[StaffClaimView]},
    refuses=(MemberUnknown,),
    example=Example(path={"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}),
)
def claims_of_seller(call: Call[NoBody, PageQuery]) -> Answer:
    """With what became of each."""
    program, member = call.path["program"], call.path["member"]
    service_claims_staff.require_member(program, member)
    return Answer(
        page(
            call.query,
            keys.member(program, member) + "#CLAIM",
            lambda after, limit: store_claims.of_seller(program, member, after, limit),
            lambda item: staff_view(item.value(), call.language),
        )
    )


@room.route(
    "GET",
    PROGRAM + "/tags/{serial}/claims",
    access="staff:claims.read",
    summary="Who claimed an item",
    answers={200: ClaimList},
    refuses=(errors.TagUnknown,),
    example=Example(path=TAG),
)
def claims_of_tag(call: Call[NoBody, NoBody]) -> Answer:
    """The claim that counts, if one does, and those that were before it."""
    found = service_claims_staff.of_tag(call.path["program"], call.path["serial"])
    return Answer(list_view(found, call.language))


@room.route(
    "POST",
    PROGRAM + "/tags/{serial}/claim-withdrawal",
    access="staff:claims.withdraw",
    summary="Take a claim back",
    body=Why,
    answers={200: ClaimList},
    refuses=(errors.TagUnknown, errors.ClaimUnknown, errors.ClaimEnded),
    example=Example(body={"reason": "Sold by a colleague"}, path=TAG),
    guarded=True,
)
def withdraw_claim(call: Call[Why, NoBody]) -> Answer:
    """Its seller loses what it brought and cannot claim the item again; others can."""
    found = service_claims_staff.withdraw(order_of(call), call.guard())
    return Answer(list_view(found, call.language))


@room.route(
    "POST",
    PROGRAM + "/shipments",
    access="staff:tags.ship",
    summary="Record to which partner tags were shipped",
    body=ShipmentBody,
    answers={200: ShipmentView},
    refuses=(errors.BatchUnknown, InvalidFields),
    example=Example(
        path={"program": "jewels"},
        body={"partner": "rubin", "serials": ["7K3M9QWX2B4D"], "reason": "Parcel of 12 May"},
    ),
    guarded=True,
)
def ship(call: Call[ShipmentBody, NoBody]) -> Answer:
    """Only that partner's sellers can claim them; a later word corrects an earlier one."""
    body = call.body.checked()
    order = Shipment(
        program=call.path["program"],
        partner=body.partner or "",
        batch=body.batch or "",
        serials=body.serials,
        actor=call.principal,
        reason=body.reason,
        at=call.at,
    )
    service_shipments.ship(order, call.guard())
    return Answer(ShipmentView(partner=body.partner, batch=body.batch, serials=body.serials))
