"""Compiled rules, kept by program version, and trials of rules on an event that nobody had."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from chalicelib.earning.engine import Engine, UsedBy
from chalicelib.earning.explain import WhyNot, explain
from chalicelib.earning.model import Event, Judgement
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.programs import checks, service, service_drafts, store
from chalicelib.programs.model import DraftInvalid, Program

MOST_ENGINES = 128
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_engines: dict[tuple[str, int], tuple[Program, Engine]] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial: the document that judged, and what came of it."""

    document: Program
    judgement: Judgement
    why_not: tuple[WhyNot, ...]
    """Why the other rules gave nothing; empty where nobody asked."""


def engine_of(program: Program) -> Engine:
    """The compiled rules of a published version; compiled once per process."""
    key = (program.id, program.version)
    kept = _engines.get(key)
    # The document itself is compared too: a process can outlive the table it read from.
    if kept is not None and (kept[0] is program or kept[0] == program):
        return kept[1]
    made = Engine(program)
    with _lock:
        if len(_engines) >= MOST_ENGINES:
            _engines.clear()
        _engines[key] = (program, made)
    return made


def try_out(
    program_id: str,
    document: Literal["draft", "in_force"] | int,
    event: Event,
    used: UsedBy,
    *,
    explained: bool,
) -> Tried:
    """Judge an event by the draft, the version in force at its time, or a version; changes nothing.

    Raises:
        InvalidFields: the event lies outside the years 2000 to 2199.
        ProgramUnknown, VersionUnknown: there is nothing to judge by.
        DraftInvalid: the draft has faults.
    """
    if not EARLIEST <= event.at < LATEST:
        raise InvalidFields(fields=(FieldError("/event/at", "year_out_of_range"),))
    found = _document(program_id, document, event.at)
    engine = Engine(found) if document == "draft" else engine_of(found)
    if explained:
        return Tried(found, *explain(engine, event, used))
    return Tried(found, engine.judge(event, used), ())


def _document(program_id: str, which: Literal["draft", "in_force"] | int, at: datetime) -> Program:
    if which == "in_force":
        return service.in_force(program_id, at)
    if isinstance(which, int):
        return service.version(program_id, which)
    draft = store.unpack(service_drafts.read_draft(program_id).document)
    faults = checks.faults(draft)
    if faults:
        raise DraftInvalid(fields=faults)
    return draft
