"""The platform as people use it: over HTTP, with real codes read from the outbox.

No test reaches past this.
"""

import csv
import io
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx

from chalicelib.agenda import service as agenda
from chalicelib.agenda import store as agenda_store
from chalicelib.kernel import tokens
from chalicelib.kernel.clock import now, render
from chalicelib.kernel.settings import Settings, read_settings
from chalicelib.kernel.table import keys
from infra.local import clock
from infra.local.sources import StreamSource
from infra.local.wiring import Events
from tests.support import stored
from tests.support.common import JEWELS, SOAK, at_once, bearer, figure, new_phone
from tests.support.member import Member
from tests.support.partner import sign_at_send
from tests.support.staff import Employee, employ

__all__ = [
    "JEWELS",
    "SOAK",
    "Club",
    "House",
    "Member",
    "at_once",
    "bearer",
    "figure",
    "new_phone",
]
MOST_RUNS = 20
_lock = threading.Lock()


class Running(Protocol):
    """What a house needs of a platform."""

    environment: dict[str, str]
    events: Events | None

    @property
    def url(self) -> str:
        """Where the API is."""


class House:
    """One platform and connections to it from any number of client addresses."""

    def __init__(self, platform: Running) -> None:
        self.platform = platform
        self.url = platform.url
        self.stage: Settings = read_settings(platform.environment)
        self.http = self._connect()
        self._addresses: dict[str, httpx.Client] = {}
        self._outbox: dict[str, list[str]] = {}
        self._read = 0

    def close(self) -> None:
        """Close all connections."""
        for client in (self.http, *self._addresses.values()):
            client.close()

    def from_address(self, address: str) -> httpx.Client:
        """A connection from another loopback address, i.e. another client."""
        with _lock:
            if address not in self._addresses:
                self._addresses[address] = self._connect(local_address=address)
            return self._addresses[address]

    def staff(
        self,
        programs: tuple[str, ...] = ("*",),
        rights: tuple[str, ...] = ("*",),
        name: str = "tester",
    ) -> str:
        """A staff token, good for twelve hours of the platform's clock."""
        claims = {"sub": name, "programs": list(programs), "rights": list(rights)}
        return tokens.issue(self.stage, "staff", claims, self.now, timedelta(hours=12))

    def new_club(self, **changes: Any) -> "Club":
        """A published club with a name nobody else has."""
        document = {**JEWELS, **changes, "id": f"club-{uuid.uuid4().hex[:12]}"}
        return Club(self, document)

    def outbox(self, to: str) -> list[str]:
        """Texts of the messages sent to an address, oldest first."""
        with _lock:
            try:
                with Path(self.stage.outbox).open("rb") as file:
                    file.seek(self._read)
                    fresh = file.read()
            except FileNotFoundError:
                fresh = b""
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self._read += len(whole)
            for line in whole.splitlines():
                message = json.loads(line)
                self._outbox.setdefault(message["to"], []).append(message["text"])
            return list(self._outbox.get(to, ()))

    @property
    def now(self) -> datetime:
        """The platform's time, UTC."""
        return now(self.stage)

    def pump(self) -> None:
        """Deliver everything that waits in the stream and the queues, if nobody else does."""
        if self.platform.events is not None:
            self.platform.events.pump()

    def leave_untold(self) -> None:
        """Go past what the stream holds: thousands of changes that nobody waits for would be told
        by the next who delivers anything.
        """
        newest = stored.newest_change()
        for source in self.platform.events._sources if self.platform.events else ():
            if isinstance(source, StreamSource) and newest:
                source._positions |= dict.fromkeys(source._positions, newest)

    def run_due(self, days: int | None = None) -> int:
        """Do everything that is due by the clock; how many entries the agenda sent.

        Tests move the one clock to and fro, so nothing counts as worked off: ``days`` says how far
        to look back after a long leap. Each day that is looked through takes its time, so a run
        begins with the first in which something stands.
        """
        since = datetime.now(UTC) if days is None else self.now
        first = (since - timedelta(days=days or 1)).date().isoformat()
        total = 0
        for _ in range(MOST_RUNS):
            agenda_store.reopen(max(first, self._busy_since(first)))
            sent = agenda.run(self.now)
            if not sent:
                return total
            total += sent
            self.pump()
        raise AssertionError("something that is due cannot be done")

    def _busy_since(self, first: str) -> str:
        """The first day from ``first`` on in whose diary something stands; yesterday at most."""
        yesterday = (self.now - timedelta(days=1)).date().isoformat()
        standing = stored.between(keys.agenda(first, 0), keys.agenda(yesterday, 0))
        return min((pk.split("#")[2] for pk, _ in standing), default=yesterday)

    @contextmanager
    def later(self, span: str | int = 0) -> Iterator[Callable[[str | int], int]]:
        """Move the clock forward by a duration (``P3D``) or seconds; it returns at the end.

        Gives the function that moves it further. One clock per platform: not for parallel tests.
        """
        file = Path(self.stage.clock_file)
        before = clock.offset(file)
        try:
            clock.advance(file, span)
            yield lambda more: clock.advance(file, more)
        finally:
            clock.reset(file)
            if before:
                clock.advance(file, before)

    def _connect(self, **more: Any) -> httpx.Client:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        transport = httpx.HTTPTransport(limits=limits, **more)
        return httpx.Client(
            base_url=self.url,
            timeout=60,
            transport=transport,
            event_hooks={"request": [sign_at_send]},
        )


