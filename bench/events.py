"""What happens behind the API: facts that are told, and schedules that find nothing to do."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bench.club import Row
from bench.till import Till
from infra.local.wiring import Events

TOLD = "tell what a receipt did (stream, queue, notification)"


def rows(events: Events, till: Till) -> Iterator[Row]:
    """What is measured; CPU has the share of the local platform that delivers, here."""

    def sold() -> None:
        events.pump()
        till.sell()

    yield Row(TOLD, sold, lambda _: events.pump())
    events.pump()
    events.fire("sweep")
    for name in events.schedules:
        yield Row(f"schedule {name}, nothing to do", _nothing, partial(_fire, events, name))


def _fire(events: Events, name: str, _: Any) -> None:
    events.fire(name)


def _nothing() -> None:
    return None
