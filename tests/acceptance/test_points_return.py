"""Points that come back over HTTP: when they burn, whoever gives them back, however often."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.support import gifts
from tests.support.club import Club, House, Member
from tests.support.clubs import noonish
from tests.support.gifts import WHY
from tests.support.shop import REFUND, Shop

LIFE, GRACE = 10, 3
GIFT, POUCH = 100, 60
"""What a ring box costs, and a silk pouch."""
Back = Callable[[], Any]


class Scene:
    """A club whose points live ten days, and somebody who got 100 of them on day 0."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.shop = Shop(club)
        self.shop.reward(price=GIFT)
        self.shop.reward("silk-pouch", price=POUCH)
        self.member: Member = club.join()
        self.given = int(gifts.good(self.member.adjust(GIFT))["seq"])
        self._first = self._account()["lots"][0]["burns_on"]

    def lots(self) -> dict[int, int]:
        """Points by the last day on which they can be spent."""
        first = date.fromisoformat(self._first)
        return {
            (date.fromisoformat(lot["burns_on"]) - first).days + LIFE: lot["points"]
            for lot in self._account()["lots"]
        }

    def figures(self) -> tuple[int, int, int, int]:
        """Balance, available, held, debt."""
        seen = self._account()
        return seen["balance"], seen["available"], seen["held"], seen["debt"]

    def order(self, price: int = GIFT, reward: str = "ring-box") -> dict[str, Any]:
        """The member orders."""
        self.member.refresh().raise_for_status()
        return self.shop.placed(self.member, reward, price=price)

    def cancel(self, order: dict[str, Any]) -> str:
        """The member gives an order up."""
        self.member.refresh().raise_for_status()
        answer = self.member.call("POST", f"/orders/{order['order']}/cancellation")
        assert answer.is_success, answer.text
        return answer.text

    def act(self, order: dict[str, Any], *steps: str, body: Any = None) -> None:
        """What staff do with an order."""
        for step in steps:
            gifts.good(self.shop.act(order["number"], step, body))

    def _account(self) -> Any:
        return self.member.staff("GET", "/account").json()


@pytest.fixture
def scene(house: House) -> Iterator[Scene]:
    burn = {"type": "after", "count": LIFE, "unit": "day", "grace_days": GRACE}
    with house.later():
        yield Scene(house.new_club(zone=noonish(house), burn=burn))


def released(scene: Scene) -> tuple[int, Back]:
    """Staff hold points and release them."""
    member = scene.member
    hold = gifts.good(member.staff("POST", "/holds", json={"points": GIFT, **WHY}))["ref"]
    path, body = f"/holds/{hold}/resolution", {"end": "released", **WHY}
    return GIFT, lambda: gifts.good(member.staff("POST", path, json=body))


def refunded(scene: Scene) -> tuple[int, Back]:
    """An order is handed over and refunded."""
    order = scene.order()
    scene.act(order, "confirmation", "issue")
    return GIFT, lambda: scene.act(order, "refund", body=REFUND)


def reversed_withdrawal(scene: Scene) -> tuple[int, Back]:
    """Staff take points and take that back."""
    taken = gifts.good(scene.member.adjust(-GIFT))["seq"]
    path = f"/entries/{taken}/reversal"
    return GIFT, lambda: gifts.good(scene.member.staff("POST", path, json=WHY))


def substituted(scene: Scene) -> tuple[int, Back]:
    """Staff put something cheaper in: the difference comes back."""
    order, body = scene.order(), {"reward": "silk-pouch", **WHY}
    return GIFT - POUCH, lambda: scene.act(order, "substitution", body=body)


def cancelled_by_staff(scene: Scene) -> tuple[int, Back]:
    """Staff cancel an order."""
    order = scene.order()
    return GIFT, lambda: scene.act(order, "cancellation", body=WHY)


def given_up(scene: Scene) -> tuple[int, Back]:
    """The member cancels an order."""
    order = scene.order()
    return GIFT, lambda: scene.cancel(order)


CLUBS_WAYS = [released, refunded, reversed_withdrawal, substituted, cancelled_by_staff]
Way = Callable[[Scene], tuple[int, Back]]


@pytest.mark.parametrize("way", [*CLUBS_WAYS, given_up])
def test_what_comes_back_on_its_last_day_keeps_it(scene: Scene, way: Way) -> None:
    points, back = way(scene)
    assert scene.lots() == {}
    with scene.club.house.later(f"P{LIFE}D") as move:
        back()
        assert scene.lots() == {LIFE: points}
        move("P1D")
        assert scene.lots() == {}
        assert scene.member.proof()["agrees"]


@pytest.mark.parametrize("way", CLUBS_WAYS)
def test_what_the_club_gives_back_after_its_last_day_lives_for_the_grace(
    scene: Scene, way: Way
) -> None:
    points, back = way(scene)
    with scene.club.house.later(f"P{LIFE + 2}D") as move:
        back()
        assert scene.lots() == {LIFE + 2 + GRACE: points}
        move(f"P{GRACE}D")
        assert scene.figures()[1] == points
        move("P1D")
        assert scene.figures()[1] == 0
        assert scene.member.proof()["agrees"]


def test_what_members_give_up_after_its_last_day_burns_at_once(scene: Scene) -> None:
    with scene.club.house.later("P5D") as move:
        gifts.good(scene.member.adjust(GIFT))
        scene.shop.reward("tiara", price=150)
        order = scene.order(150, "tiara")
        assert scene.lots() == {LIFE + 5: 50}
        move(f"P{LIFE - 3}D")
        assert scene.figures() == (200, 50, 150, 0)
        assert scene.cancel(order) == scene.cancel(order)
        assert scene.lots() == {LIFE + 5: 100}
        assert scene.figures() == (100, 100, 0, 0)
        burnt, back, *_ = scene.member.entries()
        assert (back["kind"], back["points"], back["held"]) == ("gift.cancelled", 0, -150)
        assert (burnt["kind"], burnt["points"], burnt["balance"]) == ("points.burnt", -100, 100)
        assert [part["code"] for part in burnt["parts"]] == ["burnt"]
        assert scene.member.proof()["agrees"]


def test_ordering_and_cancelling_again_and_again_never_moves_a_burn_date(scene: Scene) -> None:
    with scene.club.house.later() as move:
        for _ in range(LIFE // 5 + 1):
            for _ in range(2):
                scene.cancel(scene.order())
                assert scene.lots() == {LIFE: GIFT}
            last = scene.order()
            move("P5D")
            scene.cancel(last)
        assert scene.figures() == (0, 0, 0, 0)
        assert scene.member.entries()[0]["kind"] == "points.burnt"
        assert scene.member.proof()["agrees"]


def test_what_is_given_up_repays_debt_first(scene: Scene) -> None:
    order = scene.order()
    path = f"/entries/{scene.given}/reversal"
    gifts.good(scene.member.staff("POST", path, json=WHY))
    assert scene.figures() == (0, 0, 100, 100)
    with scene.club.house.later(f"P{LIFE + 1}D"):
        scene.cancel(order)
        assert scene.figures() == (0, 0, 0, 0)
        assert scene.member.entries()[0]["kind"] == "gift.cancelled"
        assert scene.member.proof()["agrees"]


def test_what_burnt_when_it_was_given_up_is_not_owed(scene: Scene) -> None:
    order = scene.order()
    with scene.club.house.later(f"P{LIFE + 1}D"):
        scene.cancel(order)
        path = f"/entries/{scene.given}/reversal"
        gifts.good(scene.member.staff("POST", path, json=WHY))
        assert scene.figures() == (0, 0, 0, 0)
