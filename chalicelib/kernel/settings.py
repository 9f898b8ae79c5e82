"""Everything the deployment decides, read once from the environment and never again.

The object is frozen; a missing or malformed name is reported together with all the others, so that
an operator mends a stage in one go instead of one redeploy per variable.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import msgspec

PREFIX = "CLUBKEEPER_"


class SettingsError(Exception):
    """The environment is incomplete or malformed; the message names every variable at fault."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The deployment's own choices. A program's choices live in its document instead."""

    table: str
    stage: str
    public_url: str
    """Origin that QR codes and links lead to, without a trailing slash."""
    version: str = "development"
    """What is deployed, as its release is called."""
    origin_keys: str = ""
    """Keys by which CloudFront proves itself, apart by spaces: the one that it sends, and while
    that changes the one before. Empty: nothing stands in front of the gateway."""
    messages: Literal["local", "aws"] = "aws"
    secret: str = ""
    """The root secret itself (local platform and tests only), at least 32 characters."""
    secret_arn: str = ""
    """Where a deployed stage keeps the root secret; read once per process."""
    signing_secret_arn: str = ""
    """Where a deployed stage keeps the keys that sign tokens; empty: the root secret signs."""
    outbox: str = ""
    """File to which the local message gateway appends; empty when deployed."""
    clock_file: str = ""
    """File with the local platform's clock offset in seconds; empty when deployed."""
    stream_arn: str = "arn:aws:dynamodb:us-east-1:000000000000:table/clubkeeper/stream/local"
    notifications_queue_arn: str = "arn:aws:sqs:us-east-1:000000000000:notifications"
    notifications_queue_url: str = ""
    jobs_queue_arn: str = "arn:aws:sqs:us-east-1:000000000000:jobs"
    jobs_queue_url: str = ""
    agenda_queue_arn: str = "arn:aws:sqs:us-east-1:000000000000:agenda"
    agenda_queue_url: str = ""
    files_bucket: str = ""
    """Where uploaded files are kept."""
    media_url: str = ""
    """Where checked images are served, without a trailing slash; empty: at ``media`` below
    ``public_url``."""
    sender_email: str = "club@example.org"
    messages_per_day: int = 10_000
    """Budget of paid messages (SMS) a program may send in one UTC day before its breaker opens."""
    failed_codes_per_hour: int = 500
    """Wrong one-time or scratch codes a program takes in one hour before its breaker opens."""

    @property
    def media(self) -> str:
        """Address below which checked images are served."""
        return self.media_url or f"{self.public_url}/media"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Build the settings from ``CLUBKEEPER_*`` variables.

    Raises:
        SettingsError: naming every missing or malformed variable at once.
    """
    known = msgspec.structs.fields(Settings)
    given = {
        field.name: environment[PREFIX + field.name.upper()]
        for field in known
        if PREFIX + field.name.upper() in environment
    }
    faults = [
        f"{PREFIX}{field.name.upper()} is missing"
        for field in known
        if field.required and not given.get(field.name)
    ]
    if not (given.get("secret") or given.get("secret_arn")):
        faults.append(f"{PREFIX}SECRET_ARN is missing")
    if given.get("secret") and len(given["secret"]) < 32:
        faults.append(f"{PREFIX}SECRET is shorter than 32 characters")
    if any(len(key) < 32 for key in given.get("origin_keys", "").split()):
        faults.append(f"{PREFIX}ORIGIN_KEYS has a key shorter than 32 characters")
    for field in known:
        if field.name in given:
            try:
                msgspec.convert(given[field.name], field.type, strict=False)
            except msgspec.ValidationError as fault:
                faults.append(f"{PREFIX}{field.name.upper()}: {fault}")
    if faults:
        raise SettingsError("The stage is not configured: " + "; ".join(faults) + ".")
    return msgspec.convert(given, Settings, strict=False)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings; read on first use because importing does no work."""
    return read_settings(os.environ)


def event_source(name: str) -> str:
    """The ARN of an event source, which Chalice needs when app.py is imported.

    The packaging tool and the API document import app.py outside any stage; they get the field's
    stand-in.
    """
    stand_ins = {field.name: field.default for field in msgspec.structs.fields(Settings)}
    return os.environ.get(PREFIX + name.upper()) or str(stand_ins[name])
