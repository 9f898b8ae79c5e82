"""What leaves the platform for other AWS services, against moto: SMS, e-mail, the root secret."""

from collections.abc import Iterator

import boto3
import msgspec
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from chalicelib.files import gateway as files
from chalicelib.kernel import secrets
from chalicelib.kernel.settings import Settings, settings
from chalicelib.messages import gateway
from chalicelib.messages.model import Message, MessageNotSent

REGION = "us-east-1"


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A stage whose gateways are AWS's own."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(name)
    gateway._client.cache_clear()
    with mock_aws():
        yield msgspec.structs.replace(settings(), messages="aws")
    gateway._client.cache_clear()


def test_an_sms_goes_out_as_a_transactional_message(stage: Settings) -> None:
    gateway.send(Message("sms", "+79160000001", "your code is 482915"), stage)
    (sent,) = sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages.values()
    assert sent == ("+79160000001", "your code is 482915")


def test_an_email_goes_out_from_the_clubs_address(stage: Settings) -> None:
    boto3.client("sesv2").create_email_identity(EmailIdentity=stage.sender_email)
    gateway.send(Message("email", "anna@example.org", "your code is 482915"), stage)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == (
        stage.sender_email,
        ["anna@example.org"],
    )


def test_a_message_that_was_not_taken_may_be_sent_again(stage: Settings) -> None:
    with pytest.raises(MessageNotSent) as refused:
        gateway.send(Message("email", "anna@example.org", "no identity is verified"), stage)
    assert refused.value.status == 503
    assert refused.value.retry_after


def test_signed_addresses_name_the_region_of_the_bucket(
    stage: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(files, "_client", None)
    deployed = msgspec.structs.replace(stage, files_bucket="club-files")
    home = "https://club-files.s3.eu-central-1.amazonaws.com/"
    assert files.upload_form(deployed, "quarantine/x", "image/png", 100).url == home
    assert files.link(deployed, "exports/x", "x.csv", 60).startswith(home)


def test_the_root_secret_is_read_from_the_vault_once(stage: Settings) -> None:
    vault = boto3.client("secretsmanager")
    arn = vault.create_secret(Name="clubkeeper", SecretString="s" * 64)["ARN"]
    deployed = msgspec.structs.replace(stage, secret="", secret_arn=arn)
    local = msgspec.structs.replace(stage, secret="s" * 64)
    assert secrets.derive(deployed, "any") == secrets.derive(local, "any")
    vault.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert secrets.derive(deployed, "any") == secrets.derive(local, "any")
