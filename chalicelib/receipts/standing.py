"""One member's account and counters as the rules know them, and what a receipt does to them.

Nothing here reads or writes the table: a purse posts for real what is worked out here, a forecast
plays it through. So both always come to the same.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

import msgspec

from chalicelib.coupons import model as coupon_model
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import (
    MOST_POINTS,
    Judgement,
    MemberFacts,
    Stamped,
    TierChange,
    Used,
    Voucher,
)
from chalicelib.earning.model import Award as Judged
from chalicelib.earning.service import engine_of
from chalicelib.ledger import purchases, rules
from chalicelib.ledger.model import Award, Cause, Entry, Lot, Part, Reason, by_rule
from chalicelib.ledger.posting import Book
from chalicelib.ledger.purchases import Deal, Promise
from chalicelib.programs.burning import Activity
from chalicelib.programs.gates import categories
from chalicelib.programs.model import Program
from chalicelib.programs.pilots import pilot_of
from chalicelib.programs.rules_conditions import FirstCondition
from chalicelib.programs.rules_model import Rule
from chalicelib.programs.tiers import by_points
from chalicelib.receipts import counting, levels
from chalicelib.receipts.counting import Month, Purchase, Tally
from chalicelib.receipts.model import CHECK, COMPLETED, LEVEL, SALE, Frozen, Given, Shares, Spent
from chalicelib.receipts.told import Case, Told, first_mark, judged, purchase_of, unjudged


class Shared(Protocol):
    """Budgets of rules that all members share."""

    def room(self, rule: Rule, member: str) -> int:
        """Points that a rule may still give to this member."""

    def drawn(self, judgement: Judgement, budgeted: tuple[Rule, ...]) -> dict[str, int]:
        """The shard that each rule with a budget drew on."""

    def draw(self, rule: Rule, shard: int, points: int) -> None:
        """Draw so many points; fewer than none go back."""


Facts = Callable[[Told, Engine], MemberFacts]
"""What the rules of an event may ask of the member, but for tier and points."""


class Entered(NamedTuple):
    """One receipt or event as it went into the account."""

    case: Case
    deal: Deal
    entry: Entry
    spent: tuple[Lot, ...]
    """The lots that paid for it."""


_BY_ITSELF = frozenset({"birthday", COMPLETED, LEVEL, "member_joined", CHECK})
"""Triggers of events that no member brings about."""


class Standing:
    """See the module's text."""

    def __init__(
        self,
        owner: str,
        facts: Facts,
        book: Book,
        counters: tuple[Tally, dict[str, Month]],
        budgets: Shared,
    ) -> None:
        """``owner`` is the member's id; ``counters`` as they are before the first event."""
        self.owner = owner
        self.book = book
        self.tally, self.months = counters
        self.shared = budgets
        self._facts = facts

    def judge(self, told: Told, shares: Sequence[Shares], *, quote: bool = False) -> Case:
        """What the rules give for an event now; changes nothing."""
        if told.sold.past:
            return unjudged(told)
        return judged(told, shares, self._frozen(told, engine_of(told.program)), quote=quote)

    def enter(self, told: Told, shares: Sequence[Shares]) -> Entered:
        """Add one entry to the book for a receipt or an event; counters follow by :meth:`count`.

        Raises:
            NotEnoughPoints.
        """
        self.book.program = told.program
        case = self.judge(told, shares)
        deal = _deal(told, case)
        return Entered(case, deal, *purchases.enter(self.book, deal))

    def given(self, told: Told, entered: Entered) -> Given:
        """What the receipt brought, as it is kept with it."""
        case, spent = entered.case, entered.spent
        return Given(
            case.frozen,
            case.judgement,
            entered.entry.seq,
            spent=tuple(Spent(*rules.lot_key(lot), lot.points) for lot in spent),
            before=told.before,
            coupons=tuple(one.coupon for one in told.coupons),
            vouchers=tuple(voucher_id(told.id, one.rule) for one in vouchers_of(case.judgement)),
            swapped=_lots_beyond(rules.spent_lots(entered.entry.movements), spent),
            promised=tuple(one.id for one in entered.deal.promises),
            first=bool(entered.entry.once),
            budgets=self.drawn(case),
        )

    def drawn(self, case: Case) -> dict[str, int]:
        """The shard of each budget that a judgement drew on."""
        budgeted = case.engine.reach(case.event.trigger).budgeted
        return self.shared.drawn(case.judgement, budgeted) if budgeted else {}

    def count(
        self, told: Told, shares: Sequence[Shares], case: Case, shards: dict[str, int]
    ) -> None:
        """Count a receipt or an event that was entered."""
        program, judgement = told.program, case.judgement
        reach = case.engine.reach(told.trigger)
        points: dict[str, int] = {}
        for award in judgement.awards:
            points[award.rule] = points.get(award.rule, 0) + award.points
        capped = {rule.id for rule in reach.capped}
        used = {rule: given for rule, given in points.items() if rule in capped}
        # What is no receipt changes a month only where it must.
        counts = told.sold.event is None or by_points(program.tiers)
        purchase = purchase_of(told, shares, used)
        earned = judgement.points if counts else 0
        self.change(program, msgspec.structs.replace(purchase, points=earned))
        for rule in reach.budgeted:
            self.shared.draw(rule, shards.get(rule.id, 0), points.get(rule.id, 0))
        receipt = "" if told.sold.event else told.id  # an event never comes back
        for one in judgement.others:
            if isinstance(one, Stamped):
                change = one.after - case.frozen.stamps.get(one.card, 0)
                self.tally = counting.stamped(self.tally, one.card, change)
            elif isinstance(one, TierChange):
                self.tally = levels.lifted_by_rule(self.tally, program, one.tier, told.at, receipt)
        if counts and not told.sold.past:
            self.tally = levels.risen(self.tally, program, self.months, told.at)

    def change(self, program: Program, purchase: Purchase) -> None:
        """Count a purchase, or what came back of one."""
        month = self.months.get(purchase.month, Month())
        apart = categories(program.gates)
        self.months[purchase.month] = counting.added(month, program.earning, purchase, apart)
        self.tally = counting.tallied(self.tally, program.earning, purchase)

    def _frozen(self, told: Told, engine: Engine) -> Frozen:
        program, day, trigger = told.program, told.day, told.trigger
        account = self.book.account
        available = account.available(self.book.today) - told.points - account.debt
        facts = msgspec.structs.replace(
            self._facts(told, engine),
            tier=levels.tier_at(self.tally, program, told.at),
            points=max(-MOST_POINTS, min(available, MOST_POINTS)),
        )
        reach = engine.reach(trigger)
        used = counting.used(reach.capped, self.months, self.tally, day)
        for rule in reach.budgeted:
            room = self.shared.room(rule, self.owner)
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
            pilot=pilot_of(program.version),
        )


