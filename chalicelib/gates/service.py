"""How a member's gates stand, and the agenda's look at them.

The look tells; it decides nothing. It comes when a purchase or a return made a month enough or too
little, on the days on which the document warns, and on the first day on which a gate is closed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from chalicelib.agenda.model import Entry
from chalicelib.agenda.service import arm
from chalicelib.counters import gates, store
from chalicelib.counters.model import Month
from chalicelib.gates import store as told_store
from chalicelib.gates.model import News, Told, news
from chalicelib.kernel.clock import day_begins, local_date
from chalicelib.kernel.facts import Image
from chalicelib.kernel.table.items import uncompressed
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Happened
from chalicelib.programs import gates as rules
from chalicelib.programs.gates import Gate, Standing
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

SYSTEM = "system"


class Seen(NamedTuple):
    """How one gate stands for a member."""

    gate: Gate
    now: Standing
    since: date | None
    """First day on which it is open, or closed, as it is now; None: longer than is looked back."""


class Mine(NamedTuple):
    """A member's gates, by their names in the document."""

    program: Program
    gates: dict[str, Seen]


def standing(program: str, member: str, kind: str, at: datetime) -> Mine:
    """The gates that concern a kind of member, as they stand for one. A strong read of the last
    months together, none without gates.
    """
    club = in_force(program, at)
    concerned = _concerning(club, kind)
    if not concerned:
        return Mine(club, {})
    today = local_date(at, club.zone)
    months = store.since(program, member, rules.first_month(today))
    found = {}
    for name, gate in concerned.items():
        bought = gates.bought(gate, months)
        now = rules.standing(gate, bought, today)
        found[name] = Seen(gate, now, rules.since(gate, bought, today))
    return Mine(club, found)


def of_member(program: str, member: str, at: datetime) -> Mine:
    """The same for staff.

    Raises:
        MemberUnknown.
    """
    found = members.read(program, member, strong=True)
    if found is None or found.status == "erased":
        raise MemberUnknown
    return standing(program, member, found.kind, at)


def check(entry: Entry, at: datetime) -> datetime | None:
    """Tell a member what is new of their gates, each thing once; comes again when more will be."""
    more, again = _tell(entry.program, entry.ref, at)
    while more:
        more, again = _tell(entry.program, entry.ref, at)
    return day_begins(again, in_force(entry.program, at).zone) if again else None


AGENDA_HANDLERS = {gates.CHECK: check}


def calls(month: Image, at: datetime) -> bool:
    """Whether a stored month keeps a gate open that closes, or is warned of, within two days."""
    pk, sk = str(month["pk"]), str(month["sk"])
    if "#M#" not in pk or not sk.startswith("MONTH#"):
        return False
    program = in_force(pk.partition("#")[0], at)
    if not program.gates:
        return False
    name, today = sk.removeprefix("MONTH#"), local_date(at, program.zone)
    bought = msgspec.convert(uncompressed(month["month"]), Month)
    return any(
        rules.soon(gate, name, today) and gates.total(gate, bought) >= gate.at_least
        for gate in program.gates.values()
    )


def look(program: str, member: str, at: datetime) -> Writes:
    """Have the agenda look at a member's gates, for the sweeper: a gate that came into the document
    after they bought has nothing there.
    """
    return arm(program, gates.CHECK, member, at, at)


def _tell(program: str, who: str, at: datetime) -> tuple[bool, date | None]:
    """Tell the first thing that is new: whether something was, else the day to come again."""

    def decide(_: bool) -> tuple[Writes, tuple[bool, date | None]]:
        club = in_force(program, at)
        member = members.read(program, who, strong=True)
        if member is None or member.status == "erased":
            return Writes(), (False, None)
        concerned = _concerning(club, member.kind)
        before = told_store.read(program, who)
        today = local_date(at, club.zone)
        days: list[date] = []
        for name, found in _now(club, who, concerned, today).items():
            gate, had = concerned[name], before.told.get(name, Told())
            new, told = news(gate, found, had, today)
            if new is not None:
                writes = told_store.told(program, who, before, name, told)
                happened = Happened(new, at, SYSTEM, _data(club, name, gate, found, new))
                writes += members.changed(member, happened)
                return writes, (True, None)
            day = rules.next_day(gate, found, today)
            days += [day] if day else []
        return Writes(), (False, min(days, default=None))

    return transact(decide)


def _now(
    club: Program, who: str, concerned: Mapping[str, Gate], today: date
) -> dict[str, Standing]:
    wanted = set[str]().union(*(rules.months(gate, today) for gate in concerned.values()))
    months = store.several(club.id, who, sorted(wanted))
    return {
        name: rules.standing(gate, gates.bought(gate, months), today)
        for name, gate in concerned.items()
    }


def _data(
    club: Program, name: str, gate: Gate, found: Standing, new: News
) -> dict[str, str | int | dict[str, str]]:
    """What the journal and the notification say: the last day on which it is open, or on which
    what is missing opens it.
    """
    day = found.until if new != "gate.closed" and found.until else found.by
    return {
        "gate": name,
        "names": msgspec.to_builtins(gate.name),
        "missing": found.missing,
        "currency": club.currency,
        "date": day.isoformat(),
    }


def _concerning(club: Program, kind: str) -> dict[str, Gate]:
    return {name: gate for name, gate in club.gates.items() if gate.concerns(kind)}
