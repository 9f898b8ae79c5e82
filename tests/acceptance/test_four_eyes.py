"""Large corrections of points need a second person: one asks, another decides, once."""

import uuid
from collections.abc import Callable

import httpx
import pytest

from tests.support.club import Club, House, Member, at_once
from tests.support.four_eyes import (
    ANN,
    BEN,
    CLEO,
    WHY,
    as_,
    ask,
    asked,
    code,
    decide,
    listed,
    seen,
    withdraw,
)

LIMIT = 500


@pytest.fixture
def strict(house: House) -> Club:
    """A club in which more than 500 points need two people."""
    return house.new_club(approvals={"adjustment_above": LIMIT})


# -- the limit -------------------------------------------------------------------


def holds(member: Member, points: int) -> httpx.Response:
    return member.staff("POST", "/holds", json={"points": points, "reason": WHY})


def awards(member: Member, points: int) -> httpx.Response:
    return member.staff("POST", "/pending-awards", json={"points": points, "reason": WHY})


@pytest.mark.parametrize("change", [Member.adjust, holds, awards])
def test_one_person_can_do_what_the_limit_allows_and_no_more(
    strict: Club, change: Callable[[Member, int], httpx.Response]
) -> None:
    member = strict.join()
    for _ in range(3):
        member.adjust(LIMIT).raise_for_status()
    refused = change(member, LIMIT + 1)
    assert (refused.status_code, code(refused)) == (409, "approval_needed")
    assert str(LIMIT) in refused.json()["detail"]
    assert change(member, LIMIT).status_code == 201


def test_points_taken_count_like_points_given(strict: Club) -> None:
    member = strict.join()
    for _ in range(3):
        member.adjust(LIMIT).raise_for_status()
    assert code(member.adjust(-LIMIT - 1)) == "approval_needed"
    assert member.adjust(-LIMIT).status_code == 201


@pytest.mark.parametrize(("limit", "alone"), [(None, 1_000_000_000), (0, 0), (10_000, 10_000)])
def test_the_club_sets_the_limit(house: House, limit: int | None, alone: int) -> None:
    changes = {} if limit == 10_000 else {"approvals": {"adjustment_above": limit}}
    member = house.new_club(**changes).join()
    if alone:
        assert member.adjust(alone).status_code == 201
    if limit is not None:
        assert code(member.adjust(alone + 1)) == "approval_needed"


def test_what_was_done_before_the_limit_came_is_answered_as_then(house: House) -> None:
    club = house.new_club(approvals={"adjustment_above": None})
    member, key = club.join(), uuid.uuid4().hex
    first = member.adjust(LIMIT + 1, key=key)
    club.document["approvals"] = {"adjustment_above": LIMIT}
    club.publish()
    assert member.adjust(LIMIT + 1, key=key).json() == first.json()
    assert code(member.adjust(LIMIT + 1)) == "approval_needed"


# -- asking and deciding ---------------------------------------------------------


@pytest.mark.req("AL-11")
def test_a_correction_is_posted_when_a_second_person_approves_it(strict: Club) -> None:
    member = strict.join()
    approval = asked(member, 2000)
    waiting = seen(strict, approval)
    assert (waiting["state"], waiting["asked_by"]) == ("waiting", "operator:ann")
    assert (waiting["points"], waiting["member"], waiting["entry"]) == (2000, member.id, None)
    assert member.account()["balance"] == 0
    first = decide(strict, approval, "approve")
    assert first.status_code == 200, first.text
    assert (first.json()["state"], first.json()["ended_by"]) == ("approved", "operator:ben")
    assert first.json()["ended_why"] == WHY
    (entry,) = member.staff("GET", "/entries").json()["rows"]
    assert (entry["points"], entry["seq"], entry["ref"]) == (2000, first.json()["entry"], approval)
    assert (entry["actor"], entry["asked_by"]) == ("operator:ben", "operator:ann")
    assert entry["note"] == "Prize of the contest"
    assert "asked_by" not in member.entries()[0]
    assert decide(strict, approval, "approve").json() == first.json()
    assert decide(strict, approval, "approve", CLEO).json() == first.json()
    assert member.account()["balance"] == 2000
    assert member.proof()["agrees"]


@pytest.mark.req("AL-11")
def test_nobody_decides_their_own_request(strict: Club) -> None:
    member = strict.join()
    approval = asked(member, 2000)
    for decision in ("approve", "reject"):
        answer = decide(strict, approval, decision, ANN)
        assert (answer.status_code, code(answer)) == (403, "own_request")
    (tried,) = strict.staff("GET", "/audit", params={"outcome": "refused"}).json()["rows"]
    assert (tried["actor"], tried["action"]) == ("operator:ann", "ledger.approve")
    assert tried["subject"] == f"approval:{approval} member:{member.id}"
    assert seen(strict, approval)["state"] == "waiting"
    assert member.account()["balance"] == 0


