"""The environment variables of the app on this machine, in one place for the platform and for
tests.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from infra.local.process import HOST
from infra.local.resources import KEY, REGION, queue_arn

TABLE = "clubkeeper"


def environment(
    *,
    folder: Path,
    port: int,
    engine_url: str,
    services_url: str,
    stream_arn: str,
    queues: Mapping[str, str],
    buckets: Mapping[str, str],
) -> dict[str, str]:
    """Every variable that the app reads. Set them before ``app`` is imported: decorators read some.

    ``folder`` holds secret, outbox and clock; ``port`` is the HTTP front's; ``queues`` maps names
    to URLs, ``buckets`` to the names they have in S3.
    """
    return {
        "CLUBKEEPER_TABLE": TABLE,
        "CLUBKEEPER_STAGE": "local",
        "CLUBKEEPER_PUBLIC_URL": f"http://{HOST}:{port}",
        "CLUBKEEPER_SECRET": secret(folder / "secret"),
        "CLUBKEEPER_MESSAGES": "local",
        "CLUBKEEPER_OUTBOX": str(folder / "outbox.jsonl"),
        "CLUBKEEPER_CLOCK_FILE": str(folder / "clock"),
        "CLUBKEEPER_STREAM_ARN": stream_arn,
        "CLUBKEEPER_NOTIFICATIONS_QUEUE_ARN": queue_arn("NotificationsQueue"),
        "CLUBKEEPER_NOTIFICATIONS_QUEUE_URL": queues["NotificationsQueue"],
        "CLUBKEEPER_JOBS_QUEUE_ARN": queue_arn("JobsQueue"),
        "CLUBKEEPER_JOBS_QUEUE_URL": queues["JobsQueue"],
        "CLUBKEEPER_AGENDA_QUEUE_ARN": queue_arn("AgendaQueue"),
        "CLUBKEEPER_AGENDA_QUEUE_URL": queues["AgendaQueue"],
        "CLUBKEEPER_FILES_BUCKET": buckets["FilesBucket"],
        "AWS_ENDPOINT_URL": services_url,
        "AWS_ENDPOINT_URL_DYNAMODB": engine_url,
        # the same endpoint serves the stream, but boto3 looks it up under its own name
        "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": engine_url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "POWERTOOLS_LOG_LEVEL": os.environ.get("POWERTOOLS_LOG_LEVEL", "WARNING"),
        # metrics would be lines on the terminal here, several per request
        "POWERTOOLS_METRICS_DISABLED": "true",
        "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), HOST, "localhost"])),
    }


def secret(file: Path) -> str:
    """The root secret, made once: 64 hexadecimal digits that only this user can read."""
    if file.exists():
        return file.read_text().strip()
    made = secrets.token_hex(32)
    keep_private(file, made)
    return made


def keep_private(file: Path, text: str) -> None:
    """Write a file that only this user can read, as a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)
