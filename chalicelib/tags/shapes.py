"""What the room's routes answer about tags and batches; the API document is made from these."""

from typing import Literal

import msgspec

from chalicelib.jobs.views import JobView
from chalicelib.kernel.http.shapes import Instant
from chalicelib.ledger.views import AccountView, PartView
from chalicelib.tags import model

BatchState = Literal["making", "ready", "failed", "cancelled"]


class ItemView(msgspec.Struct, frozen=True):
    """The kind of thing that a tag is fixed to, in the reader's language."""

    sku: str
    """The item's article number."""
    category: str
    """By which the program may give points."""
    name: str
    """What it is called, in the reader's language."""


class ClubView(msgspec.Struct, frozen=True):
    """The program that a tag leads to."""

    program: str
    """Id of the program (club)."""
    name: str
    """What it is called, in the reader's language."""


class VerdictView(msgspec.Struct, frozen=True):
    """What a tag is. It never tells who owns the item."""

    verdict: model.Verdict
    """Stable name of the verdict; programs may decide by it."""
    sentence: str
    """The verdict for people."""
    serial: str
    """As the platform reads it; empty when it cannot be a serial."""
    item: ItemView | None
    """What the tag is fixed to; null: unknown."""
    program: ClubView | None
    """The club of the tag; null: unknown."""
    scans: int
    """How often the tag was scanned, this time included."""
    first_seen: Instant | None
    """When it was scanned first; null: never, as far as is known."""
    next: model.Next | None
    """What the caller can do: `register` it now, it is `yours`, it is `taken` by another
    member, or `sign_in` first; null: nothing.
    """


class RegisteredView(msgspec.Struct, frozen=True):
    """A registered item and what it brought."""

    serial: str
    """Serial of the tag."""
    item: ItemView
    """What was registered."""
    points: int
    """Change of the balance."""
    awards: list[PartView]
    """The points by reason."""
    account: AccountView
    """The account as it is now."""


class OwnItemView(msgspec.Struct, frozen=True):
    """One of a member's items."""

    serial: str
    """Serial of the tag."""
    item: ItemView
    """What was registered."""
    registered_at: Instant
    """When the member registered it."""
    points: int
    """What its registration brought."""


class WindowView(msgspec.Struct, frozen=True):
    """A batch's print window. Parts count from 1."""

    state: Literal["open", "closed"]
    """`open`: the codes can be read; `closed`: they are destroyed."""
    opened_at: Instant
    """When it was opened."""
    until: Instant
    """When it closes by itself."""
    closed_at: Instant | None
    """When it was closed; null: still open."""
    csv_parts: int
    """Parts of the file as CSV."""
    sheet_parts: int
    """Parts of the file as sheets of labels."""


class BatchRow(msgspec.Struct, frozen=True):
    """A batch of equal tags."""

    batch: str
    """Id of the batch."""
    item: ItemView
    """What the tags are fixed to."""
    gtin: str | None
    """GTIN-14."""
    count: int
    """How many tags."""
    partner: str | None
    """Id of the partner they are shipped to; null: not known."""
    created_at: Instant
    """When it was ordered."""
    window: WindowView | None
    """Null: not printed yet."""


class BatchView(BatchRow, frozen=True):
    """The same with its progress."""

    state: BatchState
    """`ready`: all its tags exist and it can be printed."""
    job: JobView
    """The job that makes its tags."""


class BatchPlan(msgspec.Struct, frozen=True):
    """What an order would make; nothing was made."""

    item: ItemView
    """What the tags would be fixed to."""
    gtin: str | None
    """GTIN-14; null: none."""
    count: int
    """How many tags."""
    job_parts: int
    """Parts in which a job would make them."""
    csv_parts: int
    """Parts of the print file as CSV."""
    sheet_parts: int
    """Parts of the print file as sheets of labels."""
    qr_example: str
    """What a QR code will hold, with a made-up serial."""


class JournalView(msgspec.Struct, frozen=True):
    """What staff did to a tag, and why."""

    fact: str
    """Stable name of what was done."""
    at: Instant
    """When."""
    actor: str
    """Who: `staff:…` or `operator:…`."""
    reason: str
    """What they wrote."""
    member: str | None
    """Whose registration it was; null: nobody's."""
    entry: int | None
    """The entry of the ledger that was taken back."""
    partner: str | None
    """Of a shipment: id of the partner; null: it was taken back, or it is no shipment."""


class StaffTagView(msgspec.Struct, frozen=True):
    """All that staff see of a tag. Its code is known to nobody."""

    serial: str
    """Serial of the tag."""
    verdict: model.Verdict
    """What a scan answers."""
    item: ItemView
    """What the tag is fixed to."""
    gtin: str | None
    """GTIN-14; null: none."""
    batch: str
    """Id of its batch."""
    partner: str | None
    """Id of the partner it was shipped to; null: not known."""
    registered_by: str | None
    """Id of the member; null: not registered."""
    registered_at: Instant | None
    """When it was registered; null: not registered."""
    entry: int | None
    """The registration's entry of the ledger; null: not registered."""
    withdrawn_at: Instant | None
    """When it was withdrawn; null: it is not."""
    scans: int
    """How often it was scanned."""
    first_seen: Instant | None
    """When it was scanned first; null: never."""
    wrong_tries: int
    """Wrong codes on the last UTC day that had any."""
    history: list[JournalView]
    """What staff did to it, and why."""
