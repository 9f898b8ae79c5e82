"""Answers of stores that refuse, as botocore would get them from the network."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse

from tests.support.wire import Sent


def cancelled(sent: Sent, code: str) -> AWSResponse:
    """A transaction given up because of its first item."""
    number = len(json.loads(sent.body)["TransactItems"])
    reasons = [{"Code": code, "Message": "injected"}] + [{"Code": "None"}] * (number - 1)
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    return refused(sent, 400, kind, CancellationReasons=reasons)


def refused(sent: Sent, status: int, kind: str, **more: Any) -> AWSResponse:
    """A call that a JSON service refuses."""
    body = json.dumps({"__type": kind, "message": "injected", **more}).encode()
    headers = {"Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(body))}
    return AWSResponse(sent.url, status, headers, _Raw(body))


def object_refused(sent: Sent, status: int, code: str) -> AWSResponse:
    """A call that the object store refuses."""
    body = f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode()
    body = b"" if sent.action.startswith("HEAD") else body
    headers = {"Content-Type": "application/xml", "Content-Length": str(len(body))}
    return AWSResponse(sent.url, status, headers, _Raw(body))


class _Raw(BytesIO):
    """A body as urllib3 would hand it over."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
