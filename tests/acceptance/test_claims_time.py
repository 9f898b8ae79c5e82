"""When claims count: the window after a registration, and the deadline before one (AQ-10)."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import parse
from chalicelib.kernel.http import routing
from tests.support.club import House
from tests.support.gifts import good
from tests.support.sellers import (
    SOLD,
    claim,
    claimed,
    held,
    newest,
    partner,
    registered,
    seller,
    statuses,
)

pytestmark = pytest.mark.req("AQ-10")


def to_midnight(house: House, later: Any, seconds: int) -> None:
    """Move the clock to the next midnight of UTC, or so many seconds from it."""
    now = house.now
    left = 86_400 - (now.hour * 3600 + now.minute * 60 + now.second)
    later(left + seconds)


def test_a_claim_after_the_registration_counts_within_the_window(house: House) -> None:
    """Through two local days more, credited at once; from the midnight after that it is late."""
    club = house.new_club(zone="UTC", claims={"window_days": 2})
    partner(club)
    with house.later() as later:
        to_midnight(house, later, -20)
        ann, tags, buyer = seller(club), club.tags(3), club.join()
        for tag in tags:
            registered(buyer, tag)
        assert claimed(ann, tags[0])["status"] == "credited"
        assert (held(ann), len(ann.entries())) == ((SOLD, 0), 1)
        later("P1D")
        ann = club.sign_in(ann.phone)
        assert claimed(ann, tags[1])["status"] == "credited"
        to_midnight(house, later, 0)
        assert claim(ann, tags[2]).json()["code"] == "claim_too_late"
    never = house.new_club(claims={"window_days": 0})
    partner(never)
    (tag,) = never.tags()
    registered(never.join(), tag)
    assert claim(seller(never), tag).json()["code"] == "claim_too_late"


@pytest.mark.parametrize(("seconds", "status"), [(-1, "credited"), (0, "lapsed"), (1, "lapsed")])
@pytest.mark.parametrize("late", [False, True], ids=["heard", "agenda first"])
def test_the_deadline_is_an_instant(
    house: House, monkeypatch: pytest.MonkeyPatch, seconds: int, status: str, late: bool
) -> None:
    """The end of the local day, whoever looks first: the registration's fact, or the agenda, once
    or again and however late.
    """
    club = house.new_club(zone="UTC", claims={"deadline_days": 1})
    partner(club)
    with house.later() as later:
        to_midnight(house, later, -300)
        ann, buyer, (tag,) = seller(club), club.join(), club.tags()
        instant = parse(claimed(ann, tag)["lapses_at"]) + timedelta(seconds=seconds)
        with monkeypatch.context() as patched:
            patched.setattr(routing, "now", lambda _: instant)
            good(buyer.register(tag))
        if not late:
            house.pump()
            assert statuses(ann) == [status]
        later(2 * 86_400 if late else 400)
        for _ in range(2):
            house.run_due(days=4)
            house.pump()
        ann = club.sign_in(ann.phone)
        assert statuses(ann) == [status]
        assert held(ann) == ((SOLD, 0) if status == "credited" else (0, 0))
        told = [row["code"] for row in ann.rows("/notifications")]
        assert told.count("claim.lapsed") == (status == "lapsed")


def test_a_claim_lapses_when_nobody_registers_the_item(house: House) -> None:
    club = house.new_club(zone="UTC", claims={"deadline_days": 1})
    partner(club)
    with house.later() as later:
        to_midnight(house, later, -60)
        ann, bob, (tag,) = seller(club), seller(club), club.tags()
        claimed(ann, tag)
        later(90)
        house.run_due(days=1)  # a registration may be on its way
        assert statuses(ann) == ["pending"]
        later(90)
        house.run_due(days=1)
        (row,) = ann.rows("/claims")
        assert (row["status"], row["why"]) == ("lapsed", "deadline")
        assert held(ann) == (0, 0)
        assert newest(ann)["text"].startswith("The buyer of “Ring” did not register it in time")
        assert claimed(ann, tag) == row  # the same claim, no new deadline
        assert claim(bob, tag).json()["code"] == "item_claimed"
        registered(club.join(), tag)
        assert (statuses(ann), held(ann)) == (["lapsed"], (0, 0))
