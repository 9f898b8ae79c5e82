"""Upgrades of the data, by the function that the stage has for them."""

import json
from typing import Any

from infra import upgrade
from infra.deploy.stack import Say
from infra.deploy.target import Stop, Target


def migrate(target: Target, function: str, say: Say) -> None:
    """Check, run and check again every upgrade that is not applied. May be stopped and repeated.

    Raises:
        Stop: one cannot be carried out.
    """

    try:
        upgrade.run(_caller(target, function), say)
    except upgrade.NotUpgraded as fault:
        raise Stop(str(fault)) from None


def begun(target: Target, function: str) -> int:
    """The newest upgrade that has begun to write to the stage's data; 0 is none.

    Raises:
        Stop: the function cannot say.
    """
    return int(_caller(target, function)({"act": "state"})["stored"])


def _caller(target: Target, function: str) -> upgrade.Call:
    def call(event: dict[str, Any]) -> dict[str, Any]:
        answer = target.call(
            "lambda", "invoke", FunctionName=function, Payload=json.dumps(event).encode()
        )
        found: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Stop(f"{function} failed: {found.get('errorMessage', 'no message')}.")
        return found

    return call
