"""Two members at two partners' tills, any order of anything, over HTTP against a naive model.

Receipts on time and late, alone and in batches, claimed, paid with points, coupons and held quotes,
returned piece by piece; rules with every cap and counter; days that pass and points that burn. A
failure prints the steps and a blob with which hypothesis plays it again
(``@reproduce_failure``).
"""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.support.club import SOAK, House, figure
from tests.support.clubs import LIFE
from tests.support.points import Refused
from tests.support.purchase_play import Play, fixed
from tests.support.purchase_terms import ATTACH_DAYS, CATEGORIES, Stalls

SETTINGS = settings(
    max_examples=figure(20, 200),
    stateful_step_count=figure(20, 30),
    derandomize=not SOAK,
    database=None,
    print_blob=True,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
whose = st.integers(0, 1)
which = st.integers(0, 30)
PRICES = st.integers(1, 300).map(lambda it: it * 100 + 33) | st.sampled_from([100, 40_000])
LINE = st.tuples(st.sampled_from(CATEGORIES), st.integers(1, 4), PRICES)
BASKET = st.lists(LINE, min_size=1, max_size=4)
POINTS = st.sampled_from([0, 0, 1, 7, 20, 60])
LATE = st.sampled_from([0, 0, 0, 1, 2, 4])
SALE = st.tuples(st.sampled_from([0, 1, None]), BASKET, POINTS, LATE)
WHY = {"reason": "By a test"}
QUOTE_MINUTES = 15


class Receipts(RuleBasedStateMachine):
    """What two members, two tills, staff and time can do.

    There are no preconditions: ids are never the same again, so neither is which part of a budget a
    member draws on, and what can be done next. What cannot be done is passed.
    """

    def __init__(self, stalls: Stalls) -> None:
        super().__init__()
        self.stalls = stalls
        self.house = stalls.house
        self.moved = self.house.later()
        self.move = self.moved.__enter__()

    @initialize(
        on_return=st.sampled_from(["recalculate", "shares"]),
        debt=st.sampled_from(["owe", "forgive"]),
    )
    def open(self, on_return: str, debt: str) -> None:
        """Two new members with points in two lots, in a club that is some days old."""
        self.play = Play(self.stalls, on_return, debt)
        for who in (0, 1):
            self.adjust(who, 30)
        self.wait(5)
        for who in (0, 1):
            self.adjust(who, 15)

    # -- what tills do -------------------------------------------------------

    @rule(sale=SALE, till=whose)
    def sell(self, sale: Any, till: int) -> None:
        """Sell something, now and then for more points than there are."""
        who, basket, points, late = sale
        body = self.play.receipt(till, who, basket, points if who is not None else 0, late)
        self.play.sell(till, who, body)

    @rule(one=which, basket=BASKET, till=whose)
    def sell_with_coupon(self, one: int, basket: Any, till: int) -> None:
        """A coupon that a rule gave, used before or not."""
        if not self.play.books.coupons:
            return
        code = nth(list(self.play.books.coupons), one)
        who = self.play.books.coupons[code]["who"]
        self.play.sell(till, who, {**self.play.receipt(till, who, basket), "coupons": [code]})

    @rule(sales=st.lists(SALE, min_size=2, max_size=4), till=whose)
    def sell_offline(self, sales: Any, till: int) -> None:
        """A batch in any order of times, each receipt by itself."""
        bodies = [
            (who, self.play.receipt(till, who, basket, points if who is not None else 0, late))
            for who, basket, points, late in sales
        ]

        def send() -> httpx.Response:
            told = {"receipts": [body for _, body in bodies]}
            return self.play.tills[till].system.call("POST", "/receipt-batches", json=told)

        answer = send()
        assert answer.status_code == 200, answer.text
        rows = zip(bodies, answer.json()["receipts"], strict=True)
        for (who, body), row in sorted(rows, key=lambda it: it[0][1]["at"]):
            code = self.play.refusal(who, body)
            assert (row["problem"] or {}).get("code") == code, row
            if not code:
                self.play.posted(who, body, row["receipt"])
        if not answer.json()["refused"]:
            self.play.done.append((send, answer))

    @rule(who=whose, till=whose, points=st.integers(1, 25))
    def hold(self, who: int, till: int, points: int) -> None:
        """A quote holds points."""
        account, member = self.play.books.accounts[who], self.play.members[who]
        hold = {"points": points, "minutes": QUOTE_MINUTES}
        answer = self.play.both(
            lambda: account.hold("new", points),
            lambda: self.play.tills[till].quote(5_000, member=member, hold=hold),
        )
        if answer.is_success:
            held = answer.json()["hold"]
            account.held[held["quote"]] = account.held.pop("new")
            until = datetime.fromisoformat(held["until"])
            self.play.quotes[held["quote"]] = (who, till, until)

    @rule(one=which, basket=BASKET, points=POINTS)
    def sell_quoted(self, one: int, basket: Any, points: int) -> None:
        """A receipt frees the points of its quote, and spends as many or others."""
        if not self.play.quotes:
            return
        quote = nth(list(self.play.quotes), one)
        who, till, _ = self.play.quotes[quote]
        body = {**self.play.receipt(till, who, basket, points), "quote": quote}
        if self.play.sell(till, who, body):
            del self.play.quotes[quote]

    @rule(one=which)
    def give_up(self, one: int) -> None:
        """A till gives held points back."""
        if not self.play.quotes:
            return
        quote = nth(list(self.play.quotes), one)
        who, till, _ = self.play.quotes.pop(quote)
        account, system = self.play.books.accounts[who], self.play.tills[till].system
        self.play.both(
            lambda: account.end_hold(quote, "released"),
            lambda: system.call("DELETE", f"/quotes/{quote}"),
        )

    @rule(one=which, pieces=st.lists(st.integers(0, 2), min_size=4, max_size=4))
    def take_back(self, one: int, pieces: list[int]) -> None:
        """Some pieces come back, now and then more than there are."""
        if not self.play.books.bills:
            return
        bill = nth(self.play.books.bills, one)
        self.play.take_back(bill, (pieces if any(pieces) else [1])[: len(bill.lines)])

    @rule(one=which)
    def take_the_rest(self, one: int) -> None:
        """Everything that is left comes back."""
        if not self.play.books.bills:
            return
        self.play.take_rest(nth(self.play.books.bills, one))

    @rule(one=which)
    def repeat(self, one: int) -> None:
        """Any earlier request again is answered the same, and nothing changes."""
        if not self.play.done:
            return
        send, before = nth(self.play.done, one)
        again = send()
        assert again.status_code == before.status_code
        assert fixed(again.json(), before.json()) == fixed(before.json(), before.json())

    # -- what members and staff do -------------------------------------------

    @rule(one=which, who=whose)
    def claim(self, one: int, who: int) -> None:
        """Somebody types the code of a receipt."""
        if not self.play.codes:
            return
        name = nth(list(self.play.codes), one)
        bill = next(bill for bill in self.play.books.bills if bill.name == name)
        account, member = self.play.books.accounts[who], self.play.members[who]
        mine = bill.who == who

        def expect() -> None:
            late = account.today - self.play.books.day(bill) > timedelta(ATTACH_DAYS)
            if not mine and (bill.who is not None or late or bill.whole):
                raise Refused(404, "claim_refused")

        body = {"receipt_code": self.play.codes[name]}
        answer = self.play.both(expect, lambda: member.call("POST", "/receipts", json=body))
        if answer.is_success and not mine:
            bill.before = list(bill.back)
            self.play.judged(bill, who, 0, answer.json())

    @rule(who=whose, points=st.sampled_from([-30, -7, 5, 40]))
    def adjust(self, who: int, points: int) -> None:
        """Points are added or taken by hand."""
        account, member = self.play.books.accounts[who], self.play.members[who]
        self.play.both(lambda: account.adjust(points), lambda: member.adjust(points))

    @rule(one=which, end=st.sampled_from(["confirmed", "confirmed", "cancelled"]))
    def settle(self, one: int, end: str) -> None:
        """Announced points come, or staff cancel them."""
        if not any(one.pending for one in self.play.books.accounts):
            return
        accounts = self.play.books.accounts
        who, award = nth([(who, it) for who in (0, 1) for it in accounts[who].pending], one)
        path, body = f"/pending-awards/{award}/resolution", {"end": end, **WHY}
        self.play.both(
            lambda: accounts[who].end_pending(award, end),
            lambda: self.play.members[who].staff("POST", path, json=body),
        )

    # -- what time does ------------------------------------------------------

    @rule(days=st.sampled_from([1, 1, 2, 3, 8, LIFE, LIFE + 3]))
    def wait(self, days: int) -> None:
        """Days pass; what is held does not burn."""
        for account in self.play.books.accounts:
            account.today += timedelta(days=days)
        self._pass(timedelta(days=days))

    @rule(minutes=st.sampled_from([1, QUOTE_MINUTES]))
    def tidy(self, minutes: int) -> None:
        """The schedule gives back what quotes held for too long."""
        self._pass(timedelta(minutes=minutes))
        assert self.house.platform.events
        self.house.platform.events.fire("tidy")
        for quote, (who, _, until) in list(self.play.quotes.items()):
            if until <= self.house.now:
                self.play.books.accounts[who].end_hold(quote, "released")
                del self.play.quotes[quote]

    def _pass(self, span: timedelta) -> None:
        """Time passes, and access tokens run out."""
        self.move(int(span.total_seconds()))
        assert all(member.refresh().status_code == 200 for member in self.play.members)

    # -- what always holds ---------------------------------------------------

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        """Accounts, counters, stamps, caps and budgets."""
        if hasattr(self, "play"):
            self.play.agree()

    def teardown(self) -> None:
        """All goods come back, and leave no trace."""
        try:
            if hasattr(self, "play"):
                self.play.end()
        finally:
            self.moved.__exit__(None, None, None)


def nth(some: list[Any], one: int) -> Any:
    """One of some, counted from the last."""
    return some[-1 - one % len(some)]


@pytest.mark.soak
@pytest.mark.timeout(figure(900, 14_400))
def test_any_order_of_anything_keeps_points_and_counters_right(house: House) -> None:
    stalls = Stalls(house)
    run_state_machine_as_test(lambda: Receipts(stalls), settings=SETTINGS)  # type: ignore[arg-type]
