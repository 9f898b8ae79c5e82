"""What is built once for all tests of the cloud's side."""

import fcntl
from pathlib import Path

import pytest

from layers.build import build
from layers.target import host
from tests.support.packaged import Packaged, packaged_stage


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


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    """The stage of production."""
    return packaged_stage("prod", tmp_path_factory.mktemp("prod"))
