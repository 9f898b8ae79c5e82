"""Members give points to charities (RG-3, EK-7); staff take a gift back while its month lasts.

Points leave the program's books by it: no member gets them, and nobody is paid for them but the
charity (GC-2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from chalicelib.counters.gates import refuse_closed
from chalicelib.donations import model, store
from chalicelib.donations.errors import (
    CharityUnknown,
    DonationSettled,
    DonationTakenBack,
    DonationUnknown,
)
from chalicelib.donations.model import Donation, Total
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import FieldError, InvalidQuery, Refusal
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger import spending
from chalicelib.ledger.approvals import refuse_alone
from chalicelib.ledger.audited import Order, figures
from chalicelib.ledger.model import Account, Cause, Reason
from chalicelib.ledger.posting import Posting
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Gift:
    """A member's wish to give points to a charity."""

    caller: MemberCaller
    to: str
    points: int
    at: datetime


def give(gift: Gift, call: guards.Request) -> Donation:
    """Take available points, the soonest-burning first; the same call again answers the same
    donation.

    Raises:
        NotActive, RulesNotAccepted, ProgramUnknown, GateClosed, LevelNeeded, CharityUnknown,
        NotEnoughPoints,
        AccountUnknown, AccountClosed, IdempotencyKeyReused.
    """
    who = gift.caller
    if who.status != "active":
        raise NotActive
    if not who.rules:
        raise RulesNotAccepted
    pk = keys.member(who.program, who.member)

    def decide(strong: bool) -> tuple[Writes, Donation]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), _known(who.program, who.member, int(done))
        new, writes = _patiently(lambda sure: _given(gift, strong=sure), strong=strong)
        guards.remember(writes, pk, call, str(new.donation))
        return writes, new

    return transact(decide)


def take_back(order: Order, number: int, call: guards.Request) -> Donation:
    """Points come back to their lots, and the charity's total of the month is smaller.

    Raises:
        ProgramUnknown, AccountUnknown, AccountClosed, DonationUnknown, DonationTakenBack,
        DonationSettled, IdempotencyKeyReused.
        ApprovalNeeded: so many points that a second person must agree.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        head = ledger.account(order.program, order.member, strong=True)
        program = in_force(order.program, order.at)
        found = _known(order.program, order.member, number)
        _refuse_return(found, program, order.at)
        posted = _returned(head, found, order, program)
        writes = posted.writes
        month = model.month_of(parse(found.at), program.zone)
        writes += store.taken_back(found, month, render(order.at))
        guards.remember(writes, pk, call, str(number))
        return audit.note(writes, _act(order, found, posted)), None

    transact(decide)
    return _known(order.program, order.member, number)


def report(program: str, first: str, last: str) -> list[Total]:
    """What each charity was given from one month to another, both included, less what was taken
    back.

    Raises:
        InvalidQuery: the months stand in the wrong order, or there are too many.
    """
    if last < first:
        raise InvalidQuery(fields=(FieldError("/to", "before_from"),))
    if model.months_between(first, last) > model.MOST_MONTHS:
        limit = {"limit": str(model.MOST_MONTHS)}
        raise InvalidQuery(fields=(FieldError("/to", "too_many_months", limit),))
    return model.added(store.totals(program, first, last))


def _given(gift: Gift, *, strong: bool) -> tuple[Donation, Writes]:
    who, at = gift.caller, gift.at
    program = in_force(who.program, at)
    refuse_closed(program, who.member, who.kind, "donations", at)
    name = program.charities.get(gift.to)
    if name is None:
        raise CharityUnknown
    head = ledger.account(who.program, who.member, strong=strong)
    cause = Cause("points.donated", gift.to, f"member:{who.member}")
    reason = Reason("donated", {"to": gift.to}, msgspec.to_builtins(name))
    posted = spending.donate(head, gift.points, cause, reason, program, at)
    new = Donation(
        program=who.program,
        member=who.member,
        donation=posted.entry.seq,
        to=gift.to,
        name=name,
        points=gift.points,
        at=render(at),
    )
    writes = posted.writes
    writes += store.given(new, model.month_of(at, program.zone))
    return new, writes


def _refuse_return(found: Donation, program: Program, at: datetime) -> None:
    if found.taken_back_at:
        raise DonationTakenBack
    if not model.may_return(found, at, program.zone):
        raise DonationSettled
    refuse_alone(program, found.points)


def _returned(head: Account, found: Donation, order: Order, program: Program) -> Posting:
    target = ledger.entry(order.program, order.member, found.donation, strong=True)
    cause = Cause("donation.returned", str(found.donation), order.actor, order.note)
    try:
        return ledger.reversal(head, target, cause, program, order.at, contras=(spending.CHARITY,))
    except ledger.EntryReversed as reversed_:  # since the donation was read
        raise DonationTakenBack from reversed_


def _patiently(decided: Callable[[bool], R], *, strong: bool) -> R:
    try:
        return decided(strong)
    except Refusal:
        if strong:
            raise
        return decided(True)  # nobody is refused on a read that may be old


def _known(program: str, member: str, number: int) -> Donation:
    found = store.donation(program, member, number)
    if found is None:
        raise DonationUnknown
    return found


def _act(order: Order, found: Donation, posted: Posting) -> audit.Act:
    before, after = figures(posted)
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action="donation.returned",
        subject=audit.subject(member=order.member, entry=str(found.donation)),
        at=order.at,
        before=before,
        after={**after, "to": found.to},
        reason=order.note,
    )
