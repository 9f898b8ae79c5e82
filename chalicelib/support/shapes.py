"""What the room's routes take and answer."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Day, Instant
from chalicelib.ledger.views import LotView, StaffEntryView
from chalicelib.members.model import Status
from chalicelib.members.shapes import ConsentView
from chalicelib.members.shapes_staff import NoteView
from chalicelib.rewards.shapes_orders import OrderRow
from chalicelib.tags.shapes import OwnItemView


class CallBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call that came in."""

    phone: Annotated[
        str,
        Meta(
            max_length=40,
            description="The caller's number, with `+` and country code; spaces do not matter.",
        ),
    ]
    line: Annotated[
        str, Meta(max_length=60, description="On which line it came in; empty: not told.")
    ] = ""


class CardAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A member's points in short."""

    balance: int
    """Open lots + held - debt, in points."""
    available: int
    """Can be spent today."""
    held: int
    """Set aside for something in progress."""
    pending: int
    """Announced and not yet confirmed; not part of the balance."""
    debt: int
    """Owed after something was taken back; new points repay it first."""
    next_burn: LotView | None
    """The points that burn next; null: none burn."""


class CardProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Who the member is, in short."""

    member: str
    """Id of the member."""
    name: str
    """Given and family name; empty: not told."""
    birthday: Day | None
    """Date of birth; null: not told."""
    city: str | None
    """Town or city; null: not told."""
    phone: str | None
    """The last four digits; null: none."""
    card_number: str
    """16 digits, the last a check digit (Luhn)."""
    kind: str
    """One of the program's kinds of member."""
    status: Status
    """Only `active` members can do anything but sign in."""
    language: str
    """In which messages are written to the member."""
    joined_at: Instant
    """When the member joined."""
    codes_locked_until: Instant | None
    """Until when the member may not try scratch codes; null: they may."""


class MemberCard(msgspec.Struct, frozen=True, kw_only=True):
    """A member at a glance; of each list the five newest."""

    profile: CardProfile
    """Who it is."""
    account: CardAccount | None
    """Their points; null: no right to see them (`ledger.read`)."""
    entries: list[StaffEntryView] | None
    """The last movements of the account; null: no right to see them (`ledger.read`)."""
    notes: list[NoteView] | None
    """The last notes of staff; null: no right to see them (`members.read` or `members.note`)."""
    items: list[OwnItemView] | None
    """The items registered last; null: no right to see them (`tags.read`)."""
    orders: list[OrderRow] | None
    """The orders placed last; null: no right to see them (`orders.read`)."""
    consents: list[ConsentView]
    """What the member allowed, one row per purpose."""


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was taken."""

    note: NoteView
    """The call as it was noted; what was said goes into a further note."""
    card: MemberCard
    """The caller."""
