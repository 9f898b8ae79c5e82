"""The deployment bucket: one for all stages of an account and region. What was deployed stays in
it under its content's hash, so that nothing is uploaded twice and every release can come back.
"""

import hashlib
import json
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.target import Stop, Target, code_of
from infra.stack.sites import only_encrypted

REPLACED_DAYS = 365
"""How long versions of objects are kept that were replaced, in days."""
ABSENT = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchBucket"})


class Store:
    """The bucket of a target."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.name = f"clubkeeper-deploy-{target.account}-{target.region}"

    def ensure(self) -> None:
        """Make the bucket if there is none, and see to it that it is private, versioned, encrypted
        and reached over TLS alone.

        Raises:
            Stop: the name is taken by another account.
        """
        if not self._exists():
            more: dict[str, Any] = {}
            if self._target.region != "us-east-1":  # the one that must not be named
                more["CreateBucketConfiguration"] = {"LocationConstraint": self._target.region}
            self._target.call("s3", "create_bucket", Bucket=self.name, **more)
        closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy")
        self._s3(
            "put_public_access_block",
            PublicAccessBlockConfiguration=dict.fromkeys((*closed, "RestrictPublicBuckets"), True),
        )
        self._s3("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
        encrypted = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        self._s3("put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": [encrypted]})
        self._s3("put_bucket_policy", Policy=json.dumps(self._policy()))
        rule = {
            "ID": "replaced",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": REPLACED_DAYS},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
        self._s3("put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": [rule]})

    def keep(self, folder: str, content: bytes, ending: str = "") -> str:
        """Keep content under its hash, unless it is there; returns its key."""
        key = f"{folder}/{hashlib.sha256(content).hexdigest()}{ending}"
        if not self.has(key):
            self.put(key, content)
        return key

    def has(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            self._s3("head_object", Key=key)
        except ClientError as refused:
            if code_of(refused) in ABSENT:
                return False
            raise
        return True

    def put(self, key: str, content: bytes) -> None:
        """Write an object, in place of what is there."""
        self._s3("put_object", Key=key, Body=content)

    def get(self, key: str) -> bytes | None:
        """An object's content, or nothing where there is none."""
        try:
            return bytes(self._s3("get_object", Key=key)["Body"].read())
        except ClientError as refused:
            if code_of(refused) in ABSENT:
                return None
            raise

    def below(self, prefix: str) -> list[str]:
        """Keys that begin with a prefix, in order."""
        return [each["Key"] for each in objects(self._target, self.name, prefix)]

    def url(self, key: str) -> str:
        """Where CloudFormation reads an object."""
        return f"https://s3.{self._target.region}.amazonaws.com/{self.name}/{key}"

    def _exists(self) -> bool:
        try:
            self._target.call("s3", "head_bucket", Bucket=self.name)
        except ClientError as refused:
            if code_of(refused) in ABSENT:
                return False
            raise
        try:
            self._s3("get_bucket_versioning")
        except Stop:
            raise Stop(f"The bucket {self.name} belongs to another account.") from None
        return True

    def _policy(self) -> dict[str, Any]:
        arn = f"arn:aws:s3:::{self.name}"
        return {"Version": "2012-10-17", "Statement": [only_encrypted([arn, f"{arn}/*"])]}

    def _s3(self, operation: str, **arguments: Any) -> Any:
        """Only ever our own account's bucket."""
        return self._target.call(
            "s3",
            operation,
            Bucket=self.name,
            ExpectedBucketOwner=self._target.account,
            **arguments,
        )


def objects(target: Target, bucket: str, prefix: str = "") -> list[dict[str, Any]]:
    """All objects of a bucket below a prefix, in the order of their keys."""
    found: list[dict[str, Any]] = []
    more: dict[str, str] = {}
    while True:
        page = target.call("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix, **more)
        found += page.get("Contents", ())
        if not page.get("IsTruncated"):
            return found
        more = {"ContinuationToken": page["NextContinuationToken"]}
