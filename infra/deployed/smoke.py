"""Does it work? What only a deployed stage can show, beyond the demo: events and functions."""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.deployed.emulator import Emulator
from infra.deployed.inventory import Inventory
from infra.deployed.logs import structured
from infra.local import clock, demo_data
from infra.local.deliveries import schedule_event
from infra.local.demo_client import Client, DemoFailed
from infra.local.run import DEMO_FILE

MINUTE = 90
"""Seconds in which the rule that fires each minute must have fired."""

COLD = 180
"""Seconds that the first answers may take."""


class Failed(Exception):
    """Something that was to happen did not; the message says what."""


class Smoke:
    """The checks of one deployed stack; ``url`` is where its front answers."""

    def __init__(self, emulator: Emulator, inventory: Inventory, url: str) -> None:
        self._emulator = emulator
        self._inventory = inventory
        self._url = url
        self._celebrating = ""

    def check(self) -> Iterator[str]:
        """One line for each thing that works; :meth:`begin` comes first, some time before.

        Raises:
            Failed: the first that does not.
        """
        yield self._gateway()
        yield self._stream()
        yield self._daily_round()
        yield self._schedule()
        yield self._observability()

    def _gateway(self) -> str:
        """The gateway's own refusals, which no line of ours makes."""
        visitor = Client(self._url)
        wanted = {"/v1/me": 401, "/v1/no-such-thing": 403, "/v1/health": 200}
        for path, status in wanted.items():
            got = visitor.call("GET", path)
            if got.status != status:
                raise Failed(f"{path} answered {got.status}, not {status}: {got.body}")
        forged = Client(self._url, "forged").call("GET", "/v1/me")
        if forged.status not in (401, 403):
            raise Failed(f"A forged token was answered {forged.status}: {forged.body}")
        return "the gateway refuses strangers, unknown addresses and forged tokens itself"

    def _stream(self) -> str:
        """Table → stream → function → queue → function → table."""
        member = self._joined()
        tag = next(demo_data.free_tags(self._operator(), self._tags()))
        item = {"serial": tag["serial"], "scratch_code": tag["scratch_code"]}
        points = member.must("POST", "/v1/me/items", item)["points"]
        notices = self._until(
            lambda: member.must("GET", "/v1/me/notifications")["rows"],
            "a notification of the registered item",
        )
        return f"{points} points for an item, of which its owner was told: “{notices[0]['text']}”"

    def _daily_round(self) -> str:
        """The schedules that no smoke waits for, called as EventBridge calls them."""
        for name in ("Tidy", "Sweep"):
            event = schedule_event(name, datetime.now(UTC))
            answer = self._emulator.client("lambda").invoke(
                FunctionName=self._inventory.deployed.function(name),
                Payload=json.dumps(event).encode(),
            )
            if "FunctionError" in answer:
                raise Failed(f"{name} failed: {answer['Payload'].read().decode()}")
        return "the rounds of 5 and 15 minutes run when they are called"

    def begin(self) -> None:
        """A member whose birthday is in two days, and three days pass; what comes of it is looked
        at later, because the schedule fires once a minute.
        """
        self._celebrating = self._phone()
        member = self._joined(self._celebrating)
        in_two_days = datetime.now(UTC) + timedelta(days=2)
        member.must("PATCH", "/v1/me", {"birthday": f"1990-{in_two_days:%m-%d}"})
        if member.must("GET", "/v1/me/account")["available"]:
            raise Failed("Somebody has points before their birthday.")
        clock.advance(self._emulator.clock, "P3D")

    def _schedule(self) -> str:
        """EventBridge → function → queue → function → table."""
        member = demo_data.sign_in(self._url, self._celebrating, {})
        gained = self._until(
            lambda: member.must("GET", "/v1/me/account")["available"],
            "points for a birthday, by the schedule that fires each minute",
        )
        return f"{gained} points for a birthday in days to come, by a schedule that fired by itself"

    def _observability(self) -> str:
        """Structured lines and metrics, as the alarms read them."""
        group = self._inventory.physical("APIHandlerLogs", "AWS::Logs::LogGroup")
        lines = structured(self._emulator, group)
        requests = [line for line in lines if line.get("message") == "request"]
        metrics = [line for line in lines if "_aws" in line]
        if not requests or not metrics:
            raise Failed(f"{group} has {len(requests)} request lines, {len(metrics)} metrics.")
        broken = [line for line in requests if line["status"] >= 500]
        if broken:
            raise Failed(f"{len(broken)} requests ended in a defect: {broken[0]}")
        return f"{len(requests)} requests left a structured line and metrics, none a defect"

    def _joined(self, phone: str = "") -> Client:
        return demo_data.sign_in(self._url, phone or self._phone(), {"given_name": "Vera"})

    def _phone(self) -> str:
        return f"+7919{random.randrange(10**7):07}"  # nosec B311

    def _operator(self) -> Client:
        return Client(self._url, operator_token())

    def _tags(self) -> list[dict[str, str]]:
        tags: list[dict[str, str]] = json.loads(DEMO_FILE.read_text())
        return tags

    def _until(self, look: Callable[[], Any], what: str) -> Any:
        """What ``look`` finds, once it finds something."""
        deadline = time.monotonic() + MINUTE
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.5)
        raise Failed(f"Within {MINUTE} seconds there was not {what}.")


def warm(url: str, token: str) -> None:
    """Wait until function and authorizer answer: on a busy machine a cold start takes long.

    Raises:
        Failed: they do not.
    """
    deadline = time.monotonic() + COLD
    for client, path in ((Client(url), "/v1/health"), (Client(url, token), "/v1/me")):
        while (seen := _seen(client, path)) >= 500:
            if time.monotonic() > deadline:
                raise Failed(f"{path} answers {seen} after {COLD} seconds.")


def _seen(client: Client, path: str) -> int:
    try:
        return client.call("GET", path).status
    except (DemoFailed, TimeoutError):
        return 504


def operator_token() -> str:
    """A token for the staff API, made as ``python -m infra.operations token`` does."""
    from chalicelib.kernel.clock import now
    from chalicelib.kernel.settings import settings
    from chalicelib.staff.service import issue

    return issue(settings(), "smoke", ["*"], ["*"], now(settings()), timedelta(hours=1))
