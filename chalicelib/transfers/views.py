"""Imports and exports as the API shows them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from chalicelib.jobs.views import job_view
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.csv_text import rows_text
from chalicelib.kernel.texts import knows, say
from chalicelib.transfers import service_exports as exports
from chalicelib.transfers.model import (
    EXPORTS_LIVE,
    ExportState,
    Fault,
    Import,
    Phase,
    Problem,
    Tally,
)
from chalicelib.transfers.service_imports import Found
from chalicelib.transfers.shapes import (
    ExportFile,
    ExportRow,
    ExportView,
    FaultView,
    Figures,
    FileProblem,
    ImportRow,
    ImportView,
)
from chalicelib.transfers.store_exports import ExportItem

HEADER = ("row", "line", "field", "code", "sentence")


def import_row(found: Import) -> ImportRow:
    """One row of the list of imports."""
    order = found.order
    return ImportRow(
        id=found.id,
        kind=order.kind,
        format=order.format,
        file=order.file,
        state=found.state,
        partner=order.partner or None,
        history=order.history,
        on_existing=order.on_existing,
        dry_run=order.dry_run,
        reason=order.reason,
        created_at=order.created_at,
        created_by=order.created_by,
        rows=found.rows,
        run_by=found.run_by or None,
        run_at=found.run_at or None,
    )


def import_view(found: Found, language: str) -> ImportView:
    """An import with its progress."""
    value = found.value
    return ImportView(
        **msgspec.structs.asdict(import_row(value)),
        needs_two=found.needs_two,
        problem=_problem(value.problem, language) if value.problem else None,
        checked=_figures(value.checked),
        ran=_figures(value.ran),
        job=job_view(found.job),
    )


def fault_view(fault: Fault, phase: Phase, language: str) -> FaultView:
    """One line of a report."""
    return FaultView(
        row=fault.row,
        line=fault.line,
        field=fault.field,
        code=fault.code,
        sentence=_sentence(fault, language),
        phase=phase,
    )


def report_text(faults: Iterable[FaultView]) -> str:
    """A report as CSV."""
    return rows_text(
        HEADER, ((one.row, one.line, one.field, one.code, one.sentence) for one in faults)
    )


def export_row(item: ExportItem, at: datetime) -> ExportRow:
    """One row of the list of exports."""
    return _export_row(item, exports.state(item, at))


def export_view(found: exports.Found) -> ExportView:
    """An export with its progress."""
    done = found.state == "done"
    return ExportView(
        **msgspec.structs.asdict(_export_row(found.item, found.state)),
        rows=sum(one.rows for one in found.files),
        files=[
            ExportFile(**msgspec.structs.asdict(one), url=found.link(one.name))
            for one in found.files
            if done
        ],
        job=job_view(found.job),
    )


def _export_row(item: ExportItem, state: ExportState) -> ExportRow:
    order = item.order
    return ExportRow(
        id=item.export,
        kind=order.kind,
        format=order.format,
        state=state,
        created_at=order.created_at,
        created_by=order.created_by,
        expires_at=render(parse(order.created_at) + EXPORTS_LIVE),
    )


def _sentence(fault: Fault, language: str) -> str:
    """Of a field, or of a refusal that the API gives for the same receipt."""
    keys = (f"field.{fault.code}", f"error.{fault.code}")
    key = next((one for one in keys if knows(language, one)), keys[0])
    return say(language, key, **fault.params)


def _problem(problem: Problem, language: str) -> FileProblem:
    said = say(language, f"import_file.{problem.code}", **problem.params)
    return FileProblem(problem.code, problem.line, said)


def _figures(tally: Tally) -> Figures:
    return Figures(tally.good, tally.known, tally.refused, tally.points)
