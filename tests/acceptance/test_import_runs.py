"""Running an import: each row once, whatever happens to its parts."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.jobs.model import Work
from chalicelib.kernel import queues
from chalicelib.kernel.table.writes import transact
from chalicelib.transfers import reading, service_balances, service_members
from chalicelib.transfers.service_import_jobs import check_part, read_file, run_part
from tests.support import transfers
from tests.support.club import Club, at_once, new_phone
from tests.support.transfers import Line, csv_of, look, run, works

PART, ROWS = 20, 45
Handler = Callable[[Work], int]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of three parts."""
    monkeypatch.setattr(reading, "PART_ROWS", PART)


@pytest.fixture
def lines() -> list[Line]:
    """Members of another system, and a row that is wrong."""
    found: list[Line] = [
        {"external_id": f"OLD-{at:05d}", "phone": new_phone(), "kind": "buyer"}
        for at in range(ROWS - 1)
    ]
    return [*found, {"external_id": "OLD-WRONG", "phone": "?", "kind": "buyer"}]


def balances(lines: list[Line]) -> list[Line]:
    """Points for these members: one for the first, two for the second…"""
    return [
        {"external_id": line["external_id"], "points": at} for at, line in enumerate(lines, start=1)
    ]


def deliver(handler: Handler, work: Callable[[int], Work]) -> None:
    """Every part several times, at once and once more."""
    at_once(lambda part: handler(work(part)), [1, 1, 2, 2, 3, 3])
    for part in (1, 1, 2):
        handler(work(part))


def everybody(club: Club) -> list[str]:
    """The numbers of all members of the club, as its export has them."""
    return sorted(
        row["external_id"] for row in transfers.rows_of(transfers.exported(club, "members"))
    )


def numbers(lines: list[Line]) -> list[str]:
    """Who should be there."""
    return [line["external_id"] for line in lines if line["phone"] != "?"]


