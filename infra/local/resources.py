"""Reads ``infra/resources.json``, the one definition of the table, the queues and the
buckets, deployed or local.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""

REGION = "us-east-1"
ACCOUNT = "000000000000"
KEY = "local"
"""Credentials, id and secret: the services check them in addresses to download from alone."""


def properties(kind: str) -> dict[str, dict[str, Any]]:
    """Logical name -> properties of every resource of one CloudFormation type."""
    template = json.loads((ROOT / "infra" / "resources.json").read_text())
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def queue_arn(name: str) -> str:
    """The ARN of a local queue; its name is the resource's logical name."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def client(service: str, url: str, *, validate: bool = True) -> Any:
    """A boto3 client for one local endpoint, whatever the caller's own AWS configuration says."""
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
        config=Config(
            parameter_validation=validate,
            proxies={},
            connect_timeout=2,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )
