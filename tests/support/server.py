"""``python -m tests.support.server FOLDER PORT``: a platform of its own, for tests that kill it.

It tells its state as a line of JSON when it is ready and whenever it was asked to ``restart`` the
engine (by its main thread: the engine dies with the thread that started it). It ends with its
standard input.
"""

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.local.platform import Platform
from infra.local.process import free_port, is_free
from infra.local.resources import ROOT
from infra.local.wiring import Events


def main(folder: str, port: str) -> None:
    """Serve until standard input ends."""
    platform = Platform.start(Path(folder), int(port))
    try:
        os.environ.update(platform.environment)
        platform.serve(importlib.import_module("app").app)
        _tell(platform)
        for _ in sys.stdin:
            platform.engine.restart()
            _tell(platform)
    finally:
        platform.stop()


def _tell(platform: Platform) -> None:
    told = {"engine": platform.engine.pid, "environment": platform.environment}
    print(json.dumps(told), flush=True)


class Server:
    """Such a process, seen from the test. Start it from the test's main thread."""

    events: Events | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._start()

    @property
    def url(self) -> str:
        """Where the API is."""
        return self.environment["CLUBKEEPER_PUBLIC_URL"]

    def kill_engine(self) -> None:
        """SIGKILL to the engine, in the middle of whatever it does."""
        os.kill(self._engine, 9)

    def restart_engine(self) -> None:
        """Start it again on the same data; back when it answers."""
        assert self._process.stdin
        self._process.stdin.write("restart\n")
        self._process.stdin.flush()
        self._listen()

    def kill(self) -> None:
        """SIGKILL to the whole platform, and a new one on the same data and port."""
        self._process.kill()
        self._close()
        services = urlsplit(self.environment["AWS_ENDPOINT_URL"]).port or 0
        self._await(lambda: is_free(services) and is_free(self.port))
        self._start()

    def stop(self) -> None:
        """An orderly end."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        self._close()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.support.server", str(self.folder), str(self.port)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._listen()

    def _listen(self) -> None:
        """Read the next line that is the server's own; logs may stand between."""
        assert self._process.stdout
        for line in self._process.stdout:
            told: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
            if "engine" in told:
                self._engine = int(told["engine"])
                self.environment: dict[str, str] = told["environment"]
                return
        raise AssertionError("the platform ended instead of getting ready")

    def _close(self) -> None:
        self._process.wait(30)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    @staticmethod
    def _await(ready: Any) -> None:
        deadline = time.monotonic() + 30
        while not ready():
            assert time.monotonic() < deadline, "the killed platform still holds its ports"
            time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
