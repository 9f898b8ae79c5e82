"""Running a list of awards: each row once, whatever happens, and what fails is told."""

from typing import Any

import pytest

from chalicelib.awards import model, service_jobs
from chalicelib.awards.service import run_part
from chalicelib.jobs.model import Job, Work
from chalicelib.kernel import queues
from chalicelib.kernel.table.writes import transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account
from tests.support.award_lists import (
    Line,
    card,
    checked,
    code,
    done,
    look,
    points_of,
    rows,
    run,
    upload,
)
from tests.support.club import Club, Member, at_once, bearer

PART, ROWS = 20, 45


@pytest.fixture
def large(club: Club, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Member], str]:
    """A list of three parts, each member in many of its rows; checked."""
    monkeypatch.setattr(model, "PART", PART)
    members = [club.join() for _ in range(3)]
    lines: list[Line] = [(card(members[at % 3]), 1 + at // 3, f"Award {at}") for at in range(ROWS)]
    return members, str(checked(club, lines)["list"])


EACH = sum(range(1, 16))
"""What each member of the large list gets."""


def test_a_list_that_is_run_often_at_once_is_run_once(
    club: Club, large: tuple[list[Member], str]
) -> None:
    members, award_list = large
    answers = at_once(lambda _: run(club, award_list), range(6))
    assert {answer.status_code for answer in answers} == {202}
    club.house.pump()
    assert look(club, award_list)["rows_posted"] == ROWS
    assert run(club, award_list).json()["state"] == "done"
    assert code(run(club, award_list, skip_wrong=True)) == "award_list_run"
    club.house.pump()
    assert points_of(members) == [EACH] * 3
    assert all(member.proof()["entries"] == 15 for member in members)


def test_a_part_delivered_often_at_once_posts_each_row_once(
    club: Club, large: tuple[list[Member], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    members, award_list = large
    with monkeypatch.context() as lost:
        lost.setattr(queues, "send", lambda *_, **__: None)
        told = run(club, award_list).json()["job"]
    told.pop("percent")
    job = Job(program=club.id, **told)

    def deliver(part: int) -> None:
        run_part(Work(job, part, club.house.now))

    at_once(deliver, [1, 1, 2, 2, 3, 3])
    deliver(1)
    after = look(club, award_list)
    assert (after["state"], after["rows_posted"], after["rows_failed"]) == ("done", ROWS, 0)
    assert points_of(members) == [EACH] * 3
    assert all(member.proof()["agrees"] for member in members)
    entries = [(row["member"], row["entry"]) for row in rows(club, award_list)]
    assert len(set(entries)) == ROWS


@pytest.mark.parametrize("commits", [1, 12, 21])
def test_a_run_killed_in_the_middle_is_finished_and_no_row_is_doubled(
    club: Club, large: tuple[list[Member], str], monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    members, award_list = large
    real, left = service_jobs.transact, commits

    def dying(decide: Any) -> Any:
        nonlocal left
        outcome, left = real(decide), left - 1
        if left <= 0:
            raise RuntimeError("killed after the commit")
        return outcome

    with monkeypatch.context() as mortal:
        mortal.setattr(service_jobs, "transact", dying)
        assert run(club, award_list).status_code == 202
        club.house.pump()
    assert look(club, award_list)["state"] == "running"
    assert 0 < sum(points_of(members)) < 3 * EACH
    assert rows(club, award_list, outcome="posted")  # also while it runs
    assert club.house.platform.events
    with club.house.later("PT1H"):
        club.house.platform.events.fire("tidy")
        club.house.pump()
        assert look(club, award_list)["state"] == "done"
    assert points_of(members) == [EACH] * 3
    assert len(rows(club, award_list, outcome="posted")) == ROWS


def test_rows_that_fail_meanwhile_are_told_and_not_lost(club: Club) -> None:
    spent, blocked, gone, good = (club.join() for _ in range(4))
    spent.adjust(100).raise_for_status()
    found = checked(
        club,
        [
            (card(spent), -100, "Back"),
            (card(blocked), 5, "Award"),
            (card(gone), 5, "Award"),
            (card(good), 5, "Award"),
        ],
    )
    assert found["rows_ok"] == 4
    spent.adjust(-50).raise_for_status()
    body = {"status": "suspended", "reason": "Test"}
    blocked.staff("POST", "/status", json=body).raise_for_status()
    gone.call("DELETE", "", json={"confirm": card(gone)}).raise_for_status()
    after = done(club, found["list"])
    assert (after["rows_posted"], after["rows_failed"]) == (1, 3)
    told = [row["outcome"] for row in rows(club, found["list"])]
    assert told == ["not_enough_points", "not_active", "not_active", "posted"]
    assert spent.account()["balance"] == 50


def test_a_row_without_an_account_does_not_end_its_part(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, good = club.join(), club.join()
    good.adjust(10).raise_for_status()
    lines: list[Line] = [(card(lost), 5, "Award"), (card(lost), -5, "Back"), (card(good), -5, "B")]
    real = ledger.account

    def account(program: str, member: str, *, strong: bool = False) -> Account:
        if member == lost.id:
            raise ledger.AccountUnknown
        return real(program, member, strong=strong)

    with monkeypatch.context() as damaged:
        damaged.setattr(ledger, "account", account)
        found = checked(club, lines)
        told = [row["outcome"] for row in rows(club, found["list"])]
        assert told == ["ok", "unknown_member", "ok"]
        after = done(club, found["list"], skip_wrong=True)
    assert (after["state"], after["rows_posted"], after["rows_failed"]) == ("done", 1, 1)
    told = [row["outcome"] for row in rows(club, found["list"])]
    assert told == ["unknown_member", "unknown_member", "posted"]


@pytest.fixture
def stopped(
    club: Club, large: tuple[list[Member], str], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Member], str]:
    """A list stopped by staff when one part was run and one row of another was posted."""
    members, award_list = large
    with monkeypatch.context() as lost:
        lost.setattr(queues, "send", lambda *_, **__: None)
        told = run(club, award_list).json()["job"]
    told.pop("percent")
    job = Job(program=club.id, **told)
    run_part(Work(job, 2, club.house.now))

    def dying(decide: Any) -> Any:
        transact(decide)
        raise RuntimeError("killed after the commit")

    with monkeypatch.context() as mortal:
        mortal.setattr(service_jobs, "transact", dying)
        with pytest.raises(RuntimeError, match="killed"):
            run_part(Work(job, 1, club.house.now))
    fields = bearer(club.house.staff(name="stopper"))
    assert club.staff("DELETE", f"/jobs/{told['job']}", headers=fields).status_code == 200
    return members, award_list


def test_a_stopped_list_tells_what_was_really_posted(
    club: Club, stopped: tuple[list[Member], str]
) -> None:
    members, award_list = stopped
    after = look(club, award_list)
    assert (after["state"], after["rows_posted"], after["rows_failed"]) == ("stopped", PART + 1, 0)
    assert len(rows(club, award_list, outcome="posted")) == PART + 1
    assert len(rows(club, award_list, outcome="ok")) == ROWS - PART - 1
    assert sum(points_of(members)) == after["points_credited"]
    assert club.staff("GET", "/award-lists").json()["rows"][0]["state"] == "stopped"
    refused = club.staff("POST", f"/award-lists/{award_list}/cancellation")
    assert code(refused) == "award_list_stopped"


def test_a_stopped_list_goes_on_where_it_was_stopped(
    club: Club, stopped: tuple[list[Member], str]
) -> None:
    members, award_list = stopped
    answers = at_once(lambda _: run(club, award_list), range(4))
    assert {answer.status_code for answer in answers} == {202}
    club.house.pump()
    after = look(club, award_list)
    assert (after["state"], after["rows_posted"], after["rows_failed"]) == ("done", ROWS, 0)
    assert sum(points_of(members)) == after["points_credited"] == 3 * EACH
    assert all(member.proof()["entries"] == 15 for member in members)
    assert code(run(club, award_list, who="second")) == "award_list_run"


def test_who_stopped_a_list_is_on_record(club: Club, stopped: tuple[list[Member], str]) -> None:
    _, award_list = stopped
    told = club.staff("GET", "/audit", params={"subject": f"list:{award_list}"}).json()["rows"]
    assert [one["action"] for one in told] == [
        "job.cancelled",
        "award_list.run",
        "award_list.uploaded",
    ]
    assert told[0]["actor"].endswith(":stopper")


def test_a_list_stopped_while_it_is_checked_is_cancelled(club: Club) -> None:
    told = upload(club, [(card(club.join()), 5, "Award")]).json()
    assert club.staff("DELETE", f"/jobs/{told['job']['job']}").status_code == 200
    assert look(club, told["list"])["state"] == "cancelled"
    assert code(run(club, told["list"])) == "award_list_cancelled"
