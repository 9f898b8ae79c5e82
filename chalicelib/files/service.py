"""Use cases of files: announce, complete, look, delete; and what rooms above need of a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.files import gateway, model, store
from chalicelib.files.errors import (
    FileInUse,
    FileMissing,
    FileNotReady,
    FileTooLarge,
    FileUnknown,
    WrongFilePurpose,
    WrongFileType,
)
from chalicelib.files.gateway import Form, Found
from chalicelib.files.model import DELETED, PURPOSES, READY, MediaType, Purpose
from chalicelib.files.store import FileItem
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields, NotFound
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings, settings
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact


@dataclass(frozen=True, slots=True)
class Announcement:
    """Somebody's wish to upload a file."""

    program: str
    purpose: Purpose
    media_type: MediaType
    size: int
    name: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order about one file: which, who, when."""

    program: str
    file: str
    actor: str
    at: datetime


def announce(wish: Announcement, call: guards.Request, ids: Ids) -> FileItem:
    """Make a file that is waited for; :func:`form` tells how to upload it.

    Raises:
        NotFound: no program can be called so.
        InvalidFields: the purpose takes no such type, or no so large files.
    """
    faults = tuple(_faults(wish))
    if faults:
        raise InvalidFields(fields=faults)
    if not model.PROGRAM.fullmatch(wish.program):
        raise NotFound  # the name becomes a part of addresses
    pk = keys.files(wish.program)

    def decide(_: bool) -> tuple[Writes, FileItem]:
        before = guards.done(pk, call)
        if before is not None:
            return Writes(), _file(wish.program, before)
        item = store.new(wish.program, ids.new())
        item.purpose, item.media_type, item.size = wish.purpose, wish.media_type, wish.size
        item.name, item.created_by, item.created_at = wish.name, wish.actor, render(wish.at)
        writes = store.announced(item, wish.at)
        guards.remember(writes, pk, call, item.file)
        after: audit.Facts = {
            "purpose": wish.purpose,
            "media_type": wish.media_type,
            "size": wish.size,
        }
        order = Order(wish.program, item.file, wish.actor, wish.at)
        return _noted(writes, order, "file.announced", after), item

    return transact(decide)


def form(item: FileItem, stage: Settings) -> Form:
    """How to upload a file: exactly this one, of this type, no larger than its purpose takes."""
    key = model.quarantine_key(item.program, item.file)
    return gateway.upload_form(stage, key, item.type, PURPOSES[item.kind].most_bytes)


def complete(order: Order, stage: Settings) -> FileItem:
    """Check what was uploaded and put it in its place; doing it again changes nothing.

    Raises:
        FileUnknown, FileMissing, FileTooLarge, WrongFileType.
    """
    placed: list[str] = []

    def decide(_: bool) -> tuple[Writes, FileItem]:
        try:
            found = _file(order.program, order.file)
        except FileUnknown:
            for key in placed:  # deleted during the check: nothing of it may stay served
                gateway.delete(stage, key)
            raise
        if found.state == READY:
            return Writes(), found
        placed.append(model.clean_key(found.kind, found.program, found.file))
        size = _checked(found, stage).size
        writes = store.ready(found, size)
        found.state, found.size = READY, size
        return _noted(writes, order, "file.ready", {"size": size}), found

    return transact(decide)


def read(program: str, file: str) -> FileItem:
    """What is known of a file; raises FileUnknown."""
    return _file(program, file)


def delete(order: Order, stage: Settings) -> None:
    """Delete a file that nothing uses; one that was deleted lately is no fault.

    Raises:
        FileUnknown, FileInUse.
    """

    def decide(_: bool) -> tuple[Writes, FileItem]:
        found = store.file(order.program, order.file, strong=True)
        if found is None:
            raise FileUnknown
        if found.state == DELETED:
            return Writes(), found
        if found.uses:
            raise FileInUse
        return _noted(store.deleted(found, order.at), order, "file.deleted", {}), found

    gone = transact(decide)
    # After the item, so that nothing can begin to use what is about to go; a retry deletes again.
    # The upload goes first: a check that is still under way then has nothing to copy.
    gateway.delete(stage, model.quarantine_key(gone.program, gone.file))
    gateway.delete(stage, model.clean_key(gone.kind, gone.program, gone.file))


# -- for rooms above -------------------------------------------------------------


def require_ready(program: str, file: str, purpose: Purpose) -> FileItem:
    """A checked file of this purpose. A strong read.

    Raises:
        FileUnknown, FileNotReady, WrongFilePurpose.
    """
    found = _file(program, file)
    if found.purpose != purpose:
        raise WrongFilePurpose
    if found.state != READY:
        raise FileNotReady
    return found


def used(program: str, file: str, change: int) -> Writes:
    """The writes by which one thing more (+1) or less (-1) uses a file; it must be ready."""
    return store.used(program, file, change)


def read_text(program: str, file: str) -> str:
    """The text of a checked list, without a byte order mark.

    Raises:
        FileUnknown, FileNotReady, WrongFilePurpose: there is no such list.
    """
    item, stage = require_ready(program, file, "list"), settings()
    key = model.clean_key(item.kind, program, file)
    found = gateway.find(stage, key)
    text = model.as_text(gateway.content(stage, key, found)) if found else None
    if text is None:
        raise FileUnknown
    return text


def found(program: str, file: str, purpose: Purpose) -> Found | None:
    """A checked file's content as it lies there; nothing when it is gone.

    Raises:
        FileUnknown, FileNotReady, WrongFilePurpose.
    """
    require_ready(program, file, purpose)
    return gateway.find(settings(), model.clean_key(purpose, program, file))


def chunks(program: str, file: str, purpose: Purpose, etag: str) -> Iterator[bytes]:
    """The content of a checked file in pieces; raises Busy when it is no longer as it was."""
    return gateway.chunks(settings(), model.clean_key(purpose, program, file), etag)


def piece(program: str, file: str, purpose: Purpose, etag: str, start: int, length: int) -> bytes:
    """Some bytes of a checked file; raises Busy when it is no longer there as it was."""
    key = model.clean_key(purpose, program, file)
    return gateway.piece(settings(), key, etag, start, length)


def keep_export(program: str, export: str, name: str, body: bytes, media_type: MediaType) -> None:
    """Put a file that staff asked for where they alone get it."""
    gateway.put(settings(), model.export_key(program, export, name), body, media_type)


def export_link(program: str, export: str, name: str, good_for_s: int) -> str:
    """An address at which anybody who has it can download such a file for some seconds."""
    return gateway.link(settings(), model.export_key(program, export, name), name, good_for_s)


def read_lines(program: str, file: str, purpose: Purpose) -> Iterator[str]:
    """The lines of a checked text file, one after the other, however large it is.

    Raises:
        FileUnknown, FileNotReady, WrongFilePurpose: there is no such file.
    """
    item, stage = require_ready(program, file, purpose), settings()
    key = model.clean_key(item.kind, program, file)
    found = gateway.find(stage, key)
    if found is None:
        raise FileUnknown
    return model.lines(gateway.chunks(stage, key, found.etag))


def keep(program: str, name: str, content: bytes) -> None:
    """Keep something for long work until it is done; the same name again takes its place."""
    gateway.put(settings(), model.work_key(program, name), content, "application/octet-stream")


def kept(program: str, name: str) -> bytes | None:
    """What was kept under a name, or nothing."""
    stage, key = settings(), model.work_key(program, name)
    found = gateway.find(stage, key)
    return gateway.content(stage, key, found) if found else None


def drop(program: str, names: Iterable[str]) -> None:
    """Let go what was kept under these names."""
    for name in names:
        gateway.delete(settings(), model.work_key(program, name))


def address(stage: Settings, program: str, file: str) -> str:
    """Where anybody can see a checked image."""
    return f"{stage.media}/{program}/{file}"


def _file(program: str, file: str) -> FileItem:
    found = store.file(program, file, strong=True)
    if found is None or found.state == DELETED:
        raise FileUnknown
    return found


def _faults(wish: Announcement) -> Iterator[FieldError]:
    rules = PURPOSES[wish.purpose]
    if wish.media_type not in rules.types:
        yield FieldError("/media_type", "not_one_of")
    if wish.size > rules.most_bytes:
        yield FieldError("/size", "too_big", {"limit": str(rules.most_bytes)})


def _checked(item: FileItem, stage: Settings) -> Found:
    """The upload, after it was found good and copied to its place."""
    key = model.quarantine_key(item.program, item.file)
    found = gateway.find(stage, key)
    if found is None:
        raise FileMissing
    most = PURPOSES[item.kind].most_bytes
    if found.size > most:  # the form takes no such upload; whatever else may have written it
        raise FileTooLarge(limit=most // 1000)
    if not _is_of_type(item, key, found, stage):
        raise WrongFileType
    gateway.copy(stage, key, found, model.clean_key(item.kind, item.program, item.file), item.type)
    return found


def _is_of_type(item: FileItem, key: str, found: Found, stage: Settings) -> bool:
    # What is too large is not read here: whoever reads it tells what is wrong.
    if item.purpose in model.LARGE:
        return model.is_text_so_far(gateway.beginning(stage, key, found))
    if item.media_type == "text/csv":
        return model.as_text(gateway.content(stage, key, found)) is not None
    return model.seen_type(gateway.beginning(stage, key, found)) == item.media_type


def _noted(writes: Writes, order: Order, action: str, after: audit.Facts) -> Writes:
    if order.actor.startswith("member:"):  # the audit is of what staff do
        return writes
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action=action,
        subject=f"file:{order.file}",
        at=order.at,
        after=after,
    )
    return audit.note(writes, act)
