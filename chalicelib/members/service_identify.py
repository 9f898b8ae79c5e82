"""Who stands at the till: members by card number, phone or the code that their app shows (AB-1)."""

from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.settings import Settings
from chalicelib.ledger import service as ledger
from chalicelib.members import app_code, lookup, store
from chalicelib.members.errors import AppCodeExpired, MemberNotFound, TooManyLookups
from chalicelib.members.model import Member, Profile
from chalicelib.programs.service import in_force
from chalicelib.programs.values import Means

By = Literal["card_number", "phone", "app_code"]
MEANS: MappingProxyType[By, Means] = MappingProxyType(
    {"card_number": "card", "phone": "phone", "app_code": "app"}
)
"""What the program's rules call each way to know a member."""
MISSES = Limit("partner-lookup", 300, timedelta(hours=1))
"""Calls by one credential that are refused because they name nobody: far more than mistyped
numbers, far too few to find a club's members by trying phone numbers.
"""


class Found(msgspec.Struct, frozen=True):
    """A member as the till needs to know them."""

    member: Member
    profile: Profile
    available: int
    """Points that can be spent today."""


def identify(
    program: str, by: By, value: str, at: datetime, stage: Settings, *, pointer: str = ""
) -> Member | None:
    """The member who was named at an instant, whatever their status; nothing: nobody, or erased.
    Up to two strong reads.

    Of a receipt that is told of later, ``at`` is its own time. ``pointer`` leads to the value in
    the request, for refusals; empty: it is the field of its own name.

    Raises:
        InvalidFields: the value cannot be a card number or a phone number.
        AppCodeExpired: the code is genuine, and was made more than five minutes before ``at``.
    """
    if by == "app_code":
        return _by_code(program, value, at, stage)
    owner = lookup.owner(program, by, value, pointer or f"/{by}")
    return None if owner is None else _present(program, owner)


def find(caller: PartnerCaller, by: By, value: str, at: datetime, stage: Settings) -> Found:
    """The member whom the system of a partner asks for; who is not found counts against it.

    Raises:
        MemberNotFound, TooManyLookups, AppCodeExpired, InvalidFields.
    """
    refuse_guesses(caller, at)
    member = identify(caller.program, by, value, at, stage)
    if member is None:
        missed(caller, at)
        raise MemberNotFound
    return seen(member, at)


def refuse_guesses(caller: PartnerCaller, at: datetime) -> None:
    """Refuse a system that found nobody too often; raises TooManyLookups."""
    wait = MISSES.retry_after(caller.program, caller.credential, at)
    if wait:
        raise TooManyLookups(retry_after=wait)


def missed(caller: PartnerCaller, at: datetime) -> None:
    """Count that a system was refused because it named nobody. One write unit."""
    MISSES.count(caller.program, caller.credential, at)


def seen(member: Member, at: datetime) -> Found:
    """A member with what a till needs to know. Two strong reads."""
    today = local_date(at, in_force(member.program, at).zone)
    return Found(member, store.profile(member.program, member.member), _available(member, today))


def _by_code(program: str, value: str, at: datetime, stage: Settings) -> Member | None:
    shown = app_code.read(stage, program, value, at)
    if shown is None:
        return None
    if not shown.is_good(at):
        raise AppCodeExpired
    return _present(program, shown.member)


def _present(program: str, member: str) -> Member | None:
    found = store.read(program, member, strong=True)
    return None if found is None or found.status == "erased" else found


def _available(member: Member, today: date) -> int:
    return ledger.account(member.program, member.member, strong=True).available(today)
