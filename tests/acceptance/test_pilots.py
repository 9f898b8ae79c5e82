"""Pilots over HTTP: a draft judges some members before it is published to all (RG-8)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support import stored
from tests.support.award_lists import code
from tests.support.club import Club, House, at_once, bearer
from tests.support.forecasts import WHY, draft, pilot
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop

Json = dict[str, Any]
TEN = rule(
    percent(10),
    id="tenth",
    name={"en": "Ten percent", "ru": "Десять", "uk": "Десять", "ar": "عشرة"},
)


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that gives five percent; its draft gives ten."""
    club = house.new_club(
        earning={"rules": [FIVE_PERCENT]},
        purchases={"spending": {"point_value": 100}, "attach_days": 14},
    )
    draft(club, earning={"rules": [TEN]})
    return shop(club)


def look(club: Club, number: int) -> Json:
    """A pilot as it stands."""
    found: Json = club.staff("GET", f"/pilots/{number}").json()
    return found


def members_of(club: Club, number: int) -> dict[str, Json]:
    """What a pilot judged, by member; pages of two."""
    found: dict[str, Json] = {}
    cursor = ""
    while True:
        query = {"limit": 2, "cursor": cursor}
        page = club.staff("GET", f"/pilots/{number}/members", params=query).json()
        found |= {row["member"]: row for row in page["rows"]}
        cursor = page["next"]
        if not cursor:
            return found


@pytest.mark.req("RG-8")
def test_a_draft_judges_a_list_of_members_and_nobody_else(till: Till) -> None:
    """1 000.00: ten percent for Anna, five for Boris; after the end, five for both. Half of Anna's
    receipt comes back after the end: by the pilot's document 50 points are taken, not 25.
    """
    club = till.club
    anna, boris = club.join(), club.join()
    begun = pilot(club, anna.id, name="Ten percent")
    assert (begun["pilot"], begun["version"], begun["members"]) == (1, 1_000_001, 1)
    assert (begun["state"], begun["unknown"], begun["elsewhere"]) == ("running", [], [])
    lines = [{"sku": "S", "price": 100_000, "quantity": 2}]
    first = till.sell(0, member=anna, lines=lines)
    assert (first["points"]["earned"], first["program_version"]) == (100, 1_000_001)
    assert [award["name"] for award in first["awards"]] == ["Ten percent"]
    assert till.sell(100_000, member=boris)["points"]["earned"] == 50
    assert till.priced(100_000, member=anna)["earns"] == 100
    assert till.priced(100_000, member=boris)["earns"] == 50
    (part,) = anna.entries()[0]["parts"]
    assert part["reason"] == "Ten percent"

    ended = club.staff("POST", "/pilots/1/end", json={"reason": "Too dear"})
    assert (ended.status_code, ended.json()["state"]) == (200, "over")
    assert till.sell(100_000, member=anna)["points"]["earned"] == 50
    back = till.returned(first["receipt"], (0, 1))
    assert back["points_taken"] == 50
    assert anna.account()["balance"] == 100
    (row,) = members_of(club, 1).values()
    assert (row["member"], row["receipts"], row["given"], row["returned"]) == (anna.id, 1, 100, 50)
    explained = club.staff("GET", f"/receipts/{first['receipt']}").json()
    assert explained["program_version"] == 1_000_001
    assert anna.proof()["agrees"]


@pytest.mark.req("RG-8")
def test_what_the_pilot_judged_stays_when_the_draft_is_published_otherwise(till: Till) -> None:
    club = till.club
    anna = club.join()
    pilot(club, anna.id)
    sold = till.sell(100_000, member=anna)
    club.document["earning"] = {"rules": [rule(percent(1))]}
    club.publish()
    assert till.sell(100_000, member=anna)["points"]["earned"] == 100
    (award,) = club.staff("GET", f"/receipts/{sold['receipt']}").json()["awards"]
    assert (award["name"], award["points"]) == ("Ten percent", 100)
    assert look(club, 1)["document"]["earning"]["rules"][0]["id"] == "tenth"


def test_a_pilot_judges_between_its_dates_by_the_receipts_own_time(till: Till) -> None:
    """A receipt of before the pilot, told during it, is judged by the version in force; one of
    during it, told after it, by the pilot.
    """
    club = till.club
    anna = club.join()
    with club.house.later("PT1H") as move:
        early = till.receipt(100_000, buyer={"member": anna.id})
        move("PT1H")
        pilot(club, anna.id, until=_after(club, days=1))
        assert till.send(early).json()["points"]["earned"] == 50
        during = till.receipt(100_000, buyer={"member": anna.id})
        move("P2D")
        assert look(club, 1)["state"] == "over"
        assert till.send(during).json()["points"]["earned"] == 100
        assert till.sell(100_000, buyer={"member": anna.id})["points"]["earned"] == 50


def test_a_pilot_can_begin_later(till: Till) -> None:
    club = till.club
    anna = club.join()
    begun = pilot(club, anna.id, **{"from": _after(club, days=2)}, until=_after(club, days=9))
    assert begun["state"] == "planned"
    buyer = {"member": anna.id}
    assert till.sell(100_000, buyer=buyer)["points"]["earned"] == 50
    with club.house.later("P3D"):
        assert till.sell(100_000, buyer=buyer)["points"]["earned"] == 100


