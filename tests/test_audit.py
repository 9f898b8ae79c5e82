"""Whatever staff change leaves one record of who did it, in the same transaction; whoever tries
without the right leaves one too.

Generated from the app's table of contents, so that no operation can be forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app import ROOMS
from chalicelib.kernel.http.routing import Operation, operations
from chalicelib.kernel.table import keys
from chalicelib.kernel.texts import LANGUAGES, knows
from tests.support import stored
from tests.support.club import bearer
from tests.support.faults import SESSION_OVER
from tests.support.stored import Image, Key
from tests.support.world import World

SILENT = {
    "members_search": "It changes nothing; each look leaves a record of its own (test_search.py).",
    "programs_check_draft": "It looks and changes nothing; the document to look at is stored.",
    "programs_preview_draft": "It looks and changes nothing; what it looks at is stored.",
    "earning_try_rules": "It tries rules on an event and changes nothing.",
}
"""Operations of staff that may leave no record, and why."""
OPERATIONS = {
    one.name: one for one in operations(ROOMS) if one.access.startswith("staff") and one.mutates
}
CHANGING = [one for one in OPERATIONS.values() if one.name not in SILENT]
RIGHTFUL = [one for one in OPERATIONS.values() if ":" in one.access]
MINUTE = 60


def each(given: list[Operation]) -> pytest.MarkDecorator:
    """The test, once for each of these operations."""
    return pytest.mark.parametrize("operation", given, ids=lambda one: one.name)


def test_only_operations_of_staff_are_excused() -> None:
    assert SILENT.keys() <= OPERATIONS.keys()


@each(CHANGING)
def test_a_change_leaves_one_record_however_often_it_is_asked_for(
    operation: Operation, world: World
) -> None:
    request, before = world.request(operation), records(world)
    own = operation.access == "staff"
    caller = f"staff:{world.employee.staff}" if own else "operator:tester"
    for again in (False, True):
        answer = world.house.http.send(request)
        over = again and own and answer.status_code == SESSION_OVER
        assert answer.is_success or over, answer.text
        (record,) = new(records(world), before)
        assert (record["outcome"], record["actor"]) == ("done", caller)
        assert record["subject"]
        for language in LANGUAGES:
            assert knows(language, f"action.{record['action']}"), f"{language} {record['action']}"


@each(RIGHTFUL)
def test_a_try_without_the_right_leaves_one_record_a_minute(
    operation: Operation, world: World
) -> None:
    request, before = world.request(operation), records(world)
    right = operation.access.removeprefix("staff:")
    with minute(world, 1):
        request.headers.update(bearer(world.house.staff(rights=(f"{right}x",))))
        for _ in range(2):
            assert world.house.http.send(request).status_code == 403
            (record,) = new(records(world), before)
            told = (record["outcome"], record["actor"], record["action"])
            assert told == ("refused", "operator:tester", right)
    with minute(world, 3):
        request.headers.update(bearer(world.house.staff(rights=(f"{right}x",))))
        assert world.house.http.send(request).status_code == 403
        assert len(new(records(world), before)) == 2


@contextmanager
def minute(world: World, number: int) -> Iterator[None]:
    """The beginning of a minute to come."""
    with world.house.later(number * MINUTE - world.house.now.second):
        yield


def records(world: World) -> dict[Key, Image]:
    """The audit of the club, of its neighbour and of the platform, this month."""
    month = world.house.now.isoformat()[:7]
    return {
        stored.key_of(item): item
        for program in (world.club.id, world.neighbour.id, keys.PLATFORM)
        for item in stored.partition(keys.audit(program, month))
    }


def new(now: dict[Key, Image], before: dict[Key, Image]) -> list[dict[str, Any]]:
    """The records that came, as plain values."""
    return [
        {name: next(iter(value.values())) for name, value in item.items()}
        for key, item in now.items()
        if key not in before
    ]
