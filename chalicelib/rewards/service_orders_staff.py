"""What staff do with orders: find, confirm, hand over, cancel, refund.

Each act is known again by the line that it left in the order's history: the same act again, by
whoever, is answered with the order as it is, also when it has moved on meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import approvals
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account
from chalicelib.programs.service import in_force
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards import service_orders_acts as acts
from chalicelib.rewards import store_orders
from chalicelib.rewards.errors_orders import OrderNotPossible, OrderUnknown
from chalicelib.rewards.model_orders import Order, Parcel, Step
from chalicelib.rewards.service_orders import Shown, shown
from chalicelib.rewards.service_orders_acts import By

Change = Callable[[Order, Account], tuple[Order, Writes]]
REFUND = "orders.refund"
"""The right to give points back."""
Same = Callable[[Order, Step], bool]
"""Whether an act that stands in an order's history is the one that is asked for."""


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody of the staff acts on one order: which, who, why, when."""

    program: str
    number: str
    by: By
    restock: bool = True
    """Whether the pieces go back to the stock where the order ends."""


def look(program: str, number: str) -> Shown:
    """An order by its number; raises OrderUnknown."""
    return shown(find(program, number))


def confirm(command: Command) -> Shown:
    """See to an order. Raises OrderUnknown, OrderNotPossible."""
    return _act(command, "confirmed", lambda found, _: acts.confirmed(found, command.by))


def issue(command: Command) -> Shown:
    """Hand an order over at its point. Raises OrderUnknown, OrderNotPossible."""
    return _act(
        command,
        "issued",
        lambda found, account: acts.handed_over(found, account, "issued", command.by),
    )


def ship(command: Command, parcel: Parcel) -> Shown:
    """Post an order; the same parcel again is the same answer.

    Raises:
        OrderUnknown, OrderNotPossible: also when it was shipped in another parcel.
    """

    def same(found: Order, _: Step) -> bool:
        return _travels(found, parcel)

    def change(found: Order, account: Account) -> tuple[Order, Writes]:
        going = store_orders.ship(found)
        if going is None:  # the member is erased, and the address with them
            raise OrderNotPossible(state=found.state)
        after, writes = acts.handed_over(found, account, "shipped", command.by)
        writes += store_orders.sent(going, parcel)
        return after, writes

    return _act(command, "shipped", change, same)


def correct(command: Command, parcel: Parcel) -> Shown:
    """Put another carrier or tracking number on an order that is on its way; the same again
    changes nothing.

    Raises:
        OrderUnknown, OrderNotPossible.
    """

    def change(found: Order, _: Account) -> tuple[Order, Writes]:
        going = store_orders.ship(found)
        if going is not None and going.parcel == parcel:
            return found, Writes()
        if going is None or found.state != "shipped":
            raise OrderNotPossible(state=found.state)
        after, writes = acts.noted(found, rules.CORRECTED, command.by)
        writes += store_orders.sent(going, parcel)
        told = _travel(going.parcel), _travel(parcel)
        return after, audit.note(writes, _act_of(command, rules.CORRECTED, found, told))

    return changed(command, None, change)


def deliver(command: Command) -> Shown:
    """A posted order has arrived. Raises OrderUnknown, OrderNotPossible."""
    return _act(command, "delivered", lambda found, _: acts.delivered(found, command.by))


def cancel(command: Command) -> Shown:
    """End an order that was not handed over.

    Raises:
        OrderUnknown, OrderNotPossible: also when it ended with its pieces elsewhere.
    """
    return _act(
        command,
        "cancelled",
        lambda found, account: acts.cancelled(found, account, command.by, restock=command.restock),
        _ends_so(command, "cancelled"),
    )


def ask_refund(command: Command) -> Shown:
    """Ask for the points of an order that was handed over; another person may give them back.

    Who asked first is who asked; nothing is given back yet.

    Raises:
        OrderUnknown, OrderNotPossible.
    """

    def change(found: Order, _: Account) -> tuple[Order, Writes]:
        if _asked_by(found) is not None:
            return found, Writes()
        if not rules.is_possible(found, "refunded"):
            raise OrderNotPossible(state=found.state)
        return acts.noted(found, rules.REFUND_ASKED, command.by)

    return changed(command, rules.REFUND_ASKED, change)


def refund(command: Command) -> Shown:
    """Give back the points of an order that was handed over.

    So many that the program wants two people for them only if somebody else asked for it.

    Raises:
        OrderUnknown, OrderNotPossible: also when it ended with its pieces elsewhere.
        ApprovalNeeded: nobody asked. OwnRequest: the one who did must not be the one who gives.
        AccountClosed: the member is erased.
        CouponNotOpen, GiftCodeRedeemed: a coupon that the order gave was used, or a code.
    """

    def change(found: Order, account: Account) -> tuple[Order, Writes]:
        _refuse_alone(found, command.by)
        return acts.refunded(found, account, command.by, restock=command.restock)

    return _act(command, "refunded", change, _ends_so(command, "refunded"))


def _refuse_alone(found: Order, by: By) -> None:
    """Refuse a refund that needs a second person; who tries their own leaves a record of it."""
    asked_by = _asked_by(found)
    if asked_by is None:
        approvals.refuse_alone(in_force(found.program, by.at), found.points)
    elif asked_by == by.actor and in_force(found.program, by.at).approvals.needs_two(found.points):
        tried(found, by)
        raise approvals.OwnRequest


def _asked_by(found: Order) -> str | None:
    lines = store_orders.history(found)
    return next((line.actor for line in lines if line.fact == rules.REFUND_ASKED), None)


def _always(_: Order, __: Step) -> bool:
    return True


def _act(command: Command, act: rules.Act, change: Change, same: Same = _always) -> Shown:
    def guarded(found: Order, account: Account) -> tuple[Order, Writes]:
        if rules.is_possible(found, act):
            return change(found, account)
        done = [one for one in store_orders.history(found) if one.fact == f"order.{act}"]
        if any(same(found, line) for line in done):
            return found, Writes()
        raise OrderNotPossible(state=found.state)

    return changed(command, f"order.{act}", guarded)


def tried(found: Order, by: By) -> None:
    """Note that somebody tried with an order what takes the right to give points back."""
    ids = {"order": found.number, "member": found.member}
    audit.tried(found.program, by.actor, REFUND, ids, by.at)


def changed(command: Command, action: str | None, change: Change) -> Shown:
    """Change an order as it is now, with a record of it; without an ``action``: ``change`` leaves
    its own. What ``change`` leaves as it is leaves no record.

    Raises:
        OrderUnknown; as ``change``.
    """

    def decide(_: bool) -> tuple[Writes, Order]:
        member, seq = _whose(command.program, command.number)
        account = ledger.account(command.program, member, strong=True)
        found = _order(command.program, member, seq)
        after, writes = change(found, account)
        if action is not None:
            told = audit.changed(_figures(found), _figures(after))
            audit.note(writes, _act_of(command, action, found, told))
        return writes, after

    return shown(transact(decide))


def _act_of(
    command: Command, action: str, found: Order, told: tuple[audit.Facts, audit.Facts]
) -> audit.Act:
    return audit.Act(
        program=command.program,
        actor=command.by.actor,
        action=action,
        subject=audit.subject(member=found.member, order=found.number),
        at=command.by.at,
        before=told[0],
        after=told[1],
        reason=command.by.reason,
    )


def _figures(one: Order) -> audit.Facts:
    return {
        "state": one.state,
        "reward": one.goods.reward,
        "quantity": one.goods.quantity,
        "worth": rules.cost(one.goods),
        "points": one.points,
    }


def _travel(parcel: Parcel | None) -> audit.Facts:
    """What a record tells of a parcel: the number leads to the person, its end does not."""
    if parcel is None:
        return {}
    return {"carrier": parcel.carrier, "tracking_ends": rules.number_end(parcel)}


def _ends_so(command: Command, act: rules.Act) -> Same:
    return lambda found, line: (
        line.restocked == rules.moves_stock(found, act, restock=command.restock)
    )


def _travels(found: Order, parcel: Parcel) -> bool:
    going = store_orders.ship(found)
    return going is None or going.parcel == parcel


def find(program: str, number: str) -> Order:
    """An order by its number, without its history; raises OrderUnknown."""
    return _order(program, *_whose(program, number))


def _whose(program: str, number: str) -> tuple[str, int]:
    known = rules.read_number(number)
    found = store_orders.by_number(program, known) if known else None
    if found is None:
        raise OrderUnknown
    return found.member, found.seq


def _order(program: str, member: str, seq: int) -> Order:
    found = store_orders.order(program, member, seq)
    if found is None:
        raise OrderUnknown
    return found
