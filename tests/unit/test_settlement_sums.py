"""What a settlement adds up is what became of the points, whatever happens to an account."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import holds, posting, purchases, rules, store
from chalicelib.ledger.model import Account, Award, Entry, Lot, Part, Reason
from chalicelib.ledger.posting import Book, Posting
from chalicelib.settlement.model import Flow, Matter, Sheet, Sums, bounds
from tests.support.ledger import CAUSE, START, account, hold_item, program

PARTNERS = ("baker", "cinema", "grocer")
WHY = Reason("adjustment")
VALUE = 100


@dataclass
class Bought:
    """A purchase, and what of it can still come back."""

    partner: str
    entry: Entry
    spent: tuple[Lot, ...]
    earned: int
    swapped: tuple[Lot, ...] = ()


@dataclass
class Story:
    """One account, and everything that happened to it with what must be known of it."""

    head: Account = field(default_factory=account)
    at: datetime = START
    told: list[tuple[Entry, Matter]] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    held: list[store.HoldItem] = field(default_factory=list)

    def buy(self, who: int, points: int, share: int) -> None:
        """Earn points, and pay with a share of those that are there."""
        partner = PARTNERS[who % 3]
        spent = 0 if self.head.debt else self.head.available(self.at.date()) * share // 100
        book = Book(self.head, program(7), self.at)
        spent = min(spent, 0 if book.account.debt else book.account.available(book.today))
        awards = [Award(points, WHY)] if points else []
        deal = purchases.Deal(CAUSE, spent=spent, awards=awards, issuer=partner)
        entry, lots = purchases.enter(book, deal)
        self._keep(book.close(), Matter(partner=partner, giver=partner, value=VALUE, spent=spent))
        self.bought.append(Bought(partner, entry, lots, points))

    def swap(self, who: int, points: int, share: int) -> None:
        """Earn points, some of which become something else at once."""
        partner = PARTNERS[who % 3]
        book = Book(self.head, program(7), self.at)
        if book.account.debt:
            return
        swapped = (book.account.available(book.today) + points) * share // 100
        awards = [Award(points, WHY)] if points else []
        exchanged = [Part(swapped, WHY)] if swapped else []
        deal = purchases.Deal(CAUSE, awards=awards, exchanged=exchanged, issuer=partner)
        entry, _ = purchases.enter(book, deal)
        gone = rules.spent_lots(entry.movements)
        self.bought.append(Bought(partner, entry, (), points, gone))
        self._keep(book.close(), Matter(partner=partner, giver=partner, value=VALUE))

    def bring_back(self, which: int, _: int, share: int) -> None:
        """Return the points that a purchase took, and take a share of its award back."""
        if not self.bought:
            return
        one = self.bought[which % len(self.bought)]
        own = tuple(m.lot for m in one.entry.movements if m.bucket == "open" and m.points > 0)
        since = [entry for entry, _ in self.told if entry.seq > one.entry.seq]
        book = Book(self.head, program(7), self.at)
        taken = one.earned * share // 100
        burnt = rules.burnt_unspent((*since, *book.entries), own)
        lots = tuple(sorted((*one.spent, *one.swapped)))
        comeback = purchases.Comeback(
            CAUSE, one.entry.seq, back=lots, taken=taken, own=own, burnt=burnt
        )
        purchases.come_back(book, comeback)
        exchanged: Counter[str] = Counter()
        for lot in one.swapped:
            exchanged[lot.issuer] += lot.points
        matter = Matter(
            partner=one.partner,
            giver=one.partner,
            value=VALUE,
            exchanged=tuple(exchanged.items()),
        )
        self._keep(book.close(), matter)
        one.spent, one.swapped, one.earned = (), (), one.earned - taken

    def adjust(self, _: int, points: int, share: int) -> None:
        """Staff add points, or take some."""
        book = Book(self.head, program(7), self.at)
        most = 0 if book.account.debt else book.account.available(book.today)
        change = points if share > 50 else -min(points, most)
        if change:
            posted = posting.adjust(self.head, change, CAUSE, program(7), self.at)
            self._keep(posted, Matter(value=VALUE))

    def hold(self, _: int, points: int, __: int) -> None:
        """Set points aside."""
        book = Book(self.head, program(7), self.at)
        if book.account.debt or not 0 < points <= book.account.available(book.today):
            return
        posted = holds.place(self.head, "h", points, CAUSE, program(7), self.at)
        self._keep(posted, Matter(value=VALUE))
        self.held.append(hold_item(posted))

    def end(self, which: int, _: int, share: int) -> None:
        """End a hold, one way or the other."""
        if self.held:
            item = self.held.pop(which % len(self.held))
            end: holds.HoldEnd = "captured" if share > 50 else "released"
            posted = holds.resolve(self.head, item, end, CAUSE, program(7), self.at)
            self._keep(posted, Matter(value=VALUE))

    def wait(self, _: int, points: int, __: int) -> None:
        """Time passes; what is due burns."""
        self.at += timedelta(days=points % 25)
        posted = posting.burn_off(self.head, program(7), self.at)
        if posted:
            self._keep(posted, Matter(value=VALUE))

    def live(self) -> dict[str, int]:
        """Open and held points of each issuer."""
        found: Counter[str] = Counter()
        for lot in (*self.head.lots, *(lot for item in self.held for lot in item.lots)):
            found[lot.issuer] += lot.points
        return {issuer: points for issuer, points in found.items() if points}

    def _keep(self, posted: Posting, matter: Matter) -> None:
        self.head = posted.account
        own = posted.entry
        # Burning and merging beside it have no matter of their own.
        self.told += [(one, matter if one is own else Matter()) for one in posted.entries]


STEPS = ("buy", "buy", "swap", "bring_back", "adjust", "hold", "end", "wait")
stories = st.integers(0, 2**32).map(random.Random)
"""Long ones of evenly chosen steps: lists of hypothesis's own are mostly too short to get far."""


