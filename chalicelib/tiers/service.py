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
from chalicelib.ledger.model import Account
from chalicelib.members import store as members
from chalicelib.members.asked import joined_on
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Happened, Member
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.programs.tiers import Span, Tiers, counted
from chalicelib.receipts import assigned, levels, service_levels
from chalicelib.receipts.counting import Months, Tally, Tier
from chalicelib.receipts.store import Counted
from chalicelib.tiers.errors import NoTiers


class TierOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's order: this is a member's level."""

    program: str
    member: str
    tier: str | None
    """None: purchases decide again; where staff assign levels, the last decision is taken back."""
    until: date | None = None
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


class Opened(NamedTuple):
    """A member's levels as of now, for staff to change."""

    program: Program
    tiers: Tiers
    member: Member
    account: Account
    before: Counted
    months: Months
    tally: Tally


def standing(program: str, member: str, joined_at: str, at: datetime) -> Standing:
    """The member's level as of now, with what counts for the next."""
    club, tiers = club_of(program, at)
    tally, months = service_levels.seen(club, member, joined_at, at)
    today, joined = local_date(at, club.zone), joined_on(joined_at, club)
    span = Span(joined, today) if tiers.measure == "months" else counted(tiers, today)
    bought = levels.measured(tiers, months, joined, today)
    return Standing(club, tiers, levels.tier_at(tally, club, at), tally, bought, span)


def of_member(program: str, member: str, at: datetime) -> Standing:
    """The same for staff."""
    return standing(program, member, _find(program, member).joined_at, at)


def put(order: TierOrder) -> Standing:
    """Set a level, or let purchases decide again; the same again changes nothing.

    Raises:
        InvalidFields: the document has no such level, the day is past.
    """

    def decide(_: bool) -> tuple[Writes, str]:
        found = opened(order.program, order.member, order.at)
        club, tally = found.program, found.tally
        _check(order, found.tiers, local_date(order.at, club.zone))
        if order.tier is None:
            joined = joined_on(found.member.joined_at, club)
            after = levels.given_back(tally, club, found.months, order.at, joined)
        elif _is_so(order, found):
            after = tally
        else:
            after = levels.put(tally, club, order.tier, order.until, order.at)
        return changed(found, after, order), found.member.joined_at

    return standing(order.program, order.member, transact(decide), order.at)


def club_of(program: str, at: datetime) -> tuple[Program, Tiers]:
    """The document in force, and its levels."""
    club = in_force(program, at)
    if club.tiers is None:
        raise NoTiers
    return club, club.tiers


def opened(program: str, member: str, at: datetime) -> Opened:
    """Everything that a decision about a member's level rests on; strong reads."""
    club, tiers = club_of(program, at)
    found, today = _find(program, member), local_date(at, club.zone)
    account = ledger.account(program, member, strong=True)

    def basis(tally: Tally) -> set[str]:
        span = levels.basis(tally, club)
        return span.months if span else set()

    wanted = levels.months_up(club, today, today)
    before = service_levels.counted(club, member, wanted, at, basis)
    months = {name: month for name, (month, _) in before.months.items()}
    joined = joined_on(found.joined_at, club)
    tally = levels.lapsed(before.tally, club, months, today, joined)
    return Opened(club, tiers, found, account, before, months, tally)


def changed(found: Opened, after: Tally, order: TierOrder) -> Writes:
    """The levels after a decision of staff, with what is told of it; no writes if nothing is."""
    if after == found.tally:
        return Writes()
    writes = service_levels.count(
        found.program, order.member, found.before, after, found.months, order.at
    )
    writes += ledger_store.unchanged(found.account)
    was, now = (newest(tally, found.program) for tally in (found.tally, after))
    names = [msgspec.to_builtins(one.name) for one in found.tiers.levels if one.id == now.tier]
    told = {"names": names[0]} if names and now.tier != was.tier else {}
    return _told(writes, order, found.member, (was, now), told)


def newest(tally: Tally, program: Program) -> Tier:
    """The level that a member is on, with what brought them there."""
    had = assigned.on(tally, program)
    return had[-1] if had else Tier("", program.tiers.everybody if program.tiers else "")


def _is_so(order: TierOrder, found: Opened) -> bool:
    now = newest(found.tally, found.program)
    until = order.until.isoformat() if order.until else ""
    waits = assigned.proposed(found.tally, found.program) is not None
    return not waits and now.by == "staff" and (now.tier, now.last) == (order.tier, until)


def _check(order: TierOrder, tiers: Tiers, today: date) -> None:
    if order.tier is not None and tiers.place(order.tier) < 0:
        raise InvalidFields(fields=(FieldError("/tier", "tier_unknown"),))
    if order.until is not None and order.until < today:
        raise InvalidFields(fields=(FieldError("/until", "date_past"),))


def _told(
    writes: Writes,
    order: TierOrder,
    member: Member,
    change: tuple[Tier, Tier],
    told: dict[str, dict[str, str]],
) -> Writes:
    was, now = change
    data = {**_fields(now), **told}
    happened = Happened("member.tiered", order.at, order.actor, data, order.reason)
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
    by_staff = tier.by in ("staff", "proposal", "undo")
    return {"tier": tier.tier, "until": tier.last, "set_by": "staff" if by_staff else ""}


def _find(program: str, member: str) -> Member:
    found = members.read(program, member, strong=True)
    if found is None or found.status == "erased":
        raise MemberUnknown
    return found
