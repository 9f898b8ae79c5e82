"""How a member comes to a level of the program, keeps it and leaves it. Pure.

A tally keeps each level with what brought the member there and its last day. What is over is worked
out from the counters whenever somebody looks, as of the day on which it was over: so it is the same
however late that is. A level that staff set is neither raised nor lowered before its last day.

Where staff assign the levels, all this works out what they are proposed; what the member is on
stands beside it (:mod:`chalicelib.receipts.assigned`).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import msgspec

from chalicelib.earning.conditions import membership
from chalicelib.kernel.clock import day_begins, local_date, parse, render
from chalicelib.programs import tiers as rules
from chalicelib.programs.model import Program
from chalicelib.programs.tiers import Span, Tiers
from chalicelib.receipts import assigned
from chalicelib.receipts.counting import (
    MOST_CAUSES,
    MOST_TIERS,
    By,
    Day,
    Months,
    Tally,
    Tier,
    at_instant,
)


class Turn(NamedTuple):
    """A level that was left, or reached, by itself."""

    since: str
    tier: str
    reached: bool
    """Else it was left."""


MOST_MONTHS = 72
"""Months that are looked back for a level whose time was over long ago."""


def tier_at(tally: Tally, program: Program, at: datetime) -> str:
    """The level at an instant; empty: none."""
    found = at_instant(assigned.on(tally, program), render(at))
    if found is not None and found.tier:
        return found.tier
    return program.tiers.everybody if program.tiers else ""


def figure(tiers: Tiers, months: Months, span: Span) -> int:
    """What was bought, or earned, in these days, net of returns."""
    found = 0
    for name in span.months & months.keys():
        for day, one in months[name].days.items():
            if span.first <= date.fromisoformat(f"{name}-{day}") <= span.last:
                found += _measured(tiers, one)
    return max(0, found)


def measured(tiers: Tiers, months: Months, joined: date | None, day: date) -> int:
    """What counts on a day, in what the levels measure; nothing, where it is not known."""
    if tiers.measure == "months":
        return max(0, membership(joined, day, "month"))
    return figure(tiers, months, rules.counted(tiers, day))


def ends(tally: Tally, program: Program) -> date | None:
    """The first local day on which the level is not sure any more; None: never."""
    days = [_over(tally, program), assigned.ends(tally, program)]
    return min((day for day in days if day is not None), default=None)


def due(tally: Tally, program: Program, joined: date | None = None) -> datetime | None:
    """The instant from which the level is not sure any more; None: never. With the day of joining
    also the next one from which the membership is long enough for a level.
    """
    rises = next((day for day, _ in _ahead(tally, program, joined)), None)
    day = min((day for day in (ends(tally, program), rises) if day is not None), default=None)
    return day_begins(day, program.zone) if day else None


def turned(tally: Tally, program: Program, since: str) -> list[Turn]:
    """What came of itself from an instant on: levels that were left as their time was over, and
    those for which the membership became long enough.
    """
    had = [Tier("", ""), *assigned.on(tally, program)]
    both = [(was.tier, now) for was, now in pairwise(had) if now.since >= since]
    return [
        Turn(now.since, now.tier if now.by == "stay" else was, reached=now.by == "stay")
        for was, now in both
        if now.by in ("period", "stay") and now.tier != was and (was or now.by == "stay")
    ]


def months_up(program: Program, day: date, today: date) -> set[str]:
    """The months that :func:`risen` asks for, of something that happened on a day."""
    if program.tiers is None or program.tiers.measure == "months":
        return set()
    first, last = rules.counted(program.tiers, day)
    return Span(first, min(last, max(day, today))).months


def needed(tally: Tally, program: Program, today: date) -> set[str]:
    """The months that :func:`lapsed` asks for."""
    over = _over(tally, program)
    if program.tiers is None or over is None or over > today:
        return set()
    last = _day(tally.tiers[-1].last)
    first = rules.reassessed_by(program.tiers, last, 0).first
    return set(sorted(Span(first, today).months)[-MOST_MONTHS:])


def lapsed(
    tally: Tally, program: Program, months: Months, today: date, joined: date | None = None
) -> Tally:
    """The tally after every period that is over: the level is kept anew, or left; and after every
    day from which the membership was long enough for another.
    """
    tiers = program.tiers
    while tiers is not None and (over := _over(tally, program)) is not None and over <= today:
        newest = tally.tiers[-1]
        last = _day(newest.last)
        span = rules.reassessed_by(tiers, last, _grace(tiers, newest))
        bought, place = figure(tiers, months, span), tiers.place(newest.tier)
        if tiers.measure == "months":
            bought = measured(tiers, months, joined, over)
        to = (
            tiers.lifted(bought) if newest.by == "staff" else rules.next_place(tiers, place, bought)
        )
        until = _text(rules.last_day(tiers, to, last + timedelta(days=1)))
        if to == place:
            kept = Tier(newest.since, newest.tier, "period", until)
            tally = msgspec.structs.replace(tally, tiers=(*tally.tiers[:-1], kept))
        else:
            since = render(day_begins(over, program.zone))
            tally = added(tally, tiers, Tier(since, tiers.named(to), "period", until))
    for day, tier in _ahead(tally, program, joined):
        if day <= today:
            since = max(
                [render(day_begins(day, program.zone)), *(one.since for one in tally.tiers)]
            )
            tally = added(tally, tiers, Tier(since, tier, "stay"))
    return assigned.lapsed(tally, program, today)


def risen(tally: Tally, program: Program, months: Months, at: datetime) -> Tally:
    """The tally after a purchase, or other points, of an instant were counted: up at once."""
    tiers, day = program.tiers, local_date(at, program.zone)
    if tiers is None or tiers.measure == "months":
        return tally
    return _up(
        tally, tiers, tiers.lifted(figure(tiers, months, rules.counted(tiers, day))), at, day
    )


def lifted_by_rule(tally: Tally, program: Program, tier: str, at: datetime, receipt: str) -> Tally:
    """The tally after a rule gave a level, for a receipt or, if that is empty, for good."""
    tiers, newest = program.tiers, tally.tiers[-1] if tally.tiers else None
    causes = (receipt,) if receipt else ()
    if tiers is not None:
        if newest is not None and newest.tier == tier:
            return _held(tally, newest, receipt)
        day = local_date(at, program.zone)
        return _up(tally, tiers, tiers.place(tier), at, day, by="", causes=causes)
    since = render(at)
    if newest is not None and newest.by == "return":
        since = max(since, newest.since)
    before = [one for one in tally.tiers if one.since <= since]
    if before and before[-1].tier == tier:
        return _held(tally, before[-1], receipt)
    return added(tally, None, Tier(since, tier, causes=causes))


def _held(tally: Tally, tier: Tier, receipt: str) -> Tally:
    """The tally when a rule gives a level that the member has."""
    tied = tier.causes or tier.lost or tier.by in ("purchase", "return")
    if tier.by in ("staff", "period") or not tied:
        return tally
    held = msgspec.structs.replace(tier, by="", causes=(), lost=False)
    if receipt:
        causes = (*(one for one in tier.causes if one != receipt), receipt)[-MOST_CAUSES:]
        held = msgspec.structs.replace(tier, causes=causes, lost=False)
    tiers = tuple(held if one is tier else one for one in tally.tiers)
    return msgspec.structs.replace(tally, tiers=tiers)


def put(tally: Tally, program: Program, tier: str, until: date | None, at: datetime) -> Tally:
    """The tally after staff set a level, through a day or without an end."""
    if assigned.by_staff(program):
        return assigned.put(tally, program, tier, until, at)
    return added(tally, program.tiers, Tier(render(at), tier, "staff", _text(until)))


def given_back(tally: Tally, program: Program, months: Months, at: datetime, joined: date) -> Tally:
    """The tally after staff let the purchases decide again; where staff assign levels, after they
    took their last decision back.
    """
    tiers, today = program.tiers, local_date(at, program.zone)
    if tiers is None or assigned.by_staff(program):
        return assigned.undone(tally, program, at)
    if not tally.tiers or tally.tiers[-1].by != "staff":
        return tally
    to = tiers.lifted(measured(tiers, months, joined, today))
    until = _text(rules.last_day(tiers, to, today))
    return added(tally, tiers, Tier(render(at), tiers.named(to), "period", until))


def added(tally: Tally, tiers: Tiers | None, tier: Tier) -> Tally:
    """The tally with a level that was worked out, in the order of time."""
    tally = assigned.kept(tally, tiers)
    found = sorted([*tally.tiers, tier], key=lambda one: one.since)[-MOST_TIERS:]
    return msgspec.structs.replace(tally, tiers=tuple(found))


def basis(tally: Tally, program: Program) -> Span | None:
    """The days whose purchases brought the newest level that was worked out; None: none did."""
    tiers = program.tiers
    if tiers is None or tiers.measure == "months" or not tally.tiers:
        return None
    newest = tally.tiers[-1]
    day = local_date(parse(newest.since), program.zone)
    if newest.by != "period":
        return rules.counted(tiers, day)
    last = day - timedelta(days=1 + tiers.grace_days)
    return rules.reassessed_by(tiers, last, tiers.grace_days)


def _up(
    tally: Tally,
    tiers: Tiers,
    place: int,
    at: datetime,
    day: date,
    by: By = "purchase",
    causes: tuple[str, ...] = (),
) -> Tally:
    worked_out = assigned.kept(tally, tiers).tiers
    newest = worked_out[-1] if worked_out else Tier("", tiers.everybody)
    if newest.by == "staff" or place <= tiers.place(newest.tier):
        return tally
    # A purchase that is told late does not come before what happened to the level since.
    since = max(render(at), newest.since)
    last = _text(rules.last_day(tiers, place, day))
    return added(tally, tiers, Tier(since, tiers.named(place), by, last, causes))


def _measured(tiers: Tiers, day: Day) -> int:
    if tiers.measure == "points":
        return day.points
    return day.sums.amount if tiers.measure == "amount" else day.sums.receipts


def _over(tally: Tally, program: Program) -> date | None:
    """As :func:`ends`, of what is worked out."""
    if program.tiers is None or not tally.tiers or not tally.tiers[-1].last:
        return None
    newest = tally.tiers[-1]
    return _day(newest.last) + timedelta(days=1 + _grace(program.tiers, newest))


def _ahead(tally: Tally, program: Program, joined: date | None) -> Iterator[tuple[date, str]]:
    """The days from which the membership is long enough for a higher level than the newest that was
    worked out, and which; none while staff set it.
    """
    tiers = program.tiers
    worked_out = assigned.kept(tally, tiers).tiers
    if tiers is None or joined is None or any(one.by == "staff" for one in worked_out[-1:]):
        return
    newest = worked_out[-1].tier if worked_out else tiers.everybody
    for day, place in tiers.reached(joined):
        if place > tiers.place(newest):
            yield day, tiers.named(place)


def _grace(tiers: Tiers, tier: Tier) -> int:
    return 0 if tier.by == "staff" else tiers.grace_days


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
