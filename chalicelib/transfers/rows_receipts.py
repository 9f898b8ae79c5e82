"""Rows of a receipts file: each is the body that the API takes for one receipt. Pure.

In CSV a receipt has a row for each of its positions. A file of the club's past also says what was
paid and what came back, as exports do.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec

from chalicelib.kernel.errors import InvalidFields, Refusal
from chalicelib.kernel.http.parsing import read_body
from chalicelib.programs.values import Slug
from chalicelib.receipts import tables
from chalicelib.receipts.model import Buyer, PastReceipt, Receipt
from chalicelib.transfers.fields import MOST_FAULTS
from chalicelib.transfers.lines import MOST_LINE, Cells
from chalicelib.transfers.model import Fault
from chalicelib.transfers.reading import Typed, shown

BUYER = ("card", "phone", "member")
"""Columns that name the buyer as a till does."""
ONCE = ("channel", "payments", "external_id")
COLUMNS = (*tables.HEAD, *ONCE, "points", "coupons", *BUYER, *tables.OF_LINE)
PAST_COLUMNS = (*tables.HEAD, *ONCE, "receipt", *BUYER, *tables.OF_LINE, "paid", "returned")
RETURN = "returned"
"""Number of the return that a CSV file tells of: when which piece came back it does not."""
ExternalId = Annotated[str, msgspec.Meta(max_length=64)]


class Row(Receipt, frozen=True, kw_only=True):
    """A receipt as a file tells of it."""

    partner: Slug = ""
    """Whose it is; missing: of the partner whom the order names."""
    external_id: ExternalId = ""
    """The club's own number of the buyer, instead of what a till knows."""


class PastRow(PastReceipt, frozen=True, kw_only=True):
    """A receipt of the club's past."""

    partner: Slug = ""
    external_id: ExternalId = ""
    receipt: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """Its id where it was exported; not looked at."""


AnyRow = Row | PastRow


def identities(cells: Cells) -> Iterator[str]:
    """What only one row of a file may have: a receipt's natural id, and when it was paid."""
    yield "\x1f".join(tables.head(cells))


def read(typed: Typed, *, history: bool) -> AnyRow | list[Fault]:
    """The receipt of one row, or everything that is wrong with it."""
    if typed.fault:
        return [typed.fault]
    text = typed.text.encode()
    if typed.rows:
        if apart := _disagreeing(typed.rows):
            return [Fault(typed.row, typed.line, one, "not_the_same") for one in apart]
        text = msgspec.json.encode(_body(typed.rows))
    shape: type[AnyRow] = PastRow if history else Row
    try:
        found = read_body(text, "application/json", shape, max_bytes=MOST_LINE)
    except Refusal as refusal:
        return faults(typed, refusal)
    if found.external_id and found.buyer:
        return [Fault(typed.row, typed.line, "external_id", "one_of_them")]
    return found


def receipt(row: AnyRow, buyer: Buyer | None) -> Receipt:
    """The receipt itself, just as a till would tell it of this buyer."""
    shape = PastReceipt if isinstance(row, PastRow) else Receipt
    told = {name: getattr(row, name) for name in shape.__struct_fields__}
    return shape(**{**told, "buyer": buyer or row.buyer})


def faults(typed: Typed, refusal: Refusal) -> list[Fault]:
    """A refusal as the faults of a row."""
    if isinstance(refusal, InvalidFields):
        return [
            Fault(typed.row, typed.line, shown(one.pointer.strip("/")), one.code, one.params)
            for one in refusal.fields[:MOST_FAULTS]
        ]
    return [Fault(typed.row, typed.line, "", refusal.code, refusal.params)]


def _disagreeing(rows: Sequence[Cells]) -> list[str]:
    """What a receipt has once, and its rows tell differently."""
    names = (*ONCE, "points", "coupons", "receipt", *BUYER)
    return [
        name
        for name in names
        if any(row.get(name, "") not in ("", rows[0].get(name, "")) for row in rows)
    ]


def _body(rows: Sequence[Cells]) -> dict[str, Any]:
    body = tables.body(rows, (*tables.HEAD, *ONCE, "points", "coupons", "receipt"))
    buyer = {name: rows[0][name] for name in BUYER if name in rows[0]}
    if buyer:
        body["buyer"] = buyer
    if any("paid" in row for row in rows):
        body["paid"] = [tables.value("paid", row.get("paid", "")) for row in rows]
    back = [
        (place, tables.value("returned", row.get("returned", "0")))
        for place, row in enumerate(rows)
    ]
    lines = [{"line": place, "quantity": pieces} for place, pieces in back if pieces != 0]
    if lines:
        body["returns"] = [{"number": RETURN, "at": body.get("at", ""), "lines": lines}]
    return body
