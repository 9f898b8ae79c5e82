"""Compiles ahead, so that a cold start reads byte code instead of making it.

``unchecked-hash``: the byte code names no time of its source, so that it is the same in each
build, and Python does not look at the source when it starts.
"""

import os
import subprocess  # nosec B404
from pathlib import Path

from layers.target import LayerError


def compile_tree(python: str, folder: Path, shown: str) -> None:
    """Compile every module below ``folder`` by this interpreter.

    ``shown`` is where the folder will be: tracebacks name it instead of the folder of the build.

    Raises:
        LayerError: a module does not compile.
    """
    command = [python, "-s", "-S", "-m", "compileall", "-q", "-f", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(folder), "-p", shown, str(folder)]
    # the seed decides the order of sets in the byte code
    seeded = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    seeded["PYTHONHASHSEED"] = "0"
    done = subprocess.run(  # nosec B603
        command, capture_output=True, text=True, check=False, env=seeded
    )
    if done.returncode:
        raise LayerError(f"Byte code cannot be made: {' '.join(done.stdout.split())}")
