"""Use cases of staff with pick-up points."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.service import in_force
from chalicelib.rewards import checks, store
from chalicelib.rewards.errors import PointInUse, PointUnknown, TooManyPickupPoints
from chalicelib.rewards.opening import MAX_POINTS, PointDetails
from chalicelib.rewards.service import refuse_malformed
from chalicelib.rewards.store import Point


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order about one pick-up point: which, who, when."""

    program: str
    point: str
    actor: str
    at: datetime


def write(order: Order, details: PointDetails) -> Point:
    """Add a pick-up point under an id of staff's choice, or change what is said of it.

    Raises:
        ProgramUnknown: no version of the program is in force.
        NotFound: no point can have such an id.
        TooManyPickupPoints.
        InvalidFields: texts are missing, or hours overlap.
    """
    refuse_malformed(order.point)
    faults = checks.point_faults(in_force(order.program, order.at), details)
    if faults:
        raise InvalidFields(fields=faults)
    at = render(order.at)

    def decide(_: bool) -> tuple[Writes, Point]:
        before = store.point(order.program, order.point, strong=True)
        if before is None:
            _refuse_full(order.program)
        writes = store.put_point(order.program, order.point, details, before, order.actor, at)
        now = Point(
            program=order.program,
            point=order.point,
            details=details,
            uses=before.uses if before else 0,
            orders=before.orders if before else 0,
            changed_at=at if len(writes) or before is None else before.changed_at,
        )
        action = "point.changed" if before else "point.added"
        return _noted(writes, order, action, before.details if before else None, details), now

    return transact(decide)


def read(program: str, point: str) -> Point:
    """A pick-up point; raises PointUnknown."""
    found = store.point(program, point, strong=True)
    if found is None:
        raise PointUnknown
    return found


def delete(order: Order) -> None:
    """Delete a pick-up point that no reward names and at which no order waits; one that is not
    there is no fault.

    Raises:
        PointInUse.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        before = store.point(order.program, order.point, strong=True)
        if before is None:
            return Writes(), None
        if before.uses or before.orders:
            raise PointInUse
        writes = store.point_gone(before)
        return _noted(writes, order, "point.deleted", before.details, None), None

    transact(decide)


def _refuse_full(program: str) -> None:
    size = store.size(program)
    if size is not None and size.points >= MAX_POINTS:
        raise TooManyPickupPoints(limit=MAX_POINTS)


def _noted(
    writes: Writes,
    order: Order,
    action: str,
    before: PointDetails | None,
    after: PointDetails | None,
) -> Writes:
    was, now = audit.changed(_fields(before), _fields(after))
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action=action,
        subject=f"point:{order.point}",
        at=order.at,
        before=was,
        after=now,
    )
    return audit.note(writes, act)


def _fields(details: PointDetails | None) -> audit.Facts:
    found: audit.Facts = msgspec.to_builtins(details) if details else {}
    return found
