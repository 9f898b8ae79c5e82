"""Lists that several parts go by: all queues, all schedules."""

from functools import lru_cache

from chalice.app import ScheduledEventConfig

from infra.stack import data, functions, sources
from infra.stack.stage import Stage


def queues(stage: Stage) -> list[str]:
    """Logical names of all queues, the dead-letter queues too."""
    every = {**data.resources(stage), **sources.resources(stage)}
    return [name for name, one in every.items() if one["Type"] == "AWS::SQS::Queue"]


@lru_cache
def scheduled() -> dict[str, str]:
    """Name in app.py -> logical name, of the functions that run by a schedule."""
    # Imported here: the table of contents imports every room.
    from app import app

    names = [one.name for one in app.event_sources if isinstance(one, ScheduledEventConfig)]
    return {name: functions.logical_name(name) for name in names}
