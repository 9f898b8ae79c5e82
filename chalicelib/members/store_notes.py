"""How the notes of staff about a member are stored."""

from collections.abc import Iterator

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item
from chalicelib.kernel.table.writes import Writes
from chalicelib.members.model import Note, Topic


class NoteItem(Item):
    """One note; put once, its id sorts in the order of time."""

    at = UnicodeAttribute()
    author = UnicodeAttribute()
    topic = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    line = UnicodeAttribute(default="")


def note(program: str, member: str, note_id: str) -> Note | None:
    """A note, or nothing. A strong read."""
    item = NoteItem.find(keys.member(program, member), _key(note_id), strong=True)
    return None if item is None else from_item(item)


def newest(program: str, member: str, after: str | None, limit: int) -> Iterator[NoteItem]:
    """A member's notes, newest first, beyond the sort key ``after``."""
    pk = keys.member(program, member)
    return NoteItem.below(pk, "NOTE#", newest_first=True, after=after, limit=limit)


def written(program: str, member: str, new: Note) -> Writes:
    """Keep a new note."""
    values = msgspec.structs.asdict(new)
    sk = _key(values.pop("note"))
    return Writes().put_new(NoteItem(keys.member(program, member), sk, **values))


def deleted(program: str, member: str, note_id: str) -> Writes:
    """Remove a note, if it is there."""
    item = NoteItem(keys.member(program, member), _key(note_id))
    return Writes().delete(item, NoteItem.pk.exists())


def from_item(item: NoteItem) -> Note:
    """The value of a stored note."""
    topic = msgspec.convert(item.topic, Topic)
    return Note(
        note=item.sk.removeprefix("NOTE#"),
        at=item.at,
        author=item.author,
        topic=topic,
        text=item.text,
        line=item.line,
    )


def _key(note_id: str) -> str:
    return f"NOTE#{note_id}"
