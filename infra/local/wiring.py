"""Delivers events to the very handlers that are deployed, found by walking the Chalice app.

What Lambda's event source mappings and EventBridge do in the cloud, in one thread: the stream, the
queues and the schedules that ``app.py`` declares. A kind of source this module does not know is an
error at start, so that the local and the deployed wiring cannot drift apart unnoticed.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError
from chalice.app import (
    BaseEventSourceConfig,
    Chalice,
    DynamoDBEventConfig,
    ScheduledEventConfig,
    ScheduleExpression,
    SQSEventConfig,
)

from infra.local import clock
from infra.local.deliveries import context, schedule_event
from infra.local.resources import client, properties, queue_arn
from infra.local.schedules import Due, parse
from infra.local.sources import QueueSource, Round, StreamSource

IDLE = 0.2
"""Seconds between two looks when nothing was waiting."""
RETRY = 1
"""Seconds before failed records are tried again in the background."""

_log = logging.getLogger("clubkeeper.local.events")


class WiringError(Exception):
    """The app declares an event source that the local platform cannot deliver."""


class Events:
    """All event sources of one app. Safe to use from several threads; one round runs at a time."""

    def __init__(
        self,
        app: Chalice,
        environment: Mapping[str, str],
        position: Path | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """``environment`` is the app's own (:func:`infra.local.environment.environment`).

        ``position`` is a file that remembers what was delivered; without it a new object starts at
        the oldest stream record. ``now`` replaces the movable clock of the environment.

        Raises:
            WiringError: a source of an unknown kind, stream or queue.
            ScheduleError: a schedule that cannot be followed.
        """
        file = Path(environment["CLUBKEEPER_CLOCK_FILE"])
        self._now = now or (lambda: clock.now(file))
        self._environment = environment
        self._position = position
        self._memory = _remembered(position)
        self._lock = threading.RLock()
        self._handlers = dict(app.handler_map)
        self._sources: list[StreamSource | QueueSource] = []
        self._schedules: dict[str, Due] = {}
        self._sqs = client("sqs", environment["AWS_ENDPOINT_URL"])
        # the engine's shard ids are shorter than boto3's own check allows
        url = environment["AWS_ENDPOINT_URL_DYNAMODB"]
        self._streams = client("dynamodbstreams", url, validate=False)
        for source in app.event_sources:
            self._add(source)

    @property
    def schedules(self) -> tuple[str, ...]:
        """Names that :meth:`fire` takes."""
        return tuple(self._schedules)

    def pump(self) -> int:
        """Deliver everything that is waiting, and what that causes, until quiet; schedules do not
        fire.

        Failures are tried again at once, up to their dead letter. Returns how many records were
        handled.
        """
        total = 0
        with self._lock:
            while (done := self._round(retry_after=0)) != Round():
                total += done.handled
        return total

    def fire(self, name: str, at: datetime | None = None) -> Any:
        """Run one schedule's handler now, with ``at`` (default: the clock) as the event's time."""
        if name not in self._schedules:
            raise WiringError(f"There is no schedule {name!r}; known: {', '.join(self.schedules)}.")
        with self._lock:
            event = schedule_event(name, at or self._now())
            return self._handlers[name](event, context(name))

    def fire_due(self) -> int:
        """Fire, once each, the schedules whose time came since the last look; returns how many.

        A schedule seen for the first time starts counting now. A handler that raises is logged and
        counts as fired: EventBridge's own retries are not imitated.
        """
        fired = 0
        with self._lock:
            now, seen = self._now(), self._memory["schedules"]
            for name, due in self._schedules.items():
                last = datetime.fromisoformat(seen.get(name, now.isoformat()))
                late = last <= now and due(last, now)
                if late or last > now or name not in seen:  # later than now: the clock was set back
                    seen[name] = now.isoformat()
                    self._remember()
                if late:
                    fired += 1
                    self._fire_safely(name, now)
        return fired

    def run(self, stop: threading.Event) -> None:
        """Deliver in the background until ``stop`` is set; a broken engine is waited for."""
        while not stop.is_set():
            wait = 0.0
            try:
                self.fire_due()
                with self._lock:
                    done = self._round(retry_after=RETRY)
                wait = RETRY if done.failed else (0 if done.handled else IDLE)
            except BotoCoreError as fault:  # an engine is away; its end is told elsewhere
                _log.warning("events wait: %s", fault)
                wait = RETRY
            except Exception:
                _log.exception("events wait")
                wait = RETRY
            stop.wait(wait)

    def _add(self, source: BaseEventSourceConfig) -> None:
        name, handler = source.name, self._handlers[source.name]
        if isinstance(source, ScheduledEventConfig):
            expression = source.schedule_expression
            text = (
                expression.to_string() if isinstance(expression, ScheduleExpression) else expression
            )
            self._schedules[name] = parse(text)
        elif isinstance(source, DynamoDBEventConfig):
            arn = self._environment["CLUBKEEPER_STREAM_ARN"]
            if source.stream_arn != arn:
                raise WiringError(
                    f"{name} listens to the stream {source.stream_arn}, not to {arn}."
                )
            positions = self._memory["streams"].setdefault(name, {})
            self._sources.append(
                StreamSource(name, handler, self._streams, arn, source.batch_size, positions)
            )
        elif isinstance(source, SQSEventConfig):
            self._sources.append(self._queue(source))
        else:
            raise WiringError(f"{name} has a source of an unknown kind: {type(source).__name__}.")

    def _queue(self, source: SQSEventConfig) -> QueueSource:
        queue = (source.queue_arn or source.queue or "").rsplit(":", 1)[-1]
        if queue not in properties("AWS::SQS::Queue"):
            raise WiringError(
                f"{source.name} listens to {queue!r}, which is not in resources.json."
            )
        url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        handler = self._handlers[source.name]
        return QueueSource(
            source.name, handler, self._sqs, queue_arn(queue), url, source.batch_size
        )

    def _round(self, retry_after: int) -> Round:
        done = Round()
        for source in self._sources:
            done += source.round(retry_after)
        if done != Round():
            self._remember()
        return done

    def _fire_safely(self, name: str, at: datetime) -> None:
        try:
            self.fire(name, at)
        except Exception:
            _log.exception("schedule %s failed", name)

    def _remember(self) -> None:
        """Write the memory as a whole; a record handled just before a crash is delivered again,
        never lost.
        """
        if self._position is None:
            return
        draft = self._position.with_suffix(".new")
        draft.write_text(json.dumps(self._memory))
        draft.replace(self._position)


def _remembered(position: Path | None) -> dict[str, dict[str, Any]]:
    if position is None or not position.exists():
        return {"streams": {}, "schedules": {}}
    memory: dict[str, dict[str, Any]] = json.loads(position.read_text())
    return memory
