"""What is delivered on this machine is what is delivered when deployed."""

import importlib
from typing import Any

import pytest
from chalice.app import Chalice, DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig

from infra.local.platform import Platform
from infra.stack import functions
from tests.support.packaged import Packaged


@pytest.fixture(scope="module")
def app(platform: Platform) -> Chalice:
    """The app as it runs here, imported in the platform's environment."""
    running: Chalice = importlib.import_module("app").app
    return running


def deployed(prod: Packaged) -> dict[str, dict[str, Any]]:
    """Function -> the properties of its event source, with the source's kind. A schedule may call
    its function several times at once, each for a segment of the table.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, one in prod.of("AWS::Serverless::Function").items():
        for event in one.get("Events", {}).values():
            source = {"Type": event["Type"], **event["Properties"]}
            assert source.pop("Input", None) is None or source["Type"] == "Schedule"
            assert found.setdefault(name, source) == source
    return found


def test_every_source_is_wired_alike_here_and_there(prod: Packaged, app: Chalice) -> None:
    there = deployed(prod)
    here = {functions.logical_name(one.name): one for one in app.event_sources}
    assert here.keys() == there.keys()
    for name, one in here.items():
        source = there[name]
        if isinstance(one, SQSEventConfig):
            queue = str(one.queue_arn).rsplit(":", 1)[-1]
            assert source["Queue"] == {"Fn::GetAtt": [queue, "Arn"]}
            assert source["BatchSize"] == one.batch_size
            # the local platform takes the failures that a handler reports, so the mapping must too
            assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        elif isinstance(one, DynamoDBEventConfig):
            assert source["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
            assert source["BatchSize"] == one.batch_size
            # this handler reports nothing: it raises, and the batch is halved, here as there
            assert "FunctionResponseTypes" not in source
            assert source["BisectBatchOnFunctionError"] is True
            assert source["StartingPosition"] == "TRIM_HORIZON"
            assert source["DestinationConfig"]["OnFailure"]
        else:
            assert isinstance(one, ScheduledEventConfig)


@pytest.mark.req("SV-1")
def test_every_schedule_of_the_platform_runs_when_deployed_and_its_failures_are_kept(
    prod: Packaged, platform: Platform, app: Chalice
) -> None:
    there = deployed(prod)
    assert platform.events
    assert platform.events.schedules == ("agenda", "tidy", "sweep")
    for one in app.event_sources:
        if not isinstance(one, ScheduledEventConfig):
            continue
        logical = functions.logical_name(one.name)
        assert there[logical]["Schedule"] == str(one.schedule_expression.to_string())
        dead = {"Fn::GetAtt": ["SchedulesDeadLetters", "Arn"]}
        assert there[logical]["DeadLetterConfig"] == {"Arn": dead}
        function = prod.of("AWS::Serverless::Function")[logical]
        on_failure = function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert on_failure == {"Type": "SQS", "Destination": dead}


def test_the_stream_calls_for_new_items_alone_as_its_handler_wants(
    prod: Packaged, app: Chalice
) -> None:
    (pattern,) = deployed(prod)["Stream"]["FilterCriteria"]["Filters"]
    assert pattern == {"Pattern": '{"eventName": ["INSERT"]}'}
    change: dict[str, Any] = {"eventName": "MODIFY", "dynamodb": {"NewImage": {"pk": {"S": "x"}}}}
    # damaged as it is, it is not even looked at
    app.handler_map["stream"]({"Records": [change]}, None)
