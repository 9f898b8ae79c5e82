"""Carries the table's stream to its function: MiniStack's mapping reads MiniStack's tables alone.

Batch size and filter are those of the mapping that was deployed; halving and retries are those of
the local platform.
"""

import json
import logging
import threading
from collections.abc import Mapping
from typing import Any

from infra.deployed.emulator import Emulator
from infra.local.deliveries import Event
from infra.local.sources import Round, StreamSource

IDLE = 0.3
"""Seconds between two looks when nothing was written."""
_log = logging.getLogger("clubkeeper.deployed.stream")


class StreamFailed(Exception):
    """The function did not take a batch; it is delivered again."""


class Stream:
    """Delivers in a thread of its own until it is stopped."""

    def __init__(self, emulator: Emulator, function: str, arn: str) -> None:
        self._lambda = emulator.client("lambda")
        self._function = function
        (mapping,) = self._lambda.list_event_source_mappings(FunctionName=function)[
            "EventSourceMappings"
        ]
        filters = mapping.get("FilterCriteria", {}).get("Filters", [])
        self._patterns = [json.loads(one["Pattern"]) for one in filters]
        self._source = StreamSource(
            function, self._deliver, emulator.streams, arn, mapping["BatchSize"], {}
        )
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.delivered = 0

    def __enter__(self) -> "Stream":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                done = self._source.round(retry_after=0)
            except Exception:
                _log.exception("the stream waits")
                done = Round()
            self._over.wait(0 if done.handled else IDLE)

    def _deliver(self, event: Event, _: Any) -> Any:
        wanted = [record for record in event["Records"] if self._wants(record)]
        if not wanted:
            return None
        answer = self._lambda.invoke(
            FunctionName=self._function, Payload=json.dumps({"Records": wanted}).encode()
        )
        said = answer["Payload"].read()
        if "FunctionError" in answer:
            raise StreamFailed(said.decode())
        self.delivered += len(wanted)
        return json.loads(said)

    def _wants(self, record: Mapping[str, Any]) -> bool:
        return not self._patterns or any(matches(one, record) for one in self._patterns)


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a record passes a filter of exact values, as far as ours go.

    Raises:
        ValueError: the pattern compares in another way, which nobody has taught this.
    """
    for key, allowed in pattern.items():
        if isinstance(allowed, dict):
            below = record.get(key)
            if not isinstance(below, dict) or not matches(allowed, below):
                return False
        elif any(isinstance(one, dict) for one in allowed):
            raise ValueError(f"The filter of {key} is none of exact values: {allowed}")
        elif record.get(key) not in allowed:
            return False
    return True
