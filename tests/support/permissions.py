"""The policies of ``.chalice/policies`` in force on the local platform: a call that the function
who makes it would not be allowed when deployed is refused, and fails the test.

Which function that is follows from the handler under way in the thread. What reaches AWS only when
deployed (messages, secrets, signatures of addresses) counts as called where it would be.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any, NamedTuple
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from chalice.app import Chalice

from chalicelib import entrance
from chalicelib.files import gateway as files
from chalicelib.kernel import secrets, signing
from chalicelib.kernel.table import format as table_format
from chalicelib.messages import gateway as messages
from infra.local.resources import ROOT
from infra.stack import functions

HANDLERS = {
    "authorize": "authorize",
    "publish_facts": "stream",
    "notify": "notifications",
    "work": "work",
    "due": "due",
    "agenda": "agenda",
    "tidy": "tidy",
    "sweep": "sweep",
    "rotate": "rotate",
    "migrate": "migrate",
}
"""What of entrance.py each function of app.py calls; the API handler is whatever Chalice routes."""
IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
QUEUE_ACTIONS = {"SendMessageBatch": "SendMessage"}
S3_ACTIONS = {
    "HeadObject": ("GetObject",),
    "CopyObject": ("GetObject", "PutObject"),
}


class Need(NamedTuple):
    """A right that a call asks for: the action, and the stack's resource by its logical name."""

    action: str
    resource: str


def policy(name: str) -> set[Need]:
    """What a function is allowed, resources as patterns of logical names."""
    document = json.loads((ROOT / ".chalice" / functions.policy_file(name)).read_text())
    return {
        Need(action, _logical(resource))
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
        for action in _list(statement["Action"])
        for resource in _list(statement["Resource"])
    }


def allows(policies: set[Need], need: Need) -> bool:
    """Whether a policy gives a right."""
    return any(
        one.action == need.action and fnmatchcase(need.resource, one.resource) for one in policies
    )


class Guard:
    """Knows who is at work, notes every right that is needed, refuses what is not given."""

    def __init__(self) -> None:
        """Nobody is at work."""
        self.policies = {name: policy(name) for name in functions.configured()}
        self.noted: dict[str, set[Need]] = defaultdict(set)
        self.refused: list[str] = []
        self._met: set[str] = set()
        self._at_work = threading.local()

    @contextmanager
    def enforced(self) -> Iterator["Guard"]:
        """Watch every client and handler of this process until the end of the block."""
        with ExitStack() as patched:

            def put(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
                real = getattr(owner, name)
                patched.enter_context(patch.object(owner, name, wraps(real)(make(real))))

            put(Chalice, "__call__", lambda real: self._as("api_handler", real))
            for name, function in HANDLERS.items():
                put(entrance, name, lambda real, who=function: self._as(who, real))
            put(BaseClient, "_make_api_call", self._checked)
            put(messages, "_show", lambda real: self._after(_message_needs, real))
            put(secrets, "_root", lambda real: self._after(_key_needs("DataKey"), real))
            for name in ("signer", "provers"):
                put(signing, name, lambda real: self._after(_key_needs("SigningKeys"), real))
            put(files, "upload_form", lambda real: self._after(_upload_needs, real))
            put(files, "link", lambda real: self._after(_link_needs, real))
            yield self

    def _as(self, who: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            before = getattr(self._at_work, "who", None)
            self._at_work.who = who
            if who not in self._met:  # its own process would ask for itself
                self._met.add(who)
                table_format.forget()
            try:
                return real(*given, **named)
            finally:
                self._at_work.who = before

        return call

    def _after(
        self, needs: Callable[..., list[Need]], real: Callable[..., Any]
    ) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            for need in needs(*given, **named):
                self._ask(need)
            return real(*given, **named)

        return call

    def _checked(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(client: Any, operation: str, given: dict[str, Any]) -> Any:
            if getattr(self._at_work, "who", None):
                for need in _needs(client.meta.service_model.service_name, operation, given):
                    self._ask(need)
            return real(client, operation, given)

        return call

    def _ask(self, need: Need) -> None:
        who = getattr(self._at_work, "who", None)
        if who is None or need in self.noted[who]:
            return
        if not allows(self.policies[who], need):
            self.refused.append(f"{who}: {need.action} on {need.resource}")
            said = {"Code": "AccessDeniedException", "Message": self.refused[-1]}
            raise ClientError({"Error": said}, need.action)
        self.noted[who].add(need)


def _needs(service: str, operation: str, given: dict[str, Any]) -> list[Need]:
    if service == "dynamodb":
        return [Need(f"dynamodb:{action}", "Table") for action in _table(operation, given)]
    if service == "sqs":
        queue = str(given["QueueUrl"]).rsplit("/", 1)[-1]
        return [Need(f"sqs:{QUEUE_ACTIONS.get(operation, operation)}", queue)]
    if service == "s3":
        actions = S3_ACTIONS.get(operation, (operation,))
        return [Need(f"s3:{action}", _object(given["Key"])) for action in actions]
    if service == "secretsmanager":  # only the keys that rotate are asked for by a handler's call
        return [Need(f"secretsmanager:{operation}", "SigningKeys")]
    return [Need(f"{service}:{operation}", "?")]


def _table(operation: str, given: dict[str, Any]) -> set[str]:
    if operation == "TransactWriteItems":
        return {IN_TRANSACTION[kind] for item in given["TransactItems"] for kind in item}
    if operation == "TransactGetItems":
        return {"GetItem"}
    return {operation}


def _message_needs(message: Any, *_: Any) -> list[Need]:
    if message.channel == "sms":
        return [Need("sns:Publish", "*")]
    return [Need("ses:SendEmail", "identity/sender")]


def _key_needs(secret: str) -> Callable[..., list[Need]]:
    return lambda *_, **__: [Need("secretsmanager:GetSecretValue", secret)]


def _upload_needs(stage: Any, key: str, *_: Any) -> list[Need]:
    return [Need("s3:PutObject", _object(key))]


def _link_needs(stage: Any, key: str, *_: Any) -> list[Need]:
    return [Need("s3:GetObject", _object(key))]


def _object(key: str) -> str:
    return f"FilesBucket/{key.partition('/')[0]}/key"


def _logical(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    ((kind, value),) = resource.items()
    if kind == "Ref":
        return str(value)
    if kind == "Fn::GetAtt":
        return f"{value[0]}.StreamArn" if value[1] == "StreamArn" else str(value[0])
    text = str(value)
    if ":identity/" in text:
        return "identity/*"
    return text.replace("${FilesBucket.Arn}", "FilesBucket")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
