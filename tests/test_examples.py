"""Every operation of the API works as its example says, in a club where the things that it names
exist.
"""

import re

import pytest

from app import ROOMS
from chalicelib.kernel.http.routing import Operation, operations
from tests.support.world import World

INSTANT = re.compile(r'"(\d{4}-\d\d-\d\dT[^"]*)"')
ONE_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""How every answer writes an instant."""


@pytest.mark.parametrize("operation", list(operations(ROOMS)), ids=lambda operation: operation.name)
def test_the_example_is_answered_as_documented(operation: Operation, world: World) -> None:
    answer = world.house.http.send(world.request(operation))
    assert answer.is_success, answer.text
    assert answer.status_code in operation.answers
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    assert answer.status_code == 204 or media_type in operation.media_types
    if media_type == "application/json":
        assert all(ONE_SHAPE.fullmatch(instant) for instant in INSTANT.findall(answer.text))


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation.name for operation in operations(ROOMS)]
    assert len(names) == len(set(names))
