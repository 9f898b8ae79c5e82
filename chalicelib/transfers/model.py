"""Imports and exports as values, and the pure rules over them.

An import is read, checked and then run. Reading cuts the file into ranges of bytes that hold whole
rows; checking changes nothing; running does each good row once.
"""

from datetime import timedelta
from typing import Literal

import msgspec

from chalicelib.jobs.model import Job
from chalicelib.programs.approvals import Approvals

Kind = Literal["members", "balances", "receipts"]
Format = Literal["csv", "ndjson"]
Existing = Literal["skip", "refuse"]
Phase = Literal["check", "run"]
ImportState = Literal[
    "reading", "refused", "checking", "checked", "running", "stopped", "done", "cancelled"
]
WORKING: tuple[ImportState, ...] = ("reading", "checking", "running")
"""States in which a job is at work."""
ExportKind = Literal["members", "balances", "entries", "receipts"]
ExportState = Literal["running", "done", "stopped", "expired"]
Outcome = Literal["good", "done", "known"]
"""What becomes of a row that is not refused: ``good`` can be done, ``done`` is done by this import,
``known`` was there before.
"""
SEGMENTS = 8
"""Pieces of the table that an export reads side by side."""
EXPORTS_LIVE = timedelta(days=3)
"""How long an export's files can be had; the bucket deletes them then."""
LINK_S = 300
"""Seconds for which a link to an export's file is good."""


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """What is wrong with one field of a refused row. It holds nothing that the row says."""

    row: int
    """The row's number, from 1; the header is none."""
    line: int
    """Line of the file where the row begins, from 1."""
    field: str
    """Empty: the row as a whole."""
    code: str
    params: dict[str, str] = {}


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What an import was ordered to do."""

    kind: Kind
    format: Format
    file: str
    on_existing: Existing
    dry_run: bool
    """Whether it waits for somebody to run it, once it is checked."""
    reason: str
    created_at: str
    created_by: str
    partner: str = ""
    """Of receipts: whose they are; empty: each row says so."""
    history: bool = False
    """Of receipts: whether they are of the club's past, to be counted and nothing else."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a whole file was refused."""

    code: str
    line: int
    params: dict[str, str] = {}


class Tally(msgspec.Struct, frozen=True):
    """What became of some rows."""

    good: int = 0
    """After the check: rows that can be done; after the run: rows that are done."""
    known: int = 0
    """Rows whose content was there before, and was left as it is."""
    refused: int = 0
    points: int = 0
    """Of a balances file: the points of the good rows."""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """An import as it stands."""

    program: str
    id: str
    order: Order
    state: ImportState
    job: str
    """The job that reads, checks or runs it, or the last one that did."""
    rows: int = 0
    parts: int = 0
    problem: Problem | None = None
    check_left: int = 0
    """Parts that are not checked yet."""
    checked: Tally = Tally()
    run_left: int = 0
    ran: Tally = Tally()
    run_by: str = ""
    run_at: str = ""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an export."""

    name: str
    rows: int
    size: int
    """Bytes."""
    sha256: str
    """Of its content, in hexadecimal."""


def by_parts(stored: Import) -> ImportState:
    """The state of an import as its parts tell it: the last one ends the check, or the run."""
    if stored.state == "checking" and not stored.check_left:
        return "checked"
    if stored.state == "running" and not stored.run_left:
        return "done"
    return stored.state


def by_job(state: ImportState, job: Job) -> ImportState:
    """The state of an import whose job may have been stopped or given up."""
    if job.state not in ("failed", "cancelled") or state not in WORKING:
        return state
    return "stopped" if state == "running" else "cancelled"


def needs_two(found: Import, approvals: Approvals) -> bool:
    """Whether only somebody else than who ordered the import may run it: all good rows together
    bring more points than one person may.
    """
    return approvals.needs_two(found.checked.points)
