"""Alarms, made from the list of functions and queues, so that a new one is never without.

A name is for ever: ``docs/operations/incidents.md`` has a section for each.
"""

from collections.abc import Iterator
from typing import NamedTuple

from infra.stack import functions
from infra.stack.names import queues, scheduled
from infra.stack.stage import API_STAGE, Json, Stage, metrics_namespace
from infra.stack.topic import TOPIC

MINUTES_5 = 300
SLOW = 0.8
"""Part of a function's timeout that is too close to it."""
SLOW_UNLESS: dict[str, float] = {"sweep": 0.98}
"""The sweeper works for as long as it may, but for the last 30 seconds, and goes on next time."""
QUEUE_AGE_S = 900
QUEUE_AGE_UNLESS: dict[str, int] = {"JobsQueue": 7200}
"""A large import may fill the queue of jobs for longer."""
STREAM_AGE_MS = 300_000
AGENDA_LAG_S = 3600
API_P99_MS = 2000

OWN: dict[str, tuple[str, str]] = {
    "DataNewer": (
        "DataNewer",
        "The data were upgraded by a newer version than the code's; it lets nobody in.",
    ),
    "LedgerDisagrees": (
        "LedgerDisagreements",
        "The daily round found an account whose entries do not add up to its balance.",
    ),
    "FactsMissed": (
        "FactsMissed",
        "The daily round found facts that a consumer never got; they were sent again.",
    ),
    "ItemsParked": (
        "Parked",
        "Something stored could not be read or acted on and was passed over; the log says what.",
    ),
    "MessagesParked": (
        "MessagesParked",
        "A queue refused a message for good; the log says which.",
    ),
    "JobsGivenUp": (
        "JobsGivenUp",
        "A long job stood still too often and was given up.",
    ),
    "AgendaFailing": (
        "AgendaFailed",
        "Something that is due cannot be done; the log says what.",
    ),
}
"""Alarm -> the metric of the code that must stay at zero, and what it means."""

BREAKERS: dict[str, tuple[str, str]] = {
    "SmsBudgetSpent": (
        "codes-paid",
        "A club has spent its paid messages of the day; nobody gets codes by SMS there.",
    ),
    "CodesBreakerOpen": (
        "codes-wrong",
        "A club got so many wrong one-time codes in an hour that nobody can sign in by code.",
    ),
    "ScratchCodesBreakerOpen": (
        "code-program",
        "A club got so many wrong scratch codes in an hour that no item can be registered.",
    ),
}
"""Alarm -> the limit of a whole program that refuses requests, and what it means."""


class Alarm(NamedTuple):
    """One alarm; the metric is summed, or its greatest value taken, over periods of seconds."""

    about: str
    namespace: str
    metric: str
    dimensions: dict[str, Json]
    statistic: str
    above: float
    period: int = MINUTES_5
    periods: int = 1
    silence_is_bad: bool = False


def alarms(stage: Stage) -> dict[str, Alarm]:
    """Every alarm by its name."""
    return dict(_all(stage))


def _all(stage: Stage) -> Iterator[tuple[str, Alarm]]:
    for name, logical in functions.functions().items():
        yield from _of_function(name, logical)
    for name, logical in scheduled().items():
        yield (
            f"{logical}Silent",
            Alarm(
                f"The schedule {name} did not run for half an hour.",
                "AWS/Lambda",
                "Invocations",
                {"FunctionName": {"Ref": logical}},
                "Sum",
                0,
                period=1800,
                silence_is_bad=True,
            ),
        )
    for queue in queues(stage):
        yield _of_queue(queue)
    yield (
        "StreamLate",
        Alarm(
            "Facts reach their consumers more than five minutes late.",
            "AWS/Lambda",
            "IteratorAge",
            {"FunctionName": {"Ref": "Stream"}},
            "Maximum",
            STREAM_AGE_MS,
            periods=2,
        ),
    )
    yield from _of_api()
    for metric, name in (
        ("ReadThrottleEvents", "TableReadsThrottled"),
        ("WriteThrottleEvents", "TableWritesThrottled"),
    ):
        about = "DynamoDB turned requests away: a hot key, a sudden rush, or a limit of the table."
        table = {"TableName": {"Ref": "Table"}}
        yield name, Alarm(about, "AWS/DynamoDB", metric, table, "Sum", 0, periods=2)
    yield from _of_code(stage)


