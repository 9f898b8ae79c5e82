"""From what is paid to what is shown of it."""

from datetime import date

from chalicelib.members.model import Member
from chalicelib.memberships import model
from chalicelib.memberships.model import Payment
from chalicelib.memberships.service import Settled
from chalicelib.memberships.shapes import Memberships, MembershipView, PaymentView, SettledView
from chalicelib.programs.model import Program


def memberships_view(member: Member, program: Program, today: date, language: str) -> Memberships:
    """Everything that is sold, and what was paid for."""
    names = dict.fromkeys([*program.memberships, *(one.plan for one in member.paid)])
    return Memberships(
        memberships=[_membership(member, program, name, today, language) for name in names]
    )


def payment_view(payment: Payment) -> PaymentView:
    """One payment."""
    return PaymentView(
        payment=payment.payment,
        plan=payment.plan,
        at=payment.at,
        amount=payment.amount,
        since=payment.since,
        until=payment.until,
        refunded_at=payment.refunded_at or None,
    )


def settled_view(found: Settled, language: str) -> SettledView:
    """A payment with its membership."""
    plan = found.payment.plan
    return SettledView(
        payment=payment_view(found.payment),
        membership=_membership(found.member, found.program, plan, found.today, language),
    )


def _membership(
    member: Member, program: Program, name: str, today: date, language: str
) -> MembershipView:
    plan, run = program.memberships.get(name), model.newest(member.paid, name)
    return MembershipView(
        plan=name,
        name=plan.name.get(language) if plan else name,
        price=plan.price if plan else None,
        currency=program.currency,
        months=plan.months if plan else None,
        privileges=[one.get(language) for one in plan.privileges] if plan else [],
        state=model.state_of(run, today),
        since=run.since if run else None,
        paid_until=run.until if run else None,
        holds_until=run.keeps if run else None,
    )
