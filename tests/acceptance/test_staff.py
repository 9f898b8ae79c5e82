"""Who works for a program and what they may do: roles as data, invitations, the last owner."""

import uuid
from typing import Any

import httpx
import pytest

from chalicelib.staff.rights import GIVEN
from tests.support import stored
from tests.support.club import Club, House, at_once, bearer
from tests.support.staff import invitation_of, invite

MAY = {
    "owner": "programs.read members.read members.block ledger.read ledger.adjust tags.read "
    "partners.read partners.write staff.read staff.write",
    "manager": "programs.read members.read members.block ledger.read ledger.adjust tags.read "
    "partners.read partners.write staff.read",
    "specialist": "programs.read members.read members.block ledger.read tags.read",
    "support": "programs.read members.read ledger.read ledger.adjust tags.read",
    "warehouse": "",
    "analyst": "programs.read ledger.read tags.read partners.read",
}
"""What each given role may do of the things below."""
ROLE = {"name": {"en": "Gift desk", "ru": "Стол подарков"}, "rights": ["partners.read"]}
WHY = {"reason": "By a test"}


def doings(club: Club) -> dict[str, tuple[str, str, Any]]:
    """Something to do for each of these rights."""
    member = f"/members/{club.join().id}"
    return {
        "programs.read": ("GET", "/draft", None),
        "members.read": ("GET", member, None),
        "members.block": ("POST", f"{member}/status", {"status": "suspended", **WHY}),
        "ledger.read": ("GET", f"{member}/account", None),
        "ledger.adjust": ("POST", f"{member}/adjustments", {"points": 1, **WHY}),
        "tags.read": ("GET", "/batches", None),
        "partners.read": ("GET", "/partners", None),
        "partners.write": ("PUT", "/partners/rubin", {"name": "Rubin"}),
        "staff.read": ("GET", "/staff", None),
        "staff.write": ("PUT", "/roles/gift-desk", ROLE),
    }


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def audited(club: Club) -> list[dict[str, str]]:
    """The records of the program."""
    return [
        {name: next(iter(value.values())) for name, value in item.items()}
        for key, item in stored.everything().items()
        if key[0].startswith(f"{club.id}#AUDIT#")
    ]


@pytest.mark.req("AL-11")
@pytest.mark.parametrize("role", GIVEN)
def test_a_given_role_may_what_it_is_for_and_nothing_else(club: Club, role: str) -> None:
    person = club.employ(role)
    told = person.own("GET", "/me").json()["programs"]
    assert [(one["program"], one["roles"]) for one in told] == [(club.id, [role])]
    tried = doings(club)
    done = {
        right: person.call(verb, path, json=body) for right, (verb, path, body) in tried.items()
    }
    assert {right for right, answer in done.items() if answer.is_success} == set(MAY[role].split())
    refused = {right for right, answer in done.items() if answer.status_code == 403}
    assert refused == tried.keys() - set(MAY[role].split())
    noted = {
        one["action"]
        for one in audited(club)
        if (one["actor"], one["outcome"]) == (f"staff:{person.staff}", "refused")
    }
    assert noted == refused


@pytest.mark.req("AL-11")
def test_the_client_sets_roles_and_they_hold_at_once(club: Club) -> None:
    owner = club.employ("owner")
    assert owner.call("PUT", "/roles/gift-desk", json=ROLE).status_code == 200
    person = club.employ("gift-desk")
    assert person.call("GET", "/partners").status_code == 200
    assert code(person.call("GET", "/batches")) == (403, "forbidden")
    wider = {**ROLE, "rights": ["tags.read", "partners.read"]}
    assert owner.call("PUT", "/roles/gift-desk", json=wider).status_code == 200
    assert person.call("GET", "/batches").status_code == 200
    path = f"/staff/{person.staff}/roles"
    assert owner.call("PUT", path, json={"roles": ["warehouse"]}).status_code == 200
    assert person.call("GET", "/batches").status_code == 403
    actions = [one["action"] for one in audited(club) if one["actor"] == f"staff:{owner.staff}"]
    assert sorted(actions) == [
        "role.added",
        "role.changed",
        "staff.enrolled",
        "staff.roles_changed",
        "staff.signed_in",
    ]


