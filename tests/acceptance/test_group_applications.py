"""Verified groups over HTTP: members apply, staff check, and prices hold while the proof does."""

from datetime import date, timedelta

import pytest

from tests.support.checkout import checkout, club_of, line, local
from tests.support.club import Club, House
from tests.support.groups import EVIDENCE, apply, ask, decide, mine, waiting

DAY = 24 * 3600


@pytest.mark.req("EK-8")
def test_a_student_has_their_price_from_the_approval_through_the_last_day(house: House) -> None:
    """Of 1 000 a student pays 900 while the proof holds, and again after proving it anew."""
    club = club_of(house, "verified-prices")
    shop, member = checkout(club), club.join()
    with house.later() as go:
        assert apply(member, "student")["application"] == "waiting"
        assert shop.off(member, line(100_000)) == [0]
        (row,) = waiting(club)
        assert (row["member"], row["group"], row["evidence"]) == (member.id, "student", EVIDENCE)
        until = local(club).date() + timedelta(days=2)
        answer = decide(member, "student", until=until.isoformat())
        assert answer.status_code == 200, answer.text
        assert (answer.json()["state"], answer.json()["evidence"]) == ("approved", None)
        assert waiting(club) == []
        assert shop.off(member, line(100_000)) == [10_000]
        go(2 * DAY)
        member = club.sign_in(member.phone)
        assert mine(member, "student")["member"]
        assert shop.off(member, line(100_000)) == [10_000]
        go(DAY)
        member = club.sign_in(member.phone)
        assert not mine(member, "student")["member"]
        assert shop.off(member, line(100_000)) == [0]
        apply(member, "student", "State University, card 2042-78")
        assert decide(member, "student").status_code == 200
        assert shop.off(member, line(100_000)) == [10_000]
        seen = date.fromisoformat(mine(member, "student")["until"])
        today = local(club).date()
        assert seen.year == today.year + 1


@pytest.mark.req("EK-8")
def test_a_refusal_has_a_reason_and_changes_no_price(house: House) -> None:
    club = club_of(house, "verified-prices")
    shop, member = checkout(club), club.join()
    apply(member, "teacher")
    answer = decide(member, "teacher", approve=False, reason="The certificate is of 2019")
    assert answer.status_code == 200, answer.text
    seen = mine(member, "teacher")
    assert (seen["application"], seen["reason"]) == ("refused", "The certificate is of 2019")
    assert shop.off(member, line(100_000)) == [0]
    house.pump()
    told = member.rows("/notifications")
    assert [one["code"] for one in told] == ["group.refused"]
    assert "Teachers" in told[0]["text"]
    assert apply(member, "teacher")["application"] == "waiting"


def test_an_approval_keeps_the_other_groups(house: House) -> None:
    club = club_of(house, "verified-prices")
    member = club.join()
    for group in ("student", "staff"):
        apply(member, group)
        assert decide(member, group).status_code == 200
    assert [mine(member, one)["member"] for one in ("student", "staff", "pupil")] == [
        True,
        True,
        False,
    ]
    audit = club.staff("GET", "/audit", params={"action": "group.approved"}).json()["rows"]
    assert len(audit) == 2


def test_the_same_request_counts_once(club: Club) -> None:
    member = club.join()
    assert [ask(member, "student", key="k").status_code for _ in range(2)] == [201, 201]
    assert len(waiting(club)) == 1
    answers = [decide(member, "student", key="d") for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_what_cannot_be_is_refused(club: Club) -> None:
    member = club.join()
    assert ask(member, "pilot").json()["code"] == "group_unknown"
    answer = decide(member, "student")
    assert (answer.status_code, answer.json()["code"]) == (404, "application_unknown")
    apply(member, "student")
    answer = ask(member, "student")
    assert (answer.status_code, answer.json()["code"]) == (409, "application_waits")
    today = local(club).date()
    for until, code in (
        (today - timedelta(days=1), "too_small"),
        (today + timedelta(days=400), "too_big"),
    ):
        answer = decide(member, "student", until=until.isoformat())
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert decide(member, "student").status_code == 200
    answer = decide(member, "student", approve=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "application_decided")


def test_a_member_who_leaves_waits_for_nothing(club: Club) -> None:
    member, other = club.join(), club.join()
    apply(member, "student")
    apply(other, "student")
    body = {"confirm": member.session["member"]["card_number"]}
    answer = member.call("DELETE", "", json=body)
    assert answer.is_success, answer.text
    club.house.pump()
    assert [one["member"] for one in waiting(club)] == [other.id]


@pytest.mark.req("EK-8")
def test_the_agenda_asks_for_a_new_proof_and_tells_of_the_end_once_each(house: House) -> None:
    club = club_of(house, "verified-prices")
    member = club.join()
    apply(member, "student")
    until = local(club).date() + timedelta(days=40)
    assert decide(member, "student", until=until.isoformat()).status_code == 200
    found = []
    with house.later() as go:
        for days in (0, 9, 2, 29, 2):
            go(days * DAY)
            for _ in range(2):
                house.run_due()
                house.pump()
            rows = club.sign_in(member.phone).rows("/notifications")
            found.append([one["code"].removeprefix("group.") for one in rows])
    first, ending = ["approved"], ["ending", "approved"]
    assert found == [first, first, ending, ending, ["expired", *ending]]
