"""Receipts and returns as the API shows them, in one language."""

from collections.abc import Sequence

import msgspec

from chalicelib.coupons import store as coupon_store
from chalicelib.earning.explain import explain
from chalicelib.earning.model import Award, Donation, Gift, Judgement, Stamped, TierChange
from chalicelib.earning.service import engine_of
from chalicelib.earning.views import why_not_view
from chalicelib.kernel import codes
from chalicelib.kernel.clock import local_date, parse
from chalicelib.ledger.model import Account
from chalicelib.programs.model import Program
from chalicelib.receipts import printed, returns
from chalicelib.receipts.model import Given, Returned, pieces_back, state_of
from chalicelib.receipts.service_receipts import Posted, code_of
from chalicelib.receipts.service_returns import Done
from chalicelib.receipts.shapes import (
    PostedView,
    ReceiptAward,
    ReceiptDonation,
    ReceiptGift,
    ReceiptLine,
    ReceiptPoints,
    ReceiptReturn,
    ReceiptRow,
    ReceiptStamps,
    ReceiptView,
    ReceiptVoucher,
    ReturnedView,
    StaffReceiptView,
)
from chalicelib.receipts.standing import vouchers_of
from chalicelib.receipts.store import ReceiptItem


def receipt_row(item: ReceiptItem) -> ReceiptRow:
    """One row of a list."""
    sold = item.sold
    return ReceiptRow(
        receipt=item.receipt,
        number=sold.number,
        at=sold.at,
        partner=item.partner,
        outlet=item.outlet,
        state=state_of(sold.lines, item.returns, owned=bool(item.member)),
        total=sum(line.price for line in sold.lines),
        money=sum(share.money for share in sold.shares),
        earned=item.given.judgement.points if item.given else 0,
        spent=sum(share.points for share in sold.shares),
        historical=sold.past,
    )


def receipt_view(item: ReceiptItem, program: Program, language: str) -> ReceiptView:
    """A receipt and what it brought."""
    judgement = item.given.judgement if item.given else Judgement()
    names = names_of(program, language)
    return ReceiptView(
        **msgspec.structs.asdict(receipt_row(item)),
        till=item.sold.till,
        channel=item.sold.channel,
        program_version=item.given.frozen.version if item.given else 0,
        lines=_lines(item),
        awards=awards(judgement, item, program, names),
        stamps=[
            ReceiptStamps(one.card, one.given, one.free, max(0, one.after))
            for one in judgement.others
            if isinstance(one, Stamped)
        ],
        gifts=gifts(judgement, names),
        vouchers=_vouchers(item, judgement),
        donations=[
            ReceiptDonation(one.rule, one.to, one.amount)
            for one in judgement.others
            if isinstance(one, Donation)
        ],
        tier=next((one.tier for one in judgement.others if isinstance(one, TierChange)), ""),
        returns=[_return(one) for one in item.returns],
    )


def posted_view(posted: Posted, at_zone_day: str, language: str) -> PostedView:
    """A posted receipt for the till; ``at_zone_day`` is today in the program's zone."""
    item, program = posted.item, posted.program
    shown = receipt_view(item, program, language)
    claimable = not item.member and program.purchases.attach_days > 0
    return PostedView(
        **msgspec.structs.asdict(shown),
        points=_points(item.given, item, posted.account, at_zone_day),
        receipt_code=codes.in_groups(code_of(program.id, item.receipt)) if claimable else "",
        text=printed.receipt(item, program, posted.account, at_zone_day),
    )


def returned_view(done: Done, today: str) -> ReturnedView:
    """A return that was carried out."""
    item, returned = done.item, done.returned
    return ReturnedView(
        receipt=item.receipt,
        state=state_of(item.sold.lines, item.returns, owned=bool(item.member)),
        number=returned.number,
        money=returned.money,
        points_back=returned.back,
        points_taken=returned.taken,
        points=_points(item.given, item, done.account, today),
        text=printed.come_back(returned, done.program, done.account, today, item.sold.language),
    )


