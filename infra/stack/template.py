"""One template: what every module adds to Chalice's, and what Chalice gets wrong put right."""

from collections.abc import Callable

from infra.stack import (
    alarms,
    api,
    dashboard,
    data,
    edge,
    edge_headers,
    functions,
    parameters,
    sites,
    sources,
    topic,
    vault,
)
from infra.stack.stage import Json, Stage

Part = Callable[[Stage], dict[str, Json]]
RESOURCES: tuple[Part, ...] = (
    data.resources,
    vault.resources,
    functions.resources,
    sources.resources,
    api.resources,
    alarms.resources,
    topic.resources,
    dashboard.resources,
    sites.resources,
    edge.resources,
    edge_headers.resources,
)
OUTPUTS: tuple[Part, ...] = (
    data.outputs,
    functions.outputs,
    api.outputs,
    topic.outputs,
    sites.outputs,
    edge.outputs,
)
CONDITIONS: tuple[Part, ...] = (topic.conditions, edge.conditions)
PARAMETERS: tuple[Part, ...] = (parameters.parameters, edge.parameters)


class TemplateError(Exception):
    """The parts do not fit together; the message says what to mend."""


def additions(stage: Stage) -> Json:
    """What ``chalice package --merge-template`` merges."""
    return {
        "Description": f"Clubkeeper, stage {stage.name}",
        "Parameters": _together(PARAMETERS, stage),
        "Conditions": _together(CONDITIONS, stage),
        "Resources": _together(RESOURCES, stage),
        "Outputs": _together(OUTPUTS, stage),
    }


def finished(template: Json, stage: Stage) -> Json:
    """Chalice's template after the merge, with its event sources and outputs as they should be.

    Raises:
        TemplateError: app.py and ``.chalice/config.json`` do not have the same functions.
    """
    made = {
        name
        for name, resource in template["Resources"].items()
        if resource.get("Type") == "AWS::Serverless::Function"
    }
    configured = set(functions.functions().values())
    if made != configured:
        raise TemplateError(
            "app.py and .chalice/config.json do not have the same functions: "
            + ", ".join(sorted(made ^ configured))
        )
    for name in sorted(made):
        sources.finish(template["Resources"][name]["Properties"])
    sources.in_segments(template["Resources"]["Sweep"]["Properties"], stage.sweep_segments)
    # Chalice's own outputs say the same under other names.
    wanted = _together(OUTPUTS, stage)
    template["Outputs"] = {name: template["Outputs"][name] for name in sorted(wanted)}
    template["Resources"] = dict(sorted(template["Resources"].items()))
    return template


def _together(parts: tuple[Part, ...], stage: Stage) -> dict[str, Json]:
    whole: dict[str, Json] = {}
    for part in parts:
        for name, value in part(stage).items():
            if name in whole:
                raise TemplateError(f"{name} is defined twice.")
            whole[name] = value
    return whole
