"""Which pilot's document judges a member, at next to no read units.

A pilot's document is a version of its own kind: it has a number above those of published versions,
which stays with everything that it judged, so that explanations and returns find it again. It is
never in force for anybody but the members of the pilot.
"""

import threading
import time
from collections.abc import Iterable
from datetime import datetime

from chalicelib.kernel.clock import render
from chalicelib.programs import store_pilots as store
from chalicelib.programs.model import Program, VersionUnknown

ABOVE = 1_000_000
"""Added to a pilot's number it is its document's version number."""
KNOWN_FOR = 5.0
"""Seconds for which a process trusts what it read of a pilot."""
MOST_KNOWN = 1024

_pilots: dict[tuple[str, int], tuple[float, store.PilotItem]] = {}
_documents: dict[tuple[str, int, str], Program] = {}
_lock = threading.Lock()


def of_member(program_id: str, pilots: Iterable[int], at: datetime) -> Program | None:
    """The document of the newest of a member's pilots that judges what happens at an instant."""
    instant = render(at)
    for number in pilots:
        item = _known(program_id, number)
        if item is not None and item.judges(instant):
            return _document(program_id, item)
    return None


def document(program_id: str, version: int) -> Program:
    """The document of a pilot, by its version number; raises VersionUnknown."""
    item = _known(program_id, version - ABOVE)
    if item is None:
        raise VersionUnknown
    return _document(program_id, item)


def pilot_of(version: int) -> str:
    """The number of the pilot whose document has this version number; empty: it is no pilot's."""
    return str(version - ABOVE) if ABOVE < version < 2 * ABOVE else ""


def forget(program_id: str | None = None) -> None:
    """Drop what this process remembers of one program's pilots, or of everybody's."""
    with _lock:
        for key in [key for key in _pilots if program_id in (None, key[0])]:
            del _pilots[key]
        if program_id is None:
            _documents.clear()


def _known(program_id: str, number: int) -> store.PilotItem | None:
    now = time.monotonic()
    kept = _pilots.get((program_id, number))
    if kept is not None and now - kept[0] < KNOWN_FOR:
        return kept[1]
    # A strong read: a pilot that began just now must judge at once.
    found = store.find(program_id, number, strong=True)
    if found is not None:
        with _lock:
            if len(_pilots) >= MOST_KNOWN:
                _pilots.clear()
            _pilots[program_id, number] = (now, found)
    return found


def _document(program_id: str, item: store.PilotItem) -> Program:
    key = (program_id, int(item.number), str(item.hash))
    found = _documents.get(key)
    if found is None:
        found = store.unpack(item, ABOVE + int(item.number))
        with _lock:
            if len(_documents) >= MOST_KNOWN:
                _documents.clear()
            _documents[key] = found
    return found