def test_the_record_of_a_role_tells_its_name(club: Club) -> None:
    owner = club.employ("owner")
    for name in ("Gift desk", "Parcel desk"):
        body = {**ROLE, "name": {"en": name}}
        assert owner.call("PUT", "/roles/gift-desk", json=body).status_code == 200
    assert owner.call("DELETE", "/roles/gift-desk").status_code == 204
    rows = owner.call("GET", "/audit", params={"action": "role."}).json()["rows"]
    gone, renamed, added = [(one["before"], one["after"]) for one in rows]
    named = {"name": {"en": "Gift desk"}, "rights": ["partners.read"]}
    assert added == (dict.fromkeys(named), named)
    assert renamed == ({"name": {"en": "Gift desk"}}, {"name": {"en": "Parcel desk"}})
    assert gone == ({**named, "name": {"en": "Parcel desk"}}, {})


def test_roles_tell_their_names_and_rights_in_the_language_asked_for(club: Club) -> None:
    owner = club.employ("owner")
    owner.call("PUT", "/roles/gift-desk", json=ROLE)
    told = owner.call("GET", "/roles", headers={"Accept-Language": "ru"}).json()
    names = {one["role"]: one["name"] for one in told["rows"]}
    assert list(names) == [*GIVEN, "gift-desk"]
    assert (names["owner"], names["gift-desk"]) == ("Владелец", "Стол подарков")
    assert told["rows"][0]["rights"] == told["rights"]
    assert {"right": "tags.read", "text": "Видеть метки и партии"} in told["rights"]
    assert owner.call("GET", "/roles/gift-desk").json()["names"] == ROLE["name"]


def test_a_role_of_ones_own_comes_and_goes(club: Club) -> None:
    owner = club.employ("owner")
    first = owner.call("PUT", "/roles/gift-desk", json=ROLE)
    assert owner.call("PUT", "/roles/gift-desk", json=ROLE).json() == first.json()
    person = invite(club, "gift-desk")
    assert code(owner.call("DELETE", "/roles/gift-desk")) == (409, "role_in_use")
    assert owner.call("DELETE", f"/staff/{person.staff}").status_code == 204
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(2):
        assert owner.call("DELETE", "/roles/gift-desk", headers=key).status_code == 204
    assert code(owner.call("DELETE", "/roles/gift-desk")) == (404, "staff_role_unknown")


def test_given_roles_and_made_up_rights_are_refused(club: Club) -> None:
    owner = club.employ("owner")
    for verb, body in (("PUT", ROLE), ("DELETE", None)):
        assert code(owner.call(verb, "/roles/support", json=body)) == (409, "role_given")
    for rights in (["*"], ["tags.read", "tags.eat"]):
        answer = owner.call("PUT", "/roles/x", json={**ROLE, "rights": rights})
        assert code(answer) == (422, "invalid_fields")
        assert answer.json()["errors"][0]["pointer"] == f"/rights/{len(rights) - 1}"
    assert owner.call("PUT", "/roles/x", json={**ROLE, "name": {}}).status_code == 422
    assert code(owner.call("PUT", "/roles/No", json=ROLE)) == (404, "staff_role_unknown")
    body = {"email": "a@example.org", "name": "A", "roles": ["support", "unheard-of"]}
    assert owner.call("POST", "/staff", json=body).json()["errors"][0]["pointer"] == "/roles/1"


