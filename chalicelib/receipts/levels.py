"""How a member comes to a level of the program, keeps it and leaves it. Pure.

A tally keeps each level with what brought the member there and its last day. What is over is worked
out from the counters whenever somebody looks, as of the day on which it was over: so it is the same
however late that is. A level that staff set is neither raised nor lowered before its last day.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.kernel.clock import day_begins, local_date, parse, render
from chalicelib.programs import tiers as rules
from chalicelib.programs.model import Program
from chalicelib.programs.tiers import Span, Tiers
from chalicelib.receipts.counting import MOST_CAUSES, MOST_TIERS, By, Months, Tally, Tier

MOST_MONTHS = 72
"""Months that are looked back for a level whose time was over long ago."""


def tier_at(tally: Tally, program: Program, at: datetime) -> str:
    """The level at an instant; empty: none."""
    found = tally.tier_at(render(at))
    return found if found or program.tiers is None else program.tiers.everybody


def figure(tiers: Tiers, months: Months, span: Span) -> int:
    """What was bought in these days, net of returns."""
    found = 0
    for name in span.months & months.keys():
        for day, one in months[name].days.items():
            if span.first <= date.fromisoformat(f"{name}-{day}") <= span.last:
                found += one.sums.amount if tiers.measure == "amount" else one.sums.receipts
    return max(0, found)


def ends(tally: Tally, program: Program) -> date | None:
    """The first local day on which the level is not sure any more; None: never."""
    if program.tiers is None or not tally.tiers or not tally.tiers[-1].last:
        return None
    newest = tally.tiers[-1]
    return _day(newest.last) + timedelta(days=1 + _grace(program.tiers, newest))


def due(tally: Tally, program: Program) -> datetime | None:
    """The instant from which the level is not sure any more; None: never."""
    over = ends(tally, program)
    return day_begins(over, program.zone) if over else None


def left(tally: Tally, since: str) -> list[tuple[str, str]]:
    """When each level was left whose time was over, from an instant on, and which it was."""
    both = zip(tally.tiers, tally.tiers[1:], strict=False)
    return [(now.since, was.tier) for was, now in both if now.by == "period" and now.since >= since]


def months_up(program: Program, day: date, today: date) -> set[str]:
    """The months that :func:`risen` asks for, of a purchase on a day."""
    if program.tiers is None:
        return set()
    first, last = rules.counted(program.tiers, day)
    return Span(first, min(last, max(day, today))).months


def needed(tally: Tally, program: Program, today: date) -> set[str]:
    """The months that :func:`lapsed` asks for."""
    over = ends(tally, program)
    if program.tiers is None or over is None or over > today:
        return set()
    last = _day(tally.tiers[-1].last)
    first = rules.reassessed_by(program.tiers, last, 0).first
    return set(sorted(Span(first, today).months)[-MOST_MONTHS:])


def lapsed(tally: Tally, program: Program, months: Months, today: date) -> Tally:
    """The tally after every period that is over: the level is kept anew, or left."""
    tiers = program.tiers
    while tiers is not None and (over := ends(tally, program)) is not None and over <= today:
        newest = tally.tiers[-1]
        last = _day(newest.last)
        span = rules.reassessed_by(tiers, last, _grace(tiers, newest))
        bought, place = figure(tiers, months, span), tiers.place(newest.tier)
        to = (
            tiers.lifted(bought) if newest.by == "staff" else rules.next_place(tiers, place, bought)
        )
        until = _text(rules.last_day(tiers, to, last + timedelta(days=1)))
        if to == place:
            kept = Tier(newest.since, newest.tier, "period", until)
            tally = msgspec.structs.replace(tally, tiers=(*tally.tiers[:-1], kept))
        else:
            since = render(day_begins(over, program.zone))
            tally = _on(tally, Tier(since, tiers.named(to), "period", until))
    return tally


def risen(tally: Tally, program: Program, months: Months, at: datetime) -> Tally:
    """The tally after a purchase at an instant that was counted: up at once."""
    tiers, day = program.tiers, local_date(at, program.zone)
    if tiers is None:
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
    return _on(tally, Tier(since, tier, causes=causes))


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


def withdrawn(tally: Tally, receipt: str) -> Tally:
    """The tally when a receipt came back as a whole: the levels that its rules gave are held by
    what else gave them, if anything did; else :func:`fallen` takes them.
    """
    tiers = []
    for one in tally.tiers:
        causes = tuple(cause for cause in one.causes if cause != receipt)
        if causes != one.causes:
            lost = one.by == "" and not causes
            one = msgspec.structs.replace(one, causes=causes, lost=lost)
        tiers.append(one)
    return msgspec.structs.replace(tally, tiers=tuple(tiers))


def months_back(tally: Tally, program: Program, today: date) -> set[str]:
    """The months that :func:`fallen` asks for."""
    days = [*(local_date(parse(one.since), program.zone) for one in _bought(tally)), today]
    return set().union(*(months_up(program, day, today) for day in days))


def fallen(tally: Tally, program: Program, months: Months, at: datetime) -> Tally:
    """The tally after a return: a level that purchases brought, or a rule for a receipt that came
    back, is left again where what is left of them, then and now, does not lift to it.
    """
    tiers, bought = program.tiers, list(_bought(tally))
    if tiers is None:
        return _without_levels(tally, at)
    if not bought:
        return tally
    today = local_date(at, program.zone)
    to = tiers.lifted(figure(tiers, months, rules.counted(tiers, today)))
    for one in bought:
        day = local_date(parse(one.since), program.zone)
        lifted = tiers.lifted(figure(tiers, months, rules.counted(tiers, day)))
        to = max(to, min(tiers.place(one.tier), lifted))
    before = tally.tiers[: -len(bought)]
    to = max(to, tiers.place(before[-1].tier if before else tiers.everybody))
    newest = tally.tiers[-1]
    if to >= tiers.place(newest.tier):
        return tally
    same = [one.last for one in tally.tiers if one.tier == tiers.named(to)]
    until = same[-1] if same else _text(rules.last_day(tiers, to, today))
    return _on(tally, Tier(max(render(at), newest.since), tiers.named(to), "return", until))


def _without_levels(tally: Tally, at: datetime) -> Tally:
    """The same where only rules give tiers: back to the one before."""
    gone = list(_bought(tally, ("return",)))
    before = tally.tiers[: len(tally.tiers) - len(gone)]
    to = before[-1].tier if before else ""
    if not gone or to == gone[0].tier:
        return tally
    return _on(tally, Tier(max(render(at), gone[0].since), to, "return"))


def put(tally: Tally, tier: str, until: date | None, at: datetime) -> Tally:
    """The tally after staff set a level, through a day or without an end."""
    return _on(tally, Tier(render(at), tier, "staff", _text(until)))


def given_back(tally: Tally, program: Program, months: Months, at: datetime) -> Tally:
    """The tally after staff let the purchases decide again."""
    tiers, today = program.tiers, local_date(at, program.zone)
    if tiers is None:
        return tally
    to = tiers.lifted(figure(tiers, months, rules.counted(tiers, today)))
    until = _text(rules.last_day(tiers, to, today))
    return _on(tally, Tier(render(at), tiers.named(to), "period", until))


def _up(
    tally: Tally,
    tiers: Tiers,
    place: int,
    at: datetime,
    day: date,
    by: By = "purchase",
    causes: tuple[str, ...] = (),
) -> Tally:
    newest = tally.tiers[-1] if tally.tiers else Tier("", tiers.everybody)
    if newest.by == "staff" or place <= tiers.place(newest.tier):
        return tally
    # A purchase that is told late does not come before what happened to the level since.
    since = max(render(at), newest.since)
    last = _text(rules.last_day(tiers, place, day))
    return _on(tally, Tier(since, tiers.named(place), by, last, causes))


def _bought(tally: Tally, by: tuple[By, ...] = ("purchase", "return")) -> Iterator[Tier]:
    """The newest levels, as far back as purchases and returns alone brought them, and receipts of
    which nothing is left.
    """
    for one in reversed(tally.tiers):
        if one.causes or not (one.lost or one.by in by):
            return
        yield one


def _on(tally: Tally, tier: Tier) -> Tally:
    found = sorted([*tally.tiers, tier], key=lambda one: one.since)[-MOST_TIERS:]
    return msgspec.structs.replace(tally, tiers=tuple(found))


def _grace(tiers: Tiers, tier: Tier) -> int:
    return 0 if tier.by == "staff" else tiers.grace_days


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
