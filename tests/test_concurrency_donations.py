"""Many donations at once: no point is given twice, and the totals are exact."""

from tests.support.club import Club, at_once
from tests.support.donations import HOSPICE, give, report, take_back
from tests.test_concurrency import codes, insist


def test_twenty_donations_with_points_for_five_are_five(club: Club) -> None:
    member = club.join()
    member.adjust(50).raise_for_status()
    answers = at_once(
        lambda number: insist(lambda: give(member, 10, key=f"intention {number}")), range(20)
    )
    assert codes(answers) == {"201": 5, "not_enough_points": 15}
    assert member.account()["balance"] == 0
    assert report(club) == {HOSPICE: (50, 5)}
    assert member.proof()["agrees"]


def test_many_members_give_at_once_and_every_point_is_counted(club: Club) -> None:
    members = [club.join() for _ in range(12)]
    for member in members:
        member.adjust(100).raise_for_status()
    answers = at_once(
        lambda member: insist(lambda: give(member, 7, key="mine")), [*members, *members]
    )
    assert codes(answers) == {"201": 24}  # each intention came twice
    assert report(club) == {HOSPICE: (84, 12)}
    assert [len(member.rows("/donations")) for member in members] == [1] * 12


def test_a_donation_taken_back_by_many_comes_back_once(club: Club) -> None:
    member = club.join()
    member.adjust(50).raise_for_status()
    number = give(member, 40).json()["donation"]
    answers = at_once(
        lambda one: insist(lambda: take_back(member, number, key=f"by {one}")), range(10)
    )
    assert codes(answers) == {"200": 1, "donation_taken_back": 9}
    assert member.account()["balance"] == 50
    assert report(club) == {}
    assert member.proof()["agrees"]
