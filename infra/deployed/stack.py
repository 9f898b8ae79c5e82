"""Puts a packaged stage into the emulator by the steps of a deployment to AWS: packages and
template to the bucket, a change set, its execution.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from infra.deploy import stack as cloudformation
from infra.deploy.package import upload
from infra.deploy.store import Store
from infra.deploy.target import Target
from infra.deployed.emulator import Emulator
from infra.local.resources import ACCOUNT, REGION
from infra.stack.stage import stage


class Stack(NamedTuple):
    """A deployed stack: its name, its template, and what its outputs say."""

    name: str
    template: dict[str, Any]
    outputs: dict[str, str]


def deploy(
    emulator: Emulator, name: str, folder: Path, parameters: Mapping[str, str | None]
) -> Stack:
    """Deploy the stage that ``python -m layers.package … --host`` left in the folder.

    Raises:
        Stop: CloudFormation refused, or a resource failed.
    """
    os.environ.update(emulator.environment)  # boto3 finds the emulator by it
    target = Target(stage(name, host=True), REGION, ACCOUNT)
    store = Store(target)
    store.ensure()
    packaged = upload(store, folder)
    made = cloudformation.Stack(target, target.name)
    proposed = made.propose({"TemplateURL": store.url(packaged.template)}, dict(parameters))
    if proposed:
        made.carry_out(proposed[0], _quietly)
    _mend_mappings(emulator.client("lambda"))
    template = json.loads((folder / "template.json").read_text())
    return Stack(target.name, template, made.outputs())


def _quietly(_: str) -> None:
    """More than a hundred resources, a line each, would say nothing here."""


def _mend_mappings(functions: Any) -> None:
    """CloudFormation makes numbers of parameters; the emulator leaves them texts, and its poller
    cannot compare one with a number.
    """
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        most = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")
        if most is not None:
            functions.update_event_source_mapping(
                UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": int(most)}
            )
