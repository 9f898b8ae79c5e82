"""When points burn: the program's choice as data, and the calendar behind it.

A burn date is the last day, in the program's zone, on which points can be spent. Dates are rounded
up to a bucket (a day for lives up to a month, else the end of a week, month or quarter), so that an
account holds few lots; rounding up is always in the member's favour. Points that were held or spent
and come back keep their burn date; only what the club gives back after it has days of grace.

Where points burn after inactivity, their burn date is the later one of two: what their own day
gives, and what the member's last activity gives.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from dateutil.relativedelta import SU, relativedelta  # type: ignore[import-untyped]

MAX_DAYS = 1830
MAX_MONTHS = 60
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]
WarnDay = Annotated[int, msgspec.Meta(ge=1, le=90)]


class _Burning(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    grace_days: Annotated[
        Days,
        msgspec.Meta(
            description="Days for which points can be used again that the club gives back after "
            "their burn date: a refund, a released hold, an order that staff cancel. Points that "
            "come back before it keep it, and a member who gives their own order up has no grace."
        ),
    ] = 14
    warn_days: Annotated[
        tuple[WarnDay, ...],
        msgspec.Meta(
            max_length=3,
            description="So many days before the last day of points, members are told that they "
            "will burn, e.g. 30 and 7; empty: they are not told.",
        ),
    ] = ()


class Never(_Burning, frozen=True, kw_only=True, tag="never"):
    """Points do not burn."""


class After(_Burning, frozen=True, kw_only=True, tag="after"):
    """Points burn a while after the day they were earned."""

    count: Annotated[
        int,
        msgspec.Meta(
            ge=1, le=MAX_DAYS, description=f"How many units; at most {MAX_MONTHS} months."
        ),
    ]
    unit: Literal["day", "month"]
    """What is counted."""


class EndOf(_Burning, frozen=True, kw_only=True, tag="end_of"):
    """Points burn with the end of the calendar period in which they were earned."""

    period: Literal["month", "quarter", "year"]
    """The calendar period, in the program's zone."""
    extra_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=366,
            description="For so many days after the period's end they can still be spent.",
        ),
    ] = 0


Activity = Literal["purchase", "spending", "event"]
"""What a member does: buys (a receipt, a registered item), spends points (a gift, a charity), or
something that a partner or staff tell as an event.
"""


class Inactive(_Burning, frozen=True, kw_only=True, tag="inactive"):
    """Points burn a while after their member's last activity, and never sooner than that while
    after the day they were earned. Each activity renews all that have not burnt.
    """

    count: Annotated[
        int,
        msgspec.Meta(
            ge=1, le=MAX_DAYS, description=f"How many units; at most {MAX_MONTHS} months."
        ),
    ]
    unit: Literal["day", "month"]
    """What is counted."""
    renewed_by: Annotated[
        tuple[Activity, ...],
        msgspec.Meta(
            min_length=1,
            max_length=3,
            description="What counts as activity. `purchase`: a receipt, on its own day, or a "
            "registered item; `spending`: a gift ordered or points given to a charity; `event`: "
            "what a partner or staff tell.",
        ),
    ] = ("purchase",)


class Fixed(_Burning, frozen=True, kw_only=True, tag="fixed"):
    """All points burn with the end of one day; later ones do not burn under this version."""

    date: Annotated[
        date, msgspec.Meta(description="The last day on which the points can be spent.")
    ]


Period = Literal["day", "week", "month", "quarter", "year"]
BurnPolicy = Never | After | Inactive | EndOf | Fixed
Bucket = Literal["day", "week", "month", "quarter"]


@lru_cache(maxsize=4096)
def burn_date(policy: BurnPolicy, earned_on: date) -> date | None:
    """The last day on which points earned on ``earned_on`` can be spent, or under
    :class:`Inactive` all that stand after an activity on that day; None: they do not burn.

    A month after the 31st, where there is none, is the last day of that month (as ``relativedelta``
    counts, and article 192.3 of the Russian Civil Code). Then it is rounded up to its bucket.
    """
    match policy:
        case Never():
            return None
        case Fixed():
            return policy.date if earned_on <= policy.date else None
        case EndOf():
            return end_of(policy.period, earned_on) + timedelta(days=policy.extra_days)
        case After() | Inactive():
            return end_of(bucket(policy), _later(earned_on, policy))


def bucket(policy: After | Inactive) -> Bucket:
    """What burn dates are rounded up to: an account then holds at most 32 burn dates at a time."""
    months = policy.count if policy.unit == "month" else -(-policy.count // 31)
    if months <= 1:
        return "day"
    if months <= 3:
        return "week"
    return "month" if months <= 24 else "quarter"


def end_of(period: Period, day: date) -> date:
    """The last day of the calendar period that holds ``day``; weeks end on Sunday (ISO 8601)."""
    last: date = day + _TO_END[period](day)
    return last


def _later(day: date, policy: After | Inactive) -> date:
    life = {"days": policy.count} if policy.unit == "day" else {"months": policy.count}
    end: date = day + relativedelta(**life)
    return end


# ``day=31`` means the month's last day, whatever its length; ``SU`` the next Sunday, or this one.
_TO_END: dict[Period, Callable[[date], relativedelta]] = {
    "day": lambda day: relativedelta(),
    "week": lambda day: relativedelta(weekday=SU),
    "month": lambda day: relativedelta(day=31),
    "quarter": lambda day: relativedelta(months=-day.month % 3, day=31),
    "year": lambda day: relativedelta(month=12, day=31),
}
