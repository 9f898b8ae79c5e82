"""Exports: what a club holds, as files that another club can import."""

import hashlib
import json
from typing import Any

import httpx
import pytest

from chalicelib.files import service as files
from chalicelib.jobs.model import Job, Unfinished, Work
from chalicelib.transfers import service_export_jobs, store_exports
from infra.local.resources import properties
from tests.support import gifts, stored, transfers
from tests.support.club import Club, House, Member, at_once, bearer, new_phone
from tests.support.transfers import downloads, exported, rows_of

pytestmark = pytest.mark.whole_table

PROFILE = {"given_name": "=Анна", "family_name": 'O\'Hara; "X"', "birthday": "1990-05-31"}


@pytest.fixture
def full(club: Club) -> list[Member]:
    """A club with members who have told, allowed and earned something; one was suspended."""
    members = [club.join() for _ in range(4)]
    assert members[0].call("PATCH", "", json=PROFILE).status_code == 200
    assert members[0].call("PUT", "/consents/sms", json={"granted": True}).status_code == 200
    assert members[1].call("PUT", "/consents/sms", json={"granted": True}).status_code == 200
    assert members[1].call("PUT", "/consents/sms", json={"granted": False}).status_code == 200
    for at, member in enumerate(members[:3]):
        member.adjust(100 * (at + 1)).raise_for_status()
    members[2].adjust(-50).raise_for_status()
    body = {"status": "suspended", "reason": "Test"}
    members[3].staff("POST", "/status", json=body).raise_for_status()
    return members


