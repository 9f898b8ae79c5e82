"""Imports: members and balances from other systems, checked first, then done once."""

import csv
import io
from typing import Any

import pytest

from tests.support import gifts, transfers
from tests.support.club import Club, new_phone
from tests.support.transfers import Line, codes, csv_of, done, look, ndjson_of, report, run, why

LANGUAGES = ("en", "ru", "uk", "ar")


def people(count: int, **more: Any) -> list[Line]:
    """Members of another system."""
    return [
        {"external_id": f"OLD-{at:05d}", "phone": new_phone(), "kind": "buyer", **more}
        for at in range(count)
    ]


# -- members ---------------------------------------------------------------------


def test_an_imported_member_is_a_member_like_any_other(club: Club) -> None:
    phone = new_phone()
    line = {
        "external_id": "OLD-7",
        "phone": phone,
        "email": f"old.{phone[-7:]}@example.org",
        "given_name": "Анна",
        "family_name": "Королёва",
        "birthday": "1990-05-31",
        "gender": "female",
        "city": "Тверь",
        "kind": "buyer",
        "language": "en",
        "joined_at": "2019-04-01",
        "consent_rules": "2019-04-01",
        "consent_sms": "2024-02-10T10:00:00Z",
    }
    found = transfers.checked(club, csv_of([line]))
    assert (found["state"], found["rows"]) == ("checked", 1)
    assert found["checked"] == {"good": 1, "known": 0, "refused": 0, "points": 0}
    nobody = club.staff("POST", "/member-search", json={"external_id": "OLD-7"})
    assert nobody.json()["rows"] == []  # the check changes nothing

    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    after = look(club, found["id"])
    assert (after["state"], after["ran"]["good"], after["run_by"]) == ("done", 1, "operator:tester")
    member = club.sign_in(phone)
    me = member.call("GET", "").json()
    for name in ("external_id", "phone", "email", "given_name", "birthday", "city", "kind"):
        assert me[name] == line[name]
    assert (me["status"], me["language"], me["joined_at"]) == (
        "active",
        "en",
        "2019-03-31T21:00:00.000Z",
    )
    given = {one["purpose"]: one for one in member.call("GET", "/consents").json()["rows"]}
    assert {name for name, one in given.items() if one["granted"]} == {"rules", "sms"}
    assert given["sms"]["at"] == "2024-02-10T10:00:00.000Z"
    assert me["rules_version"] == given["rules"]["rules_version"] == 1
    for body in (
        {"external_id": "OLD-7"},
        {"phone": phone},
        {"email": line["email"]},
        {"card_number": me["card_number"]},
        {"name": "королева"},
    ):
        answer = gifts.good(club.staff("POST", "/member-search", json=body))
        assert [row["member"] for row in answer["rows"]] == [member.id], body
    (tag,) = club.tags()
    assert member.register(tag).status_code == 201
    assert member.proof()["agrees"]
    journal = [row for row in member.rows("/export") if row["kind"] == "member journal"]
    assert journal[0]["data"]["fact"] == "member.imported"
    assert journal[0]["data"]["actor"] == "operator:tester"


def test_a_card_alone_makes_a_member(club: Club) -> None:
    found = done(club, csv_of([{"card_number": "4000 1234 1234 1234", "kind": "buyer"}]))
    assert found["ran"]["good"] == 1
    (row,) = club.staff("POST", "/member-search", json={"card_number": "4000123412341234"}).json()[
        "rows"
    ]
    assert (row["phone"], row["status"]) == (None, "active")


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_the_same_file_twice_imports_once(club: Club, form: str) -> None:
    lines = people(3)
    content = csv_of(lines) if form == "csv" else ndjson_of(lines)
    first, second = (done(club, content, form=form) for _ in range(2))
    assert (first["ran"]["good"], first["ran"]["known"]) == (3, 0)
    assert (second["checked"]["known"], second["ran"]["good"]) == (3, 0)
    assert second["ran"]["known"] == 3
    third = transfers.checked(club, content, form=form, on_existing="refuse")
    assert codes(report(club, third["id"])) == [
        (row, "external_id", "member_known") for row in (1, 2, 3)
    ]