@dataclass
class Club:
    """A club, and an operator who may do everything in it."""

    house: House
    document: dict[str, Any]
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.document["id"]
        self.publish()

    @property
    def token(self) -> str:
        """A token of staff who may do everything, fresh by the platform's clock."""
        return self.house.staff()

    def publish(self, effective_at: str | None = None) -> int:
        """Draft and publish the document; the number of the version."""
        self.staff("PUT", "/draft", json=self.document).raise_for_status()
        body = {"effective_at": effective_at or render(self.house.now)}
        answer = self.staff("POST", "/versions", json=body)
        answer.raise_for_status()
        return int(answer.json()["version"])

    def staff(
        self, method: str, path: str, *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        """A call of the operator below this program."""
        fields = bearer(self.token, **{"Idempotency-Key": key or uuid.uuid4().hex})
        fields |= more.pop("headers", {})
        url = f"/v1/staff/programs/{self.id}{path}"
        return self.house.http.request(method, url, headers=fields, **more)

    def employ(self, *roles: str) -> Employee:
        """Somebody with these roles in this program, signed in."""
        return employ(self, *roles)

    def challenge(self, address: str, channel: str = "sms", client: str = "") -> str:
        """Ask for a one-time code."""
        answer = self._from(client).post(
            f"/v1/programs/{self.id}/sign-in-codes",
            json={"channel": channel, "address": address},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        answer.raise_for_status()
        return str(answer.json()["challenge"])

    def code(self, address: str) -> str:
        """The newest one-time code sent to an address."""
        found = re.search(r"\b(\d{6})\b", self.house.outbox(address)[-1])
        assert found
        return found[1]

    def join(self, phone: str | None = None, *, kind: str = "buyer", client: str = "") -> Member:
        """A new member, signed in."""
        phone = phone or new_phone()
        challenge = self.challenge(phone, client=client)
        rules = self.house.http.get(f"/v1/programs/{self.id}").json()["version"]
        body = {
            "challenge": challenge,
            "one_time_code": self.code(phone),
            "join": {"kind": kind, "accept_rules": rules, "language": "en"},
        }
        answer = self._from(client).post(f"/v1/programs/{self.id}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return Member(self, phone, answer.json(), client)

    def sign_in(self, phone: str, client: str = "") -> Member:
        """A session of somebody who joined before."""
        challenge = self.challenge(phone, client=client)
        body = {"challenge": challenge, "one_time_code": self.code(phone)}
        answer = self._from(client).post(f"/v1/programs/{self.id}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return Member(self, phone, answer.json(), client)

    def tags(self, count: int = 1, **more: Any) -> list[dict[str, str]]:
        """New tags as their print file tells: serial, url, scratch_code, sku."""
        return self.printed(self.make_batch(count, **more))

    def printed(self, batch: str) -> list[dict[str, str]]:
        """The first part of a finished batch's print file."""
        opened = self.staff("POST", f"/batches/{batch}/print-window", json={"reason": "to print"})
        opened.raise_for_status()
        text = self.staff("GET", f"/batches/{batch}/print/1?format=csv").text
        return list(csv.DictReader(io.StringIO(text)))

    def make_batch(self, count: int = 1, **more: Any) -> str:
        """A finished batch of tags."""
        body = {
            "sku": "RING-585-17",
            "category": "ring",
            "name": {"en": "Ring", "ru": "Кольцо", "uk": "Каблучка", "ar": "خاتم"},
            "count": count,
            **more,
        }
        answer = self.staff("POST", "/batches", json=body)
        assert answer.status_code == 202, answer.text
        self.house.pump()
        return str(answer.json()["batch"])

    def _from(self, client: str) -> httpx.Client:
        return self.house.from_address(client) if client else self.house.http
