"""What acceptance tests share."""

from collections.abc import Iterator

import pytest

from tests.support.club import Club, House, Member
from tests.support.shop import RICH, Shop

HOUR = 3600


@pytest.fixture
def calm(house: House) -> Iterator[None]:
    """A minute past a full hour: no window of a limit ends during the test."""
    left = HOUR - int(house.now.timestamp()) % HOUR
    with house.later(left + 60):
        yield


@pytest.fixture
def shop(club: Club) -> Shop:
    """Five ring boxes at 100 points each, by post or at a point."""
    opened = Shop(club)
    opened.reward()
    return opened


@pytest.fixture
def member(shop: Shop) -> Member:
    """Somebody with points enough for the shop."""
    joined = shop.club.join()
    assert joined.adjust(RICH).is_success
    return joined
