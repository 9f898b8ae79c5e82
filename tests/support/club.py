"""The platform as people use it: over HTTP, with real codes read from the outbox.

No test reaches past this.
"""

import csv
import io
import itertools
import json
import os
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx

from chalicelib.kernel import tokens
from chalicelib.kernel.clock import now, render
from chalicelib.kernel.settings import Settings, read_settings
from infra.local import clock
from infra.local.resources import ROOT
from infra.local.wiring import Events

T = TypeVar("T")
V = TypeVar("V")
SOAK = os.environ.get("CLUBKEEPER_SOAK") == "1"
JEWELS = json.loads((ROOT / "programs/jewels.json").read_text())
_phones = itertools.count(int(uuid.uuid4().int % 8_000_000))
_lock = threading.Lock()


def figure(usual: int, soak: int) -> int:
    """How often to do a thing: the same test, larger under ``make soak``."""
    return soak if SOAK else usual


def at_once(do: Callable[[T], V], over: Sequence[T], workers: int = 0) -> list[V]:
    """Do a thing for all at the same time, from as many threads (or so many); results in order."""
    size = workers or len(over)
    gate = threading.Barrier(min(size, len(over)))
    first = threading.local()

    def one(what: T) -> V:
        if not hasattr(first, "passed"):
            first.passed = True
            gate.wait(60)
        return do(what)

    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(one, over))


class Running(Protocol):
    """What a house needs of a platform."""

    url: str
    environment: dict[str, str]
    events: Events | None


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

    def staff(self, programs: tuple[str, ...] = ("*",), rights: tuple[str, ...] = ("*",)) -> str:
        """A staff token, good for twelve hours of the platform's clock."""
        claims = {"sub": "tester", "programs": list(programs), "rights": list(rights)}
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
        return httpx.Client(base_url=self.url, timeout=60, transport=transport)


def bearer(token: str, **more: str) -> dict[str, str]:
    """Header fields of a signed-in caller."""
    return {"Authorization": f"Bearer {token}", **more}


def new_phone() -> str:
    """A phone number that no test had before."""
    with _lock:
        return f"+7916{next(_phones) % 10_000_000:07}"


@dataclass
class Club:
    """A club, and staff who may do everything in it."""

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
        """A staff call below this program."""
        fields = bearer(self.token, **{"Idempotency-Key": key or uuid.uuid4().hex})
        fields |= more.pop("headers", {})
        url = f"/v1/staff/programs/{self.id}{path}"
        return self.house.http.request(method, url, headers=fields, **more)

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

    def join(self, phone: str | None = None, *, kind: str = "buyer", client: str = "") -> "Member":
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

    def sign_in(self, phone: str, client: str = "") -> "Member":
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


@dataclass
class Member:
    """A signed-in member."""

    club: Club
    phone: str
    session: dict[str, Any]
    client: str = ""

    @property
    def id(self) -> str:
        """The member's id."""
        return str(self.session["member"]["member"])

    @property
    def token(self) -> str:
        """The access token."""
        return str(self.session["access_token"])

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A call below ``/v1/me``."""
        fields = bearer(self.token, **more.pop("headers", {}))
        house = self.club.house
        http = house.from_address(self.client) if self.client else house.http
        return http.request(method, f"/v1/me{path}", headers=fields, **more)

    def register(self, tag: dict[str, str], code: str | None = None) -> httpx.Response:
        """Register an item by its scratch code."""
        body = {"serial": tag["serial"], "scratch_code": code or tag["scratch_code"]}
        return self.call("POST", "/items", json=body)

    def scan(self, tag: dict[str, str]) -> dict[str, Any]:
        """What the member's own app shows of a scanned tag."""
        answer = self.club.house.http.get(f"/v1/tags/{tag['serial']}", headers=bearer(self.token))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def refresh(self) -> httpx.Response:
        """Exchange the refresh token; a good answer becomes the session."""
        body = {"refresh_token": self.session["refresh_token"]}
        answer = self.club.house.http.post("/v1/sessions/refresh", json=body)
        if answer.status_code == 200:
            self.session = answer.json()
        return answer

    def adjust(self, points: int, **more: Any) -> httpx.Response:
        """Points added or taken by staff."""
        body = {"points": points, "reason": "By a test"}
        return self.staff("POST", "/adjustments", json=body, **more)

    def staff(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A staff call below this member."""
        return self.club.staff(method, f"/members/{self.id}{path}", **more)

    def account(self) -> dict[str, Any]:
        """The member's points."""
        answer = self.call("GET", "/account")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def entries(self) -> list[dict[str, Any]]:
        """The whole history, newest first."""
        return self.rows("/entries")

    def rows(self, path: str) -> list[dict[str, Any]]:
        """All pages of one of the member's lists."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.call("GET", path, params={"limit": 100, "cursor": cursor})
            assert answer.status_code == 200, answer.text
            rows += answer.json()["rows"]
            cursor = answer.json()["next"]
            if not cursor:
                return rows

    def proof(self) -> dict[str, Any]:
        """Whether the entries add up to the balance, as staff ask it."""
        answer = self.staff("GET", "/proof")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