def test_nobody_gives_or_takes_rights_that_they_lack(club: Club) -> None:
    owner, other = club.employ("owner"), invite(club, "analyst")
    mine = {"name": {"en": "HR"}, "rights": ["staff.read", "staff.write", "partners.read"]}
    assert owner.call("PUT", "/roles/hr", json=mine).status_code == 200
    assert owner.call("PUT", "/roles/all", json={**mine, "rights": ["tags.read"]}).is_success
    hr = club.employ("hr")
    beyond = (403, "rights_exceeded")
    wider = {**mine, "rights": [*mine["rights"], "tags.read"]}
    assert code(hr.call("PUT", "/roles/hr", json=wider)) == beyond
    assert code(hr.call("PUT", "/roles/all", json=mine)) == beyond
    assert code(hr.call("DELETE", "/roles/all")) == beyond
    for role in ("owner", "manager", "support"):
        body = {"email": f"{role}@example.org", "name": "X", "roles": [role]}
        assert code(hr.call("POST", "/staff", json=body)) == beyond
        assert code(hr.call("PUT", f"/staff/{hr.staff}/roles", json={"roles": [role]})) == beyond
    for verb, path, body in (
        ("POST", "/status", {"status": "blocked", **WHY}),
        ("POST", "/reset", WHY),
        ("PUT", "/roles", {"roles": ["hr"]}),
        ("DELETE", "", None),
    ):
        for person in (owner, other):
            assert code(hr.call(verb, f"/staff/{person.staff}{path}", json=body)) == beyond
    refused = {
        (one["action"], one["subject"]) for one in audited(club) if one["outcome"] == "refused"
    }
    assert ("tags.read", "role:hr") in refused
    assert ("*", "role:owner") in refused
    assert hr.call("PUT", "/roles/narrow", json={**mine, "rights": ["partners.read"]}).is_success
    body = {"email": "narrow@example.org", "name": "X", "roles": ["narrow"]}
    assert hr.call("POST", "/staff", json=body).status_code == 201


def test_everybody_of_the_program_is_listed_in_pages(club: Club) -> None:
    people = {invite(club, "support").staff for _ in range(3)}
    first = club.staff("GET", "/staff", params={"limit": 2}).json()
    rest = club.staff("GET", "/staff", params={"limit": 2, "cursor": first["next"]}).json()
    rows = [*first["rows"], *rest["rows"]]
    assert {one["staff"] for one in rows} == people
    assert {one["status"] for one in rows} == {"invited"}
    assert all(one["invited_until"] for one in rows)
    assert rest["next"] == ""