def test_operators_and_people_are_second_persons_to_each_other_alone(strict: Club) -> None:
    person, member = strict.employ("manager"), strict.join()
    verdict = {"decision": "approve", "reason": WHY}

    def approve(approval: str) -> httpx.Response:
        return person.call("POST", f"/adjustment-requests/{approval}/decision", json=verdict)

    theirs = asked(member, 2000)
    assert code(decide(strict, theirs, "approve", ANN)) == "own_request"
    assert approve(theirs).json()["ended_by"] == f"staff:{person.staff}"
    body = {"points": 2000, "reason": "Prize of the contest"}
    own = person.call("POST", f"/members/{member.id}/adjustment-requests", json=body).json()
    assert own["asked_by"] == f"staff:{person.staff}"
    assert code(approve(own["approval"])) == "own_request"
    assert decide(strict, own["approval"], "approve").json()["ended_by"] == "operator:ben"


def test_asking_and_approving_are_rights_of_their_own(strict: Club) -> None:
    member = strict.join()
    approval = asked(member, 2000)
    path, body = f"/adjustment-requests/{approval}/decision", {"decision": "approve", "reason": WHY}
    fields = as_(strict, BEN, "ledger.adjust", "ledger.read")
    assert code(strict.staff("POST", path, json=body, headers=fields)) == "forbidden"
    wish = {"points": 1, "reason": WHY}
    fields = as_(strict, BEN, "ledger.approve", "ledger.read")
    answer = member.staff("POST", "/adjustment-requests", json=wish, headers=fields)
    assert code(answer) == "forbidden"


def test_a_rejected_request_changes_no_points(strict: Club) -> None:
    member = strict.join()
    approval = asked(member, 2000)
    first = decide(strict, approval, "reject")
    assert (first.json()["state"], first.json()["entry"]) == ("rejected", None)
    assert decide(strict, approval, "reject").json() == first.json()
    assert code(decide(strict, approval, "approve", CLEO)) == "approval_ended"
    assert code(withdraw(strict, approval)) == "approval_ended"
    assert member.account()["balance"] == 0


def test_only_who_asked_withdraws(strict: Club) -> None:
    approval = asked(strict.join(), 2000)
    refused = withdraw(strict, approval, BEN)
    assert (refused.status_code, code(refused)) == (403, "not_own_request")
    first = withdraw(strict, approval)
    assert (first.json()["state"], first.json()["ended_by"]) == ("withdrawn", "operator:ann")
    assert withdraw(strict, approval).json() == first.json()
    assert code(decide(strict, approval, "approve")) == "approval_ended"


def test_small_corrections_may_be_asked_for_too(strict: Club) -> None:
    member = strict.join()
    approval = asked(member, 5)
    assert decide(strict, approval, "approve").json()["entry"] == 1
    assert member.account()["balance"] == 5


def test_asking_twice_with_one_key_is_one_request(strict: Club) -> None:
    member, key = strict.join(), uuid.uuid4().hex
    first = ask(member, 2000, key=key)
    assert ask(member, 2000, key=key).json() == first.json()
    assert code(ask(member, 2001, key=key)) == "idempotency_key_reused"
    assert listed(strict) == [first.json()["approval"]]


def test_points_that_are_gone_meanwhile_leave_the_request_waiting(strict: Club) -> None:
    member = strict.join()
    for _ in range(2):
        member.adjust(LIMIT).raise_for_status()
    approval = asked(member, -800)
    member.adjust(-300).raise_for_status()
    for _ in range(2):
        refused = decide(strict, approval, "approve")
        assert (refused.status_code, code(refused)) == (409, "not_enough_points")
    assert seen(strict, approval)["state"] == "waiting"
    member.adjust(100).raise_for_status()
    assert decide(strict, approval, "approve").status_code == 200
    assert member.account()["balance"] == 0
    assert member.proof()["agrees"]


