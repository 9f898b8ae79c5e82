"""Structured logs and metrics by Powertools. Ids, codes and figures only: never a name, number or
address.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from chalicelib.kernel.errors import Refusal

T = TypeVar("T")
NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Clubkeeper")
"""A deployed stage has its own, or stages of one account would mix."""
logger = Logger(service="clubkeeper", log_uncaught_exceptions=False)


@dataclass
class Seen:
    """What became of one request."""

    status: int = 500
    code: str = ""

    def refused(self, refusal: Refusal) -> None:
        """The request got a deliberate no."""
        self.status, self.code = refusal.status, refusal.code

    def failed(self, code: str) -> None:
        """A supplier did not answer; ``code`` is its own word for that."""
        self.status, self.code = 503, code

    def broke(self, defect: Exception) -> None:
        """A defect of ours: its stack goes to the log, never to the caller."""
        self.code = type(defect).__name__
        logger.exception("defect", exc_info=defect)


@contextmanager
def request(operation: str, request_id: str) -> Iterator[Seen]:
    """Log one line and count one request, however it ends."""
    seen = Seen()
    started = time.perf_counter()
    try:
        yield seen
    finally:
        took = round((time.perf_counter() - started) * 1000, 1)
        level = logger.error if seen.status >= 500 else logger.info
        level(
            "request",
            operation=operation,
            correlation_id=request_id,
            status=seen.status,
            code=seen.code,
            duration_ms=took,
        )
        # By outcome alone: each combination is a metric that AWS bills. The line has the operation.
        count("Requests", outcome=f"{seen.status // 100}xx")


def gauge(name: str, seconds: int) -> None:
    """Tell how much of something there is at this moment, in seconds."""
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)
    metrics.flush_metrics()


def count(name: str, number: int = 1, **dimensions: str) -> None:
    """Add to a metric; a fresh collector each time, because threads of the local platform share
    modules.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for dimension, value in dimensions.items():
        metrics.add_dimension(name=dimension, value=value)
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
    metrics.flush_metrics()


def each(things: Iterable[T], act: Callable[[T], object], what: str) -> int:
    """Do every thing, also when one of them cannot be done: that one is logged, counted, passed.

    Returns how many were done. For jobs that must not stand still because of one damaged item.
    """
    done = 0
    for thing in things:
        try:
            act(thing)
            done += 1
        except Exception:
            logger.exception("parked", what=what)
            count("Parked")
    return done


def kept(things: Iterable[T], test: Callable[[T], bool], what: str) -> list[T]:
    """The things that pass a test; one that cannot be tested is logged, counted, passed over."""
    found: list[T] = []

    def judge(thing: T) -> None:
        if test(thing):
            found.append(thing)

    each(things, judge, what)
    return found
