"""Serves checked images from the bucket, as the content delivery network does in the cloud."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from infra.local.answers import Answer, problem
from infra.local.gateway import Request
from infra.local.resources import client

IMAGES = frozenset({"image/png", "image/jpeg", "image/webp"})
_PATH = re.compile(r"/media/[a-z][a-z0-9-]{1,30}/[0-9a-hjkmnp-tv-z]{20}")


class Media:
    """Answers what lies below ``/media/``; nothing else of the bucket can be reached."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._url = environment["AWS_ENDPOINT_URL"]
        self._bucket = environment["CLUBKEEPER_FILES_BUCKET"]

    def answer(self, request: Request) -> Answer | None:
        """The image, a refusal, or nothing when the path is not one of ours."""
        if not request.path.startswith("/media/"):
            return None
        if request.method not in ("GET", "HEAD"):
            said = "This address takes GET, HEAD."
            return problem(405, "method_not_allowed", said, {"Allow": "GET, HEAD"})
        found = self._image(request.path[1:]) if _PATH.fullmatch(request.path) else None
        if found is None:
            return problem(404, "no_such_route", "There is nothing at this address.")
        return found

    def _image(self, key: str) -> Answer | None:
        try:
            stored = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as refused:
            if refused.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise
        kind = str(stored["ContentType"])
        if kind not in IMAGES:
            return None
        kept = str(stored.get("CacheControl", "no-store"))
        return Answer(200, _headers(kind, kept), stored["Body"].read())

    @cached_property
    def _s3(self) -> Any:
        return client("s3", self._url)


def _headers(kind: str, kept: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", kind),
        ("Cache-Control", kept),
        ("Content-Disposition", "inline"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("X-Content-Type-Options", "nosniff"),
    ]
