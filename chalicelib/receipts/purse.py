"""One member's account and counters, opened to post several receipts or events as one commit.

Everything that one receipt changes is worked out before anything is kept, so that a refused one
leaves no trace and the others go on. What is read here is read strongly and written under the
condition that it did not change; the account's head, on which every commit is conditional, orders
all receipts of one member.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from chalicelib.coupons import model as coupon_model
from chalicelib.coupons import service as coupons
from chalicelib.coupons.model import Terms
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Award as Judged
from chalicelib.earning.model import Judgement, Stamped, TierChange, Used, Voucher
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import purchases, rules
from chalicelib.ledger.model import Account, Award, Cause, Entry, Lot, Part, Reason, by_rule
from chalicelib.ledger.posting import Book
from chalicelib.ledger.purchases import Deal, Promise
from chalicelib.members.asked import asked
from chalicelib.members.model import Member
from chalicelib.programs.model import Program
from chalicelib.programs.rules_conditions import FirstCondition
from chalicelib.receipts import counting, store
from chalicelib.receipts.budget import Budgets
from chalicelib.receipts.counting import Month, Purchase
from chalicelib.receipts.errors import CouponRefused
from chalicelib.receipts.model import SALE, Frozen, Given, Shares, Spent
from chalicelib.receipts.store import Counted, ReceiptItem
from chalicelib.receipts.told import Case, Told, first_mark, judged, new_item, purchase_of, settle


class HeldQuote(Protocol):
    """A quote that holds points of the member."""

    def let_go(self, book: Book, actor: str) -> Writes:
        """Free its points within an open book; the quote is over with it."""


@dataclass(slots=True)
class Purse:
    """See the module's text."""

    member: Member
    counted: Counted
    book: Book
    at: datetime
    budgets: Budgets
    tally: counting.Tally = field(init=False)
    months: dict[str, Month] = field(init=False)
    writes: Writes = field(default_factory=Writes)
    _coupons: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Nothing is changed yet."""
        self.tally = self.counted.tally
        self.months = {name: month for name, (month, _) in self.counted.months.items()}

    def judge(self, told: Told, shares: Sequence[Shares], *, quote: bool = False) -> Case:
        """What the rules give for an event now; changes nothing."""
        engine = engine_of(told.program)
        return judged(told, shares, self._frozen(told, engine), quote=quote)

    def post(
        self, told: Told, *, unclaimed: ReceiptItem | None = None, quote: HeldQuote | None = None
    ) -> ReceiptItem:
        """Post one receipt or event; with ``unclaimed`` one that was nobody's and is this member's
        from now on; with ``quote`` the points that it held are free to be spent.

        Raises:
            NotEnoughPoints, TooManyPoints, PointsNotTaken, TooFewPoints, PaymentsDiffer,
            CouponRefused.
        """
        account, entries = self.book.account, len(self.book.entries)
        try:
            return self._post(told, unclaimed, quote)
        except Refusal:
            self.book.account = account
            del self.book.entries[entries:]
            raise

    def _post(
        self, told: Told, unclaimed: ReceiptItem | None, quote: HeldQuote | None
    ) -> ReceiptItem:
        if self._coupons & {one.coupon for one in told.coupons}:
            raise CouponRefused(coupon=told.coupons[0].coupon)
        shares = settle(told)
        self.book.program = told.program
        freed = quote.let_go(self.book, told.actor) if quote else Writes()
        case = self.judge(told, shares)
        deal = self._deal(told, case)
        entry, spent, promised = purchases.post(self.book, deal)
        given = self._given(told, case, entry, spent, deal)
        self._count(told, shares, case, given)
        self.writes += freed
        self.writes += promised
        if unclaimed is None:
            item = new_item(told, shares, self.at, self.member.member)
            item.given = given
            self.writes.put_new(item)
        else:
            item = unclaimed
            self.writes += store.changed(item, member=self.member.member, given=given)
            item.member, item.given = self.member.member, given
        self._coupons |= {one.coupon for one in told.coupons}
        for coupon in told.coupons:
            self.writes += coupons.used(coupon, told.id, told.actor, self.at)
        self.writes += self._vouchers(told, case)
        return item

    def close(self) -> Writes:
        """Everything to commit: account, entries, counters, budgets, receipts."""
        posting = self.book.close(self.writes)
        counted = store.count(
            self.member.program, self.member.member, self.counted, self.tally, self.months
        )
        writes = posting.writes
        writes += counted
        writes += self.budgets.writes()
        return writes

    def _frozen(self, told: Told, engine: Engine) -> Frozen:
        program, day, trigger = told.program, told.day, told.trigger
        who = (self.member.member, self.member.kind)
        facts = asked(engine, trigger, program, who, told.at, lambda: self.member)
        account = self.book.account
        available = account.available(self.book.today) - told.points - account.debt
        facts = msgspec.structs.replace(
            facts, tier=self.tally.tier_at(render(told.at)), points=available
        )
        reach = engine.reach(trigger)
        used = counting.used(reach.capped, self.months, self.tally, day)
        for rule in reach.budgeted:
            room = self.budgets.room(rule, self.member.member)
            had = used.get(rule.id, Used())
            most = rule.caps.program or 0
            used[rule.id] = msgspec.structs.replace(had, program=most - room)
        first = engine.asks(trigger, FirstCondition) and first_mark(trigger) not in account.once
        return Frozen(
            version=program.version,
            member=facts,
            counters=counting.counters(
                program.earning, reach.counters, self.months, self.tally, day
            ),
            months=counting.bought_in(self.months) if reach.months else (),
            stamps=self.tally.stamps,
            first=first,
            today=counting.today(self.months, purchase_of(told, ())),
            used=used,
            identified=told.identified,
            partner_rate=told.rate,
        )

    def _deal(self, told: Told, case: Case) -> Deal:
        program, judgement = told.program, case.judgement
        kind = "event.posted" if told.sold.event else "receipt.posted"
        asks_first = case.engine.asks(told.trigger, FirstCondition)
        return Deal(
            Cause(kind, told.id, told.actor),
            spent=told.points,
            awards=[_award(program, one) for one in judgement.awards if not one.pending_days],
            promises=_promises(told, judgement),
            exchanged=[
                Part(one.points, by_rule(program.id, program.version, one.rule))
                for one in judgement.others
                if isinstance(one, Voucher)
            ],
            issuer=told.partner if program.purchases.partners_settle else "",
            marks=[first_mark(told.trigger)] if asks_first or told.trigger == SALE else [],
        )

    def _given(
        self, told: Told, case: Case, entry: Entry, spent: tuple[Lot, ...], deal: Deal
    ) -> Given:
        everything = rules.spent_lots(entry.movements)
        swapped = lots_beyond(everything, spent)
        return Given(
            case.frozen,
            case.judgement,
            entry.seq,
            spent=tuple(Spent(*rules.lot_key(lot), lot.points) for lot in sorted(spent)),
            before=told.before,
            coupons=tuple(one.coupon for one in told.coupons),
            vouchers=tuple(voucher_id(told.id, one.rule) for one in vouchers_of(case.judgement)),
            swapped=swapped,
            promised=tuple(one.id for one in deal.promises),
            first=bool(entry.once),
            budgets=self.budgets.drawn(case.judgement, case.engine.reach(told.trigger).budgeted),
        )

    def _count(self, told: Told, shares: Sequence[Shares], case: Case, given: Given) -> None:
        program, judgement = told.program, case.judgement
        points: dict[str, int] = {}
        for award in judgement.awards:
            points[award.rule] = points.get(award.rule, 0) + award.points
        capped = {rule.id for rule in case.engine.reach(told.trigger).capped}
        used = {rule: given_ for rule, given_ in points.items() if rule in capped}
        purchase = purchase_of(told, shares, used)
        self.change(program, purchase)
        for rule in case.engine.reach(told.trigger).budgeted:
            self.budgets.draw(rule, given.budgets.get(rule.id, 0), points.get(rule.id, 0))
        for one in judgement.others:
            if isinstance(one, Stamped):
                change = one.after - given.frozen.stamps.get(one.card, 0)
                self.tally = counting.stamped(self.tally, one.card, change)
            elif isinstance(one, TierChange):
                self.tally = counting.promoted(self.tally, one.tier, render(told.at))

    def change(self, program: Program, purchase: Purchase) -> None:
        """Count a purchase, or what came back of one."""
        month = self.months.get(purchase.month, Month())
        self.months[purchase.month] = counting.added(month, program.earning, purchase)
        self.tally = counting.tallied(self.tally, program.earning, purchase)

    def _vouchers(self, told: Told, case: Case) -> Writes:
        """One credit for each rule's vouchers of this event, worth all of them."""
        writes = Writes()
        names = {rule.id: rule.name for rule in told.program.earning.rules}
        for one in vouchers_of(case.judgement):
            writes += coupons.issued(
                coupons.NewCoupon(
                    program=told.program.id,
                    member=self.member.member,
                    coupon=voucher_id(told.id, one.rule),
                    name=names[one.rule],
                    terms=Terms(amount=one.amount, combinable=True),
                    source=f"receipt:{told.id}",
                    actor=told.actor,
                    at=self.at,
                )
            )
        return writes


