"""A passkey is one person's of the staff."""

from tests.acceptance.test_staff import WHY, code
from tests.support import stored
from tests.support.club import Club, House, at_once
from tests.support.staff import Employee, Passkey, invitation_of, invite

TAKEN = (409, "passkey_taken")


def add(person: Employee, passkey: Passkey) -> tuple[int, str]:
    """Add a passkey: the status, and the code of a refusal or the id of the factor."""
    offer = person.own("GET", "/me/factor-offer").json()
    body = {"passkey": passkey.create(offer["passkey"])}
    answer = person.own("PUT", f"/me/factors/{offer['factor']}", json=body)
    return answer.status_code, answer.json().get("factor") or answer.json()["code"]


def claims() -> int:
    """How many passkeys are somebody's."""
    return len([pk for pk, _ in stored.everything() if pk.startswith("_#PASSKEY#")])


def test_no_passkey_enrols_two_people_whatever_their_club(club: Club, house: House) -> None:
    first = club.employ("support")
    second = invite(house.new_club(), "owner")
    own, second.passkey = second.passkey, first.passkey
    assert code(second.enrol()) == TAKEN
    second.passkey = own
    assert second.enrol().status_code == 204
    assert second.sign_in().own("GET", "/me").status_code == 200


def test_of_two_people_who_enrol_one_passkey_at_once_one_does(club: Club) -> None:
    people = [invite(club, "support") for _ in range(2)]
    people[1].passkey = people[0].passkey
    assert sorted(at_once(lambda one: one.enrol().status_code, people)) == [204, 409]


def test_no_passkey_is_added_twice(club: Club) -> None:
    first, second = club.employ("support"), club.employ("support")
    assert add(second, first.passkey) == TAKEN
    assert add(first, first.passkey) == TAKEN


def test_a_passkey_that_was_removed_is_free_again(club: Club) -> None:
    first, second = club.employ("support"), club.employ("support")
    spare = Passkey(first.passkey.origin)
    status, factor = add(first, spare)
    assert status == 200
    assert add(second, spare) == TAKEN
    assert first.own("DELETE", f"/me/factors/{factor}").status_code == 204
    assert add(second, spare)[0] == 200


def test_who_starts_over_may_take_the_same_passkey(club: Club, house: House) -> None:
    person, other = club.employ("support"), club.employ("support")
    assert club.staff("POST", f"/staff/{person.staff}/reset", json=WHY).status_code == 200
    person.invitation = invitation_of(house, person.email)
    assert person.enrol().status_code == 204
    assert add(other, person.passkey) == TAKEN
    assert person.sign_in().own("GET", "/me").status_code == 200


def test_who_is_forgotten_leaves_no_claim(club: Club) -> None:
    before = claims()
    person = club.employ("support")
    assert add(person, Passkey(person.passkey.origin))[0] == 200
    assert claims() == before + 2
    assert club.staff("DELETE", f"/staff/{person.staff}").status_code == 204
    assert claims() == before
