"""Awards in bulk: a committee's list is checked without moving a point, then posted (GC-1)."""

import csv
import io
import re

import pytest

from tests.support import stored
from tests.support.award_lists import (
    WHY,
    Line,
    card,
    checked,
    code,
    done,
    look,
    points_of,
    rows,
    run,
    upload,
)
from tests.support.club import Club, House, bearer, new_phone

PRIZES = {"First place": 1000, "Second place": 750, "Third place": 500, "Laureate": 500}
MENTION = ("Mention of a post", 500)


# -- the committee's list --------------------------------------------------------


@pytest.mark.req("GC-1")
def test_a_committee_awards_places_laureates_and_mentions(club: Club) -> None:
    members = [club.join() for _ in range(5)]
    keys = [card(members[0]), members[1].phone, members[2].id, card(members[3])]
    lines: list[Line] = [
        (key, points, place) for key, (place, points) in zip(keys, PRIZES.items(), strict=True)
    ]
    lines += [(members[4].phone, MENTION[1], MENTION[0]), (card(members[0]), 500, MENTION[0])]
    found = checked(club, lines)
    assert (found["state"], found["rows"], found["rows_ok"]) == ("checked", 6, 6)
    assert (found["points_to_credit"], found["points_to_withdraw"]) == (3750, 0)
    assert not found["needs_two"]
    assert points_of(members) == [0] * 5  # the check changes nothing

    after = done(club, found["list"])
    assert (after["state"], after["rows_posted"], after["points_credited"]) == ("done", 6, 3750)
    assert points_of(members) == [1500, 750, 500, 500, 500]
    first = members[0].entries()[-1]
    assert (first["kind"], first["ref"], first["points"]) == ("points.awarded", found["list"], 1000)
    assert [part["reason"] for part in first["parts"]] == ["Awarded: First place"]
    told = members[0].staff("GET", "/entries").json()["rows"][-1]
    assert (told["actor"], told["note"]) == ("operator:tester", WHY)
    assert all(member.proof()["agrees"] for member in members)
    assert [row["points"] for row in members[3].rows("/notifications")] == [500]


@pytest.mark.req("GC-1")
def test_what_was_awarded_by_mistake_is_withdrawn_by_a_list(club: Club) -> None:
    member = club.join()
    member.adjust(500).raise_for_status()
    found = checked(club, [(card(member), -300, "Entered twice")])
    assert (found["points_to_credit"], found["points_to_withdraw"]) == (0, 300)
    assert done(club, found["list"])["points_withdrawn"] == 300
    newest = member.entries()[0]
    assert (newest["kind"], newest["points"], newest["balance"]) == ("points.withdrawn", -300, 200)
    assert newest["parts"][0]["reason"] == "Withdrawn: Entered twice"
    seq = newest["seq"]
    undone = member.staff("POST", f"/entries/{seq}/reversal", json={"reason": "It was right"})
    assert undone.status_code == 201
    assert member.account()["balance"] == 500


# -- the check -------------------------------------------------------------------


def everything_wrong(club: Club) -> tuple[list[Line], list[str]]:
    """A list with a row of each outcome, and these outcomes."""
    good, poor, out = club.join(), club.join(), club.join()
    out.staff("POST", "/status", json={"status": "suspended", "reason": "Test"}).raise_for_status()
    gone = club.join()
    gone.call("DELETE", "", json={"confirm": card(gone)}).raise_for_status()
    stranger = club.house.new_club().join()
    lines: list[tuple[Line, str]] = [
        ((card(good), 500, "Laureate"), "ok"),
        ((good.phone, 500, "Laureate"), "duplicate"),
        ((good.phone, 500, "Mention"), "ok"),
        ((card(poor), -1, "Too much"), "not_enough_points"),
        ((out.phone, 5, "Suspended"), "not_active"),
        ((gone.id, 5, "Erased"), "unknown_member"),
        ((stranger.id, 5, "Of another club"), "unknown_member"),
        ((new_phone(), 5, "Nobody's"), "unknown_member"),
        (("nobody@example.org", 5, "Nobody's"), "unknown_member"),
        ((card(good)[:-1] + str((int(card(good)[-1]) + 1) % 10), 5, "Mistyped"), "malformed"),
        (("79161234567", 5, "Without plus"), "malformed"),
        ((card(good), "five", "In words"), "malformed"),
    ]
    return [line for line, _ in lines], [outcome for _, outcome in lines]


