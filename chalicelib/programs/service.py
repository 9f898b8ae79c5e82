"""Which document judges: the program version in force at an instant, at next to no read units.

The version in force at an instant is the one with the highest number among those effective by then.
So a later version takes over from its own effective instant on, also from one that was announced
but not yet in force.

Each process keeps a program's head for :data:`HEAD_FOR` and its documents, which never change, by
their hash. A publish is therefore seen by all within that time; the effective instant is exact.
"""

import threading
import time
from datetime import datetime

from chalicelib.kernel.clock import render
from chalicelib.programs import pilots, schedule, store
from chalicelib.programs.model import Program, ProgramUnknown, VersionUnknown
from chalicelib.programs.schedule import Scheduled

HEAD_FOR = 5.0
"""Seconds for which a process trusts the head it read."""
MOST_DOCUMENTS = 512
MOST_HEADS = 4096

_heads: dict[str, tuple[float, store.HeadItem]] = {}
_documents: dict[str, Program] = {}
_lock = threading.Lock()


def in_force(program_id: str, at: datetime) -> Program:
    """The document that judges what happens at ``at``; 0.5 read units per process and 5 seconds.

    Raises:
        ProgramUnknown: there is no such program, or none of its versions was in force yet.
    """
    head = _head(program_id)
    instant = render(at)
    found = schedule.in_force(head.schedule, instant)
    return _document(program_id, found) if found else _older(program_id, head, instant)


def coming(program_id: str, at: datetime) -> list[Scheduled]:
    """The announced versions that are still to come into force, the first to come first.

    Raises:
        ProgramUnknown: nothing is published.
    """
    return schedule.coming(_head(program_id).schedule, render(at))


def taken_over_from(program_id: str, row: Scheduled) -> Program | None:
    """The version that is in force just before an announced one; None: it is the first."""
    base = schedule.base_of(_head(program_id).schedule, row)
    return _document(program_id, base) if base else None


def version(program_id: str, number: int) -> Program:
    """One published version, in force or not, or, by its own number, the document of a pilot.

    Raises:
        ProgramUnknown, VersionUnknown: nothing of that name or number is published.
    """
    if number > pilots.ABOVE:
        return pilots.document(program_id, number)
    for row in _head(program_id).schedule:
        if row.number == number:
            return _document(program_id, row)
    item = store.version(program_id, number)
    if item is None:
        raise VersionUnknown
    return store.unpack(item.document)


def rule_name(program_id: str, number: int, rule: str, language: str) -> str:
    """What a rule of a published version is called; empty where there is none of that name."""
    try:
        rules = version(program_id, number).earning.rules
    except (ProgramUnknown, VersionUnknown):
        return ""
    return next((one.name.get(language) for one in rules if one.id == rule), "")


def require(program_id: str) -> None:
    """Refuse unless there is such a program, published or still a draft. One read unit.

    Raises:
        ProgramUnknown: there is none.
    """
    if store.draft(program_id) is None:
        raise ProgramUnknown


def forget(program_id: str | None = None) -> None:
    """Drop what this process remembers of one program's head, or of everything."""
    pilots.forget(program_id)
    with _lock:
        if program_id is not None:
            _heads.pop(program_id, None)
            return
        _heads.clear()
        _documents.clear()


def _head(program_id: str) -> store.HeadItem:
    # The process's own timer, not the clock of the business: ``at`` may lie in the past.
    now = time.monotonic()
    kept = _heads.get(program_id)
    if kept is not None and now - kept[0] < HEAD_FOR:
        return kept[1]
    found = store.head(program_id)
    if found is None:
        raise ProgramUnknown
    with _lock:
        if len(_heads) >= MOST_HEADS:
            _heads.clear()
        _heads[program_id] = (now, found)
    return found


def _document(program_id: str, row: Scheduled) -> Program:
    document = _documents.get(row.hash)
    if document is None:
        item = store.version(program_id, row.number)
        if item is None:
            # Version and head are written together; an eventually consistent read may lag behind.
            item = store.version(program_id, row.number, strong=True)
        if item is None:
            raise VersionUnknown
        document = store.unpack(item.document)
        with _lock:
            if len(_documents) >= MOST_DOCUMENTS:
                _documents.clear()
            _documents[row.hash] = document
    return document


def _older(program_id: str, head: store.HeadItem, instant: str) -> Program:
    first = head.schedule[0].number if head.schedule else int(head.newest) + 1
    for item in store.versions_before(program_id, first):
        if item.effective_at <= instant:
            return store.unpack(item.document)
    raise ProgramUnknown
