"""What takes much of the time of tests and shows nothing in them, made short."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString

from chalicelib.staff import passwords
from infra.local.process import HOST

true_work = passwords._work
"""What really is done for a password, by the figures of the hash."""
UNREAD = frozenset({"dynamodb", "sqs"})
"""Services that, when local, want a signature in form only. S3's is what tells its calls."""


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Hash passwords by the smallest figures there are: every employee of every test has one. A
    hash still tells its own figures, and matches by no others.
    """

    def work(stage: Any, password: str, salt: bytes, *figures: int) -> bytes:
        keyed = true_work(stage, password, salt, 1, 1, 1)
        return hashlib.sha256(keyed + repr(figures).encode()).digest()

    with patch.object(passwords, "_work", work):
        yield


@contextmanager
def quick_calls() -> Iterator[None]:
    """Let botocore neither reckon signatures that nobody on this machine reads, nor tell anew with
    each call who it is: a fifth of what a call to a store takes.
    """
    true_sign = RequestSigner.sign

    def sign(signer: Any, operation: str, request: Any, *given: Any, **named: Any) -> None:
        name = signer.signing_name
        if given or named or name not in UNREAD or not request.url.startswith(f"http://{HOST}:"):
            true_sign(signer, operation, request, *given, **named)
            return
        scope = f"local/20260101/{signer.region_name}/{name}/aws4_request"
        request.headers["X-Amz-Date"] = "20260101T000000Z"
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}"
        )

    with (
        patch.object(RequestSigner, "sign", sign),
        patch.object(UserAgentString, "to_string", lambda _: "tests"),
    ):
        yield
