"""Goods that come back: the award is taken back, spent points return to their lots, counters are
corrected. Each return is carried out once, and any order of the same returns ends the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.coupons import service as coupons
from chalicelib.coupons.errors import CouponUnknown
from chalicelib.earning.model import Judgement
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import holds, purchases
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account, Cause, Lot
from chalicelib.ledger.posting import Book
from chalicelib.ledger.purchases import Comeback
from chalicelib.ledger.rules import burnt_unspent
from chalicelib.ledger.store import PendingItem
from chalicelib.members import store as members
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.receipts import counting, returns, store
from chalicelib.receipts.budget import Budgets
from chalicelib.receipts.counting import Purchase, Sums
from chalicelib.receipts.desk import Desk
from chalicelib.receipts.errors import ReceiptUnknown, ReturnDiffers, ReturnedTooMuch
from chalicelib.receipts.model import Given, Return, Returned, Spent, pieces_back
from chalicelib.receipts.purse import Purse, vouchers_of
from chalicelib.receipts.service_receipts import document
from chalicelib.receipts.store import ReceiptItem
from chalicelib.receipts.told import first_mark


@dataclass(frozen=True, slots=True)
class Done:
    """A return as it was carried out, and its member's account as it is now."""

    item: ReceiptItem
    returned: Returned
    program: Program
    account: Account | None
    """Null: the receipt is nobody's."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a return changes, worked out from what had come back before and what has now."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    kept_before: dict[str, int]
    kept_after: dict[str, int]
    left_before: Judgement
    left_after: Judgement

    @property
    def taken(self) -> int:
        """Points of the award to take back; below zero: to give again."""
        return sum(self.kept_before.values()) - sum(self.kept_after.values())


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


def change_of(item: ReceiptItem, given: Given, program: Program, after: Sequence[int]) -> Change:
    """What changes when ``after`` pieces of each line are back altogether."""
    sold = item.sold
    engine = engine_of(program)

    def left(back: Sequence[int]) -> Judgement:
        event = returns.event_of(
            given.frozen,
            returns.lines_left(sold.lines, sold.shares, back),
            parse(sold.at),
            partner=item.partner,
            outlet=item.outlet,
            channel=sold.channel,
            payment=sold.payment,
        )
        return returns.rejudged(engine, event, given)

    def kept(judged: Judgement, back: Sequence[int]) -> dict[str, int]:
        how = program.purchases.on_return
        return returns.kept(how, given, judged, sold.lines, back)

    before = pieces_back(len(sold.lines), item.returns)
    # Untouched, the receipt is what it was judged to be, whatever a rule would say today.
    untouched = tuple(before) == (given.before or (0,) * len(before))
    was = given.judgement if untouched else left(before)
    now = left(after)
    return Change(tuple(before), tuple(after), kept(was, before), kept(now, after), was, now)


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
    if member is None:
        raise ReceiptUnknown
    account = ledger.account(desk.program, member.member, strong=True)
    change = change_of(item, given, program, after)
    day = local_date(parse(item.sold.at), program.zone)
    counted = store.counted(desk.program, member.member, [counting.month_of(day)])
    book = Book(account, in_force(desk.program, desk.at), desk.at)
    purse = Purse(member, counted, book, desk.at, Budgets(desk.program))
    whole = all(
        line.quantity == gone for line, gone in zip(item.sold.lines, change.after, strict=True)
    )
    promised = purchases.promised(desk.program, member.member, given.promised)
    unannounced, lapsed = _from_promises(promised, change.taken, item.returns)
    vouchers, swapped = _vouchers_back(purse, given, desk.actor) if whole else (Writes(), ())
    back = _points_back(item, given, change)
    own = _own_lots(account, given, promised)
    seq = given.entry
    burnt = burnt_unspent((*ledger.burnt_since(account, own, seq, book.today), *book.entries), own)
    entry = purchases.come_back(
        book,
        Comeback(
            Cause("receipt.returned", item.receipt, desk.actor),
            seq,
            back=tuple(
                Lot(one.burns, one.issuer, one.use, one.points) for one in (*back, *swapped)
            ),
            taken=change.taken - unannounced - lapsed,
            own=own,
            burnt=burnt,
            unannounced=unannounced,
            forgiven=program.purchases.debt == "forgive",
            forget=[first_mark("receipt_paid")] if whole and given.first else [],
        ),
    )
    returned = Returned(
        wanted.number,
        render(desk.at),
        content,
        _lines(wanted),
        entry=entry.seq,
        back=sum(one.points for one in back),
        taken=change.taken,
        lapsed=lapsed,
        money=_money(item, change.after),
    )
    _uncount(purse, item, given, program, change, whole=whole)
    purse.writes += store.changed(item, returns=(*item.returns, returned))
    purse.writes += _less_promised(promised, unannounced, entry.seq)
    purse.writes += vouchers
    if whole:
        for coupon in given.coupons:
            found = coupons.of_member(desk.program, member.member, coupon, strong=True)
            purse.writes += coupons.reopened(found, item.receipt, desk.actor, desk.at)
    item.returns = (*item.returns, returned)
    return purse.close(), Done(item, returned, program, purse.book.account)


def _uncount(
    purse: Purse, item: ReceiptItem, given: Given, program: Program, change: Change, *, whole: bool
) -> None:
    """Correct the counters as of the day of the purchase; other receipts are not judged again."""
    engine = engine_of(program)
    fewer = returns.less(change.kept_before, change.kept_after)
    reach = engine.reach("receipt_paid")
    capped = {rule.id for rule in reach.capped}
    used = {rule: -points for rule, points in fewer.items() if rule in capped}
    purse.change(program, _negative(item, program, change, used, whole=whole))
    for rule in reach.budgeted:
        if rule.id in given.budgets:
            purse.budgets.draw(rule, given.budgets[rule.id], -fewer.get(rule.id, 0))
    before = returns.stamp_pieces(change.left_before)
    after = returns.stamp_pieces(change.left_after)
    for card, pieces in returns.less(before, after).items():
        purse.tally = counting.stamped(purse.tally, card, -pieces)


def _negative(
    item: ReceiptItem, program: Program, change: Change, used: dict[str, int], *, whole: bool
) -> Purchase:
    categories: dict[str, Sums] = {}
    total = 0
    every = zip(item.sold.lines, item.sold.shares, change.before, change.after, strict=True)
    for line, share, was, now in every:
        money = returns.part(share.money, now, line.quantity)
        money -= returns.part(share.money, was, line.quantity)
        total += money
        had = categories.get(line.category, Sums(0, -1 if whole else 0))
        categories[line.category] = Sums(had.amount - money, had.receipts)
    return Purchase(
        local_date(parse(item.sold.at), program.zone),
        Sums(-total, -1 if whole else 0),
        categories,
        item.partner,
        item.outlet,
        item.sold.channel,
        used,
    )


def _from_promises(
    promised: Sequence[PendingItem], taken: int, earlier: Sequence[Returned]
) -> tuple[int, int]:
    """Of points to take back: those still announced, and those that staff had cancelled."""
    if taken <= 0:
        return 0, 0
    still = sum(one.points for one in promised if one.state == holds.OPEN)
    unannounced = min(taken, still)
    gone = sum(one.points for one in promised if one.state == "cancelled")
    lapsed = min(taken - unannounced, gone - sum(one.lapsed for one in earlier))
    return unannounced, max(0, lapsed)


def _less_promised(promised: Sequence[PendingItem], points: int, by: int) -> Writes:
    writes = Writes()
    for one in promised:
        part = min(points, one.points) if one.state == holds.OPEN else 0
        points -= part
        if part:
            writes += purchases.less_promised(one, part, by)
    return writes


def _own_lots(account: Account, given: Given, promised: Sequence[PendingItem]) -> tuple[Lot, ...]:
    """The lots that the receipt's award opened, at once and when announced points came."""
    seqs = [given.entry]
    seqs += [one.resolved for one in promised if one.state == "confirmed" and one.resolved]
    found: list[Lot] = []
    for seq in seqs:
        entry = ledger.entry(account.program, account.member, seq, strong=True)
        found += [move.lot for move in entry.movements if move.bucket == "open" and move.points > 0]
    return tuple(found)


