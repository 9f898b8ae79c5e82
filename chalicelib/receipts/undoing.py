"""What a return undoes: the award, the spent points, counters, stamps, vouchers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from chalicelib.coupons import service as coupons
from chalicelib.coupons.errors import CouponUnknown
from chalicelib.earning.model import Judgement
from chalicelib.earning.selectors import places
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
from chalicelib.programs.purchases import OnReturn
from chalicelib.programs.rules_effects import StampsEffect
from chalicelib.receipts import counting, returns
from chalicelib.receipts.counting import Purchase, Sums
from chalicelib.receipts.model import SALE, Given, Returned, Spent, pieces_back
from chalicelib.receipts.purse import Purse
from chalicelib.receipts.standing import Standing, vouchers_of
from chalicelib.receipts.store import ReceiptItem, Sold
from chalicelib.receipts.told import first_mark


class Bought(Protocol):
    """A receipt of a member, stored or played through."""

    @property
    def sold(self) -> Sold:
        """What it says."""

    @property
    def partner(self) -> str:
        """At which partner."""

    @property
    def outlet(self) -> str:
        """In which outlet."""

    @property
    def returns(self) -> tuple[Returned, ...]:
        """What came back before."""


class Announced(Protocol):
    """An award that a receipt announced, stored or played through."""

    @property
    def award(self) -> str:
        """Its id."""

    @property
    def points(self) -> int:
        """Points that are still announced, or were at last."""

    @property
    def state(self) -> str:
        """``open``, ``confirmed`` or ``cancelled``."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a return changes, worked out from what had come back before and what has now."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    kept_before: dict[str, int]
    kept_after: dict[str, int]
    cards_before: dict[str, int]
    """How far the receipt had moved stamp cards."""
    cards_after: dict[str, int]

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
    promised: Sequence[Announced]
    taken: returns.Taken
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
    taken = from_promises(promised, change.taken, given, item.returns)
    vouchers, swapped = _vouchers_back(purse, given, actor) if whole else (Writes(), ())
    if whole:
        vouchers += _coupons_back(purse, item.receipt, given, actor)
    own = _own_lots(account, given, promised)
    since = ledger.burnt_since(account, own, given.entry, purse.book.today)
    burnt = burnt_unspent((*since, *purse.book.entries), own)
    back = points_back(item, given, change)
    return Plan(change, whole, promised, taken, back, swapped, own, burnt, vouchers)


def comeback(plan: Plan, item: Bought, given: Given, program: Program, cause: Cause) -> Comeback:
    """What the ledger is to do for it."""
    back = [Lot(one.burns, one.issuer, one.use, one.points) for one in (*plan.back, *plan.swapped)]
    comes = sum(lot.points for lot in back) + max(0, -plan.taken.balance)
    return Comeback(
        cause,
        given.entry,
        back=tuple(sorted(back)),
        taken=plan.taken.balance,
        again_burnt=-plan.taken.burnt,
        own=plan.own,
        burnt=plan.burnt,
        unannounced=plan.taken.unannounced,
        recouped=min(comes, sum(one.forgiven for one in item.returns)),
        forgiven=program.purchases.debt == "forgive",
        forget=[first_mark(SALE)] if plan.whole and given.first else [],
    )


def change_of(item: Bought, given: Given, program: Program, after: Sequence[int]) -> Change:
    """What changes when ``after`` pieces of each line are back altogether."""
    sold = item.sold
    engine = engine_of(program)

    reach = engine.reach(SALE)
    bounded = {rule.id for rule in (*reach.capped, *reach.budgeted)}
    stamping = [r for r in program.earning.rules if isinstance(r.effect, StampsEffect)]

    def left(back: Sequence[int]) -> Judgement:
        if sold.past:
            return Judgement()
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
        return returns.kept(how, given, judged, sold.lines, back, bounded)

    def cards(judged: Judgement, back: Sequence[int]) -> dict[str, int]:
        lines = returns.lines_left(sold.lines, sold.shares, back)
        return returns.cards(given, judged, {r.id for r in stamping if places(r.goods, lines)})

    before = pieces_back(len(sold.lines), item.returns)
    # Untouched, the receipt is what it was judged to be, whatever a rule would say today.
    untouched = tuple(before) == (given.before or (0,) * len(before))
    was = given.judgement if untouched else left(before)
    now = left(after)
    return Change(
        tuple(before),
        tuple(after),
        kept(was, before),
        kept(now, after),
        cards(was, before),
        cards(now, after),
    )


