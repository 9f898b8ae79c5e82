"""HTTP: a program's orders in lists and files."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.kernel.csv_text import rows_text
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import CalendarDay, refuse_backwards
from chalicelib.kernel.table.pages import Cursor, Page, PageQuery, Sieve
from chalicelib.members import service_notes
from chalicelib.members.errors import MemberUnknown
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force, require
from chalicelib.rewards import routes_orders_codes, routes_orders_staff
from chalicelib.rewards import service_orders_lists as service
from chalicelib.rewards.model import Delivery
from chalicelib.rewards.model_orders import STATES, Address, OrderState
from chalicelib.rewards.routes_orders import OwnOrdersQuery, room
from chalicelib.rewards.service_orders_lists import FILE_ROWS, LOOKED_AT, Choice, Download
from chalicelib.rewards.shapes_orders import MAX_LINES, Format, PickRow, StaffOrderRow
from chalicelib.rewards.store_orders import QueueItem
from chalicelib.rewards.views_orders import pick_row, staff_row, stored_staff_row

__all__ = ["room", "routes_orders_codes", "routes_orders_staff"]

PATH = "/v1/staff/programs/{program}/orders"
CLUB = {"program": "jewels"}
NEXT = "X-Next-Cursor"
"""Where a file says that it goes on: goes into `cursor` for the next part; missing: it is whole."""
PICK_FIELDS = ("number", "sku", "reward", "name", "quantity", "way", "point", "placed_at")
ORDER_FIELDS = (
    "number",
    "state",
    "placed_at",
    "member",
    "reward",
    "sku",
    "name",
    "quantity",
    "points",
    "way",
    "point",
)
ADDRESS_FIELDS = (
    "recipient",
    "line_1",
    "line_2",
    "line_3",
    "city",
    "postcode",
    "country",
    "phone",
)
Way = Annotated[Delivery | None, Meta(description="Only orders delivered in this way.")]
Point = Annotated[str, Meta(max_length=40, description="Only orders for this pick-up point.")]


class OrdersQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which orders."""

    state: Annotated[OrderState, Meta(description="Where they stand.")] = "placed"
    way: Way = None
    point: Point = ""
    reward: Annotated[str, Meta(max_length=40, description="Only orders of this reward.")] = ""


class PickQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which confirmed orders, and in which form."""

    way: Way = None
    point: Point = ""
    format: Annotated[
        Format, Meta(description="`csv`: a file, whose next part is told by `X-Next-Cursor`.")
    ] = "json"


class ExportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which orders, by the days in the program's zone on which they were placed."""

    first: Annotated[CalendarDay, Meta(description="First day.")] = msgspec.field(name="from")
    last: Annotated[CalendarDay, Meta(description="Last day.")] = msgspec.field(name="to")
    state: Annotated[OrderState | None, Meta(description="Where they stand; missing: any.")] = None
    way: Annotated[
        Delivery | None,
        Meta(
            description="Only orders delivered in this way; `post`: with their addresses, for who "
            "may handle orders."
        ),
    ] = None
    cursor: Cursor = ""


