"""Was there an order in which one client after the other could have done all this?

A checker after Wing and Gong ("Testing and Verifying Concurrent Objects", 1993) with the memory of
Lowe (2017): it searches for an order of the operations that keeps real time (what ended before
another began comes first) and that the sequential object explains. An operation whose outcome is
unknown stays open: it may have happened at any time after its call, or never.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of one client: when it began and ended (same timer), what was asked and answered."""

    began: float
    ended: float | None
    """None: nobody knows whether and when it happened."""
    asked: Any
    answered: Any = None


Step = Callable[[S, Operation], "S | None"]
"""The state after an operation; None: this state cannot have given this answer."""


def linearizable(history: Sequence[Operation], start: S, step: Step[S]) -> bool:
    """Whether the history can be explained, beginning at the state ``start``."""
    calls = sorted(history, key=lambda one: one.began)
    known = sum(1 << at for at, one in enumerate(calls) if one.ended is not None)
    seen: set[tuple[int, S]] = set()
    left: list[tuple[int, S]] = [(0, start)]
    while left:
        done, state = left.pop()
        if done & known == known:
            return True
        for at in _next(calls, done):
            after = step(state, calls[at])
            place = (done | 1 << at, after)
            if after is not None and place not in seen:
                seen.add(place)  # type: ignore[arg-type]
                left.append(place)  # type: ignore[arg-type]
    return False


def _next(calls: Sequence[Operation], done: int) -> list[int]:
    """What can come next: everything that began before anything still undone had ended."""
    first = (~done & (done + 1)).bit_length() - 1  # the lowest operation not done
    limit = math.inf
    found: list[int] = []
    for at in range(first, len(calls)):
        if calls[at].began > limit:
            break
        if not done >> at & 1:
            found.append(at)
            ended = calls[at].ended
            limit = min(limit, math.inf if ended is None else ended)
    return found
