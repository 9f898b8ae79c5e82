"""The platform as people use it: over HTTP, with real codes read from the outbox. No test reaches past this."""

import itertools
import json
import os
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from chalicelib.kernel.settings import settings
from infra.local.platform import Platform
from infra.local.resources import ROOT

SOAK = os.environ.get("CLUBKEEPER_SOAK") == "1"
JEWELS = json.loads((ROOT / "programs/jewels.json").read_text())
_phones = itertools.count(int(uuid.uuid4().int % 8_000_000))
_lock = threading.Lock()


def figure(usual: int, soak: int) -> int:
    """How often to do a thing: the same test, larger under ``make soak``."""
    return soak if SOAK else usual


class House:
    """One platform and connections to it from any number of client addresses."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.url = platform.url
        self.http = httpx.Client(base_url=platform.url, timeout=60)
        self._addresses: dict[str, httpx.Client] = {}

    def close(self) -> None:
        """Close all connections."""
        for client in (self.http, *self._addresses.values()):
            client.close()

    def from_address(self, address: str) -> httpx.Client:
        """A connection from another loopback address, i.e. another client."""
        with _lock:
            if address not in self._addresses:
                transport = httpx.HTTPTransport(local_address=address)
                self._addresses[address] = httpx.Client(
                    base_url=self.url, timeout=60, transport=transport
                )
            return self._addresses[address]

    def staff(self, programs: tuple[str, ...] = ("*",), rights: tuple[str, ...] = ("*",)) -> str:
        """A staff token."""
        from datetime import UTC, datetime, timedelta

        from chalicelib.kernel import tokens

        claims = {"sub": "tester", "programs": list(programs), "rights": list(rights)}
        at = datetime.now(UTC)
        return tokens.issue(settings(), "staff", claims, at, timedelta(hours=12))

    def new_club(self, **changes: Any) -> "Club":
        """A published club with a name nobody else has."""
        document = {**JEWELS, **changes, "id": f"club-{uuid.uuid4().hex[:12]}"}
        return Club(self, document)

    def outbox(self, to: str) -> list[str]:
        """Texts of the messages sent to an address, oldest first."""
        lines = Path(settings().outbox).read_text().splitlines()
        messages = [json.loads(line) for line in lines]
        return [message["text"] for message in messages if message["to"] == to]


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
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.document["id"]
        self.token = self.house.staff()
        self.publish()

    def publish(self, effective_at: str | None = None) -> None:
        """Draft and publish the document."""
        self.staff("PUT", "/draft", json=self.document).raise_for_status()
        from chalicelib.kernel.clock import now, render

        body = {"effective_at": effective_at or render(now(settings()))}
        self.staff("POST", "/versions", json=body).raise_for_status()

    def staff(
        self, method: str, path: str, *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        """A staff call below this program."""
        fields = bearer(self.token, **{"Idempotency-Key": key or uuid.uuid4().hex})
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
        import re

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
        return Member(self, phone, answer.json())

    def sign_in(self, phone: str) -> "Member":
        """A session of somebody who joined before."""
        challenge = self.challenge(phone)
        body = {"challenge": challenge, "one_time_code": self.code(phone)}
        answer = self.house.http.post(f"/v1/programs/{self.id}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return Member(self, phone, answer.json())

    def tags(self, count: int = 1, **more: Any) -> list[dict[str, str]]:
        """New tags as their print file tells: serial, url, scratch_code, sku."""
        import csv
        import io

        batch = self.make_batch(count, **more)
        self.staff("POST", f"/batches/{batch}/print-window", json={"reason": "to print"})
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
        assert self.house.platform.events is not None
        self.house.platform.events.pump()
        return str(answer.json()["batch"])

    def _from(self, client: str) -> httpx.Client:
        return self.house.from_address(client) if client else self.house.http


@dataclass
class Member:
    """A signed-in member."""

    club: Club
    phone: str
    session: dict[str, Any]

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
        return self.club.house.http.request(method, f"/v1/me{path}", headers=fields, **more)

    def register(self, tag: dict[str, str], code: str | None = None) -> httpx.Response:
        """Register an item by its scratch code."""
        body = {"serial": tag["serial"], "scratch_code": code or tag["scratch_code"]}
        return self.call("POST", "/items", json=body)

    def account(self) -> dict[str, Any]:
        """The member's points."""
        answer = self.call("GET", "/account")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def entries(self) -> list[dict[str, Any]]:
        """The whole history, newest first."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.call("GET", "/entries", params={"limit": 100, "cursor": cursor})
            assert answer.status_code == 200, answer.text
            rows += answer.json()["rows"]
            cursor = answer.json()["next"]
            if not cursor:
                return rows
