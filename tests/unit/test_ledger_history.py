"""Random histories of one account: the law holds after each step, the entries add up."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import holds, posting, rules, spending, store
from chalicelib.ledger.model import (
    Entry,
    Lot,
    Reason,
    check_law,
)
from chalicelib.ledger.rules import NotEnoughPoints
from tests.support.ledger import CAUSE, START, account, award, program

WHY = Reason("adjustment")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("award"), st.integers(1, 500)),
        st.tuples(st.just("take"), st.integers(1, 500)),
        st.tuples(st.just("hold"), st.integers(1, 500)),
        st.tuples(st.just("release"), st.integers(0, 5)),
        st.tuples(st.just("give_up"), st.integers(0, 5)),
        st.tuples(st.just("capture"), st.integers(0, 5)),
        st.tuples(st.just("shrink"), st.integers(0, 5)),
        st.tuples(st.just("spend"), st.integers(1, 500)),
        st.tuples(st.just("refund"), st.integers(0, 5)),
        st.tuples(st.just("reverse"), st.integers(0, 30)),
        st.tuples(st.just("days"), st.integers(1, 40)),
    ),
    max_size=40,
)


@given(STEPS)
def test_any_history_keeps_the_law_and_sums_to_the_balance(steps: list[tuple[str, int]]) -> None:
    History().play(steps)


class History:
    """Plays random steps on one account and checks it after each."""

    def __init__(self) -> None:
        self.head = account()
        self.entries: list[Entry] = []
        self.holds: dict[str, tuple[Lot, ...]] = {}
        self.spent: dict[str, tuple[Lot, ...]] = {}
        self.reversed: set[int] = set()
        self.at = START

    def play(self, steps: list[tuple[str, int]]) -> None:
        for verb, number in steps:
            getattr(self, verb)(number)
            check_law(self.head)
            assert self.head.version == len(self.entries)
            assert self.head.balance == sum(entry.points for entry in self.entries)
            assert self.head.held == sum(lot.points for lots in self.holds.values() for lot in lots)

    def take_over(self, posted: posting.Posting | None) -> None:
        if posted:
            self.head = posted.account
            self.entries += posted.entries

    def award(self, points: int) -> None:
        self.take_over(award(self.head, points, self.at))

    def take(self, points: int) -> None:
        available = 0 if self.head.debt else self.head.available(self.at.date())
        if points > available:
            with pytest.raises(NotEnoughPoints):
                posting.adjust(self.head, -points, CAUSE, program(), self.at)
        else:
            self.take_over(posting.adjust(self.head, -points, CAUSE, program(), self.at))

    def hold(self, points: int) -> None:
        if not self.head.debt and points <= self.head.available(self.at.date()):
            name = f"h{len(self.entries)}"
            posted = holds.place(self.head, name, points, CAUSE, program(), self.at)
            self.holds[name] = rules.held_lots(posted.entry.movements)
            self.take_over(posted)

    def release(self, number: int) -> None:
        self._resolve(number, "released")

    def give_up(self, number: int) -> None:
        self._resolve(number, "released", grace=False)

    def capture(self, number: int) -> None:
        self._resolve(number, "captured")

    def _resolve(self, number: int, end: holds.HoldEnd, *, grace: bool = True) -> None:
        if self.holds:
            name = sorted(self.holds)[number % len(self.holds)]
            lots = self.holds.pop(name)
            points = sum(lot.points for lot in lots)
            item = store.HoldItem("pk", name, state="open", points=points, lots=lots, placed=1)
            posted = holds.resolve(self.head, item, end, CAUSE, program(), self.at, grace=grace)
            assert rules.burn(posted.account, self.at.date()) == []
            self.take_over(posted)
            if end == "captured":
                self.spent[name] = lots

    def shrink(self, number: int) -> None:
        if not self.holds:
            return
        name = sorted(self.holds)[number % len(self.holds)]
        lots = self.holds[name]
        points = sum(lot.points for lot in lots)
        if points > 1:
            left = points // 2
            item = store.HoldItem("pk", name, state="open", points=points, lots=lots, placed=1)
            posted = spending.shrink(self.head, item, left, CAUSE, WHY, program(), self.at)
            self.holds[name], _ = rules.parted(self.head, lots, left)
            self.take_over(posted)

    def spend(self, points: int) -> None:
        if not self.head.debt and points <= self.head.available(self.at.date()):
            name = f"h{len(self.entries)}"
            posted = spending.spend(
                self.head, name, points, CAUSE, WHY, program(), self.at, owner="order:o"
            )
            self.spent[name] = rules.spent_lots(posted.entry.movements)
            self.take_over(posted)

    def refund(self, number: int) -> None:
        if self.spent:
            name = sorted(self.spent)[number % len(self.spent)]
            lots = self.spent.pop(name)
            points = sum(lot.points for lot in lots)
            item = store.HoldItem("pk", name, state="captured", points=points, lots=lots, placed=1)
            posted = spending.refund(self.head, item, CAUSE, WHY, program(), self.at)
            assert posted.entry.points == points
            self.take_over(posted)

    def reverse(self, number: int) -> None:
        if not self.entries:
            return
        target = self.entries[number % len(self.entries)]
        if target.seq in self.reversed:
            return
        since = [entry for entry in self.entries if entry.seq > target.seq]
        try:
            posted = posting.reverse(self.head, target, since, CAUSE, program(), self.at)
        except posting.NotReversible:
            return
        self.reversed.add(target.seq)
        self.take_over(posted)

    def days(self, number: int) -> None:
        self.at += timedelta(days=number)
        self.take_over(posting.burn_off(self.head, program(), self.at))
