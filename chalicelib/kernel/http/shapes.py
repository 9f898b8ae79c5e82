"""Types that the answers and bodies of several rooms share."""

from datetime import date, datetime
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

# What callers send is bounded, so that no zone and no day more leads out of the calendar; and is
# text, because a date or a datetime among query parameters would take numbers too.
_LEAP = "20([02468][048]|[13579][26])|21(0[48]|[2468][048]|[13579][26])"
_DATE = (
    "(2[01][0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    f"|02-(0[1-9]|1[0-9]|2[0-8]))|({_LEAP})-02-29)"
)
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
_ZONE = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
CalendarDay = Annotated[
    str, msgspec.Meta(pattern=rf"^{_DATE}$(?!\n)", extra_json_schema={"format": "date"})
]
"""A day that a caller names, of the years 2000 to 2199; ``date.fromisoformat`` reads every one."""
Moment = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^{_DATE}T{_TIME}{_ZONE}$(?!\n)", extra_json_schema={"format": "date-time"}
    ),
]
"""An instant that a caller names, of the years 2000 to 2199: RFC 3339 with a zone, which
:func:`chalicelib.kernel.clock.parse` reads.
"""


def refuse_backwards(begins: date | datetime | None, ends: date | datetime | None) -> None:
    """Refuse the query parameters `from` and `to` when the latter is before the former.

    Raises:
        InvalidQuery.
    """
    if begins is not None and ends is not None and ends < begins:
        raise InvalidQuery(fields=(FieldError("/to", "before_from"),))


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason in the actor's words."""

    reason: Annotated[
        str, msgspec.Meta(min_length=3, max_length=500, description="Why; kept for ever.")
    ]


class RefreshBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token, unless the cookie carries it."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """As given with the last tokens; missing: the one in the cookie."""
