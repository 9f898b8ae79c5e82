"""A small club to measure in, driven through the gateway in this very process."""

import csv
import io
import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.kernel import tokens
from chalicelib.kernel.clock import now, render
from chalicelib.kernel.settings import settings
from infra.local.gateway import Gateway, Request
from infra.local.resources import ROOT
from infra.local.wiring import Events

CLUB = "bench"
PHONE = "+79160000000"


class Row(NamedTuple):
    """One operation and its budget in units; a dash promises nothing."""

    name: str
    prepare: Callable[[], Any]
    work: Callable[[Any], Any]
    write_budget: str = "-"
    read_budget: str = "-"
    parts: int = 1
    """Among how many things the bill is shared."""


class BenchClub:
    """A published club with one member and as many tags as are asked for."""

    def __init__(self, gateway: Gateway, events: Events, **terms: Any) -> None:
        """Builds the club over the API; ``terms`` are what its document has of its own."""
        self.gateway = gateway
        self._events = events
        stage = settings()
        self._staff = _staff_token()
        document = json.loads((ROOT / "programs/jewels.json").read_text()) | {"id": CLUB}
        document["burn"] = {"type": "after", "count": 1, "unit": "day"}
        document["earning"] |= terms.pop("earning", {})
        document |= terms
        self.staff("PUT", "/draft", document)
        self.staff("POST", "/versions", {"effective_at": render(now(stage))})
        session = self._join()
        self._token, self._member = session["access_token"], session["member"]["member"]
        self.card: str = session["member"]["card_number"]
        self._tags = self._all_tags()

    def rows(self) -> Iterator[Row]:
        """What is measured, in the order of the architecture's table of budgets."""
        first = next(self._tags)
        yield Row(
            "verify a tag (scan counted)", lambda: None, lambda _: self._verify(first), "1", "0.5"
        )
        yield Row("read my account (authorizer and head)", lambda: None, lambda _: self._account())
        yield Row(
            "register an item (with the authorizer's read)",
            lambda: next(self._tags),
            self._register,
            "8",
            "1+1",
        )
        yield Row("adjust by staff", _nothing, lambda _: self._adjust(1))
        yield Row("reverse an adjustment", lambda: self._adjust(1), self._reverse)
        yield Row("place a hold", lambda: self._adjust(1), lambda _: self._hold(), "6+2+2", "0.5+1")
        for end in ("released", "captured"):
            yield Row(f"a hold is {end}", self._hold_one, partial(self._end, end), "6+2", "2")
        yield Row("burn a lot", self._due_lot, lambda _: self._burn(), "4+2", "1")

    def _verify(self, tag: dict[str, str]) -> None:
        self._call("GET", f"/v1/tags/{tag['serial']}", None, "", 200)

    def _account(self) -> None:
        self._call("GET", "/v1/me/account", None, self._token, 200)

    def _register(self, tag: dict[str, str]) -> None:
        body = {"serial": tag["serial"], "scratch_code": tag["scratch_code"]}
        self._call("POST", "/v1/me/items", body, self._token, 201)

    def _adjust(self, points: int) -> int:
        body = {"points": points, "reason": "measured"}
        return int(self._of_member("/adjustments", body)["seq"])

    def _reverse(self, seq: int) -> None:
        self._of_member(f"/entries/{seq}/reversal", {"reason": "measured"})

    def _hold(self) -> str:
        return str(self._of_member("/holds", {"points": 1, "reason": "measured"})["ref"])

    def _hold_one(self) -> str:
        self._adjust(1)
        return self._hold()

    def _end(self, end: str, hold: str) -> None:
        self._of_member(f"/holds/{hold}/resolution", {"end": end, "reason": "measured"})

    def _due_lot(self) -> None:
        self._adjust(1)
        clock = Path(settings().clock_file)
        days = timedelta(days=3).total_seconds()
        clock.write_text(str(int(float(clock.read_text() if clock.exists() else 0) + days)))
        self._staff = _staff_token()

    def _burn(self) -> None:
        self._of_member("/burn-off", {})

    def _of_member(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.staff("POST", f"/members/{self._member}{path}", body)

    def _join(self) -> dict[str, Any]:
        ask = {"channel": "sms", "address": PHONE}
        asked = self._call("POST", f"/v1/programs/{CLUB}/sign-in-codes", ask, "", 202)
        text = json.loads(Path(settings().outbox).read_text().splitlines()[-1])["text"]
        code = next(
            word for word in text.replace(".", " ").split() if word.isdigit() and len(word) == 6
        )
        join = {"kind": "buyer", "accept_rules": 1, "language": "en"}
        body = {"challenge": asked["challenge"], "one_time_code": code, "join": join}
        return self._call("POST", f"/v1/programs/{CLUB}/sessions", body, "", 201)

    def _all_tags(self) -> Iterator[dict[str, str]]:
        body = {"sku": "RING-585-17", "category": "ring", "name": NAME, "count": 1000}
        batch = self.staff("POST", "/batches", body)["batch"]
        self._events.pump()
        self.staff("POST", f"/batches/{batch}/print-window", {"reason": "to measure"})
        path = f"/v1/staff/programs/{CLUB}/batches/{batch}/print/1?format=csv"
        text = self._raw("GET", path, None, self._staff)[1].decode()
        return itertools.cycle(csv.DictReader(io.StringIO(text)))

    def staff(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A call of an operator below this club."""
        status, raw = self._raw(method, f"/v1/staff/programs/{CLUB}{path}", body, self._staff)
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {raw.decode()}")
        found: dict[str, Any] = json.loads(raw)
        return found

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None, token: str, status: int
    ) -> dict[str, Any]:
        given, raw = self._raw(method, path, body, token)
        if given != status:
            raise SystemExit(f"{method} {path}: {given} {raw.decode()}")
        found: dict[str, Any] = json.loads(raw)
        return found

    def _raw(
        self, method: str, path: str, body: dict[str, Any] | None, token: str
    ) -> tuple[int, bytes]:
        headers = [("idempotency-key", uuid.uuid4().hex)]
        if token:
            headers.append(("authorization", f"Bearer {token}"))
        if body is not None:
            headers.append(("content-type", "application/json"))
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self.gateway.answer(Request(method, path, headers, raw, "127.0.0.1"))
        return answer.status, answer.body


NAME = {"en": "Ring", "ru": "Кольцо", "uk": "Каблучка", "ar": "خاتم"}


def _nothing() -> None:
    return None


def _staff_token() -> str:
    claims = {"sub": "bench", "programs": ["*"], "rights": ["*"]}
    return tokens.issue(settings(), "staff", claims, now(settings()), timedelta(hours=1))
