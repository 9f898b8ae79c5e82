"""The error tree: every refusal a caller can meet, each with a stable code.

Rooms subclass one of these and give ``code``; the sentence for people stands in the text
catalogues under ``error.<code>`` in every language. :mod:`chalicelib.kernel.http.problems` turns
them into RFC 9457 problem details, in one place.

Refusal
├── BadRequest 400        ├── NotFound 404      ├── Unprocessable 422
├── Unauthorized 401      ├── Conflict 409      ├── TooMany 429
├── Forbidden 403         ├── Gone 410          └── Unavailable 503
"""

from typing import ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One wrong field: where (a JSON pointer, RFC 6901), what (a code), and figures for the
    sentence.
    """

    pointer: str
    code: str
    params: dict[str, str] = {}


class Refusal(Exception):
    """The platform understood the request and says no. Not an accident: never logged as one."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(
        self,
        *,
        fields: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
        **params: object,
    ) -> None:
        """``params`` fill the sentence; ``retry_after`` is in seconds."""
        super().__init__(self.code)
        self.fields = fields
        self.retry_after = retry_after
        self.params = {name: str(value) for name, value in params.items()}

    def told(self, language: str) -> dict[str, str]:
        """What fills the sentence in a language."""
        return self.params


class BadRequest(Refusal):
    """400: the request cannot be read."""


class Unauthorized(Refusal):
    """401: nobody, or nobody we can believe, is asking."""

    status = 401
    code = "unauthorized"
    scheme: ClassVar[str] = "Bearer"
    """How to prove who asks, for ``WWW-Authenticate`` (RFC 9110 §11.6.1)."""


class Forbidden(Refusal):
    """403: we know who asks, and they may not."""

    status = 403
    code = "forbidden"


class NotFound(Refusal):
    """404: there is no such thing, or not for this caller."""

    status = 404
    code = "not_found"


class Conflict(Refusal):
    """409: the thing is not in a state that allows this."""

    status = 409
    code = "conflict"


class Gone(Refusal):
    """410: it was here and will not come back."""

    status = 410
    code = "gone"


class Unprocessable(Refusal):
    """422: readable, but its content cannot be accepted."""

    status = 422
    code = "unprocessable"


class TooMany(Refusal):
    """429: slow down; ``retry_after`` tells how long."""

    status = 429
    code = "too_many_requests"


class Unavailable(Refusal):
    """503: our fault or our supplier's; the same request may be sent again."""

    status = 503
    code = "unavailable"


class Internal(Refusal):
    """500: a defect of ours, logged with its stack; the caller sees only the request's id."""

    status = 500
    code = "internal"


class Malformed(BadRequest):
    """The body is not JSON as this API takes it (encoding, duplicate keys, NaN, depth)."""

    code = "malformed_json"


class TooLarge(Refusal):
    """413: the body is over the limit."""

    status = 413
    code = "too_large"


class WrongContentType(Refusal):
    """415: the body is not ``application/json``."""

    status = 415
    code = "wrong_content_type"


class InvalidFields(Unprocessable):
    """Some fields are wrong; ``errors`` names every one of them."""

    code = "invalid_fields"


class InvalidQuery(BadRequest):
    """Some query parameters are wrong; ``errors`` names every one of them."""

    code = "invalid_query"


class InvalidCursor(BadRequest):
    """The page cursor was not made by this list."""

    code = "invalid_cursor"


class IdempotencyKeyMissing(BadRequest):
    """A call that changes something without a natural id needs an ``Idempotency-Key``."""

    code = "idempotency_key_missing"


class IdempotencyKeyReused(Conflict):
    """The key came before with another request."""

    code = "idempotency_key_reused"


class Busy(Unavailable):
    """Too many others changed the same thing at the same time."""

    code = "busy"
