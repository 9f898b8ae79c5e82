"""A stage as ``python -m infra.stack`` leaves it."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from infra.stack.package import package
from infra.stack.stage import stage

Json = Any


class Packaged(NamedTuple):
    """Template and zips of a stage."""

    folder: Path
    template: Json

    def of(self, kind: str) -> dict[str, Json]:
        """Name -> properties of the resources of a type."""
        return {
            name: resource["Properties"]
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }


def packaged_stage(name: str, folder: Path) -> Packaged:
    """Package a stage into the folder."""
    package(stage(name), folder)
    return Packaged(folder, json.loads((folder / "template.json").read_text()))
