"""Gates as callers see them."""

import msgspec

from chalicelib.kernel.http.shapes import Day
from chalicelib.programs.gates import Option


class GateView(msgspec.Struct, frozen=True, kw_only=True):
    """How one gate stands."""

    gate: str
    """Its name in the program's document."""
    name: str
    """What it is called."""
    open: bool
    """Whether its options are open today."""
    since: Day | None
    """First local day on which it is open, or closed, as it is now; null: for longer than a year,
    or it was never open."""
    until: Day | None
    """Last local day on which it is open, if nothing more is bought; null: it is closed."""
    category: str | None
    """Goods of which category count; null: all goods."""
    at_least: int
    """What a calendar month's purchases have to reach, in minor units of money."""
    bought: int
    """What the running month comes to, net of returns."""
    missing: int
    """What the running month lacks: it opens the gate at once, or keeps it open beyond `until`; 0:
    the running month has reached it."""
    by: Day
    """Last day on which purchases count for the running month."""
    options: list[Option]
    """What members can do only while it is open: order rewards, give points to charities, apply for
    verified groups, register items."""
    opens: list[str]
    """What else it opens, in words."""


class Gates(msgspec.Struct, frozen=True, kw_only=True):
    """All gates of the program that concern this kind of member."""

    gates: list[GateView]
    """In the order of the document; none: everything is open."""
