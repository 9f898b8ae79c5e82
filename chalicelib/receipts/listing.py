"""A member's receipts, found by the ledger's entries: every receipt of a member has one."""

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, Sieve, sifted
from chalicelib.ledger.store import EntryItem
from chalicelib.receipts import store
from chalicelib.receipts.shapes import ReceiptRow
from chalicelib.receipts.views import receipt_row

POSTED = ("receipt.posted", "receipt.counted")
MOST_LOOKED_AT = 300
"""Entries that are read for one page."""


def receipts(program: str, member: str, query: PageQuery) -> Page[ReceiptRow]:
    """One page, newest first; each row costs half a read unit beside its entry."""
    pk = keys.member(program, member)

    def show(entry: EntryItem) -> ReceiptRow | None:
        item = store.find(program, entry.body.cause.ref, strong=False)
        return receipt_row(item) if item else None

    sieve = Sieve(lambda entry: entry.kind in POSTED, show, query.limit, MOST_LOOKED_AT)
    found = sifted(
        query.cursor,
        f"{pk} receipts",
        lambda after: EntryItem.below(pk, "E#", newest_first=True, after=after, at_once=100),
        sieve,
    )
    return Page([row for row in found.rows if row], found.next)
