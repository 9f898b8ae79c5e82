"""Types that the answers and bodies of several rooms share."""

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.kernel.errors import FieldError, InvalidQuery

Instant = Annotated[
    str,
    msgspec.Meta(examples=["2026-11-23T10:00:00.000Z"], extra_json_schema={"format": "date-time"}),
]
"""An instant of an answer, as :func:`chalicelib.kernel.clock.render` writes it."""
Day = Annotated[str, msgspec.Meta(examples=["2026-11-23"], extra_json_schema={"format": "date"})]
"""A calendar day of an answer, in ISO 8601."""

QueryInstant = Annotated[
    str, msgspec.Meta(max_length=40, extra_json_schema={"format": "date-time"})
]
"""An instant among query parameters, for :func:`instant`: a ``datetime`` there would take numbers
too.
"""
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def instant(text: str, name: str) -> datetime:
    """A query parameter as an instant; raises InvalidQuery unless it is RFC 3339 with a zone."""
    try:
        return msgspec.convert(text, _Moment)
    except msgspec.ValidationError as error:
        raise InvalidQuery(fields=(FieldError(f"/{name}", "wrong_format"),)) from error


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason in the actor's words."""

    reason: Annotated[
        str, msgspec.Meta(min_length=3, max_length=500, description="Why; kept for ever.")
    ]


class RefreshBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token, unless the cookie carries it."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """As given with the last tokens; missing: the one in the cookie."""
