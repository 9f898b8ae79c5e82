"""Events that are no purchase and may earn points: told by a partner's system or by staff, or seen
by the platform.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.earning.model import TierChange
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.settings import Settings, settings
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.members import store as members
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Member
from chalicelib.programs.service import in_force
from chalicelib.programs.service import version as document_of
from chalicelib.programs.tiers import lifts_by_itself
from chalicelib.receipts import store
from chalicelib.receipts.desk import Desk, content_of, document_at, document_for
from chalicelib.receipts.errors import (
    EventDiffers,
    ReceiptInFuture,
    TriggerNotTold,
)
from chalicelib.receipts.model import CHECK, COMPLETED, LEVEL, SALE, Buyer, Happening
from chalicelib.receipts.purse import opened
from chalicelib.receipts.service_receipts import Posted
from chalicelib.receipts.store import ReceiptItem, Sold
from chalicelib.receipts.told import Told, settle

SEEN_BY_ITSELF = frozenset(
    {SALE, "item_registered", "item_sold", "member_joined", "birthday", CHECK}
)
"""Triggers that nobody tells: the platform sees them happen."""


@dataclass(frozen=True, slots=True)
class Order:
    """Staff tell of an event: where, who, why, when."""

    program: str
    member: str
    actor: str
    reason: str
    at: datetime
    stage: Settings


def by_partner(desk: Desk, told: Happening, outlet: str, buyer: Buyer) -> Posted:
    """Post an event that a partner's system tells; the same again renders the same.

    Raises:
        TriggerNotTold: partners tell of events of the club's own (``custom:…``).
        BuyerUnknown, EventDiffers, ReceiptTooOld, ReceiptInFuture, InvalidFields, TooManyLookups.
    """
    if not told.trigger.startswith("custom:"):
        raise TriggerNotTold
    member, means = desk.known(buyer, parse(told.at))
    ready = desk.happening(told, outlet, member)
    ready = replace(ready, identified=means or "")
    # What was told in its time is answered the same for ever.
    return _post(
        ready, member, desk.at, lambda: desk.refuse_time(desk.document(ready.at), ready.at)
    )


def by_staff(order: Order, told: Happening) -> Posted:
    """Post an event that staff tell; the same again renders the same.

    Raises:
        TriggerNotTold, MemberUnknown, EventDiffers, ReceiptInFuture.
    """
    if told.trigger in SEEN_BY_ITSELF:
        raise TriggerNotTold
    at = parse(told.at)
    if at > order.at:
        raise ReceiptInFuture
    member = members.read(order.program, order.member, strong=True)
    if member is None or member.status != "active":
        raise MemberUnknown
    ready = _ready(member, told, order.actor, order.stage)
    if told.trigger == COMPLETED and ready.program.profile.complete:
        raise TriggerNotTold
    if told.trigger == LEVEL and lifts_by_itself(ready.program.tiers):
        raise TriggerNotTold
    return _post(ready, member, order.at, order=order)


def by_itself(
    member: Member,
    trigger: str,
    number: str,
    seen: datetime,
    at: datetime,
    *,
    sparing: bool = False,
) -> None:
    """Post an event that the platform saw happen at ``seen``; one of this number is posted once,
    and none where no rule concerns it, or, when ``sparing``, where nothing comes of it.
    """
    told = Happening(trigger=trigger, number=number, at=render(seen))
    ready = _ready(member, told, "system", settings())
    if not ready.program.earning.rewards(trigger) or seen_before(member, trigger, number):
        return
    if sparing and not _brings(ready, member, at):
        return
    try:
        _post(ready, member, at)
    except EventDiffers:  # it was seen at another time first, at once with this
        return


def _brings(told: Told, member: Member, at: datetime) -> bool:
    """Whether rules give something for an event, or change the tier, as things stand."""
    account = ledger.account(member.program, member.member, strong=True)
    purse = opened(member, account, [told], at, in_force(member.program, at))
    judgement = purse.judge(told, settle(told)).judgement
    tier = purse.tally.tiers[-1].tier if purse.tally.tiers else ""
    others = [
        one for one in judgement.others if not (isinstance(one, TierChange) and one.tier == tier)
    ]
    return bool(judgement.awards or others)


def seen_before(member: Member, trigger: str, number: str) -> ReceiptItem | None:
    """The event of this number, if it was posted."""
    return store.find(member.program, _event_id(member, trigger, number))


def _ready(member: Member, told: Happening, actor: str, stage: Settings) -> Told:
    at = parse(told.at)
    return Told(
        _event_id(member, told.trigger, told.number),
        content_of(stage, told),
        document_for(document_at(member.program, at), member, at),
        at,
        "",
        "",
        actor,
        Sold(told.number, render(at), event=told),
    )


def _event_id(member: Member, trigger: str, number: str) -> str:
    return store.receipt_id(member.program, "event", "", member.member, trigger, number)


def _post(
    told: Told,
    member: Member,
    at: datetime,
    refuse: Callable[[], None] | None = None,
    *,
    order: Order | None = None,
) -> Posted:
    program = told.program.id

    def decide(strong: bool) -> tuple[Writes, Posted]:
        item = store.find(program, told.id)
        if item is not None:
            if item.content != told.content or item.given is None:
                raise EventDiffers
            account = ledger.account(program, member.member, strong=True)
            document = document_of(program, item.given.frozen.version)
            return Writes(), Posted(item, document, account)
        if refuse is not None:
            refuse()
        account = ledger.account(program, member.member, strong=strong)
        purse = opened(member, account, [told], at, in_force(program, at))
        posted = purse.post(told)
        writes = purse.close()
        if order is not None:
            _note(writes, order, told, purse.book.account.balance - account.balance)
        return writes, Posted(posted, told.program, purse.book.account)

    return transact(decide)


def _note(writes: Writes, order: Order, told: Told, points: int) -> None:
    event = told.sold.event
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action="event.told",
        subject=audit.subject(member=order.member, receipt=told.id),
        at=order.at,
        after={"trigger": told.trigger, "number": event.number if event else "", "points": points},
        reason=order.reason,
    )
    audit.note(writes, act)