def vouchers_of(judgement: Judgement) -> list[Voucher]:
    """The vouchers of a judgement."""
    return [one for one in judgement.others if isinstance(one, Voucher)]


def voucher_id(receipt: str, rule: str) -> str:
    """Id of the coupon that a rule gives for points of a receipt."""
    return coupon_model.coupon_id("receipt", receipt, rule)


def _deal(told: Told, case: Case) -> Deal:
    program, judgement = told.program, case.judgement
    kind = "event.posted" if told.sold.event else "receipt.posted"
    if told.sold.past:
        kind = "receipt.counted"
    asks_first = case.engine.asks(told.trigger, FirstCondition)
    is_marked = (asks_first or told.trigger == SALE) and not told.is_back
    return Deal(
        Cause(kind, told.id, told.actor),
        spent=told.points,
        awards=[_award(program, one) for one in judgement.awards if not one.pending_days],
        promises=_promises(told, judgement),
        exchanged=[
            Part(one.points, by_rule(program.id, program.version, one.rule))
            for one in vouchers_of(judgement)
        ],
        issuer=told.partner if program.purchases.partners_settle else "",
        marks=[first_mark(told.trigger)] if is_marked else [],
        activity=_activity(told),
        day=told.day,
    )


def _activity(told: Told) -> Activity | None:
    """What the member did; what comes by itself, such as a birthday, is nothing, nor is what is
    only counted.
    """
    if told.sold.past:
        return None
    if told.sold.event is None:
        return "purchase"
    return None if told.trigger in _BY_ITSELF else "event"


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


def _award(program: Program, judged: Judged) -> Award:
    return Award(judged.points, by_rule(program.id, program.version, judged.rule))


def _lots_beyond(everything: Iterable[Lot], spent: Iterable[Lot]) -> tuple[Spent, ...]:
    """The lots that an entry took beyond those that paid for the receipt."""
    left: dict[tuple[str, str, str], int] = {}
    for lot in everything:
        left[rules.lot_key(lot)] = left.get(rules.lot_key(lot), 0) + lot.points
    for lot in spent:
        left[rules.lot_key(lot)] -= lot.points
    return tuple(Spent(*key, points) for key, points in sorted(left.items()) if points)
