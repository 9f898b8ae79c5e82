"""Structured logs and metrics by Powertools. Ids, codes and figures only: never a name, number or
address.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from chalicelib.kernel.errors import Refusal

NAMESPACE = "Clubkeeper"
logger = Logger(service="clubkeeper", log_uncaught_exceptions=False)


@dataclass
class Seen:
    """What became of one request."""

    status: int = 500
    code: str = ""

    def refused(self, refusal: Refusal) -> None:
        """The request got a deliberate no."""
        self.status, self.code = refusal.status, refusal.code

    def failed(self, failure: Exception) -> None:
        """A supplier did not answer; the log says which kind of failure, not what was in the
        request.
        """
        self.status, self.code = 503, type(failure).__name__

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
        count("Requests", operation=operation, outcome=f"{seen.status // 100}xx")


def count(name: str, number: int = 1, **dimensions: str) -> None:
    """Add to a metric; a fresh collector each time, because threads of the local platform share
    modules.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for dimension, value in dimensions.items():
        metrics.add_dimension(name=dimension, value=value)
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
    metrics.flush_metrics()
