"""A deployed stage as its stack describes it: where things are, and the functions' environment."""

import os
from typing import Any

import msgspec

PREFIX = "CLUBKEEPER_"
API = "APIHandler"
"""The function whose settings commands take over."""


class StageError(Exception):
    """What was asked cannot be done on this stage; the message says why."""


class Deployed(msgspec.Struct, frozen=True):
    """The resources of a stack: physical ids by logical names, by type."""

    stack: str
    resources: dict[str, dict[str, str]]

    def queues(self) -> dict[str, str]:
        """The address of each queue by its logical name."""
        return self.resources.get("AWS::SQS::Queue", {})

    def function(self, name: str) -> str:
        """What a function is called on AWS; raises StageError."""
        functions = self.resources.get("AWS::Lambda::Function", {})
        if name not in functions:
            raise StageError(f"The stack {self.stack} has no function {name}.")
        return functions[name]


def client(service: str) -> Any:
    """A client with the caller's credentials, in the region that the deployment heeds, too."""
    # Imported here: most commands of this machine alone never need it.
    import boto3

    return boto3.client(service, region_name=os.environ.get("AWS_REGION"))


def stack_name(stage: str) -> str:
    """What the stack of a stage is called."""
    return f"clubkeeper-{stage}"


def find(stack: str, cloudformation: Any) -> Deployed:
    """What a stack consists of; needs ``cloudformation:ListStackResources``.

    Raises:
        StageError: there is no such stack, or the credentials may not see it.
    """
    from botocore.exceptions import ClientError

    found: dict[str, dict[str, str]] = {}
    try:
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        for page in pages:
            for one in page["StackResourceSummaries"]:
                of_type = found.setdefault(one["ResourceType"], {})
                of_type[one["LogicalResourceId"]] = one["PhysicalResourceId"]
    except ClientError as fault:
        raise StageError(f"The stack {stack}: {fault.response['Error']['Message']}") from None
    return Deployed(stack, found)


def environment(function: str, functions: Any) -> dict[str, str]:
    """The settings that a function runs with; needs ``lambda:GetFunctionConfiguration``."""
    answer = functions.get_function_configuration(FunctionName=function)
    variables: dict[str, str] = answer.get("Environment", {}).get("Variables", {})
    return {name: value for name, value in variables.items() if name.startswith(PREFIX)}


def settle(deployed: Deployed) -> None:
    """Be configured as the stage's own functions are."""
    os.environ.update(environment(deployed.function(API), client("lambda")))
