"""What the emulator is not given, and what it proves nothing about: one place for both."""

from collections.abc import Mapping

from infra.stack.stage import stage
from infra.stack.template import additions

LEFT_OUT: Mapping[str, str] = {
    "AWS::CloudFront::Distribution": "the emulator has no edge; a small front stands in its place",
    "AWS::CloudFront::Function": "runs at the edge only",
    "AWS::CloudFront::OriginAccessControl": "between the edge and the buckets",
    "AWS::CloudFront::ResponseHeadersPolicy": "headers of the edge",
    "AWS::S3::Bucket": "the edge's logs",
    "AWS::S3::BucketPolicy": "of the edge's logs",
    "AWS::SecretsManager::Secret": "by which the edge proves itself to the API",
    "AWS::SecretsManager::RotationSchedule": "nothing rotates by itself in the emulator",
}
"""Type of the resources that ``--host`` leaves out -> why."""

UNPROVED: Mapping[str, str] = {
    "rights": "IAM is not enforced; tests compare the policies with the calls of the code",
    "the gateway": "its own answers in our shape, its access logs, its throttling",
    "the edge": "CloudFront, its headers and cache, WAF, certificates, DNS",
    "encryption": "KMS keys and encryption at rest are accepted and not done",
    "quotas": "concurrency, throttling, payload limits and account limits of AWS",
    "time": "latency, cold starts, Lambda's CPU by memory, arm64",
    "the table": "DynamoDB's partitions, throttling, TTL, backups and its real stream",
    "delivery": "SMS and e-mail are only recorded; verified senders and sandboxes are not there",
    "operations": "alarms exist and never go off here; the dashboard is not drawn",
}
"""What only a real account shows."""


def left_out(name: str) -> dict[str, list[str]]:
    """Type -> logical names of what a stage has on AWS and not in the emulator."""
    real, here = (additions(stage(name, host))["Resources"] for host in (False, True))
    found: dict[str, list[str]] = {}
    for missing in sorted(real.keys() - here.keys()):
        found.setdefault(real[missing]["Type"], []).append(missing)
    return found
