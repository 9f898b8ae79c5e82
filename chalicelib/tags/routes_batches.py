"""HTTP: ordering, following and printing batches of tags."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.kernel.texts import say
from chalicelib.programs.model import Category, ProgramUnknown, Sku
from chalicelib.programs.service import in_force, require
from chalicelib.tags import errors, model, printing, service
from chalicelib.tags import store_batches as store
from chalicelib.tags.routes_common import room
from chalicelib.tags.service_batches import SIZES, Format, Order
from chalicelib.tags.shapes import BatchPlan, BatchRow, BatchView
from chalicelib.tags.views import batch_row, batch_view, item_view

PATH = "/v1/staff/programs/{program}/batches"
BATCH = {"program": "jewels", "batch": "1m9w3kq8r4t6y0c4x9k2"}
MADE_UP = "7K3M9QWX2B4D"


class NewBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order of equal tags."""

    sku: Annotated[Sku, Meta(description="The item's article number.")]
    category: Annotated[Category, Meta(description="By which the program may give points.")]
    name: Annotated[
        model.NameText | model.Name,
        Meta(description="What the item is called, in the main language or in several."),
    ]
    gtin: Annotated[
        str,
        Meta(
            pattern=r"^([0-9]{8}|[0-9]{12,14})?$(?!\n)",
            description="GTIN-8, -12, -13 or -14 with its check digit; empty: none.",
        ),
    ] = ""
    count: Annotated[int, Meta(ge=1, le=model.MOST_TAGS, description="How many tags.")]
    partner: Annotated[
        str, Meta(max_length=40, description="To whom they are shipped; empty: not known.")
    ] = ""


class NewBatchQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to take the order."""

    dry_run: Annotated[bool, Meta(description="Only answer what would be made.")] = False


class PrintQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to print."""

    format: Annotated[
        Format, Meta(description="`csv`: 5000 rows a part; `sheet`: 500 labels a part.")
    ] = "csv"


@room.route(
    "POST",
    PATH,
    access="staff:tags.make",
    summary="Order a batch of tags",
    body=NewBatch,
    query=NewBatchQuery,
    answers={202: BatchView, 200: BatchPlan},
    refuses=(ProgramUnknown,),
    example=Example(
        body={
            "sku": "RING-585-17",
            "category": "ring",
            "name": {
                "en": "Ring with aquamarine",
                "ru": "Кольцо с аквамарином",
                "uk": "Каблучка з аквамарином",
                "ar": "خاتم من الأكوامارين",
            },
            "gtin": "04607012345677",
            "count": 3,
        },
        path={"program": "jewels"},
    ),
    guarded=True,
)
def create(call: Call[NewBatch, NewBatchQuery]) -> Answer:
    """The tags are made by a job; each can be registered as soon as it exists."""
    order, guard = _order(call), call.guard()
    if call.query.dry_run:
        service.check(order)
        return Answer(_plan(order, call.settings.public_url, call.language))
    return Answer(batch_view(service.create(order, guard, call.ids), call.language), 202)


@room.route(
    "GET",
    PATH,
    access="staff:tags.read",
    summary="Batches, newest first",
    query=PageQuery,
    answers={200: Page[BatchRow]},
    refuses=(ProgramUnknown,),
    example=Example(path={"program": "jewels"}),
)
def batches(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's batches."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.batches(program),
            lambda after, limit: store.batches(program, after, limit),
            lambda batch: batch_row(batch, call.language),
        )
    )


@room.route(
    "GET",
    PATH + "/{batch}",
    access="staff:tags.read",
    summary="A batch and its progress",
    answers={200: BatchView},
    refuses=(errors.BatchUnknown,),
    example=Example(path=BATCH),
)
def batch(call: Call[NoBody, NoBody]) -> Answer:
    """One batch."""
    made = service.read(call.path["program"], call.path["batch"], call.at)
    return Answer(batch_view(made, call.language))


