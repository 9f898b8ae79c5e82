"""The dashboard: what an owner looks at, from top to bottom, before anything else."""

import json
from collections.abc import Iterator

from infra.stack import functions
from infra.stack.alarms import BREAKERS, alarms
from infra.stack.names import queues
from infra.stack.stage import API_STAGE, Json, Stage, metrics_namespace

WIDTH = 24
PERIOD = 300
FUNCTION_CHARTS = (
    ("Calls of the functions", "Invocations", "Sum"),
    ("Errors of the functions", "Errors", "Sum"),
    ("How long the functions take (ms)", "Duration", "p95"),
)

Line = list[Json]
"""Namespace, metric, then names and values of dimensions; options last."""


def resources(stage: Stage) -> dict[str, Json]:
    """One dashboard, named like the stack."""
    body = json.dumps({"widgets": list(_widgets(stage))}, sort_keys=True)
    return {
        "Dashboard": {
            "Type": "AWS::CloudWatch::Dashboard",
            "Properties": {
                "DashboardName": {"Ref": "AWS::StackName"},
                "DashboardBody": {"Fn::Sub": body},
            },
        }
    }


def _widgets(stage: Stage) -> Iterator[Json]:
    own = metrics_namespace(stage)
    api = ["ApiName", "${AWS::StackName}", "Stage", API_STAGE]
    table = ["TableName", "${Table}"]
    yield _alarm_list(stage)
    yield _chart(
        0,
        "Requests",
        [["AWS/ApiGateway", name, *api] for name in ("Count", "4XXError", "5XXError")],
    )
    yield _chart(
        1,
        "How long they take (ms)",
        [
            ["AWS/ApiGateway", "Latency", *api, {"stat": stat, "label": stat}]
            for stat in ("p50", "p95", "p99")
        ],
    )
    yield _chart(
        2,
        "What is due and not done (s), and what failed",
        [
            [own, "AgendaLagSeconds", {"stat": "Maximum"}],
            [own, "AgendaDone"],
            [own, "AgendaFailed"],
        ],
    )
    yield _chart(
        3,
        "The ledger's proof: all of it stays at zero",
        [[own, name] for name in ("LedgerDisagreements", "FactsMissed", "Parked")],
    )
    yield _chart(
        4,
        "Units that DynamoDB bills",
        [["AWS/DynamoDB", f"Consumed{kind}CapacityUnits", *table] for kind in ("Write", "Read")],
    )
    yield _chart(
        5,
        "Requests that breakers refused",
        [[own, "BreakerOpen", "breaker", kind] for kind, _ in BREAKERS.values()],
    )
    for place, (title, metric, statistic) in enumerate(FUNCTION_CHARTS, 6):
        yield _chart(
            place,
            title,
            [
                ["AWS/Lambda", metric, "FunctionName", f"${{{logical}}}", {"stat": statistic}]
                for logical in functions.functions().values()
            ],
        )
    waiting, dead = _of_queues(stage)
    yield _chart(9, "Messages that wait", waiting)
    yield _chart(10, "What failed for good", dead)
    yield _chart(
        11,
        "How late facts are (ms)",
        [["AWS/Lambda", "IteratorAge", "FunctionName", "${Stream}", {"stat": "Maximum"}]],
    )


def _of_queues(stage: Stage) -> tuple[list[Line], list[Line]]:
    waiting: list[Line] = []
    dead: list[Line] = []
    for queue in queues(stage):
        line = [
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "QueueName",
            f"${{{queue}.QueueName}}",
            {"stat": "Maximum"},
        ]
        (dead if queue.endswith("DeadLetters") else waiting).append(line)
    return waiting, dead


def _alarm_list(stage: Stage) -> Json:
    arn = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:"
    names = [f"{arn}${{AWS::StackName}}-{name}" for name in alarms(stage)]
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": WIDTH,
        "height": 6,
        "properties": {"title": "Alarms", "alarms": names},
    }


def _chart(place: int, title: str, lines: list[Line]) -> Json:
    """The charts stand two in a row below the alarms."""
    return {
        "type": "metric",
        "x": place % 2 * WIDTH // 2,
        "y": 6 + place // 2 * 6,
        "width": WIDTH // 2,
        "height": 6,
        "properties": {
            "title": title,
            "region": "${AWS::Region}",
            "view": "timeSeries",
            "stat": "Sum",
            "period": PERIOD,
            "metrics": lines,
        },
    }
