"""HTTP: imports, from order to report."""

from typing import Any

from chalicelib.files.errors import FileNotReady, FileUnknown, WrongFilePurpose
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, Sieve, page, sifted
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import require
from chalicelib.transfers import service_imports as service
from chalicelib.transfers import store_imports as store
from chalicelib.transfers.errors import (
    ImportEnded,
    ImportNotChecked,
    ImportRun,
    ImportUnknown,
    OwnImport,
)
from chalicelib.transfers.model import Order, Phase
from chalicelib.transfers.room import CLUB, room
from chalicelib.transfers.service_imports import Wish
from chalicelib.transfers.shapes import FaultView, ImportRow, ImportView, NewImport, ReportQuery
from chalicelib.transfers.store_imports import Listed
from chalicelib.transfers.views import fault_view, import_row, import_view, report_text

PATH = "/v1/staff/programs/{program}/imports"
ONE = {**CLUB, "import": "01k2m3n4p5q6r7s8t9v3"}
RIGHT = "staff:transfers.import"
DOWNLOAD_ROWS = 10_000


@room.route(
    "POST",
    PATH,
    access=RIGHT,
    summary="Import an uploaded file",
    body=NewImport,
    answers={202: ImportView},
    refuses=(ProgramUnknown, FileUnknown, FileNotReady, WrongFilePurpose, ImportUnknown),
    example=Example(
        body={
            "kind": "members",
            "file": "2h7k9m3q5t8w0c4x9k2p",
            "format": "csv",
            "dry_run": True,
            "on_existing": "skip",
            "reason": "Members of the old till system",
        },
        path=CLUB,
    ),
    guarded=True,
)
def create_import(call: Call[NewImport, NoBody]) -> Answer:
    """Jobs read and check the file, which changes nothing; the import then waits to be run. The
    file is uploaded and completed before, with the purpose `import`.
    """
    body, program = call.body, call.path["program"]
    order = Order(
        kind=body.kind,
        format=body.format,
        file=body.file,
        on_existing=body.on_existing,
        dry_run=body.dry_run,
        reason=body.reason,
        created_at=render(call.at),
        created_by=call.principal,
        partner=body.partner or "",
        history=body.history,
    )
    found = service.create(program, order, call.guard(), call.ids, call.at)
    return Answer(import_view(found, call.language), 202)


@room.route(
    "GET",
    PATH,
    access=RIGHT,
    summary="Imports, newest first",
    query=PageQuery,
    answers={200: Page[ImportRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def list_imports(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's imports."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.imports(program),
            lambda after, limit: store.newest(program, after, limit),
            lambda item: import_row(service.current(store.value(item))),
        )
    )


@room.route(
    "GET",
    PATH + "/{import}",
    access=RIGHT,
    summary="An import and its progress",
    answers={200: ImportView},
    refuses=(ImportUnknown, ProgramUnknown),
    example=Example(path=ONE),
)
def read_import(call: Call[NoBody, NoBody]) -> Answer:
    """One import. To stop it, stop its job."""
    return Answer(import_view(_found(call), call.language))


@room.route(
    "POST",
    PATH + "/{import}/run",
    access=RIGHT,
    summary="Do the good rows of a checked import, or the rest of a stopped one",
    answers={202: ImportView},
    refuses=(ImportUnknown, ImportNotChecked, ImportEnded, ImportRun, OwnImport, ProgramUnknown),
    example=Example(path=ONE),
)
def run_import(call: Call[NoBody, NoBody]) -> Answer:
    """A job does each good row once; the others stay out. Where so many points need four eyes, only
    somebody else than who ordered the import, with the right `transfers.approve`, may run it.
    """
    program = call.path["program"]
    wish = Wish(
        program=program,
        import_id=call.path["import"],
        actor=call.principal,
        may_approve=call.staff.may(service.APPROVE, program),
        at=call.at,
    )
    return Answer(import_view(service.run(wish, call.ids), call.language), 202)


@room.route(
    "GET",
    PATH + "/{import}/report",
    access=RIGHT,
    summary="What is wrong with the refused rows",
    query=PageQuery,
    answers={200: Page[FaultView]},
    refuses=(ImportUnknown, ProgramUnknown),
    example=Example(path=ONE),
)
def read_report(call: Call[NoBody, PageQuery]) -> Answer:
    """As the check found it, once the import was run as the run did. Nothing that a row says is
    repeated.
    """
    return Answer(_report(call, call.query.cursor, call.query.limit))


@room.route(
    "GET",
    PATH + "/{import}/report.csv",
    access=RIGHT,
    summary="What is wrong with the refused rows, as CSV",
    query=ReportQuery,
    answers={200: str},
    refuses=(ImportUnknown, ProgramUnknown, InvalidCursor),
    example=Example(path=ONE),
    media_types=("text/csv",),
)
def download_report(call: Call[NoBody, ReportQuery]) -> Answer:
    """At most 10,000 faults; where there are more, the header `X-Next-Cursor` has the `cursor` to
    go on from.
    """
    found = _report(call, call.query.cursor, DOWNLOAD_ROWS)
    name = f'attachment; filename="{call.path["import"]}.csv"'
    more = (("X-Next-Cursor", found.next),) if found.next else ()
    headers = (("Content-Disposition", name), *more)
    return Answer(report_text(found.rows), headers=headers, media_type="text/csv; charset=utf-8")


def _found(call: Call[Any, Any]) -> service.Found:
    return service.read(call.path["program"], call.path["import"], call.at)


def _report(call: Call[Any, Any], cursor: str, limit: int) -> Page[FaultView]:
    found = _found(call).value
    phase: Phase = "run" if found.run_by else "check"

    def show(listed: Listed) -> FaultView:
        return fault_view(listed.fault, phase, call.language)

    name = f"{keys.import_parts(found.program, found.id)} {phase}"
    sieve = Sieve(lambda _: True, show, limit, limit + 1)
    return sifted(cursor, name, lambda after: service.report(found, after), sieve)
