"""Table, queues and buckets: ``infra/resources.json``, which the local platform reads too, with
what the stage changes.
"""

import json

from infra.stack import edge
from infra.stack.stage import ROOT, Json, Stage

SHARED = ROOT / "infra" / "resources.json"


def resources(stage: Stage) -> dict[str, Json]:
    """The resources that hold data."""
    shared: dict[str, Json] = json.loads(SHARED.read_text())["Resources"]
    shared["Table"]["Properties"]["DeletionProtectionEnabled"] = stage.keeps_data
    files = shared["FilesBucketPolicy"]["Properties"]["PolicyDocument"]
    files["Statement"] += edge.media_statement(stage)
    if not stage.keeps_data:
        for resource in shared.values():
            if "DeletionPolicy" in resource:
                resource["DeletionPolicy"] = resource["UpdateReplacePolicy"] = "Delete"
    return shared


def outputs(stage: Stage) -> dict[str, Json]:
    """Where the data is."""
    return {
        "TableName": {"Value": {"Ref": "Table"}},
        "FilesBucketName": {"Value": {"Ref": "FilesBucket"}},
    }
