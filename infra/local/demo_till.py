"""A shop of the ready retail chain: its partner, its outlet, and a till whose secret is kept.

The secret is shown once, when the till is connected; the file of the local data has it for the demo
and for whoever wants to try the partner API by hand.
"""

import base64
import json
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from chalicelib.kernel import signatures
from infra.local.demo_client import Client, DemoFailed, Reply
from infra.local.environment import keep_private

PROGRAM = "retail-chain"
PARTNER = "neighbour"
OUTLET = "riverside"
SCOPES = ("receipts.write", "receipts.read", "quotes.write", "members.read", "events.write")


def load(operator: Client, file: Path) -> None:
    """Connect the till, unless it is, and print where its secret is."""
    if not file.exists():
        _connect(operator, file)
    print(
        f"A till of the club `{PROGRAM}` (partner {PARTNER}, outlet {OUTLET}) is connected; its\n"
        f"  credential and secret are in {file}; docs/partner-api.md tells how to sign.\n",
        flush=True,
    )


def _connect(operator: Client, file: Path) -> None:
    base = f"/v1/staff/programs/{PROGRAM}/partners/{PARTNER}"
    operator.must("PUT", base, {"name": "Neighbour"})
    outlet = {"name": "Neighbour at the riverside", "kind": "shop", "city": "Moscow"}
    operator.must("PUT", f"{base}/outlets/{OUTLET}", outlet)
    body = {"name": "Till 1", "scopes": SCOPES}
    made = operator.must("POST", f"{base}/credentials", body)
    kept = {"credential": made["sent_as"], "secret": made["secret"]}
    keep_private(file, json.dumps(kept))


class Till:
    """A till that signs what it sends (docs/partner-api.md)."""

    def __init__(self, url: str, file: Path) -> None:
        """The credential is read from the file.

        Raises:
            DemoFailed: no till is connected yet.
        """
        if not file.exists():
            raise DemoFailed("Please wait until `make run` has connected the demo till.")
        kept = json.loads(file.read_text())
        self.credential: str = kept["credential"]
        self._key = base64.b64decode(kept["secret"].removeprefix(signatures.PREFIX))
        self._url = url
        self._ahead = 0.0

    def call(self, method: str, path: str, body: dict[str, Any]) -> Reply:
        """One signed request below ``/v1/partner``; refusals come back as replies."""
        raw = json.dumps(body).encode()
        ident, stamp = uuid.uuid4().hex, str(int(time.time() + self._ahead))
        headers = {
            "Content-Type": "application/json",
            "Clubkeeper-Credential": self.credential,
            "webhook-id": ident,
            "webhook-timestamp": stamp,
            "webhook-signature": signatures.sign(self._key, ident, stamp, raw),
        }
        target = f"{self._url}/v1/partner{path}"
        answer = httpx.request(method, target, content=raw, headers=headers, timeout=30)
        return Reply(answer.status_code, answer.json())

    def set_clock(self, platform_time: float) -> None:
        """Go by the platform's clock, which the demo's user may have moved."""
        self._ahead = platform_time - time.time()
