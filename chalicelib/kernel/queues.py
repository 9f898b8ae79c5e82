"""Sending to the platform's queues. What a message says can always be found again in the table."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

M = TypeVar("M")
MAX_BATCH = 10
_lock = threading.Lock()
_client: Any = None


def send(queue_url: str, messages: list[Any], *, delay_s: int = 0) -> None:
    """Queue messages, each as JSON; at least once, in no order.

    Raises:
        botocore errors: nothing or a part was queued; send all again.
    """
    for start in range(0, len(messages), MAX_BATCH):
        part = messages[start : start + MAX_BATCH]
        answer = _sqs().send_message_batch(
            QueueUrl=queue_url,
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": msgspec.json.encode(message).decode(),
                    "DelaySeconds": delay_s,
                }
                for number, message in enumerate(part)
            ],
        )
        if answer.get("Failed"):
            raise NotQueued(f"{len(answer['Failed'])} of {len(part)} messages were not taken")


class NotQueued(Exception):
    """The queue took some messages and refused others; the caller's retry sends all of them
    again.
    """


def consume(event: dict[str, Any], shape: type[M], handle: Callable[[M], None]) -> dict[str, Any]:
    """Handle each message of an SQS event by itself; answers which ones must come again."""
    # Only workers need this import (170 ms), the API does not.
    from aws_lambda_powertools.utilities.batch import (
        BatchProcessor,
        EventType,
        process_partial_response,
    )
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

    def one(record: SQSRecord) -> None:
        handle(msgspec.json.decode(record.body, type=shape))

    # All failed is no accident of the batch: each message goes its own way to the dead-letter
    # queue.
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event, one, processor))


def _sqs() -> Any:
    global _client
    with _lock:
        if _client is None:
            import boto3

            _client = boto3.client("sqs")
        return _client
