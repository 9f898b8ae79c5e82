"""One member's account and counters, opened to post several receipts or events as one commit.

A receipt that is refused, or for which the commit has no room, leaves no trace, and the others go
on. What is read here is read strongly and written under the
condition that it did not change; the account's head, on which every commit is conditional, orders
all receipts of one member.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, Protocol

from chalicelib.counters import gates
from chalicelib.coupons import service as coupons
from chalicelib.coupons.model import Terms
from chalicelib.donations import model as donated
from chalicelib.donations import store as donations
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Donation, MemberFacts
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.table.writes import MAX_ITEMS, Writes
from chalicelib.ledger import purchases
from chalicelib.ledger.model import Account
from chalicelib.ledger.posting import Book
from chalicelib.members.asked import asked, joined_on
from chalicelib.members.model import Member
from chalicelib.programs.model import Program
from chalicelib.programs.tiers import Span, by_points
from chalicelib.receipts import assigned, counting, levels, service_levels, store
from chalicelib.receipts.budget import Budgets
from chalicelib.receipts.counting import Month, Tally, Tier
from chalicelib.receipts.errors import CouponRefused
from chalicelib.receipts.model import LEVEL, Happening
from chalicelib.receipts.standing import Facts, Standing, voucher_id, vouchers_of
from chalicelib.receipts.store import Counted, ReceiptItem, Sold
from chalicelib.receipts.told import Case, Told, new_item, settle

MOST_BYTES = 3_000_000
"""Bytes that receipts bring into one commit; entries and counters take the rest of four million."""


class CommitFull(Exception):
    """The commit has no room for one receipt more. Never shown to a caller."""


class HeldQuote(Protocol):
    """A quote that holds points of the member."""

    def let_go(self, book: Book, actor: str) -> Writes:
        """Free its points within an open book; the quote is over with it."""


class _Mark(NamedTuple):
    """What a purse goes back to when a receipt is not taken."""

    account: Account
    program: Program
    entries: int
    promised: frozenset[str]
    tally: Tally
    months: dict[str, Month]
    draws: dict[tuple[str, int], tuple[int, int]]
    donated: dict[str, int]
    writes: Writes
    coupons: frozenset[str]
    levels: frozenset[str]


class Purse(Standing):
    """See the module's text."""

    def __init__(
        self, member: Member, counted: Counted, book: Book, at: datetime, budgets: Budgets
    ) -> None:
        """Nothing is changed yet."""
        months = {name: month for name, (month, _) in counted.months.items()}
        super().__init__(member.member, _facts_of(member), book, (counted.tally, months), budgets)
        self.member = member
        self.counted = counted
        self.at = at
        self._club = book.program
        self.budgets = budgets
        self.writes = Writes()
        self._size = 0
        self._donated: dict[str, int] = {}
        self._coupons: set[str] = set()
        self._levels = {one.tier for one in self.tally.tiers[-1:] if one.by == "purchase"}

    def post(
        self, told: Told, *, unclaimed: ReceiptItem | None = None, quote: HeldQuote | None = None
    ) -> ReceiptItem:
        """Post one receipt or event; with ``unclaimed`` one that was nobody's and is this member's
        from now on; with ``quote`` the points that it held are free to be spent.

        Raises:
            NotEnoughPoints, TooManyPoints, PointsNotTaken, TooFewPoints, PaymentsDiffer,
            CouponRefused.
            CommitFull: it has to go into another commit than those before it.
        """
        mark = self._mark()
        self.writes = Writes()
        try:
            item = self._post(told, unclaimed, quote)
            self.reached(told.program)
            size = self._size + self.writes.size
            if mark.writes and (self._count(mark) > MAX_ITEMS or size > MOST_BYTES):
                raise CommitFull
        except (Refusal, CommitFull):
            self._back_to(mark)
            raise
        together = mark.writes
        together += self.writes
        self.writes, self._size = together, size
        return item

    def _mark(self) -> _Mark:
        return _Mark(
            self.book.account,
            self.book.program,
            len(self.book.entries),
            frozenset(self.book.promised),
            self.tally,
            dict(self.months),
            self.budgets.draws,
            dict(self._donated),
            self.writes,
            frozenset(self._coupons),
            frozenset(self._levels),
        )

    def _back_to(self, mark: _Mark) -> None:
        self.book.account, self.book.program = mark.account, mark.program
        del self.book.entries[mark.entries :]
        self.book.promised = set(mark.promised)
        self.tally, self.months, self.writes = mark.tally, mark.months, mark.writes
        self.budgets.back_to(mark.draws)
        self._donated = mark.donated
        self._coupons, self._levels = set(mark.coupons), set(mark.levels)

    def _count(self, mark: _Mark) -> int:
        """Items that all receipts so far bring into the commit, all others counted too."""
        own = len(mark.writes) + len(self.writes) + len(self.budgets.draws) + len(self._donated)
        counters = service_levels.changes(
            self._club, self.counted, self.tally, self.months, self.at
        )
        return own + self.book.count + counters + len(self._gates())

    def _gates(self) -> Writes:
        """A look at the member's gates, if the counters as they are now may open or close one."""
        before = {name: month for name, (month, _) in self.counted.months.items()}
        who = self.member
        return gates.look_again(self._club, who.member, who.kind, before, self.months, self.at)

    def _post(
        self, told: Told, unclaimed: ReceiptItem | None, quote: HeldQuote | None
    ) -> ReceiptItem:
        for code, one in zip(told.codes, told.coupons, strict=True):
            if one.coupon in self._coupons:
                raise CouponRefused(coupon=code)
        shares = settle(told)
        self.book.program = told.program
        freed = quote.let_go(self.book, told.actor) if quote else Writes()
        entered = self.enter(told, shares)
        case = entered.case
        given = self.given(told, entered)
        self.count(told, shares, case, given.budgets)
        for other in case.judgement.others:
            if isinstance(other, Donation):
                self.donate(other.to, other.amount)
        self.writes += freed
        self.writes += purchases.announced(entered.entry, entered.deal)
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

    def reached(self, program: Program) -> None:
        """A level that was lifted to is an event of its own, once for each level; where points
        lift, its points may lift further.
        """
        while not assigned.by_staff(program) and self.tally.tiers:
            newest = self.tally.tiers[-1]
            if newest.by != "purchase" or newest.tier in self._levels:
                return
            self._levels.add(newest.tier)
            if program.earning.rewards(LEVEL):
                self._level(program, newest)

    def _level(self, program: Program, reached: Tier) -> None:
        tier, since = reached.tier, reached.since
        happened = Happening(trigger=LEVEL, number=tier, at=since, subject=tier)
        owner = self.member
        ident = store.receipt_id(owner.program, "event", "", owner.member, LEVEL, tier)
        if store.find(owner.program, ident) is None:
            sold = Sold(happened.number, since, event=happened)
            level = Told(ident, ident, program, parse(since), "", "", "system", sold)
            self._post(level, None, None)

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self.book.entries or len(self.writes) or self.tally != self.counted.tally)

    def donate(self, to: str, amount: int) -> None:
        """Count what a rule gives away, in the month in which the club learns of it; below zero:
        what it gives away no more.
        """
        self._donated[to] = self._donated.get(to, 0) + amount

    def close(self) -> Writes:
        """Everything to commit: account, entries, counters, budgets, donations, receipts."""
        posting = self.book.close(self.writes)
        counted = service_levels.count(
            self._club, self.member.member, self.counted, self.tally, self.months, self.at
        )
        writes = posting.writes
        writes += counted
        writes += self._gates()
        writes += self.budgets.writes()
        month = donated.month_of(self.at, self._club.zone)
        for to, amount in sorted(self._donated.items()):
            if amount:
                who = self.member
                writes += donations.of_purchases(who.program, who.member, month, to, amount)
        return writes

    def lapse(self) -> None:
        """Leave, or keep anew, a level whose time is over, however late that is; come to one that
        points lift to which other rooms counted.
        """
        today = local_date(self.at, self._club.zone)
        joined = joined_on(self.member.joined_at, self._club)
        self.tally = levels.lapsed(self.tally, self._club, self.months, today, joined)
        if by_points(self._club.tiers):
            self.tally = levels.risen(self.tally, self._club, self.months, self.at)

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
    """A purse with the counters that these events may ask about or change.

    The account was read before the counters, and each change of these moves the account on: so what
    is decided here can only be committed if the counters are still what was read.
    """
    today = local_date(at, program.zone)
    wanted = _of_level(program, today, today) if by_points(program.tiers) else set[str]()
    for one in told:
        if one.sold.past:
            wanted.add(counting.month_of(one.day))
            continue
        reach = engine_of(one.program).reach(one.trigger)
        wanted |= counting.months_needed(reach, one.day, today)
        if one.program.tiers and (one.sold.event is None or by_points(one.program.tiers)):
            wanted |= _of_level(one.program, one.day, today)
    counted = service_levels.counted(program, member.member, wanted, at)
    purse = Purse(member, counted, Book(account, program, at), at, Budgets(member.program))
    purse.lapse()
    return purse


def _of_level(program: Program, day: date, today: date) -> set[str]:
    """The months that decide on a level by something of a day, and in which its event is counted:
    what is told late does not come before what happened to the level since.
    """
    found = levels.months_up(program, day, today)
    found |= counting.months_needed(engine_of(program).reach(LEVEL), day, today)
    return found | (Span(day, today).months if program.earning.rewards(LEVEL) else set())


def _facts_of(member: Member) -> Facts:
    """What rules may ask of the member; what costs a read is read only if they do."""

    def facts(told: Told, engine: Engine) -> MemberFacts:
        who = (member.member, member.kind)
        return asked(engine, told.trigger, told.program, who, told.at, lambda: member)

    return facts
