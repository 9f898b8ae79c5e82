"""The packaged stage keeps the house's rules for the cloud."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.entrance import SPARE_MS
from chalicelib.kernel.settings import PREFIX, Settings
from infra.local.resources import ROOT
from infra.stack import alarms, functions, template
from infra.stack.names import queues
from infra.stack.stage import stage, stages
from tests.support.packaged import Json, Packaged, packaged_stage

GATEWAY_S = 29
"""The gateway gives up after that."""
MOST_RESOURCES = 240
"""Of the REST API; AWS takes 300."""
FUNCTION = "AWS::Serverless::Function"
WITHOUT_A_NAME = {
    "sns:Publish": "telephone numbers have no ARN; the statement beside it denies all topics",
    "kms:*": "a key's own policy: without it nobody could ever change or delete the key",
    "kms:Decrypt": "a key's own policy speaks of itself",
    "kms:GenerateDataKey": "a key's own policy speaks of itself",
}
"""Actions on the resource ``*``, and why."""


def test_the_template_is_one_that_aws_takes(prod: Packaged) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), prod.folder / "template.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_stages_differ_in_figures_alone(prod: Packaged, tmp_path: Path) -> None:
    for name in stages().keys() - {"prod"}:
        other = packaged_stage(name, tmp_path / name)
        assert _shape(other.template) == _shape(prod.template)
        code = "deployment.zip"
        assert (other.folder / code).read_bytes() == (prod.folder / code).read_bytes()


def test_production_keeps_its_data(prod: Packaged) -> None:
    (table,) = prod.of("AWS::DynamoDB::Table").values()
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    for name in ("Table", "FilesBucket", "DataKey", "SigningKeys"):
        resource = prod.template["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name


def test_no_right_is_a_wildcard(prod: Packaged) -> None:
    for where, statement in _statements(prod.template["Resources"]):
        if statement["Effect"] == "Deny":
            continue
        actions, resources = _list(statement["Action"]), _list(statement.get("Resource", []))
        for action in actions:
            assert "*" not in action or action in WITHOUT_A_NAME, (where, action)
            assert "*" not in resources or action in WITHOUT_A_NAME, (where, action)


def test_nothing_is_public_and_everything_is_encrypted(prod: Packaged) -> None:
    for name, bucket in prod.of("AWS::S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
    for name, queue in prod.of("AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True, name
    for name, topic in prod.of("AWS::SNS::Topic").items():
        assert topic["KmsMasterKeyId"], name
    for where, statement in _statements(prod.template["Resources"]):
        everybody = statement.get("Principal") in ("*", {"AWS": "*"})
        assert not (everybody and statement["Effect"] == "Allow"), where


def test_every_queue_has_dead_letters_or_is_one(prod: Packaged) -> None:
    for name, queue in prod.of("AWS::SQS::Queue").items():
        if name.endswith("DeadLetters"):
            assert queue["MessageRetentionPeriod"] == 1_209_600, name
        else:
            (dead, _) = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
            assert dead.endswith("DeadLetters"), name


def test_every_function_is_whole(prod: Packaged) -> None:
    logs = prod.of("AWS::Logs::LogGroup")
    for name, one in prod.of(FUNCTION).items():
        assert one["Runtime"] == "python3.13", name
        assert one["Architectures"] == ["arm64"], name
        assert one["Layers"] == [{"Ref": functions.LAYER}], name
        assert one["LoggingConfig"]["LogGroup"]["Ref"] in logs, name
        assert one["Role"] == {"Fn::GetAtt": [_role(name), "Arn"]}, name
        for kind in ("Errors", "Throttles", "Slow"):
            assert f"{name}{kind}Alarm" in prod.template["Resources"]
        for source in one.get("Events", {}).values():
            queue = source["Properties"].get("Queue")
            if queue:  # AWS asks for six times the function's own limit
                waits = prod.of("AWS::SQS::Queue")[queue["Fn::GetAtt"][0]]["VisibilityTimeout"]
                assert waits >= 6 * one["Timeout"], name
    for name, group in logs.items():
        assert group["RetentionInDays"] == {"Ref": "LogDays"}, name
    for name in ("APIHandler", "Authorize"):
        assert prod.of(FUNCTION)[name]["Timeout"] < GATEWAY_S
    assert functions.timeout("sweep") * 1000 * (1 - alarms.SLOW_UNLESS["sweep"]) < SPARE_MS


def test_the_functions_know_everything_that_the_stage_decides(prod: Packaged) -> None:
    """What is not told has a default that is meant."""
    for one in prod.of(FUNCTION).values():
        told = one["Environment"]["Variables"]
        names = {name for name in told if name.startswith(PREFIX)}
        known = {f"{PREFIX}{field.name.upper()}" for field in msgspec.structs.fields(Settings)}
        local = {"SECRET", "OUTBOX", "CLOCK_FILE", "MEDIA_URL", "FAILED_CODES_PER_HOUR"}
        edge = {"ORIGIN_KEYS"}  # told to the function behind CloudFront alone
        assert known - names - {PREFIX + name for name in edge} == {PREFIX + name for name in local}
        assert names <= known
        assert "POWERTOOLS_SERVICE_NAME" not in told  # a dimension that no alarm has


def test_the_api_stays_below_what_a_gateway_holds(prod: Packaged) -> None:
    body = prod.of("AWS::Serverless::Api")["RestAPI"]["DefinitionBody"]
    resources = {path[:end] for path in body["paths"] for end in _segment_ends(path)}
    assert len(resources) < MOST_RESOURCES
    assert body["x-amazon-apigateway-binary-media-types"] == []
    for answer in body["x-amazon-apigateway-gateway-responses"].values():
        problem = json.loads(answer["responseTemplates"]["application/json"])
        assert problem["status"] == int(answer["statusCode"])
        assert problem.keys() >= {"type", "title", "detail", "code", "instance"}


def test_the_code_is_all_there_and_nothing_else(prod: Packaged) -> None:
    names = zipfile.ZipFile(prod.folder / "deployment.zip").namelist()
    assert {name.split("/")[0] for name in names} == {"app.py", "chalice", "chalicelib"}
    for text in (ROOT / "chalicelib/texts").rglob("*.po"):
        assert str(text.relative_to(ROOT).with_suffix(".mo")) in names
    assert not [name for name in names if name.endswith((".po", ".pyc")) or "__pycache__" in name]


def test_every_alarm_tells_somebody_and_a_new_function_has_its_own(prod: Packaged) -> None:
    for name, alarm in prod.of("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}], name
    named = alarms.alarms(stage("prod")).keys()
    assert {f"{name}Alarm" for name in named} == prod.of("AWS::CloudWatch::Alarm").keys()
    assert set(queues(stage("prod"))) == prod.of("AWS::SQS::Queue").keys()


def test_a_function_without_a_policy_is_not_packaged() -> None:
    stranger = {"Resources": {"Stranger": {"Type": FUNCTION, "Properties": {}}}}
    with pytest.raises(template.TemplateError, match="Stranger"):
        template.finished(stranger, stage("dev"))


def _shape(value: Any) -> Any:
    """A template without its figures and without what follows from the stage's name."""
    if isinstance(value, dict) and "Schedule" in value:
        return {name: _shape(each) for name, each in value.items() if name != "Input"}
    if isinstance(value, dict):  # a schedule may come once for each segment of the table
        return {name.rstrip("0123456789"): _shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shape(each) for each in value]
    if isinstance(value, bool | int | float) or value in ("Retain", "Delete"):
        return "…"
    return re.sub(r"\b(dev|test|prod)\b", "…", value) if isinstance(value, str) else value


def _statements(value: Json, where: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        if "Effect" in value:
            yield where, value
        for name, each in value.items():
            yield from _statements(each, f"{where}/{name}")
    if isinstance(value, list):
        for each in value:
            yield from _statements(each, where)


def _segment_ends(path: str) -> Iterator[int]:
    yield from (found.start() for found in re.finditer("/", path) if found.start())
    yield len(path)


def _role(logical: str) -> str:
    return "ApiHandlerRole" if logical == "APIHandler" else f"{logical}Role"


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