def uncount(standing: Standing, item: Bought, given: Given, program: Program, plan: Plan) -> None:
    """Correct the counters as of the day of the purchase; other receipts are not judged again."""
    engine, change = engine_of(program), plan.change
    fewer = returns.less(change.kept_before, change.kept_after)
    reach = engine.reach(SALE)
    capped = {rule.id for rule in reach.capped}
    used = {rule: -points for rule, points in fewer.items() if rule in capped}
    negative = _negative(item, program, change, used, whole=plan.whole)
    standing.change(program, msgspec.structs.replace(negative, points=-change.taken))
    freed = _freed(given, program.purchases.on_return, fewer, whole=plan.whole)
    for rule in reach.budgeted:
        if rule.id in given.budgets:
            standing.shared.draw(rule, given.budgets[rule.id], -freed.get(rule.id, 0))
    for card, stamps in returns.less(change.cards_before, change.cards_after).items():
        standing.tally = counting.stamped(standing.tally, card, -stamps)


def _freed(given: Given, how: OnReturn, fewer: dict[str, int], *, whole: bool) -> dict[str, int]:
    """What budgets get back. Where rules judge what is left, a later return of the same receipt may
    want it again, when others have it: so it is freed with the last piece.
    """
    if how == "shares":
        return fewer
    return returns.points_by_rule(given.judgement) if whole else {}


def _negative(
    item: Bought, program: Program, change: Change, used: dict[str, int], *, whole: bool
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


def from_promises(
    promised: Sequence[Announced], taken: int, given: Given, earlier: Sequence[Returned]
) -> returns.Taken:
    """Where the points of an award are taken from, as its announced awards stand."""
    still = sum(one.points for one in promised if one.state == holds.OPEN)
    gone = sum(one.points for one in promised if one.state == "cancelled")
    room = sum(points for _, points in _room(promised, given))
    return returns.parted(taken, still, gone, room, earlier)


def _room(promised: Sequence[Announced], given: Given) -> list[tuple[Announced, int]]:
    """How much returns took of each announced award that can be announced again, the last first."""
    by_days: dict[int, int] = {}
    for award in given.judgement.awards:
        if award.pending_days:
            by_days[award.pending_days] = by_days.get(award.pending_days, 0) + award.points
    first = dict(
        zip(given.promised, (points for _, points in sorted(by_days.items())), strict=True)
    )
    return [
        (one, first[one.award] - one.points)
        for one in reversed(promised)
        if one.state == holds.OPEN or (one.state == "cancelled" and not one.points)
    ]


def promised_less(plan: Plan, given: Given) -> list[tuple[Announced, int]]:
    """By how much each announced award gets less, the soonest first, or, below zero, more again,
    the last first.
    """
    found: list[tuple[Announced, int]] = []
    less = plan.taken.unannounced
    again = -less
    for one in plan.promised:
        part = min(max(0, less), one.points) if one.state == holds.OPEN else 0
        less -= part
        found += [(one, part)] if part else []
    for one, room in _room(plan.promised, given):
        part = min(max(0, again), room)
        again -= part
        found += [(one, -part)] if part else []
    return found


def less_promised(plan: Plan, given: Given, by: int) -> Writes:
    """Announce so many points less, or again; ``by`` is the entry that says so."""
    writes = Writes()
    for one, part in promised_less(plan, given):
        if isinstance(one, PendingItem):
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


def points_back(item: Bought, given: Given, change: Change) -> tuple[Spent, ...]:
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
