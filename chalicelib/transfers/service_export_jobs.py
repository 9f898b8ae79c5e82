"""The job of an export: each part reads one segment of the table and writes files on the way.

A part keeps its place with every file, in one conditional write: whoever was overtaken leaves a
file that no list names, and the bucket deletes it. A part that has read enough comes again.
"""

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from chalicelib.files import service as files
from chalicelib.jobs.model import JobFailed, Unfinished, Work
from chalicelib.kernel.table.scans import Cursor, Raw
from chalicelib.kernel.table.writes import ConditionFailed, commit
from chalicelib.ledger import store as ledger
from chalicelib.members import store as members
from chalicelib.receipts.store import ReceiptItem
from chalicelib.transfers import export_rows
from chalicelib.transfers import store_exports as store
from chalicelib.transfers.export_rows import Person, Row
from chalicelib.transfers.model import Written
from chalicelib.transfers.service_imports import MEDIA
from chalicelib.transfers.store_exports import ExportItem, PlaceItem

FILE_ROWS = 20_000
"""A file ends with the page of the table that reaches so many rows."""
PAGES = 200
"""Pages of the table that are read for one file; a file may hold few rows, or none be written."""
WORKERS = 8


def write_part(work: Work) -> int:
    """Write the next file of one part; raises Unfinished until it is the last one."""
    item = store.read(work.job.program, work.job.ref)
    if item is None:
        raise JobFailed("export_gone")
    place = store.place(item.program, item.export, work.part)
    if not place.over:
        rows, cursor = _rows(item, work.part, place)
        written = (_write(item, work.part, place, rows),) if rows else ()
        try:
            commit(store.moved(place, cursor, written))
        except ConditionFailed as overtaken:
            raise Unfinished from overtaken
        if cursor is not None:
            raise Unfinished
    return 1


def _rows(item: ExportItem, part: int, place: PlaceItem) -> tuple[list[Row], Cursor | None]:
    rows: list[Row] = []
    cursor: Cursor | None = place.cursor
    for _ in range(PAGES):
        images, cursor = store.scan(item.program, item.order.kind, part, cursor)
        rows += _told(item, images)
        if cursor is None or len(rows) >= FILE_ROWS:
            break
    return rows, cursor


def _told(item: ExportItem, images: list[Raw]) -> Iterator[Row]:
    """The rows of a page of the table. Who has left is not in it, but for their entries."""
    program = item.program
    if item.order.kind == "receipts":
        yield from _receipts(item, images)
        return
    ids = [_member(one) for one in images]
    people = _people(program, ids)
    if item.order.kind == "members":
        found = [people[one] for one in ids if one in people]
        with ThreadPoolExecutor(WORKERS) as pool:
            given = pool.map(lambda one: members.granted(program, one.member.member), found)
            yield from map(export_rows.member_row, found, given)
    elif item.order.kind == "balances":
        for one, raw in zip(ids, images, strict=True):
            head = ledger.HeadItem.from_raw_data(raw)
            if one in people:
                account = ledger.account_of(head, program, one)
                yield from export_rows.balance_rows(people[one], account)
    else:
        for one, raw in zip(ids, images, strict=True):
            entry = ledger.from_item(ledger.EntryItem.from_raw_data(raw), program, one)
            yield export_rows.entry_row(people.get(one), entry)


def _receipts(item: ExportItem, images: list[Raw]) -> Iterator[Row]:
    """The receipts of a page; other events are no receipts."""
    found = [ReceiptItem.from_raw_data(raw) for raw in images]
    sold = [one for one in found if one.sold.event is None]
    people = _people(item.program, [one.member for one in sold if one.member])
    for one in sold:
        yield from export_rows.receipt_rows(people.get(one.member or ""), one, item.order.format)


def _people(program: str, ids: list[str]) -> Mapping[str, Person]:
    profiles = members.profiles(program, ids)
    return {
        one: Person(member, profiles[one])
        for one, member in members.several(program, ids).items()
        if member.status != "erased" and one in profiles
    }


def _write(item: ExportItem, part: int, place: PlaceItem, rows: list[Row]) -> Written:
    order = item.order
    body = export_rows.file_of(rows, order.kind, order.format)
    digest = hashlib.sha256(body).hexdigest()
    # Named by its content: two workers with one place write two files, or the same one.
    name = f"{order.kind}-{part:02d}-{len(place.files) + 1:04d}-{digest[:12]}.{order.format}"
    files.keep_export(item.program, item.export, name, body, MEDIA[order.format])
    return Written(name=name, rows=len(rows), size=len(body), sha256=digest)


def _member(one: Raw) -> str:
    return str(one["pk"]["S"]).rpartition("#")[2]
