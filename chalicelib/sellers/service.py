"""Members ask to be sellers of a partner; staff phone them, and say what came of it (AQ-9)."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, commit, transact
from chalicelib.members import store as members
from chalicelib.members.errors import MemberUnknown
from chalicelib.members.model import Happened, Member, Profile
from chalicelib.partners import store as partners
from chalicelib.sellers import model, store
from chalicelib.sellers.errors import SellerDecided, SellersOnly, SellerUnknown
from chalicelib.sellers.model import Outcome, PhoneCall, Place, Seller

FACTS: dict[Outcome, str] = {
    "confirmed": "seller.confirmed",
    "refused": "seller.refused",
    "not_reached": "seller.not_reached",
}


class CallOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What staff say of a call."""

    program: str
    member: str
    outcome: Outcome
    note: str
    actor: str
    at: datetime


class Found(NamedTuple):
    """A seller with the person."""

    seller: Seller
    member: Member
    profile: Profile


def mine(caller: MemberCaller) -> Seller:
    """The caller as a seller.

    Raises:
        SellersOnly.
    """
    if caller.kind != model.SELLER:
        raise SellersOnly
    return store.read(caller.program, caller.member)


def ask(caller: MemberCaller, place: Place, at: datetime) -> Seller:
    """Ask to sell for a partner; the same again changes nothing. Who was refused may ask anew.

    Raises:
        SellersOnly.
        InvalidFields: the program has no such partner, or the partner no such outlet.
    """
    if caller.kind != model.SELLER:
        raise SellersOnly

    def decide(_: bool) -> tuple[Writes, Seller]:
        before = store.read(caller.program, caller.member)
        after = model.asking(before, place, render(at))
        if after is before:
            return Writes(), before
        _check(caller.program, place)
        member = _member(caller.program, caller.member)
        writes = store.changed(before, after)
        told = {"partner": place.partner, "outlet": place.outlet}
        happened = Happened("seller.asked", at, f"member:{caller.member}", {**told})
        again = [members.MemberItem.status.set("applied")] if member.status == "rejected" else []
        writes += members.changed(member, happened, *again)
        return writes, after

    return transact(decide)


def queue(program: str, after: str | None, limit: int) -> Iterator[store.WaitingItem]:
    """Who waits for a call, the longest first."""
    return store.waiting(program, after, limit)


def of_member(program: str, member: str) -> Found:
    """A seller as staff see them.

    Raises:
        MemberUnknown, SellerUnknown.
    """
    person = _member(program, member)
    seller = store.read(program, member)
    if not seller.version:
        raise SellerUnknown
    return Found(seller, person, members.profile(program, member))


def of_row(program: str, member: str) -> Found:
    """Whom a row of the queue leads to, as they are now."""
    person = members.read(program, member, strong=True)
    if person is None:
        raise MemberUnknown
    return Found(store.read(program, member), person, members.profile(program, member))


def record_call(order: CallOrder, call: guards.Request) -> Found:
    """Write down a call. Confirmed: the member is active and sells there; refused: they are told
    why, and whoever was not active yet is rejected; not reached: they wait on.

    Raises:
        MemberUnknown, SellerUnknown, SellerDecided, IdempotencyKeyReused.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        member = _member(order.program, order.member)
        before = store.read(order.program, order.member)
        if not before.version:
            raise SellerUnknown
        if before.asked is None:
            raise SellerDecided
        phoned = PhoneCall(render(order.at), order.actor, order.outcome, order.note)
        writes = store.changed(before, model.called(before, phoned))
        writes += _turned(order, member, before.asked)
        guards.remember(writes, pk, call, str(before.version + 1))
        return audit.note(writes, _act(order, before.asked)), None

    transact(decide)
    return of_member(order.program, order.member)


def leave(program: str, member: str) -> int:
    """An erased member waits for no call any more; how much was changed."""
    found = [row for row in store.waiting(program, None, None) if row.member == member]
    for row in found:
        commit(Writes().delete(row))
    return len(found)


def _turned(order: CallOrder, member: Member, place: Place) -> Writes:
    """The member's status after the call; of somebody who is suspended, the one to return to."""
    found = partners.partner(order.program, place.partner, strong=True)
    name = found.name if found else place.partner
    told = {"partner": place.partner, "outlet": place.outlet, "names": {"en": name}}
    happened = Happened(FACTS[order.outcome], order.at, order.actor, {**told}, order.note)
    status = member.suspended_from if member.status == "suspended" else member.status
    after = {"confirmed": "active", "refused": "rejected", "not_reached": status}[order.outcome]
    if status == after or status == "active":
        return members.changed(member, happened)
    item = members.MemberItem
    field = item.suspended_from if member.status == "suspended" else item.status
    return members.changed(member, happened, field.set(after))


def _check(program: str, place: Place) -> None:
    partner, outlet = partners.at_outlet(program, place.partner, place.outlet or "-")
    if partner is None:
        raise InvalidFields(fields=(FieldError("/partner", "unknown_partner"),))
    if place.outlet and outlet is None:
        raise InvalidFields(fields=(FieldError("/outlet", "unknown_outlet"),))


def _member(program: str, member: str) -> Member:
    found = members.read(program, member, strong=True)
    if found is None or found.status == "erased":
        raise MemberUnknown
    return found


def _act(order: CallOrder, place: Place) -> audit.Act:
    # The words may speak of a person. They stand in the seller and the journal, which erasure
    # deletes and scrubs.
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action="seller.called",
        subject=audit.subject(member=order.member),
        at=order.at,
        after={"outcome": order.outcome, "partner": place.partner, "outlet": place.outlet},
    )
