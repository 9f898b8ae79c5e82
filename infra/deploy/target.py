"""One stage in one account and region, and the only way by which this package calls AWS."""

import os
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from infra.stack.stage import Stage

DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden"}
)
UNKNOWN = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""How AWS's services say that they do not know the credentials, or no longer."""


class Stop(Exception):
    """Nothing more can be done; the message says why and what to do, in a sentence or two."""


class Target:
    """A stage's place in AWS."""

    def __init__(self, stage: Stage, region: str, account: str) -> None:
        self.stage = stage
        self.region = region
        self.account = account
        self._clients: dict[tuple[str, str], Any] = {}

    @classmethod
    def of(cls, stage: Stage) -> "Target":
        """Where the credentials and the region of the environment lead.

        Raises:
            Stop: there are none.
        """
        try:
            # boto3 itself knows AWS_DEFAULT_REGION and the profile's region alone
            region = os.environ.get("AWS_REGION") or _session().region_name
        except ProfileNotFound as fault:
            raise Stop(f"{fault}.") from None
        if not region:
            raise Stop("No region is set: export AWS_REGION, such as AWS_REGION=eu-central-1.")
        found = cls(stage, region, "")
        found.account = str(found.call("sts", "get_caller_identity")["Account"])
        return found

    @property
    def name(self) -> str:
        """The name of the stage's stack."""
        return f"clubkeeper-{self.stage.name}"

    def call(self, service: str, operation: str, region: str = "", **arguments: Any) -> Any:
        """Call AWS; in another region than the stage's where one is named.

        Raises:
            Stop: these credentials are none, or may not do it.
            ClientError: AWS refused for another reason, which the caller may know.
        """
        try:
            return getattr(self._client(service, region or self.region), operation)(**arguments)
        except ClientError as refused:
            code = str(refused.response["Error"]["Code"])
            if code in DENIED:
                raise Stop(
                    f"These credentials may not call {service}:{operation}. The rights that a "
                    "deployment needs are in docs/operations/deploy-role.json."
                ) from None
            if code in UNKNOWN:
                raise Stop(
                    "AWS does not know these credentials, or they have run out: sign in again."
                ) from None
            raise
        except (NoCredentialsError, PartialCredentialsError):
            raise Stop(
                "There are no credentials for AWS: sign in, for instance with `aws sso login`, or "
                "export AWS_PROFILE."
            ) from None
        except NoRegionError:
            raise Stop("No region is set: export AWS_REGION.") from None
        except BotoCoreError as fault:
            raise Stop(f"AWS cannot be reached for {service}:{operation}: {fault}.") from None

    def _client(self, service: str, region: str) -> Any:
        if (service, region) not in self._clients:
            patience = Config(
                connect_timeout=10,
                read_timeout=120,
                retries={"mode": "standard", "total_max_attempts": 6},
            )
            self._clients[service, region] = _session().client(
                service, region_name=region, config=patience
            )
        return self._clients[service, region]


@lru_cache
def _session() -> Any:
    return boto3.session.Session()


def code_of(refused: ClientError) -> str:
    """AWS's own name of a refusal."""
    return str(refused.response["Error"]["Code"])
