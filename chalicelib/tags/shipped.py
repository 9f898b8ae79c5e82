"""To which partner an item was shipped: what staff said of its tag, else of its batch."""

from chalicelib.tags import store_batches
from chalicelib.tags.store import TagItem


def partner_of(tag: TagItem) -> str:
    """The partner's id; empty: it is not known. A strong read where nothing is said of the tag."""
    if tag.sent_to:
        return tag.sent_to
    found = store_batches.batch(tag.program, tag.batch)
    return (found.partner or "") if found else ""
