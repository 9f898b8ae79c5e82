"""Event sources as they should be: Chalice knows neither partial failures nor filters, nor where
to put what fails for good, and takes only ARNs that exist.

While packaging, app.py reads stand-ins for the ARNs; a queue's last part is its logical name.
"""

import json

from infra.local.resources import queue_arn
from infra.stack.stage import Json, Stage

STAND_INS = {
    "CLUBKEEPER_STREAM_ARN": "arn:aws:dynamodb:us-east-1:000000000000:table/Table/stream/any",
    "CLUBKEEPER_NOTIFICATIONS_QUEUE_ARN": queue_arn("NotificationsQueue"),
    "CLUBKEEPER_JOBS_QUEUE_ARN": queue_arn("JobsQueue"),
    "CLUBKEEPER_AGENDA_QUEUE_ARN": queue_arn("AgendaQueue"),
}
"""The environment in which app.py is packaged."""

STREAM_DEAD = "StreamDeadLetters"
SCHEDULES_DEAD = "SchedulesDeadLetters"
INSERTS = {"eventName": ["INSERT"]}
"""Facts ride on new items only (``entrance.publish_facts``); whatever else happens calls nobody."""
STREAM_RETRIES = 10
"""A batch that fails is halved until the culprit stands alone; what this many tries do not bring
over, the sweeper finds in the table."""
STREAM_AGE_S = 6 * 3600
SCHEDULE_AGE_S = 300
"""A run that could not begin within this time is not wanted any more: the next one is due."""


def finish(function: Json) -> None:
    """Put the event sources of one of Chalice's functions right, in place.

    Raises:
        ValueError: a kind of source that nobody thought of.
    """
    for event in function.get("Events", {}).values():
        properties = event["Properties"]
        match event["Type"]:
            case "SQS":
                _queue(properties)
            case "DynamoDB":
                _stream(properties)
            case "Schedule":
                properties["RetryPolicy"] = _patience(retries=3)
                properties["DeadLetterConfig"] = {"Arn": _arn(SCHEDULES_DEAD)}
                function["EventInvokeConfig"] = {
                    **_patience(retries=1),
                    "DestinationConfig": _on_failure(SCHEDULES_DEAD),
                }
            case kind:
                raise ValueError(f"Nothing is known of event sources of the kind {kind}.")


def in_segments(function: Json, segments: int) -> None:
    """Let the one schedule of a function call it for each segment of the table, in place."""
    if segments == 1:
        return
    ((name, event),) = function["Events"].items()
    function["Events"] = {
        f"{name}{segment}": {
            **event,
            "Properties": {**event["Properties"], "Input": _called(segment, segments)},
        }
        for segment in range(1, segments + 1)
    }


def _called(segment: int, segments: int) -> str:
    """A schedule's event with what EventBridge puts there, as far as Chalice reads it, and the
    segment.
    """
    return json.dumps(
        {
            "version": "0",
            "id": f"segment-{segment}",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "",
            "time": "",
            "region": "",
            "resources": [],
            "detail": {"segment": segment, "segments": segments},
        }
    )


def _queue(properties: Json) -> None:
    queue = properties["Queue"].rsplit(":", 1)[-1]
    properties["Queue"] = _arn(queue)
    properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    properties["ScalingConfig"] = {"MaximumConcurrency": {"Ref": "Workers"}}


def _stream(properties: Json) -> None:
    properties |= {
        "Stream": {"Fn::GetAtt": ["Table", "StreamArn"]},
        "StartingPosition": "TRIM_HORIZON",  # nothing that was written before the mapping is missed
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps(INSERTS)}]},
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": STREAM_RETRIES,
        "MaximumRecordAgeInSeconds": STREAM_AGE_S,
        "DestinationConfig": _on_failure(STREAM_DEAD),
    }


def resources(stage: Stage) -> dict[str, Json]:
    """Where runs and records end that failed for good."""
    letters = {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Retain" if stage.keeps_data else "Delete",
        "UpdateReplacePolicy": "Retain" if stage.keeps_data else "Delete",
        "Properties": {"MessageRetentionPeriod": 1_209_600, "SqsManagedSseEnabled": True},
    }
    rules = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-*"
    return {
        STREAM_DEAD: letters,
        SCHEDULES_DEAD: letters,
        "SchedulesDeadLettersPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": SCHEDULES_DEAD}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "SchedulesOfThisStack",
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": _arn(SCHEDULES_DEAD),
                            "Condition": {"ArnLike": {"aws:SourceArn": {"Fn::Sub": rules}}},
                        }
                    ],
                },
            },
        },
    }


def _patience(retries: int) -> Json:
    return {"MaximumEventAgeInSeconds": SCHEDULE_AGE_S, "MaximumRetryAttempts": retries}


def _on_failure(queue: str) -> Json:
    return {"OnFailure": {"Type": "SQS", "Destination": _arn(queue)}}


def _arn(queue: str) -> Json:
    return {"Fn::GetAtt": [queue, "Arn"]}
