"""Tags and batches as the API shows them."""

from datetime import date

import msgspec

from chalicelib.jobs.model import State
from chalicelib.jobs.views import job_view
from chalicelib.kernel.texts import say
from chalicelib.ledger.views import account_view, part_view
from chalicelib.tags import model, store
from chalicelib.tags.service_batches import SIZES, Made
from chalicelib.tags.service_register import Registered
from chalicelib.tags.service_staff import Inspected
from chalicelib.tags.service_verify import Seen
from chalicelib.tags.shapes import (
    BatchRow,
    BatchState,
    BatchView,
    ClubView,
    ItemView,
    JournalView,
    OwnItemView,
    RegisteredView,
    StaffTagView,
    VerdictView,
    WindowView,
)
from chalicelib.tags.store_batches import BatchItem

_STATES: dict[State, BatchState] = {
    "queued": "making",
    "running": "making",
    "done": "ready",
    "failed": "failed",
    "cancelled": "cancelled",
}


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
        partner=found.shipped_to or None,
        registered_by=tag.registered_by,
        registered_at=tag.registered_at,
        entry=tag.entry,
        withdrawn_at=tag.withdrawn_at,
        scans=found.scans,
        first_seen=found.first_seen or None,
        wrong_tries=tag.tries or 0,
        history=[
            JournalView(
                noted.fact,
                noted.at,
                noted.actor,
                noted.reason,
                noted.member or None,
                noted.entry,
                noted.partner or None,
            )
            for noted in found.history
        ],
    )
