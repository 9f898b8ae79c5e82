"""Applications for verified groups as values, and the pure rules over them."""

from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from chalicelib.kernel.clock import day_begins
from chalicelib.members.model import InGroup

State = Literal["waiting", "approved", "refused"]
Told = Literal["", "reminded", "expired"]


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """A member's last application for one group."""

    program: str
    member: str
    group: str
    at: str
    """When it was made."""
    state: State = "waiting"
    evidence: str = ""
    """How it can be checked, in the member's words; gone when it is decided."""
    reason: str = ""
    """Why it was refused, as the member reads it."""
    decided_at: str = ""
    until: str = ""
    """Last local day of the proof, once approved."""
    told: Told = ""
    """What the member was told of its end."""


def last_day(today: date, months: int) -> date:
    """The last day on which a proof that is accepted today can hold."""
    end: date = today + relativedelta(months=months)
    return end


def joined(groups: tuple[InGroup, ...], group: str, until: str) -> tuple[InGroup, ...]:
    """The groups of a member with one more, or with another last day of it."""
    others = [one for one in groups if one.group != group]
    return tuple(sorted([*others, InGroup(group, until)]))


def due(until: str, told: str, remind_days: int, zone: str) -> datetime | None:
    """When the member is to be told something of a proof's end next; None: nothing more."""
    last = date.fromisoformat(until)
    if told == "expired":
        return None
    if not told and remind_days:
        return day_begins(last - timedelta(days=remind_days), zone)
    return day_begins(last + timedelta(days=1), zone)


def step(
    until: str, told: str, remind_days: int, today: date
) -> Literal["reminded", "expired"] | None:
    """What the member is to be told of a proof's end on a local day; None: nothing, or no more."""
    last = date.fromisoformat(until)
    if told == "expired":
        return None
    if last < today:
        return "expired"
    reminds = last - timedelta(days=remind_days)
    return "reminded" if remind_days and not told and reminds <= today else None
