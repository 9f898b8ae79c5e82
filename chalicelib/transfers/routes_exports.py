"""HTTP: exports, from order to download."""

from chalicelib.kernel.clock import render
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import require
from chalicelib.transfers import service_exports as service
from chalicelib.transfers import store_exports as store
from chalicelib.transfers.errors import ExportUnknown
from chalicelib.transfers.room import CLUB, room
from chalicelib.transfers.shapes import ExportRow, ExportView, NewExport
from chalicelib.transfers.store_exports import Order
from chalicelib.transfers.views import export_row, export_view

PATH = "/v1/staff/programs/{program}/exports"
RIGHT = "staff:transfers.export"


@room.route(
    "POST",
    PATH,
    access=RIGHT,
    summary="Export members, balances, the ledger or receipts",
    body=NewExport,
    answers={202: ExportView},
    refuses=(ProgramUnknown, ExportUnknown),
    example=Example(body={"kind": "members", "format": "csv"}, path=CLUB),
    guarded=True,
)
def create_export(call: Call[NewExport, NoBody]) -> Answer:
    """A job reads the whole table and writes files for download, which are deleted after three
    days. It shows each row as it was when it was read; whoever has left is not in it.
    """
    order = Order(
        kind=call.body.kind,
        format=call.body.format,
        created_at=render(call.at),
        created_by=call.principal,
    )
    found = service.create(call.path["program"], order, call.guard(), call.ids, call.at)
    return Answer(export_view(found), 202)


@room.route(
    "GET",
    PATH,
    access=RIGHT,
    summary="Exports, newest first",
    query=PageQuery,
    answers={200: Page[ExportRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def list_exports(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's exports."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.exports(program),
            lambda after, limit: store.newest(program, after, limit),
            lambda item: export_row(item, call.at),
        )
    )


@room.route(
    "GET",
    PATH + "/{export}",
    access=RIGHT,
    summary="An export, its progress and its files",
    answers={200: ExportView},
    refuses=(ExportUnknown,),
    example=Example(path={**CLUB, "export": "01k2m3n4p5q6r7s8t9v4"}),
)
def read_export(call: Call[NoBody, NoBody]) -> Answer:
    """Each look makes new links for a finished export. To stop one, stop its job."""
    return Answer(export_view(service.read(call.path["program"], call.path["export"], call.at)))
