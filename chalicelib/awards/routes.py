"""HTTP: lists of awards, from upload to report."""

from typing import Any

from chalicelib.awards import service, store
from chalicelib.awards.errors import (
    AwardListCancelled,
    AwardListNotChecked,
    AwardListRun,
    AwardListStopped,
    AwardListUnknown,
    OwnList,
    RowsWrong,
)
from chalicelib.awards.model import Outcome
from chalicelib.awards.service_lists import Order, Upload
from chalicelib.awards.shapes import (
    AwardListRow,
    AwardListView,
    AwardRowView,
    NewAwardList,
    ReportQuery,
    RowsQuery,
    RunBody,
)
from chalicelib.awards.store import Listed
from chalicelib.awards.views import list_row, list_view, report_text, row_view
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, Sieve, page, sifted
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import require

room = Room(
    "awards",
    "Awards and withdrawals in bulk: a list is uploaded and checked, which changes nothing, then "
    "run, which posts each good row once.",
)
PATH = "/v1/staff/programs/{program}/award-lists"
CLUB = {"program": "jewels"}
LIST = {**CLUB, "list": "01k2m3n4p5q6r7s8t9v1"}
MOST_LOOKED_AT = 1_000
"""Rows that are read for one page."""
BODY_BYTES = 1024 * 1024
CSV = """member,points,reason
4000123412341231,1000,First place
+79161234567,500,Mention of a post
anna@example.com,-250,Entered twice
"""


@room.route(
    "POST",
    PATH,
    access="staff:awards.run",
    summary="Upload a list of awards and withdrawals",
    body=NewAwardList,
    answers={202: AwardListView},
    refuses=(ProgramUnknown, AwardListUnknown),
    example=Example(body={"csv": CSV, "reason": "Spring contest, by the committee"}, path=CLUB),
    guarded=True,
    max_bytes=BODY_BYTES,
)
def upload(call: Call[NewAwardList, NoBody]) -> Answer:
    """A job checks every row; nobody's points change until the list is run. Without the right
    `members.search`, rows that name members by phone or e-mail find nobody.
    """
    program, body = call.path["program"], call.body
    may_search = call.staff.may(service.SEARCH, program)
    order = Upload(program, body.csv, body.reason, call.principal, may_search, call.at)
    return Answer(list_view(service.create(order, call.guard(), call.ids)), 202)


@room.route(
    "GET",
    PATH,
    access="staff:awards.read",
    summary="Lists of awards, newest first",
    query=PageQuery,
    answers={200: Page[AwardListRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def lists(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's lists."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.award_lists(program),
            lambda after, limit: store.newest(program, after, limit),
            lambda item: list_row(service.current(item.award_list)),
        )
    )


@room.route(
    "GET",
    PATH + "/{list}",
    access="staff:awards.read",
    summary="A list of awards and its progress",
    answers={200: AwardListView},
    refuses=(AwardListUnknown, ProgramUnknown),
    example=Example(path=LIST),
)
def award_list(call: Call[NoBody, NoBody]) -> Answer:
    """One list."""
    return Answer(list_view(service.read(call.path["program"], call.path["list"], call.at)))


@room.route(
    "GET",
    PATH + "/{list}/rows",
    access="staff:awards.read",
    summary="The rows of a list and what became of them",
    query=RowsQuery,
    answers={200: Page[AwardRowView]},
    refuses=(AwardListUnknown, ProgramUnknown),
    example=Example(path=LIST, query={"outcome": "ok"}),
)
def rows(call: Call[NoBody, RowsQuery]) -> Answer:
    """In the order of the file. A page may be short, even empty, although `next` leads on."""
    return Answer(_rows(call, call.query.outcome, call.query.cursor, call.query.limit))


@room.route(
    "GET",
    PATH + "/{list}/report",
    access="staff:awards.read",
    summary="The rows of a list as CSV",
    query=ReportQuery,
    answers={200: str},
    refuses=(AwardListUnknown, ProgramUnknown),
    example=Example(path=LIST),
    media_types=("text/csv",),
)
def report(call: Call[NoBody, ReportQuery]) -> Answer:
    """All rows at once, for a spreadsheet."""
    whole = _rows(call, call.query.outcome, "", None)
    name = f'attachment; filename="{call.path["list"]}.csv"'
    text = report_text(whole.rows)
    headers = (("Content-Disposition", name),)
    return Answer(text, headers=headers, media_type="text/csv; charset=utf-8")


@room.route(
    "POST",
    PATH + "/{list}/run",
    access="staff:awards.run",
    summary="Post the good rows of a checked list, or the rest of a stopped one",
    body=RunBody,
    answers={202: AwardListView},
    refuses=(
        AwardListUnknown,
        AwardListNotChecked,
        AwardListCancelled,
        AwardListRun,
        RowsWrong,
        OwnList,
        ProgramUnknown,
    ),
    example=Example(body={"skip_wrong": True}, path=LIST),
)
def run(call: Call[RunBody, NoBody]) -> Answer:
    """A job posts each good row once. Where so many points need four eyes, only somebody else than
    who uploaded the list, with the right `awards.approve`, may run it.
    """
    order = _order(call, skip_wrong=call.body.skip_wrong)
    return Answer(list_view(service.run(order, call.ids)), 202)


@room.route(
    "POST",
    PATH + "/{list}/cancellation",
    access="staff:awards.run",
    summary="Give a list up before it is run",
    answers={200: AwardListView},
    refuses=(AwardListUnknown, AwardListRun, AwardListStopped, ProgramUnknown),
    example=Example(path=LIST),
)
def cancel(call: Call[NoBody, NoBody]) -> Answer:
    """Nobody's points have changed."""
    return Answer(list_view(service.cancel(_order(call))))


def _order(call: Call[Any, Any], *, skip_wrong: bool = False) -> Order:
    program = call.path["program"]
    return Order(
        program=program,
        list_id=call.path["list"],
        actor=call.principal,
        may_approve=call.staff.may(service.APPROVE, program),
        at=call.at,
        skip_wrong=skip_wrong,
    )


def _rows(
    call: Call[Any, Any], outcome: Outcome | None, cursor: str, limit: int | None
) -> Page[AwardRowView]:
    """Some rows of the list in the path, or all of them."""
    program, list_id = call.path["program"], call.path["list"]
    found = service.read(program, list_id, call.at).award_list
    size = found.size

    def keep(listed: Listed) -> bool:
        return outcome in (None, row_view(listed, found, call.language).outcome)

    def show(listed: Listed) -> AwardRowView:
        return row_view(listed, found, call.language)

    sieve = Sieve(keep, show, limit or size, MOST_LOOKED_AT if limit else size)
    name = f"{keys.award_list(program, list_id)} {outcome}"
    return sifted(cursor, name, lambda after: store.report(program, list_id, after), sieve)
