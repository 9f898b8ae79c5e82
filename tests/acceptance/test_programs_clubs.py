"""Ready documents of clubs over HTTP: levels, paid membership, verified prices, contests, breeders,
jewellery; as far as rules go, for who is approved and verified comes with rooms of their own.
"""

from typing import Any

import pytest

from tests.support.checkout import (
    Json,
    available,
    checkout,
    club_of,
    line,
    local,
    tell_by_staff,
    until,
    until_next_month,
)
from tests.support.club import Club, House
from tests.support.member import Member

DAY = 24 * 3600


def tier(member: Member) -> str:
    """The member's tier, as their app shows it."""
    answer = member.club.sign_in(member.phone).call("GET", "/purchases")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["tier"])


def tried(club: Club, *lines: Json, **more: Any) -> Json:
    """What a basket of somebody who is told of would get."""
    event = {"trigger": "receipt_paid", "quote": True, "lines": lines, **more}
    event["at"] = local(club).isoformat()
    answer = club.staff("POST", "/trials", json={"event": event})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.req("EK-4")
def test_levels_follow_the_miles_of_a_year_and_miles_do_not_burn(house: House) -> None:
    """Silver from 20 000 miles, gold from 50 000. At red 1 000 miles flown bring 400, at silver
    600; 1 000 in a hotel bring 20, and half as many again. A year after gold was reached 30 000 are
    enough for silver, a year after that nothing is; the miles stay.
    """
    club = club_of(house, "levels")
    stay = line(100_000, sku="HOTEL-1", category="hotel")

    def flown(miles: int) -> int:
        told = airline.tell(member, "custom:flight", count=miles)
        return int(told["points"]["earned"])

    def standing() -> tuple[str, int, int]:
        found = member.staff("GET", "/tier").json()
        return found["tier"], found["counted"], len(found["privileges"])

    with house.later(until(club, 2, 1)) as go:
        airline, member = checkout(club, "airline"), club.join()
        assert (flown(47_500), flown(1_000), airline.earned(member, stay)) == (19_000, 400, 20)
        assert standing() == ("red", 19_420, 1)
        assert airline.earned(member, line(5_800_000, category="ticket")) == 580
        assert standing() == ("silver", 20_000, 4)
        assert (flown(1_000), airline.earned(member, stay)) == (600, 30)
        assert member.adjust(-9_000).is_success  # for a ticket
        go("P9D")
        assert flown(50_000) == 30_000
        assert standing() == ("gold", 50_630, 5)
        left = available(member)
        for days, level in ((364, "gold"), (2, "silver"), (364, "silver"), (2, "red")):
            go(f"P{days}D")
            house.run_due(days=2)
            assert standing()[0] == level
        assert available(member) == left == 41_630


def test_verified_groups_have_their_prices(house: House) -> None:
    """Of 1 000: students pay 900, professionals 880, a teacher of the staff 750, others 1 000."""
    club = club_of(house, "verified-prices")
    assert checkout(club).off(club.join(), line(100_000)) == [0]
    groups: list[list[str]] = [[], ["student"], ["professional"], ["teacher", "staff"]]
    goods = {"sku": "A-1", "paid": 100_000}
    found = [tried(club, goods, member={"groups": some})["discounts"] for some in groups]
    assert [[one["amount"] for one in some] for some in found] == [[], [10_000], [12_000], [25_000]]


@pytest.mark.parametrize(
    ("subject", "points"),
    [("first-place", 1_000), ("second-place", 750), ("third-place", 500), ("mention", 500)],
)
def test_contest_places_bring_their_points(house: House, subject: str, points: int) -> None:
    member = club_of(house, "contests").join()
    told = tell_by_staff(member, "activity_done", subject=subject)
    assert told["points"]["earned"] == available(member) == points
    assert told["awards"][0]["rule"] == subject


def test_jewellery_members_are_rewarded_once_for_each_network(house: House) -> None:
    """50 for following, once each; the test of a course brings a seller 200 and a buyer nothing."""
    member = club_of(house, "jewels").join()
    told = [
        ("activity_done", "social-vk"),
        ("activity_done", "social-vk"),
        ("activity_done", "social-youtube"),
        ("activity_done", "course-test"),
    ]
    earned = [
        tell_by_staff(member, trigger, number=str(place), subject=subject)["points"]["earned"]
        for place, (trigger, subject) in enumerate(told)
    ]
    assert earned == [50, 0, 50, 0]


def test_breeders_earn_by_feed_more_while_this_or_last_month_reaches_10_000(house: House) -> None:
    """3 % of 1 000 of feed are 30, toys bring nothing; after 10 000 of feed it is 45, also in the
    month after, but not in the one after that. A friend brings 500.
    """
    club = club_of(house, "paws", kinds={"breeder": {"joins": "active"}})
    feed, toy = line(100_000, category="feed"), line(100_000, sku="TOY-1", category="toy")
    with house.later(until_next_month(club)) as go:
        shop, member = checkout(club), club.join(kind="breeder")
        assert shop.earned(member, feed, toy) == 30
        big = shop.sell(member, line(900_000, category="feed"))
        assert shop.earned(member, feed) == 45
        # What comes back does not count.
        shop.take_back(big, (0, 1))
        assert shop.earned(member, feed) == 30
        shop.sell(member, line(900_000, category="feed"))
        assert tell_by_staff(member, "referral_approved")["points"]["earned"] == 500
        go(until_next_month(club))
        assert shop.earned(member, feed) == 45
        go(until_next_month(club))
        assert shop.earned(member, feed) == 30


def test_a_breeders_package_takes_off_feed(house: House) -> None:
    """Of 1 000: 30, 50, 70, 100 and 150 by package; toys keep their price."""
    club = club_of(house, "paws")
    goods = [
        {"sku": "FEED-1", "category": "feed", "paid": 100_000},
        {"sku": "TOY-1", "category": "toy", "paid": 100_000},
    ]
    packages = ("start", "basic", "standard", "expert", "champion")
    found = [tried(club, *goods, member={"tier": one})["discounts"] for one in packages]
    assert [[one["amount"] for one in some] for some in found] == [
        [3_000],
        [5_000],
        [7_000],
        [10_000],
        [15_000],
    ]
