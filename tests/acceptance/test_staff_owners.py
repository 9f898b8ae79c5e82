"""A program keeps an owner who can sign in."""

from tests.acceptance.test_staff import WHY, code
from tests.support.club import Club, at_once
from tests.support.staff import Employee, invite


def test_a_program_keeps_an_owner(club: Club) -> None:
    owner = club.employ("owner")
    invite(club, "owner")  # who cannot sign in yet is no help
    last, path = (409, "last_owner"), f"/staff/{owner.staff}"
    assert code(owner.call("DELETE", path)) == last
    assert code(owner.call("PUT", f"{path}/roles", json={"roles": ["manager"]})) == last
    assert code(owner.call("POST", f"{path}/status", json={"status": "blocked", **WHY})) == last
    assert code(club.staff("DELETE", path)) == last
    club.employ("owner")
    assert club.staff("DELETE", path).status_code == 204


def test_an_owner_invited_by_mistake_can_go_before_they_enrol(club: Club) -> None:
    wrong, again = invite(club, "owner"), invite(club, "owner")
    roles = {"roles": ["support"]}
    assert club.staff("PUT", f"/staff/{again.staff}/roles", json=roles).status_code == 200
    assert club.staff("DELETE", f"/staff/{wrong.staff}").status_code == 204
    owner = club.employ("owner")
    assert club.staff("POST", f"/staff/{owner.staff}/reset", json=WHY).status_code == 200
    assert club.staff("DELETE", f"/staff/{owner.staff}").status_code == 204


def test_of_two_owners_who_remove_each_other_one_remains(club: Club) -> None:
    owners = [club.employ("owner") for _ in range(2)]

    def remove(one: Employee) -> int:
        other = owners[1 - owners.index(one)]
        return one.call("DELETE", f"/staff/{other.staff}").status_code

    assert 204 in at_once(remove, owners)
    left = [one for one in owners if one.own("GET", "/me").status_code == 200]
    assert len(left) == 1
    assert [one["staff"] for one in left[0].call("GET", "/staff").json()["rows"]] == [left[0].staff]
