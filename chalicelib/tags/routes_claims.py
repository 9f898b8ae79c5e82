"""HTTP: a seller's claims."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.tags import errors, service_claims, store_claims
from chalicelib.tags.routes_common import room
from chalicelib.tags.service_claims import Sale
from chalicelib.tags.shapes_claims import ClaimView, SaleBody
from chalicelib.tags.views_claims import claim_view


@room.route(
    "POST",
    "/v1/me/claims",
    access="member",
    summary="Claim an item that I sold",
    body=SaleBody,
    answers={201: ClaimView},
    refuses=(
        NotActive,
        RulesNotAccepted,
        errors.SellerNotConfirmed,
        errors.TagUnknown,
        errors.TagWithdrawn,
        errors.ItemClaimed,
        errors.ClaimBarred,
        errors.ItemShippedElsewhere,
        errors.OwnItem,
        errors.ClaimTooLate,
        AccountUnknown,
        AccountClosed,
    ),
    example=Example(body={"serial": "7K3M9QWX2B4D"}),
)
def claim(call: Call[SaleBody, NoBody]) -> Answer:
    """Its points are announced, and credited once the buyer registers the item. The same again
    answers the same claim.
    """
    made = service_claims.claim(Sale(call.member, call.body.serial, call.at))
    return Answer(claim_view(made, call.language), 201)


@room.route(
    "GET",
    "/v1/me/claims",
    access="member",
    summary="Items that I claimed, newest first",
    query=PageQuery,
    answers={200: Page[ClaimView]},
)
def claims(call: Call[NoBody, PageQuery]) -> Answer:
    """With what became of each."""
    who = call.member
    return Answer(
        page(
            call.query,
            keys.member(who.program, who.member) + "#CLAIM",
            lambda after, limit: store_claims.of_seller(who.program, who.member, after, limit),
            lambda item: claim_view(item.value(), call.language),
        )
    )