def test_parts_delivered_often_at_once_do_each_row_once(
    club: Club, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, content in (("members", csv_of(lines)), ("balances", csv_of(balances(lines)))):
        with monkeypatch.context() as lost:
            lost.setattr(queues, "send", lambda *_, **__: None)
            made = transfers.order(club, content, kind).json()
            for _ in range(2):
                read_file(works(club, made["job"])(1))
            deliver(check_part, works(club, look(club, made["id"])["job"]))
            found = look(club, made["id"])
            assert found["state"] == "checked"
            wanted = {
                "good": ROWS - 1,
                "known": 0,
                "refused": 1,
                "points": found["checked"]["points"],
            }
            assert found["checked"] == wanted
            deliver(run_part, works(club, run(club, made["id"]).json()["job"]))
        after = look(club, made["id"])
        assert (after["state"], after["ran"]) == ("done", wanted)
        assert len(transfers.report(club, made["id"])) == 1
    assert everybody(club) == numbers(lines)
    told = transfers.rows_of(transfers.exported(club, "entries"))
    assert len(told) == ROWS - 1
    assert sum(int(row["points"]) for row in told) == sum(range(1, ROWS))


@pytest.mark.parametrize("commits", [1, 19, 20, 30])
@pytest.mark.parametrize("kind", ["members", "balances"])
def test_a_run_killed_in_the_middle_is_finished_and_no_row_is_doubled(
    club: Club, lines: list[Line], monkeypatch: pytest.MonkeyPatch, kind: str, commits: int
) -> None:
    if kind == "balances":
        transfers.done(club, csv_of(lines))
    content = csv_of(lines if kind == "members" else balances(lines))
    found = transfers.checked(club, content, kind)
    room, left = (service_members if kind == "members" else service_balances), commits

    def dying(decide: Any) -> Any:
        nonlocal left
        outcome, left = transact(decide), left - 1
        if left <= 0:
            raise RuntimeError("killed after the commit")
        return outcome

    with monkeypatch.context() as mortal:
        mortal.setattr(room, "transact", dying)
        assert run(club, found["id"]).status_code == 202
        club.house.pump()
    assert look(club, found["id"])["state"] == "running"
    assert club.house.platform.events
    with club.house.later("PT1H"):
        club.house.platform.events.fire("tidy")
        club.house.pump()
        after = look(club, found["id"])
    assert (after["state"], after["ran"]["good"], after["ran"]["refused"]) == ("done", ROWS - 1, 1)
    assert everybody(club) == numbers(lines)
    if kind == "balances":
        told = transfers.rows_of(transfers.exported(club, "balances"))
        assert sorted(int(row["points"]) for row in told) == list(range(1, ROWS))


def test_a_stopped_import_goes_on_where_it_was_stopped(
    club: Club, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = transfers.checked(club, csv_of(lines))
    with monkeypatch.context() as lost:
        lost.setattr(queues, "send", lambda *_, **__: None)
        told = run(club, found["id"]).json()["job"]
    run_part(works(club, told)(2))
    assert club.staff("DELETE", f"/jobs/{told['job']}").status_code == 200
    stopped = look(club, found["id"])
    assert (stopped["state"], stopped["ran"]["good"]) == ("stopped", PART)
    assert club.staff("GET", "/imports").json()["rows"][0]["state"] == "stopped"
    answers = at_once(lambda _: run(club, found["id"]), range(4))
    assert {answer.status_code for answer in answers} == {202}
    run_part(works(club, told)(1))  # of the job that was stopped: too late
    club.house.pump()
    after = look(club, found["id"])
    assert (after["state"], after["ran"]["good"], after["ran"]["refused"]) == ("done", ROWS - 1, 1)
    assert everybody(club) == numbers(lines)
    again = run(club, found["id"], who="second")
    assert (again.status_code, again.json()["code"]) == (409, "import_run")


def test_an_import_stopped_before_it_was_checked_is_over(club: Club, lines: list[Line]) -> None:
    made = transfers.order(club, csv_of(lines)).json()
    fields = f"/jobs/{made['job']['job']}"
    assert club.staff("DELETE", fields).status_code == 200
    club.house.pump()
    assert look(club, made["id"])["state"] == "cancelled"
    assert run(club, made["id"]).json()["code"] == "import_ended"
    stopped = club.staff("GET", "/audit", params={"action": "job.cancelled"}).json()["rows"]
    assert f"import:{made['id']}" in stopped[0]["subject"]


def test_who_joins_between_check_and_run_is_not_doubled(club: Club) -> None:
    phone = new_phone()
    found = transfers.checked(club, csv_of([{"phone": phone, "kind": "buyer"}]))
    assert found["checked"]["good"] == 1
    member = club.join(phone)
    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    assert look(club, found["id"])["ran"]["known"] == 1
    assert club.sign_in(phone).id == member.id


def test_two_imports_of_one_file_at_once_import_once(club: Club, lines: list[Line]) -> None:
    found = [transfers.checked(club, csv_of(lines))["id"] for _ in range(2)]
    jobs = [works(club, run(club, one).json()["job"]) for one in found]
    at_once(lambda place: run_part(jobs[place % 2](place // 2 + 1)), range(6))
    club.house.pump()
    after = [look(club, one)["ran"] for one in found]
    assert sum(one["good"] for one in after) == ROWS - 1
    assert sum(one["known"] for one in after) == ROWS - 1
    assert everybody(club) == numbers(lines)


def test_members_and_points_of_a_large_file(club: Club) -> None:
    lines = [
        {"external_id": f"N-{at:05d}", "email": f"n{at}@example.org", "kind": "buyer"}
        for at in range(300)
    ]
    assert transfers.done(club, csv_of(lines))["ran"]["good"] == 300
    points = [{"external_id": line["external_id"], "points": 7} for line in lines]
    found = transfers.done(club, csv_of(points), "balances")
    assert (found["ran"]["good"], found["ran"]["points"]) == (300, 2100)
    told = transfers.rows_of(transfers.exported(club, "balances"))
    assert [int(row["points"]) for row in told] == [7] * 300
