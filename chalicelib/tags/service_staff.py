"""What staff do to one tag: look, withdraw, reinstate, release."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import audit, guards
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Cause
from chalicelib.members import store as members
from chalicelib.programs.service import in_force
from chalicelib.tags import service_claims_end as claims
from chalicelib.tags import store
from chalicelib.tags.errors import (
    TagNotRegistered,
    TagNotWithdrawn,
    TagWithdrawn,
)
from chalicelib.tags.known import tag_of
from chalicelib.tags.model_claims import End, Why
from chalicelib.tags.shipped import partner_of
from chalicelib.tags.store import TagItem


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order to change one tag or its claim: which, who, why, when."""

    program: str
    serial: str
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inspected:
    """All that staff see of a tag."""

    tag: TagItem
    scans: int
    first_seen: str
    history: list[store.Noted]
    shipped_to: str
    """Id of the partner; empty: not known."""


def inspect(program: str, serial: str) -> Inspected:
    """A tag with its history; raises TagUnknown."""
    tag = tag_of(program, serial)
    scans = store.scans(tag.serial)
    return Inspected(
        tag,
        scans.times if scans else 0,
        scans.first if scans else "",
        store.journal(tag.serial),
        partner_of(tag),
    )


def withdraw(order: Order, call: guards.Request) -> Inspected:
    """Take a tag out of use: it verifies as withdrawn, cannot be registered, and its claim ends.

    Raises:
        TagUnknown, TagWithdrawn: it was withdrawn before, by another request.
    """

    def change(tag: TagItem) -> Writes:
        if tag.withdrawn_at:
            raise TagWithdrawn
        at, noted = render(order.at), _noted("tag.withdrawn", order)
        writes = store.changed(tag, noted, TagItem.withdrawn_at.set(at))
        writes += _claim_back(tag, "tag_withdrawn", order)
        now = {"verdict": "withdrawn"}
        return _audited(writes, noted, order.at, tag, {"verdict": tag.verdict}, now)

    return _guarded(order, call, change)


def reinstate(order: Order, call: guards.Request) -> Inspected:
    """Undo a withdrawal: the tag is as it was before, registered or not.

    Raises:
        TagUnknown, TagNotWithdrawn.
    """

    def change(tag: TagItem) -> Writes:
        if not tag.withdrawn_at:
            raise TagNotWithdrawn
        noted = _noted("tag.reinstated", order)
        writes = store.changed(tag, noted, TagItem.withdrawn_at.remove())
        now = {"verdict": "registered" if tag.registered_by else "genuine"}
        return _audited(writes, noted, order.at, tag, {"verdict": tag.verdict}, now)

    return _guarded(order, call, change)


def release(order: Order, call: guards.Request) -> Inspected:
    """Free a registered tag: its points, those of the seller who claimed it too, are taken back and
    anybody may register it again.

    Raises:
        TagUnknown, TagNotRegistered.
    """

    def change(tag: TagItem) -> Writes:
        if not tag.registered_by:
            raise TagNotRegistered
        noted = _noted("tag.released", order, tag.registered_by, tag.entry)
        writes = store.changed(
            tag,
            noted,
            TagItem.registered_by.remove(),
            TagItem.registered_at.remove(),
            TagItem.entry.remove(),
        )
        writes += store.own_gone(
            tag.program, tag.registered_by, tag.registered_at or "", tag.serial
        )
        writes += _points_back(tag, order)
        writes += _claim_back(tag, "tag_released", order)
        owner = {"registered_by": tag.registered_by, "entry": tag.entry}
        return _audited(writes, noted, order.at, tag, owner, dict.fromkeys(owner))

    return _guarded(order, call, change)


def _points_back(tag: TagItem, order: Order) -> Writes:
    """The reversal of a registration; nothing where staff reversed it by hand, or who had the
    points is erased: their account is closed for good.
    """
    owner = members.read(tag.program, tag.registered_by or "", strong=True)
    if owner is None or owner.status == "erased":
        return Writes()
    account = ledger.account(tag.program, owner.member, strong=True)
    entry = ledger.entry(tag.program, owner.member, tag.entry or 0, strong=True)
    cause = Cause("item.released", tag.serial, order.actor, order.reason)
    try:
        posted = ledger.reversal(account, entry, cause, in_force(tag.program, order.at), order.at)
    except ledger.EntryReversed:
        return Writes()
    return posted.writes


def _claim_back(tag: TagItem, why: Why, order: Order) -> Writes:
    """What the item brought the seller who claimed it goes with it."""
    end, by = End("withdrawn", why), claims.By(order.actor, order.reason)
    return claims.undone(tag, end, by, order.at)


def _guarded(order: Order, call: guards.Request, change: Callable[[TagItem], Writes]) -> Inspected:
    def decide(_: bool) -> tuple[Writes, None]:
        tag = tag_of(order.program, order.serial)
        if guards.done(tag.pk, call) is not None:
            return Writes(), None
        writes = change(tag)
        guards.remember(writes, tag.pk, call, str((tag.journal or 0) + 1))
        return writes, None

    transact(decide)
    return inspect(order.program, order.serial)


def _audited(
    writes: Writes,
    noted: store.Noted,
    at: datetime,
    tag: TagItem,
    before: audit.Facts,
    after: audit.Facts,
) -> Writes:
    act = audit.Act(
        program=noted.program,
        actor=noted.actor,
        action=noted.fact,
        subject=audit.subject(tag=tag.serial),
        at=at,
        before=before,
        after=after,
        reason=noted.reason,
    )
    return audit.note(writes, act)


def _noted(fact: str, order: Order, member: str = "", entry: int | None = None) -> store.Noted:
    return store.Noted(
        fact=fact,
        at=render(order.at),
        actor=order.actor,
        reason=order.reason,
        program=order.program,
        member=member,
        entry=entry,
    )
