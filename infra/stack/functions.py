"""What every function of ``.chalice/config.json`` has in the template beyond what Chalice knows:
runtime, layer, environment, and a log group of its own.

The logical names follow Chalice's; a function that is not configured there fails the packaging.
"""

import json
from functools import lru_cache

from infra.stack import edge
from infra.stack.stage import ROOT, Json, Stage, metrics_namespace

CONFIG = ROOT / ".chalice" / "config.json"
LAYER = "Dependencies"
"""Logical name of the layer that holds what ``requirements.txt`` lists."""


@lru_cache
def configured() -> dict[str, Json]:
    """Name in app.py -> what ``.chalice/config.json`` says of the function."""
    found: dict[str, Json] = json.loads(CONFIG.read_text())["lambda_functions"]
    return found


def functions() -> dict[str, str]:
    """Name in app.py -> logical name in the template, of every function."""
    return {name: logical_name(name) for name in configured()}


def policy_file(name: str) -> str:
    """Where a function's policy stands, below ``.chalice``."""
    return str(configured()[name]["iam_policy_file"])


def timeout(name: str) -> int:
    """Seconds that a function may take."""
    return int(configured()[name]["lambda_timeout"])


def logical_name(name: str) -> str:
    """What Chalice calls a function in the template."""
    if name == "api_handler":
        return "APIHandler"
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def log_group(logical: str) -> str:
    """Logical name of a function's log group; its policy names it too."""
    return f"{logical}Logs"


def resources(stage: Stage) -> dict[str, Json]:
    """The functions' further properties, their log groups, and the layer."""
    added: dict[str, Json] = {
        LAYER: {
            "Type": "AWS::Serverless::LayerVersion",
            "Properties": {
                "ContentUri": "./layer.zip",
                "CompatibleRuntimes": [stage.runtime],
                "CompatibleArchitectures": [stage.architecture],
                "RetentionPolicy": "Retain",  # a rollback needs the previous one
            },
        }
    }
    for name in functions().values():
        added[log_group(name)] = {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"RetentionInDays": {"Ref": "LogDays"}},
        }
        added[name] = {
            "Properties": {
                "Runtime": stage.runtime,
                "Architectures": [stage.architecture],
                "Layers": [{"Ref": LAYER}],
                "Environment": {"Variables": environment(stage, name)},
                "LoggingConfig": {"LogFormat": "Text", "LogGroup": {"Ref": log_group(name)}},
            }
        }
    return added


def environment(stage: Stage, function: str) -> dict[str, Json]:
    """What ``chalicelib.kernel.settings`` reads, as references to the stack's own resources."""
    return {
        **(edge.environment(stage) if function == "APIHandler" else {}),
        "CLUBKEEPER_STAGE": stage.name,
        "CLUBKEEPER_VERSION": {"Ref": "Version"},
        "CLUBKEEPER_PUBLIC_URL": {"Ref": "PublicUrl"},
        "CLUBKEEPER_MESSAGES": "aws",
        "CLUBKEEPER_SENDER_EMAIL": {"Ref": "SenderEmail"},
        "CLUBKEEPER_MESSAGES_PER_DAY": {"Ref": "MessagesPerDay"},
        "CLUBKEEPER_TABLE": {"Ref": "Table"},
        "CLUBKEEPER_STREAM_ARN": {"Fn::GetAtt": ["Table", "StreamArn"]},
        "CLUBKEEPER_NOTIFICATIONS_QUEUE_ARN": {"Fn::GetAtt": ["NotificationsQueue", "Arn"]},
        "CLUBKEEPER_NOTIFICATIONS_QUEUE_URL": {"Ref": "NotificationsQueue"},
        "CLUBKEEPER_JOBS_QUEUE_ARN": {"Fn::GetAtt": ["JobsQueue", "Arn"]},
        "CLUBKEEPER_JOBS_QUEUE_URL": {"Ref": "JobsQueue"},
        "CLUBKEEPER_AGENDA_QUEUE_ARN": {"Fn::GetAtt": ["AgendaQueue", "Arn"]},
        "CLUBKEEPER_AGENDA_QUEUE_URL": {"Ref": "AgendaQueue"},
        "CLUBKEEPER_FILES_BUCKET": {"Ref": "FilesBucket"},
        "CLUBKEEPER_SECRET_ARN": {"Ref": "DataKey"},
        "CLUBKEEPER_SIGNING_SECRET_ARN": {"Ref": "SigningKeys"},
        "POWERTOOLS_LOG_LEVEL": "INFO",
        # no POWERTOOLS_SERVICE_NAME: it would be a dimension of all metrics, and alarms have none
        "POWERTOOLS_METRICS_NAMESPACE": metrics_namespace(stage),
    }


def outputs(stage: Stage) -> dict[str, Json]:
    """Names of functions that the deployment calls itself."""
    return {
        "ApiFunctionName": {"Value": {"Ref": "APIHandler"}},
        "MigrateName": {"Value": {"Ref": "Migrate"}},
    }
