"""Goods that come back: the award is taken back, spent points return to their lots, counters are
corrected. Each return is carried out once, and any order of the same returns ends the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import purchases
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account, Cause
from chalicelib.ledger.posting import Book
from chalicelib.members import store as members
from chalicelib.members.asked import joined_on
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.receipts import counting, levels_back, returns, service_levels, store, undoing
from chalicelib.receipts.budget import Budgets
from chalicelib.receipts.counting import Tally
from chalicelib.receipts.desk import Desk
from chalicelib.receipts.errors import ReceiptUnknown, ReturnDiffers, ReturnedTooMuch
from chalicelib.receipts.model import Given, Return, Returned, pieces_back
from chalicelib.receipts.purse import Purse
from chalicelib.receipts.service_receipts import account_for_till, document
from chalicelib.receipts.store import ReceiptItem


@dataclass(frozen=True, slots=True)
class Done:
    """A return as it was carried out, and its member's account as it is now."""

    item: ReceiptItem
    returned: Returned
    program: Program
    account: Account | None
    """Null: it is nobody's, or the till may not see it."""


def carry_out(desk: Desk, receipt: str, wanted: Return) -> Done:
    """Take goods back; the same return again renders the same.

    Raises:
        ReceiptUnknown, ReturnDiffers, ReturnedTooMuch, InvalidFields, AccountClosed.
    """
    content = desk.content(wanted)
    desk.refuse_future(parse(wanted.at))

    def decide(_: bool) -> tuple[Writes, Done]:
        item = store.find(desk.program, receipt)
        if item is None or item.partner != desk.caller.partner or item.sold.event:
            raise ReceiptUnknown
        if not desk.caller.serves(item.outlet):
            raise ReceiptUnknown
        for one in item.returns:
            if one.number == wanted.number:
                return Writes(), _again(item, one, content)
        after = _pieces_after(item, wanted)
        if not item.member or item.given is None:
            return _of_nobody(desk, item, wanted, content, after)
        return _of_member(desk, item, item.given, wanted, content, after)

    return transact(decide)


def _of_nobody(
    desk: Desk, item: ReceiptItem, wanted: Return, content: str, after: Sequence[int]
) -> tuple[Writes, Done]:
    returned = Returned(
        wanted.number,
        render(desk.at),
        content,
        _lines(wanted),
        money=_money(item, after),
    )
    writes = store.changed(item, returns=(*item.returns, returned))
    item.returns = (*item.returns, returned)
    return writes, Done(item, returned, document(item), None)


def _of_member(
    desk: Desk, item: ReceiptItem, given: Given, wanted: Return, content: str, after: Sequence[int]
) -> tuple[Writes, Done]:
    program = document(item)
    member = members.read(desk.program, item.member or "", strong=True)
    if member is None or member.status == "erased":
        # The account is closed for good; what is left is the till's own affair.
        return _of_nobody(desk, item, wanted, content, after)
    account = ledger.account(desk.program, member.member, strong=True)
    day = local_date(parse(item.sold.at), program.zone)
    club = in_force(desk.program, desk.at)
    month = {counting.month_of(day)}
    today = local_date(desk.at, club.zone)

    def back(tally: Tally) -> set[str]:
        return levels_back.months_back(levels_back.withdrawn(tally, item.receipt), club, today)

    counted = service_levels.counted(club, member.member, month, desk.at, back)
    book = Book(account, club, desk.at)
    purse = Purse(member, counted, book, desk.at, Budgets(desk.program))
    change = undoing.change_of(item, given, program, after)
    plan = undoing.planned(purse, account, item, given, change, desk.actor)
    cause = Cause("receipt.returned", item.receipt, desk.actor)
    done = purchases.come_back(book, undoing.comeback(plan, item, given, program, cause))
    returned = Returned(
        wanted.number,
        render(desk.at),
        content,
        _lines(wanted),
        entry=done.entry.seq,
        back=sum(lot.points for lot in plan.back),
        taken=change.taken,
        unannounced=plan.taken.unannounced,
        lapsed=plan.taken.lapsed,
        excused=done.excused,
        forgiven=done.forgiven,
        money=_money(item, after),
    )
    undoing.uncount(purse, item, given, program, plan)
    sold = item.sold
    for one in returns.donations_less(sold.lines, given.judgement, change.before, change.after):
        purse.donate(one.to, -one.amount)
    joined = joined_on(member.joined_at, club)
    if plan.whole:
        purse.tally = levels_back.withdrawn(purse.tally, item.receipt)
    purse.tally = levels_back.fallen(purse.tally, club, purse.months, desk.at, joined)
    purse.lapse()
    purse.writes += store.changed(item, returns=(*item.returns, returned))
    purse.writes += undoing.less_promised(plan, given, done.entry.seq)
    purse.writes += plan.coupons
    item.returns = (*item.returns, returned)
    seen = purse.book.account if item.sold.identified else None
    return purse.close(), Done(item, returned, program, seen)


def _money(item: ReceiptItem, after: Sequence[int]) -> int:
    """Money to give back now, in minor units."""
    sold = item.sold
    before = pieces_back(len(sold.lines), item.returns)
    whole = returns.money_back(sold.lines, sold.shares, after)
    return whole - returns.money_back(sold.lines, sold.shares, before)


def _pieces_after(item: ReceiptItem, wanted: Return) -> list[int]:
    """Pieces of each line that are back with this return; raises where more would be than were
    sold.
    """
    lines = item.sold.lines
    back = pieces_back(len(lines), item.returns)
    seen: set[int] = set()
    for place, one in enumerate(wanted.lines):
        if one.line >= len(lines):
            fault = FieldError(f"/lines/{place}/line", "too_big", {"limit": str(len(lines) - 1)})
            raise InvalidFields(fields=(fault,))
        if one.line in seen:
            raise InvalidFields(fields=(FieldError(f"/lines/{place}/line", "duplicate"),))
        seen.add(one.line)
        back[one.line] += one.quantity
        if back[one.line] > lines[one.line].quantity:
            left = lines[one.line].quantity - back[one.line] + one.quantity
            raise ReturnedTooMuch(sku=lines[one.line].sku, left=left)
    return back


def _lines(wanted: Return) -> tuple[tuple[int, int], ...]:
    return tuple((one.line, one.quantity) for one in wanted.lines)


def _again(item: ReceiptItem, returned: Returned, content: str) -> Done:
    if returned.content != content:
        raise ReturnDiffers
    return Done(item, returned, document(item), account_for_till(item))
