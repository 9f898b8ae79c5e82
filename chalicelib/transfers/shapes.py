"""What the room's routes take and answer."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.jobs.views import JobView
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table.pages import Cursor
from chalicelib.transfers.model import (
    Existing,
    ExportKind,
    ExportState,
    Format,
    ImportState,
    Kind,
    Phase,
)

FileId = Annotated[str, Meta(pattern=r"^[0-9a-z]{1,64}$(?!\n)", max_length=64)]


class NewImport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to import."""

    kind: Kind
    """`members`, `balances`: points that they bring along, or `receipts`."""
    partner: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$(?!\n)", max_length=40)] | None,
        Meta(
            description="Of receipts: the partner whose they are; null: each row names its own. "
            "Of other kinds: null."
        ),
    ] = None
    history: bool = False
    """Of receipts: whether they are of the club's past. Then they are counted, however old, by the
    document in force now; they bring and cost no points, and use no coupons.
    """
    file: Annotated[
        FileId, Meta(description="A checked file of the purpose `import`; see docs/imports.md.")
    ]
    format: Format
    """As the file was announced: `csv` with a header, or `ndjson`, one object a line; in `csv` a
    receipt has a row for each of its lines.
    """
    dry_run: bool = True
    """True: the file is checked, and waits to be run. False: its good rows are done right after
    the check, unless so many points need a second person.
    """
    on_existing: Existing = "skip"
    """What becomes of rows that are known: `skip` leaves everything as it is, `refuse` reports
    them.
    """
    reason: Annotated[
        str,
        Meta(
            min_length=3,
            max_length=500,
            description="What it is for; kept for ever, without personal data, please.",
        ),
    ]


class Figures(msgspec.Struct, frozen=True):
    """What became of rows."""

    good: int
    """Rows that can be done, or are done."""
    known: int
    """Rows that were there before and were left as they are."""
    refused: int
    """Rows that cannot be done: the report tells why."""
    points: int
    """Points of the good rows of a balances file."""


class FileProblem(msgspec.Struct, frozen=True):
    """Why a whole file was refused."""

    code: str
    """Stable name."""
    line: int
    """Line of the file, from 1."""
    sentence: str
    """The same in the reader's language."""


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """An import in short."""

    id: str
    """Id of the import."""
    kind: Kind
    """What it brings."""
    format: Format
    """What its file is."""
    file: str
    """Id of the file."""
    state: ImportState
    """`reading`, `checking`: a job is at work. `refused`: the file cannot be read. `checked`: it
    can be run. `stopped`: its job was stopped or given up while it ran; run it again to go on.
    `cancelled`: its job was stopped before; upload the file again. `done` is done.
    """
    partner: str | None
    """Of receipts: whose they are; null: each row names its own."""
    history: bool
    """Of receipts: whether they are only counted."""
    on_existing: Existing
    """What becomes of rows that are known."""
    dry_run: bool
    """Whether it waits to be run once it is checked."""
    reason: str
    """What it is for."""
    created_at: Instant
    """When it was ordered."""
    created_by: str
    """Who ordered it: `staff:…` or `operator:…`."""
    rows: int
    """Rows of the file; 0: not read yet."""
    run_by: str | None
    """Who ran it; null: nobody yet."""
    run_at: Instant | None
    """When; null: not yet."""


class ImportView(ImportRow, frozen=True, kw_only=True):
    """An import with its progress."""

    needs_two: bool
    """Whether only somebody else than who ordered it may run it: so many points need four eyes."""
    problem: FileProblem | None
    """Why the file was refused; null: it was not."""
    checked: Figures
    """What the check found so far."""
    ran: Figures
    """What the run did so far."""
    job: JobView
    """The job that reads, checks or runs it, or the last one that did."""


class ReportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From where to go on."""

    cursor: Cursor = ""


class FaultView(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a row. A row with several faults comes several times, at most five."""

    row: int
    """Number of the row, from 1; the header is none."""
    line: int
    """Line of the file where it begins, from 1."""
    field: str
    """Column or field; empty: the row as a whole."""
    code: str
    """Stable name of the fault."""
    sentence: str
    """The same in the reader's language."""
    phase: Phase
    """Whether it was found by the check or by the run."""


class NewExport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to export."""

    kind: ExportKind
    """`members`, `balances` (open lots, what is held and owed), `entries` of the ledger,
    or `receipts`.
    """
    format: Format
    """`csv` with a header, or `ndjson`, one object a line."""


class ExportFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an export."""

    name: str
    """Its name."""
    rows: int
    """Rows in it."""
    size: int
    """Bytes."""
    sha256: str
    """SHA-256 of its content, in hexadecimal."""
    url: str
    """Where to download it, for five minutes from now; for whoever has the address."""


class ExportRow(msgspec.Struct, frozen=True, kw_only=True):
    """An export in short."""

    id: str
    """Id of the export."""
    kind: ExportKind
    """What it holds."""
    format: Format
    """What its files are."""
    state: ExportState
    """`running`, `done`, `stopped` (by staff, or given up), or `expired`: its files are gone."""
    created_at: Instant
    """When it was ordered."""
    created_by: str
    """Who ordered it: `staff:…` or `operator:…`."""
    expires_at: Instant
    """Until when its files can be had."""


class ExportView(ExportRow, frozen=True, kw_only=True):
    """An export with its progress and, when it is done, its files."""

    rows: int
    """Rows written so far."""
    files: list[ExportFile]
    """All files of a finished export; until then none."""
    job: JobView
    """The job that writes it."""
