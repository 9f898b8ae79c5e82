"""Use cases of tills and webshops: a receipt, or a batch of them, each posted once for ever."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from chalicelib.coupons import service as coupons
from chalicelib.kernel import codes
from chalicelib.kernel.clock import parse
from chalicelib.kernel.errors import Busy, Refusal, TooLarge, Unavailable
from chalicelib.kernel.secrets import keyed_digest
from chalicelib.kernel.settings import Settings, settings
from chalicelib.kernel.table.writes import MAX_ITEMS, Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account
from chalicelib.members.model import Member
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.programs.service import version as document_of
from chalicelib.receipts import held, past, store
from chalicelib.receipts.desk import Desk
from chalicelib.receipts.errors import QuoteOver, ReceiptDiffers
from chalicelib.receipts.model import PastReceipt, Receipt
from chalicelib.receipts.purse import MOST_BYTES, CommitFull, opened
from chalicelib.receipts.store import ReceiptItem
from chalicelib.receipts.told import Told, new_item, settle

MAX_RECEIPT = 256 * 1024
"""Bytes of a receipt of 500 lines, with room; within them its item is what the table can keep."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A receipt as it was posted, and its member's account as it is now."""

    item: ReceiptItem
    program: Program
    """The document by which it was judged."""
    account: Account | None
    """Null: it is nobody's, or the till may not see it."""


Outcome = Posted | Refusal
Act = Callable[[Member | None, Sequence[Told], datetime], dict[str, Outcome]]
"""Does something with the receipts of one member, or of nobody; an outcome by its id for each that
one commit has room for, the first at least.
"""


def post(desk: Desk, receipt: Receipt) -> Posted:
    """Post one receipt; the same again renders the same.

    Raises:
        ReceiptDiffers, and everything that :meth:`Desk.receipt` and :meth:`Purse.post` raise.
    """
    prepared = _prepared(desk, receipt)
    if not isinstance(prepared, tuple):
        outcome = prepared
    else:
        told, member = prepared
        outcome = _commit(member, [told], desk.at)[told.id]
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def post_batch(desk: Desk, receipts: Sequence[Receipt]) -> list[Outcome]:
    """Post receipts in the order of their times, those of one member by as few commits as hold
    them; an outcome for each, in the order in which they were told. One member who is busy holds
    nobody else up: their receipts are answered with ``Busy``.
    """
    return _batch(desk, receipts, _commit)


def try_batch(desk: Desk, receipts: Sequence[Receipt]) -> list[Outcome]:
    """What :func:`post_batch` would answer now; changes nothing. What one commit brings a member is
    not seen by their next one.
    """

    def judge(member: Member | None, group: Sequence[Told], at: datetime) -> dict[str, Outcome]:
        return _decide(member, group, at, strong=True)[1]

    return _batch(desk, receipts, judge)