def told_by(chance: random.Random, *steps: str) -> Story:
    """A story of such steps."""
    story = Story()
    for _ in range(chance.randint(5, 30)):
        step = getattr(story, chance.choice(steps or STEPS))
        step(chance.randint(0, 5), chance.randint(0, 120), chance.randint(0, 100))
    return story


def added(told: list[tuple[Entry, Matter]]) -> Sums:
    """What the entries come to."""
    sheet = Sheet()
    for entry, matter in told:
        sheet.add(entry, matter)
    return sheet.sums()


@given(stories)
def test_no_point_of_any_issuer_is_lost_or_counted_twice(chance: random.Random) -> None:
    story = told_by(chance)
    sums = added(story.told)
    left: Counter[str] = Counter()
    for one in sums.issued:
        left[one.issuer] += one.given - one.taken_back - one.burnt
    for flow in sums.flows:
        left[flow.issuer] -= flow.spent - flow.returned + flow.instead
    assert {issuer: points for issuer, points in left.items() if points} == story.live()
    assert sums.entries == len(story.told)
    assert all(flow.money == flow.points * VALUE for flow in sums.flows)


@given(stories, st.integers(0, 60))
def test_parts_add_up_to_the_whole(chance: random.Random, cut: int) -> None:
    told = told_by(chance).told
    assert Sheet(added(told[:cut]), added(told[cut:])).sums() == added(told)


@given(stories)
def test_the_club_gets_back_what_it_stands_for(chance: random.Random) -> None:
    """Where nothing is used at the club itself, what it paid for debts is what members owe."""
    story = told_by(chance, "buy", "buy", "bring_back", "wait")
    owed = sum(flow.debt for flow in added(story.told).flows if flow.partner)
    assert owed == story.head.debt


def test_a_debt_is_the_partners_whose_award_it_was() -> None:
    story = Story()
    story.buy(0, 100, 0)
    story.buy(1, 0, 100)
    story.bring_back(0, 0, 100)
    assert added(story.told).flows == (
        Flow("", "baker", debt=100, money=10_000),
        Flow("baker", "cinema", spent=100, money=10_000),
    )
    story.buy(2, 130, 0)
    assert Flow("", "grocer", debt=-100, money=-10_000) in added(story.told).flows


@pytest.mark.parametrize(
    ("month", "zone", "begins", "ends"),
    [
        ("2026-10", "Europe/Moscow", (2026, 9, 30, 21), (2026, 10, 31, 21)),
        ("2026-12", "UTC", (2026, 12, 1, 0), (2027, 1, 1, 0)),
        # Clocks go back on the last Sunday of October.
        ("2026-10", "Europe/Kyiv", (2026, 9, 30, 21), (2026, 10, 31, 22)),
    ],
)
def test_a_month_is_one_of_the_programs_zone(
    month: str, zone: str, begins: tuple[int, ...], ends: tuple[int, ...]
) -> None:
    def instant(year: int, month: int, day: int, hour: int) -> datetime:
        return datetime(year, month, day, hour, tzinfo=UTC)

    assert bounds(month, zone) == (instant(*begins), instant(*ends))
