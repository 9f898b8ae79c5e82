"""Reading an uploaded file: once from end to end to cut it into ranges, then each range by itself.

CSV is read by Python's own reader (RFC 4180) with `,` or `;` between the cells; NDJSON is one JSON
object a line. Both are UTF-8. What cannot be read as a whole is refused with the line; what is
wrong with one row is that row's fault.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from chalicelib.kernel.errors import Malformed
from chalicelib.kernel.http.parsing import is_printable, read_json
from chalicelib.transfers.lines import BOM, Cells, Lines, NotReadable, Place, said, together
from chalicelib.transfers.model import Fault, Format

MOST_ROWS = 500_000
PART_ROWS = 500
PART_BYTES = 1_000_000
"""A range ends with the row that reaches either."""
_NAME = re.compile(r"[a-z][a-z0-9_/-]{0,59}")
Identities = Callable[[Cells], Iterable[str]]
"""What only one row of a file may have."""


class Range(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of the file that hold whole rows."""

    start: int
    length: int
    row: int
    """Number of the first row in it, from 1."""
    line: int
    """The line of the file with which it begins, from 1."""
    rows: int
    twice: tuple[int, ...] = ()
    """Numbers of rows that repeat what an earlier row of the file says for itself."""


class Outline(msgspec.Struct, frozen=True):
    """How a file is cut up, and what a CSV file's header says."""

    columns: tuple[str, ...]
    delimiter: str
    ranges: tuple[Range, ...]
    rows: int


class Typed(NamedTuple):
    """One row as it was typed."""

    row: int
    line: int
    cells: Cells
    fault: Fault | None = None
    """Set: the row cannot be read."""
    text: str = ""
    """A row of a nested shape, whole: its cells are left out."""
    rows: tuple[Cells, ...] = ()
    """Of a thing of several rows: all of them; its cells are left out."""


def outline(
    chunks: Iterable[bytes],
    form: Format,
    known: Sequence[str],
    identities: Identities,
    head: Sequence[str] = (),
) -> Outline:
    """How to cut a file up. With a ``head``, rows of a CSV file that stand one below the other and
    are the same in these columns are one thing, and count as one row.

    Raises:
        NotReadable: it is no UTF-8, has other columns than ``known``, an open quotation mark, no
        row at all or too many; with a ``head`` also: a row has not as many cells as the header.
    """
    lines = Lines(chunks)
    if form == "ndjson":
        ranges, rows = _cut(_objects(lines), 0, 1, identities)
        return Outline((), "", ranges, rows)
    source = iter(lines)
    first = next(source, "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(chain([first], source), delimiter=delimiter, strict=True)
    columns = _columns(reader, known, lines)
    places = _records(reader, columns, lines, strict=bool(head))
    if head:
        places = together(places, head)
    start, line = lines.bytes, lines.number + 1
    ranges, rows = _cut(places, start, line, identities, both=bool(head))
    return Outline(columns, delimiter, ranges, rows)


def rows(raw: bytes, form: Format, seen: Outline, part: Range) -> list[Typed]:
    """The rows of one range of a file that was outlined."""
    text = raw.decode().removeprefix(BOM)
    found = list(_json_rows(text) if form == "ndjson" else _csv_rows(text, seen))
    return [
        one(part.row + at, part.line + line, part.row + at in part.twice)
        for at, (line, one) in enumerate(found)
    ]


def grouped(raw: bytes, seen: Outline, part: Range, head: Sequence[str]) -> list[Typed]:
    """The rows of one range of a CSV file that was outlined with this ``head``."""
    source = io.StringIO(raw.decode().removeprefix(BOM), newline="")
    reader = csv.reader(source, delimiter=seen.delimiter, strict=True)

    def places() -> Iterator[Place]:
        after = 0
        for cells in reader:
            first, after = after + 1, reader.line_num
            yield Place(0, 0, said(seen.columns, cells), first)

    found = [one for one in together(places(), head) if one.cells is not None]
    return [_group(part, row, one) for row, one in enumerate(found, part.row)]


def documents(raw: bytes, part: Range) -> list[Typed]:
    """The rows of one range of an NDJSON file whose objects are nested, as they stand."""
    found = enumerate(raw.decode().removeprefix(BOM).split("\n"))
    whole = [(line, text) for line, text in found if text.strip()]
    return [_whole(part, row, line, text) for row, (line, text) in enumerate(whole, part.row)]


def shown(name: str) -> str:
    """The name of a field as a report may repeat it."""
    return name if _NAME.fullmatch(name) else "?"


def _columns(reader: Iterator[list[str]], known: Sequence[str], lines: Lines) -> tuple[str, ...]:
    try:
        names = tuple(name.strip().lower() for name in next(reader, []))
    except csv.Error as error:
        raise NotReadable("wrong_csv", max(lines.number, 1)) from error
    for place, name in enumerate(names, start=1):
        if name not in known or names.count(name) > 1:
            # By its number: in a file without a header the first row would be repeated here.
            raise NotReadable("wrong_column", 1, column=place)
    if not names:
        raise NotReadable("no_rows", 1)
    return names


def _records(
    reader: Iterator[list[str]], columns: tuple[str, ...], lines: Lines, *, strict: bool
) -> Iterator[Place]:
    after = lines.number
    try:
        for cells in reader:
            first, after = after + 1, lines.number
            found = said(columns, cells)
            if strict and found is not None and len(cells) != len(columns):
                # One that lacks a row is another thing than was meant.
                raise NotReadable("wrong_cell_count", first, count=len(columns))
            yield Place(lines.bytes, lines.number + 1, found, first)
    except csv.Error as error:
        raise NotReadable("wrong_csv", lines.number) from error


def _objects(lines: Lines) -> Iterator[Place]:
    for text in lines:
        blank = not text.strip()
        yield Place(lines.bytes, lines.number + 1, None if blank else _glance(text))


def _glance(text: str) -> Cells:
    """What identifies an object; nothing of one that cannot be read, which its part will tell."""
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: str(value).strip() for name, value in found.items() if value not in (None, "")}


