"""Pilots: a draft judges a list of members for a while, before it is published to all.

Nothing is fanned out to a program's members: each member of a pilot carries its number, which is
read with the member at every receipt anyway; when it judges stands with the pilot alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from chalicelib.forecasts import store_pilots
from chalicelib.forecasts.errors import PilotOver, PilotSpan, PilotUnknown
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.members.model import Member
from chalicelib.programs import pilots, service, service_drafts
from chalicelib.programs import store as programs
from chalicelib.programs import store_pilots as stored
from chalicelib.programs.model import DraftInvalid
from chalicelib.programs.store_pilots import PilotItem

AT_ONCE = timedelta(minutes=5)
"""How far in the past "now" on the caller's clock may lie."""
TOGETHER = 40
"""Members who join in one transaction."""
MOST_KEPT = 8
"""Pilots that a member remembers, so that late receipts find theirs."""


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order about a pilot."""

    program: str
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A pilot as somebody wants it."""

    name: str
    begins: datetime | None
    """From when it judges; None: at once."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """A pilot, and who of those asked for is not in it."""

    pilot: PilotItem
    unknown: tuple[str, ...]
    elsewhere: tuple[str, ...]
    """Members of another pilot of the same time."""


def begin(order: Order, plan: Plan, wanted: Sequence[str], call: guards.Request) -> Joined:
    """Publish the draft to some members only.

    Raises:
        ProgramUnknown, DraftInvalid, PilotSpan.
    """
    pk = keys.program(order.program)

    def decide(_: bool) -> tuple[Writes, int]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), int(done)
        begins, until = _span(plan, order.at)
        draft = service_drafts.read_draft(order.program)
        document = programs.unpack(draft.document)
        service.in_force(order.program, order.at)
        newest = programs.newest(order.program)
        faults = service_drafts.faults_for(document, newest, begins)
        if faults:
            raise DraftInvalid(fields=faults)
        number = stored.newest(order.program) + 1
        item = PilotItem(
            name=plan.name,
            begins=render(begins),
            until=render(until),
            members=0,
            created_at=render(order.at),
            created_by=order.actor,
        )
        writes = stored.put(document, number, item, draft)
        guards.remember(writes, pk, call, str(number))
        facts: audit.Facts = {
            "name": plan.name,
            "from": item.begins,
            "until": item.until,
            "hash": item.hash,
            "asked": len(wanted),
        }
        return _noted(writes, order, number, "pilot.begun", after=facts), number

    return _joined(order, transact(decide), wanted)


def add(order: Order, number: int, wanted: Sequence[str], call: guards.Request) -> Joined:
    """Let members join a pilot that is not over.

    Raises:
        PilotUnknown, PilotOver.
    """
    pk = keys.program(order.program)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        _refuse_over(find(order.program, number), order.at)
        writes = Writes()
        guards.remember(writes, pk, call, str(number))
        facts: audit.Facts = {"asked": len(wanted)}
        return _noted(writes, order, number, "pilot.members_added", after=facts), None

    transact(decide)
    return _joined(order, number, wanted)


def end(order: Order, number: int) -> PilotItem:
    """End a pilot now, or before it began; again changes nothing. What it judged stays judged.

    Raises:
        PilotUnknown; PilotOver: its time was over by itself.
    """

    def decide(_: bool) -> tuple[Writes, PilotItem]:
        found = find(order.program, number)
        if found.ended_at:
            return Writes(), found
        _refuse_over(found, order.at)
        until = max(render(order.at), found.begins)
        writes = stored.ended(found, until, render(order.at))
        before: audit.Facts = {"until": found.until}
        found.until, found.ended_at = until, render(order.at)
        after: audit.Facts = {"until": until}
        return _noted(writes, order, number, "pilot.ended", before=before, after=after), found

    ended = transact(decide)
    pilots.forget(order.program)
    return ended


def find(program: str, number: int) -> PilotItem:
    """A pilot; a strong read. Raises PilotUnknown."""
    found = stored.find(program, number, strong=True)
    if found is None:
        raise PilotUnknown
    return found


def _joined(order: Order, number: int, wanted: Sequence[str]) -> Joined:
    """Let members join, some at a time; who is in it already stays."""
    names = list(dict.fromkeys(wanted))
    unknown: list[str] = []
    elsewhere: list[str] = []
    for start in range(0, len(names), TOGETHER):
        some = names[start : start + TOGETHER]
        missing, busy = transact(partial(_join, order, number, some))
        unknown += missing
        elsewhere += busy
    return Joined(find(order.program, number), tuple(unknown), tuple(elsewhere))


def _join(
    order: Order, number: int, names: Sequence[str], _: bool
) -> tuple[Writes, tuple[list[str], list[str]]]:
    pilot = find(order.program, number)
    if pilot.until <= render(order.at):
        return Writes(), ([], [])
    known = members.several(order.program, names)
    unknown = [name for name in names if name not in known or known[name].status == "erased"]
    elsewhere: list[str] = []
    writes = Writes()
    new = 0
    for name in names:
        if name in unknown or number in (known[name].pilots or ()):
            continue
        if _is_elsewhere(known[name], pilot):
            elsewhere.append(name)
            continue
        kept = (number, *(known[name].pilots or ()))[:MOST_KEPT]
        writes += members.piloted(known[name], kept)
        writes += store_pilots.joined(order.program, number, name, order.at)
        new += 1
    if new:
        writes += stored.grown(pilot, new)
    return writes, (unknown, elsewhere)


def _is_elsewhere(member: Member, pilot: PilotItem) -> bool:
    """Whether another pilot of the member judges at a time of this one."""
    others = (stored.find(member.program, one, strong=True) for one in member.pilots or ())
    return any(one and one.begins < pilot.until and pilot.begins < one.until for one in others)


def _span(plan: Plan, at: datetime) -> tuple[datetime, datetime]:
    begins = plan.begins or at
    if timedelta(0) <= at - begins <= AT_ONCE:
        begins = at
    if not at <= begins < plan.until:
        raise PilotSpan
    return begins, plan.until


def _refuse_over(found: PilotItem, at: datetime) -> None:
    if parse(found.until) <= at:
        raise PilotOver


def _noted(
    writes: Writes,
    order: Order,
    number: int,
    action: str,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts,
) -> Writes:
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action=action,
        subject=audit.subject(pilot=str(number)),
        at=order.at,
        before=before or {},
        after=after,
        reason=order.reason,
    )
    return audit.note(writes, act)
