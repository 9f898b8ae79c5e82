"""Who is known on the platform works for a further program once they have accepted."""

import uuid
from typing import Any

import httpx
import pytest

from tests.acceptance.test_staff import WHY, audited, code
from tests.support import stored
from tests.support.club import Club, House, at_once
from tests.support.staff import Employee, invitation_of, invite

EXPIRED = (410, "invitation_expired")


@pytest.fixture
def other(house: House) -> Club:
    """Another club."""
    return house.new_club()


@pytest.fixture
def person(club: Club) -> Employee:
    """Somebody who works for the first club."""
    return club.employ("support")


def ask(other: Club, person: Employee, *roles: str, **more: Any) -> dict[str, Any]:
    """The other club invites them."""
    body = {"email": person.email, "name": "As we know them", "roles": roles or ["analyst"]}
    answer = other.staff("POST", "/staff", json=body, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def waiting(person: Employee) -> list[dict[str, Any]]:
    """What waits for the person."""
    found: list[dict[str, Any]] = person.own("GET", "/me").json()["invitations"]
    return found


def accept(person: Employee, pending: str, key: str = "") -> httpx.Response:
    """Say yes."""
    path = f"/me/invitations/{pending}/acceptance"
    return person.own("POST", path, headers={"Idempotency-Key": key or uuid.uuid4().hex})


def decline(person: Employee, pending: str, key: str = "") -> httpx.Response:
    """Say no."""
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return person.own("DELETE", f"/me/invitations/{pending}", headers=headers)


def looks(person: Employee, club: Club) -> int:
    """How a call below a club that needs a right there ends."""
    return person.own("GET", f"/programs/{club.id}/batches").status_code


def test_who_is_known_works_for_a_further_club_once_they_accept(
    club: Club, other: Club, person: Employee
) -> None:
    asked = ask(other, person)
    assert (asked["staff"], asked["status"]) == (person.staff, "invited")
    assert looks(person, other) == 404
    (found,) = waiting(person)
    assert (found["program"], found["roles"]) == (other.id, ["analyst"])
    assert found["name"]
    key = uuid.uuid4().hex
    assert [accept(person, found["pending"], key).status_code for _ in range(2)] == [204, 204]
    assert looks(person, other) == looks(person, club) == 200
    me = person.own("GET", "/me").json()
    assert {one["program"] for one in me["programs"]} == {club.id, other.id}
    assert me["invitations"] == []
    assert code(accept(person, found["pending"])) == EXPIRED
    (row,) = [one for one in audited(other) if one["action"] == "staff.joined"]
    assert row["actor"] == row["subject"] == f"staff:{person.staff}"


def test_a_club_learns_nothing_of_who_has_not_accepted(other: Club, person: Employee) -> None:
    ask(other, person)
    shown = other.staff("GET", f"/staff/{person.staff}").json()
    assert (shown["name"], shown["factors"]) == ("As we know them", [])
    assert [one["name"] for one in other.staff("GET", "/staff").json()["rows"]] == [shown["name"]]
    for verb, body in (("status", {"status": "blocked", **WHY}), ("reset", WHY)):
        refused = other.staff("POST", f"/staff/{person.staff}/{verb}", json=body)
        assert code(refused) == (409, "staff_not_possible")


def test_the_person_is_told_once(other: Club, house: House, person: Employee) -> None:
    key, before = uuid.uuid4().hex, len(house.outbox(person.email))
    assert ask(other, person, key=key) == ask(other, person, key=key)
    (message,) = house.outbox(person.email)[before:]
    assert "Sign in" in message
    again = {"email": person.email, "name": "Again", "roles": ["support"]}
    assert code(other.staff("POST", "/staff", json=again)) == (409, "staff_exists")


def test_an_invitation_declined_is_gone(other: Club, person: Employee) -> None:
    ask(other, person)
    (found,) = waiting(person)
    key = uuid.uuid4().hex
    assert [decline(person, found["pending"], key).status_code for _ in range(2)] == [204, 204]
    assert waiting(person) == other.staff("GET", "/staff").json()["rows"] == []
    assert code(accept(person, found["pending"])) == EXPIRED
    assert "staff.declined" in {one["action"] for one in audited(other)}
    ask(other, person)
    assert code(decline(person, found["pending"])) == EXPIRED  # the next one is another one
    assert len(waiting(person)) == 1


def test_a_club_withdraws_its_invitation(other: Club, person: Employee) -> None:
    ask(other, person)
    (found,) = waiting(person)
    assert other.staff("DELETE", f"/staff/{person.staff}").status_code == 204
    assert code(accept(person, found["pending"])) == EXPIRED
    assert waiting(person) == []
    assert "staff.invitation_withdrawn" in {one["action"] for one in audited(other)}


def test_nobody_answers_the_invitation_of_somebody_else(
    club: Club, other: Club, person: Employee
) -> None:
    ask(other, person)
    (found,) = waiting(person)
    assert code(accept(club.employ("owner"), found["pending"])) == EXPIRED
    assert code(decline(club.employ("owner"), found["pending"])) == EXPIRED
    assert len(waiting(person)) == 1


def test_an_invitation_is_accepted_or_withdrawn(other: Club, person: Employee) -> None:
    ask(other, person)
    (found,) = waiting(person)

    def act(accepts: bool) -> int:
        if accepts:
            return accept(person, found["pending"]).status_code
        return other.staff("DELETE", f"/staff/{person.staff}").status_code

    assert 204 in at_once(act, [True, False])
    there = other.staff("GET", f"/staff/{person.staff}").status_code == 200
    assert (looks(person, other) == 200) == there
    assert waiting(person) == []


def test_roles_change_while_the_invitation_waits(other: Club, person: Employee) -> None:
    body = {"name": {"en": "Reader"}, "rights": ["tags.read"]}
    assert other.staff("PUT", "/roles/reader", json=body).is_success
    ask(other, person, "reader")
    assert code(other.staff("DELETE", "/roles/reader")) == (409, "role_in_use")
    roles = {"roles": ["support"]}
    changed = other.staff("PUT", f"/staff/{person.staff}/roles", json=roles)
    assert (changed.json()["status"], changed.json()["roles"]) == ("invited", ["support"])
    assert other.staff("DELETE", "/roles/reader").status_code == 204
    (found,) = waiting(person)
    assert found["roles"] == ["support"]
    assert accept(person, found["pending"]).status_code == 204
    shown = other.staff("GET", f"/staff/{person.staff}").json()
    assert (shown["status"], shown["roles"], shown["name"]) == ("active", ["support"], "Test")


def test_an_owner_counts_once_they_accept(other: Club, person: Employee) -> None:
    ask(other, person, "owner")
    (found,) = waiting(person)
    assert accept(person, found["pending"]).status_code == 204
    assert code(other.staff("DELETE", f"/staff/{person.staff}")) == (409, "last_owner")


def test_who_never_enrolled_does_so_first_and_accepts_then(
    club: Club, other: Club, house: House
) -> None:
    person = invite(club, "support")
    ask(other, person)
    person.invitation = invitation_of(house, person.email)
    assert person.enrol().status_code == 204
    assert looks(person.sign_in(), other) == 404
    (found,) = waiting(person)
    assert accept(person, found["pending"]).status_code == 204
    assert looks(person, other) == 200


def test_who_is_removed_meanwhile_can_still_accept_or_is_forgotten(
    club: Club, other: Club, house: House
) -> None:
    stays, goes = club.employ("support"), club.employ("support")
    for person in (stays, goes):
        ask(other, person)
        assert club.staff("DELETE", f"/staff/{person.staff}").status_code == 204
        assert person.own("GET", "/me").json()["programs"] == []
    assert accept(stays, waiting(stays)[0]["pending"]).status_code == 204
    assert looks(stays, other) == 200
    assert decline(goes, waiting(goes)[0]["pending"]).status_code == 204
    assert code(goes.own("GET", "/me")) == (401, "session_ended")
    assert not [one for one in stored.everything().values() if goes.email in stored.texts(one)]
