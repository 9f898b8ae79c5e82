"""A Chromium for each test process, and a fresh browser profile for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support import browser
from tests.support.browser import PHONE, Browse, Watched
from tests.support.club import House


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """It runs until the process ends. Without one the tests fail: they are never left out."""
    lacking = browser.missing()
    if lacking:
        pytest.fail(lacking, pytrace=False)
    expect.set_options(timeout=browser.TIMEOUT_MS)
    with browser.chromium() as running:
        yield running


@pytest.fixture
def browse(chromium: Browser, house: House) -> Iterator[Browse]:
    """Opens browsers of people; whatever went wrong in one of them fails the test."""
    opened: list[Watched] = []

    def open_one(language: str = "en", size: tuple[int, int] = PHONE) -> Watched:
        opened.append(Watched(chromium, house.url, language, size))
        return opened[-1]

    yield open_one
    faults = [fault for each in opened for fault in each.close()]
    assert not faults, "\n".join(faults)


@pytest.fixture
def watched(browse: Browse) -> Watched:
    """The browser of somebody who reads English on a phone."""
    return browse()
