"""HTTP: settlements between partners, from order to report."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import require
from chalicelib.settlement import service, store
from chalicelib.settlement.model import MonthNotOver, SettlementNotDone, SettlementUnknown
from chalicelib.settlement.service import Wish
from chalicelib.settlement.shapes import (
    NewSettlement,
    SettlementReportQuery,
    SettlementRow,
    SettlementView,
)
from chalicelib.settlement.views import report_text, settlement_row, settlement_view

room = Room(
    "settlement",
    "Settlement between the partners of a program whose points remember who gave them: for each "
    "month, who owes whom for points that were used. See docs/settlement.md.",
)
PATH = "/v1/staff/programs/{program}/settlements"
CLUB = {"program": "jewels"}
SETTLEMENT = {**CLUB, "settlement": "01k2m3n4p5q6r7s8t9v5"}


@room.route(
    "POST",
    PATH,
    access="staff:settlement.run",
    summary="Settle a month",
    body=NewSettlement,
    answers={202: SettlementView},
    refuses=(ProgramUnknown, MonthNotOver, SettlementUnknown),
    example=Example(body={"month": "2026-09"}, path=CLUB),
    guarded=True,
)
def create(call: Call[NewSettlement, NoBody]) -> Answer:
    """A job adds up the ledger's entries of the month. What is in the ledger never changes, so that
    every settlement of a month comes to the same.
    """
    wish = Wish(call.path["program"], call.body.month, call.principal, call.at)
    return Answer(settlement_view(service.create(wish, call.guard(), call.ids)), 202)


@room.route(
    "GET",
    PATH,
    access="staff:settlement.read",
    summary="Settlements, newest first",
    query=PageQuery,
    answers={200: Page[SettlementRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def settlements(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's settlements, whatever became of them."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.settlements(program),
            lambda after, limit: store.newest(program, after, limit),
            settlement_row,
        )
    )


@room.route(
    "GET",
    PATH + "/{settlement}",
    access="staff:settlement.read",
    summary="A settlement, its progress and its figures",
    answers={200: SettlementView},
    refuses=(SettlementUnknown,),
    example=Example(path=SETTLEMENT),
)
def settlement(call: Call[NoBody, NoBody]) -> Answer:
    """Figures are shown when all of them are there. To stop it, stop its job."""
    found = service.read(call.path["program"], call.path["settlement"])
    return Answer(settlement_view(found))


@room.route(
    "GET",
    PATH + "/{settlement}/report",
    access="staff:settlement.read",
    summary="The figures of a settlement as CSV",
    query=SettlementReportQuery,
    answers={200: str},
    refuses=(SettlementUnknown, SettlementNotDone),
    example=Example(path=SETTLEMENT),
    media_types=("text/csv",),
)
def report(call: Call[NoBody, SettlementReportQuery]) -> Answer:
    """For a spreadsheet; columns as in the settlement itself."""
    found = service.done(call.path["program"], call.path["settlement"])
    name = f"settlement-{found.item.order.month}-{call.query.table}.csv"
    headers = (("Content-Disposition", f'attachment; filename="{name}"'),)
    text = report_text(found.sums, call.query.table)
    return Answer(text, headers=headers, media_type="text/csv; charset=utf-8")
