"""Programs over HTTP: drafts, checks, versions that never change, notice and effective dates."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chalicelib.kernel.clock import render
from tests.support.club import JEWELS, Club, House, bearer

BONUS = 500


def rules(text: str) -> dict[str, Any]:
    """The terms with another English text."""
    return {**JEWELS["rules"], "en": text}


def draft(club: Club, **changes: Any) -> httpx.Response:
    """Write the draft."""
    club.document = {**club.document, **changes}
    return club.staff("PUT", "/draft", json=club.document)


def publish(
    club: Club,
    in_days: float = 0,
    notice_in: float | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Any:
    """Publish the draft to take effect in so many days."""
    at = club.house.now
    body = {"effective_at": render(at + timedelta(days=in_days)), **more}
    if notice_in is not None:
        body["notice_at"] = render(at + timedelta(days=notice_in))
    return club.staff("POST", "/versions", json=body, headers=headers or {})


def shown(club: Club, version: int | None = None) -> httpx.Response:
    """The terms as a visitor reads them."""
    query = {} if version is None else {"version": version}
    return club.house.http.get(f"/v1/programs/{club.id}/rules", params=query)


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def test_a_draft_changes_nothing_until_it_is_published(club: Club) -> None:
    draft(club, rules=rules("Second.")).raise_for_status()
    assert shown(club).json()["version"] == 1
    assert club.staff("GET", "/draft").json()["document"]["rules"]["en"] == "Second."
    assert publish(club).json()["version"] == 2
    assert shown(club).json()["rules"] == "Second."


def test_every_fault_of_a_draft_is_named_before_publishing(club: Club) -> None:
    faulty = {"zone": "Europe/Nowhere", "name": {"en": "Club"}, "currency": "EUR"}
    draft(club, **faulty).raise_for_status()
    check = club.staff("POST", "/draft/check").json()
    assert check["publishable"] is False
    pointers = {one["pointer"] for one in check["problems"]}
    assert pointers >= {"/zone", "/currency", "/name/ru", "/name/uk", "/name/ar"}
    refused = publish(club)
    assert code(refused) == "draft_invalid"
    assert {one["pointer"] for one in refused.json()["errors"]} == pointers
    assert shown(club).json()["version"] == 1


def test_a_document_that_is_no_program_is_refused_at_its_fields(club: Club) -> None:
    answer = draft(club, languages=[], earning={"item_points": {"default": -1}}, extra=1)
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/languages", "/earning/item_points/default", "/extra"}
    assert code(draft(club, id="other", languages=["en"], earning={})) in (
        "program_id_differs",
        "invalid_fields",
    )


def test_versions_are_numbered_and_never_change(club: Club) -> None:
    for number in (2, 3):
        draft(club, rules=rules(f"Number {number}.")).raise_for_status()
        assert publish(club).json()["version"] == number
    rows = club.staff("GET", "/versions").json()["rows"]
    assert [row["version"] for row in rows] == [3, 2, 1]
    kept = club.staff("GET", "/versions/2").json()
    assert (kept["document"]["rules"]["en"], kept["published_by"]) == (
        "Number 2.",
        "operator:tester",
    )
    assert code(club.staff("GET", "/versions/4")) == "version_unknown"
    for method in ("PUT", "PATCH", "POST"):
        assert club.staff(method, "/versions/2", json={}).status_code == 405
    assert code(club.staff("DELETE", "/versions/2")) == "version_in_force"


def test_publishing_again_with_the_same_key_is_the_same_version(club: Club) -> None:
    draft(club, rules=rules("Second.")).raise_for_status()
    body = {"effective_at": render(club.house.now + timedelta(days=1))}
    key = uuid.uuid4().hex
    first = club.staff("POST", "/versions", json=body, key=key)
    assert club.staff("POST", "/versions", json=body, key=key).json() == first.json()
    other = {"effective_at": render(club.house.now + timedelta(days=2))}
    assert code(club.staff("POST", "/versions", json=other, key=key)) == "idempotency_key_reused"


def test_a_change_is_announced_and_takes_effect_on_its_day(house: House, club: Club) -> None:
    draft(club, rules=rules("From next week on.")).raise_for_status()
    assert publish(club, in_days=7, notice_in=2).status_code == 201
    with house.later() as move:
        assert code(shown(club, 2)) == "version_unknown"
        move("P3D")
        assert shown(club, 2).json()["rules"] == "From next week on."
        assert shown(club).json()["version"] == 1
        move("P5D")
        assert shown(club).json()["version"] == 2
        assert club.join().session["member"]["rules_version"] == 2


def test_points_follow_the_version_in_force_at_their_time(house: House, club: Club) -> None:
    member = club.join()
    tags = club.tags(2)
    earning = {"item_points": {"default": 1, "first_item_bonus": BONUS}}
    draft(club, earning=earning).raise_for_status()
    publish(club, in_days=1).raise_for_status()
    before = member.register(tags[0]).json()
    with house.later("P2D"):
        member.refresh().raise_for_status()
        after = member.register(tags[1]).json()
        assert (before["points"], after["points"]) == (300 + BONUS, 1)
        assert [row["program_version"] for row in member.entries()] == [2, 1]


def test_dates_that_cannot_be_are_refused(club: Club) -> None:
    draft(club, rules=rules("Second.")).raise_for_status()
    assert code(publish(club, in_days=-1)) == "effective_out_of_range"
    assert code(publish(club, in_days=1, notice_in=2)) == "notice_out_of_order"
    assert code(publish(club, in_days=1, notice_in=-1)) == "notice_out_of_order"
    assert code(publish(club, base_version=7)) == "base_version_stale"
    assert publish(club, base_version=1).status_code == 201
    body = {"effective_at": "2030-01-01T00:00:00"}
    assert club.staff("POST", "/versions", json=body).status_code == 422


def test_what_members_rest_on_cannot_change(club: Club) -> None:
    kinds = {"buyer": {"joins": "active"}}
    draft(club, zone="UTC", currency="EUR", kinds=kinds).raise_for_status()
    pointers = {one["pointer"] for one in publish(club).json()["errors"]}
    assert pointers == {"/zone", "/currency", "/kinds/seller"}


def test_a_club_with_closed_rules_shows_them_to_members_only(house: House) -> None:
    club = house.new_club(rules_public=False)
    assert "rules" not in house.http.get(f"/v1/programs/{club.id}").json()
    assert code(shown(club)) == code(shown(club, 1)) == "rules_for_members"
    stranger = house.new_club().join()
    member = club.join()
    url = f"/v1/programs/{club.id}/rules"
    assert code(house.http.get(url, headers=bearer(stranger.token))) == "rules_for_members"
    assert house.http.get(url, headers=bearer(member.token)).json()["version"] == 1


@pytest.mark.parametrize("language", ["en", "ru", "uk", "ar"])
def test_a_club_speaks_four_languages(house: House, club: Club, language: str) -> None:
    headers = {"Accept-Language": f"de, {language};q=0.8"}
    answer = house.http.get(f"/v1/programs/{club.id}", headers=headers)
    assert answer.json()["name"] == JEWELS["name"][language]
    assert answer.headers["content-language"] == language


def test_an_unknown_club_is_not_found(house: House) -> None:
    assert code(house.http.get("/v1/programs/nobody")) == "program_unknown"
    url = "/v1/programs/nobody/sign-in-codes"
    body = {"channel": "sms", "address": "+79161234567"}
    assert code(house.http.post(url, json=body, headers={"Idempotency-Key": "1"})) == (
        "program_unknown"
    )


def test_staff_without_the_right_cannot_publish(house: House, club: Club) -> None:
    token = house.staff((club.id,), ("programs.write",))
    url = f"/v1/staff/programs/{club.id}"
    headers = bearer(token, **{"Idempotency-Key": "1"})
    assert house.http.put(f"{url}/draft", json=club.document, headers=headers).status_code == 200
    body = {"effective_at": render(house.now)}
    assert house.http.post(f"{url}/versions", json=body, headers=headers).status_code == 403
    other = bearer(house.staff(("someone-else",)))
    assert house.http.get(f"{url}/draft", headers=other).status_code == 404


# -- four eyes -------------------------------------------------------------------


def above(limit: int | None) -> dict[str, int | None]:
    """What one person may do alone."""
    return {"adjustment_above": limit}


@pytest.mark.req("AL-11")
@pytest.mark.parametrize("limit", [501, None])
def test_nobody_alone_loosens_the_rule_of_four_eyes(house: House, limit: int | None) -> None:
    club = house.new_club(approvals=above(500))
    draft(club, approvals=above(limit)).raise_for_status()
    refused = publish(club)
    assert (refused.status_code, code(refused)) == (409, "own_draft")
    assert shown(club).json()["version"] == 1
    second = bearer(house.staff(name="second"))
    assert publish(club, headers=second).status_code == 201
    params = {"action": "program.published"}
    record, first = club.staff("GET", "/audit", params=params).json()["rows"]
    assert record["actor"].endswith(":second")
    assert record["before"]["approvals"] == above(500)
    assert record["after"]["approvals"] == first["after"]["approvals"] | above(limit)


@pytest.mark.req("AL-11")
def test_who_loosened_the_rule_stays_who_whatever_others_change_beside_it(house: House) -> None:
    club = house.new_club(approvals=above(500))
    second = bearer(house.staff(name="second"))
    draft(club, approvals=above(900)).raise_for_status()
    harmless = {**club.document, "rules": rules("Other terms.")}
    club.staff("PUT", "/draft", json=harmless, headers=second).raise_for_status()
    assert code(publish(club)) == "own_draft"
    assert publish(club, headers=second).status_code == 201


def test_who_loosens_it_further_is_who_did(house: House) -> None:
    club = house.new_club(approvals=above(500))
    second = bearer(house.staff(name="second"))
    draft(club, approvals=above(900)).raise_for_status()
    further = {**club.document, "approvals": above(None)}
    club.staff("PUT", "/draft", json=further, headers=second).raise_for_status()
    assert code(publish(club, headers=second)) == "own_draft"
    assert publish(club).status_code == 201


def test_a_loosening_taken_back_and_made_again_is_who_made_it_again(house: House) -> None:
    club = house.new_club(approvals=above(500))
    second = bearer(house.staff(name="second"))
    draft(club, approvals=above(900)).raise_for_status()
    loose, strict = club.document, {**club.document, "approvals": above(500)}
    for document in (strict, loose):
        club.staff("PUT", "/draft", json=document, headers=second).raise_for_status()
    assert code(publish(club, headers=second)) == "own_draft"
    assert publish(club).status_code == 201


def test_one_person_may_make_the_rule_stricter_or_leave_it(house: House) -> None:
    club = house.new_club(approvals=above(500))
    for changes in ({"approvals": above(499)}, {"rules": rules("Other terms.")}):
        draft(club, **changes).raise_for_status()
        assert publish(club).status_code == 201
    newest, *_ = club.staff("GET", "/audit", params={"action": "program.published"}).json()["rows"]
    assert "approvals" not in newest["after"]


def test_a_rule_that_is_announced_is_not_loosened_by_one_person(house: House) -> None:
    club = house.new_club(approvals=above(500))
    draft(club, approvals=above(100)).raise_for_status()
    publish(club, in_days=1).raise_for_status()
    draft(club, approvals=above(500)).raise_for_status()
    assert code(publish(club, in_days=2)) == "own_draft"
    draft(club, approvals=above(100), rules=rules("Other terms.")).raise_for_status()
    assert publish(club, in_days=2).status_code == 201
