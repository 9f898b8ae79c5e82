"""What a member is told of a gate, each thing once. Pure."""

from datetime import date
from typing import Literal

import msgspec

from chalicelib.programs import gates as rules
from chalicelib.programs.gates import Gate, Standing

News = Literal["gate.opened", "gate.closing", "gate.closed"]


class Told(msgspec.Struct, frozen=True, array_like=True):
    """What a member was told of a gate at last."""

    open: bool = False
    until: str = ""
    """Of which last day they were warned; empty: of none."""
    days: int = 0
    """How many days before it."""


def news(gate: Gate, found: Standing, had: Told, today: date) -> tuple[News | None, Told]:
    """What is to be told by now, and what will have been. Of what was missed, the latest."""
    if found.until is None:
        closed = msgspec.structs.replace(had, open=False)
        return ("gate.closed" if had.open else None), closed
    days, until = rules.warning(gate, found, today), found.until.isoformat()
    if days is not None and (had.until != until or days < had.days):
        return "gate.closing", Told(open=True, until=until, days=days)
    opened = msgspec.structs.replace(had, open=True)
    return (None if had.open else "gate.opened"), opened
