"""Child processes that never outlive their parent and never see the terminal's Ctrl-C."""

import os
import signal
import socket
import subprocess  # nosec B404
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path

HOST = "127.0.0.1"
_LEASH = Path(__file__).with_name("leash.py")


class StartError(Exception):
    """Something the platform needs cannot start; the message is one sentence for the person at the
    terminal.
    """


def free_port() -> int:
    """A loopback TCP port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int, path: str) -> bool:
    """Whether a GET to a loopback port is answered with 200."""
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


class Child:
    """One running program in its own session.

    It gets ``death`` when the *thread* that called :meth:`start` ends (a Linux rule), so call that
    from one that lives as long as the child should: the main thread, or a test's own.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @classmethod
    def start(
        cls,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        death: signal.Signals = signal.SIGKILL,
        keep: Sequence[int] = (),
    ) -> "Child":
        """Run a command; ``keep`` names file descriptors that it holds open (locks)."""
        leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()), str(int(death))]
        process = subprocess.Popen(  # nosec B603
            [*leash, *map(str, command)],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=tuple(keep),
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """The process id; the leash keeps it, because it replaces itself."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Whether it got ready in time; false at once when it ends instead."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.alive:
            if ready():
                return self.alive
            time.sleep(0.01)
        return False

    def stop(self, seconds: float = 10) -> None:
        """Ask it to end (SIGTERM), insist when it does not within ``seconds``."""
        if self.alive:
            self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        self._process.kill()
        self._process.wait()


def launch(
    begin: Callable[[int], Child], path: str, port: int | None, name: str
) -> tuple[Child, int]:
    """Start a server and wait until it answers GET ``path`` with 200.

    With no ``port`` a free one is chosen; another process may take it first, so that case is tried
    three times.

    Raises:
        StartError: it ended or did not answer.
    """
    for _ in range(1 if port else 3):
        chosen = port or free_port()
        child = begin(chosen)
        if child.wait_until(lambda at=chosen: answers(at, path), 20):  # type: ignore[misc]
            return child, chosen
        child.kill()
    raise StartError(f"{name} did not start on {HOST}:{port or 'any port'}.")