def _of_function(name: str, logical: str) -> Iterator[tuple[str, Alarm]]:
    function = {"FunctionName": {"Ref": logical}}
    limit = functions.timeout(name)
    slow = limit * 1000 * SLOW_UNLESS.get(name, SLOW)
    yield (
        f"{logical}Errors",
        Alarm(f"The function {name} failed.", "AWS/Lambda", "Errors", function, "Sum", 0),
    )
    yield (
        f"{logical}Throttles",
        Alarm(
            f"AWS did not let the function {name} run: too many at once in the account.",
            "AWS/Lambda",
            "Throttles",
            function,
            "Sum",
            0,
            periods=3,
        ),
    )
    yield (
        f"{logical}Slow",
        Alarm(
            f"The function {name} came close to its limit of {limit} seconds.",
            "AWS/Lambda",
            "Duration",
            function,
            "Maximum",
            slow,
        ),
    )


def _of_queue(queue: str) -> tuple[str, Alarm]:
    dimensions = {"QueueName": {"Fn::GetAtt": [queue, "QueueName"]}}
    if queue.endswith("DeadLetters"):
        visible = "ApproximateNumberOfMessagesVisible"
        about = f"{queue} holds what failed for good."
        return (
            f"{queue}Waiting",
            Alarm(about, "AWS/SQS", visible, dimensions, "Maximum", 0),
        )
    age = "ApproximateAgeOfOldestMessage"
    most = QUEUE_AGE_UNLESS.get(queue, QUEUE_AGE_S)
    about = f"Messages wait in {queue} for more than {most // 60} minutes."
    return f"{queue}Late", Alarm(about, "AWS/SQS", age, dimensions, "Maximum", most, periods=2)


def _of_api() -> Iterator[tuple[str, Alarm]]:
    api = {"ApiName": {"Ref": "AWS::StackName"}, "Stage": API_STAGE}
    yield (
        "ApiFailing",
        Alarm("The API answers with 5xx.", "AWS/ApiGateway", "5XXError", api, "Sum", 5, periods=2),
    )
    yield (
        "ApiSlow",
        Alarm(
            "One request of a hundred takes longer than two seconds.",
            "AWS/ApiGateway",
            "Latency",
            api,
            "p99",
            API_P99_MS,
            periods=3,
        ),
    )


def _of_code(stage: Stage) -> Iterator[tuple[str, Alarm]]:
    namespace = metrics_namespace(stage)
    yield (
        "AgendaLate",
        Alarm(
            "Something has been due for more than an hour and is not done.",
            namespace,
            "AgendaLagSeconds",
            {},
            "Maximum",
            AGENDA_LAG_S,
            periods=3,
            silence_is_bad=True,
        ),
    )
    for name, (metric, about) in OWN.items():
        yield name, Alarm(about, namespace, metric, {}, "Sum", 0)
    for name, (limit, about) in BREAKERS.items():
        breaker = {"breaker": limit}
        yield name, Alarm(about, namespace, "BreakerOpen", breaker, "Sum", 0)


def resources(stage: Stage) -> dict[str, Json]:
    """The alarms."""
    return {f"{name}Alarm": _alarm(name, alarm) for name, alarm in alarms(stage).items()}


def _alarm(name: str, alarm: Alarm) -> Json:
    statistic = "ExtendedStatistic" if alarm.statistic.startswith("p") else "Statistic"
    below = alarm.silence_is_bad and alarm.above == 0
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": "${AWS::StackName}-" + name},
            "AlarmDescription": f"{alarm.about} See docs/operations/incidents.md, {name}.",
            "Namespace": alarm.namespace,
            "MetricName": alarm.metric,
            "Dimensions": [
                {"Name": key, "Value": value} for key, value in alarm.dimensions.items()
            ],
            statistic: alarm.statistic,
            "Period": alarm.period,
            "EvaluationPeriods": alarm.periods,
            "Threshold": alarm.above,
            "ComparisonOperator": (
                "LessThanOrEqualToThreshold" if below else "GreaterThanThreshold"
            ),
            "TreatMissingData": "breaching" if alarm.silence_is_bad else "notBreaching",
            "AlarmActions": [{"Ref": TOPIC}],
            "OKActions": [{"Ref": TOPIC}],
        },
    }
