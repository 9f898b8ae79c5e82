"""How each kind of event source is drained: batch size, partial failures, retries, and what becomes
of poison.

The rules are Lambda's, with the waits shortened. A *round* takes one batch per source at most.
"""

import logging
from collections import Counter
from collections.abc import Callable, MutableMapping
from typing import Any, NamedTuple

from infra.local.deliveries import Event, context, queue_event, stream_event

ATTEMPTS = 5
"""How often a stream record is tried before it is parked; for queues their own redrive policy says
so.
"""

Handler = Callable[[Event, Any], Any]
_log = logging.getLogger("clubkeeper.local.events")


class Round(NamedTuple):
    """What one round did; ``failed`` counts records that will be tried again or were parked."""

    handled: int = 0
    failed: int = 0

    def __add__(self, other: object) -> "Round":
        """Sum of two rounds."""
        if not isinstance(other, Round):
            return NotImplemented
        return Round(self.handled + other.handled, self.failed + other.failed)


def _failures(answer: Any) -> set[str]:
    """Identifiers that a handler reported; a malformed report counts as an exception, as on AWS."""
    if not answer:
        return set()
    items = answer["batchItemFailures"] or []
    return {str(item["itemIdentifier"]) for item in items}


class StreamSource:
    """One handler on the table's stream, in the order of the stream.

    A reported failure moves the position up to the first failed record; an exception halves the
    batch until the culprit stands alone. After :data:`ATTEMPTS` it is logged, skipped, and never
    seen again.
    """

    def __init__(
        self,
        name: str,
        handler: Handler,
        streams: Any,
        arn: str,
        batch_size: int,
        positions: MutableMapping[str, str],
    ) -> None:
        """``positions`` maps shard ids to the last sequence number that is done; it is kept up to
        date.
        """
        self._name = name
        self._handler = handler
        self._streams = streams
        self._arn = arn
        self._batch_size = batch_size
        self._positions = positions
        self._size = batch_size
        self._attempts: Counter[str] = Counter()

    def round(self, retry_after: int) -> Round:
        """Hand over one batch of every shard; ``retry_after`` is for queues, the caller paces
        streams.
        """
        description = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        shards = (shard["ShardId"] for shard in description["Shards"])
        return sum((self._shard(shard) for shard in shards), Round())

    def _shard(self, shard: str) -> Round:
        records = self._read(shard)
        if not records:
            return Round()
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        try:
            answer = self._handler(stream_event(records, self._arn), context(self._name))
            failed = _failures(answer) & set(numbers)
        except Exception:
            _log.exception("%s failed on %d stream records", self._name, len(records))
            return self._raised(shard, numbers)
        self._size = self._batch_size
        first = next((at for at, number in enumerate(numbers) if number in failed), len(numbers))
        if first:
            self._positions[shard] = numbers[first - 1]
        if first < len(numbers):
            self._missed(shard, numbers[first])
        return Round(first, len(failed))

    def _read(self, shard: str) -> list[Any]:
        start: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard in self._positions:
            number = self._positions[shard]
            start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": number}
        iterator = self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard, **start)
        found = self._streams.get_records(ShardIterator=iterator["ShardIterator"], Limit=self._size)
        return list(found["Records"])

    def _raised(self, shard: str, numbers: list[str]) -> Round:
        if len(numbers) > 1:
            self._size = len(numbers) // 2
        else:
            self._missed(shard, numbers[0])
        return Round(0, len(numbers))

    def _missed(self, shard: str, number: str) -> None:
        self._attempts[number] += 1
        if self._attempts[number] >= ATTEMPTS:
            _log.error(
                "%s: stream record %s is parked after %d tries", self._name, number, ATTEMPTS
            )
            self._positions[shard] = number
            del self._attempts[number]


class QueueSource:
    """One handler on one queue. The queue's redrive policy decides when a message is dead."""

    def __init__(
        self, name: str, handler: Handler, sqs: Any, arn: str, url: str, batch_size: int
    ) -> None:
        self._name = name
        self._handler = handler
        self._sqs = sqs
        self._arn = arn
        self._url = url
        self._batch_size = min(batch_size, 10)  # the most that one receive returns

    def round(self, retry_after: int) -> Round:
        """Hand over one batch; failed messages come back after ``retry_after`` seconds."""
        received = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._batch_size,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not received:
            return Round()
        ids = {message["MessageId"] for message in received}
        try:
            failed = _failures(self._handler(queue_event(received, self._arn), context(self._name)))
        except Exception:
            _log.exception("%s failed on %d messages", self._name, len(received))
            failed = ids
        done = []
        for message in received:
            handle = {"ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageId"] in failed:
                self._sqs.change_message_visibility(
                    QueueUrl=self._url, **handle, VisibilityTimeout=retry_after
                )
            else:
                done.append({"Id": message["MessageId"], **handle})
        if done:
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=done)
        return Round(len(ids - failed), len(ids & failed))
