"""One account, any order of anything, over HTTP against a naive model; the ledger's law each step.

A failure prints the steps and a blob with which hypothesis plays it again
(``@reproduce_failure``).
"""

import uuid
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

from tests.support.club import SOAK, House, bearer, figure
from tests.support.clubs import GRACE, LIFE, Clubs
from tests.support.points import Model, Refused

ITEM, BONUS = 300, 500
WHY = "By the state machine"
SETTINGS = settings(
    max_examples=figure(200, 600),
    stateful_step_count=figure(30, 50),
    derandomize=not SOAK,
    database=None,
    print_blob=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
points = st.integers(1, 400) | st.sampled_from([1, ITEM, ITEM + BONUS, 1000])
share = st.integers(1, 110)
"""Percent of what is available: mostly possible, sometimes not."""
some = st.integers(0, 30)


class Points(RuleBasedStateMachine):
    """What members and staff can do to one account."""

    def __init__(self, clubs: Clubs) -> None:
        super().__init__()
        self.clubs = clubs
        self.house = clubs.house
        self.moved = self.house.later()
        self.move = self.moved.__enter__()
        self.holds: list[str] = []
        self.awards: list[str] = []
        self.mine: list[dict[str, str]] = []
        self.codes = self.signed_in_on = 0
        self.last: tuple[httpx.Request, httpx.Response] | None = None

    @initialize()
    def join(self) -> None:
        """A new member with an empty account."""
        self.member, self.new_tag = self.clubs.join()
        self.day = self.house.now.astimezone(ZoneInfo(self.clubs.zone)).date()
        self.model = Model(self.day, LIFE, GRACE)
        self.codes, self.signed_in_on = 1, 0

    # -- what members do -----------------------------------------------------

    @precondition(lambda self: self.codes < 2)  # one is kept for when a session has run out
    @rule()
    def sign_in(self) -> None:
        """On another device; it changes no points."""
        self.codes += 1
        self.member = self.member.club.sign_in(self.member.phone)
        self.signed_in_on = self.days

    @rule()
    def register(self) -> None:
        """A new item brings points, the first one a bonus."""
        tag = self.new_tag()
        self.mine.append(tag)
        brought = self.model.award(ITEM, BONUS)
        answer = self._register(tag)
        assert answer.status_code == 201, answer.text
        assert answer.json()["points"] == brought

    @precondition(lambda self: self.mine)
    @rule(which=some)
    def register_again(self, which: int) -> None:
        """The same item by the same member brings nothing more."""
        answer = self._register(self.mine[which % len(self.mine)])
        assert answer.status_code == 201, answer.text

    # -- what staff do -------------------------------------------------------

    @rule(amount=points)
    def give(self, amount: int) -> None:
        """Points are added by hand."""
        self._adjust(amount)

    @precondition(lambda self: self.model.available)
    @rule(percent=share)
    def take(self, percent: int) -> None:
        """Points are taken by hand, all of them now and then."""
        self._adjust(-self._part(percent))

    @precondition(lambda self: self.model.available)
    @rule()
    def take_all(self) -> None:
        """Nothing is left, so that what is taken back later becomes debt."""
        self._adjust(-self.model.available)

    @precondition(lambda self: self._reversible())
    @rule(which=some)
    def reverse(self, which: int) -> None:
        """An award or a correction is taken back; it may have been before."""
        fitting = self._reversible()
        self._reverse(fitting[-1 - which % len(fitting)])

    @precondition(lambda self: self.model.entries)
    @rule(which=some)
    def reverse_anything(self, which: int) -> None:
        """Any entry is to be taken back, also one that never was."""
        count = len(self.model.entries)
        self._reverse(count + 1 - which % (count + 2))

    @rule(percent=share)
    def hold(self, percent: int) -> None:
        """Points are set aside, under the id that the answer tells."""
        name, amount = uuid.uuid4().hex, self._part(percent)
        answer = self._do(
            lambda: self.model.hold(name, amount), "/holds", {"points": amount, "reason": WHY}
        )
        if answer.status_code == 201:
            self.model.held[answer.json()["ref"]] = self.model.held.pop(name)
            self.holds.append(answer.json()["ref"])

    @precondition(lambda self: self.holds)
    @rule(which=some, end=st.sampled_from(["captured", "released"]))
    def end_hold(self, which: int, end: str) -> None:
        """A hold ends once; the same end again is the same answer."""
        name = self.holds[-1 - which % len(self.holds)]
        self._do(
            lambda: self.model.end_hold(name, end),
            f"/holds/{name}/resolution",
            {"end": end, "reason": WHY},
        )

    @rule(amount=points)
    def announce(self, amount: int) -> None:
        """Points are promised."""
        name = uuid.uuid4().hex
        answer = self._do(
            lambda: self.model.announce(name, amount),
            "/pending-awards",
            {"points": amount, "reason": WHY},
        )
        self.model.pending[answer.json()["ref"]] = self.model.pending.pop(name)
        self.awards.append(answer.json()["ref"])

    @precondition(lambda self: self.awards)
    @rule(which=some, end=st.sampled_from(["confirmed", "confirmed", "cancelled"]))
    def end_pending(self, which: int, end: str) -> None:
        """A promise ends once."""
        name = self.awards[-1 - which % len(self.awards)]
        self._do(
            lambda: self.model.end_pending(name, end),
            f"/pending-awards/{name}/resolution",
            {"end": end, "reason": WHY},
        )

    @precondition(lambda self: self.last and self.last[1].is_success)
    @rule()
    def send_again(self) -> None:
        """A reply was lost: the same request again answers the same and changes nothing.

        Refusals are not kept: what was refused may be possible by now.
        """
        assert self.last
        request, before = self.last
        request.headers["Authorization"] = bearer(self.member.club.token)["Authorization"]
        answer = self.house.http.send(request)
        assert (answer.status_code, answer.json()) == (before.status_code, before.json())

    # -- what time does ------------------------------------------------------

    @precondition(lambda self: self.model.entries)
    @rule(days=st.integers(1, LIFE + 5))
    def wait(self, days: int) -> None:
        """Days pass; what burns on them is gone at once, booked or not."""
        self._wait(days)

    @precondition(lambda self: self.model.live)
    @rule(late=st.integers(0, 1))
    def wait_for_the_next_burn(self, late: int) -> None:
        """To the last day of the next lot, or to the day after it."""
        days = (min(self.model.live) - self.model.today).days + late
        if days:
            self._wait(days)

    @precondition(lambda self: self.model.lots != self.model.live)
    @rule()
    def burn_off(self) -> None:
        """What the schedule does."""
        self.model.burn()
        answer = self.member.staff("POST", "/burn-off", json={"reason": WHY})
        assert answer.json() == self.model.view()

    # -- what always holds ---------------------------------------------------

    @invariant()
    def the_account_is_the_models(self) -> None:
        """Every figure agrees, and the law holds for what is shown."""
        if not hasattr(self, "model"):
            return
        seen = self.member.staff("GET", "/account").json()
        assert seen == self.model.view()
        lots = sum(lot["points"] for lot in seen["lots"])
        assert seen["balance"] == lots + seen["held"] - seen["debt"]
        assert min(seen["available"], seen["held"], seen["pending"], seen["debt"]) >= 0

    def teardown(self) -> None:
        """The entries add up to the balance, and everything is as long as it should be."""
        try:
            if hasattr(self, "model"):
                proof = self.member.proof()
                assert proof["agrees"]
                assert proof["entries"] == len(self.model.entries)
        finally:
            self.moved.__exit__(None, None, None)

    @property
    def days(self) -> int:
        """How many days have passed."""
        return (self.model.today - self.day).days

    def _wait(self, days: int) -> None:
        self.move(days * 86_400)
        self.model.today += timedelta(days=days)
        self.codes = 0
        if self.last and not self.last[1].is_success:
            self.last = None  # what was refused may be possible now

    def _reversible(self) -> list[int]:
        return [at for at, past in enumerate(self.model.entries, 1) if past.reversible]

    def _part(self, percent: int) -> int:
        return max(1, self.model.available * percent // 100)

    def _adjust(self, amount: int) -> None:
        body = {"points": amount, "reason": WHY}
        self._do(lambda: self.model.adjust(amount), "/adjustments", body)

    def _reverse(self, seq: int) -> None:
        body = {"reason": WHY}
        self._do(lambda: self.model.reverse(seq), f"/entries/{seq}/reversal", body)

    def _register(self, tag: dict[str, str]) -> httpx.Response:
        self.last = None
        if self.days != self.signed_in_on:
            renewed = self.member.refresh()
            if renewed.status_code == 401:  # away for longer than a session lives
                self.member = self.member.club.sign_in(self.member.phone)
                self.codes += 1  # three codes in ten minutes are all that an address gets
            self.signed_in_on = self.days
        return self.member.register(tag)

    def _do(self, expect: Callable[[], None], path: str, body: dict[str, Any]) -> httpx.Response:
        """A staff call that must end as the model says, and book what the model books."""
        try:
            expect()
            refused = None
        except Refused as no:
            refused = no
        answer = self.member.staff("POST", path, json=body)
        self.last = (answer.request, answer)
        if refused:
            assert (answer.status_code, answer.json()["code"]) == (refused.status, refused.code)
        else:
            assert answer.is_success, answer.text
        return answer


@pytest.mark.soak
@pytest.mark.timeout(figure(900, 14_400))
def test_any_order_of_anything_keeps_the_ledgers_law(house: House) -> None:
    clubs = Clubs(house)
    run_state_machine_as_test(lambda: Points(clubs), settings=SETTINGS)  # type: ignore[arg-type]
