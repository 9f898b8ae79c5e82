"""A member's gates in the reader's language."""

from chalicelib.gates.service import Mine, Seen
from chalicelib.gates.shapes import Gates, GateView


def gates_view(mine: Mine, language: str) -> Gates:
    """How they all stand."""
    return Gates(gates=[_gate(name, seen, language) for name, seen in mine.gates.items()])


def _gate(name: str, seen: Seen, language: str) -> GateView:
    gate, now = seen.gate, seen.now
    return GateView(
        gate=name,
        name=gate.name.get(language),
        open=now.open,
        since=seen.since.isoformat() if seen.since else None,
        until=now.until.isoformat() if now.until else None,
        category=gate.category,
        at_least=gate.at_least,
        bought=now.bought,
        missing=now.missing,
        by=now.by.isoformat(),
        options=list(gate.options),
        opens=[one.get(language) for one in gate.opens],
    )
