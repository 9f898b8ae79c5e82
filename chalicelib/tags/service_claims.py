"""Claim: a seller tells of a sold item, and has its points once its buyer registers it (AQ-10).

They stand announced beside the seller's balance until then; :mod:`service_claims_end` ends it.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.agenda import service as agenda
from chalicelib.earning.model import Event, Line
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import promises
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Award, Cause, Part, Reason, by_rule
from chalicelib.members import store as members
from chalicelib.members.asked import asked
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs import claims as terms
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.sellers import store as sellers
from chalicelib.sellers.model import Place
from chalicelib.tags import model, store, store_claims
from chalicelib.tags import service_claims_end as ends
from chalicelib.tags.errors import (
    ClaimBarred,
    ClaimTooLate,
    ItemClaimed,
    ItemShippedElsewhere,
    OwnItem,
    SellerNotConfirmed,
    TagWithdrawn,
)
from chalicelib.tags.known import tag_of
from chalicelib.tags.model_claims import Claim, lapse_due
from chalicelib.tags.shipped import partner_of
from chalicelib.tags.store import TagItem
from chalicelib.tags.store_claims import ClaimedItem

TRIGGER = "item_sold"


@dataclass(frozen=True, slots=True)
class Sale:
    """A seller tells of an item: its serial as typed."""

    caller: MemberCaller
    serial: str
    at: datetime


def claim(sale: Sale) -> Claim:
    """Claim a sold item; the same seller again gets the same claim as it is now.

    Raises:
        NotActive, RulesNotAccepted, SellerNotConfirmed, TagUnknown, TagWithdrawn, ItemClaimed,
        ClaimBarred, ItemShippedElsewhere, OwnItem, ClaimTooLate, AccountClosed.
    """
    who = sale.caller
    if who.status != "active":
        raise NotActive
    if not who.rules:
        raise RulesNotAccepted

    def decide(_: bool) -> tuple[Writes, Claim]:
        tag = tag_of(who.program, sale.serial)
        before = store_claims.claimed(tag.serial)
        if before is not None and before.member == who.member:
            return Writes(), ends.current(before)
        program = in_force(who.program, sale.at)
        _refuse_taken(before, who.member)
        place = _place(tag, who)
        _refuse_late(program, tag, who.member, sale.at)
        return _made(program, tag, before, place, sale)

    return transact(decide)


def _refuse_taken(before: ClaimedItem | None, member: str) -> None:
    if before is None:
        return
    if before.member:
        raise ItemClaimed
    if any(one.barred and one.member == member for one in before.former):
        raise ClaimBarred


def _place(tag: TagItem, who: MemberCaller) -> Place:
    place = sellers.read(who.program, who.member).sells_for
    if place is None:
        raise SellerNotConfirmed
    shipped_to = partner_of(tag)
    if shipped_to and shipped_to != place.partner:
        raise ItemShippedElsewhere
    return place


def _refuse_late(program: Program, tag: TagItem, member: str, at: datetime) -> None:
    if tag.withdrawn_at:
        raise TagWithdrawn
    registered = ends.registration(tag)
    if registered is None:
        return
    if registered.member == member:
        raise OwnItem
    day = local_date(parse(registered.at), program.zone)
    if not terms.in_window(program.claims, day, local_date(at, program.zone)):
        raise ClaimTooLate


def _made(
    program: Program, tag: TagItem, before: ClaimedItem | None, place: Place, sale: Sale
) -> tuple[Writes, Claim]:
    who, at = sale.caller, sale.at
    until = terms.lapses_at(program.claims, local_date(at, program.zone), program.zone)
    new = Claim(
        program=who.program,
        member=who.member,
        serial=tag.serial,
        at=render(at),
        item=tag.item,
        partner=place.partner,
        outlet=place.outlet,
        parts=_parts(program, tag.item, place, sale),
        lapses_at=render(until) if until and not tag.registered_by else "",
    )
    account = ledger.account(who.program, who.member, strong=True)
    writes = Writes()
    if tag.registered_by:
        cause = Cause("claim.credited", tag.serial, f"member:{who.member}")
        new = msgspec.structs.replace(new, state="credited", ended_at=render(at))
        if new.points:
            awards = [Award(part.points, part.reason) for part in new.parts]
            posted = ledger.award(account, awards, cause, program, at)
            writes += posted.writes
            new = msgspec.structs.replace(new, entry=posted.entry.seq)
    elif new.points:
        cause = Cause("claim.made", tag.serial, f"member:{who.member}")
        told = Reason("item_sold", {"sku": tag.item.sku})
        writes += promises.promise(account, new.points, told, cause, program, at).writes
    if new.lapses_at:
        ref = f"{who.member}/{new.at}/{tag.serial}"
        writes += agenda.arm(program.id, ends.LAPSE, ref, lapse_due(new), at)
    writes += store_claims.made(new, before)
    writes += store.claimable(tag)
    return writes, new


def _parts(program: Program, item: model.Item, place: Place, sale: Sale) -> tuple[Part, ...]:
    """What the program's rules give for the sale; the member is read only where one asks."""
    who, engine = sale.caller, engine_of(program)
    event = Event(
        trigger=TRIGGER,
        at=sale.at,
        lines=(Line(sku=item.sku, category=item.category),),
        partner=place.partner,
        outlet=place.outlet,
        member=asked(
            engine,
            TRIGGER,
            program,
            (who.member, who.kind),
            sale.at,
            lambda: members.read(who.program, who.member),
        ),
    )
    return tuple(
        Part(given.points, by_rule(program.id, program.version, given.rule))
        for given in engine.judge(event).awards
        if given.points
    )
