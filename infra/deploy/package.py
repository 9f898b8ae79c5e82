"""From the work tree to what CloudFormation reads: code, layer and template in the bucket."""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from infra.deploy.store import Store
from infra.deploy.target import Stop
from infra.stack.stage import ROOT

PLACES = ("CodeUri", "ContentUri")
CHANGED = "-changed"
"""What ends the name of a commit to which something was added since."""
MOST_BYTES = 1_000_000
"""What CloudFormation reads of a template."""


class Packaged(NamedTuple):
    """What is in the bucket."""

    template: str
    artefacts: dict[str, str]
    parameters: frozenset[str]
    """Names of the template's parameters."""


def build(stage: str, folder: Path) -> None:
    """Package the work tree for a stage, into a folder.

    Raises:
        Stop: it cannot be packaged; what the packager said is the message.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # nosec B603
        [sys.executable, "-m", "layers.package", stage, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(f"The stage cannot be packaged: {done.stderr.strip() or done.stdout.strip()}")


def upload(store: Store, folder: Path) -> Packaged:
    """Put what was packaged into the bucket, by its hash, and the template that names it.

    Raises:
        Stop: a file that the template names is missing, or the template is too large.
    """
    template = json.loads((folder / "template.json").read_text())
    artefacts: dict[str, str] = {}
    for properties, place in _local(template):
        file = folder / properties[place]
        if file.name not in artefacts:
            try:
                content = file.read_bytes()
            except OSError:
                raise Stop(f"{file} is missing: package the stage anew.") from None
            artefacts[file.name] = store.keep("artefacts", content, file.suffix)
        properties[place] = f"s3://{store.name}/{artefacts[file.name]}"
    text = json.dumps(template, separators=(",", ":"), sort_keys=True).encode()
    if len(text) > MOST_BYTES:
        raise Stop(f"The template has {len(text):,} bytes; CloudFormation reads {MOST_BYTES:,}.")
    key = store.keep("templates", text, ".json")
    return Packaged(key, artefacts, frozenset(template.get("Parameters", {})))


def commit() -> str:
    """The commit of the work tree, with a word where it was changed since."""
    try:
        done = subprocess.run(  # nosec B603 B607
            ["git", "describe", "--always", f"--dirty={CHANGED}", "--abbrev=10", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _local(template: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Properties that name files of the folder."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for place in PLACES:
            if str(properties.get(place, "")).startswith("./"):
                yield properties, place
