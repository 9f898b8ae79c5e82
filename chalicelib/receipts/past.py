"""Receipts of a club's past, as they are brought along from elsewhere: they are counted, whatever
their age, by the document that is in force now. No rule judges them, so they bring nothing, and a
return corrects the counters and takes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.members.model import Member
from chalicelib.programs.service import in_force
from chalicelib.receipts import returns, splitting
from chalicelib.receipts.desk import Desk
from chalicelib.receipts.errors import BuyerNeeded, BuyerUnknown, ReturnedTooMuch
from chalicelib.receipts.model import PastReceipt, Returned, Shares, pieces_back
from chalicelib.receipts.store import ReceiptItem, Sold
from chalicelib.receipts.told import Told

NOT_THERE = ("points", "coupons", "quote")
"""What moves points or coupons here: what they paid elsewhere is what was not paid with money."""


def receipt(desk: Desk, told: PastReceipt) -> tuple[Told, Member]:
    """A receipt of the club's past, and whose it is.

    Raises:
        ReceiptInFuture, BuyerNeeded, BuyerUnknown, PaymentsDiffer, ReturnedTooMuch, InvalidFields.
    """
    at = parse(told.at)
    for moment in (at, *(parse(one.at) for one in told.returns)):
        desk.refuse_future(moment)
    faults = [FieldError(f"/{one}", "not_applicable") for one in NOT_THERE if getattr(told, one)]
    if faults:
        raise InvalidFields(fields=tuple(faults))
    outlet = desk.outlet(told.outlet)
    if told.buyer is None:
        raise BuyerNeeded
    member, means = desk.buyer(told.buyer, at)
    if member is None:
        raise BuyerUnknown
    program = in_force(desk.program, desk.at)
    shares = splitting.past(told.lines, told.paid, told.payments, program.purchases)
    back = _returned(desk, told, shares)
    sold = Sold(
        told.number,
        render(at),
        told.lines,
        shares=shares,
        till=told.till,
        channel=told.channel,
        payment=tuple(dict.fromkeys(one.means for one in told.payments)),
        identified=means or "",
        language=told.language or member.language,
        past=True,
    )
    return Told(
        desk.id_of(told),
        desk.content(told),
        program,
        at,
        desk.caller.partner,
        outlet.outlet,
        desk.actor,
        sold,
        identified=means or "",
        rate=desk.rate(program, at),
        before=tuple(pieces_back(len(told.lines), back)) if back else (),
        returned=back,
    ), member


def is_same(item: ReceiptItem, told: Told) -> bool:
    """Whether a stored receipt tells the same purchase: what became of it here is its own story."""
    return (item.sold.at, item.sold.lines) == (told.sold.at, told.sold.lines)


def _returned(desk: Desk, told: PastReceipt, shares: Sequence[Shares]) -> tuple[Returned, ...]:
    back = [0] * len(told.lines)
    found: list[Returned] = []
    for place, one in enumerate(told.returns):
        if one.number in [other.number for other in found]:
            raise _wrong(f"/returns/{place}/number", "duplicate")
        if parse(one.at) < parse(told.at):
            raise _wrong(f"/returns/{place}/at", "before_receipt")
        before = returns.money_back(told.lines, shares, back)
        for it in one.lines:
            if it.line >= len(back):
                raise _wrong(f"/returns/{place}/lines", "too_big", limit=len(back) - 1)
            back[it.line] += it.quantity
            left = told.lines[it.line].quantity - back[it.line]
            if left < 0:
                raise ReturnedTooMuch(sku=told.lines[it.line].sku, left=left + it.quantity)
        money = returns.money_back(told.lines, shares, back) - before
        lines = tuple((it.line, it.quantity) for it in one.lines)
        at: datetime = parse(one.at)
        found.append(Returned(one.number, render(at), desk.content(one), lines, money=money))
    return tuple(found)


def _wrong(pointer: str, code: str, **params: object) -> InvalidFields:
    said = {name: str(value) for name, value in params.items()}
    return InvalidFields(fields=(FieldError(pointer, code, said),))
