"""Who of the staff did what: filtered, in pages over the months, as a file, with what was tried."""

import csv
import io
import json
from typing import Any

import httpx
import pytest

from tests.support.club import Club, Member, bearer

WHY = "By an acceptance test"
LANGUAGES = ("en", "ru", "uk", "ar")
TESTER = "operator:tester"


def read(club: Club, **query: Any) -> dict[str, Any]:
    """One page of the audit."""
    answer = club.staff("GET", "/audit", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rows(club: Club, **query: Any) -> list[dict[str, Any]]:
    """All pages of the audit, joined."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = read(club, **query, cursor=cursor)
        found += page["rows"]
        cursor = page["next"]
        if not cursor:
            return found


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    return str(answer.json()["code"])


def actions(found: list[dict[str, Any]]) -> list[str]:
    """What was done, oldest first."""
    return [row["action"] for row in reversed(found)]


def try_without(club: Club, member: Member, *rights: str) -> httpx.Response:
    """An adjustment by somebody with other rights."""
    token = club.house.staff((club.id,), rights, name="clerk")
    body = {"points": 5, "reason": WHY}
    return member.staff("POST", "/adjustments", json=body, headers=bearer(token))


# -- what a record tells ---------------------------------------------------------


def test_a_record_tells_who_did_what_before_and_after_and_why(club: Club) -> None:
    member = club.join()
    member.adjust(100).raise_for_status()
    body = {"points": -30, "reason": "Taken back at the counter"}
    entry = member.staff("POST", "/adjustments", json=body).json()
    newest = read(club, limit=1)["rows"][0]
    assert newest == {
        "at": entry["at"],
        "actor": TESTER,
        "action": "points.adjusted",
        "title": "Corrected a member's points",
        "subject": f"member:{member.id}",
        "before": {"balance": 100},
        "after": {"balance": 70, "entry": 2},
        "reason": "Taken back at the counter",
        "outcome": "done",
    }


def test_holds_and_tags_are_told_by_state_and_figures(club: Club) -> None:
    member, (tag,) = club.join(), club.tags()
    member.adjust(100).raise_for_status()
    hold = member.staff("POST", "/holds", json={"points": 40, "reason": WHY}).json()["ref"]
    end = {"end": "captured", "reason": WHY}
    member.staff("POST", f"/holds/{hold}/resolution", json=end).raise_for_status()
    captured, placed = read(club, subject=f"hold:{hold}")["rows"]
    assert (placed["before"], placed["after"]) == ({"held": 0}, {"held": 40, "entry": 2})
    assert captured["before"] == {"balance": 100, "held": 40}
    assert captured["after"] == {"balance": 60, "held": 0, "entry": 3}
    for step in ("withdrawal", "reinstatement"):
        path = f"/tags/{tag['serial']}/{step}"
        club.staff("POST", path, json={"reason": WHY}).raise_for_status()
    back, gone = read(club, subject=f"tag:{tag['serial']}")["rows"]
    assert (gone["before"], gone["after"]) == ({"verdict": "genuine"}, {"verdict": "withdrawn"})
    assert (back["before"], back["after"]) == ({"verdict": "withdrawn"}, {"verdict": "genuine"})


def test_documents_are_told_by_the_fields_that_changed(club: Club) -> None:
    club.document["welcome"] = dict.fromkeys(club.document["languages"], "Hello")
    club.document["rules"] = dict.fromkeys(club.document["languages"], "New terms. " * 100)
    club.publish()
    published, drafted = read(club, limit=2)["rows"]
    assert published["before"] == {"version": 1}
    assert published["after"]["version"] == 2
    assert drafted["before"].keys() == drafted["after"].keys() == {"rules", "welcome"}
    assert drafted["after"]["welcome"]["en"] == "Hello"
    assert drafted["after"]["rules"].startswith("sha256:")
    assert drafted["before"]["rules"] != drafted["after"]["rules"]


def test_what_changes_nothing_leaves_nothing(club: Club) -> None:
    club.staff("PUT", "/partners/rubin", json={"name": "Rubin"}).raise_for_status()
    before = rows(club)
    club.staff("PUT", "/partners/rubin", json={"name": "Rubin"}).raise_for_status()
    club.staff("PUT", "/draft", json=club.document).raise_for_status()
    assert club.staff("PUT", "/partners/rubin", json={"name": ""}).status_code == 422
    assert rows(club) == before


def test_words_about_a_member_stay_with_the_member(club: Club) -> None:
    member = club.join()
    body = {"status": "suspended", "reason": "Called about her lost earring"}
    member.staff("POST", "/status", json=body).raise_for_status()
    (row,) = read(club, action="member.suspended")["rows"]
    assert (row["before"], row["after"]["status"]) == ({"status": "active"}, "suspended")
    assert row["reason"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_actions_are_said_in_the_readers_language(club: Club, language: str) -> None:
    member = club.join()
    member.adjust(10).raise_for_status()
    assert try_without(club, member, "ledger.read").status_code == 403
    answer = club.staff("GET", "/audit", headers={"Accept-Language": language})
    for row in answer.json()["rows"]:
        assert row["title"] != f"action.{row['action']}"
        assert (row["action"] in row["title"]) == (row["outcome"] == "refused")


# -- what was tried ----------------------------------------------------------------


@pytest.mark.req("AL-11")
def test_a_try_without_the_right_is_refused_and_seen(club: Club) -> None:
    member = club.join()
    answer = try_without(club, member, "ledger.read", "members.read")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    (row,) = read(club, outcome="refused")["rows"]
    assert (row["actor"], row["action"]) == ("operator:clerk", "ledger.adjust")
    assert row["subject"] == f"member:{member.id}"
    assert (row["before"], row["after"], row["reason"]) == ({}, {}, "")
    assert member.account()["balance"] == 0
    assert try_without(club, member, "ledger.adjust").status_code == 201
    assert actions(rows(club, actor="operator:clerk", outcome="done")) == ["points.adjusted"]


@pytest.mark.parametrize("seq", ["1 staff:boss", "9" * 60, "x"])
def test_tries_neither_forge_the_record_nor_fill_it(club: Club, seq: str) -> None:
    member, fields = club.join(), bearer(club.house.staff((club.id,), ("none",), "clerk"))
    with club.house.later(60 - club.house.now.second):
        for place in (seq, "1", "2"):
            path, body = f"/entries/{place}/reversal", {"reason": "No right to"}
            assert member.staff("POST", path, json=body, headers=fields).status_code == 403
        (row,) = read(club, outcome="refused")["rows"]
    assert row["subject"] == f"entry:? member:{member.id}"


@pytest.mark.req("AL-11")
def test_the_audit_itself_needs_its_right(club: Club) -> None:
    for path in ("/audit", "/audit/export"):
        fields = bearer(club.house.staff((club.id,), ("ledger.read",), name="clerk"))
        assert club.staff("GET", path, headers=fields).status_code == 403
    assert {row["action"] for row in read(club, outcome="refused")["rows"]} == {"audit.read"}


# -- finding -----------------------------------------------------------------------


def test_filters_narrow_and_combine(club: Club) -> None:
    member, other = club.join(), club.join()
    (tag,) = club.tags()
    for one in (member, other):
        one.adjust(10).raise_for_status()
    club.staff("POST", f"/tags/{tag['serial']}/withdrawal", json={"reason": WHY})
    mine = rows(club, subject=f"member:{member.id}")
    assert actions(mine) == ["points.adjusted"]
    assert actions(rows(club, action="tag.")) == ["tag.withdrawn"]
    assert actions(rows(club, action="batch.")) == ["batch.ordered", "batch.window_opened"]
    assert actions(rows(club, action="batch.ordered")) == ["batch.ordered"]
    assert rows(club, action="batch") == rows(club, actor="operator:nobody") == []
    assert len(rows(club, action="points.adjusted", actor=TESTER)) == 2
    assert rows(club, action="tag.", subject=f"member:{member.id}") == []
    everything = rows(club)
    assert rows(club, **{"from": mine[0]["at"]}) + rows(club, to=mine[0]["at"]) == everything
    assert rows(club, **{"from": "2199-01-01T00:00:00Z"}) == []
    assert rows(club, to="2000-01-01T00:00:00+14:00") == []
    assert rows(club, **{"from": "2000-01-01T00:00:00+14:00", "to": "2199-12-31T23:59:59-14:00"})


def test_wrong_filters_are_named(club: Club) -> None:
    for moment in ("yesterday", "2026-02-30T00:00:00Z", "2026-11-23T10:00:00", "17", "null", ""):
        for name in ("from", "to"):
            answer = club.staff("GET", "/audit", params={name: moment})
            assert (answer.status_code, code(answer)) == (400, "invalid_query"), moment
            assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    wrong = {"outcome": "maybe", "limit": "0", "who": "me"}
    answer = club.staff("GET", "/audit", params=wrong)
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {f"/{name}" for name in wrong}
    answer = club.house.http.get(
        "/v1/staff/programs/never-was/audit", headers=bearer(club.house.staff())
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "program_unknown")


def test_a_new_program_begins_its_audit(club: Club) -> None:
    assert actions(rows(club)) == ["program.drafted", "program.published"]


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_join_over_months_with_and_without_filters(club: Club, limit: int) -> None:
    member = club.join()
    club.staff("PUT", "/partners/rubin", json={"name": "Rubin"}).raise_for_status()
    with club.house.later() as move:
        for points in (1, 2, 3):
            member.adjust(points).raise_for_status()
            move("P70D")
        whole = rows(club, limit=limit)
        assert [row["after"].get("balance") for row in whole[:3]] == [6, 3, 1]
        assert actions(whole)[:3] == ["program.drafted", "program.published", "partner.written"]
        assert [row["at"] for row in whole] == sorted((row["at"] for row in whole), reverse=True)
        assert rows(club, limit=limit, action="points.adjusted") == whole[:3]
        assert rows(club, limit=limit, action="partner.") == [whole[3]]
        assert rows(club, limit=limit, action="partner.", to=whole[1]["at"]) == [whole[3]]
        assert rows(club, limit=limit, **{"from": whole[1]["at"]}) == whole[:2]


def test_new_records_do_not_shift_the_pages(club: Club) -> None:
    member = club.join()
    for points in range(1, 6):
        member.adjust(points).raise_for_status()
    first = read(club, limit=3)
    member.adjust(1000).raise_for_status()
    second = read(club, limit=3, cursor=first["next"])
    balances = [row["after"]["balance"] for row in first["rows"] + second["rows"][:2]]
    assert balances == [15, 10, 6, 3, 1]


def test_a_cursor_is_of_no_use_for_another_question(club: Club) -> None:
    cursor = read(club, limit=1)["next"]
    for query in ({"action": "tag."}, {"to": "2199-01-01T00:00:00Z"}):
        answer = club.staff("GET", "/audit", params={"cursor": cursor, **query})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
    stranger = club.house.new_club()
    assert stranger.staff("GET", "/audit", params={"cursor": cursor}).status_code == 400


# -- the file ----------------------------------------------------------------------


def test_the_file_holds_the_same_rows_and_no_formula(club: Club) -> None:
    member = club.join()
    body = {"points": 5, "reason": '=HYPERLINK("http://x.example","Ask")'}
    member.staff("POST", "/adjustments", json=body).raise_for_status()
    answer = club.staff("GET", "/audit/export", params={"subject": f"member:{member.id}"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{club.id}-audit.csv"'
    assert "X-Next-Cursor" not in answer.headers
    (row,) = read(club, subject=f"member:{member.id}")["rows"]
    (line,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert line == {
        **{name: row[name] for name in ("at", "actor", "action", "subject", "outcome")},
        "what": row["title"],
        "reason": "'" + row["reason"],
        "before": json.dumps(row["before"], separators=(",", ":")),
        "after": json.dumps(row["after"], separators=(",", ":")),
    }


def test_a_long_file_goes_on_by_its_cursor(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.staff.audit_view.EXPORTED", 2)
    member = club.join()
    for points in range(1, 4):
        member.adjust(points).raise_for_status()
    found: list[str] = []
    cursor = ""
    while True:
        answer = club.staff("GET", "/audit/export", params={"cursor": cursor, "action": "points."})
        found += [line["reason"] for line in csv.DictReader(io.StringIO(answer.text, newline=""))]
        cursor = answer.headers.get("X-Next-Cursor", "")
        if not cursor:
            break
    assert len(found) == 3


@pytest.mark.parametrize(
    ("first", "last", "pointer"),
    [
        ("9999-12-31T23:59:59-14:00", "2199-01-01T00:00:00Z", "/from"),
        ("2026-11-02T00:00:00Z", "2026-11-02T00:00:00+01:00", "/to"),
    ],
)
def test_the_time_asked_for_can_be(club: Club, first: str, last: str, pointer: str) -> None:
    answer = club.staff("GET", "/audit", params={"from": first, "to": last})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
