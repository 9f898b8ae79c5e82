"""What purchases cost through the API: a till of a club whose twenty rules look at every line."""

import base64
import itertools
import json
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from bench.club import NAME, BenchClub, Row
from bench.rules import CATEGORIES, twenty_rules
from chalicelib.kernel import signatures
from chalicelib.kernel.clock import now, render
from chalicelib.kernel.settings import settings
from infra.local.gateway import Request

PARTNER, OUTLET = "rubin", "arbat"
SCOPES = ["receipts.write", "receipts.read", "quotes.write"]
BATCH = 25
Json = dict[str, Any]
Ready = tuple[str, list[tuple[str, str]], bytes, int]
"""A signed request: path, headers, body, and the status to expect."""


def terms() -> Json:
    """What the club's document says of purchases."""
    rules = msgspec.to_builtins(twenty_rules().earning.rules)
    return {
        "earning": {"rules": [{**rule, "name": NAME} for rule in rules]},
        "purchases": {"spending": {"point_value": 100}, "attach_days": 14},
    }


class Till:
    """A signed system of a partner, whose buyer is the club's one member."""

    def __init__(self, club: BenchClub) -> None:
        """Makes the partner, its outlet and a credential, over the API."""
        self._club = club
        self._numbers = itertools.count(1)
        club.staff("PUT", f"/partners/{PARTNER}", {"name": "Rubin"})
        path = f"/partners/{PARTNER}/outlets/{OUTLET}"
        club.staff("PUT", path, {"name": "Arbat", "kind": "shop"})
        path = f"/partners/{PARTNER}/credentials"
        issued = club.staff("POST", path, {"name": "Till", "scopes": SCOPES})
        self._sent_as = issued["sent_as"]
        self._key = base64.b64decode(issued["secret"].removeprefix(signatures.PREFIX))

    def rows(self) -> Iterator[Row]:
        """What is measured; signing is not."""
        receipts = "/v1/partner/receipts"
        yield Row(
            "post a receipt of 10 lines under 20 rules",
            lambda: self._signed(receipts, self._receipt(10)),
            self._send,
            "8",
            "6.5+1",
        )
        yield Row(
            "the same receipt again",
            lambda: self._twice(receipts),
            self._send,
            "0",
            "8.5+1",
        )
        yield Row(
            "pay with points: the same, and 1 point",
            lambda: self._signed(receipts, {**self._receipt(10), "points": 1}),
            self._send,
            "10",
            "6.5+1",
        )
        yield Row("take 2 of its lines back", self._return, self._send, "8-12", "6+1")
        yield Row(
            "price a basket of 10 lines",
            lambda: self._signed("/v1/partner/quotes", self._basket(10), 200),
            self._send,
            "0",
            "6.5+1",
        )
        yield Row(
            f"a batch of {BATCH} receipts, for each",
            lambda: self._signed(
                "/v1/partner/receipt-batches",
                {"receipts": [self._receipt(10) for _ in range(BATCH)]},
                200,
            ),
            self._send,
            "4.2",
            "0.3",
            BATCH,
        )
        yield Row(
            "post a receipt of 500 lines",
            lambda: self._signed(receipts, self._receipt(500)),
            self._send,
            "18",
            "6.5+1",
        )

    def sell(self) -> Json:
        """Post a receipt of ten lines."""
        return self._send(self._signed("/v1/partner/receipts", self._receipt(10)))

    def _basket(self, lines: int) -> Json:
        return {
            "outlet": OUTLET,
            "buyer": {"card": self._club.card},
            "lines": [
                {
                    "sku": f"S{place}",
                    "category": CATEGORIES[place % 4],
                    "brand": ("rubin", "opal")[place % 2],
                    "quantity": place % 3 + 1,
                    "price": 9_900 + 1_000 * (place % 17),
                }
                for place in range(lines)
            ],
        }

    def _receipt(self, lines: int) -> Json:
        at = render(now(settings()))
        return {**self._basket(lines), "number": str(next(self._numbers)), "at": at}

    def _twice(self, path: str) -> Ready:
        body = self._receipt(10)
        self._send(self._signed(path, body))
        return self._signed(path, body)

    def _return(self) -> Ready:
        sold = self.sell()
        body = {
            "number": f"R{next(self._numbers)}",
            "at": render(now(settings())),
            "lines": [{"line": 3, "quantity": 1}, {"line": 4, "quantity": 1}],
        }
        return self._signed(f"/v1/partner/receipts/{sold['receipt']}/returns", body)

    def _signed(self, path: str, body: Json, status: int = 201) -> Ready:
        raw, ident = json.dumps(body).encode(), str(uuid.uuid4())
        stamp = str(int(now(settings()).timestamp()))
        headers = [
            ("content-type", "application/json"),
            ("clubkeeper-credential", self._sent_as),
            ("webhook-id", ident),
            ("webhook-timestamp", stamp),
            ("webhook-signature", signatures.sign(self._key, ident, stamp, raw)),
        ]
        return path, headers, raw, status

    def _send(self, ready: Ready) -> Json:
        path, headers, raw, status = ready
        answer = self._club.gateway.answer(Request("POST", path, headers, raw, "127.0.0.1"))
        if answer.status != status:
            raise SystemExit(f"{path}: {answer.status} {answer.body.decode()}")
        found: Json = json.loads(answer.body)
        return found
