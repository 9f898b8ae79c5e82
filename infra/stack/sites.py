"""The buckets of the static sites, and of CloudFront's logs: private, encrypted, over TLS alone."""

from typing import Any

from infra.stack.stage import Json, Stage

CLUB = "ClubSiteBucket"
CONSOLE = "ConsoleSiteBucket"
LOGS = "EdgeLogsBucket"
REPLACED_DAYS = 90
"""How long versions of files are kept that were replaced or deleted."""


def resources(stage: Stage) -> dict[str, Json]:
    """The buckets and who may read them; the emulator has no CloudFront, so no logs of it."""
    made: dict[str, Json] = {CLUB: _site(stage), CONSOLE: _site(stage)}
    if not stage.host:
        made[LOGS] = _logs(stage)
    readable = () if stage.host else (CLUB, CONSOLE)
    return {
        **made,
        **{
            f"{name}Policy": policy(name, *([by_cloudfront(name)] if name in readable else []))
            for name in made
        },
    }


def outputs(stage: Stage) -> dict[str, Json]:
    """Where ``make deploy`` puts the built sites."""
    return {f"{name}Name": {"Value": {"Ref": name}} for name in (CLUB, CONSOLE)}


def policy(bucket: str, *allowed: Json) -> Json:
    """A bucket's policy: what is allowed, and nothing without TLS."""
    whole = [{"Fn::GetAtt": [bucket, "Arn"]}, {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": bucket},
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [only_encrypted(whole), *allowed],
            },
        },
    }


def only_encrypted(resources: list[Any]) -> Json:
    """Nothing without TLS, of a bucket and all that is in it."""
    return {
        "Sid": "OnlyEncryptedConnections",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": resources,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def by_cloudfront(bucket: str, prefix: str = "") -> Json:
    """Leave to read what lies below a prefix, for this stage's distribution and nobody else."""
    return {
        "Sid": "OnlyOurCloudFront",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": {"Fn::Sub": f"${{{bucket}.Arn}}/{prefix}*"},
        "Condition": {
            "ArnEquals": {
                "aws:SourceArn": {
                    "Fn::Sub": (
                        "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}"
                        ":distribution/${Distribution}"
                    )
                }
            }
        },
    }


def _site(stage: Stage) -> Json:
    rule = {
        "Id": "replaced",
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": REPLACED_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    return _bucket(stage, "BucketOwnerEnforced", [rule])


def _logs(stage: Stage) -> Json:
    """CloudFront delivers its logs by an access list, which the bucket's owner has to permit."""
    rule = {
        "Id": "old",
        "Status": "Enabled",
        "ExpirationInDays": {"Ref": "LogDays"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    return _bucket(stage, "BucketOwnerPreferred", [rule])


def _bucket(stage: Stage, ownership: str, rules: list[Json]) -> Json:
    # A bucket that is not empty cannot be deleted with its stack, and a site can be built again:
    # kept only where data is kept.
    kept = "Retain" if stage.keeps_data else "Delete"
    return {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": kept,
        "UpdateReplacePolicy": kept,
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": ownership}]},
            "LifecycleConfiguration": {"Rules": rules},
        },
    }
