"""The deployed stage, as `make deploy-local` has it: packaged functions behind a gateway."""

import ast
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.deployed import left_out
from infra.deployed.stream import matches
from infra.local.resources import ROOT

GOOD_FOR = {
    "chalice": "app.py",
    "boto3": "chalicelib/kernel/queues.py",
    "pynamodb": "chalicelib/kernel/table/items.py",
    "aws_lambda_powertools": "chalicelib/kernel/observability.py",
    "qrcode": "chalicelib/kernel/qr.py",
    "moto": "tests/test_aws_gateways.py",
    "pytest": "tests/conftest.py",
}
"""Package -> where it does what it is good at: routes and event sources, queues, items, logs and
metrics, the codes on tags, the services that no engine of ours has, the tests.
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where everything is put that the run leaves, in memory if there is some."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def processes_of(folder: Path) -> list[str]:
    """Command lines of running processes that name the folder."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if str(folder) in command:
            found.append(command)
    return found


def start(folder: Path, layer: Path) -> "subprocess.Popen[str]":
    """`make deploy-local`, with a layer that is built already."""
    return subprocess.Popen(
        [sys.executable, "-m", "infra.deployed", "--layer", str(layer)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.req("SV-4")
@pytest.mark.timeout(1200)
def test_packaged_functions_behind_the_gateway_do_the_clubs_work(
    host_layer: Path, folder: Path
) -> None:
    """Verification, registration, accrual and redemption, by the zips that are deployed; then the
    stream, the queues and the schedules. What fails ends the run with status 1.
    """
    running = start(folder, host_layer)
    told, _ = running.communicate(timeout=1200)
    assert running.returncode == 0, told
    told = re.sub(r"\s+", " ", told)
    for happened in (
        '"verdict": "genuine"',  # a tag was verified
        '"code": "item_registered"',  # and registered, for points
        "They order a ring box; its points are set aside",
        '"state": "issued"',  # points were redeemed
        "It is paid: the receipt",  # and accrued by a purchase
        "of which its owner was told",  # table, stream, queue
        "by a schedule that fired by itself",  # EventBridge, agenda
        "none a defect",
        "Not proved here",
    ):
        assert happened in told
    assert (processes_of(folder), list(folder.iterdir())) == ([], [])


def test_whoever_stops_it_half_way_leaves_nothing_behind(host_layer: Path, folder: Path) -> None:
    running = start(folder, host_layer)
    assert running.stdout
    while "Packaging" not in running.stdout.readline():
        assert running.poll() is None
    time.sleep(0.5)
    running.send_signal(signal.SIGTERM)
    try:
        running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode != 0
    assert (processes_of(folder), list(folder.iterdir())) == ([], [])


@pytest.mark.req("SV-4")
def test_each_package_is_used_where_it_is_good() -> None:
    for package, file in GOOD_FOR.items():
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse((ROOT / file).read_text()))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert package in imported, file


def test_what_the_emulator_does_not_get_is_listed_with_a_reason() -> None:
    assert left_out.left_out("dev").keys() == left_out.LEFT_OUT.keys()


def test_the_stream_is_filtered_as_its_mapping_says() -> None:
    record = {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": "a"}}}}
    assert matches({"eventName": ["INSERT"]}, record)
    assert not matches({"eventName": ["REMOVE"]}, record)
    assert matches({"dynamodb": {"Keys": {"pk": {"S": ["a", "b"]}}}}, record)
    assert not matches({"dynamodb": {"NewImage": {"pk": {"S": ["a"]}}}}, record)
    with pytest.raises(ValueError, match="none of exact values"):
        matches({"eventName": [{"prefix": "INS"}]}, record)
