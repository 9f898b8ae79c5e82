"""One member as they would stand by one document: account, counters, and what may come back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from chalicelib.earning.model import Discount, Judgement
from chalicelib.forecasts import undone
from chalicelib.forecasts.undone import Undone
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger import purchases, rules
from chalicelib.ledger.model import Account, Cause, Entry, Lot, Movement, Part
from chalicelib.ledger.posting import Book
from chalicelib.ledger.purchases import Promise
from chalicelib.programs.model import Program
from chalicelib.programs.rules_model import Rule
from chalicelib.receipts import levels_back, returns, undoing
from chalicelib.receipts.counting import Month, Tally
from chalicelib.receipts.model import Given, Returned, Shares, SoldLine, Spent, pieces_back
from chalicelib.receipts.standing import Standing, vouchers_of
from chalicelib.receipts.store import Sold


class Share(NamedTuple):
    """Part ``number`` of so many ``parts``."""

    number: int
    parts: int


ALONE = Share(1, 1)
"""The only part: budgets are all its own."""


@dataclass(slots=True)
class Pending:
    """Announced points, as :class:`chalicelib.receipts.undoing.Announced` wants them."""

    award: str
    points: int
    due: str
    issuer: str
    parts: tuple[Part, ...]
    state: str = "open"
    resolved: int = 0


@dataclass(slots=True)
class Bought:
    """A receipt of which something may come back."""

    receipt: str
    sold: Sold
    partner: str
    outlet: str
    given: Given
    at: datetime
    off: Sequence[Discount] = ()
    """What the document's own discounts took off the shelf prices."""
    returns: tuple[Returned, ...] = ()

    def day(self, program: Program) -> date:
        """The local day of the purchase."""
        return local_date(self.at, program.zone)


class Budgets:
    """What rules that all members share may still give in one part of a forecast: its share of
    each budget, so that the parts together never give too much.
    """

    def __init__(self, share: Share, given: dict[str, int]) -> None:
        """``given`` is what the part gave so far by rule; all members of the part share it."""
        self._share = share
        self._given = given

    def room(self, rule: Rule, member: str) -> int:
        """Points that the rule may still give."""
        number, parts = self._share
        most = rule.caps.program or 0
        mine = most // parts + (number <= most % parts)
        return max(0, mine - self._given.get(rule.id, 0))

    def drawn(self, judgement: Judgement, budgeted: tuple[Rule, ...]) -> dict[str, int]:
        """The rules that drew on a budget; there is one shard."""
        gave = {award.rule for award in judgement.awards}
        return {rule.id: 0 for rule in budgeted if rule.id in gave}

    def draw(self, rule: Rule, shard: int, points: int) -> None:
        """Draw so many points; fewer than none go back."""
        self._given[rule.id] = self._given.get(rule.id, 0) + points


