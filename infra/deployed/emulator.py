"""MiniStack with everything but the table, and the table in the embedded engine, both empty.

MiniStack runs the functions, and its own table forgets what a transaction's token was; so the
functions are sent to the engine that all tests run on, by one environment variable.
"""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.local.aws import Services
from infra.local.engine import Engine
from infra.local.process import HOST
from infra.local.resources import KEY, REGION, client

PATIENCE = 10
"""Seconds for the functions' processes to end by themselves."""


class Emulator:
    """The two, running; ``folder`` holds what they write and is removed at the end."""

    def __init__(self, engine: Engine, services: Services, folder: Path) -> None:
        self.engine = engine
        self.services = services
        self.folder = folder
        self.clock = folder / "clock"

    @property
    def environment(self) -> dict[str, str]:
        """What whoever acts on the stage from here needs beside the functions' own settings."""
        return {
            "CLUBKEEPER_LOCAL": str(self.folder / "demo"),
            "CLUBKEEPER_CLOCK_FILE": str(self.clock),
            "CLUBKEEPER_OUTBOX": "",
            "AWS_ENDPOINT_URL": self.services.url,
            "AWS_ENDPOINT_URL_DYNAMODB": self.engine.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "NO_PROXY": _near(),
        }

    def client(self, service: str) -> Any:
        """A boto3 client of one of MiniStack's services."""
        return client(service, self.services.url)

    @cached_property
    def streams(self) -> Any:
        """The stream of the engine; its shard ids are shorter than boto3's own check allows."""
        return client("dynamodbstreams", self.engine.url, validate=False)


@contextmanager
def running() -> Iterator[Emulator]:
    """Start both on a clean state; at the end nothing of them is left, no process and no file."""
    with tempfile.TemporaryDirectory(prefix="clubkeeper-", dir=_memory()) as name:
        folder = Path(name)
        work = folder / "functions"
        work.mkdir()
        engine = Engine.start(data=folder)
        try:
            more = {
                "CLUBKEEPER_CLOCK_FILE": str(folder / "clock"),  # so that time can pass here
                "AWS_ENDPOINT_URL_DYNAMODB": engine.url,
                "TMPDIR": str(work),  # where MiniStack unpacks functions
                "NO_PROXY": _near(),
                "PYTHONNOUSERSITE": "1",
            }
            services = Services.start(more=more)
            try:
                yield Emulator(engine, services, folder)
            finally:
                services.stop()
                _see_off(work)
        finally:
            engine.stop()


def _see_off(work: Path) -> None:
    """Wait for the functions' processes: they end when MiniStack no longer talks to them."""
    deadline = time.monotonic() + PATIENCE
    while left := _processes(work):
        if time.monotonic() > deadline:
            for process in left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            return
        time.sleep(0.05)


def _processes(work: Path) -> list[int]:
    """Those whose command names a file below the folder; none where there is no /proc."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            if os.fsencode(work) in file.read_bytes():
                found.append(int(file.parent.name))
    return found


def _memory() -> str | None:
    """Each function unpacks code and layer anew, some 40 MB: in memory that costs least."""
    shared = Path("/dev/shm")  # nosec B108
    return None if os.environ.get("TMPDIR") or not shared.is_dir() else str(shared)


def _near() -> str:
    return ",".join(filter(None, [os.environ.get("NO_PROXY"), HOST, "localhost"]))
