"""Upgrade 1: the body of a ledger entry, stored as JSON text until now, is stored compressed.

A receipt of ten lines under twenty rules costs 8 write units instead of 10 so. What an entry says
does not change: the very bytes of the text are compressed.
"""

from chalicelib.kernel.table.items import compressed
from chalicelib.upgrades.model import Raw, Upgrade


def change(entry: Raw) -> Raw | None:
    """The entry with its body compressed; nothing when it is."""
    text = entry["body"].get("S")
    if text is None:
        return None
    return {**entry, "body": {"B": compressed(text.encode())}}


UPGRADE = Upgrade(1, "compressed_entries", "entry", change)
