"""Quotes: what a basket costs a member before it is paid, what it would earn, what points can pay.

A quote changes nothing, unless it holds points. It judges the basket twice: as it is, for the
discounts; and as the receipt that the till would send after them, for the points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.earning import explain
from chalicelib.earning.engine import Engine
from chalicelib.earning.explain import WhyNot
from chalicelib.earning.model import Event, Judgement, MemberFacts, Stamped
from chalicelib.kernel.clock import local_date, render
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account
from chalicelib.members.model import Member
from chalicelib.programs import rules_effects as give
from chalicelib.programs.model import Program
from chalicelib.receipts import held, splitting, store
from chalicelib.receipts.desk import Desk, document_for, hashed
from chalicelib.receipts.errors import BuyerNeeded
from chalicelib.receipts.held import Wish
from chalicelib.receipts.model import Basket, Frozen, Shares, SoldLine
from chalicelib.receipts.purse import opened
from chalicelib.receipts.store import Sold
from chalicelib.receipts.store_quotes import QuoteItem
from chalicelib.receipts.told import Case, Told, coupons_off, judged

Judge = Callable[[Told, Sequence[Shares], bool], Case]
What = Literal["amount", "pieces", "goods", "free_piece"]
REACHABLE: dict[str, What] = {
    "condition_amount": "amount",
    "condition_positions": "pieces",
    "condition_goods": "goods",
}
"""What is missing of a rule, by what was in its way, if nothing else was."""


@dataclass(frozen=True, slots=True)
class Near:
    """An offer that the basket nearly reaches."""

    rule: str
    what: What
    """``amount`` (minor units), ``pieces``, ``goods``, or ``free_piece``."""
    missing: int


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
        coupons=desk.coupons(basket, member),
        codes=basket.coupons,
        identified=means or "",
        rate=desk.rate(program, desk.at),
    )
    account = ledger.account(program.id, member.member) if member else None
    judge = _judge(told, member, account)
    first = judge(told, _plain(basket.lines), True)
    off = _off(first, member)
    left = _less(basket.lines, off)
    coupons = coupons_off(left, told)
    shares = splitting.split(left, coupons, basket.points, (), program.purchases)
    after = msgspec.structs.replace(told.sold, lines=left)
    then = replace(told, sold=after, points=basket.points)
    second = judge(then, shares, False) if member else None
    due = [line.price - gone for line, gone in zip(left, coupons, strict=True)]
    most, open_to = splitting.payable(left, due, program.purchases.spending)
    today = local_date(desk.at, program.zone)
    available = account.available(today) if account and not account.debt else 0
    language = basket.language or (member.language if member else program.languages[0])
    return Quoted(
        program,
        member,
        account,
        basket.lines,
        tuple(off),
        shares,
        first.judgement,
        second.judgement if second else Judgement(),
        _spendable(min(most, available), program),
        tuple(open_to),
        near(first.engine, first.event, first.frozen, program),
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


def near(engine: Engine, event: Event, frozen: Frozen, program: Program) -> tuple[Near, ...]:
    """The offers of which little is missing: one condition of the basket, a piece or a stamp."""
    _, missed = explain.explain(engine, event, frozen.used)
    by_rule: dict[str, list[WhyNot]] = {}
    for one in missed:
        by_rule.setdefault(one.rule, []).append(one)
    found = []
    for rule in program.earning.rules:
        reasons = by_rule.get(rule.id, [])
        if len(reasons) == 1 and reasons[0].code in REACHABLE:
            figures = reasons[0].params
            missing = int(figures["lowest"]) - int(figures["found"])
            if missing > 0:
                found.append(Near(rule.id, REACHABLE[reasons[0].code], missing))
        elif isinstance(rule.effect, give.NthItemEffect) and rule.trigger == event.trigger:
            found += _next_free(engine, event, rule.id)
    return tuple(found)


def _next_free(engine: Engine, event: Event, rule: str) -> list[Near]:
    """Whether one piece more of the goods would make another piece cheaper."""
    run = engine.run(event)
    if run is None:
        return []
    for one in run.plan.rules:
        effect = one.rule.effect
        if one.rule.id == rule and isinstance(effect, give.NthItemEffect):
            pieces = run.case.pieces(one.selector)
            if pieces and pieces % effect.nth == effect.nth - 1:
                return [Near(rule, "free_piece", 1)]
    return []


def _judge(told: Told, member: Member | None, account: Account | None) -> Judge:
    """How baskets are judged: with what is known of the member, or of nobody."""
    if member is None or account is None:
        frozen = Frozen(told.program.version, MemberFacts(), partner_rate=told.rate)
        return lambda basket, shares, quote: judged(basket, shares, frozen, quote=quote)
    purse = opened(member, account, [told], told.at, told.program)
    return lambda basket, shares, quote: purse.judge(basket, shares, quote=quote)


def _off(case: Case, member: Member | None) -> list[int]:
    """What rules take off each line; who is not known has no stamp card."""
    cards = {one.rule for one in case.judgement.others if isinstance(one, Stamped)}
    off = [0] * len(case.event.lines)
    for discount in case.judgement.discounts:
        if member is not None or discount.rule not in cards:
            for place, amount in discount.shares:
                off[place] += amount
    return off


def _plain(lines: Sequence[SoldLine]) -> tuple[Shares, ...]:
    return tuple(Shares(0, 0, 0, 0, line.price) for line in lines)


def _less(lines: Sequence[SoldLine], off: Sequence[int]) -> tuple[SoldLine, ...]:
    return tuple(
        msgspec.structs.replace(line, price=line.price - gone)
        for line, gone in zip(lines, off, strict=True)
    )


def _spendable(points: int, program: Program) -> int:
    spending = program.purchases.spending
    return points if spending is not None and points >= spending.least else 0
