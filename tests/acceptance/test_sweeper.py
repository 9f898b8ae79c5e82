"""The daily round does not end at the damage it exists to find; what was left lying is done."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from chalicelib import entrance
from chalicelib.kernel import facts, observability
from chalicelib.ledger import service as ledger
from chalicelib.sweeper import service as sweeper
from infra.local.deliveries import context
from infra.local.environment import TABLE
from infra.local.resources import client
from tests.acceptance.test_notifications import sweep, told
from tests.support.club import Club, House, Member

pytestmark = pytest.mark.whole_table


@pytest.fixture
def parked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What was passed over, by what it was."""
    found: Counter[str] = Counter()

    def note(message: str, **about: str) -> None:
        found[about.get("what", message)] += 1

    monkeypatch.setattr(observability.logger, "exception", note)
    return found


@pytest.fixture
def poison(house: House, club: Club) -> Iterator[None]:
    """An entry without a body, a head that cannot be read, and one that breaks the law."""
    table = client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    broken = club.join()
    head_key = {"pk": {"S": f"{club.id}#M#{broken.id}"}, "sk": {"S": "HEAD"}}
    whole = table.get_item(TableName=TABLE, Key=head_key)["Item"]
    lawless = {**whole, "balance": {"N": "5"}}
    items: list[dict[str, Any]] = [
        {"pk": {"S": f"{club.id}#M#poison"}, "sk": {"S": "E#000000000001"}},
        {"pk": {"S": f"{club.id}#M#poison"}, "sk": {"S": "HEAD"}, "lots": {"S": "nonsense"}},
        lawless,
    ]
    for item in items:
        table.put_item(TableName=TABLE, Item=item)
    yield
    for item in items[:2]:
        table.delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    table.put_item(TableName=TABLE, Item=whole)


def untold(club: Club, monkeypatch: pytest.MonkeyPatch) -> list[Member]:
    """Five members with 50 points each, of which nobody was told."""
    members = [club.join() for _ in range(5)]
    club.house.pump()
    with monkeypatch.context() as lost:
        lost.setattr(facts, "send", lambda *_: None)
        for member in members:
            member.adjust(50)
        club.house.pump()
    return members


@pytest.mark.usefixtures("poison")
def test_damaged_items_are_parked_and_what_lies_behind_them_is_still_told(
    house: House, club: Club, parked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    members = untold(club, monkeypatch)
    with house.later("PT20M"):
        for member in members:
            member.refresh().raise_for_status()
        sweep(house)
        assert [told(member) for member in members] == [[("points.credited", 50)]] * 5
    assert {"account", "burn-off", "fact"} <= parked.keys()


def test_what_is_due_burns_by_itself_and_the_history_says_so(house: House, club: Club) -> None:
    member = club.join()
    member.adjust(50)
    with house.later("P500D"):
        again = club.sign_in(member.phone)
        sweep(house)
        assert again.account()["balance"] == 0
        newest = again.entries()[0]
        assert (newest["kind"], newest["points"], newest["balance"]) == ("points.burnt", -50, 0)


def test_nothing_is_told_to_a_member_who_asked_to_be_forgotten(house: House, club: Club) -> None:
    member = club.join()
    member.adjust(50)
    house.pump()
    card = member.call("GET", "/card").json()["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    with house.later("PT20M"):
        sweep(house)
    table = client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    left = table.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :n)",
        ExpressionAttributeValues={":pk": {"S": f"{club.id}#M#{member.id}"}, ":n": {"S": "N#"}},
    )
    assert left["Items"] == []


@pytest.mark.req("SV-5")
def test_segments_side_by_side_prove_each_account_once_and_miss_nothing(
    house: House, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = untold(club, monkeypatch)
    proved: Counter[str] = Counter()

    def prove(program: str, member: str) -> Any:
        proved[f"{program}#{member}"] += 1
        return ledger.prove(program, member)

    monkeypatch.setattr(sweeper, "prove", prove)
    with house.later("PT20M"):
        for member in members:
            member.refresh().raise_for_status()
        for segment in (1, 2, 3):
            while not entrance.sweep(
                context("sweep"), {"segment": segment, "segments": 3}
            ).finished:
                pass
        house.pump()
        assert {proved[f"{club.id}#{member.id}"] for member in members} == {1}
        assert set(proved.values()) == {1}
        assert [told(member) for member in members] == [[("points.credited", 50)]] * 5
        # Each has its own place, and its round is over for the day.
        assert entrance.sweep(context("sweep"), {"segment": 2, "segments": 3}).accounts == 0


@pytest.mark.parametrize(
    "detail", [{"segment": 4, "segments": 3}, {"segment": 0}, {"segment": "1"}]
)
def test_a_segment_that_there_is_not_is_refused(detail: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        entrance.sweep(context("sweep"), detail)


def test_a_closed_account_takes_nothing_more(club: Club) -> None:
    member = club.join()
    card = member.call("GET", "/card").json()["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    body = {"points": 10, "reason": "Too late"}
    refused = club.staff("POST", f"/members/{member.id}/adjustments", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "account_closed")


def test_a_cursor_is_of_no_use_on_another_list(club: Club) -> None:
    member = club.join()
    for _ in range(3):
        member.adjust(1)
    cursor = member.call("GET", "/entries", params={"limit": 1}).json()["next"]
    assert cursor
    for other in ("/items", "/export", "/notifications"):
        refused = member.call("GET", other, params={"cursor": cursor})
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_cursor")


def test_text_that_no_queue_takes_is_refused_with_a_pointer(club: Club) -> None:
    member = club.join()
    body = {"points": 10, "reason": "A noncharacter: \uffff"}
    refused = club.staff("POST", f"/members/{member.id}/adjustments", json=body)
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/reason", "wrong_characters")
