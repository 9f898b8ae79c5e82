"""RFC 9457 problem details, in the caller's language, made in this one place."""

from typing import Any

import msgspec

from chalicelib.kernel.errors import FieldError, Refusal, Unauthorized
from chalicelib.kernel.texts import say

CONTENT_TYPE = "application/problem+json"


class FieldProblem(msgspec.Struct, frozen=True):
    """One wrong field of the request."""

    pointer: str
    """JSON pointer into the body, or `/name` of a query parameter."""
    code: str
    """Stable name of the fault; programs may decide by it."""
    detail: str
    """A sentence for people about this field."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was refused (RFC 9457)."""

    type: str
    """Relative link to the description of the code."""
    title: str
    """The kind of refusal in a few words."""
    status: int
    """The HTTP status once more."""
    detail: str
    """A sentence a person understands, in the language of `Accept-Language`."""
    code: str
    """Stable name of the refusal; programs may decide by it."""
    instance: str
    """Names this very answer; quote it to support."""
    errors: list[FieldProblem] = []
    """Every wrong field; empty where none is to blame."""
    retry_after: int | None = None
    """Seconds after which the same request may be sent again."""


def problem(refusal: Refusal, language: str, request_id: str) -> Problem:
    """The answer for a refusal."""
    return Problem(
        type=f"/problems/{refusal.code}",
        title=say(language, f"title.{refusal.status}"),
        status=refusal.status,
        detail=say(language, f"error.{refusal.code}", **refusal.told(language)),
        code=refusal.code,
        instance=f"urn:request:{request_id}",
        errors=[_field(error, language) for error in refusal.fields],
        retry_after=refusal.retry_after,
    )


def headers(refusal: Refusal) -> dict[str, str]:
    """The header fields that go with a refusal."""
    fields = {"Content-Type": CONTENT_TYPE}
    if refusal.retry_after is not None:
        fields["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Unauthorized):
        fields["WWW-Authenticate"] = refusal.scheme
    return fields


def _field(error: FieldError, language: str) -> FieldProblem:
    params: dict[str, Any] = dict(error.params)
    return FieldProblem(error.pointer, error.code, say(language, f"field.{error.code}", **params))
