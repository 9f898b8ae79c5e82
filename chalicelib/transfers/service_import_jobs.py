"""The jobs of an import: reading the file once, then checking its rows, then doing them.

Any part may be delivered twice, at once or late: what became of it is put once, together with the
import's figures, and each row knows by itself whether it was done.
"""

import hashlib
from collections.abc import Callable

from chalicelib.files import service as files
from chalicelib.files.errors import FileNotReady, FileUnknown
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import JobFailed, Work
from chalicelib.kernel.ids import symbols
from chalicelib.kernel.table.writes import Writes, commit, transact
from chalicelib.programs.service import in_force
from chalicelib.receipts import tables
from chalicelib.transfers import (
    reading,
    rows_balances,
    rows_members,
    rows_receipts,
    service_balances,
    service_members,
    service_receipts,
)
from chalicelib.transfers import service_imports as imports
from chalicelib.transfers import store_imports as store
from chalicelib.transfers.lines import NotReadable
from chalicelib.transfers.model import Fault, Kind, Phase, Problem, Tally
from chalicelib.transfers.reading import Identities, Outline, Range, Typed
from chalicelib.transfers.rows_done import Case, tallied
from chalicelib.transfers.store_imports import Cut, ImportItem

_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "members": rows_members.COLUMNS,
    "balances": rows_balances.COLUMNS,
    "receipts": rows_receipts.COLUMNS,
}
_IDENTITIES: dict[Kind, Identities] = {
    "members": rows_members.identities,
    "balances": rows_balances.identities,
    "receipts": rows_receipts.identities,
}
_ACTS = {
    ("members", "check"): service_members.check,
    ("members", "run"): service_members.run,
    ("balances", "check"): service_balances.check,
    ("balances", "run"): service_balances.run,
    ("receipts", "check"): service_receipts.check,
    ("receipts", "run"): service_receipts.run,
}


def read_file(work: Work) -> int:
    """Read the file from end to end, cut it into ranges, and let another job check them."""
    item = _item(work)
    if _is_at_work(item, work, "reading"):
        outlined = _outline(item, work)
        if isinstance(outlined, Problem):
            _turn(work, lambda now: store.refused(now, outlined))
        else:
            _cut(work, *outlined)
    item = _item(work)
    if item.state == "checking":
        jobs.announce(work.job.program, item.job)
    return 1


def check_part(work: Work) -> int:
    """Find what would become of the rows of one part; changes nothing for anybody."""
    return _part(work, "check")


def run_part(work: Work) -> int:
    """Do the good rows of one part; those that were done before stay as they are."""
    return _part(work, "run")


def _part(work: Work, phase: Phase) -> int:
    item, part = _item(work), _range(work)
    state = "checking" if phase == "check" else "running"
    if not _is_at_work(item, work, state):
        return part.rows
    if not store.is_counted(work.job.program, work.job.ref, phase, work.part):
        act = _ACTS[item.order.kind, phase]
        _count(work, phase, *tallied(act(_case(item, work), _rows(item, part))))
    if phase == "check":
        _run_by_itself(work)
    return part.rows


def _count(work: Work, phase: Phase, tally: Tally, faults: list[Fault]) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        item = _item(work)
        if item.job != work.job.job or store.is_counted(
            work.job.program, work.job.ref, phase, work.part
        ):
            return Writes(), None
        return store.counted(item, phase, work.part, tally, faults), None

    transact(decide)


def _run_by_itself(work: Work) -> None:
    """Run an import that was not ordered as a dry run, when its last part has been checked."""
    job = _follower(work, "run")

    def decide(_: bool) -> tuple[Writes, bool]:
        item = _item(work)
        found = store.value(item)
        wanted = found.state == "checking" and not found.check_left and not found.order.dry_run
        if not wanted or not imports.may_alone(found, work.at):
            return Writes(), item.job == job
        return imports.begin(item, found, found.order.created_by, job, work.at), True

    if transact(decide):
        jobs.announce(work.job.program, job)


def _outline(item: ImportItem, work: Work) -> tuple[str, Outline] | Problem:
    program, order = work.job.program, item.order
    try:
        found = files.found(program, order.file, "import")
    except (FileUnknown, FileNotReady):
        found = None
    if found is None:
        return Problem(code="upload_gone", line=1)
    chunks = files.chunks(program, order.file, "import", found.etag)
    try:
        known, identities = _COLUMNS[order.kind], _IDENTITIES[order.kind]
        known = rows_receipts.PAST_COLUMNS if order.history else known
        head = tables.HEAD if order.kind == "receipts" else ()
        return found.etag, reading.outline(chunks, order.format, known, identities, head)
    except NotReadable as wrong:
        return Problem(code=wrong.code, line=wrong.line, params=wrong.params)


def _cut(work: Work, etag: str, outline: Outline) -> None:
    for writes in store.put_ranges(work.job.program, work.job.ref, outline):
        commit(writes)
    job, parts = _follower(work, "check"), len(outline.ranges)

    def turned(now: ImportItem) -> Writes:
        cut = Cut(etag, outline.columns, outline.delimiter, outline.rows, parts)
        writes = store.outlined(now, cut, job)
        writes += jobs.start(
            work.job.program,
            job,
            imports.CHECK,
            work.job.ref,
            thing="import",
            parts=parts,
            units=outline.rows,
            at=work.at,
        )
        return writes

    _turn(work, turned)


def _turn(work: Work, turned: Callable[[ImportItem], Writes]) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        item = _item(work)
        return turned(item) if _is_at_work(item, work, "reading") else Writes(), None

    transact(decide)


def _rows(item: ImportItem, part: Range) -> list[Typed]:
    order, cut = item.order, item.cut
    if cut is None:
        raise JobFailed("not_read")
    program = item.pk.partition("#")[0]
    try:
        found = files.found(program, order.file, "import")
    except FileUnknown:
        found = None
    if found is None or found.etag != cut.etag:
        raise JobFailed("upload_gone")
    raw = files.piece(program, order.file, "import", cut.etag, part.start, part.length)
    seen = Outline(cut.columns, cut.delimiter, (), cut.rows)
    if order.kind == "receipts" and order.format == "ndjson":
        return reading.documents(raw, part)
    if order.kind == "receipts":
        return reading.grouped(raw, seen, part, tables.HEAD)
    return reading.rows(raw, order.format, seen, part)


def _case(item: ImportItem, work: Work) -> Case:
    program = in_force(work.job.program, work.at)
    actor = item.run_by or item.order.created_by
    return Case(program, work.job.ref, item.order, actor, work.at, item.run_at)


def _is_at_work(item: ImportItem, work: Work, state: str) -> bool:
    return (item.state, item.job) == (state, work.job.job)


def _follower(work: Work, phase: Phase) -> str:
    """The id of the job that comes after this one: always the same, however often it is asked."""
    return symbols(hashlib.sha256(f"{work.job.job} {phase}".encode()).digest()[:20]).lower()


def _item(work: Work) -> ImportItem:
    found = store.read(work.job.program, work.job.ref)
    if found is None:
        raise JobFailed("import_gone")
    return found


def _range(work: Work) -> Range:
    found = store.range_of(work.job.program, work.job.ref, work.part)
    if found is None:
        raise JobFailed("outline_gone")
    return found