def test_events_and_claimed_receipts_are_judged_by_the_pilot_too(till: Till) -> None:
    club = till.club
    review = rule({"type": "points", "points": 30}, id="review", trigger="review")
    draft(club, earning={"rules": [TEN, review]})
    anna, boris = club.join(), club.join()
    left = till.sell(100_000)
    pilot(club, anna.id)
    body = {"trigger": "review", "subject": "ring", "number": "1", "reason": "In the shop"}
    for member, points in ((anna, 30), (boris, 0)):
        told = member.staff("POST", "/events", json={**body, "at": till.now})
        assert told.status_code == 201, told.text
        assert told.json()["points"]["earned"] == points
    # The receipt is of before the pilot: its own time decides.
    claimed = anna.call("POST", "/receipts", json={"receipt_code": left["receipt_code"]})
    assert claimed.json()["points"]["earned"] == 50
    later = till.sell(100_000)
    claimed = anna.call("POST", "/receipts", json={"receipt_code": later["receipt_code"]})
    assert claimed.json()["points"]["earned"] == 100
    row = members_of(club, 1)[anna.id]
    assert (row["receipts"], row["events"], row["given"]) == (1, 1, 130)


def test_members_join_later_and_many_at_once(till: Till) -> None:
    club = till.club
    members = [club.join() for _ in range(5)]
    begun = pilot(club, members[0].id)
    number = begun["pilot"]
    nobody = "0" * 20
    ids = [member.id for member in members]
    body = {"members": [*ids, nobody], "reason": "They asked"}
    answers = at_once(
        lambda _: club.staff("POST", f"/pilots/{number}/members", json=body), range(4)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["unknown"] for answer in answers] == [[nobody]] * 4
    assert look(club, number)["members"] == 5
    for place, member in enumerate(members):
        till.sell(10_000 * (place + 1), member=member)
    rows = members_of(club, number)
    assert {rows[member.id]["given"] for member in members} == {10, 20, 30, 40, 50}


def test_nobody_is_in_two_pilots_at_a_time(till: Till) -> None:
    club = till.club
    anna = club.join()
    pilot(club, anna.id)
    draft(club, earning={"rules": [rule(percent(20))]})
    second = pilot(club, anna.id)
    assert (second["pilot"], second["elsewhere"], second["members"]) == (2, [anna.id], 0)
    assert till.sell(100_000, member=anna)["points"]["earned"] == 100
    late = till.receipt(100_000, member=anna)
    club.staff("POST", "/pilots/1/end", json={"reason": "Over"}).raise_for_status()
    with club.house.later("PT1M"):
        body = {"members": [anna.id], "reason": "From the first one"}
        joined = club.staff("POST", "/pilots/2/members", json=body).json()
        assert (joined["elsewhere"], joined["members"]) == ([anna.id], 0)
        third = pilot(club, anna.id)
        assert (third["pilot"], third["elsewhere"]) == (3, [])
        assert till.sell(100_000, buyer={"member": anna.id})["points"]["earned"] == 200
        assert till.send(late).json()["points"]["earned"] == 100


@pytest.mark.parametrize(("begins", "until"), [(None, -1), (2, 1), (-1, 3)])
def test_a_span_that_cannot_be_is_refused(till: Till, begins: int | None, until: int) -> None:
    club = till.club
    body: Json = {"name": "P", "until": _after(club, days=until), "reason": WHY}
    if begins is not None:
        body["from"] = _after(club, days=begins)
    answer = club.staff("POST", "/pilots", json=body)
    assert (answer.status_code, code(answer)) == (409, "pilot_span")


def test_what_is_over_takes_nobody_and_ends_once(till: Till) -> None:
    club = till.club
    pilot(club, until=_after(club, days=1))
    end = {"reason": "Too dear"}
    first = club.staff("POST", "/pilots/1/end", json=end).json()
    assert club.staff("POST", "/pilots/1/end", json=end).json() == first
    body = {"members": [club.join().id], "reason": "Late"}
    answer = club.staff("POST", "/pilots/1/members", json=body)
    assert (answer.status_code, code(answer)) == (409, "pilot_over")
    pilot(club, until=_after(club, days=1))
    with club.house.later("P2D"):
        assert code(club.staff("POST", "/pilots/2/end", json=end)) == "pilot_over"
    assert code(club.staff("GET", "/pilots/3")) == "pilot_unknown"
    assert [one["pilot"] for one in club.staff("GET", "/pilots").json()["rows"]] == [2, 1]


def test_a_draft_with_faults_is_no_pilot(till: Till) -> None:
    draft(till.club, earning={"rules": [TEN, TEN]})
    body = {"name": "P", "until": _after(till.club, days=1), "reason": WHY}
    answer = till.club.staff("POST", "/pilots", json=body)
    assert (answer.status_code, code(answer)) == (409, "draft_invalid")


def test_the_same_request_is_the_same_pilot(till: Till) -> None:
    club = till.club
    anna = club.join()
    body = {"name": "P", "until": _after(club, days=1), "reason": WHY, "members": [anna.id]}
    first, again = (club.staff("POST", "/pilots", json=body, key="k").json() for _ in range(2))
    assert first == again
    assert look(club, 1)["members"] == 1


def test_who_may_not_publish_may_not_pilot(house: House, till: Till) -> None:
    club = till.club
    token = house.staff((club.id,), ("programs.write", "programs.read", "forecasts.run"))
    body = {"name": "P", "until": _after(club, days=1), "reason": WHY}
    answer = club.staff("POST", "/pilots", json=body, headers=bearer(token))
    assert (answer.status_code, code(answer)) == (403, "forbidden")


def test_a_pilot_is_no_version_that_anybody_can_ask_for(house: House, till: Till) -> None:
    club = till.club
    pilot(club, club.join().id)
    assert code(club.staff("GET", "/versions/1000001")) == "version_unknown"
    assert house.http.get(f"/v1/programs/{club.id}").json()["version"] == 1
    keys = [key for key in stored.everything() if key[0] == f"{club.id}#PILOT#1"]
    assert len(keys) == 1


def _after(club: Club, days: int) -> str:
    return (club.house.now + timedelta(days=days)).isoformat(timespec="milliseconds")