@room.route(
    "GET",
    PATH,
    access="staff:orders.read",
    summary="Orders in one state",
    query=OrdersQuery,
    answers={200: Page[StaffOrderRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def orders(call: Call[NoBody, OrdersQuery]) -> Answer:
    """What waits for somebody comes oldest first, all else newest first. With a filter a page may
    be short although `next` leads on.
    """
    asked, program = call.query, call.path["program"]
    require(program)
    choice = Choice(asked.way or "", asked.point, asked.reward)
    sieve: Sieve[QueueItem, StaffOrderRow] = Sieve(
        keep=choice.takes,
        show=lambda one: staff_row(one, call.language),
        room=asked.limit,
        most=LOOKED_AT,
    )
    return Answer(service.in_state(program, asked.state, choice, asked.cursor, sieve))


@room.route(
    "GET",
    "/v1/staff/programs/{program}/members/{member}/orders",
    access="staff:orders.read",
    summary="A member's orders, newest first",
    query=OwnOrdersQuery,
    answers={200: Page[StaffOrderRow]},
    refuses=(MemberUnknown,),
    example=Example(path={**CLUB, "member": "7k3m9qwx2b4d6f8h0jzn"}),
)
def of_member(call: Call[NoBody, OwnOrdersQuery]) -> Answer:
    """All there ever were. With a filter a page may be short although `next` leads on."""
    query, program, member = call.query, call.path["program"], call.path["member"]
    service_notes.require(program, member)
    return Answer(
        service.of_member(
            program,
            member,
            query.state,
            query,
            lambda item: stored_staff_row(item, call.language),
        )
    )


@room.route(
    "GET",
    PATH + "/pick-list",
    access="staff:orders.read",
    summary="Confirmed orders for the warehouse, oldest first",
    query=PickQuery,
    answers={200: Page[PickRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
    media_types=("application/json", "text/csv"),
)
def pick_list(call: Call[NoBody, PickQuery]) -> Answer:
    """What to fetch and where it goes; who gets it stands on the order."""
    asked, program = call.query, call.path["program"]
    require(program)
    choice = Choice(asked.way or "", asked.point)
    sieve: Sieve[QueueItem, PickRow] = Sieve(
        keep=choice.takes,
        show=lambda one: pick_row(one, call.language),
        room=asked.limit,
        most=LOOKED_AT,
    )
    found = service.in_state(program, "confirmed", choice, asked.cursor, sieve)
    if asked.format == "json":
        return Answer(found)
    rows = (_cells(PICK_FIELDS, row) for row in found.rows)
    return _csv("pick-list", PICK_FIELDS, rows, found.next)


@room.route(
    "GET",
    PATH + "/export",
    access="staff:orders.read",
    summary="Orders of some days as a CSV file",
    query=ExportQuery,
    answers={200: str},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB, query={"from": "2026-11-01", "to": "2026-11-30"}),
    media_types=("text/csv",),
)
def export(call: Call[NoBody, ExportQuery]) -> Answer:
    """State by state, oldest first. `X-Next-Cursor` leads to the next part; without it the file is
    whole. With `way=post` whoever may handle orders gets the columns of the address, for labels,
    and the audit says so; they are empty where the member is erased.
    """
    asked, program = call.query, call.path["program"]
    first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
    refuse_backwards(first, last)
    within = service.span(first, last, in_force(program, call.at).zone)
    sieve: Sieve[QueueItem, QueueItem] = Sieve(
        keep=Choice(asked.way or "").takes,
        show=lambda one: one,
        room=FILE_ROWS,
        most=FILE_ROWS,
    )
    states = (asked.state,) if asked.state else STATES
    found = service.exported(program, states, within, asked.cursor, sieve)
    rows = [_cells(ORDER_FIELDS, staff_row(one, call.language)) for one in found.rows]
    if asked.way != "post" or not call.staff.may("orders.handle", program):
        return _csv("orders", ORDER_FIELDS, rows, found.next)
    told = {"from": asked.first, "to": asked.last, "state": asked.state}
    wanted = Download(program, call.principal, call.at, told)
    where = map(label_cells, service.addresses(wanted, found.rows))
    rows = [row + address for row, address in zip(rows, where, strict=True)]
    return _csv("orders", ORDER_FIELDS + ADDRESS_FIELDS, rows, found.next)


def label_cells(address: Address | None) -> list[str]:
    """An address as the cells of :data:`ADDRESS_FIELDS`; empty ones if there is none."""
    if address is None:
        return [""] * len(ADDRESS_FIELDS)
    lines = [*address.lines, "", ""][:MAX_LINES]
    rest = (address.city, address.postcode, address.country, address.phone)
    return [address.name, *lines, *rest]


def _cells(fields: tuple[str, ...], row: StaffOrderRow | PickRow) -> list[str]:
    return [_cell(getattr(row, field)) for field in fields]


def _csv(name: str, fields: tuple[str, ...], rows: Iterable[list[str]], following: str) -> Answer:
    headers = [("Content-Disposition", f'attachment; filename="{name}.csv"')]
    if following:
        headers.append((NEXT, following))
    return Answer(
        rows_text(fields, rows), headers=tuple(headers), media_type="text/csv; charset=utf-8"
    )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
