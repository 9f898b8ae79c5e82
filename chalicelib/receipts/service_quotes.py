"""Quotes: what a basket costs a member before it is paid, what it would earn, what points can pay.

A quote changes nothing, unless it holds points.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from chalicelib.earning.model import Judgement, MemberFacts
from chalicelib.kernel.clock import local_date, render
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account
from chalicelib.members.model import Member
from chalicelib.programs.model import Program
from chalicelib.receipts import held, splitting, store
from chalicelib.receipts.desk import Desk, document_for, hashed
from chalicelib.receipts.errors import BuyerNeeded
from chalicelib.receipts.held import Wish
from chalicelib.receipts.model import Basket, Frozen, Shares, SoldLine
from chalicelib.receipts.nearly import Near, near
from chalicelib.receipts.pricing import Judge, priced
from chalicelib.receipts.purse import opened
from chalicelib.receipts.store import Sold
from chalicelib.receipts.store_quotes import QuoteItem
from chalicelib.receipts.told import Told, judged


@dataclass(frozen=True, slots=True)
class Quoted:
    """The price of a basket, and what would come of it."""

    program: Program
    member: Member | None
    account: Account | None
    lines: tuple[SoldLine, ...]
    off: tuple[int, ...]
    """What rules take off each line."""
    shares: tuple[Shares, ...]
    """How the rest is settled with the coupons and points of the basket."""
    discounts: Judgement
    """The rules' discounts, on the basket as it is."""
    earns: Judgement
    """What the receipt would bring."""
    most_points: int
    """The most points that the member can spend here."""
    open_to_points: tuple[int, ...]
    """Money on each line that points can pay."""
    near: tuple[Near, ...]
    language: str
    at: datetime
    held: QuoteItem | None = None


def quote(desk: Desk, basket: Basket) -> Quoted:
    """Price a basket; changes nothing.

    Raises:
        BuyerUnknown, BuyerNeeded, CouponRefused, TooManyPoints, TooFewPoints,
        PointsNotTaken, InvalidFields, AppCodeExpired, BeforeProgram, TooManyLookups.
    """
    program = desk.document(desk.at)
    desk.outlet(basket.outlet)
    member, means = desk.known(basket.buyer, desk.at) if basket.buyer else (None, None)
    if member is None and (basket.points or basket.coupons):
        raise BuyerNeeded
    program = document_for(program, member, desk.at)
    told = Told(
        "",
        "",
        program,
        desk.at,
        desk.caller.partner,
        basket.outlet,
        desk.actor,
        Sold("quote", render(desk.at), basket.lines, channel=basket.channel),
        points=basket.points,
        coupons=desk.coupons(basket, member),
        codes=basket.coupons,
        identified=means or "",
        rate=desk.rate(program, desk.at),
    )
    account = ledger.account(program.id, member.member) if member else None
    found = priced(told, _judge(told, member, account), known=member is not None)
    due = [line.price - gone for line, gone in zip(found.left, found.coupons, strict=True)]
    most, open_to = splitting.payable(found.left, due, program.purchases.spending)
    today = local_date(desk.at, program.zone)
    available = account.available(today) if account and not account.debt else 0
    language = basket.language or (member.language if member else program.languages[0])
    return Quoted(
        program,
        member,
        account,
        basket.lines,
        found.off,
        found.shares,
        found.first.judgement,
        found.second.judgement if found.second else Judgement(),
        _spendable(min(most, available), program),
        tuple(open_to),
        near(told, found),
        language,
        desk.at,
    )


def quote_and_hold(desk: Desk, basket: Basket, points: int, minutes: int) -> Quoted:
    """Price a basket and set points aside for it; the same request again renders the same hold.

    Raises:
        what :func:`quote` raises, NotEnoughPoints, ReceiptDiffers, AccountClosed.
    """
    found = quote(desk, msgspec.structs.replace(basket, points=points))
    if found.member is None:
        raise BuyerNeeded
    caller = desk.caller
    wish = Wish(
        store.receipt_id(desk.program, "quote", caller.partner, caller.message),
        hashed(desk.stage, (basket, points, minutes)),
        points,
        minutes,
    )
    item = held.hold(caller, found.member, wish, desk.actor, desk.at)
    return replace(found, held=item)


def _judge(told: Told, member: Member | None, account: Account | None) -> Judge:
    """How baskets are judged: with what is known of the member, or of nobody."""
    if member is None or account is None:
        frozen = Frozen(told.program.version, MemberFacts(), partner_rate=told.rate)
        return lambda basket, shares, quote: judged(basket, shares, frozen, quote=quote)
    purse = opened(member, account, [told], told.at, told.program)
    return lambda basket, shares, quote: purse.judge(basket, shares, quote=quote)


def _spendable(points: int, program: Program) -> int:
    spending = program.purchases.spending
    return points if spending is not None and points >= spending.least else 0
