"""A member's level as it is today, and staff who set it.

Raises throughout:
    NoTiers, MemberUnknown.
"""

from datetime import date, datetime
from typing import NamedTuple

import msgspec

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger import store as ledger_store
from chalicelib.members import store as members
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Happened, Member
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.programs.tiers import Span, Tiers, counted
from chalicelib.receipts import levels, service_levels
from chalicelib.receipts.counting import Tally, Tier
from chalicelib.tiers.errors import NoTiers


class TierOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's order: this is a member's level."""

    program: str
    member: str
    tier: str | None
    """None: purchases decide again."""
    until: date | None
    """The last local day; None: without an end."""
    reason: str
    actor: str
    at: datetime


class Standing(NamedTuple):
    """Where a member stands."""

    program: Program
    tiers: Tiers
    tier: str
    tally: Tally
    bought: int
    """What counts now, in what the levels measure."""
    span: Span
    """The days that count."""


def standing(program: str, member: str, at: datetime) -> Standing:
    """The member's level as of now, with what counts for the next."""
    club = in_force(program, at)
    if club.tiers is None:
        raise NoTiers
    tally, months = service_levels.seen(club, member, at)
    span = counted(club.tiers, local_date(at, club.zone))
    bought = levels.figure(club.tiers, months, span)
    return Standing(club, club.tiers, levels.tier_at(tally, club, at), tally, bought, span)


def of_member(program: str, member: str, at: datetime) -> Standing:
    """The same for staff."""
    _find(program, member)
    return standing(program, member, at)


def put(order: TierOrder) -> Standing:
    """Set a level, or let purchases decide again; the same again changes nothing.

    Raises:
        InvalidFields: the document has no such level, the day is past.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        club = in_force(order.program, order.at)
        if club.tiers is None:
            raise NoTiers
        member = _find(order.program, order.member)
        today = local_date(order.at, club.zone)
        _check(order, club.tiers, today)
        wanted = levels.months_up(club, today, today)
        account = ledger.account(order.program, order.member, strong=True)
        before = service_levels.counted(club, order.member, wanted, order.at)
        months = {name: month for name, (month, _) in before.months.items()}
        tally = levels.lapsed(before.tally, club, months, today)
        newest = tally.tiers[-1] if tally.tiers else Tier("", club.tiers.everybody)
        if order.tier is None:
            after = levels.given_back(tally, club, months, order.at)
            same = newest.by != "staff"
        else:
            after = levels.put(tally, order.tier, order.until, order.at)
            same = (newest.by, *_what(newest)) == ("staff", *_what(after.tiers[-1]))
        if same:
            return Writes(), None
        writes = service_levels.count(club, order.member, before, after, {}, order.at)
        writes += ledger_store.unchanged(account)
        return _told(writes, order, member, newest, after.tiers[-1]), None

    transact(decide)
    return standing(order.program, order.member, order.at)


def _check(order: TierOrder, tiers: Tiers, today: date) -> None:
    if order.tier is not None and tiers.place(order.tier) < 0:
        raise InvalidFields(fields=(FieldError("/tier", "tier_unknown"),))
    if order.until is not None and order.until < today:
        raise InvalidFields(fields=(FieldError("/until", "date_past"),))


def _told(writes: Writes, order: TierOrder, member: Member, was: Tier, now: Tier) -> Writes:
    happened = Happened("member.tiered", order.at, order.actor, _fields(now), order.reason)
    writes += members.changed(member, happened)
    before, then = audit.changed(_fields(was), _fields(now))
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action="member.tiered",
        subject=audit.subject(member=order.member),
        at=order.at,
        before=before,
        after={**then, "journal": member.journal + 1},
    )
    return audit.note(writes, act)


def _fields(tier: Tier) -> dict[str, str | int | list[str]]:
    return {"tier": tier.tier, "until": tier.last, "set_by": "staff" if tier.by == "staff" else ""}


def _what(tier: Tier) -> tuple[str, str]:
    return tier.tier, tier.last


def _find(program: str, member: str) -> Member:
    found = members.read(program, member, strong=True)
    if found is None or found.status == "erased":
        raise MemberUnknown
    return found
