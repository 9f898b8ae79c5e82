"""A member's coupons, as they and the staff see them, and staff who take one back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.coupons import service, store
from chalicelib.coupons.model import Coupon, Standing, standing
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.service import in_force


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Somebody's order to take back one coupon."""

    program: str
    member: str
    coupon: str
    reason: str
    actor: str
    at: datetime


def listed(program: str, member: str, state: Standing | None, day: date) -> Iterator[Coupon]:
    """A member's coupons that stand like this on a local day; all, if nothing is asked."""
    found = store.of_member(program, member)
    return (one for one in found if state is None or standing(one, day) == state)


def today(program: str, at: datetime) -> date:
    """The program's local day; raises ProgramUnknown."""
    return local_date(at, in_force(program, at).zone)


def withdraw(order: Withdrawal, call: guards.Request) -> Coupon:
    """Take back a coupon that nobody used yet; the same call again answers the coupon as it is.

    Raises:
        CouponUnknown, CouponNotOpen, IdempotencyKeyReused.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        found = service.of_member(order.program, order.member, order.coupon, strong=True)
        writes = service.withdrawn(found, order.actor, order.at)
        guards.remember(writes, pk, call, order.coupon)
        return audit.note(writes, _act(order, found)), None

    transact(decide)
    return service.of_member(order.program, order.member, order.coupon, strong=True)


def _act(order: Withdrawal, before: Coupon) -> audit.Act:
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action="coupon.withdrawn",
        subject=audit.subject(member=order.member, coupon=order.coupon),
        at=order.at,
        before={"state": before.state},
        after={"state": "withdrawn"},
        reason=order.reason,
    )
