"""Levels and rules by length of membership; private and corporate clients in programs apart."""

from datetime import timedelta

import pytest

from chalicelib.kernel.clock import local_date
from tests.support import transfers
from tests.support.checkout import available
from tests.support.club import Club, House, Member, new_phone
from tests.support.purchases import TIERS
from tests.support.till import RULE, percent, rule, shop

ONE_PERCENT, THREE_PERCENT = rule(percent(1)), rule(percent(3))
AFTER_A_YEAR = rule(
    {"type": "multiplier", "factor": {"num": 2, "den": 1}},
    id="twice",
    conditions=[{"type": "membership", "unit": "day", "at_least": 365}],
)
AFTER_TWO = {
    **RULE,
    "id": "gold",
    "trigger": "receipt_paid",
    "conditions": [{"type": "membership", "unit": "day", "at_least": 730}],
    "effect": {"type": "tier", "tier": "gold"},
}


def members_since(club: Club, *days: int) -> list[Member]:
    """Members who joined so many local days ago, as another system knew them."""
    today = local_date(club.house.now, club.document["zone"])
    phones = [new_phone() for _ in days]
    lines = [
        {
            "external_id": f"OLD-{ago}",
            "phone": phone,
            "kind": "buyer",
            "joined_at": (today - timedelta(days=ago)).isoformat(),
        }
        for ago, phone in zip(days, phones, strict=True)
    ]
    assert transfers.done(club, transfers.csv_of(lines))["ran"]["good"] == len(days)
    return [club.sign_in(phone) for phone in phones]


@pytest.mark.req("RG-13")
def test_levels_and_rules_follow_the_length_of_membership(house: House) -> None:
    """1 % of 1 000.00, twice as much after a year; the level is gold after two."""
    club = house.new_club(earning={"rules": [ONE_PERCENT, AFTER_A_YEAR, AFTER_TWO]}, tiers=TIERS)
    till, newcomer = shop(club), club.join()
    members = [newcomer, *members_since(club, 364, 365, 729, 730)]
    earned = [till.sell(100_000, member=one)["points"]["earned"] for one in members]
    assert earned == [10, 10, 20, 20, 20]
    levels = [one.staff("GET", "/tier").json()["tier"] for one in members]
    assert levels == ["red", "red", "red", "red", "gold"]
    with house.later("P365D"):
        assert till.sell(100_000, member=newcomer)["points"]["earned"] == 20
        till.sell(100_000, member=members[2])
        assert members[2].staff("GET", "/tier").json()["tier"] == "gold"


@pytest.mark.req("RG-13")
def test_private_and_corporate_clients_have_programs_of_their_own(house: House) -> None:
    """Each takes its own kind, by its own rules; who is in both has two accounts."""
    private = house.new_club(kinds={"buyer": {"joins": "active"}}, earning={"rules": [ONE_PERCENT]})
    corporate = house.new_club(
        kinds={"organisation": {"joins": "active"}}, earning={"rules": [THREE_PERCENT]}
    )
    phone = new_phone()
    person, company = private.join(phone), corporate.join(phone, kind="organisation")
    for club, kind in ((private, "organisation"), (corporate, "buyer")):
        other = new_phone()
        body = {
            "challenge": club.challenge(other),
            "one_time_code": club.code(other),
            "join": {"kind": kind, "accept_rules": 1, "language": "en"},
        }
        answer = house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
        (wrong,) = answer.json()["errors"]
        assert (answer.status_code, wrong["pointer"]) == (422, "/join/kind")
    tills = shop(private), shop(corporate)
    tills[0].sell(100_000, member=person)
    tills[1].sell(100_000, member=company)
    assert (available(person), available(company)) == (10, 30)
    # The card of one is nobody's at the tills of the other.
    assert tills[1].sell(100_000, member=person)["state"] == "unclaimed"
    assert (available(person), available(company)) == (10, 30)