def test_every_row_is_told_what_is_wrong_with_it(club: Club) -> None:
    lines, outcomes = everything_wrong(club)
    found = checked(club, lines)
    assert (found["rows_ok"], found["rows_wrong"]) == (2, 10)
    listed = rows(club, found["list"])
    assert [row["outcome"] for row in listed] == outcomes
    assert [row["line"] for row in listed] == list(range(2, len(lines) + 2))
    assert all(row["entry"] is None for row in listed)
    only = rows(club, found["list"], outcome="unknown_member", limit=2)
    assert [row["line"] for row in only] == [7, 8, 9, 10]
    sentences = set()
    for language in ("en", "ru", "uk", "ar"):
        answer = club.staff(
            "GET",
            f"/award-lists/{found['list']}/rows",
            headers={"Accept-Language": language},
        )
        sentences |= {row["sentence"] for row in answer.json()["rows"]}
    assert len(sentences) == 4 * (len(set(outcomes)) + 1)  # malformed: of two columns


def test_wrong_rows_stop_a_list_unless_they_are_left_out(club: Club) -> None:
    lines, _ = everything_wrong(club)
    found = checked(club, lines)
    refused = run(club, found["list"])
    assert code(refused) == "rows_wrong"
    assert "10" in refused.json()["detail"]
    after = done(club, found["list"], skip_wrong=True)
    assert (after["state"], after["rows_posted"], after["rows_failed"]) == ("done", 2, 0)
    posted = rows(club, found["list"], outcome="posted")
    assert [(row["line"], row["entry"]) for row in posted] == [(2, 1), (4, 2)] or [
        (row["line"], row["entry"]) for row in posted
    ] == [(2, 2), (4, 1)]


def test_what_was_typed_is_gone_once_it_is_checked(club: Club, house: House) -> None:
    member = club.join()
    nobody = new_phone()
    lines: list[Line] = [(member.phone, 5, "One"), (nobody, 5, "Two")]
    waiting = upload(club, lines).json()["list"]

    def traces() -> set[str]:
        near = [(key, item) for key, item in stored.everything().items() if club.id in key[0]]
        return {
            key[1].partition("#")[0]
            for key, item in near
            if member.phone in stored.texts(item) or nobody in stored.texts(item)
        }

    assert traces() == {"PROFILE", "KEYS"}
    assert rows(club, waiting)[0]["outcome"] is None
    house.pump()
    assert traces() == {"PROFILE"}
    assert [row["member"] for row in rows(club, waiting)] == [member.id, None]
    cancelled = upload(club, lines).json()["list"]
    assert club.staff("POST", f"/award-lists/{cancelled}/cancellation").status_code == 200
    assert traces() == {"PROFILE"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("card;points;reason\n1;2;3\n", "wrong_header"),
        ("member,points,reason\n", "too_short"),
        ('member,points,reason\n1,2,"3', "wrong_csv"),
        ("member,points,reason\n" + "1,2,3\n" * 5_001, "too_many_rows"),
        ("member,points,reason\n" + "щ" * 400_001, "too_long"),
    ],
)
def test_what_is_no_list_is_refused_at_once(club: Club, content: str, fault: str) -> None:
    body = {"csv": content, "reason": WHY}
    answer = club.staff("POST", "/award-lists", json=body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/csv", fault)]
    assert club.staff("GET", "/award-lists").json()["rows"] == []


def test_the_report_is_a_safe_table(club: Club) -> None:
    member = club.join()
    found = checked(club, [(card(member), 5, "=HYPERLINK(1)"), (card(member), -1, "Back")])
    answer = club.staff("GET", f"/award-lists/{found['list']}/report")
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["line"] for row in table] == ["2", "3"]
    assert [row["outcome"] for row in table] == ["ok", "not_enough_points"]
    assert table[0]["reason"] == "'=HYPERLINK(1)"
    assert [row["member"] for row in table] == [member.id] * 2
    assert [row["points"] for row in table] == ["5", "-1"]
    wrong = club.staff(
        "GET", f"/award-lists/{found['list']}/report", params={"outcome": "not_enough_points"}
    )
    assert [row["line"] for row in csv.DictReader(io.StringIO(wrong.text))] == ["3"]


# -- states and rights -----------------------------------------------------------


def test_a_list_is_not_run_before_it_is_checked(club: Club) -> None:
    member = club.join()
    waiting = upload(club, [(card(member), 5, "Award")]).json()["list"]
    assert code(run(club, waiting)) == "award_list_not_checked"


