"""Reading past receipts from a file, line by line: NDJSON, or CSV with a row for each position.

A row that is no receipt is told with its line and passed.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple

import msgspec

from chalicelib.earning.model import MAX_LINES
from chalicelib.forecasts.model import Faulty, Past, PastReturn
from chalicelib.kernel.clock import parse, render
from chalicelib.programs.values import Slug
from chalicelib.receipts import tables
from chalicelib.receipts.model import Receipt, Return
from chalicelib.receipts.store import Sold, receipt_id

LONGEST = 200_000
"""Letters of one line."""
REQUIRED = ("member", "number", "at", "outlet", "sku", "price")
_HEAD = ("member", *tables.HEAD)
_OF_RECEIPT = (*_HEAD, "channel", "points")
COLUMNS = (*_OF_RECEIPT, *tables.OF_LINE)
ENCODING = "utf-8-sig"


class Uploaded(Receipt, frozen=True, kw_only=True):
    """A receipt as the API takes it, of somebody, at some partner."""

    member: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """Whatever tells one member from the others."""
    partner: Slug = ""
    """Id of the partner; missing: none."""
    returns: Annotated[tuple[Return, ...], msgspec.Meta(max_length=50)] = ()
    """What came back."""


class WrongHeader(Exception):
    """The first row of a CSV does not name the columns."""


class Read(NamedTuple):
    """One receipt of a file, or what is wrong with its row."""

    line: int
    receipt: Uploaded | None
    fault: Faulty | None


_decoder = msgspec.json.Decoder(Uploaded)


def ndjson(lines: Iterable[str]) -> Iterator[Read]:
    """One receipt a line; empty lines are passed."""
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        if len(text) > LONGEST:
            yield _fault(number, "too_long", "")
            continue
        try:
            yield _checked(number, _decoder.decode(text))
        except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
            yield _fault(number, "malformed", _pointer(error))


def table(lines: Iterable[str]) -> Iterator[Read]:
    """Rows of one receipt stand one below the other.

    Raises:
        WrongHeader: columns are missing, unknown or twice there.
    """
    source = iter(lines)
    first = next(source, "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    names = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    if len(set(names)) < len(names) or not set(REQUIRED) <= set(names) <= set(COLUMNS):
        raise WrongHeader
    group: list[dict[str, str]] = []
    began = 0
    for number, text in enumerate(source, start=2):
        if not text.strip():
            continue
        cells = next(csv.reader([text[:LONGEST]], delimiter=delimiter), [])
        if len(cells) != len(names):
            yield _fault(number, "malformed", "")
            continue
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        if group and (
            tables.head(group[0], _HEAD) != tables.head(row, _HEAD) or len(group) == MAX_LINES
        ):
            yield _grouped(began, group)
            group = []
        began = began if group else number
        group.append(row)
    if group:
        yield _grouped(began, group)


def past(found: Uploaded, member: str) -> Past:
    """An uploaded receipt as a forecast plays it through; ``member`` names its member."""
    at = parse(found.at)
    paid = sum(one.amount for one in found.payments)
    total = sum(line.price for line in found.lines)
    coupons: tuple[int, ...] = ()
    if found.coupons and found.payments and not found.points and paid < total:
        # What nobody paid for the coupons did; how they fell on the lines is not told.
        coupons = _in_order(total - paid, [line.price for line in found.lines])
    means = tuple(dict.fromkeys(one.means for one in found.payments))
    sold = Sold(
        found.number,
        render(at),
        found.lines,
        till=found.till,
        channel=found.channel,
        payment=means,
        identified="card" if found.buyer and found.buyer.card else "",
    )
    natural = (member, found.partner, found.outlet, found.till, render(at), found.number)
    return Past(
        member,
        receipt_id(*natural),
        found.partner,
        found.outlet,
        sold,
        coupons=coupons,
        payments=found.payments,
        points=found.points,
        returns=tuple(
            PastReturn(render(parse(one.at)), tuple((it.line, it.quantity) for it in one.lines))
            for one in found.returns
        ),
    )


def _grouped(line: int, rows: list[dict[str, str]]) -> Read:
    try:
        return _checked(line, msgspec.convert(tables.body(rows, _OF_RECEIPT), Uploaded))
    except msgspec.ValidationError as error:
        return _fault(line, "malformed", _pointer(error))


def _checked(line: int, found: Uploaded) -> Read:
    """What types cannot say: no more may come back than was sold, and not before."""
    back = [0] * len(found.lines)
    for place, one in enumerate(found.returns):
        pointer = f"/returns/{place}"
        if parse(one.at) < parse(found.at):
            return _fault(line, "return_before_receipt", f"{pointer}/at")
        for it in one.lines:
            if it.line >= len(back):
                return _fault(line, "malformed", f"{pointer}/lines")
            back[it.line] += it.quantity
            if back[it.line] > found.lines[it.line].quantity:
                return _fault(line, "returned_too_much", f"{pointer}/lines")
    return Read(line, found, None)


def _in_order(amount: int, prices: list[int]) -> tuple[int, ...]:
    found = []
    for price in prices:
        found.append(min(amount, price))
        amount -= found[-1]
    return tuple(found)


def _fault(line: int, code: str, pointer: str) -> Read:
    return Read(line, None, Faulty(line, code, pointer))


def _pointer(error: Exception) -> str:
    """Where in the row: msgspec tells it behind the sentence, as ``$.lines[0].price``."""
    _, _, path = str(error).partition(" - at `$")
    return path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
