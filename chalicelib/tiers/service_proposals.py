"""What the system proposes to staff where they assign levels (AL-7), and their confirming it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members.errors import MemberUnknown
from chalicelib.receipts import assigned, store
from chalicelib.receipts.store import ProposalItem
from chalicelib.tiers import service
from chalicelib.tiers.errors import LevelsByPurchases
from chalicelib.tiers.service import TierOrder

Outcome = Literal["assigned", "outdated", "member_unknown"]


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's order: what these members were proposed is to hold."""

    program: str
    rows: tuple[tuple[str, str], ...]
    """Members, and the level that each was proposed."""
    dry_run: bool
    reason: str
    actor: str
    at: datetime


class Done(NamedTuple):
    """What became, or would become, of one row."""

    member: str
    outcome: Outcome
    was: str
    """The level before; empty: none."""


def waiting(program: str, at: datetime, after: str | None, limit: int) -> Iterable[ProposalItem]:
    """What waits, the oldest first.

    Raises:
        NoTiers, LevelsByPurchases.
    """
    _by_staff(program, at)
    return store.proposals(program, after, limit)


def confirm(order: Confirmation) -> Sequence[Done]:
    """Put each member on the level that was proposed; one by one, so that a row that is not so any
    more holds nothing up. The same again finds everybody there, and changes nothing.

    Raises:
        NoTiers, LevelsByPurchases.
    """
    _by_staff(order.program, order.at)
    return [_confirm(order, member, tier) for member, tier in order.rows]


def _confirm(order: Confirmation, member: str, tier: str) -> Done:
    def decide(_: bool) -> tuple[Writes, Done]:
        try:
            found = service.opened(order.program, member, order.at)
        except MemberUnknown:
            return Writes(), Done(member, "member_unknown", "")
        was = service.newest(found.tally, found.program)
        if was.tier == tier:
            before = found.tally.assigned[-2:-1] if was.by == "proposal" else ()
            return Writes(), Done(member, "assigned", before[0].tier if before else tier)
        new = assigned.proposed(found.tally, found.program)
        if new is None or new.tier != tier:
            return Writes(), Done(member, "outdated", was.tier)
        done = Done(member, "assigned", was.tier)
        if order.dry_run:
            return Writes(), done
        told = TierOrder(
            program=order.program,
            member=member,
            tier=tier,
            reason=order.reason,
            actor=order.actor,
            at=order.at,
        )
        after = assigned.confirmed(found.tally, found.program, order.at)
        return service.changed(found, after, told), done

    return transact(decide)


def _by_staff(program: str, at: datetime) -> None:
    club, _ = service.club_of(program, at)
    if not assigned.by_staff(club):
        raise LevelsByPurchases
