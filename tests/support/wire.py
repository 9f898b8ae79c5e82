"""The wire between this process and its stores: what is sent to DynamoDB, SQS and S3 can be
watched, counted, and broken.

The local front serves requests in threads of this process, so patching botocore's one way out
reaches every call that a request makes, whatever client made it.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

Perform = Callable[[], AWSResponse]
Fault = Callable[["Sent", Perform], AWSResponse]
"""Takes the place of one call; performs it or not."""
WATCHED = ("DynamoDB_20120810.", "AmazonSQS.", "S3.")
WRITES = {"TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem"}
_PARTITION = re.compile(rb'"pk": ?\{"S": ?"([^"]+)"')
_real_sleep = time.sleep


class Crash(BaseException):
    """The process dies here: no code, ours or a library's, may carry on; nobody is answered."""


class Sent:
    """One call on its way out."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        """``request`` is as botocore hands it to the network."""
        self.url: str = request.url
        # A stream is an object's content, which names no partition.
        plain = isinstance(request.body, str | bytes | bytearray)
        self.body: bytes = _bytes(request.body) if plain else b""
        target = _bytes(request.headers.get("X-Amz-Target", b"")).decode()
        if not target and "X-Amz-Content-SHA256" in request.headers:
            target = f"S3.{request.method}Object"  # a REST service: only its signature tells it
        self.service, _, self.action = target.rpartition(".")

    @property
    def writes(self) -> bool:
        """Whether it may change the table."""
        return self.action in WRITES

    def partitions(self) -> set[str]:
        """The partitions it names."""
        return {found.decode() for found in _PARTITION.findall(self.body)}


class Wire:
    """What was sent while somebody watched. Use one at a time."""

    def __init__(self) -> None:
        """Nothing is patched yet; see :meth:`tapped`."""
        self.written: set[str] = set()
        """Partitions written while the wire was tapped; whoever uses the set may empty it."""
        self.removed = False
        """Whether an object of the bucket was removed since somebody said that it was not."""
        self._lock = threading.Lock()
        self._dying = threading.Semaphore(0)
        self._plan: Mapping[int, Fault] = {}
        self._calls: list[Sent] | None = None

    @contextmanager
    def tapped(self) -> Iterator["Wire"]:
        """Patch the way out until the end of the block."""
        real = URLLib3Session.send

        def send(session: Any, request: AWSPreparedRequest) -> AWSResponse:
            sent = Sent(request)

            def perform() -> AWSResponse:
                return real(session, request)

            if not f"{sent.service}.".startswith(WATCHED):
                return perform()
            fault = self._note(sent)
            try:
                return fault(sent, perform) if fault else perform()
            except Crash:
                self._dying.release()
                raise

        with patch.object(URLLib3Session, "send", send):
            yield self

    @contextmanager
    def watching(self, plan: Mapping[int, Fault] | None = None) -> Iterator[list[Sent]]:
        """Collect the calls made in the block; the ``plan`` breaks calls by their index, from 0."""
        with self._lock:
            self._calls, self._plan = [], plan or {}
        try:
            with _no_waiting(), self._dying_quietly():
                yield self._calls
        finally:
            with self._lock:
                self._calls, self._plan = None, {}

    @contextmanager
    def _dying_quietly(self) -> Iterator[None]:
        """Threads that die of :class:`Crash` are meant to; any other death is told as usual.

        The client learns of a death before it is over, so the block waits for the end of each.
        """
        told, dead = threading.excepthook, threading.Semaphore(0)

        def hook(args: Any) -> None:
            if isinstance(args.exc_value, Crash):
                dead.release()
            else:
                told(args)

        with patch.object(threading, "excepthook", hook):
            yield
            while self._dying.acquire(blocking=False):
                assert dead.acquire(timeout=10), "a thread survived its crash"

    def _note(self, sent: Sent) -> Fault | None:
        with self._lock:
            if sent.writes:
                self.written |= sent.partitions()
            # What long work lets go when it is done belongs to no world.
            self.removed |= sent.action == "DELETEObject" and "/work/" not in sent.url
            if self._calls is None:
                return None
            self._calls.append(sent)
            return self._plan.get(len(self._calls) - 1)


@contextmanager
def _no_waiting() -> Iterator[None]:
    """Waits between retries, botocore's and ours, only let other threads run."""
    with patch.object(time, "sleep", lambda _: _real_sleep(0)):
        yield


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else bytes(text)
