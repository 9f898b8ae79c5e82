"""Counts what DynamoDB would bill, by asking it for consumed capacity on every call."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chalicelib.kernel.table.items import client

P = TypeVar("P")
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
_ASKED = {*WRITES, "GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}


@dataclass
class Bill:
    """What a stretch of work consumed."""

    read_units: float = 0.0
    write_units: float = 0.0
    calls: float = 0
    cpu_s: float = 0.0

    def shared(self, among: int) -> "Bill":
        """The part of each of so many."""
        units = (self.read_units / among, self.write_units / among)
        return Bill(*units, self.calls / among, self.cpu_s / among)


class Meter:
    """Listens on the process's one client; single-threaded use."""

    def __init__(self) -> None:
        self._bill = Bill()
        events = client().meta.events
        events.register("provide-client-params.dynamodb.*", _ask)
        events.register("after-call.dynamodb.*", self._count)

    def measure(self, prepare: Callable[[], P], work: Callable[[P], Any], times: int) -> Bill:
        """The average bill of one piece of work; CPU is the whole process's, edge included.

        ``prepare`` makes what one piece of work needs and is not counted.
        """
        total = Bill()
        for _ in range(times):
            ready = prepare()
            self._bill = total
            started = time.process_time()
            work(ready)
            total.cpu_s += time.process_time() - started
            self._bill = Bill()
        return Bill(
            total.read_units / times,
            total.write_units / times,
            total.calls / times,
            total.cpu_s / times,
        )

    def _count(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self._bill.calls += 1
        consumed = parsed.get("ConsumedCapacity") or []
        for one in consumed if isinstance(consumed, list) else [consumed]:
            if model.name in WRITES:
                self._bill.write_units += one["CapacityUnits"]
            else:
                self._bill.read_units += one["CapacityUnits"]


def _ask(params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
    if model.name in _ASKED:
        return {**params, "ReturnConsumedCapacity": "TOTAL"}
    return params
