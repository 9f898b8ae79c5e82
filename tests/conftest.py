"""One platform per test process: the embedded engine, the queues and the app behind real HTTP."""

import os
from collections.abc import Iterator

import pytest

from infra.local.platform import Platform
from tests.support.club import Club, House


@pytest.fixture(scope="session", autouse=True)
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Everything runs in memory; the app is imported after its environment is there."""
    started = Platform.start(tmp_path_factory.mktemp("platform"), durable=False)
    os.environ.update(started.environment)
    try:
        from app import app

        started.serve(app, background=False)
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def house(platform: Platform) -> Iterator[House]:
    """The platform as its clients see it."""
    opened = House(platform)
    yield opened
    opened.close()


@pytest.fixture
def club(house: House) -> Club:
    """A club of its own for each test, so that tests cannot meet."""
    return house.new_club()
