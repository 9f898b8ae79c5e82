"""Facts and who hears them: once although told twice, told again when missed, checked daily."""

import importlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel import facts
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.queues import send
from chalicelib.sweeper import service as sweeper
from infra.local.environment import TABLE
from infra.local.resources import client
from infra.local.wiring import Events
from tests.support.club import Club, House, Member

pytestmark = pytest.mark.whole_table

WHY = "By an acceptance test"


def told(member: Member) -> list[tuple[str, int]]:
    """What a member was notified of, newest first: code and points."""
    return [(row["code"], row["points"]) for row in member.rows("/notifications")]


def sweep(house: House) -> None:
    """The daily round, from its beginning to its end, and what it causes."""
    assert house.platform.events
    table = client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    place = {"pk": {"S": "_#SWEEP"}, "sk": {"S": "ROUND"}}
    table.delete_item(TableName=TABLE, Key=place)
    for _ in range(20):
        house.platform.events.fire("sweep")
        found = table.get_item(TableName=TABLE, Key=place)["Item"]
        if '"cursor":null' in found["place"]["S"].replace(" ", ""):
            break
    house.pump()


@pytest.fixture
def retold(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many facts the sweeper told again, by member."""
    found: Counter[str] = Counter()

    def note(url: str, missed: list[Fact]) -> None:
        found.update(fact.member for fact in missed)
        send(url, missed)

    monkeypatch.setattr(sweeper, "send", note)
    return found


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """What the sweeper reported, by message and program."""
    found: Counter[tuple[str, str]] = Counter()

    def note(message: str, program: str = "", **_: str) -> None:
        found[message, program] += 1

    monkeypatch.setattr(sweeper.logger, "error", note)
    return found


# -- told once -----------------------------------------------------------------


def test_points_that_come_in_are_told_and_others_stand_in_the_history(club: Club) -> None:
    member = club.join()
    member.adjust(100)
    member.adjust(-10)
    body = {"points": 7, "reason": WHY}
    award = member.staff("POST", "/pending-awards", json=body).json()["ref"]
    hold = member.staff("POST", "/holds", json=body).json()["ref"]
    end = {"end": "released", "reason": WHY}
    member.staff("POST", f"/holds/{hold}/resolution", json=end).raise_for_status()
    club.house.pump()
    assert told(member) == [("points.credited", 100)]
    confirm = {"end": "confirmed", "reason": WHY}
    member.staff("POST", f"/pending-awards/{award}/resolution", json=confirm).raise_for_status()
    member.register(club.tags(1)[0]).raise_for_status()
    club.house.pump()
    assert [points for _, points in told(member)] == [800, 7, 100]


def test_the_stream_may_deliver_twice(house: House, club: Club, tmp_path: Path) -> None:
    member = club.join()
    house.pump()
    environment = house.platform.environment
    folder = Path(environment["CLUBKEEPER_CLOCK_FILE"]).parent
    before = shutil.copy(folder / "events.json", tmp_path / "events.json")
    member.adjust(5)
    house.pump()
    assert told(member) == [("points.credited", 5)]
    again = Events(importlib.import_module("app").app, environment, Path(before))
    assert again.pump() > 0
    assert told(member) == [("points.credited", 5)]


def test_the_queue_may_deliver_twice_and_in_any_order(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = club.join()
    for points in (1, 2, 3):
        member.adjust(points)

    def twice(url: str, found: list[Any]) -> None:
        send(url, [*reversed(found), *found])

    monkeypatch.setattr(facts, "send", twice)
    club.house.pump()
    assert [points for _, points in told(member)] == [3, 2, 1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("1 point.", "2 points", "5 points")),
        ("ru", ("1 балл", "2 балла", "5 баллов")),
        ("uk", ("1 бал", "2 бали", "5 балів")),
        ("ar", ("نقط", "نقط", "نقا")),
    ],
)
def test_a_notification_speaks_its_readers_language(
    club: Club, language: str, words: tuple[str, ...]
) -> None:
    member = club.join()
    for points in (1, 2, 5):
        member.adjust(points)
    club.house.pump()
    answer = member.call("GET", "/notifications", headers={"Accept-Language": language})
    for row, word in zip(reversed(answer.json()["rows"]), words, strict=True):
        assert re.search(word, row["text"]), row["text"]
        assert row["parts"][0]["reason"]


def test_what_was_read_stays_read(club: Club) -> None:
    member = club.join()
    for points in (1, 2, 3):
        member.adjust(points)
    club.house.pump()
    newest, middle, oldest = member.rows("/notifications")
    assert not any(row["seen"] for row in (newest, middle, oldest))
    for mark in (middle["id"], oldest["id"]):  # an older mark changes nothing
        answer = member.call("PUT", "/notifications/seen", json={"up_to": mark})
        assert answer.json() == {"up_to": middle["id"]}
    assert [row["seen"] for row in member.rows("/notifications")] == [False, True, True]


def test_notifications_come_in_pages_and_to_their_member_alone(club: Club) -> None:
    member, other = club.join(), club.join()
    for points in range(1, 6):
        member.adjust(points)
    club.house.pump()
    page = member.call("GET", "/notifications", params={"limit": 3}).json()
    assert [row["points"] for row in page["rows"]] == [5, 4, 3]
    rest = member.call("GET", "/notifications", params={"cursor": page["next"]}).json()
    assert ([row["points"] for row in rest["rows"]], rest["next"]) == ([2, 1], "")
    assert told(other) == []
    stolen = other.call("GET", "/notifications", params={"cursor": page["next"]})
    assert stolen.status_code == 400


# -- the sweeper ---------------------------------------------------------------


def test_a_missed_fact_is_told_by_the_sweeper_once(
    house: House, club: Club, retold: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    member = club.join()
    house.pump()
    member.adjust(50)
    with monkeypatch.context() as lost:
        lost.setattr(facts, "send", lambda *_: None)
        house.pump()
    assert told(member) == []
    with house.later("PT20M"):
        member.refresh().raise_for_status()
        for _ in range(2):
            sweep(house)
            assert told(member) == [("points.credited", 50)]
            assert retold[member.id] == 1


def test_a_fact_that_may_still_be_on_its_way_is_left_alone(
    house: House, club: Club, retold: Counter[str]
) -> None:
    member = club.join()
    member.adjust(50)
    sweep(house)
    assert retold[member.id] == 0
    assert told(member) == [("points.credited", 50)]


@pytest.fixture
def damaged(house: House, club: Club) -> Iterator[Member]:
    """A member whose head says more than the entries, as no code of ours can make it."""
    member = club.join()
    member.adjust(50)
    table = client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    key = {"pk": {"S": f"{club.id}#M#{member.id}"}, "sk": {"S": "HEAD"}}
    whole = table.get_item(TableName=TABLE, Key=key)["Item"]
    lots = whole["lots"]["S"].replace("50]", "55]")
    table.put_item(TableName=TABLE, Item={**whole, "balance": {"N": "55"}, "lots": {"S": lots}})
    yield member
    table.put_item(TableName=TABLE, Item=whole)


def test_a_disagreement_is_reported_and_not_repaired(
    house: House, damaged: Member, reported: Counter[tuple[str, str]]
) -> None:
    assert damaged.proof() == {"entries": 1, "entry_sum": 50, "balance": 55, "agrees": False}
    sweep(house)
    assert reported["ledger disagrees", damaged.club.id] == 1
    assert damaged.proof()["agrees"] is False
    assert damaged.account()["balance"] == 55
