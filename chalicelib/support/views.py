"""The member's card for people."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from chalicelib.kernel.clock import local_date, render
from chalicelib.ledger.model import Account
from chalicelib.ledger.views import account_view, staff_entry_view
from chalicelib.members.service_profile import Person
from chalicelib.members.shapes import ConsentView
from chalicelib.members.views_staff import full_name, masked, note_view
from chalicelib.rewards.views_orders import order_row
from chalicelib.support.service import Card
from chalicelib.support.shapes import CardAccount, CardProfile, MemberCard
from chalicelib.tags.views import own_view

T = TypeVar("T")
V = TypeVar("V")


def card_view(card: Card, at: datetime, zone: str, language: str) -> MemberCard:
    """A card at an instant; ``zone`` is the program's."""
    return MemberCard(
        profile=_profile(card.person, at),
        account=None if card.account is None else _account(card.account, local_date(at, zone)),
        entries=_each(card.entries, lambda entry: staff_entry_view(entry, language)),
        notes=_each(card.notes, lambda note: note_view(note, language)),
        items=_each(card.items, lambda item: own_view(item, language)),
        orders=_each(card.orders, lambda order: order_row(order, language)),
        consents=[
            ConsentView(one.purpose, one.granted, one.at or None, one.rules_version)
            for one in card.consents
        ],
    )


def _each(found: list[T] | None, view: Callable[[T], V]) -> list[V] | None:
    return None if found is None else [view(one) for one in found]


def _profile(person: Person, at: datetime) -> CardProfile:
    member, profile = person.member, person.profile
    locked = member.locked_until if member.locked_until > render(at) else None
    return CardProfile(
        member=member.member,
        name=full_name(profile),
        birthday=profile.birthday,
        city=profile.city,
        phone=masked(profile.phone),
        card_number=member.card_number,
        kind=member.kind,
        status=member.status,
        language=member.language,
        joined_at=member.joined_at,
        codes_locked_until=locked,
    )


def _account(account: Account, today: date) -> CardAccount:
    shown = account_view(account, today)
    return CardAccount(
        balance=shown.balance,
        available=shown.available,
        held=shown.held,
        pending=shown.pending,
        debt=shown.debt,
        next_burn=next((lot for lot in shown.lots if lot.burns_on), None),
    )
