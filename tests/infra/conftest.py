"""What is built once for all tests of the cloud's side."""

import fcntl
from pathlib import Path

import pytest

from layers.build import build
from layers.target import host


@pytest.fixture(scope="session")
def host_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dependency layer for this machine, built once for all workers of the run."""
    shared = tmp_path_factory.getbasetemp()
    if shared.name.startswith("popen-"):  # a worker's own folder below the run's
        shared = shared.parent
    layer = shared / "host-layer.zip"
    with (shared / "host-layer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not layer.exists():
            build(host(), layer)
    return layer
