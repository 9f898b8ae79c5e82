"""``python -m layers.lock``: make the lock anew from requirements.txt, with the hashes of wheels.

Run it after a version in requirements.txt was changed, and read the difference: it is what the
functions will run. For each version it holds the wheels for Lambda and for the machines that the
local deployment runs on; never a source archive.
"""

import hashlib
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from packaging.utils import parse_wheel_filename

from layers import wheels
from layers.target import LAMBDA, ROOT, LayerError, Target

REQUIREMENTS = ROOT / "requirements.txt"
HOSTS = tuple(
    Target(python, machine)
    for python in ("3.11", "3.12", "3.13", "3.14")
    for machine in ("x86_64", "aarch64")
)
ADDED = ("chalice",)
"""What the functions import and requirements.txt leaves to the developers' list."""
_HEAD = """\
# Made by `python -m layers.lock` from requirements.txt: wheels alone, for Lambda and for this
# machine's Python. The layer is built of these very files.
"""


def wanted() -> dict[str, str]:
    """Name -> version of everything that goes into the layer."""
    developers = wheels.pins(ROOT / "requirements-dev.txt")
    return wheels.pins(REQUIREMENTS) | {name: developers[name] for name in ADDED}


def main() -> int:
    """Write the lock; 1 and one sentence when a version has no wheel for some target."""
    hashes: dict[str, set[str]] = defaultdict(set)
    pinned = wanted()
    try:
        for target in {LAMBDA, *HOSTS}:
            for wheel in _brought(target, pinned):
                hashes[wheel[0]].add(wheel[1])
    except LayerError as fault:
        print(fault, file=sys.stderr)
        return 1
    wheels.LOCK.write_text(
        _HEAD + "".join(_line(name, pinned[name], hashes[name]) for name in sorted(pinned))
    )
    return 0


def _brought(target: Target, pinned: dict[str, str]) -> list[tuple[str, str]]:
    """(name, SHA-256) of each wheel for one target."""
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "wanted.txt"
        listed.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()))
        folder = Path(scratch) / "wheels"
        told = wheels.download(target, folder, listed, [], hashes=False)
        if told.returncode:
            raise LayerError(f"{target.python} on {target.machine}: {told.stderr.strip()}")
        return [
            (str(parse_wheel_filename(file.name)[0]), hashlib.sha256(file.read_bytes()).hexdigest())
            for file in folder.iterdir()
        ]


def _line(name: str, version: str, hashes: set[str]) -> str:
    parts = [f"{name}=={version}", *(f"    --hash=sha256:{one}" for one in sorted(hashes))]
    return " \\\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
