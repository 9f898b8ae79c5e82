"""Brings the wheels of the lock: prebuilt, of the right platform, with the hash that is written.

pip does the choosing and the checking. Wheels that were brought once are kept below ``.local/``,
so that the next build needs no network; their hashes are checked all the same.
"""

import re
import shutil
import subprocess  # nosec B404
import sys
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import parse_wheel_filename

from layers.target import ROOT, LayerError, Target

LOCK = ROOT / "layers" / "requirements-lambda.txt"
KEPT = ROOT / ".local" / "wheels"
_LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)


def pins(file: Path) -> dict[str, str]:
    """Name -> version of a requirements file, names as the index writes them."""
    lines = _LINE.findall(file.read_text())
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in lines}


def fetch(target: Target, folder: Path, lock: Path = LOCK, kept: Path = KEPT) -> list[Path]:
    """Put one wheel per line of the lock into the new folder; returns them sorted.

    Raises:
        LayerError: a line has no fitting wheel (a source archive is no choice), a hash is not the
            one written, or the index cannot be reached.
    """
    at_hand = ["--find-links", str(kept)]
    offline = download(target, folder, lock, [*at_hand, "--no-index"])
    if offline.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        online = download(target, folder, lock, at_hand)
        if online.returncode:
            raise LayerError(f"The wheels of {lock.name} cannot be had: {_reason(online.stderr)}")
    wheels = sorted(folder.iterdir())
    _check(wheels, pins(lock))
    if offline.returncode:
        kept.mkdir(parents=True, exist_ok=True)
        for wheel in wheels:
            draft = kept / f".{wheel.name}.{folder.parent.name}"
            shutil.copyfile(wheel, draft)
            draft.replace(kept / wheel.name)
    return wheels


def download(
    target: Target, folder: Path, wanted: Path, options: Iterable[str], *, hashes: bool = True
) -> "subprocess.CompletedProcess[str]":
    """Run pip for one target. ``--no-deps``: the lock is whole, which a test proves."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq"]
    command += ["--no-deps", "--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", target.python]
    for tag in target.platforms:
        command += ["--platform", tag]
    command += ["--require-hashes"] if hashes else []
    command += ["--dest", str(folder), "--requirement", str(wanted), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603


def _check(wheels: Iterable[Path], wanted: dict[str, str]) -> None:
    """Trust no exit code: exactly the locked versions are there, all as wheels."""
    strange = [wheel.name for wheel in wheels if wheel.suffix != ".whl"]
    if strange:
        raise LayerError(f"No wheel, but a source archive: {', '.join(strange)}.")
    named = (parse_wheel_filename(wheel.name) for wheel in wheels)
    found = {str(name): str(version) for name, version, *_ in named}
    if found != wanted:
        differing = sorted(dict(found.items() ^ wanted.items()))
        raise LayerError(f"Not what the lock says: {', '.join(differing)}.")


def _reason(told: str) -> str:
    """pip's own words, on one line."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return " ".join(lines) or "pip gives no reason"
