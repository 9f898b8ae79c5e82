"""The web apps as people use them: a real Chromium, and all that goes wrong in it."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    Route,
    sync_playwright,
)

from infra.local.sites import WEB
from tests.support.club import House
from tests.support.member import Member
from tests.support.staff import Employee

LANGUAGES = {"en": "en-GB", "ru": "ru-RU", "uk": "uk-UA", "ar": "ar-SA"}
"""The languages of the apps, and the browsers of people who speak them."""
PHONE = (390, 844)
DESK = (1280, 800)
SHOTS = os.environ.get("CLUBKEEPER_SCREENSHOTS", "")
"""A folder to which :meth:`Watched.shot` saves what it sees; empty: none are saved."""
APPS = ("club", "console")
AXE = WEB / "node_modules/axe-core/axe.min.js"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    "--password-store=basic",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
TIMEOUT_MS = 15_000
"""How long something may take to appear, on a busy machine too."""
_PUT = """
if (location.protocol !== 'http:' || localStorage.getItem(seeded)) return
localStorage.setItem(seeded, 'yes')
localStorage.setItem(name, value)
"""
"""Puts a value into the storage once, however many pages are opened."""
_LOADING = "Failed to load resource"
"""How Chromium repeats on the console what :meth:`Watched._answered` knows better."""


def missing() -> str:
    """What has to be installed or built before the tests; nothing when all is there."""
    if not any(map(shutil.which, _NAMES)):
        return (
            "Chromium is missing: run `make browser`, or install it "
            "(Debian: apt install chromium fonts-noto-core)."
        )
    if not AXE.exists() or not all((WEB / app / "dist/index.html").exists() for app in APPS):
        return "The web apps are not built: run `make web`."
    return ""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium without a window."""
    path = next(filter(None, map(shutil.which, _NAMES)))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield running
        finally:
            running.close()


class Watched:
    """One person's browser with one page. What goes wrong in it is kept in ``faults``: violations
    of the content policy, errors on the console, exceptions, requests that failed or were refused.
    """

    def __init__(self, browser: Browser, url: str, language: str, size: tuple[int, int]) -> None:
        """``language`` is a key of :data:`LANGUAGES`; ``size`` in CSS pixels, width first."""
        self.language = language
        self.width = size[0]
        self.url = url
        self.faults: list[str] = []
        self._expected: list[tuple[int, str]] = []
        self._offline = False
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            locale=LANGUAGES[language],
            timezone_id="Europe/Moscow",
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            service_workers="block",
        )
        self.context.set_default_timeout(TIMEOUT_MS)
        self.context.add_init_script(path=AXE)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)

    def expects(self, status: int, path: str) -> None:
        """From now on answers of this status are right for paths in which the pattern is found."""
        self._expected.append((status, path))

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without a network for a while; that requests fail is right then."""
        self._offline = True
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)
        self._settle()
        self._offline = False

    def loses_answer(self, house: House, pattern: str) -> None:
        """The next request that fits a glob is carried out, but its answer never arrives."""
        lost: list[Request] = []

        def lose(route: Route) -> None:
            sent = route.request
            if lost:
                route.continue_()
                return
            lost.append(sent)
            house.http.request(
                sent.method, sent.url, headers=sent.headers, content=sent.post_data_buffer
            )
            route.abort("aborted")

        # Not by times=1: a request that is sent just as the driver stops listening hangs for ever.
        self.page.route(pattern, lose)

    def go(self, path: str) -> Page:
        """Open an address of the platform."""
        self.page.goto(path)
        return self.page

    def come_in(self, who: Member | Employee) -> None:
        """Be signed in from the next page on, as if it had been done in this browser before.

        Whoever comes in must not use their tokens elsewhere meanwhile: a refresh token works once.
        """
        if isinstance(who, Member):
            name, token, note = "__Host-refresh", who.session["refresh_token"], who.club.id
            kept = "clubkeeper.club.session"
        else:
            name, token, note = "__Host-staff-refresh", who.session["refresh_token"], "yes"
            kept = "clubkeeper.console.session"
        self.context.add_cookies(
            [
                {
                    "name": name,
                    "value": token,
                    "url": self.url.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )
        self.remember(kept, note)

    def remember(self, name: str, value: str) -> None:
        """Put something into the browser's local storage, unless the pages have put it there."""
        put = "([name, value, seeded]) => {" + _PUT + "}"
        given = json.dumps([name, value, f"seeded.{name}"])
        self.context.add_init_script(f"({put})({given})")

    def barriers(self) -> list[str]:
        """What axe-core finds that keeps people out, each with the first element it is about."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "() => axe.run(document, {resultTypes: ['violations']}).then(got => got.violations)"
        )
        return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}" for each in found]

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the screen."""
        wider: bool = self.page.evaluate(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        return wider

    def shot(self, name: str) -> None:
        """Save what there is to see, when a folder for that is given."""
        if SHOTS:
            file = Path(SHOTS) / f"{name}-{self.language}-{self.width}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=file, full_page=True, animations="disabled")

    def close(self) -> list[str]:
        """End it; returns what went wrong."""
        self._settle()
        self.context.close()
        return self.faults

    def _settle(self) -> None:
        """Let events in that have come meanwhile."""
        self.page.wait_for_timeout(1)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_LOADING):
            self.faults.append(f"console: {message.text}")

    def _answered(self, answer: Response) -> None:
        path = answer.url.removeprefix(self.url)
        known = any(
            answer.status == status and re.search(at, path) for status, at in self._expected
        )
        if answer.status >= 400 and not known:
            self.faults.append(f"{answer.request.method} {path}: {answer.status}")

    def _failed(self, request: Request) -> None:
        left = "ERR_ABORTED" in str(request.failure)  # what a page asked for that was left
        if not left and not self._offline:
            self.faults.append(f"{request.method} {request.url}: {request.failure}")


Browse = Callable[..., Watched]
"""Opens somebody's browser: ``browse("ar", size=DESK)``; English and a phone unless told."""
