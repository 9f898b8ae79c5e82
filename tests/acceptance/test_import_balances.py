"""Points that members bring along from another system: one lot a row, counted once."""

import pytest

from tests.support import transfers
from tests.support.club import Club, House, Member, bearer, new_phone
from tests.support.transfers import Line, codes, csv_of, done, look, ndjson_of, report, run, why


@pytest.fixture
def member(club: Club) -> Member:
    """Somebody who was imported."""
    lines = [{"external_id": "OLD-00000", "phone": new_phone(), "kind": "buyer"}]
    done(club, csv_of(lines))
    return club.sign_in(lines[0]["phone"])


def test_points_are_brought_along_as_lots(club: Club, member: Member) -> None:
    lines: list[Line] = [
        {"external_id": "OLD-00000", "points": 1250, "burns_on": "2199-12-31", "reason": "Old"},
        {"phone": member.phone, "points": 300},
        {"card_number": member.session["member"]["card_number"], "points": 9, "burns_on": "never"},
    ]
    found = transfers.checked(club, ndjson_of(lines), "balances", "ndjson")
    assert found["checked"] == {"good": 3, "known": 0, "refused": 0, "points": 1559}
    assert not found["needs_two"]
    assert member.account()["balance"] == 0
    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    account = member.staff("GET", "/account").json()
    assert account["balance"] == 1559
    days = {lot["burns_on"]: lot["points"] for lot in account["lots"]}
    assert days["2199-12-31"] == 1250
    assert sum(days.values()) == 1559
    assert member.proof()["agrees"]
    old = next(one for one in member.entries() if one["points"] == 1250)
    assert (old["kind"], old["ref"]) == ("points.imported", found["id"])
    assert [part["reason"] for part in old["parts"]] == ["Brought along: Old"]
    told = member.staff("GET", "/entries").json()["rows"][0]
    assert (told["actor"], told["note"]) == ("operator:tester", transfers.WHY)


def test_the_same_points_twice_are_counted_once(club: Club, member: Member) -> None:
    line = {"external_id": "OLD-00000", "points": 70, "reason": "Old"}
    named = {**line, "row_id": "T-1"}
    content = csv_of([line, named])
    assert done(club, content, "balances")["ran"]["good"] == 2
    again = done(club, content, "balances")
    assert (again["checked"]["known"], again["ran"]["known"], again["ran"]["points"]) == (2, 2, 0)
    by_phone = {"phone": member.phone, "points": 70, "reason": "Old"}
    assert done(club, csv_of([by_phone]), "balances")["ran"]["known"] == 1
    refused = transfers.checked(club, content, "balances", on_existing="refuse")
    assert codes(report(club, refused["id"])) == [(1, "", "row_known"), (2, "", "row_known")]
    other = csv_of([{**line, "points": 71}, {**named, "points": 71}])
    found = done(club, other, "balances")
    assert codes(report(club, found["id"])) == [
        (1, "points", "other_points"),
        (2, "points", "other_points"),
    ]
    assert member.account()["balance"] == 140


def test_points_for_nobody_or_for_two_are_refused(club: Club, member: Member) -> None:
    other, out = club.join(), club.join()
    body = {"status": "suspended", "reason": "Test"}
    out.staff("POST", "/status", json=body).raise_for_status()
    lines: list[Line] = [
        {"external_id": "OLD-9", "points": 5},
        {"external_id": "OLD-00000", "phone": other.phone, "points": 5, "reason": "Whose?"},
        {"phone": out.phone, "points": 5},
        {"external_id": "OLD-00000", "points": 5, "burns_on": "2020-01-01"},
        {"external_id": "OLD-00000", "points": -5, "state": "debt"},
        {"external_id": "OLD-00000", "points": 5},
        {"external_id": "OLD-00000", "points": 5},
    ]
    found = done(club, csv_of(lines), "balances")
    assert codes(report(club, found["id"])) == [
        (1, "external_id", "member_unknown"),
        (2, "", "keys_disagree"),
        (3, "", "member_not_active"),
        (4, "burns_on", "burnt_already"),
        (5, "state", "only_open"),
        (5, "points", "wrong_points"),
        (7, "", "row_twice"),
    ]
    assert member.account()["balance"] == 5


def test_many_points_need_four_eyes(house: House, club: Club, member: Member) -> None:
    lines = [
        {"external_id": "OLD-00000", "points": points, "reason": f"{points}"}
        for points in (6_000, 4_001)
    ]
    found = transfers.checked(club, csv_of(lines), "balances", dry_run=False)
    assert (found["state"], found["needs_two"]) == ("checked", True)
    assert why(run(club, found["id"])) == "own_import"
    url = f"/imports/{found['id']}/run"
    other = bearer(house.staff((club.id,), ("transfers.import",), "second"))
    assert why(club.staff("POST", url, headers=other)) == "forbidden"
    assert member.account()["balance"] == 0
    rights = ("transfers.import", "transfers.approve")
    approver = bearer(house.staff((club.id,), rights, "second"))
    assert club.staff("POST", url, headers=approver).status_code == 202
    house.pump()
    assert look(club, found["id"])["state"] == "done"
    assert member.account()["balance"] == 10_001
    told = member.staff("GET", "/entries").json()["rows"][0]
    assert told["actor"] == "operator:second"
    tried = club.staff("GET", "/audit", params={"outcome": "refused"}).json()["rows"]
    assert [one["action"] for one in tried] == ["transfers.approve"] * 2
