"""The tag that somebody means by a serial."""

from chalicelib.tags import model, store
from chalicelib.tags.errors import TagUnknown
from chalicelib.tags.store import TagItem


def tag_of(program: str, serial: str) -> TagItem:
    """A tag of a program, by its serial as typed; a strong read. Raises TagUnknown."""
    known = model.read_serial(serial)
    tag = store.tag(known, strong=True) if known else None
    if tag is None or tag.program != program:
        raise TagUnknown
    return tag
