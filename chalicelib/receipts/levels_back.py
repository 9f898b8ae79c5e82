"""What returns leave of a member's levels. Pure."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from chalicelib.counters.model import Months
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.programs import tiers as rules
from chalicelib.programs.model import Program
from chalicelib.receipts import levels
from chalicelib.receipts.counting import By, Tally, Tier


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
    return set().union(*(levels.months_up(program, day, today) for day in days))


def fallen(
    tally: Tally, program: Program, months: Months, at: datetime, joined: date | None = None
) -> Tally:
    """The tally after a return: a level that purchases brought, or a rule for a receipt that came
    back, is left again where what is left of them, then and now, does not lift to it.
    """
    tiers, bought = program.tiers, list(_bought(tally))
    if tiers is None:
        return _without_levels(tally, at)
    if not bought:
        return tally
    today = local_date(at, program.zone)
    to = tiers.lifted(levels.measured(tiers, months, joined, today))
    for one in bought:
        day = local_date(parse(one.since), program.zone)
        lifted = tiers.lifted(levels.measured(tiers, months, joined, day))
        to = max(to, min(tiers.place(one.tier), lifted))
    before = tally.tiers[: -len(bought)]
    to = max(to, tiers.place(before[-1].tier if before else tiers.everybody))
    newest = tally.tiers[-1]
    if to >= tiers.place(newest.tier):
        return tally
    same = [one.last for one in tally.tiers if one.tier == tiers.named(to)]
    last = rules.last_day(tiers, to, today)
    until = same[-1] if same else last.isoformat() if last else ""
    return levels.added(
        tally, tiers, Tier(max(render(at), newest.since), tiers.named(to), "return", until)
    )


def _without_levels(tally: Tally, at: datetime) -> Tally:
    """The same where only rules give tiers: back to the one before."""
    gone = list(_bought(tally, ("return",)))
    before = tally.tiers[: len(tally.tiers) - len(gone)]
    to = before[-1].tier if before else ""
    if not gone or to == gone[0].tier:
        return tally
    return levels.added(tally, None, Tier(max(render(at), gone[0].since), to, "return"))


def _bought(tally: Tally, by: tuple[By, ...] = ("purchase", "return")) -> Iterator[Tier]:
    """The newest levels, as far back as purchases and returns alone brought them, and receipts of
    which nothing is left.
    """
    for one in reversed(tally.tiers):
        if one.causes or not (one.lost or one.by in by):
            return
        yield one
