"""Levels by points: what purchases, events, items and award lists earned, whatever became of it."""

from datetime import date
from typing import Any

import pytest

from chalicelib.agenda.model import Entry
from chalicelib.counters import store as counters
from chalicelib.counters.earned import EARNED, TAKEN_BACK
from chalicelib.kernel.clock import day_begins, local_date, next_month
from tests.acceptance.test_agenda import seconds_to
from tests.acceptance.test_tiers import seen
from tests.support import award_lists
from tests.support.club import House, Member, at_once
from tests.support.diary import waiting, work
from tests.support.purchase_play import earned_in
from tests.support.purchases import TIERS
from tests.support.till import FIVE_PERCENT, Till, rule, shop

ITEM, FIRST, LEVEL, REVIEW = 300, 100, 50, 120
LEVELS = [
    {**level, "at_least": least}
    for level, least in zip(TIERS["levels"], (0, 500, 2_000), strict=True)
]
EARNING = {
    "item_points": {"default": ITEM, "first_item_bonus": FIRST},
    "rules": [
        FIVE_PERCENT,
        rule({"type": "points", "points": LEVEL}, id="reached", trigger="level_reached"),
        rule({"type": "points", "points": REVIEW}, id="review", trigger="review"),
    ],
}
WHY = {"reason": "By a test"}


def club_of(house: House, *, earning: Any = EARNING, **tiers: Any) -> Till:
    """A till of a club with levels by the points of a calendar month: silver from 500 on."""
    given = {**TIERS, "measure": "points", "down": "reassess", "levels": LEVELS, **tiers}
    given = {name: value for name, value in given.items() if value is not None}
    return shop(
        house.new_club(earning=earning, tiers=given, purchases={"spending": {"point_value": 100}})
    )


def look(member: Member, kind: str = EARNED) -> list[Entry]:
    """The agenda's worker looks at the member, twice."""
    entries = waiting(member, kind)
    for entry in entries:
        work(entry, member.club.house.now, times=2)
    return entries


def later(day: date) -> date:
    """The first day of the month after the next."""
    return next_month(next_month(day))


def counted(member: Member) -> tuple[str, int]:
    """The level, and what counts for the next."""
    found = seen(member)
    return found["tier"], found["counted"]