@room.route(
    "POST",
    PATH + "/{batch}/print-window",
    access="staff:tags.print",
    summary="Open a batch's one print window, for 24 hours",
    body=Why,
    answers={200: BatchView},
    refuses=(
        errors.BatchUnknown,
        errors.BatchNotReady,
        errors.PrintWindowUsed,
        errors.PrintWindowClosed,
    ),
    example=Example(body={"reason": "First print run"}, path=BATCH),
)
def open_window(call: Call[Why, NoBody]) -> Answer:
    """The scratch codes can be read until the window closes, and never again."""
    path = call.path
    made = service.open_window(
        path["program"], path["batch"], call.principal, call.body.reason, call.at
    )
    return Answer(batch_view(made, call.language))


@room.route(
    "GET",
    PATH + "/{batch}/print/{part}",
    access="staff:tags.print",
    summary="One part of the print file, with scratch codes",
    query=PrintQuery,
    answers={200: str},
    refuses=(
        errors.BatchUnknown,
        errors.PrintPartUnknown,
        errors.PrintWindowNotOpen,
        errors.PrintWindowClosed,
    ),
    example=Example(path={**BATCH, "part": "1"}),
    media_types=("text/csv", "text/html"),
)
def print_part(call: Call[NoBody, PrintQuery]) -> Answer:
    """Labels as CSV for a printing house, or as a sheet that a browser prints."""
    part, kind = call.path["part"], call.query.format
    number = int(part) if part.isascii() and part.isdigit() and len(part) <= 6 else 0
    found, labels = service.print_part(
        call.path["program"], call.path["batch"], number, kind, call.settings, call.at
    )
    name, url = f"{found.batch}-{number}", call.settings.public_url
    if kind == "csv":
        attached = ("Content-Disposition", f'attachment; filename="{name}.csv"')
        text = printing.csv_text(labels, found.item, url)
        return Answer(text, headers=(attached,), media_type="text/csv; charset=utf-8")
    title = say(call.language, "page.sheet", batch=found.batch, part=number)
    club = in_force(call.path["program"], call.at).name.get(call.language)
    text = printing.sheet(labels, found.item, url, printing.Heading(title, club), call.language)
    policy = ("Content-Security-Policy", printing.policy(printing.STYLE))
    return Answer(text, headers=(policy,), media_type="text/html; charset=utf-8")


@room.route(
    "POST",
    PATH + "/{batch}/print-window/close",
    access="staff:tags.print",
    summary="Close the print window and destroy the codes",
    answers={200: BatchView},
    refuses=(errors.BatchUnknown, errors.PrintWindowNotOpen),
    example=Example(path=BATCH),
)
def close_window(call: Call[NoBody, NoBody]) -> Answer:
    """From now on nobody can read the batch's codes, the platform included."""
    path = call.path
    made = service.close_window(path["program"], path["batch"], call.principal, call.at)
    return Answer(batch_view(made, call.language))


def _order(call: Call[NewBatch, NewBatchQuery]) -> Order:
    body, program = call.body, call.path["program"]
    gtin = model.read_gtin(body.gtin) if body.gtin else ""
    if gtin is None:
        raise InvalidFields(fields=(FieldError("/gtin", "wrong_check_digit"),))
    name = body.name
    if isinstance(name, str):
        name = model.Name(**{in_force(program, call.at).languages[0]: name})
    if not name.get(call.language):
        raise InvalidFields(fields=(FieldError("/name", "required"),))
    item = model.Item(sku=body.sku, category=body.category, name=name, gtin=gtin)
    return Order(program, item, body.count, body.partner, call.principal, call.at)


def _plan(order: Order, public_url: str, language: str) -> BatchPlan:
    return BatchPlan(
        item=item_view(order.item, language),
        gtin=order.item.gtin or None,
        count=order.count,
        job_parts=model.parts(order.count, model.PART),
        csv_parts=model.parts(order.count, SIZES["csv"]),
        sheet_parts=model.parts(order.count, SIZES["sheet"]),
        qr_example=model.address(public_url, order.item.gtin, MADE_UP),
    )