def staff_view(item: ReceiptItem, program: Program, language: str) -> StaffReceiptView:
    """A receipt with its judgement explained: judged again with what was known then."""
    names = names_of(program, language)
    given = item.given
    why_not = []
    if given is not None and not item.sold.past:
        before = given.before or (0,) * len(item.sold.lines)
        event = returns.event_of(
            given.frozen,
            returns.lines_left(item.sold.lines, item.sold.shares, before),
            parse(item.sold.at),
            partner=item.partner,
            outlet=item.outlet,
            channel=item.sold.channel,
            payment=item.sold.payment,
            told=item.sold.event,
        )
        _, missed = explain(engine_of(program), event, given.frozen.used)
        why_not = [why_not_view(one, names[one.rule], language) for one in missed]
    return StaffReceiptView(
        **msgspec.structs.asdict(receipt_view(item, program, language)),
        member=item.member,
        posted_at=item.posted_at,
        entry=given.entry if given else 0,
        identified=item.sold.identified,
        why_not=why_not,
    )


def names_of(program: Program, language: str) -> dict[str, str]:
    """The rules' names."""
    return {rule.id: rule.name.get(language) for rule in program.earning.rules}


def awards(
    judgement: Judgement, item: ReceiptItem | None, program: Program, names: dict[str, str]
) -> list[ReceiptAward]:
    """Points by rule; with a receipt, from which day on they can be used."""
    return [
        ReceiptAward(one.rule, names[one.rule], one.points, _from(one, item, program))
        for one in judgement.awards
    ]


def gifts(judgement: Judgement, names: dict[str, str]) -> list[ReceiptGift]:
    """Free articles."""
    return [
        ReceiptGift(one.rule, names[one.rule], one.sku, one.quantity)
        for one in judgement.others
        if isinstance(one, Gift)
    ]


def earned_by_line(judgement: Judgement, places: Sequence[int], count: int) -> list[int]:
    """Each line's share of the points; ``places`` are the lines that were judged."""
    found = [0] * count
    for award in judgement.awards:
        for shown, points in award.shares:
            found[places[shown]] += points
    return found


def _lines(item: ReceiptItem) -> list[ReceiptLine]:
    sold, given = item.sold, item.given
    back = pieces_back(len(sold.lines), item.returns)
    before = given.before if given and given.before else (0,) * len(sold.lines)
    places = [place for place, line in enumerate(sold.lines) if before[place] < line.quantity]
    judgement = given.judgement if given else Judgement()
    earned = earned_by_line(judgement, places, len(sold.lines))
    return [
        ReceiptLine(
            line=place,
            sku=line.sku,
            category=line.category,
            quantity=line.quantity,
            returned=back[place],
            price=line.price,
            discount=line.discount,
            coupon=share.coupon,
            points=share.points,
            points_money=share.points_money,
            money=share.money,
            earned=earned[place],
        )
        for place, (line, share) in enumerate(zip(sold.lines, sold.shares, strict=True))
    ]


def _vouchers(item: ReceiptItem, judgement: Judgement) -> list[ReceiptVoucher]:
    coupons = item.given.vouchers if item.given else ()
    return [
        ReceiptVoucher(
            rule=one.rule,
            coupon=coupon,
            code=codes.in_groups(coupon_store.code_of(item.program, coupon)),
            count=one.count,
            points=one.points,
            amount=one.amount,
        )
        for coupon, one in zip(coupons, vouchers_of(judgement), strict=True)
    ]


def _from(award: Award, item: ReceiptItem | None, program: Program) -> str | None:
    if not award.pending_days or item is None:
        return None
    return printed.day_after(local_date(parse(item.sold.at), program.zone), award.pending_days)


def _points(
    given: Given | None, item: ReceiptItem, account: Account | None, today: str
) -> ReceiptPoints | None:
    if given is None or account is None:
        return None
    later = sum(one.points for one in given.judgement.awards if one.pending_days)
    return ReceiptPoints(
        earned=given.judgement.points - later,
        pending=later,
        spent=sum(share.points for share in item.sold.shares),
        balance=account.balance,
        available=printed.available(account, today),
        debt=account.debt,
    )


def _return(one: Returned) -> ReceiptReturn:
    return ReceiptReturn(one.number, one.at, one.money, one.back, one.taken)