@pytest.mark.req("EK-4")
def test_points_that_a_purchase_earns_lift_at_once(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    till.sell(990_000, member=member)
    first = member.call("GET", "/tier").json()
    assert (first["measure"], first["counted"], first["tier"]) == ("points", 495, "red")
    assert first["next"] == {"tier": "silver", "name": "Silver", "missing": 5}
    till.sell(10_000, member=member)
    now = seen(member)
    assert (now["tier"], now["history"][0]["by"]) == ("silver", "purchase")
    assert now["counted"] == 500 + LEVEL  # what reaching a level brings is earned, too
    assert now["next"]["missing"] == 1_500 - LEVEL
    # What is spent, taken or given by hand changes nothing.
    till.sell(100_000, member=member, points=400)
    spent = counted(member)
    assert spent == ("silver", 550 + 30)
    assert member.adjust(-100).is_success
    assert member.adjust(9_000).is_success
    assert counted(member) == spent


def test_what_burns_and_what_is_announced_counts(house: House) -> None:
    later = {**FIVE_PERCENT, "pending_days": 14}
    till = shop(
        house.new_club(
            earning={"rules": [later]},
            burn={"type": "after", "count": 20, "unit": "day"},
            tiers={
                **TIERS,
                "measure": "points",
                "levels": LEVELS,
                "over": {"type": "rolling", "months": 3},
            },
        )
    )
    member = till.club.join()
    till.sell(1_000_000, member=member)
    assert member.account()["pending"] == 500
    assert counted(member) == ("silver", 500)
    with house.later("P15D") as go:
        house.run_due(20)
        assert seen(member)["counted"] == 500
        go("P25D")
        house.run_due(30)
        assert till.club.sign_in(member.phone).account()["balance"] == 0
        assert counted(member) == ("silver", 500)


@pytest.mark.req("EK-4")
def test_what_comes_back_is_taken_from_the_month_that_earned_it(house: House) -> None:
    till = club_of(house, keeps_months=None, earning={"rules": [FIVE_PERCENT]})
    member = till.club.join()
    zone = till.club.document["zone"]
    today = local_date(house.now, zone)
    old = till.sell(1_200_000, member=member)
    turn, then = (day_begins(day, zone) for day in (next_month(today), later(today)))
    with house.later(seconds_to(house, turn) - 1) as go:
        assert counted(member) == ("silver", 600)
        go(2)
        assert counted(member) == ("silver", 0)  # last month was enough to keep it for this one
        till.sell(400_000, member=member)
        till.returned(old["receipt"], (0, 1))
        assert counted(member) == ("silver", 200)
        days = earned_in(counters.since(till.club.id, member.id, "2000-01"))
        assert days == {next_month(today).isoformat(): 200}
        go(seconds_to(house, then) - 1)
        assert counted(member) == ("silver", 200)
        go(2)
        assert counted(member) == ("red", 0)


def test_a_return_takes_the_level_with_it(house: House) -> None:
    till = club_of(house, earning={"rules": [FIVE_PERCENT]})
    member = till.club.join()
    till.sell(400_000, member=member)
    sold = till.sell(300_000, 300_000, member=member)
    assert counted(member) == ("silver", 500)
    till.returned(sold["receipt"], (0, 1))
    now = seen(member)
    assert (now["tier"], now["counted"], now["history"][0]["by"]) == ("red", 350, "return")


@pytest.mark.req("EK-4")
def test_points_fall_out_of_the_last_months_day_by_day(house: House) -> None:
    till = club_of(house, over={"type": "rolling", "months": 1}, keeps_months=1)
    member = till.club.join()
    till.sell(1_000_000, member=member)
    with house.later("P20D") as go:
        till.sell(1_000_000, member=member)
        assert counted(member) == ("silver", 1_050)
        go("P15D")  # the first purchase is older than a month, the second is not
        assert counted(member) == ("silver", 500)
        go("P60D")
        assert counted(member) == ("red", 0)


@pytest.mark.req("EK-4")
def test_items_events_and_awards_of_lists_count(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    tags = till.club.tags(2)
    assert member.register(tags[0]).status_code == 201
    assert counted(member) == ("red", ITEM + FIRST)
    assert len(look(member)) == 1
    assert member.register(tags[1]).status_code == 201
    assert counted(member) == ("silver", 2 * ITEM + FIRST)  # at once, before the agenda looks
    for entry in waiting(member, EARNED):
        work(entry, house.now, times=5)
    assert seen(member)["history"][0]["by"] == "purchase"
    assert counted(member) == ("silver", 2 * ITEM + FIRST + LEVEL)
    assert member.account()["balance"] == 2 * ITEM + FIRST + LEVEL
    told = {"trigger": "review", "number": "1", "at": till.now, **WHY}
    assert member.staff("POST", "/events", json=told).status_code == 201
    assert counted(member)[1] == 750 + REVIEW
    made = award_lists.checked(till.club, [(award_lists.card(member), 1_200, "")])
    award_lists.done(till.club, made["list"])
    assert counted(member) == ("gold", 1_950 + REVIEW)
    look(member)
    assert counted(member) == ("gold", 1_950 + REVIEW + LEVEL)
    # A list takes by hand, whoever wrote it.
    less = award_lists.checked(till.club, [(award_lists.card(member), -500, "")])
    award_lists.done(till.club, less["list"])
    assert counted(member) == ("gold", 1_950 + REVIEW + LEVEL)
    assert member.proof()["agrees"]


@pytest.mark.parametrize("by_hand", [False, True])
def test_an_item_that_is_released_counts_no_more(house: House, by_hand: bool) -> None:
    till = club_of(house, earning={"item_points": {"default": 600}})
    member = till.club.join()
    (tag,) = till.club.tags(1)
    assert member.register(tag).status_code == 201
    look(member)
    assert counted(member) == ("silver", 600)
    if by_hand:
        (entry,) = (row for row in member.entries() if row["points"] == 600)
        path = f"/entries/{entry['seq']}/reversal"
        assert member.staff("POST", path, json=WHY).is_success
    release = till.club.staff("POST", f"/tags/{tag['serial']}/release", json=WHY)
    assert release.is_success, release.text
    look(member, TAKEN_BACK)
    now = seen(member)
    assert (now["tier"], now["counted"]) == ("red", 0)
    assert now["history"][0]["by"] == "return"


def test_what_staff_announced_counts_once_it_is_confirmed(house: House) -> None:
    member = club_of(house, earning={"item_points": {"default": 600}}).club.join()
    body = {"points": 600, **WHY}
    award = member.staff("POST", "/pending-awards", json=body).json()["ref"]
    look(member)
    assert counted(member) == ("red", 0)
    done = {"end": "confirmed", **WHY}
    entry = member.staff("POST", f"/pending-awards/{award}/resolution", json=done).json()
    look(member)
    assert counted(member) == ("silver", 600)
    assert member.staff("POST", f"/entries/{entry['seq']}/reversal", json=WHY).is_success
    look(member, TAKEN_BACK)
    assert counted(member) == ("red", 0)


def test_items_that_were_registered_before_points_counted_take_nothing(house: House) -> None:
    till = club_of(house, measure="amount", earning={"item_points": {"default": 600}})
    club, member = till.club, till.club.join()
    (old, new) = club.tags(2)
    assert member.register(old).status_code == 201
    assert waiting(member, EARNED) == []
    club.document["tiers"]["measure"] = "points"
    club.publish()
    assert member.register(new).status_code == 201
    assert club.staff("POST", f"/tags/{old['serial']}/release", json=WHY).is_success
    assert counted(member) == ("silver", 600)


def test_items_and_receipts_at_once_are_all_counted(house: House) -> None:
    till = club_of(house, earning={**EARNING, "rules": [FIVE_PERCENT]})
    member = till.club.join()
    tags = till.club.tags(4)

    def act(tag: dict[str, str] | None) -> None:
        if tag is None:
            till.sell(20_000, member=member)
        else:
            assert member.register(tag).status_code == 201

    at_once(act, [*tags, None, None, None, None])
    assert counted(member)[1] == 4 * ITEM + FIRST + 40
    assert member.account()["balance"] == 4 * ITEM + FIRST + 40


def test_packages_by_points_are_proposed_also_for_items(house: House) -> None:
    till = club_of(house, assigned_by="staff", earning={"item_points": {"default": 600}})
    member = till.club.join()
    (tag,) = till.club.tags(1)
    assert member.register(tag).status_code == 201
    look(member)
    assert seen(member)["tier"] == "red"
    (row,) = till.club.staff("GET", "/tier-proposals").json()["rows"]
    assert (row["member"], row["tier"], row["counted"]) == (member.id, "silver", 600)


def test_a_birthday_is_earned_on_its_day(house: House) -> None:
    gift = rule({"type": "points", "points": 500}, id="birthday", trigger="birthday")
    till = club_of(house, earning={"rules": [gift]})
    member = till.club.join()
    zone = till.club.document["zone"]
    day = local_date(house.now, zone) + (date(2026, 1, 5) - date(2026, 1, 1))
    assert member.call("PATCH", "", json={"birthday": f"1990-{day:%m-%d}"}).is_success
    with house.later(seconds_to(house, day_begins(day, zone)) - 2) as go:
        house.run_due()
        assert counted(member) == ("red", 0)
        go(3)
        house.run_due()
        assert counted(member) == ("silver", 500)