def test_nothing_is_asked_for_whom_there_is_not(strict: Club) -> None:
    member = strict.join()
    path = f"/members/{'0' * 20}/adjustment-requests"
    unknown = strict.staff("POST", path, json={"points": 1, "reason": WHY})
    assert (unknown.status_code, code(unknown)) == (404, "account_unknown")
    approval = asked(member, 2000)
    card = member.session["member"]["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    assert code(ask(member, 2000)) == "account_closed"
    assert code(decide(strict, approval, "approve")) == "account_closed"
    assert decide(strict, approval, "reject").status_code == 200
    assert code(decide(strict, "nothing", "approve")) == "approval_unknown"


def reverse(member: Member, entry: int) -> httpx.Response:
    return member.staff("POST", f"/entries/{entry}/reversal", json={"reason": WHY})


@pytest.mark.req("AL-11")
def test_what_two_people_decided_is_not_reversed_by_one(strict: Club) -> None:
    member = strict.join()
    given = decide(strict, asked(member, LIMIT + 1), "approve").json()["entry"]
    taken = decide(strict, asked(member, -LIMIT - 1), "approve").json()["entry"]
    for entry in (given, taken):
        refused = reverse(member, entry)
        assert (refused.status_code, code(refused)) == (409, "approval_needed")
    assert member.account()["balance"] == 0


def test_a_small_entry_is_reversed_by_one_person(strict: Club) -> None:
    member = strict.join()
    entry = decide(strict, asked(member, LIMIT), "approve").json()["entry"]
    assert reverse(member, entry).status_code == 201
    assert code(reverse(member, entry)) == "entry_reversed"
    assert member.account()["balance"] == 0


# -- the list, and the audit -----------------------------------------------------


def test_requests_are_listed_newest_first_by_state_and_member(strict: Club) -> None:
    assert listed(strict) == []
    member, other = strict.join(), strict.join()
    made = [asked(who, 2000 + at) for at, who in enumerate((member, other, member, member))]
    assert decide(strict, made[0], "approve").is_success
    assert decide(strict, made[1], "reject").is_success
    assert withdraw(strict, made[2]).is_success
    assert listed(strict) == sorted(made, reverse=True) == made[::-1]
    states = ("approved", "rejected", "withdrawn", "waiting")
    assert [listed(strict, state=state) for state in states] == [[one] for one in made]
    assert listed(strict, member=other.id) == [made[1]]
    assert listed(strict, member=member.id) == [made[3], made[2], made[0]]
    assert listed(strict, member=other.id, state="waiting") == []
    wrong = strict.staff("GET", "/adjustment-requests", params={"state": "lost"})
    assert wrong.status_code == 400


@pytest.mark.req("AL-11")
def test_the_audit_tells_who_asked_and_who_decided(strict: Club) -> None:
    member = strict.join()
    approval = asked(member, 2000)
    decide(strict, approval, "approve").raise_for_status()
    params = {"subject": f"approval:{approval}"}
    approved, wanted = strict.staff("GET", "/audit", params=params).json()["rows"]
    assert (wanted["action"], wanted["actor"]) == ("adjustment.asked", "operator:ann")
    assert wanted["after"] == {"state": "waiting", "points": 2000}
    assert (approved["action"], approved["actor"]) == ("adjustment.approved", "operator:ben")
    assert approved["before"] == {"state": "waiting", "balance": 0}
    assert approved["after"] == {
        "state": "approved",
        "asked_by": "operator:ann",
        "balance": 2000,
        "entry": 1,
    }
    assert wanted["subject"] == approved["subject"] == f"approval:{approval} member:{member.id}"


# -- at once -----------------------------------------------------------------------


@pytest.mark.parametrize("points", [2000, -900])
def test_many_approvers_at_once_post_one_entry(strict: Club, points: int) -> None:
    member = strict.join()
    for _ in range(2):
        member.adjust(LIMIT).raise_for_status()
    approval = asked(member, points)
    names = [f"approver{at}" for at in range(6)]
    answers = at_once(lambda name: decide(strict, approval, "approve", name), names)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert member.account()["balance"] == 2 * LIMIT + points
    assert member.proof()["entries"] == 3


def test_approving_rejecting_and_withdrawing_at_once_come_to_one_end(strict: Club) -> None:
    for _ in range(5):
        member = strict.join()
        approval = asked(member, 2000)
        acts: list[Callable[[], httpx.Response]] = [
            lambda approval=approval: decide(strict, approval, "approve", BEN),
            lambda approval=approval: decide(strict, approval, "reject", CLEO),
            lambda approval=approval: withdraw(strict, approval),
        ]
        answers = at_once(lambda act: act(), acts)
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        (done,) = [answer for answer in answers if answer.is_success]
        assert seen(strict, approval) == done.json()
        wanted = 2000 if done.json()["state"] == "approved" else 0
        assert member.account()["balance"] == wanted
        assert member.proof()["agrees"]
