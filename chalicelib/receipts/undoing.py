"""What a return undoes: the award, the spent points, counters, stamps, vouchers."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.coupons import service as coupons
from chalicelib.coupons.errors import CouponUnknown
from chalicelib.earning.model import Judgement
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import holds, purchases
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account, Cause, Lot
from chalicelib.ledger.purchases import Comeback
from chalicelib.ledger.rules import LotKey, burnt_unspent
from chalicelib.ledger.store import PendingItem
from chalicelib.programs.model import Program
from chalicelib.receipts import counting, returns
from chalicelib.receipts.counting import Purchase, Sums
from chalicelib.receipts.model import SALE, Given, Returned, Spent, pieces_back
from chalicelib.receipts.purse import Purse, vouchers_of
from chalicelib.receipts.store import ReceiptItem
from chalicelib.receipts.told import first_mark


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


@dataclass(frozen=True, slots=True)
class Plan:
    """One return of a member's receipt, worked out against their account."""

    change: Change
    whole: bool
    """Whether nothing is left of the receipt."""
    promised: Sequence[PendingItem]
    unannounced: int
    """Points to take that are still announced."""
    lapsed: int
    """Points to take that staff had cancelled before they came."""
    back: tuple[Spent, ...]
    """The lots of spent points that come back."""
    swapped: tuple[Spent, ...]
    """The lots of points that had become vouchers which nobody used."""
    own: tuple[Lot, ...]
    """The lots that the award opened."""
    burnt: dict[LotKey, int]
    """What burnt of them unspent."""
    coupons: Writes
    """Coupons that it used and that are open again; vouchers that are withdrawn."""


def planned(
    purse: Purse,
    account: Account,
    item: ReceiptItem,
    given: Given,
    change: Change,
    actor: str,
) -> Plan:
    """A return worked out against the account as it was read."""
    lines = item.sold.lines
    whole = all(line.quantity == gone for line, gone in zip(lines, change.after, strict=True))
    promised = purchases.promised(account.program, account.member, given.promised)
    unannounced, lapsed = _from_promises(promised, change.taken, item.returns)
    vouchers, swapped = _vouchers_back(purse, given, actor) if whole else (Writes(), ())
    if whole:
        vouchers += _coupons_back(purse, item.receipt, given, actor)
    own = _own_lots(account, given, promised)
    since = ledger.burnt_since(account, own, given.entry, purse.book.today)
    burnt = burnt_unspent((*since, *purse.book.entries), own)
    back = _points_back(item, given, change)
    return Plan(change, whole, promised, unannounced, lapsed, back, swapped, own, burnt, vouchers)


def comeback(plan: Plan, given: Given, program: Program, cause: Cause) -> Comeback:
    """What the ledger is to do for it."""
    return Comeback(
        cause,
        given.entry,
        back=tuple(
            Lot(one.burns, one.issuer, one.use, one.points) for one in (*plan.back, *plan.swapped)
        ),
        taken=plan.change.taken - plan.unannounced - plan.lapsed,
        own=plan.own,
        burnt=plan.burnt,
        unannounced=plan.unannounced,
        forgiven=program.purchases.debt == "forgive",
        forget=[first_mark(SALE)] if plan.whole and given.first else [],
    )


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


def uncount(purse: Purse, item: ReceiptItem, given: Given, program: Program, plan: Plan) -> None:
    """Correct the counters as of the day of the purchase; other receipts are not judged again."""
    engine, change = engine_of(program), plan.change
    fewer = returns.less(change.kept_before, change.kept_after)
    reach = engine.reach(SALE)
    capped = {rule.id for rule in reach.capped}
    used = {rule: -points for rule, points in fewer.items() if rule in capped}
    purse.change(program, _negative(item, program, change, used, whole=plan.whole))
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


def less_promised(plan: Plan, by: int) -> Writes:
    """Announce so many points less, the soonest first; ``by`` is the entry that says so."""
    writes, points = Writes(), plan.unannounced
    for one in plan.promised:
        part = min(points, one.points) if one.state == holds.OPEN else 0
        points -= part
        if part:
            writes += purchases.less_promised(one, part, by)
    return writes


def _coupons_back(purse: Purse, receipt: str, given: Given, actor: str) -> Writes:
    """The coupons that a receipt used are open again."""
    writes, member = Writes(), purse.member
    for coupon in given.coupons:
        found = coupons.of_member(member.program, member.member, coupon, strong=True)
        writes += coupons.reopened(found, receipt, actor, purse.at)
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
    """The lots of spent points that come back now."""
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