def _cut(
    places: Iterable[Place], start: int, line: int, identities: Identities, *, both: bool = False
) -> tuple[tuple[Range, ...], int]:
    """``both``: of what is there twice the first is told too, because neither is whole."""
    ranges: list[Range] = []
    seen: set[int] = set()
    firsts: dict[int, int] = {}
    early: set[int] = set()
    twice: list[int] = []
    first, rows, end, after = 1, 0, start, line
    for place in places:
        end, after, cells = place.end, place.line, place.cells
        if cells is not None:
            rows += 1
            if rows > MOST_ROWS:
                raise NotReadable("too_many_rows", after - 1, limit=MOST_ROWS)
            # Hashes of 64 bits: half a million rows with four of them each take 160 MB.
            mine = {hash(one) for one in identities(cells)}
            if mine & seen:
                twice.append(rows)
                early |= {firsts[one] for one in mine & firsts.keys()}
            seen |= mine
            if both:
                firsts |= dict.fromkeys(mine - firsts.keys(), rows)
        if rows - first + 1 >= PART_ROWS or end - start >= PART_BYTES:
            ranges.append(Range(start, end - start, first, line, rows - first + 1, tuple(twice)))
            start, line, first, twice = end, after, rows + 1, []
    if rows >= first:
        ranges.append(Range(start, end - start, first, line, rows - first + 1, tuple(twice)))
    if not rows:
        raise NotReadable("no_rows", 1)
    return tuple(_also(one, early) for one in ranges if one.rows), rows


def _also(part: Range, early: set[int]) -> Range:
    """A range in which these rows are told as twice there too."""
    mine = early & set(range(part.row, part.row + part.rows)) if early else set()
    if not mine:
        return part
    return msgspec.structs.replace(part, twice=tuple(sorted({*part.twice, *mine})))


def _csv_rows(text: str, seen: Outline) -> Iterator["_Numbered"]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=seen.delimiter, strict=True)
    before = 0
    for cells in reader:
        line, before = before, reader.line_num
        found = said(seen.columns, cells)
        if found is not None and len(cells) == len(seen.columns):
            yield line, _row(found)
        elif found is not None:
            yield line, _row({}, ("", "wrong_cell_count", {"count": str(len(seen.columns))}))


def _json_rows(text: str) -> Iterator["_Numbered"]:
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            yield number, _object(line)


def _object(line: str) -> "_Row":
    try:
        found = read_json(line.encode())
    except Malformed:
        return _row({}, ("", "wrong_json", {}))
    if not isinstance(found, dict):
        return _row({}, ("", "wrong_json", {}))
    cells: Cells = {}
    for name, value in found.items():
        if type(value) not in (str, int, type(None)):
            return _row({}, (shown(name), "wrong_type", {}))
        if value is not None and (text := str(value).strip()):
            cells[name] = text
    return _row(cells)


def _whole(part: Range, row: int, line: int, text: str) -> Typed:
    place = part.line + line
    fault = Fault(row, place, "", "row_twice") if row in part.twice else None
    return Typed(row, place, {}, fault, text)


def _group(part: Range, row: int, group: Place) -> Typed:
    line = part.line + group.first - 1
    fault = Fault(row, line, "", "rows_apart") if row in part.twice else None
    return Typed(row, line, {}, fault, rows=group.rows)


_Row = Callable[[int, int, bool], Typed]
_Numbered = tuple[int, _Row]


def _row(cells: Cells, wrong: tuple[str, str, dict[str, str]] | None = None) -> _Row:
    if wrong is None:
        bad = next((name for name, text in cells.items() if not is_printable(text)), None)
        wrong = None if bad is None else (shown(bad), "wrong_characters", {})

    def numbered(row: int, line: int, twice: bool) -> Typed:
        fault = ("", "row_twice", {}) if twice and wrong is None else wrong
        return Typed(row, line, cells, Fault(row, line, *fault) if fault else None)

    return numbered