def opened(
    member: Member, account: Account, told: Iterable[Told], at: datetime, program: Program
) -> Purse:
    """A purse with the counters that these events may ask about or change."""
    wanted: set[str] = set()
    for one in told:
        reach = engine_of(one.program).reach(one.trigger)
        wanted |= counting.months_needed(reach, one.day, local_date(at, one.program.zone))
    counted = store.counted(member.program, member.member, sorted(wanted))
    return Purse(member, counted, Book(account, program, at), at, Budgets(member.program))


def _promises(told: Told, judgement: Judgement) -> list[Promise]:
    """What can be used later, by the day from which it can."""
    by_days: dict[int, list[Judged]] = {}
    for award in judgement.awards:
        if award.pending_days:
            by_days.setdefault(award.pending_days, []).append(award)
    found = []
    for days, awards in sorted(by_days.items()):
        due = (told.day + timedelta(days=days)).isoformat()
        given = _award(told.program, awards[0])
        if len(awards) > 1:
            given = Award(sum(one.points for one in awards), Reason("receipt_awards"))
        found.append(Promise(f"{told.id}x{days}", given, due))
    return found


def voucher_id(receipt: str, rule: str) -> str:
    """Id of the coupon that a rule gives for points of a receipt."""
    return coupon_model.coupon_id("receipt", receipt, rule)


def vouchers_of(judgement: Judgement) -> list[Voucher]:
    """The vouchers of a judgement."""
    return [one for one in judgement.others if isinstance(one, Voucher)]


def lots_beyond(everything: Iterable[Lot], spent: Iterable[Lot]) -> tuple[Spent, ...]:
    """The lots that an entry took beyond those that paid for the receipt."""
    left: dict[tuple[str, str, str], int] = {}
    for lot in everything:
        left[rules.lot_key(lot)] = left.get(rules.lot_key(lot), 0) + lot.points
    for lot in spent:
        left[rules.lot_key(lot)] -= lot.points
    return tuple(Spent(*key, points) for key, points in sorted(left.items()) if points)


def _award(program: Program, judged: Judged) -> Award:
    return Award(judged.points, by_rule(program.id, program.version, judged.rule))
