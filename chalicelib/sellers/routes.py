"""HTTP: asking to be a partner's seller, and the calls of staff about it."""

from collections.abc import Iterable

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.members.errors import MemberUnknown
from chalicelib.partners import store as partners
from chalicelib.sellers import service
from chalicelib.sellers.errors import SellerDecided, SellersOnly, SellerUnknown
from chalicelib.sellers.model import Place
from chalicelib.sellers.room import WHOSE, room
from chalicelib.sellers.service import CallOrder
from chalicelib.sellers.shapes import (
    MySellerView,
    PlacesQuery,
    SellerCallBody,
    SellerView,
    SellsForBody,
    SellsForRow,
)
from chalicelib.sellers.views import my_view, place_row, seller_view

__all__ = ["room"]


@room.route(
    "GET",
    "/v1/me/seller",
    access="member",
    summary="For whom I sell",
    answers={200: MySellerView},
    refuses=(SellersOnly,),
)
def mine(call: Call[NoBody, NoBody]) -> Answer:
    """What the club confirmed, what waits for its call, and why it refused."""
    return Answer(my_view(service.mine(call.member)))


@room.route(
    "GET",
    "/v1/me/seller/places",
    access="member",
    summary="Partners, or the outlets of one, to sell for",
    query=PlacesQuery,
    answers={200: Page[SellsForRow]},
    refuses=(SellersOnly,),
    example=Example(query={"partner": "rubin"}),
)
def places(call: Call[NoBody, PlacesQuery]) -> Answer:
    """By their ids."""
    service.mine(call.member)
    program, partner = call.member.program, call.query.partner

    def read(after: str | None, limit: int) -> Iterable[partners.PartnerItem | partners.OutletItem]:
        if partner:
            return partners.outlets(program, partner, after, limit)
        return partners.partners(program, after, limit)

    return Answer(page(call.query, f"{keys.partners(program)}#{partner}", read, place_row))


@room.route(
    "PUT",
    "/v1/me/seller",
    access="member",
    summary="Ask to be a seller of a partner",
    body=SellsForBody,
    answers={200: MySellerView},
    refuses=(SellersOnly, InvalidFields),
    example=Example(body={"partner": "rubin", "outlet": "arbat"}),
)
def ask(call: Call[SellsForBody, NoBody]) -> Answer:
    """The club phones before it confirms. What was confirmed before holds until then; who was
    refused may ask again.
    """
    place = Place(call.body.partner, call.body.outlet or "")
    return Answer(my_view(service.ask(call.member, place, call.at)))


@room.route(
    "GET",
    "/v1/staff/programs/{program}/sellers",
    access="staff:sellers.call",
    summary="Sellers to phone, who wait longest first",
    query=PageQuery,
    answers={200: Page[SellerView]},
    example=Example(path={"program": WHOSE["program"]}),
)
def waiting(call: Call[NoBody, PageQuery]) -> Answer:
    """With the number to call. One that was decided since is shown as it was decided."""
    program = call.path["program"]
    return Answer(
        page(
            call.query,
            keys.sellers(program),
            lambda after, limit: service.queue(program, after, limit),
            lambda item: seller_view(service.of_row(program, item.member)),
        )
    )


@room.route(
    "GET",
    "/v1/staff/programs/{program}/members/{member}/seller",
    access="staff:sellers.call",
    summary="A member as a seller",
    answers={200: SellerView},
    refuses=(MemberUnknown, SellerUnknown),
    example=Example(path=WHOSE),
)
def read_seller(call: Call[NoBody, NoBody]) -> Answer:
    """For whom they sell or want to, and the calls about it."""
    return Answer(seller_view(service.of_member(call.path["program"], call.path["member"])))


@room.route(
    "POST",
    "/v1/staff/programs/{program}/members/{member}/seller-calls",
    access="staff:sellers.call",
    summary="Record a phone call to a seller",
    body=SellerCallBody,
    answers={200: SellerView},
    refuses=(MemberUnknown, SellerUnknown, SellerDecided),
    example=Example(
        path=WHOSE, body={"outcome": "confirmed", "note": "Works there, says the shop"}
    ),
    guarded=True,
)
def record_call(call: Call[SellerCallBody, NoBody]) -> Answer:
    """`confirmed` makes them active, and a seller there; `refused` gives them the reason;
    `not_reached` lets them wait.
    """
    order = CallOrder(
        program=call.path["program"],
        member=call.path["member"],
        outcome=call.body.outcome,
        note=call.body.note,
        actor=call.principal,
        at=call.at,
    )
    return Answer(seller_view(service.record_call(order, call.guard())))