def test_who_joined_before_is_not_touched(club: Club) -> None:
    member = club.join()
    before = member.call("GET", "").json()
    lines = [
        {"phone": member.phone, "given_name": "Somebody", "kind": "buyer"},
        {"external_id": "OLD-1", "phone": member.phone, "kind": "buyer"},
    ]
    found = done(club, csv_of(lines[:1]))
    assert found["ran"]["known"] == 1
    found = done(club, csv_of(lines[1:]))
    assert codes(report(club, found["id"])) == [(1, "phone", "taken")]
    assert member.call("GET", "").json() == before


def test_every_refused_row_is_told_why_in_the_readers_language(club: Club) -> None:
    phone, other = new_phone(), club.join()
    lines: list[Line] = [
        {"phone": phone, "kind": "buyer"},
        {"phone": "12", "kind": "buyer", "birthday": "31.05.1990"},
        {"email": "nobody", "kind": "breeder"},
        {"card_number": "123", "kind": "buyer", "joined_at": "2199-01-01"},
        {"external_id": "?", "phone": "", "status": "suspended", "kind": ""},
        {"city": "Tver", "kind": "buyer"},
        {"external_id": "OLD-1", "phone": other.phone, "kind": "buyer"},
        {"phone": phone, "kind": "buyer"},
    ]
    found = done(club, csv_of(lines))
    assert found["ran"] == {"good": 1, "known": 0, "refused": 7, "points": 0}
    assert found["checked"] == found["ran"]
    told = report(club, found["id"], limit=2)
    assert codes(told) == [
        (2, "birthday", "wrong_day"),
        (2, "phone", "wrong_phone"),
        (3, "email", "wrong_email"),
        (3, "kind", "not_one_of"),
        (4, "card_number", "wrong_card_number"),
        (4, "joined_at", "in_future"),
        (5, "external_id", "wrong_external_id"),
        (5, "kind", "required"),
        (5, "status", "only_active"),
        (6, "", "no_key"),
        (7, "phone", "taken"),
        (8, "", "row_twice"),
    ]
    assert [one["line"] for one in told] == [one["row"] + 1 for one in told]
    assert {one["phase"] for one in told} == {"run"}
    sentences = {
        one["sentence"] for language in LANGUAGES for one in report(club, found["id"], language)
    }
    assert len(sentences) == len(LANGUAGES) * len({one["code"] for one in told})
    answer = club.staff("GET", f"/imports/{found['id']}/report.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "X-Next-Cursor" not in answer.headers
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(int(row["row"]), row["field"], row["code"]) for row in table] == codes(told)
    assert other.phone not in answer.text


