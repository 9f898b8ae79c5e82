"""Payments for memberships and their refunds (EK-6), by partners' systems and by staff.

What is paid stands with the member, so that a till's rules know it without another read. Every
change of it raises the member's journal, whose number all of them are conditional on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Entry
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Happened, Member, Paid
from chalicelib.memberships import model, store
from chalicelib.memberships.errors import (
    PaidAhead,
    PaymentDiffers,
    PaymentUnknown,
    PlanUnknown,
    PriceDiffers,
)
from chalicelib.memberships.model import Payment
from chalicelib.memberships.shapes import MembershipPayment
from chalicelib.programs.memberships import Plan
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.receipts.desk import Desk, hashed
from chalicelib.receipts.store import receipt_id

DUE = "memberships.end"
"""What the agenda calls the reminder and the end of a membership; its ref is member and plan."""
FACTS = {"reminded": "membership.ending", "lapsed": "membership.lapsed"}
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders something about a member's memberships, why, and when."""

    program: str
    member: str
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment, and how things stand with its member."""

    program: Program
    member: Member
    payment: Payment
    today: date


def pay_by_partner(desk: Desk, told: MembershipPayment) -> Settled:
    """Take a payment that a partner's system tells of; the same again renders the same.

    Raises:
        PlanUnknown, PriceDiffers, PaidAhead, PaymentDiffers, BuyerUnknown, ReceiptTooOld,
        ReceiptInFuture, BeforeProgram, InvalidFields, AppCodeExpired, TooManyLookups.
    """
    paid_at = parse(told.at)
    partner = desk.caller.partner
    same = msgspec.structs.replace(told, at=render(paid_at))
    content = hashed(desk.stage, same)
    payment = receipt_id(desk.program, "membership", partner, told.number)

    def decide(_: bool) -> tuple[Writes, None]:
        known = store.find(desk.program, payment)
        if known is not None:
            if known.content != content:
                raise PaymentDiffers
            return Writes(), None
        program = desk.document(paid_at)
        desk.refuse_time(program, paid_at)
        plan = _plan(program, told.plan)
        if told.amount != plan.price:
            raise PriceDiffers
        member = desk.known(told.buyer, paid_at)[0]
        order = Order(desk.program, member.member, desk.actor, "", desk.at)
        bought = _paid(
            order,
            member,
            (told.plan, plan),
            (payment, paid_at, told.amount),
            partner=partner,
            content=content,
        )
        return bought[0], None

    transact(decide)
    return settled(desk.program, payment, desk.at)


def give(order: Order, name: str, payment: str, call: guards.Request) -> Settled:
    """Staff start or renew a membership without a payment, for one period.

    Raises:
        ProgramUnknown, MemberUnknown, PlanUnknown, PaidAhead, IdempotencyKeyReused.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, str]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        plan = _plan(in_force(order.program, order.at), name)
        member = members.read(order.program, order.member, strong=True)
        if member is None or member.status != "active":
            raise MemberUnknown
        writes, made = _paid(order, member, (name, plan), (payment, order.at, 0))
        guards.remember(writes, pk, call, payment)
        figures: audit.Facts = {"plan": name, "since": made.since, "until": made.until}
        return audit.note(writes, _act(order, "membership.given", payment, figures)), payment

    return settled(order.program, transact(decide), order.at)


def refund_by_partner(desk: Desk, payment: str, reason: str) -> Settled:
    """A partner gave the money of its payment back; what is not paid any more ends at once.

    Raises:
        PaymentUnknown.
    """
    found = store.find(desk.program, payment)
    if found is None or found.partner != desk.caller.partner:
        raise PaymentUnknown
    return _refund(Order(desk.program, found.member, desk.actor, reason, desk.at), payment)


def refund_by_staff(order: Order, payment: str) -> Settled:
    """The same, as staff say; also for what staff gave.

    Raises:
        PaymentUnknown.
    """
    found = store.find(order.program, payment)
    if found is None or found.member != order.member:
        raise PaymentUnknown
    return _refund(order, payment)


def settled(program: str, payment: str, at: datetime) -> Settled:
    """A payment with its member as they are now. Strong reads."""
    found = store.find(program, payment)
    member = members.read(program, found.member, strong=True) if found else None
    if found is None or member is None:
        raise PaymentUnknown
    document = in_force(program, at)
    return Settled(document, member, found, local_date(at, document.zone))


