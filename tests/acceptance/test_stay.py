"""Levels that come with the length of a membership, on their day and without a purchase."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from chalicelib.agenda import service as agenda
from chalicelib.agenda import store
from chalicelib.agenda.model import Page
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import local_date, parse
from tests.acceptance.test_agenda import seconds_to
from tests.acceptance.test_notifications import sweep
from tests.acceptance.test_tiers import put, seen
from tests.acceptance.test_tiers_ends import entry_of
from tests.support.club import Club, House, Member
from tests.support.till import FIVE_PERCENT, Till, rule, shop

ZONE = "Europe/Berlin"
LEVELS: dict[str, Any] = {
    "measure": "months",
    "levels": [
        {"id": name, "name": dict.fromkeys(("ru", "en", "uk", "ar"), name.title()), "at_least": at}
        for name, at in (("new", 0), ("friend", 1), ("veteran", 12))
    ],
}
RULES = [
    FIVE_PERCENT,
    rule(
        {"type": "multiplier", "factor": {"num": 2, "den": 1}},
        id="friends",
        conditions=[{"type": "tier", "any_of": ["friend", "veteran"]}],
    ),
    rule(
        {"type": "points", "points": 7},
        id="a-year",
        conditions=[{"type": "membership", "unit": "month", "at_least": 12}],
    ),
]


def club_of(house: House, **tiers: Any) -> Till:
    """A club whose levels come with time, and whose rules ask for level and time."""
    return shop(house.new_club(earning={"rules": RULES}, tiers={**LEVELS, **tiers}, zone=ZONE))


def told(club: Club, member: Member) -> list[str]:
    """What the member was told of levels, the newest first."""
    rows = club.sign_in(member.phone).rows("/notifications")
    return [row["text"] for row in rows if row["code"].startswith("level.")]


def begins(member: Member, months: int) -> date:
    """The day from which the membership is so many months long."""
    joined = local_date(parse(member.call("GET", "").json()["joined_at"]), ZONE)
    found: date = joined + relativedelta(months=months)
    return found


@pytest.mark.whole_table
@pytest.mark.req("RG-13")
def test_levels_and_rules_by_length_of_membership(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    first = member.call("GET", "/tier").json()
    assert (first["tier"], first["measure"], first["counted"]) == ("new", "months", 0)
    assert first["next"] == {"tier": "friend", "name": "Friend", "missing": 1}
    assert till.sell(10_000, member=member)["points"]["earned"] == 5
    friend, veteran = (
        entry_of(member, (begins(member, months) - timedelta(days=1)).isoformat())
        for months in (1, 12)
    )
    with house.later(seconds_to(house, parse(friend.due)) - 3600) as go:
        assert seen(member)["tier"] == "new"
        sweep(house)
        assert store.standing([friend]) == [friend]
        second = timedelta(seconds=1)
        assert AGENDA_HANDLERS[friend.kind](friend, parse(friend.due) - second) == parse(friend.due)
        go(3601)
        for _ in range(2):
            agenda.work(Page((friend,)), AGENDA_HANDLERS, house.now)
        now = seen(member)
        assert (now["tier"], now["counted"], now["next"]["missing"]) == ("friend", 1, 11)
        assert [(one["by"], one["since"]) for one in now["history"]] == [("stay", friend.due)]
        assert told(till.club, member) == ["You have reached the level: Friend."]
        assert store.standing([friend, veteran]) == [veteran]
        assert till.sell(10_000, member=member)["points"]["earned"] == 10
        go(int((parse(veteran.due) - house.now).total_seconds()) + 1)
        assert till.sell(10_000, member=member)["points"]["earned"] == 24  # (5 + 7) × 2
        agenda.work(Page((veteran,)), AGENDA_HANDLERS, house.now)
        assert told(till.club, member)[0] == "You have reached the level: Veteran."
        now = seen(member)
        assert (now["tier"], now["next"]) == ("veteran", None)
        assert [one["since"] for one in now["history"]] == [veteran.due, friend.due]


def test_staff_set_a_level_and_let_time_decide_again(house: House) -> None:
    till = club_of(house)
    member = till.club.join()
    assert put(member, "veteran")["tier"] == "veteran"
    with house.later("P70D"):
        assert seen(member)["tier"] == "veteran"
        assert put(member, None)["tier"] == "friend"
        last = house.now.date() + timedelta(days=10)
        put(member, "new", until=last.isoformat())
    with house.later("P90D"):
        assert seen(member)["tier"] == "friend"


def test_time_proposes_where_staff_assign(house: House) -> None:
    till = club_of(house, assigned_by="staff")
    member = till.club.join()
    with house.later("P70D"):
        till.sell(10_000, member=member)
        assert (seen(member)["tier"], seen(member)["proposed"]) == ("new", "friend")
        (row,) = till.club.staff("GET", "/tier-proposals").json()["rows"]
        assert (row["member"], row["by"]) == (member.id, "stay")
