"""The other AWS services the platform needs (SQS, S3), by MiniStack in a process of its own."""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from infra.local.process import HOST, Child, StartError, is_free, launch
from infra.local.resources import KEY, ROOT, client, properties, queue_arn

BINARY = ROOT / ".local/aws/bin/ministack"
_PLAIN = ("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds")


class Services:
    """A running MiniStack. With ``data`` its state is saved there when it is stopped by SIGTERM,
    not before.
    """

    def __init__(self, child: Child, port: int) -> None:
        self._child = child
        self.port = port

    @classmethod
    def start(
        cls,
        binary: Path = BINARY,
        data: Path | None = None,
        port: int | None = None,
        keep: Sequence[int] = (),
        more: Mapping[str, str] | None = None,
    ) -> "Services":
        """Start and wait until it answers; ``keep`` names file descriptors it holds open until it
        has ended, ``more`` further environment, which deployed functions see too.
        """
        if not os.access(binary, os.X_OK):
            raise StartError(f"The local AWS services {binary} are missing: run `make setup`.")
        if data:
            data.mkdir(parents=True, exist_ok=True)
            port = port or _usual_port(data)
        begin = partial(_begin, binary, data, keep, more or {})
        child, port = launch(
            begin, "/_ministack/health", port, "The local AWS services (MiniStack)"
        )
        if data:
            (data / "port").write_text(str(port))
        return cls(child, port)

    @property
    def url(self) -> str:
        """Where boto3 finds every service but DynamoDB."""
        return f"http://{HOST}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._child.alive

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def stop(self) -> None:
        """An orderly end; saves the state."""
        self._child.stop()

    def create_queues(self) -> dict[str, str]:
        """Make sure the queues of ``infra/resources.json`` exist; logical name -> queue URL."""
        sqs = client("sqs", self.url)
        queues = properties("AWS::SQS::Queue")
        urls = {name: str(sqs.create_queue(QueueName=name)["QueueUrl"]) for name in queues}
        for name, wanted in queues.items():
            # apart from creation, so that a changed definition also reaches queues of an older data
            # folder
            sqs.set_queue_attributes(QueueUrl=urls[name], Attributes=_attributes(wanted))
        return urls

    def create_buckets(self) -> dict[str, str]:
        """Make sure the buckets of ``infra/resources.json`` exist; logical name -> bucket name."""
        s3 = client("s3", self.url)
        buckets = properties("AWS::S3::Bucket")
        names = {name: name.lower() for name in buckets}
        for name, wanted in buckets.items():
            s3.create_bucket(Bucket=names[name])  # in us-east-1, one's own again is no error
            s3.put_bucket_versioning(
                Bucket=names[name],
                VersioningConfiguration=wanted["VersioningConfiguration"],
            )
        return names


def _usual_port(data: Path) -> int | None:
    """The port of the last run: MiniStack keeps queues by URL, so on another port they would seem
    gone.
    """
    try:
        port = int((data / "port").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return port if is_free(port) else None


def _begin(
    binary: Path, data: Path | None, keep: Sequence[int], more: Mapping[str, str], port: int
) -> Child:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "LOG_LEVEL": "WARNING",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
    }
    if data:
        environment |= {"PERSIST_STATE": "1", "STATE_DIR": str(data)}
        environment |= {"S3_PERSIST": "1", "S3_DATA_DIR": str(data / "s3")}
    # SIGTERM even when the parent was killed: waiting messages are saved
    return Child.start([binary], environment | dict(more), signal.SIGTERM, keep)


def _attributes(queue: Mapping[str, Any]) -> dict[str, str]:
    """CloudFormation's properties in the words of the SQS API."""
    attributes = {key: str(queue[key]) for key in _PLAIN if key in queue}
    redrive = queue.get("RedrivePolicy")
    if redrive:
        target, _ = redrive["deadLetterTargetArn"]["Fn::GetAtt"]
        attributes["RedrivePolicy"] = json.dumps(
            {
                "deadLetterTargetArn": queue_arn(target),
                "maxReceiveCount": redrive["maxReceiveCount"],
            }
        )
    return attributes
