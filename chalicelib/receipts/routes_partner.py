"""HTTP: receipts, batches, returns and events of partners' systems."""

from typing import Any

from chalicelib.kernel.errors import InvalidFields, Refusal
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.problems import problem
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.rules import NotEnoughPoints
from chalicelib.members.errors import AppCodeExpired, TooManyLookups
from chalicelib.receipts import errors, service_events, service_receipts, service_returns, store
from chalicelib.receipts.model import Happening, Receipt, Return
from chalicelib.receipts.routes_common import MAX_BATCH, desk, room, today
from chalicelib.receipts.service_receipts import MAX_RECEIPT, Outcome, Posted
from chalicelib.receipts.shapes import (
    PartnerEvent,
    PostedView,
    ReceiptBatch,
    ReceiptBatchView,
    ReceiptOutcome,
    ReceiptView,
    ReturnedView,
)
from chalicelib.receipts.views import posted_view, receipt_view, returned_view

JUDGED = (errors.BeforeProgram, InvalidFields, AppCodeExpired, AccountClosed, TooManyLookups)
TIMED = (errors.ReceiptTooOld, errors.ReceiptInFuture)
PAID = (
    errors.BuyerNeeded,
    errors.CouponRefused,
    errors.PointsNotTaken,
    errors.TooManyPoints,
    errors.TooFewPoints,
    NotEnoughPoints,
)
EXAMPLE = {
    "number": "1042",
    "outlet": "arbat",
    "till": "2",
    "at": "2026-11-23T12:30:00+03:00",
    "buyer": {"card": "4276000000000014"},
    "lines": [
        {"sku": "RING-585-17", "category": "ring", "price": 1250000},
        {"sku": "BOX-1", "category": "box", "quantity": 2, "price": 60000},
    ],
    "payments": [{"means": "bank-card", "amount": 1310000}],
}


@room.route(
    "POST",
    "/v1/partner/receipts",
    access="partner:receipts.write",
    summary="Post a paid receipt",
    body=Receipt,
    answers={201: PostedView},
    refuses=(
        *JUDGED,
        *TIMED,
        *PAID,
        errors.ReceiptDiffers,
        errors.PaymentsDiffer,
        errors.QuoteUnknown,
        errors.QuoteOver,
    ),
    max_bytes=MAX_RECEIPT,
    example=Example(body=EXAMPLE),
)
def post(call: Call[Receipt, NoBody]) -> Answer:
    """Points are spent and credited at once. The same receipt again is answered the
    same. One that names nobody whom the club knows is kept, and can be claimed by its code.
    """
    done = service_receipts.post(desk(call), call.body)
    return Answer(_posted(done, call), 201)


@room.route(
    "POST",
    "/v1/partner/receipt-batches",
    access="partner:receipts.write",
    summary="Post the receipts of a till that was without connection",
    body=ReceiptBatch,
    answers={200: ReceiptBatchView},
    refuses=(errors.BeforeProgram,),
    max_bytes=MAX_BATCH,
    example=Example(body={"receipts": [EXAMPLE]}),
)
def post_batch(call: Call[ReceiptBatch, NoBody]) -> Answer:
    """Up to a hundred, in any order; each is posted or refused by itself, and the whole batch can
    be sent again.
    """
    found = service_receipts.post_batch(desk(call), call.body.receipts)
    rows = [
        _row(receipt.number, one, call)
        for receipt, one in zip(call.body.receipts, found, strict=True)
    ]
    refused = sum(row.problem is not None for row in rows)
    return Answer(ReceiptBatchView(len(rows) - refused, refused, rows))


@room.route(
    "GET",
    "/v1/partner/receipts/{receipt}",
    access="partner:receipts.read",
    summary="One of the partner's receipts",
    answers={200: ReceiptView},
    refuses=(errors.ReceiptUnknown,),
    example=Example(path={"receipt": "5f3c9a0d2b7e4c1f8a6d0e9b"}),
)
def read(call: Call[NoBody, NoBody]) -> Answer:
    """As it stands, with what came back."""
    who = call.partner
    item = store.find(who.program, call.path["receipt"], strong=False)
    if item is None or item.partner != who.partner or not who.serves(item.outlet):
        raise errors.ReceiptUnknown
    return Answer(receipt_view(item, service_receipts.document(item), call.language))


@room.route(
    "POST",
    "/v1/partner/receipts/{receipt}/returns",
    access="partner:receipts.write",
    summary="Take goods of a receipt back",
    body=Return,
    answers={201: ReturnedView},
    refuses=(
        errors.ReceiptUnknown,
        errors.ReturnDiffers,
        errors.ReturnedTooMuch,
        errors.ReceiptInFuture,
        InvalidFields,
        AccountClosed,
    ),
    max_bytes=MAX_RECEIPT,
    example=Example(
        path={"receipt": "5f3c9a0d2b7e4c1f8a6d0e9b"},
        body={
            "number": "R-17",
            "at": "2026-11-24T10:00:00+03:00",
            "lines": [{"line": 1, "quantity": 1}],
        },
    ),
)
def take_back(call: Call[Return, NoBody]) -> Answer:
    """By line and piece, as often as goods come back: what the receipt brought for them is taken
    back, points that paid for them return. The same return again is answered the same.
    """
    done = service_returns.carry_out(desk(call), call.path["receipt"], call.body)
    view = returned_view(done, today(call.partner.program, call))
    return Answer(view, 201)


@room.route(
    "POST",
    "/v1/partner/events",
    access="partner:events.write",
    summary="Tell of something that is no purchase",
    body=PartnerEvent,
    answers={201: PostedView},
    refuses=(
        *JUDGED,
        *TIMED,
        errors.BuyerUnknown,
        errors.EventDiffers,
        errors.TriggerNotTold,
    ),
    example=Example(
        body={
            "trigger": "custom:flight",
            "number": "SU-1042",
            "at": "2026-11-23T12:30:00+03:00",
            "count": 1234,
            "buyer": {"card": "4276000000000014"},
        }
    ),
)
def tell_event(call: Call[PartnerEvent, NoBody]) -> Answer:
    """Such as miles flown or containers returned; what the rules of its trigger give is posted.
    The same event again is answered the same.
    """
    body = call.body
    told = Happening(
        trigger=body.trigger,
        number=body.number,
        at=body.at,
        count=body.count,
        subject=body.subject,
    )
    done = service_events.by_partner(desk(call), told, body.outlet, body.buyer)
    return Answer(_posted(done, call), 201)


def _posted(done: Posted, call: Call[Any, NoBody]) -> PostedView:
    return posted_view(done, today(call.partner.program, call), call.language)


def _row(number: str, one: Outcome, call: Call[ReceiptBatch, NoBody]) -> ReceiptOutcome:
    if isinstance(one, Refusal):
        return ReceiptOutcome(number, one.status, None, problem(one, call.language, number))
    return ReceiptOutcome(number, 201, _posted(one, call), None)
