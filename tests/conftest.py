"""One platform per test process: the embedded engine, the queues and the app behind real HTTP."""

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from chalicelib.kernel.observability import logger
from chalicelib.partners import service_signed
from infra.local.platform import Platform
from tests.support.club import SOAK, Club, House
from tests.support.permissions import Guard
from tests.support.quick import quick_calls, quick_passwords
from tests.support.world import World, Worlds, forget_tries

# No test may fail because the machine was busy. `make test` plays the same examples each time,
# `make soak` new ones; a failure prints how to repeat it.
hypothesis.settings.register_profile(
    "clubkeeper", deadline=None, print_blob=True, derandomize=not SOAK
)
hypothesis.settings.load_profile("clubkeeper")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What walks through the whole table goes first: it takes as long as what others left there."""
    items.sort(key=lambda item: item.get_closest_marker("whole_table") is None)


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """What shows nothing is made short. What a password really costs is tried by tests/unit."""
    with quick_passwords(), quick_calls():
        yield


@pytest.fixture(scope="session", autouse=True)
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Everything runs in memory; the app is imported after its environment is there."""
    folder = _in_memory() or tmp_path_factory.mktemp("platform")
    started = Platform.start(folder, durable=False)
    os.environ.update(started.environment)
    try:
        # Tests that are generated from app.ROOMS imported it before there was an environment.
        sys.modules.pop("app", None)
        logger.setLevel(os.environ["POWERTOOLS_LOG_LEVEL"])
        started.serve(importlib.import_module("app").app, background=False)
        yield started
    finally:
        started.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(dir=memory)) if os.access(memory, os.W_OK) else None


@pytest.fixture(scope="session", autouse=True)
def guard(platform: Platform) -> Iterator[Guard]:
    """All tests run under the policies of the deployed functions."""
    with Guard().enforced() as on_watch:
        yield on_watch


@pytest.fixture(autouse=True)
def _nothing_beyond_its_policy(guard: Guard) -> Iterator[None]:
    """What a function may not do when deployed fails the test, also where the code copes."""
    guard.refused.clear()
    yield
    assert not guard.refused, "\n".join(guard.refused)


@pytest.fixture(scope="session")
def house(platform: Platform) -> Iterator[House]:
    """The platform as its clients see it."""
    opened = House(platform)
    yield opened
    opened.close()


@pytest.fixture(scope="module", autouse=True)
def _no_forgeries_of_others(house: House) -> None:
    """All tests are one client: what they forge within an hour would lock out the rest."""
    forget_tries(house, service_signed.WRONG)


@pytest.fixture(scope="module", autouse=True)
def _no_news_of_others(house: House) -> None:
    """What other modules changed and told nobody is not told in this one."""
    house.leave_untold()


@pytest.fixture
def club(house: House) -> Club:
    """A club of its own for each test, so that tests cannot meet."""
    return house.new_club()


@pytest.fixture(scope="session")
def worlds(house: House) -> Worlds:
    """The example club of this process."""
    return Worlds(house)


@pytest.fixture
def world(worlds: Worlds) -> Iterator[World]:
    """The example club as at its beginning, the wire to its stores tapped."""
    with worlds.wire.tapped():
        yield worlds.as_new()
