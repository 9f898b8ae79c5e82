"""Reading an uploaded list: CSV with a header, `,` or `;` between the cells (RFC 4180)."""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.awards.model import Row
from chalicelib.kernel.errors import FieldError, InvalidFields

MOST_ROWS = 5_000
MOST_BYTES = 800_000
MOST_POINTS = 1_000_000_000
LONGEST_REASON = 500
LONGEST_KEY = 254
COLUMNS = ("member", "points", "reason")
POINTER = "/csv"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_POINTS = re.compile(r"[+-]?[0-9]{1,10}")


class Typed(NamedTuple):
    """A row as it was typed: apart from the rest whom it is for, because that is personal."""

    key: str
    """Card number, phone, e-mail or member id."""
    row: Row


def read(text: str) -> list[Typed]:
    """The rows of a file; that of a row without a reason of its own stays empty.

    Raises:
        InvalidFields: it is too large or empty, no CSV, or has another header than
        :data:`COLUMNS`, in any order.
    """
    if len(text.encode()) > MOST_BYTES:
        raise _wrong("too_long", MOST_BYTES)
    typed: list[Typed] = []
    try:
        for line, cells in _cells(text.removeprefix("\ufeff")):
            if len(typed) == MOST_ROWS:
                raise _wrong("too_many_rows", MOST_ROWS)
            typed.append(_typed(len(typed) + 1, line, cells))
    except csv.Error as error:
        raise _wrong("wrong_csv") from error
    if not typed:
        raise _wrong("too_short", 1)
    return typed


def _cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells of each row by column, with the line where it begins."""
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names = [name.strip().lower() for name in next(lines, [])]
    if sorted(names) != sorted(COLUMNS):
        raise _wrong("wrong_header")
    before = lines.line_num
    for cells in lines:
        line, before = before + 1, lines.line_num
        if any(cell.strip() for cell in cells):
            yield line, _named(names, cells)


def _named(names: list[str], cells: list[str]) -> dict[str, str]:
    # More cells than columns: a comma that should stand in quotes, most likely in the last column.
    found = dict(zip(names, (" ".join(cell.split()) for cell in cells), strict=False))
    found["more"] = names[-1] if len(cells) > len(names) else ""
    return found


def _typed(number: int, line: int, cells: dict[str, str]) -> Typed:
    key, said = cells.get("member", ""), cells.get("reason", "")
    points = _points(cells.get("points", ""))
    row = Row(number=number, line=line, points=points, reason=said)
    wrong = cells["more"]
    if not 0 < len(key) <= LONGEST_KEY or _CONTROL.search(key):
        wrong = "member"
    elif points == 0:
        wrong = "points"
    elif len(said) > LONGEST_REASON or _CONTROL.search(said):
        wrong = "reason"
    return Typed("" if wrong else key, malformed(row, wrong) if wrong else row)


def malformed(row: Row, column: str) -> Row:
    """The row, of which one column cannot be read. Its reason is dropped: nobody will read it, and
    in a row that went wrong it may hold anything.
    """
    return Row(
        number=row.number,
        line=row.line,
        points=row.points,
        outcome="malformed",
        column=column,
    )


def _points(cell: str) -> int:
    """The points of a row; 0: they cannot be read, or are none."""
    text = cell.replace("\u2212", "-")
    points = int(text) if _POINTS.fullmatch(text) else 0
    return points if abs(points) <= MOST_POINTS else 0


def _wrong(code: str, limit: int | None = None) -> InvalidFields:
    params = {} if limit is None else {"limit": str(limit)}
    return InvalidFields(fields=(FieldError(POINTER, code, params),))
