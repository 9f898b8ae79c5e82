"""Two members, two rewards, any order of anything, over HTTP against a naive model.

A failure prints the steps and a blob with which hypothesis plays it again
(``@reproduce_failure``).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.club import SOAK, House, figure
from tests.support.clubs import GRACE, LIFE
from tests.support.gifts import WHY, correct
from tests.support.orders import Shelf
from tests.support.points import Model, Refused
from tests.support.shop import PARCEL, PICKUP, POST, new_id, order
from tests.support.stalls import PIECES, PRICES, Stalls

SETTINGS = settings(
    max_examples=figure(60, 200),
    stateful_step_count=figure(20, 40),
    derandomize=not SOAK,
    database=None,
    print_blob=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ACTS: dict[str, tuple[str, Any]] = {
    "confirmed": ("confirmation", None),
    "issued": ("issue", None),
    "shipped": ("shipment", PARCEL),
    "delivered": ("delivery", None),
    "cancelled": ("cancellation", None),
    "refunded": ("refund", None),
}
TURNS = {"pickup": ["issued"], "post": ["shipped", "delivered"]}
"""How an order that was confirmed gets to its member."""
WAYS = {"pickup": PICKUP, "post": POST}
whose = st.integers(0, 1)
which = st.integers(0, 30)
amount = st.integers(1, 3)


class Orders(RuleBasedStateMachine):
    """What two members and staff can do with two rewards."""

    def __init__(self, stalls: Stalls) -> None:
        super().__init__()
        self.stalls = stalls
        self.house = stalls.house
        self.moved = self.house.later()
        self.move = self.moved.__enter__()
        self.numbers: dict[str, str] = {}
        self.given: list[tuple[int, int]] = []

    @initialize()
    def open(self) -> None:
        """Two new members with points in two lots and an order each, two rewards with pieces."""
        self.shop, self.rewards, self.members = self.stalls.open()
        today = self.house.now.astimezone(ZoneInfo(self.stalls.zone)).date()
        accounts = [Model(today, LIFE, GRACE), Model(today, LIFE, GRACE)]
        self.shelf = Shelf(accounts, list(PRICES), list(PIECES))
        for points in (110, 190):  # most orders take from both lots
            for who in (0, 1):
                self._adjust(who, points)
            self._wait(LIFE // 4)
        for who, way in enumerate(WAYS):
            self._place(who, 0, 2, way)

    # -- what members do -----------------------------------------------------

    @rule(who=whose, reward=whose, quantity=amount, way=st.sampled_from(["pickup", "post"]))
    def place(self, who: int, reward: int, quantity: int, way: str) -> None:
        """Order something, now and then more than there is or can be paid."""
        self._place(who, reward, quantity, way)

    @precondition(lambda self: self._in("placed"))
    @rule(one=which)
    def give_up(self, one: int) -> None:
        """A member cancels in time."""
        self._give_up(self._pick(one, "placed"))

    # -- what staff do -------------------------------------------------------

    @precondition(lambda self: self._in("placed", "confirmed", "shipped"))
    @rule(one=which)
    def hand_over(self, one: int) -> None:
        """The next acts on the way to the member, until it is there."""
        name = self._pick(one, "placed", "confirmed", "shipped")
        found = self.shelf.orders[name]
        for state in ("confirmed", *TURNS[found.way]):
            if found.state != TURNS[found.way][-1]:
                self._act(name, state)

    @precondition(lambda self: self._in("placed"))
    @rule(one=which)
    def confirm(self, one: int) -> None:
        """Somebody sees to it."""
        self._act(self._pick(one, "placed"), "confirmed")

    @precondition(lambda self: self._in("placed", "confirmed"))
    @rule(one=which, restock=st.booleans())
    def cancel(self, one: int, restock: bool) -> None:
        """It ends, with the pieces or without."""
        self._act(self._pick(one, "placed", "confirmed"), "cancelled", restock=restock)

    @precondition(lambda self: self._in("issued", "shipped", "delivered"))
    @rule(one=which, restock=st.booleans())
    def refund(self, one: int, restock: bool) -> None:
        """What was handed over comes back, with the pieces or without."""
        name = self._pick(one, "issued", "shipped", "delivered")
        self._act(name, "refunded", restock=restock)

    @precondition(lambda self: self._in("placed", "confirmed"))
    @rule(one=which, reward=whose, quantity=amount)
    def substitute(self, one: int, reward: int, quantity: int) -> None:
        """Something else instead, or more or less of the same."""
        self._substitute(self._pick(one, "placed", "confirmed"), reward, quantity)

    @precondition(lambda self: self.numbers)
    @rule(one=which, act=st.sampled_from(["mine", "other", *ACTS]))
    def out_of_turn(self, one: int, act: str) -> None:
        """Anything with any order: again, too early or too late."""
        name = self._pick(one)
        if act == "mine":
            self._give_up(name)
        elif act == "other":
            self._substitute(name, 1, 1)
        else:
            self._act(name, act)

    @rule(reward=whose, change=st.integers(-4, 4).filter(bool))
    def count_again(self, reward: int, change: int) -> None:
        """The stock is corrected, never below nothing."""
        self._both(
            lambda: self.shelf.correct(reward, change),
            lambda: correct(self.shop.club, self.rewards[reward], change),
        )

    @rule(who=whose, points=st.sampled_from([-150, -40, 70, 250]))
    def adjust(self, who: int, points: int) -> None:
        """Points are added or taken by hand."""
        self._adjust(who, points)

    @precondition(lambda self: self.given)
    @rule(one=which)
    def reverse(self, one: int) -> None:
        """What was added by hand is taken back, which may leave a debt."""
        who, seq = self.given.pop(-1 - one % len(self.given))
        path = f"/entries/{seq}/reversal"
        self._both(
            lambda: self.shelf.accounts[who].reverse(seq),
            lambda: self.members[who].staff("POST", path, json=WHY),
        )

    # -- what time does ------------------------------------------------------

    @rule(days=st.integers(1, LIFE + 3))
    def wait(self, days: int) -> None:
        """Days pass; what is held does not burn."""
        self._wait(days)

    def _wait(self, days: int) -> None:
        self.move(days * 86_400)
        for who in (0, 1):
            self.shelf.accounts[who].today += timedelta(days=days)
            assert self.members[who].refresh().status_code == 200

    # -- what always holds ---------------------------------------------------

    @invariant()
    def accounts_and_stock_are_the_models(self) -> None:
        """Every figure agrees."""
        if not hasattr(self, "shelf"):
            return
        for member, account in zip(self.members, self.shelf.accounts, strict=True):
            assert member.staff("GET", "/account").json() == account.view()
        assert [self.shop.left(reward) for reward in self.rewards] == self.shelf.stock

    def teardown(self) -> None:
        """Every order is where it should be, and the entries add up."""
        try:
            if hasattr(self, "shelf"):
                for name, number in self.numbers.items():
                    found, seen = self.shelf.orders[name], self.shop.look(number)
                    assert (seen["state"], seen["points"], seen["quantity"]) == (
                        found.state,
                        found.points,
                        found.quantity,
                    )
                    assert seen["reward"] == self.rewards[found.reward]
                assert all(member.proof()["agrees"] for member in self.members)
        finally:
            self.moved.__exit__(None, None, None)

    def _place(self, who: int, reward: int, quantity: int, way: str) -> None:
        name = new_id()

        def send() -> httpx.Response:
            return order(
                self.members[who],
                self.rewards[reward],
                order_id=name,
                quantity=quantity,
                price=PRICES[reward],
                delivery=WAYS[way],
            )

        answer = self._both(lambda: self.shelf.place(name, who, reward, quantity, way), send)
        if answer.is_success:
            self.numbers[name] = answer.json()["number"]
            assert send().text == answer.text

    def _in(self, *states: str) -> list[str]:
        orders = self.shelf.orders
        return [name for name in self.numbers if not states or orders[name].state in states]

    def _pick(self, one: int, *states: str) -> str:
        names = self._in(*states)
        return names[-1 - one % len(names)]

    def _adjust(self, who: int, points: int) -> None:
        account, member = self.shelf.accounts[who], self.members[who]
        answer = self._both(lambda: account.adjust(points), lambda: member.adjust(points))
        if answer.is_success and points > 0:
            self.given.append((who, answer.json()["seq"]))

    def _give_up(self, name: str) -> None:
        member = self.members[self.shelf.orders[name].who]
        path = f"/orders/{name}/cancellation"
        self._both(lambda: self.shelf.give_up(name), lambda: member.call("POST", path))

    def _substitute(self, name: str, reward: int, quantity: int) -> None:
        body = {"reward": self.rewards[reward], "quantity": quantity, **WHY}
        self._both(
            lambda: self.shelf.substitute(name, reward, quantity),
            lambda: self.shop.act(self.numbers[name], "substitution", body),
        )

    def _act(self, name: str, state: str, *, restock: bool = True) -> None:
        path, body = ACTS[state]
        sent = {**WHY, "restock": restock} if state in ("cancelled", "refunded") else body
        self._both(
            lambda: self.shelf.act(name, state, restock=restock),
            lambda: self.shop.act(self.numbers[name], path, sent),
        )

    def _both(
        self, expect: Callable[[], None], send: Callable[[], httpx.Response]
    ) -> httpx.Response:
        """A call that must end as the model says."""
        try:
            expect()
            refused = None
        except Refused as no:
            refused = no
        answer = send()
        if refused:
            assert (answer.status_code, answer.json()["code"]) == (refused.status, refused.code)
        else:
            assert answer.is_success, answer.text
        return answer


@pytest.mark.soak
@pytest.mark.timeout(figure(900, 14_400))
def test_any_order_of_anything_keeps_accounts_and_stock_right(house: House) -> None:
    stalls = Stalls(house)
    run_state_machine_as_test(lambda: Orders(stalls), settings=SETTINGS)  # type: ignore[arg-type]
