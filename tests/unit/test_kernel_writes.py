"""Atomic change: what `Writes` refuses, and what `commit` and `transact` try again."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from botocore.stub import ANY, Stubber

from chalicelib.kernel.errors import Busy, Conflict, Unavailable
from chalicelib.kernel.table import writes
from chalicelib.kernel.table.guards import Guard
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit, keys_of, transact

CANCELED = "TransactionCanceledException"


class Table:
    """A stubbed table that records the request tokens and the waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client: Any = boto3.client(
            "dynamodb",
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        self.stub = Stubber(self.client)
        self.waits: list[float] = []
        self.tokens: list[str] = []
        events = self.client.meta.events
        events.register("before-parameter-build.dynamodb.TransactWriteItems", self._seen)
        monkeypatch.setattr(writes, "client", lambda: self.client)
        monkeypatch.setattr("chalicelib.kernel.table.writes.time.sleep", self.waits.append)

    def takes(self) -> None:
        """The next transaction succeeds."""
        self.stub.add_response(
            "transact_write_items", {}, {"TransactItems": ANY, "ClientRequestToken": ANY}
        )

    def fails(self, code: str, *reasons: str) -> None:
        """The next transaction is refused, with these cancellation reasons."""
        more = {"CancellationReasons": [{"Code": reason} for reason in reasons]}
        self.stub.add_client_error(
            "transact_write_items", code, modeled_fields=more if reasons else None
        )

    def _seen(self, params: dict[str, Any], **_: Any) -> None:
        self.tokens.append(params["ClientRequestToken"])


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """A stubbed table in the place of the real one; what was expected must have come."""
    made = Table(monkeypatch)
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


def guard(name: str, size: int = 1) -> Guard:
    """Any item."""
    return Guard("p", f"G#{name}", request="x" * size, outcome="1")


def one() -> Writes:
    """One change."""
    return Writes().put_new(guard("a"))


def test_two_changes_of_one_key_are_a_defect() -> None:
    with pytest.raises(AssertionError, match="two changes"):
        one().delete(guard("a"))
    with pytest.raises(AssertionError, match="two changes"):
        _ = one().__iadd__(one())


def test_one_hundred_items_and_no_more() -> None:
    made = Writes()
    for number in range(100):
        made.put_new(guard(str(number)))
    assert len(made) == 100
    assert keys_of(made)[99] == ("p", "G#99")
    with pytest.raises(AssertionError, match="more than 100"):
        made.put_new(guard("more"))
    with pytest.raises(AssertionError, match="more than 100"):
        _ = made.__iadd__(one())


def test_four_megabytes_and_no_more(table: Table) -> None:
    made = Writes()
    for number in range(12):
        made.put_new(guard(str(number), size=350_000))
    with pytest.raises(AssertionError, match="4 MB"):
        commit(made)
    assert not table.tokens


def test_no_changes_send_nothing(table: Table) -> None:
    commit(Writes())
    assert transact(lambda _: (Writes(), "done before")) == "done before"
    assert not table.tokens


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        (CANCELED, ("TransactionConflict", "None")),
        (CANCELED, ("None", "ThrottlingError")),
        (CANCELED, ("ProvisionedThroughputExceeded",)),
        ("ThrottlingException", ()),
        ("ProvisionedThroughputExceededException", ()),
        ("RequestLimitExceeded", ()),
        ("TransactionInProgressException", ()),
        ("InternalServerError", ()),
    ],
)
def test_what_passes_is_tried_again_under_one_token(
    table: Table, code: str, reasons: tuple[str, ...]
) -> None:
    table.fails(code, *reasons)
    table.fails(code, *reasons)
    table.takes()
    commit(one())
    assert len(table.tokens) == 3
    assert len(set(table.tokens)) == 1
    assert len(table.waits) == 2


def test_waits_are_jittered_and_bounded(table: Table) -> None:
    for attempt in range(200):
        writes.pause(attempt % 24)
    assert all(0 <= wait <= 0.5 for wait in table.waits)
    assert len(set(table.waits)) > 150
    assert max(table.waits) > 0.25


def test_it_gives_up_as_busy(table: Table) -> None:
    for _ in range(writes.COMMIT_TRIES):
        table.fails(CANCELED, "TransactionConflict")
    with pytest.raises(Busy) as caught:
        commit(one())
    assert caught.value.retry_after == 1


def test_a_failed_condition_is_never_tried_again_as_it_is(table: Table) -> None:
    table.fails(CANCELED, "None", "ConditionalCheckFailed", "TransactionConflict")
    with pytest.raises(ConditionFailed):
        commit(one())
    assert len(table.tokens) == 1


def test_a_failed_condition_is_decided_anew_with_strong_reads(table: Table) -> None:
    table.fails(CANCELED, "ConditionalCheckFailed")
    table.takes()
    asked: list[bool] = []

    def decide(strong: bool) -> tuple[Writes, int]:
        asked.append(strong)
        return one(), len(asked)

    assert transact(decide) == 2
    assert asked == [False, True]
    assert len(set(table.tokens)) == 2  # another decision, another transaction


def test_a_decision_that_never_holds_ends_as_busy(table: Table) -> None:
    for _ in range(writes.DECISIONS):
        table.fails(CANCELED, "ConditionalCheckFailed")
    with pytest.raises(Busy):
        transact(lambda _: (one(), None))


def test_a_business_refusal_is_not_tried_again(table: Table) -> None:
    asked: list[bool] = []

    def decide(strong: bool) -> tuple[Writes, None]:
        asked.append(strong)
        raise Conflict

    with pytest.raises(Conflict):
        transact(decide)
    assert asked == [False]
    assert not table.tokens
    assert not table.waits


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException"])
def test_our_own_defects_are_not_tried_again(table: Table, code: str) -> None:
    table.fails(code)
    with pytest.raises(ClientError):
        commit(one())
    assert len(table.tokens) == 1


def test_silence_is_told_as_unknown(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(**_: Any) -> None:
        raise ConnectTimeoutError(endpoint_url="http://table")

    monkeypatch.setattr(table.client, "transact_write_items", silent)
    with pytest.raises(Unavailable) as caught:
        commit(one())
    assert caught.value.retry_after == 1