def _paid(
    order: Order,
    member: Member,
    plan: tuple[str, Plan],
    payment: tuple[str, datetime, int],
    *,
    partner: str = "",
    content: str = "",
) -> tuple[Writes, Payment]:
    name, sold = plan
    number, paid_at, amount = payment
    zone = in_force(order.program, order.at).zone
    day = local_date(paid_at, zone)
    found = model.bought(member.paid, name, sold, day)
    if model.too_far_ahead(found, local_date(order.at, zone)):
        raise PaidAhead
    new = Payment(
        program=member.program,
        member=member.member,
        payment=number,
        plan=name,
        at=render(paid_at),
        amount=amount,
        run=found.run.since,
        since=found.since.isoformat(),
        until=found.until.isoformat(),
        months=sold.months,
        partner=partner,
        content=content,
    )
    fact = "membership.started" if new.since == new.run else "membership.renewed"
    writes = _changed(member, found.paid, fact, order, name, sold)
    writes += store.made(new)
    return writes, new


def _refund(order: Order, payment: str) -> Settled:
    def decide(_: bool) -> tuple[Writes, None]:
        found = store.find(order.program, payment)
        if found is None:
            raise PaymentUnknown
        if found.refunded_at:
            return Writes(), None
        program = in_force(order.program, order.at)
        writes = store.refunded(found, render(order.at))
        member = members.read(order.program, found.member, strong=True)
        if member is not None and member.status != "erased":
            plan = program.memberships.get(found.plan)
            day = local_date(order.at, program.zone)
            grace = plan.grace_days if plan else 0
            after = model.refunded(member.paid, found, grace, day)
            writes += _changed(member, after, "membership.refunded", order, found.plan, plan)
        figures: audit.Facts = {"plan": found.plan, "amount": found.amount}
        return audit.note(writes, _act(order, "membership.refunded", payment, figures)), None

    transact(decide)
    return settled(order.program, payment, order.at)


def _changed(
    member: Member,
    paid: tuple[Paid, ...],
    fact: str,
    order: Order,
    name: str,
    plan: Plan | None,
) -> Writes:
    """What a member has paid for, and the fact that tells them."""
    run = model.newest(paid, name)
    happened = Happened(fact, order.at, order.actor, _told(name, plan, run), order.reason)
    writes = members.changed(member, happened, members.MemberItem.paid.set(paid))
    zone = in_force(order.program, order.at).zone
    due = model.due(run, plan.remind_days if plan else 0, zone) if run else None
    if due is not None:
        writes += agenda.arm(member.program, DUE, f"{member.member}/{name}", due, order.at)
    return writes


def end(entry: Entry, at: datetime) -> datetime | None:
    """Tell a member once that a membership is about to end, and once that it ended.

    Whether it holds does not depend on it. What was renewed or given back since has another day.
    """
    who, _, name = entry.ref.partition("/")

    def decide(_: bool) -> tuple[Writes, datetime | None]:
        program = in_force(entry.program, at)
        member = members.read(program.id, who, strong=True)
        run = model.newest(member.paid, name) if member else None
        if member is None or run is None or member.status == "erased":
            return Writes(), None
        plan = program.memberships.get(name)
        remind_days = plan.remind_days if plan else 0
        what = model.step(run, remind_days, local_date(at, program.zone))
        if what is None:
            return Writes(), model.due(run, remind_days, program.zone)
        after = msgspec.structs.replace(run, told=what)
        happened = Happened(FACTS[what], at, SYSTEM, _told(name, plan, run))
        paid = members.MemberItem.paid.set(model.told(member.paid, run, what))
        again = model.due(after, remind_days, program.zone)
        return members.changed(member, happened, paid), again

    return transact(decide)


AGENDA_HANDLERS = {DUE: end}


def _told(name: str, plan: Plan | None, run: Paid | None) -> dict[str, Any]:
    names = msgspec.to_builtins(plan.name) if plan else {"en": name}
    return {"plan": name, "names": names, "until": run.until if run else ""}


def _plan(program: Program, name: str) -> Plan:
    found = program.memberships.get(name)
    if found is None:
        raise PlanUnknown
    return found


def _act(order: Order, action: str, payment: str, figures: audit.Facts) -> audit.Act:
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action=action,
        subject=audit.subject(member=order.member, payment=payment),
        at=order.at,
        after=figures,
        reason=order.reason,
    )
