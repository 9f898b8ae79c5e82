"""What a layer is built for: a Python version and a machine, and the interpreter that compiles."""

import os
import platform
import shutil
import subprocess  # nosec B404
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
"""The repository."""


class LayerError(Exception):
    """The layer cannot be built; the message is one sentence for the person at the terminal."""


class Target(NamedTuple):
    """A Python version such as ``3.13`` and a machine as wheels name it, e.g. ``aarch64``."""

    python: str
    machine: str

    @property
    def platforms(self) -> tuple[str, ...]:
        """Tags of the wheels that run there, the best first: glibc 2.28, else 2.17."""
        return tuple(
            f"{tag}_{self.machine}" for tag in ("manylinux_2_28", "manylinux2014", "manylinux_2_17")
        )


LAMBDA = Target("3.13", "aarch64")
"""Lambda's ``python3.13`` on ``arm64``."""


def host(python: str = f"{sys.version_info.major}.{sys.version_info.minor}") -> Target:
    """This machine, with its own Python or another version of it."""
    return Target(python, platform.machine())


def interpreter(version: str) -> str:
    """An interpreter of this very version: byte code fits no other.

    Looked for in the variable ``PYTHON313`` (for 3.13), in this process, on the path, and among
    pyenv's.

    Raises:
        LayerError: there is none; the message says how to get one.
    """
    variable = "PYTHON" + version.replace(".", "")
    named = os.environ.get(variable)
    if named:
        if _version(named) != version:
            raise LayerError(f"{variable}={named} is no Python {version}.")
        return named
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [
        sys.executable,
        shutil.which(f"python{version}"),
        *sorted(map(str, pyenv.glob(f"{version}.*/bin/python{version}")), reverse=True),
    ]
    for candidate in filter(None, found):
        if _version(candidate) == version:
            return candidate
    raise LayerError(
        f"Python {version} is missing: install it (Debian 13: apt install python{version}; "
        f"elsewhere: pyenv install {version}), or name it with {variable}=/path/to/python{version}."
    )


def _version(program: str) -> str:
    """The version that a program calls its own; nothing when it does not run (a shim may not)."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run(  # nosec B603
            [program, "-I", "-S", "-c", ask],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()
