"""HTTP: quotes, and the points that they hold."""

from dataclasses import replace

import msgspec

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.receipts import errors, held, service_quotes
from chalicelib.receipts.model import Basket
from chalicelib.receipts.routes_common import desk, room
from chalicelib.receipts.routes_partner import JUDGED, PAID
from chalicelib.receipts.service_receipts import MAX_RECEIPT
from chalicelib.receipts.shapes_quotes import HeldQuote, QuoteBody, QuoteView
from chalicelib.receipts.views_quotes import held_view, quote_view


@room.route(
    "POST",
    "/v1/partner/quotes",
    access="partner:quotes.write",
    summary="Price a basket before it is paid",
    body=QuoteBody,
    answers={200: QuoteView},
    refuses=(*JUDGED, *PAID, errors.BuyerUnknown, errors.ReceiptDiffers),
    max_bytes=MAX_RECEIPT,
    example=Example(
        body={
            "outlet": "arbat",
            "buyer": {"card": "4276000000000014"},
            "lines": [{"sku": "RING-585-17", "category": "ring", "price": 1250000}],
        }
    ),
)
def price(call: Call[QuoteBody, NoBody]) -> Answer:
    """Discounts, points that would come, the most points that can pay, offers nearly reached. With
    `hold`, points are set aside until the receipt names the quote, or for so many minutes.
    """
    body = call.body
    fields = {name: getattr(body, name) for name in Basket.__struct_fields__}
    basket = Basket(**fields)
    if body.hold is None:
        found = service_quotes.quote(desk(call), basket)
    else:
        wish = body.hold
        found = service_quotes.quote_and_hold(desk(call), basket, wish.points, wish.minutes)
    language = body.language or call.language
    return Answer(quote_view(replace(found, language=language)))


@room.route(
    "DELETE",
    "/v1/partner/quotes/{quote}",
    access="partner:quotes.write",
    summary="Give the points of a held quote back",
    answers={200: HeldQuote},
    refuses=(errors.QuoteUnknown, errors.QuoteOver),
    example=Example(path={"quote": "5f3c9a0d2b7e4c1f8a6d0e9b"}),
)
def give_back(call: Call[NoBody, NoBody]) -> Answer:
    """Before their time; again changes nothing."""
    at_desk = desk(call)
    item = held.release(call.partner, call.path["quote"], at_desk.actor, call.at)
    return Answer(msgspec.structs.replace(held_view(item), state="released"))
