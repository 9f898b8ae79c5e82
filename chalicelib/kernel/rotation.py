"""Rotates the ring of signing keys, in the four steps that Secrets Manager asks for.

Each step may come again, at any time: what is done is not done twice, and the new key is made once
for each version.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from chalicelib.kernel import clock, ring
from chalicelib.kernel.observability import logger

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"


class Step(msgspec.Struct, frozen=True, rename="pascal"):
    """What Secrets Manager asks."""

    step: Literal["createSecret", "setSecret", "testSecret", "finishSecret"]
    secret_id: str
    client_request_token: str
    """The id of the version that is to become current."""


class CannotRotate(Exception):
    """The request does not fit the secret; Secrets Manager tells the owner."""


def rotate(event: dict[str, Any], vault: Any, new_key: str, at: datetime) -> None:
    """Do one step.

    Raises:
        CannotRotate: it is not a step of a rotation that goes on.
        RingDamaged: a version holds no usable ring.
        botocore errors: the vault does not answer; the step comes again.
    """
    try:
        step = msgspec.convert(event, Step)
    except msgspec.ValidationError as fault:
        raise CannotRotate(str(fault)) from None
    stages = _stages(step, vault)
    if CURRENT in stages:
        return  # finished before
    if step.step == "createSecret":
        _create(step, vault, new_key, at)
    elif step.step == "testSecret":
        _test(step, vault, at)
    elif step.step == "finishSecret":
        _finish(step, vault)
    # setSecret: nobody else keeps these keys
    logger.info("rotation", step=step.step, version=step.client_request_token)


def _stages(step: Step, vault: Any) -> list[str]:
    """The stages of the version; raises CannotRotate unless it belongs to a rotation."""
    about = vault.describe_secret(SecretId=step.secret_id)
    if not about.get("RotationEnabled"):
        raise CannotRotate("rotation is not enabled")
    versions: dict[str, list[str]] = about["VersionIdsToStages"]
    stages = versions.get(step.client_request_token, [])
    if not {CURRENT, PENDING} & set(stages):
        raise CannotRotate("the version is not waiting")
    return stages


def _create(step: Step, vault: Any, new_key: str, at: datetime) -> None:
    try:
        _pending(step, vault)
    except vault.exceptions.ResourceNotFoundException:
        keys = _current(step, vault)
        new = ring.Key(step.client_request_token, new_key, clock.render(at))
        vault.put_secret_value(
            SecretId=step.secret_id,
            ClientRequestToken=step.client_request_token,
            SecretString=ring.written(ring.rotated(keys, new, at)),
            VersionStages=[PENDING],
        )


def _test(step: Step, vault: Any, at: datetime) -> None:
    """The new ring must prove everything that may have been signed meanwhile."""
    if ring.signer(_current(step, vault), at) not in _pending(step, vault):
        raise CannotRotate("the key that signs is lost in the pending version")


def _finish(step: Step, vault: Any) -> None:
    versions = vault.describe_secret(SecretId=step.secret_id)["VersionIdsToStages"]
    was = next(version for version, stages in versions.items() if CURRENT in stages)
    vault.update_secret_version_stage(
        SecretId=step.secret_id,
        VersionStage=CURRENT,
        MoveToVersionId=step.client_request_token,
        RemoveFromVersionId=was,
    )
    vault.update_secret_version_stage(
        SecretId=step.secret_id,
        VersionStage=PENDING,
        RemoveFromVersionId=step.client_request_token,
    )


def _current(step: Step, vault: Any) -> tuple[ring.Key, ...]:
    found = vault.get_secret_value(SecretId=step.secret_id, VersionStage=CURRENT)
    return ring.read(found["SecretString"])


def _pending(step: Step, vault: Any) -> tuple[ring.Key, ...]:
    found = vault.get_secret_value(
        SecretId=step.secret_id, VersionId=step.client_request_token, VersionStage=PENDING
    )
    return ring.read(found["SecretString"])
