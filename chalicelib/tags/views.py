"""Tags and batches as the API shows them."""

from datetime import date
from typing import Literal

import msgspec

from chalicelib.jobs.model import State
from chalicelib.jobs.views import JobView, job_view
from chalicelib.kernel.texts import say
from chalicelib.ledger.views import AccountView, PartView, account_view, part_view
from chalicelib.tags import model, store
from chalicelib.tags.service_batches import SIZES, Made
from chalicelib.tags.service_register import Registered
from chalicelib.tags.service_staff import Inspected
from chalicelib.tags.service_verify import Seen
from chalicelib.tags.store_batches import BatchItem

BatchState = Literal["making", "ready", "failed", "cancelled"]
_STATES: dict[State, BatchState] = {
    "queued": "making",
    "running": "making",
    "done": "ready",
    "failed": "failed",
    "cancelled": "cancelled",
}


class ItemView(msgspec.Struct, frozen=True):
    """The kind of thing that a tag is fixed to, in the reader's language."""

    sku: str
    category: str
    name: str


class ClubView(msgspec.Struct, frozen=True):
    """The program that a tag leads to."""

    program: str
    name: str


class VerdictView(msgspec.Struct, frozen=True):
    """What a tag is. It never tells who owns the item."""

    verdict: model.Verdict
    sentence: str
    """The verdict for people."""
    serial: str
    """As the platform reads it; empty when it cannot be a serial."""
    item: ItemView | None
    program: ClubView | None
    scans: int
    """How often the tag was scanned, this time included."""
    first_seen: str | None
    """Instant of the first scan, RFC 3339 in UTC."""
    next: model.Next | None
    """What the caller can do: `register` it now, it is `yours`, it is `taken`, or `sign_in`."""


class RegisteredView(msgspec.Struct, frozen=True):
    """A registered item and what it brought."""

    serial: str
    item: ItemView
    points: int
    """Change of the balance."""
    awards: list[PartView]
    account: AccountView


class OwnItemView(msgspec.Struct, frozen=True):
    """One of a member's items."""

    serial: str
    item: ItemView
    registered_at: str
    points: int
    """What its registration brought."""


class WindowView(msgspec.Struct, frozen=True):
    """A batch's print window. Parts count from 1."""

    state: Literal["open", "closed"]
    opened_at: str
    until: str
    closed_at: str | None
    csv_parts: int
    sheet_parts: int


class BatchRow(msgspec.Struct, frozen=True):
    """A batch of equal tags."""

    batch: str
    item: ItemView
    gtin: str | None
    """GTIN-14."""
    count: int
    partner: str | None
    created_at: str
    window: WindowView | None
    """Null: not printed yet."""


class BatchView(BatchRow, frozen=True):
    """The same with its progress."""

    state: BatchState
    """`ready`: all its tags exist and it can be printed."""
    job: JobView


class BatchPlan(msgspec.Struct, frozen=True):
    """What an order would make; nothing was made."""

    item: ItemView
    gtin: str | None
    count: int
    job_parts: int
    csv_parts: int
    sheet_parts: int
    qr_example: str
    """What a QR code will hold, with a made-up serial."""


class JournalView(msgspec.Struct, frozen=True):
    """What staff did to a tag, and why."""

    fact: str
    at: str
    actor: str
    reason: str
    member: str | None
    entry: int | None
    """The entry of the ledger that was taken back."""


class StaffTagView(msgspec.Struct, frozen=True):
    """All that staff see of a tag. Its code is known to nobody."""

    serial: str
    verdict: model.Verdict
    item: ItemView
    gtin: str | None
    batch: str
    partner: str | None
    registered_by: str | None
    registered_at: str | None
    entry: int | None
    withdrawn_at: str | None
    scans: int
    first_seen: str | None
    wrong_tries: int
    """Wrong codes on the last UTC day that had any."""
    history: list[JournalView]


def item_view(item: model.Item, language: str) -> ItemView:
    """An item in one language."""
    return ItemView(item.sku, item.category, item.name.get(language))


def verdict_view(seen: Seen, language: str) -> VerdictView:
    """The answer to a scan."""
    club = seen.program
    return VerdictView(
        verdict=seen.verdict,
        sentence=say(language, f"verdict.{seen.verdict}"),
        serial=seen.serial,
        item=item_view(seen.item, language) if seen.item else None,
        program=ClubView(club.id, club.name.get(language)) if club else None,
        scans=seen.times,
        first_seen=seen.first or None,
        next=seen.next,
    )


def registered_view(done: Registered, today: date, language: str) -> RegisteredView:
    """The answer to a registration; the account is as of now, also on a repeated request."""
    return RegisteredView(
        serial=done.serial,
        item=item_view(done.item, language),
        points=done.entry.points,
        awards=[part_view(part, language) for part in done.entry.parts],
        account=account_view(done.account, today),
    )


def own_view(own: store.OwnItem, language: str) -> OwnItemView:
    """One row of a member's list."""
    return OwnItemView(own.serial, item_view(own.item, language), own.at, own.points)


def window_view(batch: BatchItem) -> WindowView | None:
    """A batch's print window, if it was ever opened."""
    if not (batch.opened_at and batch.until):
        return None
    return WindowView(
        state="open" if batch.seed else "closed",
        opened_at=batch.opened_at,
        until=batch.until,
        closed_at=batch.closed_at,
        csv_parts=model.parts(batch.size, SIZES["csv"]),
        sheet_parts=model.parts(batch.size, SIZES["sheet"]),
    )


def batch_row(batch: BatchItem, language: str) -> BatchRow:
    """One row of the list of batches."""
    return BatchRow(
        batch=batch.batch,
        item=item_view(batch.item, language),
        gtin=batch.item.gtin or None,
        count=batch.size,
        partner=batch.partner,
        created_at=batch.created_at,
        window=window_view(batch),
    )


def batch_view(made: Made, language: str) -> BatchView:
    """A batch with its progress."""
    row = batch_row(made.batch, language)
    return BatchView(
        **msgspec.structs.asdict(row), state=_STATES[made.job.state], job=job_view(made.job)
    )


def tag_view(found: Inspected, language: str) -> StaffTagView:
    """A tag for staff."""
    tag = found.tag
    return StaffTagView(
        serial=tag.serial,
        verdict=tag.verdict,
        item=item_view(tag.item, language),
        gtin=tag.item.gtin or None,
        batch=tag.batch,
        partner=tag.partner,
        registered_by=tag.registered_by,
        registered_at=tag.registered_at,
        entry=tag.entry,
        withdrawn_at=tag.withdrawn_at,
        scans=found.scans,
        first_seen=found.first_seen or None,
        wrong_tries=tag.tries or 0,
        history=[
            JournalView(
                noted.fact, noted.at, noted.actor, noted.reason, noted.member or None, noted.entry
            )
            for noted in found.history
        ],
    )
