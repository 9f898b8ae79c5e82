"""Finding past receipts, in the table or in a file, chunk by chunk, each put aside by member."""

from hashlib import sha256
from typing import Any

import msgspec

from chalicelib.files import service as files
from chalicelib.forecasts import store, upload
from chalicelib.forecasts.model import BUCKETS, Faulty, Forecast, Past, PastReturn
from chalicelib.forecasts.store import Place
from chalicelib.jobs.model import JobFailed
from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.programs import service as programs
from chalicelib.receipts.model import Payment
from chalicelib.receipts.store import ReceiptItem

CHUNK_RECEIPTS = 20_000
CHUNK_PAGES = 16
"""What is gathered before it is put aside: receipts, or pages of the table."""
MOST_FAULTS = 20
"""Rows that are no receipts, as far as they are shown."""
Chunk = tuple[list[Past], int, list[Faulty], dict[str, Any] | None]
"""Receipts, rows that are none and how they were, and where to go on."""


def gathered(head: Forecast, part: int, place: Place) -> Place:
    """One chunk more, put aside before the place moves on."""
    try:
        receipts, faulty, faults, cursor = _chunk(head, part, place)
    except NotFound as gone:
        raise JobFailed("file_gone") from gone
    except upload.WrongHeader as wrong:
        raise JobFailed("wrong_header") from wrong
    except UnicodeDecodeError as wrong:
        raise JobFailed("not_text") from wrong
    buckets: dict[int, list[Past]] = {}
    for past in receipts:
        buckets.setdefault(_bucket(past.member), []).append(past)
    for bucket, some in buckets.items():
        name = store.gathered_name(head.forecast, part, len(place.chunks), bucket)
        store.keep_receipts(head.program, name, some)
    then = msgspec.structs.replace(
        place,
        cursor=cursor,
        chunks=(*place.chunks, tuple(sorted(buckets))),
        receipts=place.receipts + len(receipts),
        faulty=place.faulty + faulty,
        faults=(*place.faults, *faults)[:MOST_FAULTS],
    )
    return store.advance(head.program, head.forecast, part, place, then)


def _chunk(head: Forecast, part: int, place: Place) -> Chunk:
    cursor = place.cursor or {}
    if head.source == "file":
        return _of_file(head, int(cursor.get("line", 0)))
    return _of_table(head, part, cursor)


def _of_table(head: Forecast, part: int, cursor: dict[str, Any]) -> Chunk:
    found: list[Past] = []
    zone = programs.version(head.program, head.documents[0].version).zone
    for _ in range(CHUNK_PAGES):
        items, last = store.scanned(head.program, part - 1, head.parts, cursor)
        for item in items:
            day = local_date(parse(item.sold.at), zone).isoformat()
            if item.member and item.given and head.first <= day <= head.last:
                found.append(_past(item))
        if last is None:
            return found, 0, [], None
        cursor = last
        if len(found) >= CHUNK_RECEIPTS:
            break
    return found, 0, [], cursor


def _of_file(head: Forecast, after: int) -> Chunk:
    item = files.read(head.program, head.file)
    text = files.read_lines(head.program, head.file, "receipts")
    rows = upload.table(text) if item.media_type == "text/csv" else upload.ndjson(text)
    zone = programs.version(head.program, head.documents[0].version).zone
    found: list[Past] = []
    faults: list[Faulty] = []
    faulty = 0
    for row in rows:
        if row.line <= after:
            continue
        if row.receipt is None:
            faulty += 1
            faults += [row.fault] if row.fault and len(faults) < MOST_FAULTS else []
        else:
            day = local_date(parse(row.receipt.at), zone).isoformat()
            if head.first <= day <= head.last:
                found.append(upload.past(row.receipt, _uploaded(head, row.receipt.member)))
        if len(found) >= CHUNK_RECEIPTS:
            return found, faulty, faults, {"line": row.line}
    return found, faulty, faults, None


def _past(item: ReceiptItem) -> Past:
    """A stored receipt as it is played through again."""
    sold, given = item.sold, item.given
    if not item.member or given is None:
        raise ValueError(f"receipt {item.receipt} is nobody's")
    return Past(
        item.member,
        item.receipt,
        item.partner,
        item.outlet,
        msgspec.structs.replace(sold, shares=(), past=False),
        coupons=tuple(share.coupon for share in sold.shares),
        payments=_payments(item),
        points=sum(share.points for share in sold.shares),
        rate=given.frozen.partner_rate,
        before=given.before,
        returns=tuple(PastReturn(one.at, one.lines) for one in item.returns if one.entry),
    )


def _payments(item: ReceiptItem) -> tuple[Payment, ...]:
    """What was paid by means that earned nothing, and the rest; which of several such means it
    was, is not kept.
    """
    sold, given = item.sold, item.given
    idle = sum(share.idle for share in sold.shares)
    if not idle or given is None:
        return ()
    terms = programs.version(item.program, given.frozen.version).purchases
    means = next((one for one in sold.payment if one in terms.earns_nothing), "")
    return (Payment(means=means, amount=idle),) if means else ()


def _bucket(member: str) -> int:
    return sha256(member.encode()).digest()[0] % BUCKETS


def _uploaded(head: Forecast, member: str) -> str:
    """Whatever names a member in a file, so that nobody can read it any more."""
    return keyed_hash(settings(), "forecast member", head.program, head.forecast, member)[:24]
