"""Applications for verified groups as values, and the pure rules over them."""

from datetime import date
from typing import Literal

import msgspec
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from chalicelib.members.model import InGroup

State = Literal["waiting", "approved", "refused"]


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


def last_day(today: date, months: int) -> date:
    """The last day on which a proof that is accepted today can hold."""
    end: date = today + relativedelta(months=months)
    return end


def joined(groups: tuple[InGroup, ...], group: str, until: str) -> tuple[InGroup, ...]:
    """The groups of a member with one more, or with another last day of it."""
    others = [one for one in groups if one.group != group]
    return tuple(sorted([*others, InGroup(group, until)]))
