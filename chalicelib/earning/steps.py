"""Which rules the figures of an event leave open: its day, its minute, its amount and the like.

A bound on a figure holds between two of its values, so all bounds of a program on one figure cut
its values into steps, on each of which the same rules are open. A step is found by halving; what an
event costs hardly depends on how many rules bound the figure.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date

from chalicelib.earning import conditions
from chalicelib.earning.case import Case
from chalicelib.programs import rules_conditions as when
from chalicelib.programs.rules_model import Validity

Interval = tuple[int | None, int | None]
"""The lowest and the highest figure that fit; None: open."""
Figure = Callable[[Case], int]


class Steps:
    """A table from the values of one figure to the sets of rules that they leave open."""

    __slots__ = ("_changes", "_edges", "_open", "_sets", "figure")

    def __init__(self, figure: Figure) -> None:
        """Nobody bounds the figure yet."""
        self.figure = figure
        self._changes: dict[int, tuple[int, int]] = {}
        self._open: dict[int, bool] = {}
        self._edges: list[int] = []
        self._sets: list[int] = []

    def __len__(self) -> int:
        """How many rules bound the figure."""
        return len(self._open)

    def add(self, bit: int, intervals: Iterable[Interval]) -> None:
        """The rule ``bit`` fits within these intervals, which have no figure in common; once."""
        self._open[bit] = False
        for lowest, highest in intervals:
            if lowest is not None and highest is not None and lowest > highest:
                continue
            if lowest is None:
                self._open[bit] = True
            else:
                self._change(lowest, opened=bit)
            if highest is not None:
                self._change(highest + 1, shut=bit)

    def seal(self, every: int) -> None:
        """Work the table out, for the rules in ``every``."""
        found = every
        for bit, is_open in self._open.items():
            if not is_open:
                found &= ~bit
        self._edges, self._sets = sorted(self._changes), [found]
        for edge in self._edges:
            opened, shut = self._changes[edge]
            found = found & ~shut | opened
            self._sets.append(found)

    def of(self, case: Case) -> int:
        """The rules that the event's figure leaves open."""
        return self._sets[bisect_right(self._edges, self.figure(case))]

    def _change(self, edge: int, opened: int = 0, shut: int = 0) -> None:
        had = self._changes.get(edge, (0, 0))
        self._changes[edge] = (had[0] | opened, had[1] | shut)


def day(case: Case) -> int:
    """The local day, counted."""
    return case.day.toordinal()


def days(valid: Validity | when.DatesCondition) -> list[Interval]:
    """Two local days, both included."""
    return [(_ordinal(valid.since), _ordinal(valid.until))]


def axis(condition: when.Condition) -> tuple[tuple[str, ...], Figure, list[Interval]] | None:
    """The figure that a condition bounds, by its name and its function, and the bounds; None where
    it bounds none, or one that is known only when goods were selected.
    """
    match condition:
        case when.DatesCondition():
            return ("day",), day, days(condition)
        case when.YearlyCondition():
            first, last = _of_year(condition.since), _of_year(condition.until)
            return ("yearly",), _day_of_year, _around(first, last)
        case when.HoursCondition():
            first = conditions.minute_of(condition.since)
            last = conditions.minute_of(condition.until) - 1
            return ("minute",), lambda case: case.minute, _around(first, last)
        case when.FirstCondition():
            return ("first",), lambda case: int(case.event.history.first), [(1, None)]
        case when.GoodsCondition():
            return None
    value = conditions.figure(condition, None)
    return value and (_name(condition), value, [conditions.bounds(condition)])


def _name(condition: when.Condition) -> tuple[str, ...]:
    told = ("counter", "unit", "within", "count")
    return type(condition).__name__, *(str(getattr(condition, name, "")) for name in told)


def _around(first: int, last: int) -> list[Interval]:
    """From one to the other; over the end and on from the beginning where the last is before."""
    return [(first, last)] if first <= last else [(first, None), (None, last)]


def _day_of_year(case: Case) -> int:
    return case.day.month * 100 + case.day.day


def _of_year(told: str) -> int:
    return int(told[:2]) * 100 + int(told[3:])


def _ordinal(of: date | None) -> int | None:
    return of.toordinal() if of else None
