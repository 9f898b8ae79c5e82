"""Facts on their way from the stream: one bad record holds up nobody, a silent queue all."""

from typing import Any

import pytest

from chalicelib.kernel import facts, observability
from chalicelib.kernel.facts import Fact, Image, image, publish


def reader(found: Image) -> Fact | None:
    """A fact of every item that names one."""
    if not found["sk"].startswith("E#"):
        return None
    name = found["name"]
    return Fact(found["sk"], name, "club", "member", "2026-01-01T00:00:00.000Z")


def record(key: str, **more: Any) -> dict[str, Any]:
    """An item in DynamoDB's notation."""
    return {"pk": {"S": "p"}, "sk": {"S": key}, **more}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What was sent, by queue."""
    found: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(
        facts, "send", lambda url, all_: found.append((url, [one.id for one in all_]))
    )
    return found


def test_every_consumer_hears_every_fact(sent: list[tuple[str, list[str]]]) -> None:
    records = [record("E#1", name={"S": "a"}), record("OTHER"), record("E#2", name={"S": "b"})]
    assert publish(records, [reader], ["one", "two"]) == 2
    assert sent == [("one", ["E#1", "E#2"]), ("two", ["E#1", "E#2"])]


def test_a_record_that_cannot_be_read_is_parked(
    sent: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(observability, "count", lambda name, *_, **__: counted.append(name))
    monkeypatch.setattr(observability.logger, "exception", lambda *_, **__: None)
    records = [record("E#1"), {"pk": {"X": "?"}}, record("E#2", name={"S": "b"})]
    assert publish(records, [reader], ["one"]) == 1
    assert sent == [("one", ["E#2"])]
    assert counted == ["Parked", "Parked"]


def test_a_queue_that_does_not_answer_fails_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(facts, "send", silent)
    with pytest.raises(ConnectionError):
        publish([record("E#1", name={"S": "a"})], [reader], ["one"])


def test_numbers_come_back_whole() -> None:
    found = image({"points": {"N": "12"}, "more": {"L": [{"N": "1"}]}, "text": {"S": "x"}})
    assert found["points"] == 12
    assert type(found["points"]) is int
    assert found["text"] == "x"
