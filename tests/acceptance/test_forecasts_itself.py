"""What comes by itself in forecasts: birthdays, checks of months, levels that come and go."""

import random
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import local_date
from tests.support.club import House, figure
from tests.support.forecasts import done, draft
from tests.support.purchases import TIERS
from tests.support.till import FIVE_PERCENT, rule, shop

Json = dict[str, Any]
BIRTHDAY = rule({"type": "points", "points": 300}, id="birthday", trigger="birthday")
ALLOWANCE = rule(
    {
        "type": "sliding",
        "counter": "last-month",
        "of": "counter",
        "table": [
            {"since": 0, "rate": {"num": 1, "den": 100}},
            {"since": 150_000, "rate": {"num": 2, "den": 100}},
        ],
    },
    id="allowance",
    trigger="monthly_check",
)
MORE_FOR_SILVER = rule(
    {"type": "multiplier", "factor": {"num": 3, "den": 2}},
    id="half-more",
    conditions=[{"type": "tier", "any_of": ["silver", "gold"]}],
)
REACHED = rule({"type": "points", "points": 50}, id="reached", trigger="level_reached")
EARNING: Json = {
    "rules": [FIVE_PERCENT, MORE_FOR_SILVER, REACHED, BIRTHDAY, ALLOWANCE],
    "counters": {"last-month": {"measure": "amount", "over": "last_month"}},
}
BY_MONEY: Json = {
    **TIERS,
    "down": "reassess",
    "levels": [
        {**level, "at_least": least}
        for level, least in zip(TIERS["levels"], (0, 100_000, 300_000), strict=True)
    ],
}
del BY_MONEY["keeps_months"]
BY_POINTS: Json = {
    **BY_MONEY,
    "measure": "points",
    "levels": [
        {**level, "at_least": least}
        for level, least in zip(TIERS["levels"], (0, 60, 320), strict=True)
    ],
}


@pytest.mark.soak
@pytest.mark.req("RG-8")
@pytest.mark.parametrize("seed", range(figure(2, 12)))
def test_the_forecast_of_the_version_in_force_is_what_really_came(house: House, seed: int) -> None:
    """Three members over ten weeks, one with a birthday in them; levels are reached, lost with
    returns and at the ends of months, months are checked. A draft without birthdays costs less by
    just that.
    """
    dice = random.Random(seed)
    tiers = (BY_MONEY, BY_POINTS)[seed % 2]
    club = house.new_club(earning=EARNING, tiers=tiers, birthdays={"settled_days": 0})
    till, members = shop(club), [club.join() for _ in range(3)]
    day = local_date(house.now, club.document["zone"]) + timedelta(days=20)
    born = {"birthday": f"1990-{day:%m-%d}"}
    assert members[0].call("PATCH", "", json=born).is_success
    with house.later() as move:
        for _ in range(12):
            move(f"P{dice.randrange(3, 8)}D")
            house.run_due(days=8)
            buyer = {"member": dice.choice(members).id}
            sold = till.sell(*(dice.randint(1, 90_000) for _ in range(2)), buyer=buyer)
            if dice.random() < 0.4:
                move("PT1H")
                house.run_due(days=2)  # a month may have ended: what comes back later is too late
                till.returned(sold["receipt"], *((n, 1) for n in range(dice.randint(1, 2))))
        move("P2D")
        house.run_due(days=3)
        rules = [one for one in EARNING["rules"] if one is not BIRTHDAY]
        draft(club, earning={**EARNING, "rules": rules})
        found = done(club, documents=["draft"], assumptions={"spend_share": 0})
        accounts = [one.staff("GET", "/account").json() for one in members]
    in_force, without = found["result"]
    assert in_force["refused"] == 0
    came = sum(one["balance"] for one in accounts)
    points = in_force["points"]
    assert (points["given"], points["open"] - points["owed"]) == (came, came)
    by_rule = {one["rule"]: one["points"] for one in in_force["rules"]}
    assert by_rule["birthday"] == 300
    assert by_rule["allowance"] > 0
    assert by_rule["reached"] > 0
    if tiers is BY_MONEY:
        assert without["points"]["given"] == came - 300


def test_a_draft_that_greets_birthdays_is_told_what_they_cost(house: House) -> None:
    """Nobody was ever greeted, so nothing is stored of it."""
    club = house.new_club(earning={"rules": [FIVE_PERCENT]})
    till, members = shop(club), [club.join() for _ in range(3)]
    day = local_date(house.now, club.document["zone"]) + timedelta(days=3)
    for member in members[:2]:
        born = {"birthday": f"1990-{day:%m-%d}"}
        assert member.call("PATCH", "", json=born).is_success
    with house.later("P10D"):
        for member in members:
            till.sell(10_000, buyer={"member": member.id})
        draft(club, earning={"rules": [FIVE_PERCENT, BIRTHDAY]})
        found = done(club, documents=["draft"])
        assert [one["points"]["given"] for one in found["result"]] == [15, 615]
