"""A table as the drill reads and fills it: whole, past every rule of the platform."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from infra.drill.items import Key, Raw

SEGMENTS = 8
"""Parts in which a table is read, and files of its export."""
BATCH = 25
TRIES = 10
"""How often what a table did not take is sent again, each time after a longer while."""


class NotFilled(Exception):
    """A table did not take all items; the message says why."""


class Table(NamedTuple):
    """A table behind a client."""

    client: Any
    name: str

    def items(self, segment: int | None = None) -> Iterator[Raw]:
        """All items, or those of one segment from 0, by strong reads: a unit per 4 KB."""
        asked: dict[str, Any] = {"TableName": self.name, "ConsistentRead": True}
        if segment is not None:
            asked |= {"Segment": segment, "TotalSegments": SEGMENTS}
        while True:
            answer = self.client.scan(**asked)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def fill(self, items: Iterable[Raw]) -> int:
        """Put items in place of what is there; how many. A unit to write per KB.

        Raises:
            NotFilled: the table does not take them.
        """
        rest, done = iter(items), 0
        while part := list(islice(rest, BATCH)):
            self._send([{"PutRequest": {"Item": item}} for item in part])
            done += len(part)
        return done

    def remove(self, keys: Iterable[Key]) -> int:
        """Delete items; how many. Raises NotFilled."""
        rest, done = iter(keys), 0
        while part := list(islice(rest, BATCH)):
            self._send(
                [{"DeleteRequest": {"Key": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in part]
            )
            done += len(part)
        return done

    def _send(self, requests: list[Raw]) -> None:
        for attempt in range(TRIES):
            answer = self.client.batch_write_item(RequestItems={self.name: requests})
            requests = answer.get("UnprocessedItems", {}).get(self.name, [])
            if not requests:
                return
            time.sleep(min(5.0, 0.05 * 2**attempt))
        raise NotFilled(f"{self.name} does not take {len(requests)} changes: it is throttled.")
