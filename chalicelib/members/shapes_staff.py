"""What staff's routes of this room take and answer."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table.pages import Cursor
from chalicelib.members.model import Status, Topic

MOST_FOUND = 25
LONGEST_NOTE = 2_000


class SearchBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to look for: exactly one of `phone`, `email`, `card_number`, `external_id` and
    `name`.
    """

    phone: Annotated[str, Meta(max_length=40)] | None = None
    """With `+` and country code; spaces, dashes and brackets do not matter."""
    email: Annotated[str, Meta(max_length=254)] | None = None
    """An e-mail address."""
    card_number: Annotated[str, Meta(max_length=40)] | None = None
    """Of the club's card or of a partner's; spaces do not matter."""
    external_id: Annotated[str, Meta(max_length=64)] | None = None
    """The number that the member had in the system that they were imported from."""
    name: Annotated[str, Meta(max_length=200)] | None = None
    """Beginnings of given or family names in any order, one of at least two letters; case, accents
    and usual differences in spelling do not matter.
    """
    limit: Annotated[int, Meta(ge=1, le=MOST_FOUND, description="Maximum number of rows.")] = 10
    cursor: Cursor = ""


class FoundView(msgspec.Struct, frozen=True, kw_only=True):
    """A member who was found, in short."""

    member: str
    """Id of the member."""
    name: str
    """Given and family name; empty: not told."""
    phone: str | None
    """The last four digits; null: none."""
    card_number: str
    """16 digits, the last a check digit (Luhn)."""
    kind: str
    """One of the program's kinds of member."""
    status: Status
    """Only `active` members can do anything but sign in."""
    joined_at: Instant
    """When the member joined."""


class NoteBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to write down."""

    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=LONGEST_NOTE,
            description="Staff read it; the member sees it in the export of their data.",
        ),
    ]
    topic: Topic = "other"
    """What it is about."""


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """A note of staff about a member."""

    note: str
    """Id of the note."""
    at: Instant
    """When it was written."""
    author: str
    """Who wrote it: `staff:…` or `operator:…`."""
    topic: Topic
    """What it is about."""
    text: str
    """What was written down; for a call that was only taken, a sentence that says so."""
