"""The rights that docs/operations names are those that a deployment uses, no more and no fewer."""

import ast
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from botocore.session import get_session

from infra.stack import template, wall
from infra.stack.stage import ROOT, stage

PAGES = ROOT / "docs" / "operations"
SERVICES = {"_call": "cloudformation", "_s3": "s3"}
"""Methods of the package that always call one service."""
OTHERWISE = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "lambda:Invoke": "lambda:InvokeFunction",
    "sts:GetCallerIdentity": "",  # everybody may ask who they are
}
"""Calls whose right has another name."""
BY_ROLE = "iam:PassRole"
"""Needed where CloudFormation works by a role of its own."""
NAMES = {
    "serverless": ("lambda", "apigateway", "iam", "events"),
    "applicationautoscaling": ("application-autoscaling",),
}
"""CloudFormation's names of services, where rights go by others."""


def statements(page: str) -> list[dict[str, Any]]:
    """The statements of one of the policies."""
    return list(json.loads((PAGES / page).read_text())["Statement"])


def actions(page: str) -> set[str]:
    """Everything that a policy allows."""
    found: set[str] = set()
    for each in statements(page):
        found |= {each["Action"]} if isinstance(each["Action"], str) else set(each["Action"])
    return found


def calls() -> Iterator[tuple[str, str]]:
    """Service and operation of every call to AWS in the package, as its code names them."""
    for file in sorted(Path(ROOT, "infra", "deploy").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            words = [
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if node.func.attr == "call" and len(words) >= 2:
                yield words[0], words[1]
            elif node.func.attr in SERVICES and words:
                yield SERVICES[node.func.attr], words[0]


def test_the_deploying_role_may_do_what_is_done_and_no_more() -> None:
    session = get_session()
    needed = {BY_ROLE}
    for service, operation in calls():
        known = {name.lower(): name for name in session.get_service_model(service).operation_names}
        right = f"{service}:{known[operation.replace('_', '')]}"
        needed.add(OTHERWISE.get(right, right))
    assert actions("deploy-role.json") == needed - {""}


def test_no_right_of_the_deploying_role_is_for_everything() -> None:
    for each in statements("deploy-role.json"):
        named = [each["Action"]] if isinstance(each["Action"], str) else each["Action"]
        where = [each["Resource"]] if isinstance(each["Resource"], str) else each["Resource"]
        assert not [name for name in named if "*" in name]
        assert "*" not in where


def test_cloudformations_role_may_make_every_kind_of_resource() -> None:
    allowed = actions("cloudformation-role.json")
    prod = stage("prod")
    made = {**template.additions(prod)["Resources"], **wall.template(prod)["Resources"]}
    kinds = {each["Type"] for each in made.values() if "Type" in each}
    services = {kind.split("::")[1].lower() for kind in kinds} | {"serverless"}
    for service in sorted(services):
        for name in NAMES.get(service, (service,)):
            assert any(fnmatchcase(right, f"{name}:*") for right in allowed), name
