"""Object storage: Amazon S3, or its local stand-in.

What was read of an object is bound to its entity tag, so that an upload that arrives during the
check cannot slip in unchecked.
"""

import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from chalicelib.files.model import HEAD_BYTES, UPLOAD_S, MediaType
from chalicelib.kernel.errors import Busy
from chalicelib.kernel.settings import Settings

SERVED = "media/"
"""Where what everybody may see lies."""
FOR_EVER = "public, max-age=31536000, immutable"
CHUNK = 1_000_000
"""Bytes of a large object in memory at once."""
_ABSENT = {"404", "NoSuchKey", "NoSuchVersion"}
_lock = threading.Lock()
_client: Any = None


class Form(NamedTuple):
    """A form that a browser or program can post a file with, as it stands."""

    url: str
    fields: dict[str, str]


class Found(NamedTuple):
    """An object as it was met."""

    size: int
    etag: str


def upload_form(stage: Settings, key: str, media_type: MediaType, most: int) -> Form:
    """A form for one object of one type and of 1 to ``most`` bytes; made without a call."""
    made = _s3().generate_presigned_post(
        stage.files_bucket,
        key,
        Fields={"Content-Type": media_type},
        Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, most]],
        ExpiresIn=UPLOAD_S,
    )
    return Form(made["url"], made["fields"])


def find(stage: Settings, key: str) -> Found | None:
    """The object, or nothing."""
    try:
        head = _s3().head_object(Bucket=stage.files_bucket, Key=key)
    except ClientError as refused:
        if refused.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    return Found(head["ContentLength"], head["ETag"])


def beginning(stage: Settings, key: str, found: Found) -> bytes:
    """The first bytes of an object; raises Busy when it is no longer the one found."""
    return _read(stage, key, found, Range=f"bytes=0-{HEAD_BYTES - 1}")


def content(stage: Settings, key: str, found: Found) -> bytes:
    """A whole object; raises Busy when it is no longer the one found."""
    return _read(stage, key, found)


def piece(stage: Settings, key: str, etag: str, start: int, length: int) -> bytes:
    """Some bytes of an object; raises Busy when it is no longer the one of this entity tag."""
    return _read(stage, key, Found(0, etag), Range=f"bytes={start}-{start + length - 1}")


def chunks(stage: Settings, key: str, etag: str) -> Iterator[bytes]:
    """A whole object, piece by piece; raises Busy when it is no longer the one of this tag."""
    answer = _unchanged(_s3().get_object, Bucket=stage.files_bucket, Key=key, IfMatch=etag)
    yield from answer["Body"].iter_chunks(CHUNK)


def put(stage: Settings, key: str, body: bytes, media_type: str) -> None:
    """Put an object, in place of what is there."""
    _s3().put_object(Bucket=stage.files_bucket, Key=key, Body=body, ContentType=media_type)


def link(stage: Settings, key: str, name: str, good_for_s: int) -> str:
    """An address to download an object from, as a file of this name; made without a call."""
    wanted = {
        "Bucket": stage.files_bucket,
        "Key": key,
        "ResponseContentDisposition": f'attachment; filename="{name}"',
    }
    return str(_s3().generate_presigned_url("get_object", wanted, ExpiresIn=good_for_s))


def copy(stage: Settings, source: str, found: Found, target: str, media_type: MediaType) -> None:
    """Copy the object found, as this type; raises Busy when it is no longer there.

    What is served to everybody may be kept for a year: an id is never given to another image.
    """
    served = {"CacheControl": FOR_EVER} if target.startswith(SERVED) else {}
    _unchanged(
        _s3().copy_object,
        Bucket=stage.files_bucket,
        Key=target,
        CopySource={"Bucket": stage.files_bucket, "Key": source},
        CopySourceIfMatch=found.etag,
        ContentType=media_type,
        MetadataDirective="REPLACE",
        **served,
    )


def delete(stage: Settings, key: str) -> None:
    """Delete an object; one that is not there is no fault."""
    _s3().delete_object(Bucket=stage.files_bucket, Key=key)


def _read(stage: Settings, key: str, found: Found, **more: str) -> bytes:
    answer = _unchanged(
        _s3().get_object, Bucket=stage.files_bucket, Key=key, IfMatch=found.etag, **more
    )
    return bytes(answer["Body"].read())


def _unchanged(call: Any, **arguments: Any) -> Any:
    try:
        return call(**arguments)
    except ClientError as refused:
        if refused.response["Error"]["Code"] in {"PreconditionFailed", *_ABSENT}:
            raise Busy(retry_after=1) from refused
        raise


def _s3() -> Any:
    global _client
    with _lock:
        if _client is None:
            # Imported here: most processes never touch a file.
            import boto3
            from botocore.config import Config

            patience = Config(
                signature_version="s3v4",
                # Names the bucket's region in signed addresses: without it, a new bucket outside
                # us-east-1 answers them with a redirect for hours, which breaks their signature.
                s3={"addressing_style": "virtual"},
                connect_timeout=2,
                read_timeout=5,
                retries={"total_max_attempts": 3},
            )
            _client = boto3.client("s3", config=patience)
        return _client