def test_a_cancelled_list_is_never_run(club: Club) -> None:
    member = club.join()
    for found in (
        upload(club, [(card(member), 5, "Award")]).json()["list"],
        checked(club, [(card(member), 5, "Award")])["list"],
    ):
        for _ in range(2):
            answer = club.staff("POST", f"/award-lists/{found}/cancellation")
            assert answer.json()["state"] == "cancelled"
        assert code(run(club, found)) == "award_list_cancelled"
    club.house.pump()
    assert member.account()["version"] == 0


def test_a_list_that_was_run_is_not_cancelled(club: Club) -> None:
    member = club.join()
    found = checked(club, [(card(member), 5, "Award")])
    done(club, found["list"])
    answer = club.staff("POST", f"/award-lists/{found['list']}/cancellation")
    assert code(answer) == "award_list_run"


def test_the_same_upload_twice_is_one_list(club: Club) -> None:
    member = club.join()
    lines: list[Line] = [(card(member), 5, "Award")]
    answers = [upload(club, lines, key="the-same") for _ in range(2)]
    assert len({answer.json()["list"] for answer in answers}) == 1
    assert code(upload(club, [*lines, *lines], key="the-same")) == "idempotency_key_reused"
    second = upload(club, lines).json()["list"]
    listed = [row["list"] for row in club.staff("GET", "/award-lists").json()["rows"]]
    assert listed == [second, answers[0].json()["list"]]


@pytest.mark.parametrize("lines", [[10_001], [6_000, -4_001]])
def test_large_lists_need_four_eyes(house: House, lines: list[int]) -> None:
    club = house.new_club()
    member = club.join()
    member.adjust(9_000).raise_for_status()
    found = checked(club, [(card(member), points, "Award") for points in lines])
    assert found["needs_two"]
    assert code(run(club, found["list"])) == "own_list"
    url = f"/award-lists/{found['list']}/run"
    other = house.staff((club.id,), ("awards.run",), "second")
    refused = club.staff("POST", url, json={}, headers=bearer(other))
    assert (refused.status_code, code(refused)) == (403, "forbidden")
    assert member.account()["balance"] == 9_000
    approver = house.staff((club.id,), ("awards.run", "awards.approve"), "second")
    assert club.staff("POST", url, json={}, headers=bearer(approver)).status_code == 202
    house.pump()
    after = look(club, found["list"])
    assert (after["state"], after["run_by"]) == ("done", "operator:second")
    assert member.account()["balance"] == 9_000 + sum(lines)
    tried = club.staff("GET", "/audit", params={"outcome": "refused"}).json()["rows"]
    assert [one["action"] for one in tried] == ["awards.approve"] * 2
    assert {one["subject"] for one in tried} == {f"list:{found['list']}"}
    (ran,) = club.staff("GET", "/audit", params={"action": "award_list.run"}).json()["rows"]
    assert ran["before"] == {"state": "checked", "run_by": ""}
    assert ran["after"] == {"state": "running", "run_by": "operator:second"}


def test_a_list_finds_by_phone_only_whom_its_author_may_look_for(club: Club) -> None:
    member = club.join()
    lines: list[Line] = [(member.phone, 1, "A"), (card(member), 2, "B"), (member.id, 3, "C")]
    lines.append(("nobody@example.org", 4, "D"))
    for rights, by_phone in ((("awards.run",), "unknown_member"), (("*",), "ok")):
        fields = bearer(club.house.staff((club.id,), rights))
        found = checked(club, lines, headers=fields)
        outcomes = [row["outcome"] for row in rows(club, found["list"])]
        assert outcomes == [by_phone, "ok", "ok", "unknown_member"]


def test_ten_thousand_points_are_one_persons_business(club: Club) -> None:
    member = club.join()
    found = checked(club, [(card(member), 10_000, "Award")])
    assert not found["needs_two"]
    assert done(club, found["list"])["points_credited"] == 10_000


def test_a_list_as_large_as_they_come(club: Club) -> None:
    members = [club.join() for _ in range(2)]
    lines: list[Line] = [(card(members[at % 2]), 1, f"Point number {at}") for at in range(5_000)]
    found = checked(club, lines)
    assert (found["rows_ok"], found["job"]["units_done"]) == (5_000, 5_000)
    assert found["points_to_credit"] == 5_000
    report = club.staff("GET", f"/award-lists/{found['list']}/report").text
    assert len(re.findall("Point number", report)) == 5_000
