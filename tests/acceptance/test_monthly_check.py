"""The check of a month that is over, over HTTP and by the agenda."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import day_begins, next_month, render
from chalicelib.receipts.month_ends import MONTH_ENDS
from tests.acceptance.test_agenda import seconds_to
from tests.acceptance.test_notifications import sweep
from tests.support.checkout import (
    Checkout,
    available,
    checkout,
    club_of,
    line,
    local,
    until_next_month,
)
from tests.support.club import Club, House, Member
from tests.support.diary import waiting


def shop_of(house: House, **terms: Any) -> tuple[Club, Checkout, Member]:
    """A club that turns a month's purchases into points which do not burn, a till and a member."""
    club = club_of(house, "sliding-allowance", burn={"type": "never"}, **terms)
    return club, checkout(club), club.join()


def checked(member: Member) -> list[int]:
    """What each check brought, the newest first."""
    entries = member.club.sign_in(member.phone).entries()
    return [one["points"] for one in entries if one["kind"] == "event.posted"]


@pytest.mark.req("SV-1")
def test_each_month_is_checked_once_however_late(house: House) -> None:
    """5 000.00 bring 750, 1 000.00 the month after 100; a month without purchases brings nothing,
    and says nothing.
    """
    club, shop, member = shop_of(house)
    with house.later(until_next_month(club)) as go:
        shop.sell(member, line(500_000))
        go(until_next_month(club))
        member = club.sign_in(member.phone)
        shop.sell(member, line(100_000))
        for _ in range(3):
            go(until_next_month(club))
        for _ in range(2):
            house.run_due(days=100)
        assert checked(member) == [100, 750]
        go(until_next_month(club))
        house.run_due(days=2)
        assert checked(member) == [100, 750]
        assert available(member) == 850


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_month_is_over_to_the_second_in_the_clubs_zone(house: House, zone: str) -> None:
    """1 000.00, and 500.00 in the month's last second: 225; 2 000.00 in the first of the next."""
    club, shop, member = shop_of(house, zone=zone)
    with house.later(until_next_month(club)) as go:
        shop.sell(member, line(100_000))
        turn = day_begins(next_month(local(club).date()), zone)
        (entry,) = waiting(member, MONTH_ENDS)
        assert entry.due == render(turn)
        go(seconds_to(house, turn) + 60)
        for price, second in ((50_000, -1), (200_000, 0)):
            at = render(turn + timedelta(seconds=second))
            shop.sell(member, line(price), at=at)
        house.run_due(days=2)
        assert checked(member) == [225]
        go(until_next_month(club))
        house.run_due(days=2)
        assert checked(member) == [300, 225]


def test_what_is_told_after_the_check_counts_no_more_for_it(house: House) -> None:
    club, shop, member = shop_of(house, purchases={"accepted_days": 60})
    with house.later(until_next_month(club)) as go:
        shop.sell(member, line(100_000))
        late = shop.receipt(member, line(400_000))
        go(until_next_month(club))
        house.run_due(days=2)
        sent = shop.system.call("POST", "/receipts", json=late)
        assert sent.status_code == 201, sent.text
        for _ in range(2):
            house.run_due(days=2)
        assert checked(member) == [100]


def test_rules_that_come_later_are_asked_from_the_next_month_on(house: House) -> None:
    """The sweeper writes down what nobody did, for members who bought before."""
    club, shop, member = shop_of(house)
    rules = club.document["earning"]
    club.document["earning"] = {**rules, "rules": []}
    with house.later(until_next_month(club)) as go:
        club.publish()
        shop.sell(member, line(500_000))
        club.document["earning"] = rules
        club.publish()
        idle = club.join()
        go(until_next_month(club) - 24 * 3600)
        sweep(house)
        assert [len(waiting(one, MONTH_ENDS)) for one in (member, idle)] == [1, 0]
        go(24 * 3600)
        house.run_due(days=2)
        assert checked(member) == [750]


def test_nobody_is_checked_after_they_left(house: House) -> None:
    club, shop, member = shop_of(house)
    with house.later(until_next_month(club)) as go:
        shop.sell(member, line(500_000))
        body = {"confirm": member.session["member"]["card_number"]}
        member = club.sign_in(member.phone)
        assert member.call("DELETE", "", json=body).is_success
        go(until_next_month(club))
        house.run_due(days=2)
        assert member.staff("GET", "/account").json()["balance"] == 0
