"""Sending to the platform's queues. What a message says can always be found again in the table."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from chalicelib.kernel.observability import count, logger

M = TypeVar("M")
MAX_BATCH = 10
_lock = threading.Lock()
_client: Any = None


def send(queue_url: str, messages: list[Any], *, delay_s: int = 0) -> None:
    """Queue messages, each as JSON; at least once, in no order.

    A message that the queue cannot take at all is parked in the log; what it told is found again in
    the table.

    Raises:
        NotQueued, botocore errors: nothing or a part was queued; send all again.
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
        failed = answer.get("Failed", [])
        for refused in (one for one in failed if one.get("SenderFault")):
            # It would be refused each time, and hold up all that is sent with it.
            logger.error("message parked", queue=queue_url, code=refused.get("Code"))
            count("MessagesParked")
        if not all(one.get("SenderFault") for one in failed):
            raise NotQueued(f"{len(failed)} of {len(part)} messages were not taken")


def waiting(queue_url: str) -> int:
    """About how many messages a queue holds, those that a worker has in hand included."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    answer = _sqs().get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(names))
    return sum(int(answer["Attributes"][name]) for name in names)


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
            from botocore.config import Config

            patience = Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 2})
            _client = boto3.client("sqs", config=patience)
        return _client