def test_the_same_person_is_not_invited_twice(club: Club, house: House) -> None:
    person = invite(club, "support")
    body = {"email": person.email.upper(), "name": "Again", "roles": ["support"]}
    assert code(club.staff("POST", "/staff", json=body)) == (409, "staff_exists")
    key = uuid.uuid4().hex
    body = {"email": f"{key}@example.org", "name": "Once", "roles": ["support"]}
    answers = [club.staff("POST", "/staff", json=body, key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(house.outbox(body["email"])) == 1
    assert len(club.staff("GET", "/staff").json()["rows"]) == 2


def test_one_address_invited_by_many_at_once_is_one_person(house: House) -> None:
    clubs = [house.new_club() for _ in range(4)]
    email = f"{uuid.uuid4().hex}@example.org"
    people = at_once(lambda one: invite(one, "support", email=email).staff, clubs)
    assert len(set(people)) == 1


def test_a_person_of_two_clubs_is_nobodys_alone(club: Club, house: House) -> None:
    person, other = club.employ("support"), house.new_club()
    theirs = other.employ("owner")
    body = {"email": person.email, "name": "Somebody else", "roles": ["analyst"]}
    theirs.call("POST", "/staff", json=body).raise_for_status()
    (asked,) = person.own("GET", "/me").json()["invitations"]
    person.own("POST", f"/me/invitations/{asked['pending']}/acceptance").raise_for_status()
    joined = theirs.call("GET", f"/staff/{person.staff}").json()
    assert (joined["status"], joined["name"]) == ("active", "Test")
    programs = {one["program"] for one in person.own("GET", "/me").json()["programs"]}
    assert programs == {club.id, other.id}
    path = f"/staff/{person.staff}"
    for verb, body in (("status", {"status": "blocked", **WHY}), ("reset", WHY)):
        refused = theirs.call("POST", f"{path}/{verb}", json=body)
        assert code(refused) == (403, "staff_of_others")
    (noted,) = [one for one in audited(other) if one["outcome"] == "refused"]
    assert noted["subject"] == f"staff:{person.staff}"
    assert theirs.call("DELETE", path).status_code == 204
    assert person.call("GET", "/batches").status_code == 200
    assert person.own("GET", f"/programs/{other.id}/batches").status_code == 404


def test_a_blocked_person_is_out_at_once_and_comes_back_when_unblocked(club: Club) -> None:
    person = club.employ("support")
    path = f"/staff/{person.staff}/status"
    assert club.staff("POST", path, json={"status": "blocked", **WHY}).json()["status"] == "blocked"
    assert code(person.call("GET", "/batches")) == (401, "session_ended")
    assert person.refresh().status_code == 401
    assert code(person.begin()) == (422, "wrong_sign_in")
    again = club.staff("POST", path, json={"status": "blocked", **WHY})
    assert code(again) == (409, "staff_not_possible")
    assert club.staff("POST", path, json={"status": "active", **WHY}).json()["status"] == "active"
    assert person.sign_in().call("GET", "/batches").status_code == 200


def test_who_starts_over_needs_the_new_invitation(club: Club) -> None:
    person = club.employ("support")
    answer = club.staff("POST", f"/staff/{person.staff}/reset", json=WHY)
    assert (answer.json()["status"], answer.json()["factors"]) == ("invited", [])
    assert person.call("GET", "/batches").status_code == 401
    assert code(person.begin()) == (422, "wrong_sign_in")
    assert code(person.offer()) == (410, "invitation_expired")
    person.invitation = invitation_of(club.house, person.email)
    assert person.enrol().status_code == 204
    assert person.sign_in().call("GET", "/batches").status_code == 200


def test_nobody_starts_over_by_themselves(club: Club) -> None:
    owner, other = club.employ("owner"), club.employ("owner")
    path = f"/staff/{owner.staff}/reset"
    assert code(owner.call("POST", path, json=WHY)) == (409, "reset_of_oneself")
    assert other.call("POST", path, json=WHY).status_code == 200


def test_who_is_removed_is_out_at_once_and_forgotten(club: Club) -> None:
    person = club.employ("support")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(2):
        path = f"/staff/{person.staff}"
        assert club.staff("DELETE", path, headers=key).status_code == 204
    assert code(person.call("GET", "/batches")) == (401, "session_ended")
    assert code(club.staff("GET", path)) == (404, "staff_unknown")
    assert not [one for one in stored.everything().values() if person.email in stored.texts(one)]
    assert invite(club, "support", email=person.email).staff != person.staff


def test_an_operator_is_never_taken_for_a_person(club: Club) -> None:
    person, member = club.employ("manager"), club.join()
    body = {"points": 7, **WHY}
    path = f"/members/{member.id}/adjustments"
    alike = bearer(club.house.staff((club.id,), ("ledger.adjust",), name=person.staff))
    assert club.staff("POST", path, json=body, headers=alike).status_code == 201
    assert person.call("POST", path, json=body).status_code == 201
    acted = [f"operator:{person.staff}", f"staff:{person.staff}"]
    rows = [one for one in audited(club) if one["action"] == "points.adjusted"]
    assert sorted(one["actor"] for one in rows) == acted
    entries = club.staff("GET", f"/members/{member.id}/entries").json()["rows"]
    assert sorted(one["actor"] for one in entries) == acted
    assert club.staff("PUT", "/partners/rubin", json={"name": "R."}, headers=alike).json()["code"]
    assert club.staff("GET", "/draft").json()["changed_by"] == "operator:tester"
    assert f"operator:{person.staff}" in {
        one["actor"] for one in audited(club) if one["outcome"] == "refused"
    }


def test_an_operator_is_no_person(club: Club) -> None:
    headers = {"Authorization": f"Bearer {club.token}"}
    answer = club.house.http.get("/v1/staff/me", headers=headers)
    assert code(answer) == (403, "forbidden")
    answer = club.house.http.get(
        "/v1/staff/me", headers={"Authorization": f"Bearer {club.join().token}"}
    )
    assert code(answer) == (403, "forbidden")
