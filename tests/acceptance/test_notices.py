"""Staff are told what somebody should act on: once, in their language, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import entrance
from chalicelib.kernel.clock import render
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.queues import send
from chalicelib.outreach import service as outreach
from tests.support import gifts, stored
from tests.support.club import Club, bearer

pytestmark = pytest.mark.whole_table

Low = Callable[[int], Fact]


@pytest.fixture
def low(club: Club) -> Low:
    """The fact that a stock ran low, as its room tells it."""

    def fact(left: int) -> Fact:
        return Fact(
            id=f"stock.{club.id}.ring-box.J#{left:012d}",
            name="stock.low",
            program=club.id,
            member="",
            at=render(club.house.now),
            data={"reward": "ring-box", "left": left, "low_stock": 5},
        )

    return fact


def tell(club: Club, *facts: Fact) -> None:
    """Facts as the stream's function queues them, delivered."""
    send(club.house.stage.notifications_queue_url, list(facts))
    club.house.pump()


def notices(club: Club, **more: Any) -> list[dict[str, Any]]:
    """What staff are told."""
    answer = club.staff("GET", "/notices", **more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def test_staff_are_told_when_a_reward_runs_low(club: Club) -> None:
    gifts.stocked(club, "ring-box", 8, low_stock=5)
    club.house.pump()
    assert notices(club) == []
    gifts.good(gifts.correct(club, "ring-box", -4))
    gifts.good(gifts.correct(club, "ring-box", -1))
    club.house.pump()
    (told,) = notices(club)
    assert (told["subject"], told["figures"]) == ("ring-box", {"left": 4, "low_stock": 5})


def test_a_low_stock_is_told_once_however_often_the_fact_is(club: Club, low: Low) -> None:
    assert notices(club) == []
    fact = low(3)
    tell(club, fact, fact)
    tell(club, fact)
    (told,) = notices(club)
    assert (told["code"], told["subject"], told["at"]) == ("stock.low", "ring-box", fact.at)
    assert told["figures"] == {"left": 3, "low_stock": 5}
    assert told["text"] == "Reward ring-box: 3 pieces left; low from 5."
    said = {
        notices(club, headers={"Accept-Language": language})[0]["text"]
        for language in ("en", "ru", "uk", "ar")
    }
    assert len(said) == 4


def test_the_newest_notice_comes_first(club: Club, low: Low) -> None:
    for left in (5, 1, 0):
        tell(club, low(left))
    assert [told["figures"]["left"] for told in notices(club)] == [0, 1, 5]
    first = club.staff("GET", "/notices", params={"limit": 2}).json()
    rest = club.staff("GET", "/notices", params={"limit": 2, "cursor": first["next"]}).json()
    assert [told["figures"]["left"] for told in rest["rows"]] == [5]


def test_a_lost_notice_is_missed_until_it_is_told(club: Club, low: Low) -> None:
    """What the sweeper asks of every consumer."""
    fact = low(2)
    (consumer,) = entrance.consumers(club.house.stage)
    assert consumer.missed(fact)
    assert outreach.missed(fact)
    tell(club, fact)
    assert not outreach.missed(fact)
    assert not consumer.missed(fact)


def test_notices_are_of_one_club_and_name_no_member(club: Club, low: Low) -> None:
    tell(club, low(1))
    other = club.house.new_club()
    assert notices(other) == []
    found = [pk for pk, sk in stored.everything() if sk.startswith("N#") and club.id in pk]
    assert found == [f"{club.id}#NOTICES"]


def test_reading_notices_is_a_right_of_its_own(club: Club) -> None:
    for rights, status in ((("members.read",), 403), (("notices.read",), 200)):
        token = club.house.staff((club.id,), rights)
        assert club.staff("GET", "/notices", headers=bearer(token)).status_code == status
