"""HTTP: what a member bought."""

from itertools import islice

from chalicelib.counters import store as counters
from chalicelib.counters.store import MonthItem
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table.pages import Page, PageQuery
from chalicelib.ledger import service as ledger
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown
from chalicelib.ledger.views import account_view
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.service import in_force
from chalicelib.receipts import (
    errors,
    levels,
    listing,
    service_claims,
    service_levels,
    service_receipts,
    store,
)
from chalicelib.receipts.routes_common import room, today
from chalicelib.receipts.shapes import (
    ClaimBody,
    PostedView,
    PurchaseMonth,
    PurchasesView,
    ReceiptRow,
    ReceiptView,
)
from chalicelib.receipts.views import posted_view, receipt_view

MONTHS_SHOWN = 24


@room.route(
    "POST",
    "/v1/me/receipts",
    access="member",
    summary="Claim a receipt by the code printed on it",
    body=ClaimBody,
    answers={201: PostedView},
    refuses=(
        NotActive,
        RulesNotAccepted,
        AccountUnknown,
        AccountClosed,
        errors.ClaimRefused,
        errors.TooManyClaims,
    ),
    example=Example(body={"receipt_code": "H4XK-7QMN-2RTB-W"}),
)
def claim(call: Call[ClaimBody, NoBody]) -> Answer:
    """For a purchase at which nobody showed a card. The same code again is answered the same."""
    done = service_claims.claim(call.member, call.body.receipt_code, call.at)
    view = posted_view(done, today(call.member.program, call), call.language)
    return Answer(view, 201)


@room.route(
    "GET",
    "/v1/me/receipts",
    access="member",
    summary="My receipts, newest first",
    query=PageQuery,
    answers={200: Page[ReceiptRow]},
)
def my_receipts(call: Call[NoBody, PageQuery]) -> Answer:
    """A page may hold fewer rows than asked for and still have a next one."""
    who = call.member
    return Answer(listing.receipts(who.program, who.member, call.query))


@room.route(
    "GET",
    "/v1/me/receipts/{receipt}",
    access="member",
    summary="One of my receipts",
    answers={200: ReceiptView},
    refuses=(errors.ReceiptUnknown,),
    example=Example(path={"receipt": "5f3c9a0d2b7e4c1f8a6d0e9b"}),
)
def my_receipt(call: Call[NoBody, NoBody]) -> Answer:
    """Its lines, what it brought and why, what came back."""
    who = call.member
    item = store.find(who.program, call.path["receipt"], strong=False)
    if item is None or item.member != who.member:
        raise errors.ReceiptUnknown
    return Answer(receipt_view(item, service_receipts.document(item), call.language))


@room.route(
    "GET",
    "/v1/me/purchases",
    access="member",
    summary="What I bought, month by month",
    answers={200: PurchasesView},
    refuses=(AccountUnknown,),
)
def my_purchases(call: Call[NoBody, NoBody]) -> Answer:
    """Net of returns, with stamps on cards, the tier and the points."""
    who = call.member
    program = in_force(who.program, call.at)
    tally = service_levels.tally(program, who.member, who.joined_at, call.at)
    months = islice(counters.newest(who.program, who.member, None, MONTHS_SHOWN), MONTHS_SHOWN)
    day = local_date(call.at, program.zone)
    return Answer(
        PurchasesView(
            months=[_month(item) for item in months if item.month.is_busy],
            stamps={card: max(0, count) for card, count in sorted(tally.stamps.items())},
            tier=levels.tier_at(tally, program, call.at),
            account=account_view(ledger.account(who.program, who.member), day),
        )
    )


def _month(item: MonthItem) -> PurchaseMonth:
    sums = item.month.sums
    return PurchaseMonth(
        month=item.sk.removeprefix("MONTH#"),
        amount=sums.amount,
        receipts=sums.receipts,
        categories=item.month.named("c:"),
        partners=item.month.named("p:"),
    )
