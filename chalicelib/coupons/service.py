"""Coupons for other rooms: found by a till, given by a rule or an order, used by a receipt, open
again when it is returned.

The functions that return writes rest on the coupon as it was read: whoever commits them has it
used at most once, however many try.
"""

from datetime import datetime

import msgspec

from chalicelib.coupons import store
from chalicelib.coupons.errors import CouponNotOpen, CouponUnknown
from chalicelib.coupons.model import Coupon, Sort, State, Terms
from chalicelib.kernel.clock import render
from chalicelib.kernel.codes import in_groups, read_code
from chalicelib.kernel.observability import each
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.values import Texts

SYSTEM = "system"


class NewCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon to be given. The same ``coupon`` again is the same coupon."""

    program: str
    member: str
    coupon: str
    """Its id, by :func:`chalicelib.coupons.model.coupon_id`."""
    sort: Sort = "credit"
    name: Texts
    """What it is called, in the program's languages."""
    terms: Terms
    source: str
    """What gives it, e.g. ``receipt:<id>``."""
    actor: str
    at: datetime


def find(program: str, code: str, *, strong: bool = False) -> Coupon:
    """The coupon of a code as people type or tills scan it.

    Raises:
        CouponUnknown: mistyped, or nobody's; never on a read that may be old.
    """
    read = read_code(code[:100])
    if read is None:
        raise CouponUnknown
    found = store.by_code(program, read, strong=strong)
    if found is None and not strong:
        found = store.by_code(program, read, strong=True)
    if found is None:
        raise CouponUnknown
    return found


def of_member(program: str, member: str, coupon: str, *, strong: bool = False) -> Coupon:
    """A member's coupon by its id.

    Raises:
        CouponUnknown: there is none; never on a read that may be old.
    """
    found = store.coupon(program, member, coupon, strong=strong)
    if found is None and not strong:
        found = store.coupon(program, member, coupon, strong=True)
    if found is None:
        raise CouponUnknown
    return found


def code_of(program: str, coupon: str) -> str:
    """The code of a coupon, for its member alone, e.g. ``7K3M-9QWX-2B4D-5``."""
    return in_groups(store.code_of(program, coupon))


def issued(new: NewCoupon) -> Writes:
    """A new coupon: three items. The transaction fails if there is one of this id."""
    at = render(new.at)
    made = Coupon(
        program=new.program,
        member=new.member,
        coupon=new.coupon,
        sort=new.sort,
        name=new.name,
        terms=new.terms,
        issued_at=at,
        changed_at=at,
        source=new.source,
    )
    return store.created(made, new.actor)


def used(coupon: Coupon, receipt: str, actor: str, at: datetime) -> Writes:
    """The coupon is used by a receipt, if it is still open as it was read: two items.

    The caller has looked at :func:`chalicelib.coupons.model.hindrance` first.

    Raises:
        CouponNotOpen.
    """
    _refuse_closed(coupon)
    return store.changed(coupon, _turned(coupon, "used", receipt, at), "coupon.used", actor)


def reopened(coupon: Coupon, receipt: str, actor: str, at: datetime) -> Writes:
    """The coupon is open again, because the receipt that used it was returned as a whole: two
    items. No writes when that receipt does not hold it (any more).
    """
    if coupon.state != "used" or coupon.receipt != receipt:
        return Writes()
    return store.changed(coupon, _turned(coupon, "open", "", at), "coupon.reopened", actor)


def withdrawn(coupon: Coupon, actor: str, at: datetime) -> Writes:
    """An open coupon works no more: two items.

    Raises:
        CouponNotOpen.
    """
    _refuse_closed(coupon)
    return store.changed(coupon, _turned(coupon, "withdrawn", "", at), "coupon.withdrawn", actor)


def leave(program: str, member: str, at: datetime) -> int:
    """What is left of an erased member's coupons: open ones are withdrawn, and no code leads to
    the member any more. How many coupons changed; may be called at any time and again.
    """
    mine = list(store.of_member(program, member, strong=True))
    coded = store.with_code(program, [one.coupon for one in mine])
    left = [one for one in mine if one.state == "open" or one.coupon in coded]
    return each(left, lambda one: _end(one, at), "coupon of an erased member")


def _end(known: Coupon, at: datetime) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        found = of_member(known.program, known.member, known.coupon, strong=True)
        writes = withdrawn(found, SYSTEM, at) if found.state == "open" else Writes()
        if store.with_code(found.program, [found.coupon]):
            writes += store.code_gone(found.program, found.coupon)
        return writes, None

    transact(decide)


def _refuse_closed(coupon: Coupon) -> None:
    if coupon.state != "open":
        raise CouponNotOpen(state=coupon.state)


def _turned(coupon: Coupon, state: State, receipt: str, at: datetime) -> Coupon:
    return msgspec.structs.replace(
        coupon,
        state=state,
        version=coupon.version + 1,
        changed_at=render(at),
        receipt=receipt,
    )
