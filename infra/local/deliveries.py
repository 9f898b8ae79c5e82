"""Events in the shape in which Lambda receives them, built from what the local engines return."""

import base64
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalice.local import LambdaContext

from infra.local.resources import ACCOUNT, REGION

Event = dict[str, Any]


def stream_event(records: list[Mapping[str, Any]], stream_arn: str) -> Event:
    """A batch of DynamoDB stream records."""
    return {"Records": [_stream_record(record, stream_arn) for record in records]}


def _stream_record(record: Mapping[str, Any], stream_arn: str) -> Event:
    change = {key: _plain(value) for key, value in record["dynamodb"].items()}
    return {
        "eventID": uuid.uuid5(uuid.NAMESPACE_URL, stream_arn + change["SequenceNumber"]).hex,
        "eventName": record["eventName"],
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": stream_arn,
    }


def _plain(value: Any) -> Any:
    """JSON types only: bytes as base64, instants as epoch seconds, as Lambda does."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(part) for part in value]
    return value


def queue_event(messages: list[Mapping[str, Any]], queue_arn: str) -> Event:
    """A batch of SQS messages."""
    return {"Records": [_queue_record(message, queue_arn) for message in messages]}


def _queue_record(message: Mapping[str, Any], queue_arn: str) -> Event:
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(value) for name, value in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _attribute(value: Mapping[str, Any]) -> Event:
    """Lambda spells the keys of a message attribute in another case than SQS does."""
    return {key[0].lower() + key[1:]: _plain(part) for key, part in value.items()}


def schedule_event(name: str, at: datetime) -> Event:
    """An EventBridge schedule's firing."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"],
        "detail": {},
    }


def context(name: str) -> LambdaContext:
    """The context of one invocation of the function ``name``, with a minute to run."""
    made = LambdaContext(name, 256, 60_000)
    made.invoked_function_arn = (
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:clubkeeper-local-{name}"
    )
    return made