@dataclass(slots=True, init=False)
class Buyer:
    """See the module's text."""

    name: str
    account: Account
    budgets: Budgets
    tally: Tally = field(default_factory=Tally)
    months: dict[str, Month] = field(default_factory=dict)
    worth: int = 0
    """What the document was worth to them, in minor units."""
    pending: list[Pending] = field(default_factory=list)
    bought: dict[str, Bought] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    """Of a member of whose receipts something may come back."""
    passed: date = date.min
    """The day through which everything came that comes by itself."""
    levels: set[str] = field(default_factory=set)
    """Those that the member came to by purchases."""

    def __init__(self, program: Program, name: str, share: Share, given: dict[str, int]) -> None:
        """Somebody who has nothing yet."""
        self.name = name
        self.account = Account(program.id, name)
        self.budgets = Budgets(share, given)
        self.tally, self.months, self.worth = Tally(), {}, 0
        self.pending, self.bought, self.entries = [], {}, []
        self.passed, self.levels = date.min, set()

    def keep(self, standing: Standing, promises: Iterable[Promise], issuer: str = "") -> None:
        """Stand as it was worked out."""
        self.account = standing.book.account
        self.tally = standing.tally
        self.months.update(standing.months)
        for one in promises:
            parts = (Part(one.award.points, one.award.reason),)
            self.pending.append(Pending(one.id, one.award.points, one.due, issuer, parts))

    def due(self, today: str) -> list[Pending]:
        """Announced points whose day has come, in the order of their days."""
        if not self.pending:
            return []
        ready = [one for one in self.pending if one.state == "open" and one.due <= today]
        return sorted(ready, key=lambda one: one.due)

    def confirm(self, book: Book, one: Pending) -> int:
        """Let announced points come; returns the number of the entry."""
        movements = [Movement("pending", -one.points)]
        movements += rules.credit(book.account, [book.lot(one.points, one.issuer)])
        cause = Cause("award.confirmed", one.award, "system")
        book.enter(cause.kind, movements, cause, one.parts, contra="issuer")
        self.account = book.account
        one.state = "confirmed"
        return book.account.version

    def come_back(
        self,
        standing: Standing,
        bought: Bought,
        lines: Sequence[tuple[int, int]],
        joined: date | None = None,
    ) -> Undone:
        """Let pieces of lines come back, as the receipts room does it for real; vouchers of a
        receipt that comes back as a whole are taken for unused. ``joined`` is the day on which the
        member did.
        """
        given, sold, book = bought.given, bought.sold, standing.book
        program = book.program
        before = pieces_back(len(sold.lines), bought.returns)
        after = list(before)
        for line, pieces in lines:
            after[line] = min(sold.lines[line].quantity, after[line] + pieces)
        change = undoing.change_of(bought, given, program, after)
        plan = self._planned(book, bought, change)
        cause = Cause("receipt.returned", "", "system")
        done = purchases.come_back(book, undoing.comeback(plan, bought, given, program, cause))
        undoing.uncount(standing, bought, given, program, plan)
        if plan.whole:
            standing.tally = levels_back.withdrawn(standing.tally, bought.receipt)
        standing.tally = levels_back.fallen(
            standing.tally, program, {**self.months, **standing.months}, book.at, joined
        )
        for one, part in undoing.promised_less(plan, given):
            self._announce_less(one.award, part)
        points = sum(one.points for one in plan.back)
        returned = Returned(
            "",
            "",
            "",
            tuple(lines),
            back=points,
            taken=change.taken,
            unannounced=plan.taken.unannounced,
            lapsed=plan.taken.lapsed,
            excused=done.excused,
            forgiven=done.forgiven,
        )
        bought.returns = (*bought.returns, returned)
        vouchers = vouchers_of(given.judgement) if plan.whole else []
        return Undone(
            *undone.goods(sold.lines, sold.shares, before, after),
            back=points,
            taken=change.taken,
            # What had burnt and is given again is excused no more.
            excused=done.excused + done.forgiven + plan.taken.burnt,
            swapped=sum(one.points for one in plan.swapped),
            vouchers=sum(one.count for one in vouchers),
            voucher_money=sum(one.amount for one in vouchers),
            fewer=returns.less(change.kept_before, change.kept_after),
            off=undone.discounts(sold.lines, bought.off, before, after),
            donations=returns.donations_less(sold.lines, given.judgement, before, after),
        )

    def _planned(self, book: Book, bought: Bought, change: undoing.Change) -> undoing.Plan:
        given, lines = bought.given, bought.sold.lines
        whole = all(line.quantity == gone for line, gone in zip(lines, change.after, strict=True))
        by_id = {one.award: one for one in self.pending}
        promised = [by_id[name] for name in given.promised]
        taken = undoing.from_promises(promised, change.taken, given, bought.returns)
        swapped: tuple[Spent, ...] = ()
        if whole:
            points = sum(one.points for one in vouchers_of(given.judgement))
            swapped = returns.lots_back(given.swapped, 0, points)
        own = self._own(given, promised)
        later = (entry for entry in self.entries if entry.seq > given.entry)
        burnt = rules.burnt_unspent((*later, *book.entries), own)
        back = undoing.points_back(bought, given, change)
        return undoing.Plan(change, whole, promised, taken, back, swapped, own, burnt, Writes())

    def _announce_less(self, name: str, points: int) -> None:
        one = next(one for one in self.pending if one.award == name)
        one.points -= points
        one.state = "open" if one.points else "cancelled"

    def _own(self, given: Given, promised: Sequence[Pending]) -> tuple[Lot, ...]:
        """The lots that the receipt's award opened."""
        seqs = {given.entry, *(one.resolved for one in promised if one.state == "confirmed")}
        moves = (move for entry in self.entries if entry.seq in seqs for move in entry.movements)
        return tuple(move.lot for move in moves if move.bucket == "open" and move.points > 0)


def replaced(
    sold: Sold, shares: tuple[Shares, ...], lines: tuple[SoldLine, ...] | None = None
) -> Sold:
    """What a receipt says, settled or sold otherwise."""
    return msgspec.structs.replace(
        sold, shares=shares, lines=sold.lines if lines is None else lines
    )
