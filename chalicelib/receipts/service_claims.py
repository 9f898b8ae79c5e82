"""A member claims a receipt that named nobody, by the code printed on it."""

from datetime import datetime, timedelta

from chalicelib.kernel import codes
from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.members import store as members
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.members.model import Member
from chalicelib.partners import store as partners
from chalicelib.partners.model import rate_on
from chalicelib.programs.service import in_force
from chalicelib.receipts import store
from chalicelib.receipts.desk import document_for
from chalicelib.receipts.errors import ClaimRefused, TooManyClaims
from chalicelib.receipts.model import pieces_back, state_of
from chalicelib.receipts.purse import opened
from chalicelib.receipts.service_receipts import Posted
from chalicelib.receipts.store import ReceiptItem
from chalicelib.receipts.told import Told

WRONG = Limit("receipt-code", 20, timedelta(hours=1))
"""Codes have 60 bits; the limit keeps a member from trying for pastime."""


def claim(caller: MemberCaller, typed: str, at: datetime) -> Posted:
    """Post a receipt to the member who has it in hand; the same again renders the same.

    It is judged by the version in force when it was paid, for what is left of it, with what is
    known of the member now.

    Raises:
        NotActive, RulesNotAccepted, ClaimRefused, TooManyClaims, AccountClosed.
    """
    if caller.status != "active":
        raise NotActive
    if not caller.rules:
        raise RulesNotAccepted
    wait = WRONG.retry_after(caller.program, caller.member, at)
    if wait:
        raise TooManyClaims(retry_after=wait)
    code = codes.read_code(typed[:100])
    receipt = store.claimed(caller.program, code) if code else None
    if receipt is None:
        WRONG.count(caller.program, caller.member, at)
        raise ClaimRefused

    def decide(strong: bool) -> tuple[Writes, Posted]:
        item = store.find(caller.program, receipt)
        if item is None:
            raise ClaimRefused
        program = in_force(caller.program, parse(item.sold.at))
        if item.member:
            if item.member != caller.member:
                raise ClaimRefused
            account = ledger.account(caller.program, caller.member, strong=True)
            return Writes(), Posted(item, program, account)
        _refuse_late(item, at)
        member = members.read(caller.program, caller.member, strong=True)
        if member is None:
            raise NotActive
        told = _told(item, member)
        account = ledger.account(caller.program, caller.member, strong=strong)
        purse = opened(member, account, [told], at, in_force(caller.program, at))
        posted = purse.post(told, unclaimed=item)
        return purse.close(), Posted(posted, told.program, purse.book.account)

    return transact(decide)


def _refuse_late(item: ReceiptItem, at: datetime) -> None:
    program = in_force(item.program, parse(item.sold.at))
    paid_on = local_date(parse(item.sold.at), program.zone)
    last = paid_on + timedelta(days=program.purchases.attach_days)
    over = local_date(at, program.zone) > last
    if over or state_of(item.sold.lines, item.returns, owned=False) == "returned":
        raise ClaimRefused


def _told(item: ReceiptItem, member: Member) -> Told:
    """An unclaimed receipt as it is to be posted now."""
    at = parse(item.sold.at)
    program = in_force(item.program, at)
    partner = partners.partner(item.program, item.partner)
    back = pieces_back(len(item.sold.lines), item.returns)
    return Told(
        item.receipt,
        item.content,
        document_for(program, member, at),
        at,
        item.partner,
        item.outlet,
        "member",
        item.sold,
        rate=rate_on(partner, local_date(at, program.zone)) if partner else None,
        before=tuple(back) if any(back) else (),
    )
