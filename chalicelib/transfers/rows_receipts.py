"""Rows of a receipts file: each is the body that the API takes for one receipt. Pure."""

from collections.abc import Iterator

from chalicelib.kernel.errors import InvalidFields, Refusal
from chalicelib.kernel.http.parsing import read_body
from chalicelib.receipts.model import Receipt
from chalicelib.transfers.fields import MOST_FAULTS
from chalicelib.transfers.model import Fault
from chalicelib.transfers.reading import MOST_LINE, Cells, Typed, shown


def identities(cells: Cells) -> Iterator[str]:
    """What only one row of a file may have: a receipt's natural id, and when it was paid."""
    yield "\x1f".join(cells.get(name, "") for name in ("outlet", "till", "at", "number"))


def read(typed: Typed) -> Receipt | list[Fault]:
    """The receipt of one row, or everything that is wrong with it."""
    if typed.fault:
        return [typed.fault]
    try:
        return read_body(typed.text.encode(), "application/json", Receipt, max_bytes=MOST_LINE)
    except Refusal as refusal:
        return faults(typed, refusal)


def faults(typed: Typed, refusal: Refusal) -> list[Fault]:
    """A refusal as the faults of a row."""
    if isinstance(refusal, InvalidFields):
        return [
            Fault(typed.row, typed.line, shown(one.pointer.strip("/")), one.code, one.params)
            for one in refusal.fields[:MOST_FAULTS]
        ]
    return [Fault(typed.row, typed.line, "", refusal.code, refusal.params)]