def _points_back(item: ReceiptItem, given: Given, change: Change) -> tuple[Spent, ...]:
    sold = item.sold
    before = returns.points_back(sold.lines, sold.shares, change.before)
    after = returns.points_back(sold.lines, sold.shares, change.after)
    return returns.lots_back(given.spent, before, after)


def _vouchers_back(purse: Purse, given: Given, actor: str) -> tuple[Writes, tuple[Spent, ...]]:
    """Vouchers of a receipt that is returned as a whole and that nobody used: they are withdrawn,
    and the points that they took come back.
    """
    writes = Writes()
    points = 0
    for coupon, voucher in zip(given.vouchers, vouchers_of(given.judgement), strict=True):
        try:
            found = coupons.of_member(
                purse.member.program, purse.member.member, coupon, strong=True
            )
        except CouponUnknown:
            continue
        if found.state == "open":
            writes += coupons.withdrawn(found, actor, purse.at)
            points += voucher.points
    return writes, returns.lots_back(given.swapped, 0, points)


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
            raise ReturnedTooMuch(line=one.line, left=left)
    return back


def _lines(wanted: Return) -> tuple[tuple[int, int], ...]:
    return tuple((one.line, one.quantity) for one in wanted.lines)


def _again(item: ReceiptItem, returned: Returned, content: str) -> Done:
    if returned.content != content:
        raise ReturnDiffers
    account = ledger.account(item.program, item.member, strong=True) if item.member else None
    return Done(item, returned, document(item), account)
