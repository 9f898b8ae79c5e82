"""What acceptance tests share."""

from collections.abc import Iterator

import pytest

from tests.support.club import House

HOUR = 3600


@pytest.fixture
def calm(house: House) -> Iterator[None]:
    """A minute past a full hour: no window of a limit ends during the test."""
    left = HOUR - int(house.now.timestamp()) % HOUR
    with house.later(left + 60):
        yield