def test_a_long_report_is_downloaded_piece_by_piece(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.transfers.routes_imports.DOWNLOAD_ROWS", 2)
    found = transfers.checked(
        club, csv_of([{"external_id": f"O-{at}", "kind": "?"} for at in range(5)])
    )
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        url = f"/imports/{found['id']}/report.csv"
        answer = club.staff("GET", url, params={"cursor": cursor})
        seen += [row["row"] for row in csv.DictReader(io.StringIO(answer.text))]
        cursor = answer.headers.get("X-Next-Cursor", "")
    assert (seen, cursor) == (["1", "2", "3", "4", "5"], "")


def test_whoever_left_is_forgotten_by_imports_too(club: Club) -> None:
    lines = people(1)
    done(club, csv_of(lines))
    member = club.sign_in(lines[0]["phone"])
    card = member.session["member"]["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    assert (
        club.staff("POST", "/member-search", json={"external_id": "OLD-00000"}).json()["rows"] == []
    )
    assert done(club, csv_of(lines))["ran"]["good"] == 1
    assert club.sign_in(lines[0]["phone"]).id != member.id


def test_an_order_that_is_no_dry_run_runs_by_itself(club: Club) -> None:
    lines = people(2)
    content = csv_of([*lines, {"phone": "?", "kind": "buyer"}])
    found = transfers.checked(club, content, dry_run=False)
    assert (found["state"], found["run_by"]) == ("done", "operator:tester")
    assert found["ran"] == {"good": 2, "known": 0, "refused": 1, "points": 0}
    records = club.staff("GET", "/audit").json()["rows"]
    told = [row["action"] for row in records if row["action"].startswith("import.")]
    assert told == ["import.run", "import.ordered"]


# -- files that are none ---------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "fault", "line"),
    [
        ("phone,kind\n+79,Тверь\n".encode() + "Тверь".encode("cp1251"), "not_utf8", 3),
        (b"phone,salary\n1,2\n", "wrong_column", 1),
        (b'phone,kind\n"1,buyer\n', "wrong_csv", 2),
        (b"phone,kind\n", "no_rows", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    club: Club, content: bytes, fault: str, line: int
) -> None:
    found = transfers.checked(club, content)
    assert found["state"] == "refused"
    assert (found["problem"]["code"], found["problem"]["line"]) == (fault, line)
    sentences = set()
    for language in LANGUAGES:
        url = f"/imports/{found['id']}"
        answer = club.staff("GET", url, headers={"Accept-Language": language})
        sentences.add(answer.json()["problem"]["sentence"])
    assert len(sentences) == len(LANGUAGES)
    assert why(run(club, found["id"])) == "import_ended"
    assert report(club, found["id"]) == []


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(60), "phone,kind".encode("utf-16")])
def test_a_spreadsheet_is_no_upload(club: Club, content: bytes) -> None:
    kind = {"purpose": "import", "media_type": "text/csv", "size": len(content)}
    file = gifts.upload(club, content, **kind)
    assert why(gifts.complete(club, file)) == "wrong_file_type"


def test_only_a_checked_file_of_the_purpose_and_format_is_imported(club: Club) -> None:
    content = csv_of(people(1))
    kind = {"purpose": "import", "media_type": "text/csv", "size": len(content)}
    waiting = gifts.upload(club, content, **kind)
    body = {"kind": "members", "format": "csv", "reason": transfers.WHY}

    def order(**more: str) -> Any:
        return club.staff("POST", "/imports", json={**body, **more})

    assert why(order(file=waiting)) == "file_not_ready"
    assert why(order(file=gifts.image(club))) == "wrong_file_purpose"
    assert why(order(file="0" * 20)) == "file_unknown"
    gifts.good(gifts.complete(club, waiting))
    (fault,) = order(file=waiting, format="ndjson").json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/format", "not_the_files")
    large = gifts.announce(club, **{**kind, "size": 200_000_001})
    assert large.json()["errors"][0]["code"] == "too_big"
    assert gifts.announce(club, **{**kind, "size": 200_000_000}).status_code == 201


def test_a_file_that_was_deleted_is_not_imported(club: Club) -> None:
    answer = transfers.order(club, csv_of(people(1)))
    file = answer.json()["file"]
    assert club.staff("DELETE", f"/files/{file}").status_code == 204
    club.house.pump()
    found = look(club, answer.json()["id"])
    assert (found["state"], found["problem"]["code"]) == ("refused", "upload_gone")
    found = transfers.checked(club, csv_of(people(1)))
    assert club.staff("DELETE", f"/files/{found['file']}").status_code == 204
    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    after = look(club, found["id"])
    assert (after["state"], after["job"]["error"]) == ("stopped", "upload_gone")


# -- lists -----------------------------------------------------------------------


def test_the_same_order_twice_is_one_import(club: Club) -> None:
    file = transfers.uploaded(club, csv_of(people(1)))
    body = {"kind": "members", "file": file, "format": "csv", "reason": transfers.WHY}
    answers = [club.staff("POST", "/imports", json=body, key="the-same") for _ in range(2)]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert why(run(club, answers[0].json()["id"])) == "import_not_checked"
    other = club.staff("POST", "/imports", json={**body, "kind": "balances"}, key="the-same")
    assert why(other) == "idempotency_key_reused"
    second = club.staff("POST", "/imports", json=body).json()["id"]
    club.house.pump()
    rows = club.staff("GET", "/imports").json()["rows"]
    assert [(row["id"], row["state"]) for row in rows] == [
        (second, "checked"),
        (answers[0].json()["id"], "checked"),
    ]
