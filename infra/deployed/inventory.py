"""Is everything there? The template against what the services say they have."""

from collections.abc import Iterator
from typing import Any

from infra.deployed.emulator import Emulator
from infra.deployed.stack import Stack
from infra.operations.deployed import Deployed, find

Json = dict[str, Any]


class Missing(Exception):
    """Something of the template is not there, or not so; the message says what."""


class Inventory:
    """The checks of one deployed stack."""

    def __init__(self, emulator: Emulator, stack: Stack) -> None:
        self._client = emulator.client
        self._resources: dict[str, Json] = stack.template["Resources"]
        self._outputs = stack.outputs
        self.deployed: Deployed = find(stack.name, self._client("cloudformation"))

    def check(self) -> Iterator[str]:
        """One line for each kind of thing that is there as the template says.

        Raises:
            Missing: the first that is not.
        """
        yield self._stack()
        yield self._addresses()
        yield self._functions()
        yield self._mappings()
        yield self._schedules()
        yield self._queues()
        yield self._alarms()
        yield self._logs()

    def physical(self, name: str, kind: str) -> str:
        """What a resource of the template is called in the account."""
        return _of(self.deployed.resources.get(kind, {}), name, kind)

    def _of_type(self, kind: str) -> dict[str, Json]:
        return {
            name: one.get("Properties", {})
            for name, one in self._resources.items()
            if one["Type"] == kind
        }

    def _stack(self) -> str:
        made = {name for names in self.deployed.resources.values() for name in names}
        # the layer's name is made of its content; it is looked at with the functions
        layers = self._of_type("AWS::Serverless::LayerVersion").keys()
        wished = {name for name, one in self._resources.items() if "Condition" in one}
        missing = self._resources.keys() - layers - wished - made
        _same("missing resources", set(), missing)
        return f"{len(made)} resources of the stack"

    def _addresses(self) -> str:
        """Every method of every path, with something behind it."""
        api = self._client("apigateway")
        pages = api.get_paginator("get_resources").paginate(
            restApiId=self._outputs["ApiId"], embed=["methods"]
        )
        found = {
            (resource["path"], method)
            for page in pages
            for resource in page["items"]
            for method, about in resource.get("resourceMethods", {}).items()
            if about.get("methodIntegration", {}).get("uri")
        }
        (rest,) = self._of_type("AWS::Serverless::Api").values()
        wanted = {
            (path, method.upper())
            for path, methods in rest["DefinitionBody"]["paths"].items()
            for method in methods
            if not method.startswith("x-")
        }
        _same("methods of the API", wanted, found)
        return f"{len(wanted)} methods at {len({path for path, _ in wanted})} addresses of the API"

    def _functions(self) -> str:
        wanted = self._of_type("AWS::Serverless::Function")
        for name, properties in wanted.items():
            is_like = self._function(name)
            for key in ("Runtime", "Handler", "Timeout", "MemorySize", "Architectures"):
                _same(f"{name}: {key}", properties[key], is_like[key])
            variables = properties["Environment"]["Variables"].keys()
            _same(f"{name}: environment", variables, is_like["Environment"]["Variables"].keys())
            _same(f"{name}: layers", len(properties["Layers"]), len(is_like["Layers"]))
        return f"{len(wanted)} functions with layer, memory, time and environment"

    def _function(self, name: str) -> Json:
        physical = self.physical(name, "AWS::Lambda::Function")
        found: Json = self._client("lambda").get_function_configuration(FunctionName=physical)
        return found

    def _mappings(self) -> str:
        found = 0
        for name, properties in self._of_type("AWS::Serverless::Function").items():
            physical = self.physical(name, "AWS::Lambda::Function")
            for event in _events(properties, "SQS", "DynamoDB"):
                answer = self._client("lambda").list_event_source_mappings(FunctionName=physical)
                (mapping,) = answer["EventSourceMappings"]
                _same(f"{name}: state of its source", "Enabled", mapping["State"])
                for key in ("BatchSize", "FunctionResponseTypes", "FilterCriteria"):
                    if key in event:
                        _same(f"{name}: {key}", event[key], mapping.get(key))
                found += 1
        return f"{found} event sources with batches, partial failures and filters"

    def _schedules(self) -> str:
        events = self._client("events")
        rules = events.list_rules()["Rules"]
        found = 0
        for name, properties in self._of_type("AWS::Serverless::Function").items():
            arn = self._function(name)["FunctionArn"]
            for event in _events(properties, "Schedule"):
                kept = [
                    rule
                    for rule in rules
                    if rule.get("ScheduleExpression") == event["Schedule"]
                    and rule["State"] == "ENABLED"
                    and arn in _targets(events, rule["Name"])
                ]
                _same(f"{name}: rules for {event['Schedule']}", 1, len(kept))
                found += 1
        return f"{found} schedules, each aimed at its function"

    def _queues(self) -> str:
        sqs = self._client("sqs")
        wanted = self._of_type("AWS::SQS::Queue")
        for name, properties in wanted.items():
            url = self.physical(name, "AWS::SQS::Queue")
            given = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            for key in ("VisibilityTimeout", "MessageRetentionPeriod"):
                if key in properties:
                    _same(f"{name}: {key}", str(properties[key]), given[key])
            _same(f"{name}: dead letters", "RedrivePolicy" in properties, "RedrivePolicy" in given)
        return f"{len(wanted)} queues with their dead-letter queues"

    def _alarms(self) -> str:
        cloudwatch = self._client("cloudwatch")
        pages = cloudwatch.get_paginator("describe_alarms").paginate()
        found = {one["AlarmName"] for page in pages for one in page["MetricAlarms"]}
        wanted = self._of_type("AWS::CloudWatch::Alarm")
        there = {self.physical(name, "AWS::CloudWatch::Alarm") for name in wanted}
        _same("alarms", there, found)
        boards = len(cloudwatch.list_dashboards()["DashboardEntries"])
        _same("dashboards", len(self._of_type("AWS::CloudWatch::Dashboard")), boards)
        return f"{len(wanted)} alarms and the dashboard"

    def _logs(self) -> str:
        pages = self._client("logs").get_paginator("describe_log_groups").paginate()
        found = {
            one["logGroupName"]
            for page in pages
            for one in page["logGroups"]
            if one.get("retentionInDays")
        }
        wanted = self._of_type("AWS::Logs::LogGroup")
        names = {self.physical(name, "AWS::Logs::LogGroup") for name in wanted}
        _same("log groups that forget", names - found, set())
        return f"{len(wanted)} log groups that forget in time"


def _events(properties: Json, *kinds: str) -> list[Json]:
    events = (properties.get("Events") or {}).values()
    return [event["Properties"] for event in events if event["Type"] in kinds]


def _targets(events: Any, rule: str) -> set[str]:
    return {target["Arn"] for target in events.list_targets_by_rule(Rule=rule)["Targets"]}


def _of(found: dict[str, str], name: str, kind: str) -> str:
    if name not in found:
        raise Missing(f"The stack has no {name} of the type {kind}.")
    return found[name]


def _same(what: str, wanted: Any, found: Any) -> None:
    if wanted != found:
        raise Missing(f"{what}: {found!r} instead of {wanted!r}")
