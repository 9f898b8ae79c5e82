"""What is paid of memberships, as pure rules over local days.

Payments of one plan that follow each other, at the latest within its grace, are one run: from its
first day on so many calendar months are paid. So a month that begins on the 31st does not wander to
the 28th, and a refund takes its months off the end.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from chalicelib.kernel.clock import day_begins
from chalicelib.members.model import Paid
from chalicelib.programs.memberships import Plan

State = Literal["none", "active", "grace", "over"]
"""`none`: never paid for; `grace`: no longer paid, and still holding; `over`: ended."""
KEPT = 3
"""Runs of one plan that are remembered: receipts may be told of later."""
MOST_AHEAD = relativedelta(months=60)
DAY = timedelta(days=1)


class Bought(NamedTuple):
    """What a payment comes to."""

    paid: tuple[Paid, ...]
    """Everything that the member has paid for now."""
    run: Paid
    """The run that the payment begins or goes on with."""
    since: date
    """First day that it pays for."""
    until: date
    """Last day that it pays for."""


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One payment."""

    program: str
    member: str
    payment: str
    plan: str
    at: str
    """When it was paid."""
    amount: int
    """Minor units of money; 0: given by staff."""
    run: str
    """First day of its run."""
    since: str
    until: str
    """First and last day that it paid for."""
    months: int
    """Calendar months that it paid for."""
    partner: str = ""
    """Whose system told of it; empty: staff did."""
    content: str = ""
    """Hash of what the partner told."""
    refunded_at: str = ""
    """When the money went back; empty: it stands."""


def newest(paid: Iterable[Paid], plan: str) -> Paid | None:
    """The last run of a plan."""
    return max((one for one in paid if one.plan == plan), key=lambda one: one.since, default=None)


def bought(paid: tuple[Paid, ...], name: str, plan: Plan, day: date) -> Bought:
    """What a payment on a local day comes to: it goes on from what is paid, or begins that day."""
    run = newest(paid, name)
    if run is None or run.keeps < day.isoformat():
        since, had, others = day, 0, paid
        first = day
    else:
        since, had = date.fromisoformat(run.until) + DAY, run.months
        first = date.fromisoformat(run.since)
        others = tuple(one for one in paid if one != run)
    after = _run(name, first, had + plan.months, plan.grace_days)
    return Bought(_kept(others, after), after, since, date.fromisoformat(after.until))


def too_far_ahead(found: Bought, day: date) -> bool:
    """Whether more is paid ahead than anybody should."""
    return bool(found.until > day + MOST_AHEAD)


def refunded(
    paid: tuple[Paid, ...], payment: Payment, grace_days: int, day: date
) -> tuple[Paid, ...]:
    """What is paid after the money of a payment went back on a local day.

    Its months come off the end of its run. What is then over ends at once, with the day before and
    without grace; a run that is over already stays as it was, because receipts were judged by it.
    """
    run = next((o for o in paid if (o.plan, o.since) == (payment.plan, payment.run)), None)
    if run is None or run.keeps < day.isoformat():
        return paid
    others = tuple(one for one in paid if one != run)
    left = run.months - payment.months
    after = _run(run.plan, date.fromisoformat(run.since), left, grace_days)
    if after.until >= day.isoformat():
        return _kept(others, after)
    last = (day - DAY).isoformat()
    if last < run.since:
        return others
    ended = msgspec.structs.replace(after, until=last, keeps=last, told="lapsed")
    return _kept(others, ended)


def state_of(run: Paid | None, day: date) -> State:
    """How a membership stands on a local day."""
    today = day.isoformat()
    if run is None:
        return "none"
    if run.keeps < today:
        return "over"
    return "active" if today <= run.until else "grace"


def due(run: Paid, remind_days: int, zone: str) -> datetime | None:
    """When something has to be done about a run next; None: nothing more."""
    if run.told == "lapsed":
        return None
    if not run.told and remind_days:
        return day_begins(date.fromisoformat(run.until) - timedelta(days=remind_days), zone)
    return day_begins(date.fromisoformat(run.keeps) + DAY, zone)


def step(run: Paid, remind_days: int, day: date) -> Literal["reminded", "lapsed"] | None:
    """What the member is to be told of a run's end on a local day; None: nothing, or no more."""
    if run.told == "lapsed":
        return None
    if run.keeps < day.isoformat():
        return "lapsed"
    reminds = date.fromisoformat(run.until) - timedelta(days=remind_days)
    return "reminded" if remind_days and not run.told and reminds <= day else None


def told(
    paid: tuple[Paid, ...], run: Paid, what: Literal["reminded", "lapsed"]
) -> tuple[Paid, ...]:
    """The same, when the member was told of a run's end."""
    after = msgspec.structs.replace(run, told=what)
    return tuple(after if one == run else one for one in paid)


def _run(plan: str, first: date, months: int, grace_days: int) -> Paid:
    until = first + relativedelta(months=months) - DAY
    keeps = until + timedelta(days=grace_days)
    return Paid(plan, first.isoformat(), until.isoformat(), keeps.isoformat(), months)


def _kept(others: tuple[Paid, ...], run: Paid) -> tuple[Paid, ...]:
    same = sorted((one for one in others if one.plan == run.plan), key=lambda one: one.since)
    rest = [one for one in others if one.plan != run.plan]
    return (*rest, *same[-(KEPT - 1) :], run)
