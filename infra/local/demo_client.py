"""A client of the running platform for the demo: plain HTTP, as a member's program would do."""

import json
import re
import time
import urllib.error
import urllib.request
import uuid
from typing import Any, NamedTuple

import httpx


class Reply(NamedTuple):
    """A status and the decoded JSON, or text."""

    status: int
    body: Any


class DemoFailed(Exception):
    """The platform did not do what the demo needs; the message says what and why."""


class Client:
    """Calls to one running platform."""

    def __init__(self, url: str, token: str = "", language: str = "en") -> None:  # nosec B107
        """``token`` signs the caller in."""
        self.url = url
        self.token = token
        self.language = language

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        """One request; refusals come back as replies."""
        request = urllib.request.Request(  # nosec B310
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Accept-Language": self.language,
                "Idempotency-Key": uuid.uuid4().hex,
                **({"Content-Type": "application/json"} if body is not None else {}),
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # nosec B310
                return Reply(answer.status, _read(answer))
        except urllib.error.HTTPError as refused:
            return Reply(refused.code, _read(refused))
        except urllib.error.URLError as fault:
            raise DemoFailed(
                f"Nothing answers at {self.url}: start the platform with `make run` first "
                "(another port: PORT=… make demo)."
            ) from fault

    def must(self, method: str, path: str, body: Any = None) -> Any:
        """The same where only success will do."""
        reply = self.call(method, path, body)
        if reply.status >= 300:
            raise DemoFailed(f"{method} {path} answered {reply.status}: {reply.body}")
        return reply.body

    def code_sent_to(self, address: str) -> str:
        """The newest one-time code in the outbox for this address."""
        text = self.message_to(address)
        found = re.search(r"\b\d{6}\b", text)
        if not found:
            raise DemoFailed(f"The message to {address} holds no code: {text}")
        return found[0]

    def message_to(self, address: str) -> str:
        """The text of the newest message in the outbox for this address."""
        messages = [one for one in self.must("GET", "/outbox.json") if one["to"] == address]
        return str(max(messages, key=lambda one: str(one["at"]))["text"])

    def upload(self, form: dict[str, Any], content: bytes) -> None:
        """Post a file with a form that the platform gave; only success will do."""
        answer = httpx.post(form["url"], data=form["fields"], files={"file": content}, timeout=30)
        if not answer.is_success:
            raise DemoFailed(f"The upload answered {answer.status_code}: {answer.text}")

    def wait_for(self, path: str, key: str, value: str | int, seconds: int = 120) -> Any:
        """Ask until a field has a value; long work reports its progress this way."""
        for _ in range(seconds * 5):
            found = self.must("GET", path)
            if found[key] == value:
                return found
            time.sleep(0.2)
        raise DemoFailed(f"{path} did not become {value} within {seconds} s: {found}")


def _read(answer: Any) -> Any:
    text = answer.read().decode()
    return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
