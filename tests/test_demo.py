"""What README promises a newcomer: `make run` loads the demo clubs, `make demo` plays on them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.process import free_port
from infra.local.resources import ROOT

LOADED = "A till of the club `retail-chain`"
DONE = "Done: genuine → registered → points → a gift; bought → paid → returned. Each once."
PATIENCE = 240


class Newcomer:
    """Somebody with a terminal, an own data folder and an own port."""

    def __init__(self, folder: Path) -> None:
        own = {"CLUBKEEPER_LOCAL": str(folder), "PORT": str(free_port())}
        self._environment = {**os.environ, **own, "PYTHONUNBUFFERED": "1"}
        self.log = folder / "run.log"

    def start(self) -> subprocess.Popen[bytes]:
        """`make run`, in the background."""
        with self.log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "infra.local", "run"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One more command, while it runs."""
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    """With a platform that has loaded; in the end it is stopped as Ctrl-C does."""
    one = Newcomer(tmp_path)
    running = one.start()
    try:
        until = time.monotonic() + PATIENCE
        while LOADED not in one.log.read_text():
            assert running.poll() is None, one.log.read_text()
            assert time.monotonic() < until, one.log.read_text()
            time.sleep(0.2)
        yield one
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)
    assert "Stopped. The data is kept" in one.log.read_text()


def test_the_demo_plays_to_its_end_and_again(newcomer: Newcomer) -> None:
    for _ in range(2):
        played = newcomer.command("infra.local.demo")
        assert (played.returncode, played.stderr) == (0, "")
        assert played.stdout.rstrip().endswith(DONE)
    signed_in = newcomer.command("infra.local", "token", "warehouse")
    assert signed_in.stdout.startswith("ey"), signed_in.stderr
