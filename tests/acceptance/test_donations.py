"""Members give points to charities; staff see what they come to and take a mistake back."""

from datetime import timedelta

import pytest

from chalicelib.programs import service as programs
from tests.support.club import Club, House, Member
from tests.support.donations import HOSPICE, TREES, give, report, take_back

ALONE = 10_000
"""Points that one person may move by hand in this club."""
ZONE_HOURS = 3
"""How far the club's clocks are ahead of UTC."""


@pytest.fixture
def member(club: Club) -> Member:
    """Somebody with 300 points."""
    joined = club.join()
    assert joined.adjust(300).is_success
    return joined


@pytest.mark.req("RG-3")
@pytest.mark.req("EK-7")
def test_points_go_to_a_charity_and_the_club_knows_what_it_owes(member: Member) -> None:
    club = member.club
    named = member.call("GET", "/charities").json()["charities"]
    assert [(one["to"], one["name"]) for one in named] == [
        (HOSPICE, "Children's hospice"),
        (TREES, "Trees for the old town"),
    ]
    first = give(member, 120)
    assert first.status_code == 201
    assert give(member, 30, TREES).is_success
    other = club.join()
    other.adjust(50)
    assert give(other, 50).is_success
    assert member.account()["available"] == 150
    entry = member.entries()[0]
    assert (entry["kind"], entry["title"]) == ("points.donated", "Points given to a charity")
    assert entry["parts"][0]["reason"] == "Given to: Trees for the old town"
    mine = [(one["name"], one["points"]) for one in member.rows("/donations")]
    assert mine == [("Trees for the old town", 30), ("Children's hospice", 120)]
    assert report(club) == {HOSPICE: (170, 2), TREES: (30, 1)}
    assert member.proof()["agrees"]


def test_the_points_that_burn_soonest_go_first(club: Club, house: House) -> None:
    first = club.join()
    first.adjust(100)
    with house.later("P40D"):
        member = club.sign_in(first.phone)
        member.adjust(100)
        soon, late = member.account()["lots"]
        assert give(member, 100).is_success
        assert soon["burns_on"] < late["burns_on"]
        assert member.account()["lots"] == [late]


@pytest.mark.req("GC-2")
def test_points_go_to_charities_only(member: Member) -> None:
    """No other member, and no money, can be the end of a donation."""
    other = member.club.join()
    for to in ("nobody-knows", other.id):
        answer = give(member, 10, to)
        assert (answer.status_code, answer.json()["code"]) in (
            (404, "charity_unknown"),
            (422, "invalid_fields"),
        )
    assert other.account()["balance"] == 0
    assert member.account()["balance"] == 300


def test_no_more_than_is_available(member: Member) -> None:
    hold = {"points": 100, "reason": "On hold"}
    assert member.staff("POST", "/holds", json=hold).is_success
    answer = give(member, 201)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_points")
    assert give(member, 200).is_success
    for wrong in (0, -5):
        assert give(member, wrong).status_code == 422


def test_a_donation_sent_twice_is_one(member: Member) -> None:
    answers = [give(member, 40, key="one intention") for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    assert member.account()["balance"] == 260
    assert report(member.club) == {HOSPICE: (40, 1)}
    other = give(member, 41, key="one intention")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_staff_take_a_donation_back_once(member: Member) -> None:
    before = member.account()["lots"]
    number = give(member, 120).json()["donation"]
    assert give(member, 30).is_success
    back = take_back(member, number, key="first")
    assert (back.status_code, back.json()["taken_back_at"] is None) == (200, False)
    assert take_back(member, number, key="first").json() == back.json()
    again = take_back(member, number)
    assert (again.status_code, again.json()["code"]) == (409, "donation_taken_back")
    assert report(member.club) == {HOSPICE: (30, 1)}
    account = member.account()
    assert account["balance"] == 270
    assert [lot["burns_on"] for lot in account["lots"]] == [lot["burns_on"] for lot in before]
    member.club.house.pump()
    assert member.rows("/notifications")[0]["points"] == 120
    assert member.proof()["agrees"]


def test_nothing_is_taken_back_when_the_month_is_over(member: Member, house: House) -> None:
    number = give(member, 120).json()["donation"]
    local = house.now + timedelta(hours=ZONE_HOURS)
    with house.later(f"P{32 - local.day}D"):
        answer = take_back(member, number)
        assert (answer.status_code, answer.json()["code"]) == (409, "donation_settled")
    assert report(member.club) == {HOSPICE: (120, 1)}


def test_the_ledgers_own_reversal_leaves_donations_alone(member: Member) -> None:
    number = give(member, 120).json()["donation"]
    body = {"reason": "By another way"}
    answer = member.staff("POST", f"/entries/{number}/reversal", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_not_reversible")
    adjusted = member.entries()[-1]["seq"]
    other = take_back(member, adjusted)
    assert (other.status_code, other.json()["code"]) == (404, "donation_unknown")


def test_a_large_donation_is_not_taken_back_alone(member: Member) -> None:
    for _ in range(2):
        assert member.adjust(ALONE).is_success
    number = give(member, ALONE + 1).json()["donation"]
    answer = take_back(member, number)
    assert (answer.status_code, answer.json()["code"]) == (409, "approval_needed")


def test_a_report_has_its_months_only(member: Member) -> None:
    club = member.club
    give(member, 10)
    local = club.house.now + timedelta(hours=ZONE_HOURS)
    month, year = f"{local:%Y-%m}", local.year
    assert report(club, month, month) == {HOSPICE: (10, 1)}
    assert report(club, f"{year - 2}-01", f"{year - 1}-12") == {}
    assert report(club, f"{year + 1}-01", f"{year + 1}-12") == {}
    span = {"from": f"{year}-02", "to": f"{year}-01"}
    assert club.staff("GET", "/donations", params=span).status_code == 400


def test_a_charity_that_is_named_no_more_gets_nothing_and_stays_in_the_report(
    member: Member,
) -> None:
    club = member.club
    assert give(member, 30, TREES).is_success
    club.document = {**club.document, "charities": {HOSPICE: club.document["charities"][HOSPICE]}}
    club.publish()
    programs.forget()  # as a process does after five seconds
    answer = give(member, 30, TREES)
    assert (answer.status_code, answer.json()["code"]) == (404, "charity_unknown")
    assert report(club) == {TREES: (30, 1)}
    assert member.rows("/donations")[0]["name"] == "Trees for the old town"


def test_a_charity_needs_a_name_in_every_language(club: Club) -> None:
    document = {**club.document, "charities": {TREES: {"en": "Trees"}}}
    club.staff("PUT", "/draft", json=document).raise_for_status()
    answer = club.staff("POST", "/draft/check")
    found = {(one["pointer"], one["code"]) for one in answer.json()["problems"]}
    assert found == {(f"/charities/{TREES}/{one}", "text_missing") for one in ("ru", "uk", "ar")}
