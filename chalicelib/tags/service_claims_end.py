"""How a claim ends: credited, lapsed or withdrawn, once.

What becomes of it follows from the item's registration and the claim's deadline alone
(:func:`model_claims.outcome`), whoever looks first: the consumer of facts when the item is
registered, the agenda when the deadline is over, or staff who take the sale back. Each looks again
what is true, and changes the claim, the seller's account and its entry in one transaction of the
seller's own: six units.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.agenda.model import Entry
from chalicelib.kernel.clock import render
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import promises
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account, Cause
from chalicelib.members import store as members
from chalicelib.members.model import Happened
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.tags import store, store_claims
from chalicelib.tags.model_claims import Claim, End, Registered, lapse_due, outcome
from chalicelib.tags.service_register import REGISTERED
from chalicelib.tags.store import TagItem
from chalicelib.tags.store_claims import ClaimedItem

LAPSE = "tags.lapse"
"""What the agenda calls the end of a claim's deadline; its ref is seller, instant and serial."""
SYSTEM = "system"
OPEN = ("pending", "credited")
"""States in which a claim counts."""
SILENT = frozenset({"own_item", "account_closed"})
"""Ends that nobody is told of."""


@dataclass(frozen=True, slots=True)
class By:
    """Who ends a claim, and in which words."""

    actor: str = SYSTEM
    reason: str = ""


NOBODY = By()


def settle(of: ClaimedItem, at: datetime) -> None:
    """End the claim of an item if it is time to; again changes nothing."""
    serial = of.pk.rpartition("#")[2]
    _settle(of.program, of.member or "", of.at or "", serial, at)


def hear(fact: Fact, at: datetime) -> None:
    """What the consumer of facts does when an item is registered; again changes nothing."""
    found = _of_fact(fact)
    if found is not None:
        settle(found, at)


def missed(fact: Fact) -> bool:
    """Whether a registration should have ended a claim and did not; the sweeper asks."""
    found = _of_fact(fact)
    if found is None:
        return False
    tag, known = store.tag(str(fact.data["ref"]), strong=True), current(found)
    return known.state == "pending" and tag is not None and tag.registered_by is not None


def lapse(entry: Entry, at: datetime) -> datetime | None:
    """What the agenda does when a deadline is over."""
    member, claimed_at, serial = entry.ref.split("/")
    waits = _settle(entry.program, member, claimed_at, serial, at)
    return lapse_due(waits) if waits and waits.lapses_at else None


AGENDA_HANDLERS = {LAPSE: lapse}


def undone(tag: TagItem, end: End, by: By, at: datetime) -> Writes:
    """What a claim of an item loses when staff withdraw or release its tag; the item can be
    claimed again.
    """
    found = store_claims.claimed(tag.serial)
    if found is None or found.member is None:
        return Writes()
    account, known = standing(found, at)
    writes = store_claims.freed(found, barred=False)
    if known.state in OPEN:
        writes += ended(account, known, end, by, at)
    return writes


def standing(found: ClaimedItem, at: datetime) -> tuple[Account, Claim]:
    """The claim of an item as it is now, and its seller's account as of no later than that. If the
    item is registered and its fact is on its way, the claim is settled first.
    """
    settle(found, at)
    account = ledger.account(found.program, found.member or "", strong=True)
    return account, current(found)


def ended(account: Account, before: Claim, end: End, by: By, at: datetime) -> Writes:
    """The end of a claim, with the seller's points and the word to them. The account must have
    been read before the claim: what is still open then is a part of that account.
    """
    program = in_force(before.program, at)
    if end.state == "credited" and account.closed:
        end = End("withdrawn", "account_closed")
    cause = Cause(f"claim.{end.state}", before.serial, by.actor, by.reason)
    writes, entry = Writes(), None
    if before.state == "credited":
        writes += _taken_back(account, before, cause, program, at)
    elif before.points and end.state == "credited":
        posted = promises.keep(account, before.parts, cause, program, at)
        writes, entry = posted.writes, posted.entry.seq
    elif before.points:
        writes += promises.drop(account, before.points, cause, program, at).writes
    writes += store_claims.ended(before, end, render(at), entry)
    if end.state != "credited" and end.why not in SILENT:
        writes += _told(before, end, by, at)
    return writes


def registration(tag: TagItem | None) -> Registered | None:
    """Who registered a tag's item, and when; None: nobody has."""
    if tag is None or not tag.registered_by:
        return None
    return Registered(tag.registered_by, tag.registered_at or "")


def current(found: ClaimedItem) -> Claim:
    """The claim of an item that counts. A strong read."""
    serial = found.pk.rpartition("#")[2]
    known = store_claims.claim(found.program, found.member or "", found.at or "", serial)
    if known is None:
        raise LookupError(f"claim of {serial}")
    return known


def _settle(program: str, member: str, claimed_at: str, serial: str, at: datetime) -> Claim | None:
    """Settle a claim; it, if it still waits."""

    def decide(_: bool) -> tuple[Writes, Claim | None]:
        # Account, claim, tag, in this order: what ends the claim later changes the account, and
        # a tag that is released later changes the claim.
        account = ledger.account(program, member, strong=True)
        known = store_claims.claim(program, member, claimed_at, serial)
        if known is None or known.state != "pending":
            return Writes(), None
        tag = store.tag(serial, strong=True)
        end = outcome(known, registration(tag), at)
        if end is None:
            return Writes(), known
        writes = ended(account, known, end, NOBODY, at)
        if tag is not None and not tag.registered_by:
            writes += store.claimable(tag)
        return writes, None

    return transact(decide)


def _of_fact(fact: Fact) -> ClaimedItem | None:
    """The claim that a fact concerns, if it is a registration and somebody's claim counts."""
    if fact.data.get("kind") != REGISTERED:
        return None
    found = store_claims.claimed(str(fact.data["ref"]))
    return found if found is not None and found.member else None


def _taken_back(
    account: Account, before: Claim, cause: Cause, program: Program, at: datetime
) -> Writes:
    """The reversal of a credit; nothing where staff reversed it by hand, or its seller left."""
    if before.entry is None or account.closed:
        return Writes()
    entry = ledger.entry(before.program, before.member, before.entry, strong=True)
    try:
        return ledger.reversal(account, entry, cause, program, at).writes
    except ledger.EntryReversed:
        return Writes()


def _told(before: Claim, end: End, by: By, at: datetime) -> Writes:
    member = members.read(before.program, before.member, strong=True)
    if member is None or member.status == "erased":
        return Writes()
    data = {
        "serial": before.serial,
        "why": end.why,
        "names": msgspec.to_builtins(before.item.name),
    }
    return members.changed(member, Happened(f"claim.{end.state}", at, by.actor, data))
