"""Events that are no purchase: miles, containers, and what staff tell."""

from typing import Any

import pytest

from tests.support.club import House, at_once
from tests.support.till import Till, card_of, rule, shop

MILES = rule(
    {"type": "per_unit", "of": "count", "points": 2, "per": 5}, trigger="custom:flight", id="miles"
)
SURVEY = rule({"type": "points", "points": 30}, trigger="activity_done", id="survey")


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that counts miles and thanks for surveys."""
    return shop(house.new_club(earning={"rules": [MILES, SURVEY]}))


def told(till: Till, member: Any, **more: Any) -> dict[str, Any]:
    """The body of a flight."""
    return {
        "trigger": "custom:flight",
        "number": "SU-1",
        "at": till.now,
        "count": 1234,
        "buyer": {"card": card_of(member)},
        **more,
    }


@pytest.mark.req("CB-7")
def test_a_mile_flown_is_four_tenths_of_a_mile(till: Till) -> None:
    """1 234 miles at 2 for 5 are 493.6, rounded down to 493."""
    member = till.club.join()
    body = told(till, member)
    first = till.system.call("POST", "/events", json=body)
    assert (first.status_code, first.json()["points"]["earned"]) == (201, 493)
    answers = at_once(lambda _: till.system.call("POST", "/events", json=body), range(8))
    assert {answer.text for answer in answers} == {first.text}
    assert member.account()["balance"] == 493
    assert member.entries()[0]["kind"] == "event.posted"
    differs = till.system.call("POST", "/events", json={**body, "count": 1})
    assert (differs.status_code, differs.json()["code"]) == (409, "event_differs")


def test_partners_tell_only_of_the_clubs_own_events(till: Till) -> None:
    member = till.club.join()
    answer = till.system.call("POST", "/events", json=told(till, member, trigger="birthday"))
    assert (answer.status_code, answer.json()["code"]) == (422, "trigger_not_told")
    nobody = till.system.call(
        "POST", "/events", json=told(till, member, buyer={"phone": "+79990000000"})
    )
    assert (nobody.status_code, nobody.json()["code"]) == (404, "buyer_unknown")


def test_staff_tell_of_what_a_member_did(till: Till) -> None:
    member = till.club.join()
    body = {
        "trigger": "activity_done",
        "subject": "spring",
        "number": "1",
        "at": till.now,
        "reason": "On paper",
    }
    assert member.staff("POST", "/events", json=body).status_code == 201
    assert member.staff("POST", "/events", json=body).status_code == 201
    assert member.account()["balance"] == 30
    wrong = member.staff("POST", "/events", json={**body, "trigger": "receipt_paid"})
    assert wrong.json()["code"] == "trigger_not_told"
