"""When a member's month is to be checked. Pure."""

from datetime import date, datetime

from chalicelib.kernel.clock import day_begins, next_month
from chalicelib.programs.model import Program
from chalicelib.receipts.counting import Months
from chalicelib.receipts.model import CHECK
from chalicelib.receipts.store import Counted

MONTH_ENDS = "receipts.month"
"""What the agenda calls the check; its ref is the member."""
REMEMBERED = 13
"""Months after the last purchase that are checked: rules that look back a year see it go."""


def begun(program: Program, before: Counted, months: Months, at: datetime) -> datetime | None:
    """When a month is over in which the member bought nothing before; None: there is none, or no
    rule asks. A month that is over already was checked, or is the club's past.
    """
    if not program.earning.rewards(CHECK):
        return None
    ends = [
        over(date.fromisoformat(f"{name}-01"), program)
        for name, month in months.items()
        if month.is_busy and not before.month(name).is_busy
    ]
    return min((end for end in ends if end > at), default=None)


def over(day: date, program: Program) -> datetime:
    """The instant at which the month of a day is over."""
    return day_begins(next_month(day), program.zone)
