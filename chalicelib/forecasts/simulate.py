"""Playing past receipts through by one document, member by member in the order of their times.

What happens to a member is worked out by the very pieces that post receipts for real: splitting,
the engine, the ledger's rules for lots and burning, counters, returns. Nothing is read or written.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Discount, MemberFacts
from chalicelib.earning.service import engine_of
from chalicelib.forecasts import itself, sums
from chalicelib.forecasts.figures import Changes, DaySum, Figures, Played, changes_of
from chalicelib.forecasts.happened import Step
from chalicelib.forecasts.model import WHOLE, Assumptions, Past, value_of
from chalicelib.forecasts.playing import ALONE, Bought, Buyer, Share, replaced
from chalicelib.forecasts.undone import uncount
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.errors import Refusal
from chalicelib.ledger.model import BURN, Account
from chalicelib.ledger.posting import Book
from chalicelib.programs.model import Program
from chalicelib.receipts import counting, levels, splitting
from chalicelib.receipts.model import SALE, Happening, Shares, SoldLine
from chalicelib.receipts.standing import Entered, Standing
from chalicelib.receipts.told import Told

FactsOf = Callable[[str, date], MemberFacts]
"""What rules may ask of a member on a local day, but for tier and points."""


class Player:
    """One document, and the members of one part as they would stand by it."""

    def __init__(
        self,
        program: Program,
        facts: FactsOf,
        assumed: Assumptions,
        share: Share = ALONE,
        begins: date | None = None,
    ) -> None:
        """``share`` is this part's share of budgets that all members have together; what comes by
        itself comes from the day ``begins`` on; None: from the first thing that happens to each.
        """
        self.program = program
        self.assumed = assumed
        self.value = value_of(program, assumed)
        self.before, self.figures = Figures(), Figures()
        self._facts = facts
        self._share = share
        self._spent: dict[str, int] = {}
        self._zone = ZoneInfo(program.zone)
        self._buyers: dict[str, Buyer] = {}
        self._from = assumed.counted_from or ""
        self._begins = begins
        self._is_awaited = itself.is_awaited(program)

    def take(self, step: Step, *, remember: bool) -> None:
        """Let one thing happen. ``remember`` what returns to come will need.

        What the document refuses is counted and passed.
        """
        buyer = self._buyers.get(step.past.member)
        if buyer is None:
            buyer = self._buyers[step.past.member] = Buyer(
                self.program, step.past.member, self._share, self._spent
            )
            first = self._begins or local_date(step.at, self.program.zone)
            buyer.passed = first - timedelta(days=1)
        self._pass(buyer, local_date(step.at, self.program.zone))
        if _trigger(step.past) in itself.TRIGGERS:
            return
        try:
            if step.order:
                self._return(buyer, step)
            else:
                self._sell(buyer, step, remember=remember)
        except Refusal:
            self._of(local_date(step.at, self.program.zone)).refused += 1

    def end(self, last: date) -> None:
        """Let come what comes by the end of the last day, burn what burns, and count what is
        left.
        """
        at = self._midnight(last + timedelta(days=1))
        for buyer in self._buyers.values():
            self._pass(buyer, last)
            self._confirm(buyer, at)
            book = Book(buyer.account, self.program, at)
            self._burnt(book)
            account = buyer.account = book.account
            self.figures.members += 1
            self.figures.open += account.open_points
            self.figures.pending += account.pending
            self.figures.owed += account.debt

    def played(self, base: "Player", pseudonym: Callable[[str], str]) -> Played:
        """What it came to; changes of members beside what ``base`` gave them."""
        return Played(self.figures, self.opening(), self._changes(base, pseudonym))

    def opening(self) -> int:
        """Points that members had when counting began."""
        was = self.before
        return was.given + was.excused - was.spent - was.exchanged - was.burnt

    def account(self, member: str) -> Account:
        """A member's account as it stands."""
        return self._buyers[member].account

    def _changes(self, base: "Player", pseudonym: Callable[[str], str]) -> Changes:
        rows = [
            (pseudonym(name), base._buyers[name].worth, buyer.worth)
            for name, buyer in self._buyers.items()
        ]
        return changes_of(rows)

    # -- one receipt -----------------------------------------------------------

    def _sell(self, buyer: Buyer, step: Step, *, remember: bool, sparing: bool = False) -> None:
        """Post a receipt or an event; when ``sparing``, only if it brings something."""
        past = step.past
        self._confirm(buyer, step.at)
        book = Book(buyer.account, self.program, step.at)
        standing = self._standing(buyer, book, _trigger(past))
        lines, off = self._discounted(standing, past, step.at)
        coupons = _coupons(past, lines)
        told = self._told(past, step.at, lines, coupons, book)
        shares: tuple[Shares, ...] = ()
        if lines:
            terms = self.program.purchases
            due = sum(line.price for line in lines) - sum(coupons)
            money = due - told.points * self.value
            idle = sum(one.amount for one in past.payments if one.means in terms.earns_nothing)
            shares = splitting.settled(lines, coupons, told.points, min(idle, money), terms)
        entered = standing.enter(told, shares)
        shards = standing.drawn(entered.case)
        standing.count(told, shares, entered.case, shards)
        if remember:
            given = standing.given(told, entered)
            sold = replaced(told.sold, shares)
            buyer.bought[past.receipt] = Bought(
                past.receipt, sold, told.partner, told.outlet, given, step.at, off
            )
        if sparing and not (entered.case.judgement.awards or entered.case.judgement.others):
            return
        if buyer.bought:
            buyer.entries += book.entries
        buyer.keep(standing, entered.deal.promises, entered.deal.issuer)
        self._burnt(book)
        self._count(buyer, told, off, coupons, entered)
        self._reached(buyer)

    def _told(
        self,
        past: Past,
        at: datetime,
        lines: tuple[SoldLine, ...],
        coupons: Sequence[int],
        book: Book,
    ) -> Told:
        sold = past.sold if lines is past.sold.lines else replaced(past.sold, (), lines)
        return Told(
            past.receipt,
            "",
            self.program,
            at,
            past.partner,
            past.outlet,
            "system",
            sold,
            points=self._points(past, lines, coupons, book),
            identified=sold.identified,  # type: ignore[arg-type]
            rate=past.rate,
            before=past.before,
        )

    def _points(
        self, past: Past, lines: Sequence[SoldLine], coupons: Sequence[int], book: Book
    ) -> int:
        """The points that pay: as many as the document, the account and the assumption allow."""
        spending, account = self.program.purchases.spending, book.account
        if spending is None or not lines or account.debt:
            return 0
        available = account.available(book.today)
        if not available or available < spending.least:
            return 0
        due = [line.price - off for line, off in zip(lines, coupons, strict=True)]
        most = min(splitting.payable(lines, due, spending)[0], available)
        if self.assumed.paying == "as_told":
            wanted = min(past.points, most)
        else:
            wanted = most * self.assumed.spend_share // WHOLE
        return wanted if wanted >= spending.least else 0

    def _discounted(
        self, standing: Standing, past: Past, at: datetime
    ) -> tuple[tuple[SoldLine, ...], tuple[Discount, ...]]:
        """The lines after the document's own discounts, and these."""
        lines = past.sold.lines
        if self.assumed.prices != "shelf" or not lines:
            return lines, ()
        plain = tuple(Shares(0, 0, 0, 0, line.price) for line in lines)
        told = self._told(past, at, lines, (0,) * len(lines), standing.book)
        discounts = standing.judge(told, plain, quote=True).judgement.discounts
        gone = [0] * len(lines)
        for one in discounts:
            for place, amount in one.shares:
                gone[place] += amount
        if not any(gone):
            return lines, ()
        left = tuple(
            msgspec.structs.replace(line, price=line.price - off)
            for line, off in zip(lines, gone, strict=True)
        )
        return left, discounts

    def _count(
        self,
        buyer: Buyer,
        told: Told,
        discounts: Sequence[Discount],
        coupons: Sequence[int],
        entered: Entered,
    ) -> None:
        judgement, day = entered.case.judgement, told.day
        figures = self._of(day)
        off = sum(one.amount for one in discounts)
        given = judgement.points
        if told.sold.event:
            figures.events += 1
        else:
            figures.receipts += 1
        turnover = sums.goods(figures, told, off, self.assumed.margin)
        figures.coupons += sum(coupons)
        figures.given += given
        figures.spent += told.points
        for award in judgement.awards:
            figures.rule(award.rule, award.points)
        figures.discounts += off
        for one in discounts:
            figures.rule(one.rule, 0, one.amount)
        sums.others(figures, judgement)
        receipts = int(not told.sold.event)
        figures.day(day.isoformat(), DaySum(receipts, turnover, given, told.points, discounts=off))
        if figures is self.figures:
            buyer.worth += given * self.value + off

    # -- what comes back ---------------------------------------------------------

    def _return(self, buyer: Buyer, step: Step) -> None:
        bought = buyer.bought.get(step.past.receipt)
        if bought is None:
            return
        self._confirm(buyer, step.at)
        book = Book(buyer.account, self.program, step.at)
        standing = self._standing(buyer, book, SALE, bought.day(self.program))
        back = step.past.returns[step.order - 1]
        undone = buyer.come_back(standing, bought, back.lines, self._joined(buyer, book.today))
        self._burnt(book)
        buyer.entries += book.entries
        buyer.keep(standing, ())
        day = local_date(step.at, self.program.zone)
        uncount(self._of(day), day.isoformat(), undone, self.assumed.margin)
        if self._of(bought.day(self.program)) is self.figures:
            buyer.worth -= undone.taken * self.value + sum(undone.off.values())

    # -- what comes by itself ----------------------------------------------------

    def _pass(self, buyer: Buyer, day: date) -> None:
        """Let come to a member what comes through a day."""
        after, buyer.passed = buyer.passed, max(buyer.passed, day)
        if not self._is_awaited or day <= after:
            return
        who = self._facts(buyer.name, day)
        for one in itself.coming(self.program, who, after, day):
            if not one.is_check or itself.is_checked(buyer.months, one.day):
                at = self._midnight(one.day)
                told = Happening(trigger=one.trigger, number=one.number, at=render(at))
                step = itself.step(buyer.name, told, at)
                self._sell(buyer, step, remember=False, sparing=one.is_check)

    def _reached(self, buyer: Buyer) -> None:
        """A level that the member has just come to is an event, once."""
        told = itself.reached(self.program, buyer.tally, buyer.levels)
        if told is not None:
            buyer.levels.add(told.subject)
            if self.program.earning.rewards(told.trigger):
                step = itself.step(buyer.name, told, parse(told.at))
                self._sell(buyer, step, remember=False)

    def _joined(self, buyer: Buyer, day: date) -> date | None:
        return self._facts(buyer.name, day).joined_on

    # -- the rest ------------------------------------------------------------------

    def _standing(
        self, buyer: Buyer, book: Book, trigger: str, day: date | None = None
    ) -> Standing:
        """The member with those of their months that rules may ask about, as they are read."""
        day = day or book.today
        reach = engine_of(self.program).reach(trigger)
        needed = counting.months_needed(reach, day, book.today)
        needed |= levels.months_up(self.program, day, book.today)
        months = {name: buyer.months[name] for name in needed if name in buyer.months}

        def facts(told: Told, _: Engine) -> MemberFacts:
            return self._facts(buyer.name, told.day)

        tally = buyer.tally
        if self.program.tiers:
            joined = self._joined(buyer, book.today)
            tally = levels.lapsed(tally, self.program, buyer.months, book.today, joined)
        return Standing(buyer.name, facts, book, (tally, months), buyer.budgets)

    def _confirm(self, buyer: Buyer, at: datetime) -> None:
        """Let announced points come whose day has come."""
        today = local_date(at, self.program.zone)
        for one in buyer.due(today.isoformat()):
            day = date.fromisoformat(one.due)
            book = Book(buyer.account, self.program, self._midnight(day))
            one.resolved = buyer.confirm(book, one)
            self._burnt(book)
            if buyer.bought:
                buyer.entries += book.entries

    def _burnt(self, book: Book) -> None:
        for entry in book.entries:
            if entry.kind == BURN:
                for move in entry.movements:
                    last = book.before.last_day(move)
                    figures = self._of_name(last)
                    figures.burnt -= move.points
                    figures.day(last, DaySum(burnt=-move.points))

    def _of(self, day: date) -> Figures:
        return self._of_name(day.isoformat()) if self._from else self.figures

    def _of_name(self, day: str) -> Figures:
        return self.before if day < self._from else self.figures

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone).astimezone(UTC)


def play(players: Sequence[Player], happened: Sequence[Step], last: date) -> None:
    """Let everything happen under every document, to the end of the last day."""
    for step in happened:
        remember = bool(step.past.returns)
        for player in players:
            player.take(step, remember=remember)
    for player in players:
        player.end(last)


def _trigger(past: Past) -> str:
    return past.sold.event.trigger if past.sold.event else SALE


def _coupons(past: Past, lines: Sequence[SoldLine]) -> tuple[int, ...]:
    if not past.coupons:
        return (0,) * len(lines)
    pairs = zip(past.coupons, lines, strict=True)
    return tuple(min(off, line.price) for off, line in pairs)
