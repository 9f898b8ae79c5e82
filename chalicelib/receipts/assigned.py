"""Levels that staff assign (AL-7). Pure.

What purchases are enough for is worked out as everywhere (:mod:`chalicelib.receipts.levels`), only
that it is proposed: the member is on what staff decided last. A level that staff set through a day
holds through it, and then what the purchases are enough for; everything else waits for staff. What
they decided about once is not proposed again, until something else is worked out.
"""

from datetime import date, datetime, timedelta

import msgspec

from chalicelib.kernel.clock import day_begins, render
from chalicelib.programs.model import Program
from chalicelib.programs.tiers import Tiers
from chalicelib.receipts.counting import MOST_TIERS, By, Tally, Tier, at_instant


def by_staff(program: Program) -> bool:
    """Whether staff put members on levels."""
    return program.tiers is not None and program.tiers.assigned_by == "staff"


def on(tally: Tally, program: Program) -> tuple[Tier, ...]:
    """The levels that the member was and is on, the newest last."""
    return (tally.assigned or tally.tiers) if by_staff(program) else tally.tiers


def kept(tally: Tally, tiers: Tiers | None) -> Tally:
    """The tally before something else is worked out: where staff assign levels, it stays with what
    the member was on until they do.
    """
    if tiers is None or tiers.assigned_by != "staff" or tally.assigned:
        return tally
    had = [one if one.by == "staff" else Tier(one.since, one.tier, one.by) for one in tally.tiers]
    return msgspec.structs.replace(
        tally,
        tiers=tuple(
            msgspec.structs.replace(one, by="period") if one.by == "staff" else one
            for one in tally.tiers
        ),
        assigned=tuple(had) or (Tier("", tiers.everybody),),
    )


def ends(tally: Tally, program: Program) -> date | None:
    """The first local day on which what staff set through a day is over; None: it has no end."""
    last = tally.assigned[-1].last if tally.assigned and by_staff(program) else ""
    return date.fromisoformat(last) + timedelta(days=1) if last else None


def lapsed(tally: Tally, program: Program, today: date) -> Tally:
    """The tally after what staff set through a day: what was worked out by then holds."""
    over = ends(tally, program)
    if program.tiers is None or over is None or over > today:
        return tally
    begins = render(day_begins(over, program.zone))
    worked_out = at_instant(tally.tiers, begins) or Tier("", program.tiers.everybody)
    newest = tally.assigned[-1]
    then = Tier(max(begins, newest.since), worked_out.tier, "period")
    return _on(tally, then, judged=worked_out.since)


def put(tally: Tally, program: Program, tier: str, until: date | None, at: datetime) -> Tally:
    """The tally after staff decided, through a day or without an end, whatever is proposed."""
    return _decided(tally, program, tier, "staff", until, at)


def confirmed(tally: Tally, program: Program, at: datetime) -> Tally:
    """The tally after staff confirmed what was worked out."""
    return _decided(tally, program, _worked_out(tally, program).tier, "proposal", None, at)


def undone(tally: Tally, program: Program, at: datetime) -> Tally:
    """The tally after staff took their last decision back; what it was about is proposed again."""
    if len(tally.assigned) < 2 or tally.assigned[-1].by not in ("staff", "proposal"):
        return tally
    newest, before = tally.assigned[-1], tally.assigned[-2]
    then = Tier(max(render(at), newest.since), before.tier, "undo", before.last)
    return _on(tally, then, judged=None)


def proposed(tally: Tally, program: Program) -> Tier | None:
    """What waits for staff: worked out, not what the member is on, and not decided about."""
    if not by_staff(program) or not tally.assigned or tally.assigned[-1].last:
        return None
    found = _worked_out(tally, program)
    if found.tier == tally.assigned[-1].tier or found.since == tally.judged:
        return None
    return found


def _decided(
    tally: Tally, program: Program, tier: str, by: By, until: date | None, at: datetime
) -> Tally:
    tally = kept(tally, program.tiers)
    since = max(render(at), tally.assigned[-1].since)
    then = Tier(since, tier, by, until.isoformat() if until else "")
    return _on(tally, then, judged=_worked_out(tally, program).since)


def _worked_out(tally: Tally, program: Program) -> Tier:
    if tally.tiers or program.tiers is None:
        return tally.tiers[-1] if tally.tiers else Tier("", "")
    return Tier("", program.tiers.everybody)


def _on(tally: Tally, tier: Tier, judged: str | None) -> Tally:
    assigned = (*tally.assigned, tier)[-MOST_TIERS:]
    return msgspec.structs.replace(tally, assigned=assigned, judged=judged)
