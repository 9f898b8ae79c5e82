"""The keys that sign tokens rotate: against moto, by the handler that Secrets Manager calls."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import jwt
import msgspec
import pytest
import time_machine
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

import app
from chalicelib.kernel import ring, secrets, sessions, signing, tokens
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.rotation import CannotRotate
from chalicelib.kernel.settings import Settings, settings
from chalicelib.members.model import SESSION_LIFE
from chalicelib.staff import model as staff

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:rotate"
HOUR = timedelta(hours=1)


class Vault:
    """A stage whose signing keys are in Secrets Manager."""

    def __init__(self) -> None:
        """The secret as CloudFormation makes it."""
        self.client: Any = boto3.client("secretsmanager")
        value = json.dumps({"keys": [], "first": "f" * 64})
        self.arn = self.client.create_secret(Name="signing", SecretString=value)["ARN"]
        self.stage: Settings = msgspec.structs.replace(settings(), signing_secret_arn=self.arn)

    def begin(self, number: int) -> str:
        """What Secrets Manager does before the first step: a version that waits, without value."""
        version = f"{number:08d}-0000-4000-8000-000000000000"
        with pytest.raises(ClientError, match="Resource not found for ARN"):
            # the stand-in has no function to call; the tests are the caller
            self.client.rotate_secret(
                SecretId=self.arn,
                ClientRequestToken=version,
                RotationLambdaARN=LAMBDA,
                RotationRules={"AutomaticallyAfterDays": 30},
            )
        return version

    def step(self, name: str, version: str) -> None:
        """One step, as the deployed function gets it."""
        event = {"Step": name, "SecretId": self.arn, "ClientRequestToken": version}
        app.rotate(event, SimpleNamespace())

    def rotate(self, number: int, at: datetime) -> None:
        """A whole rotation; each step comes twice."""
        version = self.begin(number)
        with time_machine.travel(at, tick=False):
            for name in STEPS:
                self.step(name, version)
                self.step(name, version)

    def keys(self) -> list[str]:
        """The ids of the current ring."""
        found = self.client.get_secret_value(SecretId=self.arn, VersionStage="AWSCURRENT")
        return [key.id[:8] for key in ring.read(found["SecretString"])]


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(name)
    secrets.vault.cache_clear()
    signing.forget()
    with mock_aws():
        yield Vault()
    secrets.vault.cache_clear()
    signing.forget()


def issue(vault: Vault, at: datetime) -> tuple[str, str]:
    """A token, and the name of the key that signed it."""
    with time_machine.travel(at, tick=False):
        token = tokens.issue(vault.stage, "member", {"sub": "anna"}, at, 12 * HOUR)
    return token, jwt.get_unverified_header(token)["kid"][:8]


def reads(vault: Vault, token: str, at: datetime) -> bool:
    with time_machine.travel(at, tick=False):
        try:
            return bool(tokens.read(vault.stage, "member", token, at))
        except Unauthorized:
            return False


def test_a_token_of_the_key_before_stays_good_and_a_new_key_signs_once_all_know_it(
    vault: Vault,
) -> None:
    old, signed_by = issue(vault, START)
    assert signed_by == "first"
    vault.rotate(1, START + HOUR)
    assert vault.keys() == ["00000001", "first"]
    # a process that has just read the ring, and one that read it before the rotation
    assert issue(vault, START + HOUR)[1] == "first"
    new, signed_by = issue(vault, START + HOUR + ring.SIGNS_AFTER)
    assert signed_by == "00000001"
    for token in (old, new):
        assert reads(vault, token, START + 2 * HOUR)


def test_a_ring_is_read_once_in_minutes_and_an_absent_vault_is_waited_for(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = issue(vault, START)
    asked: list[str] = []
    real = secrets.vault()

    def ask(**given: str) -> Any:
        asked.append(given["SecretId"])
        if len(asked) == 1:
            raise EndpointConnectionError(endpoint_url="https://vault")
        return real.get_secret_value(**given)

    monkeypatch.setattr(signing, "vault", lambda: SimpleNamespace(get_secret_value=ask))
    soon = START + timedelta(seconds=signing.READ_EVERY_S - 1)
    assert reads(vault, token, soon)
    assert asked == []
    late = START + timedelta(seconds=signing.READ_EVERY_S + 1)
    assert reads(vault, token, late)  # it does not answer: the keys at hand are good
    assert reads(vault, token, late + timedelta(seconds=signing.AGAIN_AFTER_S + 1))
    assert reads(vault, token, late + HOUR / 60)
    assert len(asked) == 2


def test_refresh_tokens_outlive_rotations_and_end_with_the_keys(vault: Vault) -> None:
    session = sessions.opened("s" * 20, 1, START, SESSION_LIFE)
    with time_machine.travel(START, tick=False):
        token = sessions.refresh_token(vault.stage, "member", ("club", "anna"), session)
    for month in range(1, 4):
        vault.rotate(month, START + month * timedelta(days=30))
        signing.forget()
        if month < 3:
            read = sessions.read_refresh_token(vault.stage, "member", token)
            assert read.session == session.session
    # the first key gave way after a month; after 70 more days nothing that it signed is left
    assert vault.keys() == ["00000003", "00000002", "00000001", "first"]
    vault.rotate(4, START + timedelta(days=120))
    signing.forget()
    assert vault.keys() == ["00000004", "00000003", "00000002", "00000001"]
    with pytest.raises(Unauthorized):
        sessions.read_refresh_token(vault.stage, "member", token)


def test_keys_are_kept_longer_than_anything_lives_that_they_sign() -> None:
    for life in (SESSION_LIFE, staff.SESSION_LIFE):
        assert life + ring.SIGNS_AFTER < ring.KEPT_FOR
    assert ring.SIGNS_AFTER.total_seconds() >= 2 * signing.READ_EVERY_S


def test_a_key_of_nobody_and_a_strange_step_are_refused(vault: Vault) -> None:
    forged = jwt.encode({"sub": "anna"}, "x" * 32, "HS256", {"kid": "strange"})
    assert not reads(vault, forged, START)
    with pytest.raises(CannotRotate, match="not enabled"):
        vault.step("createSecret", "1" * 36)
    version = vault.begin(1)
    for name, token in (("createSecret", "2" * 36), ("deleteSecret", version)):
        with pytest.raises(CannotRotate):
            vault.step(name, token)
    assert vault.keys() == ["first"]


def test_a_pending_ring_that_lost_the_key_that_signs_is_not_taken(vault: Vault) -> None:
    version = vault.begin(1)
    lost = ring.written((ring.Key("other", "o" * 64, ""),))
    vault.client.put_secret_value(
        SecretId=vault.arn,
        ClientRequestToken=version,
        SecretString=lost,
        VersionStages=["AWSPENDING"],
    )
    vault.step("createSecret", version)
    with pytest.raises(CannotRotate, match="lost"):
        vault.step("testSecret", version)
    for damaged in ("", "{}", '{"keys":[],"first":"short"}'):
        with pytest.raises(ring.RingDamaged):
            ring.read(damaged)
