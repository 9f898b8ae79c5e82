"""How payments for memberships are stored. What follows from them stands with the member."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes
from chalicelib.memberships.model import Payment

NUMBER = "PAYMENT"


class PaymentItem(Item):
    """One payment; only its refund changes it."""

    plan = UnicodeAttribute()
    amount = IntAttribute()
    run = UnicodeAttribute()
    since = UnicodeAttribute()
    until = UnicodeAttribute()
    months = IntAttribute()
    partner = UnicodeAttribute(default="")
    content = UnicodeAttribute(default="")
    refunded_at = UnicodeAttribute(default="")

    def value(self) -> Payment:
        """The payment as a value."""
        program, _, member = str(self.pk).split("#")
        _, at, payment = str(self.sk).split("#")
        return Payment(
            program=program,
            member=member,
            payment=payment,
            at=at,
            plan=self.plan,
            amount=self.amount,
            run=self.run,
            since=self.since,
            until=self.until,
            months=self.months,
            partner=self.partner,
            content=self.content,
            refunded_at=self.refunded_at,
        )


class NumberItem(Item):
    """What leads from a payment to its member; put once, so that none is taken twice."""

    member = UnicodeAttribute()
    at = UnicodeAttribute()


def find(program: str, payment: str) -> Payment | None:
    """A payment, or nothing. Two strong reads."""
    number = NumberItem.find(keys.membership_payment(program, payment), NUMBER, strong=True)
    if number is None:
        return None
    pk = keys.member(program, number.member)
    item = PaymentItem.find(pk, _key(number.at, payment), strong=True)
    return item.value() if item else None


def newest(program: str, member: str, after: str | None, limit: int) -> Iterator[PaymentItem]:
    """A member's payments, newest first, beyond the sort key ``after``."""
    pk = keys.member(program, member)
    return PaymentItem.below(pk, "PAID#", newest_first=True, after=after, limit=limit)


def made(new: Payment) -> Writes:
    """A new payment."""
    item = PaymentItem(
        keys.member(new.program, new.member),
        _key(new.at, new.payment),
        plan=new.plan,
        amount=new.amount,
        run=new.run,
        since=new.since,
        until=new.until,
        months=new.months,
        partner=new.partner,
        content=new.content,
    )
    place = keys.membership_payment(new.program, new.payment)
    number = NumberItem(place, NUMBER, member=new.member, at=new.at)
    return Writes().put_new(item).put_new(number)


def refunded(before: Payment, at: str) -> Writes:
    """The money of a payment went back, if it did not before."""
    item = PaymentItem
    return Writes().update(
        item(keys.member(before.program, before.member), _key(before.at, before.payment)),
        [item.refunded_at.set(at)],
        item.plan.exists() & ((item.refunded_at == "") | item.refunded_at.does_not_exist()),
    )


def _key(at: str, payment: str) -> str:
    return f"PAID#{at}#{payment}"
