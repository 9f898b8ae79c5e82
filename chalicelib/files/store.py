"""What the table knows of each file; the content lies in the bucket."""

from datetime import datetime, timedelta
from typing import cast

from pynamodb.attributes import UnicodeAttribute

from chalicelib.files.model import AWAITING, DELETED, READY, MediaType, Purpose
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes

KEPT = timedelta(days=7)
"""How long the table remembers what was never uploaded, or was deleted."""


class FileItem(Item):
    """One file. ``ttl`` tidies up what is not ready."""

    purpose = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size = IntAttribute()
    """Bytes: as announced, then as found."""
    name = UnicodeAttribute(default="")
    state = UnicodeAttribute()
    uses = IntAttribute(default=0)
    """How many things show or need it."""
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    ttl = IntAttribute(null=True)

    @property
    def file(self) -> str:
        """The file's id."""
        return str(self.sk).removeprefix("FILE#")

    @property
    def program(self) -> str:
        """Whose file it is."""
        return str(self.pk).partition("#")[0]

    @property
    def kind(self) -> Purpose:
        """What it is for."""
        return cast(Purpose, self.purpose)

    @property
    def type(self) -> MediaType:
        """What its content is."""
        return cast(MediaType, self.media_type)


def file(program: str, file_id: str, *, strong: bool = False) -> FileItem | None:
    """What is known of a file, or nothing: 0.5 read units, 1 when ``strong``."""
    return FileItem.find(keys.files(program), _key(file_id), strong=strong)


def announced(item: FileItem, at: datetime) -> Writes:
    """A new file that is waited for."""
    item.state, item.ttl = AWAITING, _ttl(at)
    return Writes().put_new(item)


def new(program: str, file_id: str) -> FileItem:
    """A file that is not stored yet."""
    return FileItem(keys.files(program), _key(file_id))


def ready(found: FileItem, size: int) -> Writes:
    """The file was checked, if it was still waited for."""
    actions = [FileItem.state.set(READY), FileItem.size.set(size), FileItem.ttl.remove()]
    return Writes().update(found, actions, FileItem.state == AWAITING)


def deleted(found: FileItem, at: datetime) -> Writes:
    """The file is gone, if nothing uses it."""
    actions = [FileItem.state.set(DELETED), FileItem.ttl.set(_ttl(at))]
    return Writes().update(found, actions, (FileItem.state == found.state) & (FileItem.uses == 0))


def forgotten(program: str, file_id: str) -> Writes:
    """Nothing is known of a file any more."""
    return Writes().delete(new(program, file_id))


def used(program: str, file_id: str, change: int) -> Writes:
    """One thing more (+1) or less (-1) uses a file, which must be ready."""
    actions = [FileItem.uses.add(change)]
    return Writes().update(new(program, file_id), actions, FileItem.state == READY)


def _key(file_id: str) -> str:
    return f"FILE#{file_id}"


def _ttl(at: datetime) -> int:
    return int((at + KEPT).timestamp())
