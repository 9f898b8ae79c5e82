"""How another command on this machine finds the platform that runs: its environment, in a file of
this user's alone, for as long as it runs.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.environment import keep_private
from infra.local.process import StartError, is_free
from infra.local.resources import ROOT

FILE = "environment.json"


@contextmanager
def announced(environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Let others find the platform until the end of the block."""
    keep_private(folder / FILE, json.dumps(dict(environment)))
    try:
        yield
    finally:
        (folder / FILE).unlink(missing_ok=True)


def running(folder: Path) -> dict[str, str]:
    """The environment of the platform that runs on ``folder``.

    Raises:
        StartError: none does; what a killed one left behind does not count.
    """
    try:
        found: dict[str, str] = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        found = {}
    port = urlsplit(found.get("AWS_ENDPOINT_URL_DYNAMODB", "")).port
    if port is None or is_free(port):
        raise StartError("The platform does not run: start it with `make run` first.")
    return found


def attach(folder: Path) -> None:
    """Make this process one of the platform's own: its tables, queues and secret.

    Raises:
        StartError: it does not run.
    """
    os.environ.update(running(folder))
    sys.path.insert(0, str(ROOT))