def _batch(desk: Desk, receipts: Sequence[Receipt], act: Act) -> list[Outcome]:
    found: list[str | Outcome] = []
    by_member: dict[str, tuple[Member | None, dict[str, Told]]] = {}
    for receipt in receipts:
        if len(msgspec.json.encode(receipt)) > MAX_RECEIPT:
            found.append(TooLarge(limit=MAX_RECEIPT // 1024))
            continue
        prepared = _prepared(desk, receipt)
        if not isinstance(prepared, tuple):
            found.append(prepared)
            continue
        told, member = prepared
        _, group = by_member.setdefault(member.member if member else "", (member, {}))
        same = group.setdefault(told.id, told).content == told.content
        found.append(told.id if same else ReceiptDiffers())
    outcomes: dict[str, Outcome] = {}
    for member, group in by_member.values():
        outcomes |= _apart(member, sorted(group.values(), key=lambda one: one.at), act, desk.at)
    return [outcomes[one] if isinstance(one, str) else one for one in found]


def document(item: ReceiptItem) -> Program:
    """The document by which a receipt was judged, or would be."""
    if item.given is not None:
        return document_of(item.program, item.given.frozen.version)
    return in_force(item.program, parse(item.sold.at))


def account_for_till(item: ReceiptItem) -> Account | None:
    """The account as a till may see it: of a member who showed themselves there, and is not gone.
    Who claimed the receipt later is none of its business. A strong read.
    """
    if not item.member or not item.sold.identified:
        return None
    account = ledger.account(item.program, item.member, strong=True)
    return None if account.closed else account


def code_of(program: str, receipt: str, stage: Settings | None = None) -> str:
    """The code by which a member claims a receipt that named nobody; derived, never stored."""
    return codes.of_digest(keyed_digest(stage or settings(), "receipt claim", program, receipt))


def _prepared(desk: Desk, receipt: Receipt) -> tuple[Told, Member | None] | Outcome:
    """A receipt ready to be posted, or what became of it: what refuses it now is no reason to
    refuse one that was posted before.
    """
    try:
        if isinstance(receipt, PastReceipt):
            return past.receipt(desk, receipt)
        return desk.receipt(receipt)
    except Refusal as refusal:
        try:
            known = store.find(desk.program, desk.id_of(receipt))
        except Refusal:
            return refusal
        if known is None:
            return refusal
        return _again(known, desk.content(receipt))


def _apart(
    member: Member | None, group: Sequence[Told], act: Act, at: datetime
) -> dict[str, Outcome]:
    """All receipts of one member, commit by commit; what keeps one from going on is their own
    matter, unless the table itself does not answer.
    """
    outcomes: dict[str, Outcome] = {}
    left = list(group)
    while left:
        try:
            outcomes |= act(member, left, at)
        except Refusal as refusal:
            if isinstance(refusal, Unavailable) and not isinstance(refusal, Busy):
                raise
            outcomes |= {told.id: refusal for told in left}
        left = [told for told in left if told.id not in outcomes]
    return outcomes


def _commit(member: Member | None, group: Sequence[Told], at: datetime) -> dict[str, Outcome]:
    """Post receipts of one member, or of nobody, at once, as many as there is room for. A refused
    one does not hold the others up.
    """

    def decide(strong: bool) -> tuple[Writes, dict[str, Outcome]]:
        writes, outcomes = _decide(member, group, at, strong=strong)
        if not strong and any(isinstance(one, Refusal) for one in outcomes.values()):
            # Nobody is refused on a read that may be old, nor for what they did themselves.
            return _decide(member, group, at, strong=True)
        return writes, outcomes

    return transact(decide)


def _decide(
    member: Member | None, group: Sequence[Told], at: datetime, *, strong: bool
) -> tuple[Writes, dict[str, Outcome]]:
    program = group[0].program.id
    # The first time nothing is looked up: the receipts are their own guards.
    known = store.several(program, [one.id for one in group]) if strong else {}
    outcomes: dict[str, Outcome] = {}
    for told in group:
        if told.id in known:
            item = known[told.id]
            is_same = told.sold.past and past.is_same(item, told)
            outcomes[told.id] = _again(item, item.content if is_same else told.content)
    # Coupons were read before; when somebody else was faster, they are read again.
    new = [_afresh(told) if strong else told for told in group if told.id not in known]
    if not new:
        return Writes(), outcomes
    if member is None:
        return _unclaimed(new, at, outcomes)
    account = ledger.account(program, member.member, strong=strong)
    purse = opened(member, account, new, at, in_force(program, at))
    items: list[tuple[Told, ReceiptItem]] = []
    for told in new:
        try:
            quote = _held(told, member, [one.quote for one, _ in items])
            items.append((told, purse.post(told, quote=quote)))
        except CommitFull:
            break
        except Refusal as refusal:
            outcomes[told.id] = refusal
    if not items:
        return Writes(), outcomes
    writes = purse.close()
    for told, item in items:
        outcomes[told.id] = Posted(item, told.program, purse.book.account)
    return writes, outcomes


def _afresh(told: Told) -> Told:
    program = told.program.id
    found = [coupons.of_member(program, c.member, c.coupon, strong=True) for c in told.coupons]
    return replace(told, coupons=tuple(found))


def _held(told: Told, member: Member, spent: Sequence[str]) -> held.Held | None:
    """The quote that a receipt names, unless one before it in the same commit spends it."""
    if not told.quote:
        return None
    if told.quote in spent:
        raise QuoteOver
    return held.find(told.program.id, told.partner, told.quote, member.member)


def _unclaimed(
    new: Sequence[Told], at: datetime, outcomes: dict[str, Outcome]
) -> tuple[Writes, dict[str, Outcome]]:
    """Receipts that named nobody whom we know, kept for whoever shows their codes."""
    writes, size = Writes(), 0
    for told in new:
        try:
            shares = settle(told)
        except Refusal as refusal:
            outcomes[told.id] = refusal
            continue
        item = new_item(told, shares, at, None)
        mine = Writes().put_new(item)
        if told.program.purchases.attach_days:
            code = code_of(told.program.id, told.id)
            mine += store.claimable(told.program.id, code, told.id)
        size += mine.size
        if writes and (len(writes) + len(mine) > MAX_ITEMS or size > MOST_BYTES):
            break
        writes += mine
        outcomes[told.id] = Posted(item, told.program, None)
    return writes, outcomes


def _again(item: ReceiptItem, content: str) -> Outcome:
    if item.content != content:
        return ReceiptDiffers()
    return Posted(item, document(item), account_for_till(item))
