"""The one place where it is asked whether a gate is open: guarded routes, views and the agenda.

A gate is judged by the months that receipts and returns keep exact, so a purchase opens it and a
return closes it in its own transaction, whatever has been told to the member.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from chalicelib.agenda.service import arm
from chalicelib.counters import store
from chalicelib.counters.model import Month, Months, money
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs import gates as rules
from chalicelib.programs.gates import Bought, Gate, Option
from chalicelib.programs.model import Program
from chalicelib.programs.values import Texts
from chalicelib.programs.words import Words

LevelOf = Callable[[Program, str, datetime], str]
"""The level that a member is on at an instant; empty: none."""
CHECK = "gates.check"
"""What the agenda calls the look at a member's gates; its ref is the member."""


class GateClosed(Forbidden):
    """The member has not bought enough for this: the sentence says what is missing, until when."""

    code = "gate_closed"

    def __init__(self, *, program: Program, gate: Texts, missing: int, date: date) -> None:
        """What the gate is called, the money that is missing, and the last day to buy for it."""
        super().__init__()
        self._program, self._gate, self._missing, self._date = program, gate, missing, date

    def told(self, language: str) -> dict[str, str]:
        """The gate, the money and the day in the reader's words."""
        words = Words(self._program, language)
        return {
            "gate": self._gate.get(language),
            "missing": words.money(self._missing),
            "date": words.day(self._date),
        }


class LevelNeeded(Forbidden):
    """The member is on no level that opens this: the sentence names the lowest that does."""

    code = "level_needed"

    def __init__(self, *, level: Texts) -> None:
        """What the level is called."""
        super().__init__()
        self._level = level

    def told(self, language: str) -> dict[str, str]:
        """The level in the reader's language."""
        return {"level": self._level.get(language)}


_level_of: list[LevelOf] = []


def install(level_of: LevelOf) -> None:
    """Say who knows a member's level: a room further up, which counts what lifts to it."""
    _level_of[:] = [level_of]


def refuse_closed(program: Program, member: str, kind: str, option: Option, at: datetime) -> None:
    """Let a member use an option; a unit for each month that is asked about, none without gates,
    and those of the member's level where levels open it.

    Raises:
        GateClosed: of several gates, the first that is closed.
        LevelNeeded: only higher levels open it.
    """
    _refuse_low(program, member, option, at)
    guarding = rules.guarding(program.gates, option, kind)
    if not guarding:
        return
    today = local_date(at, program.zone)
    wanted = set().union(*(rules.months(gate, today) for gate in guarding.values()))
    months = store.several(program.id, member, sorted(wanted))
    for gate in guarding.values():
        found = rules.standing(gate, bought(gate, months), today)
        if not found.open:
            raise GateClosed(program=program, gate=gate.name, missing=found.missing, date=found.by)


def _refuse_low(program: Program, member: str, option: Option, at: datetime) -> None:
    tiers = program.tiers
    needed = tiers.opening(option) if tiers else -1
    if tiers is not None and needed >= 0:
        (level_of,) = _level_of
        if tiers.place(level_of(program, member, at)) < needed:
            raise LevelNeeded(level=tiers.levels[needed].name)


def bought(gate: Gate, months: Months) -> Bought:
    """What counts for a gate, by local day."""
    return {
        date.fromisoformat(f"{name}-{day}"): amount
        for name, month in months.items()
        for day, amount in money(month, gate.category).items()
    }


def total(gate: Gate, month: Month) -> int:
    """What a month comes to for a gate."""
    return sum(money(month, gate.category).values())


def look_again(
    program: Program,
    member: str,
    kind: str,
    before: Months,
    after: Mapping[str, Month],
    at: datetime,
) -> Writes:
    """Have the agenda look at a member's gates at once, if a purchase or a return made a month
    enough for one of them, or too little; commits with it.
    """
    for name, month in after.items():
        was = before.get(name, Month())
        for gate in program.gates.values():
            if gate.concerns(kind) and rules.crossed(gate, total(gate, was), total(gate, month)):
                return arm(program.id, CHECK, member, at, at)
    return Writes()
