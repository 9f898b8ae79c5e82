"""Members as values, and the pure rules about them.

Instants are RFC 3339 texts in UTC, which sort in the order of time.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from chalicelib.kernel.check_digits import check_symbol, is_checked
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.sessions import Ended
from chalicelib.messages.model import Channel

Status = Literal["applied", "active", "rejected", "suspended", "erased"]
Gender = Literal["female", "male", "other"]
Purpose = Literal["rules", "sms", "email", "push"]
Marketing = Literal["sms", "email", "push"]
Topic = Literal["call", "complaint", "data", "other"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
CONTACTS: dict[Channel, str] = {"sms": "phone", "email": "email"}
"""The field of the profile, and the kind of unique value, that a channel leads to."""

EXTERNAL = "external_id"
"""The field of the profile, and the kind of unique value, of the club's own number."""
CARD = "card"
"""The kind of unique value of a card number."""
SESSION_LIFE = timedelta(days=60)
"""Counted anew at each refresh."""
EARLIEST_BIRTHDAY = date(1900, 1, 1)
CARD_LENGTH = 16
"""Of the club's own cards."""
CARD_LENGTHS = range(8, 20)
"""Of partners' cards (ISO/IEC 7812-1)."""
DIGITS = "0123456789"
_EXTERNAL_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/-]{0,63}")


class InGroup(msgspec.Struct, frozen=True, array_like=True, order=True):
    """That a member belongs to a verified group."""

    group: str
    until: str = ""
    """Last local day, ISO 8601; empty: for as long as nobody changes it."""


class Paid(msgspec.Struct, frozen=True, array_like=True):
    """That a member paid for a membership, without a break, from one local day to another."""

    plan: str
    """Id of the plan in the program's document; the member is in the group of this name."""
    since: str
    """First local day, ISO 8601."""
    until: str
    """Last local day that is paid."""
    keeps: str
    """Last local day on which it holds: with its grace."""
    months: int
    """Calendar months paid, from the first day on."""
    told: Literal["", "reminded", "lapsed"] = ""
    """What the member was told of its end."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person or organisation in one program, without anything personal."""

    program: str
    member: str
    kind: str
    status: Status
    session_version: int
    language: str
    card_number: str
    joined_at: str
    journal: int
    """Number of the last journal item; each change raises it, so it is the member's version too."""
    rules: int = 0
    """The version of the program's rules accepted last; 0: none yet."""
    locked_until: str = ""
    ended: tuple[Ended, ...] = ()
    suspended_from: str = ""
    """The status before suspension, to return to."""
    groups: tuple["InGroup", ...] = ()
    """Groups that were verified, as `student`."""
    segments: tuple[str, ...] = ()
    """Segments that staff put the member into."""
    paid: tuple["Paid", ...] = ()
    """Memberships that were paid for, with those that ended last."""
    pilots: tuple[int, ...] | None = None
    """Numbers of the pilots that this member is or was in, the newest first; null: none."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What a member told of themselves: all of it personal, all of it optional."""

    given_name: str | None = None
    family_name: str | None = None
    birthday: str | None = None
    """ISO date."""
    gender: Gender | None = None
    phone: str | None = None
    """E.164, verified by a code."""
    email: str | None = None
    """Lower case, verified by a code."""
    city: str | None = None
    external_id: str | None = None
    """The club's own number of the member, from another system; unique in the program."""
    partner_card: str | None = None
    """Keyed hash of the number of a partner's own card, by which the member is found too. The
    number itself is kept nowhere: it may be that of a bank card.
    """

    @property
    def unique(self) -> dict[str, str]:
        """What nobody else of the program has, by its kind; the card number stands elsewhere."""
        kinds = (*CONTACTS.values(), EXTERNAL)
        return {kind: value for kind in kinds if (value := getattr(self, kind)) is not None}


class Consent(msgspec.Struct, frozen=True):
    """What a member allowed or withdrew, last."""

    purpose: Purpose
    granted: bool
    at: str = ""
    """When; empty: never asked."""
    rules_version: int = 0
    """For the purpose ``rules``: the accepted version."""


class Happened(msgspec.Struct, frozen=True):
    """A change of a member for the journal. ``data`` names fields and choices, never values."""

    fact: str
    at: datetime
    actor: str
    data: dict[str, Any] = {}
    note: str = ""
    """Words of staff; scrubbed when the member is erased."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What staff wrote down about a member."""

    note: str
    at: str
    author: str
    """``staff:…`` or ``operator:…``."""
    topic: Topic
    text: str = ""
    """Empty for a call of which nothing was written down yet."""
    line: str = ""
    """For a call: on which line it came in."""


def in_groups_on(member: Member, day: date) -> tuple[str, ...]:
    """The groups that a member belongs to on a local day: those that were verified, and those of
    the memberships that were paid for.
    """
    today = day.isoformat()
    verified = [one.group for one in member.groups if not one.until or one.until >= today]
    paid = [one.plan for one in member.paid if one.since <= today <= one.keeps]
    return tuple(dict.fromkeys([*verified, *paid]))


def card_number(body: str) -> str:
    """``body`` (15 digits) with its Luhn check digit (ISO/IEC 7812-1 annex B)."""
    return body + check_symbol(body, DIGITS)


def is_card_number(text: str) -> bool:
    """Whether a text can be the number of a card, the club's or a partner's."""
    return len(text) in CARD_LENGTHS and is_checked(text, DIGITS)


def is_external_id(text: str) -> bool:
    """Whether a text can be a number that the club gives its members by itself."""
    return _EXTERNAL_ID.fullmatch(text) is not None


def in_groups(number: str) -> str:
    """A card number as people read it: four digits at a time."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def tidy(text: str, pointer: str) -> str:
    """A name as typed, its white space made single; raises InvalidFields when nothing is left."""
    words = " ".join(text.split())
    if not words:
        raise InvalidFields(fields=(FieldError(pointer, "too_short", {"limit": "1"}),))
    return words


def checked_birthday(birthday: date, today: date, pointer: str) -> str:
    """The birthday as text; raises InvalidFields before 1900 and in the future."""
    if birthday < EARLIEST_BIRTHDAY:
        limit = {"limit": EARLIEST_BIRTHDAY.isoformat()}
        raise InvalidFields(fields=(FieldError(pointer, "too_small", limit),))
    if birthday > today:
        raise InvalidFields(fields=(FieldError(pointer, "too_big", {"limit": today.isoformat()}),))
    return birthday.isoformat()