def objects(export: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an export in NDJSON."""
    return [json.loads(line) for one in downloads(export) for line in one.splitlines()]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_club_moves_into_another(house: House, full: list[Member], form: str) -> None:
    club, fresh = full[0].club, house.new_club()
    for kind in ("members", "balances"):
        for content in downloads(exported(club, kind, form)):
            found = transfers.done(fresh, content, kind, form)
            wrong = [one["code"] for one in transfers.report(fresh, found["id"])]
            assert wrong in ([], ["only_active"])
    for before in full[:3]:
        after = fresh.sign_in(before.phone)
        old, new = (one.call("GET", "").json() for one in (before, after))
        assert new.pop("external_id") == old.pop("member")
        for name in ("member", "program", "external_id"):
            old.pop(name, None), new.pop(name, None)
        assert new == old
        granted = [
            [one for one in each.call("GET", "/consents").json()["rows"] if one["granted"]]
            for each in (before, after)
        ]
        assert granted[0] == granted[1]
        accounts = [each.staff("GET", "/account").json() for each in (before, after)]
        assert accounts[0]["balance"] == accounts[1]["balance"]
        assert accounts[0]["lots"] == accounts[1]["lots"]
        assert after.proof()["agrees"]
    members = downloads(exported(club, "members", form))
    again = [transfers.done(fresh, one, "members", form) for one in members]
    assert sum(one["ran"]["good"] for one in again) == 0
    back = [transfers.done(club, one, "members", form) for one in members]
    assert sum(one["ran"]["known"] for one in back) == 3


def test_members_are_told_whole_and_nobody_else(house: House, full: list[Member]) -> None:
    club = full[0].club
    other = house.new_club().join()
    export = exported(club, "members", "ndjson")
    rows = {row["external_id"]: row for row in objects(export)}
    assert rows.keys() == {member.id for member in full}
    first = rows[full[0].id]
    assert {name: first[name] for name in PROFILE} == PROFILE
    assert first["phone"] == full[0].phone
    assert "consent_sms" in first
    assert "consent_sms" not in rows[full[1].id]
    assert rows[full[3].id]["status"] == "suspended"
    assert other.phone not in json.dumps(rows)
    assert export["rows"] == sum(one["rows"] for one in export["files"]) == 4


def test_balances_are_lots_and_what_is_held(full: list[Member]) -> None:
    club = full[0].club
    held = {"points": 30, "reason": "By a test"}
    full[0].staff("POST", "/holds", json=held).raise_for_status()
    rows = rows_of(exported(club, "balances"))
    mine = {row["state"]: int(row["points"]) for row in rows if row["external_id"] == full[0].id}
    assert mine == {"open": 70, "held": 30}
    assert sum(int(row["points"]) for row in rows) == 100 + 200 + 250


def test_the_ledger_adds_up_and_names_nobody_who_left(full: list[Member]) -> None:
    club, gone = full[0].club, full[2]
    card = gone.session["member"]["card_number"]
    gone.call("DELETE", "", json={"confirm": card}).raise_for_status()
    rows = rows_of(exported(club, "entries"))
    assert sum(int(row["points"]) for row in rows) == 100 + 200
    assert [row["member"] for row in rows].count("") == 3
    for kind in ("members", "balances", "entries"):
        text = b"".join(downloads(exported(club, kind, "ndjson"))).decode()
        for one in (gone.id, gone.phone, card):
            assert one not in text, kind


def test_an_export_is_on_record_and_for_who_may(house: House, club: Club) -> None:
    body = {"kind": "members", "format": "csv"}
    for rights in (("transfers.import",), ("members.search", "members.read")):
        answer = club.staff(
            "POST", "/exports", json=body, headers=bearer(house.staff((club.id,), rights))
        )
        assert answer.status_code == 403
    keys = [
        club.staff("POST", "/exports", json=body, key="the-same").json()["id"] for _ in range(2)
    ]
    assert len(set(keys)) == 1
    (record,) = club.staff("GET", "/audit", params={"action": "export.ordered"}).json()["rows"]
    assert (record["actor"], record["subject"]) == ("operator:tester", f"export:{keys[0]}")
    assert record["after"] == body
    waiting = gifts.good(club.staff("GET", f"/exports/{keys[0]}"))
    assert (waiting["state"], waiting["files"]) == ("running", [])


def test_files_are_had_by_short_lived_addresses_alone(full: list[Member]) -> None:
    club = full[0].club
    export = exported(club, "members")
    for one, content in zip(export["files"], downloads(export), strict=True):
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["size"], one["sha256"])
        answer = httpx.get(one["url"])
        assert answer.headers["content-disposition"] == f'attachment; filename="{one["name"]}"'
        assert answer.headers["content-type"] == "text/csv"
        assert "X-Amz-Expires=300" in one["url"]
        assert (
            httpx.get(one["url"].replace("X-Amz-Signature=", "X-Amz-Signature=0")).status_code
            == 403
        )
        path = one["url"].partition("?")[0].partition("/exports/")[2]
        assert club.house.http.get(f"/media/../exports/{path}").status_code == 404


def test_files_expire(full: list[Member]) -> None:
    club = full[0].club
    export = exported(club, "members")
    with club.house.later("P3D"):
        after = gifts.good(club.staff("GET", f"/exports/{export['id']}"))
        assert (after["state"], after["files"]) == ("expired", [])
        assert club.staff("GET", "/exports").json()["rows"][0]["state"] == "expired"
    (bucket,) = properties("AWS::S3::Bucket").values()
    rules = {one.get("Prefix"): one for one in bucket["LifecycleConfiguration"]["Rules"]}
    for prefix, days in (("exports/", 3), ("imports/", 14), ("quarantine/", 1)):
        assert (rules[prefix]["Status"], rules[prefix]["ExpirationInDays"]) == ("Enabled", days)
        assert rules[prefix]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    places = {key.partition("/")[0] for key in stored.objects(club.id)}
    assert places <= {"exports", "imports", "quarantine", "private", "media"}


# -- resuming --------------------------------------------------------------------


@pytest.fixture
def many(club: Club, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A club with fifty members, read a few items at a time; their numbers."""
    lines = [
        {"external_id": f"N-{at:05d}", "phone": new_phone(), "kind": "buyer"} for at in range(50)
    ]
    transfers.done(club, transfers.csv_of(lines))
    monkeypatch.setattr(store_exports, "PAGE_ITEMS", 40)
    monkeypatch.setattr(service_export_jobs, "PAGES", 5)
    monkeypatch.setattr(service_export_jobs, "FILE_ROWS", 3)
    return [line["external_id"] for line in lines]


def test_a_long_export_goes_on_from_place_to_place(club: Club, many: list[str]) -> None:
    export = exported(club, "members")
    assert export["state"] == "done"
    assert len(export["files"]) > store_exports.SEGMENTS
    assert sorted(row["external_id"] for row in rows_of(export)) == many


def test_a_killed_export_goes_on_and_tells_nobody_twice(
    club: Club, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = files.keep_export, 0

    def dying(*given: Any) -> None:
        nonlocal calls
        calls += 1
        real(*given)
        if calls % 3 == 0:
            raise RuntimeError("killed after the file")

    with monkeypatch.context() as mortal:
        mortal.setattr(files, "keep_export", dying)
        made = club.staff("POST", "/exports", json={"kind": "members", "format": "csv"}).json()
        club.house.pump()
    assert club.house.platform.events
    with club.house.later("PT1H"):
        club.house.platform.events.fire("tidy")
        club.house.pump()
        export = gifts.good(club.staff("GET", f"/exports/{made['id']}"))
    assert export["state"] == "done"
    assert sorted(row["external_id"] for row in rows_of(export)) == many


def test_workers_who_overtake_each_other_tell_nobody_twice(club: Club, many: list[str]) -> None:
    made = club.staff("POST", "/exports", json={"kind": "members", "format": "csv"}).json()
    told = {name: value for name, value in made["job"].items() if name != "percent"}
    job = Job(program=club.id, **told)

    def work(part: int) -> None:
        while True:
            try:
                service_export_jobs.write_part(Work(job, part, club.house.now))
                return
            except Unfinished:
                continue

    at_once(work, [1, 1, 2, 2, 3, 4, 5, 6, 7, 8])
    club.house.pump()
    export = gifts.good(club.staff("GET", f"/exports/{made['id']}"))
    assert export["state"] == "done"
    assert sorted(row["external_id"] for row in rows_of(export)) == many


def test_a_stopped_export_has_no_files(club: Club) -> None:
    made = club.staff("POST", "/exports", json={"kind": "entries", "format": "csv"}).json()
    assert club.staff("DELETE", f"/jobs/{made['job']['job']}").status_code == 200
    club.house.pump()
    export = gifts.good(club.staff("GET", f"/exports/{made['id']}"))
    assert (export["state"], export["files"]) == ("stopped", [])
