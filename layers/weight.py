"""What the packages weigh: bytes, and the CPU time of the import that every cold start pays."""

import os
import statistics
import subprocess  # nosec B404
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from layers import archive
from layers.target import LayerError

UNZIPPED = 40_000_000
"""Bytes that code and layer may have together; Lambda's own limit is 250 MiB."""
IMPORT_MS = 400
"""CPU milliseconds that importing the app may take."""
_RUNS = 5
_IMPORT = """
import sys, time
sys.path[:0] = sys.argv[1:]
began = time.process_time()
import app
print((time.process_time() - began) * 1000)
"""


def sizes(archives: Iterable[Path]) -> list[tuple[str, int, int]]:
    """(name, bytes, bytes unzipped) of each."""
    return [(one.name, one.stat().st_size, archive.unzipped(one)) for one in archives]


def import_ms(python: str, code: Path, layer: Path, *, compiled: bool = True) -> float:
    """CPU milliseconds of ``import app`` with nothing but code and layer: the median of five.

    Raises:
        LayerError: it cannot be imported; the message is Python's own last word.
    """
    with tempfile.TemporaryDirectory() as scratch:
        task, opt = Path(scratch) / "task", Path(scratch) / "opt"
        for zipped, folder in ((code, task), (layer, opt)):
            with zipfile.ZipFile(zipped) as opened:
                names = [
                    name for name in opened.namelist() if compiled or "__pycache__" not in name
                ]
                opened.extractall(folder, names)
        command = [python, "-I", "-S", "-B", "-c", _IMPORT, str(task), str(opt / "python")]
        return statistics.median(_run(command) for _ in range(_RUNS))


def _run(command: list[str]) -> float:
    environment = {"PATH": os.defpath, "AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(  # nosec B603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise LayerError(f"The app cannot be imported: {ran.stderr.strip().splitlines()[-1]}")
    return float(ran.stdout)
