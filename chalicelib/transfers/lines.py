"""The lines and rows of an uploaded file, before anybody asks what they mean."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chalicelib.kernel.csv_text import plain

MOST_LINE = 200_000
"""Bytes of one line; no row of ours comes near it."""
MOST_TOGETHER = 1_000
"""Rows that are one thing."""
BOM = "\ufeff"
Cells = dict[str, str]
"""A row as it was typed, by column; empty cells are left out."""


class NotReadable(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, code: str, line: int, **params: object) -> None:
        """``code`` names a sentence; ``line`` counts from 1."""
        super().__init__(code)
        self.code = code
        self.line = line
        self.params = {name: str(value) for name, value in params.items()}


class Lines:
    """The lines of a file as text, counted as they are taken."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """``chunks`` are the file's bytes in order."""
        self._chunks = chunks
        self.bytes = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        """Each line with its end; raises NotReadable."""
        for raw in _split(self._chunks):
            self.number += 1
            if len(raw) > MOST_LINE:
                raise NotReadable("line_too_long", self.number, limit=MOST_LINE)
            try:
                text = raw.decode()
            except UnicodeDecodeError as error:
                raise NotReadable("not_utf8", self.number) from error
            self.bytes += len(raw)
            yield text.removeprefix(BOM) if self.number == 1 else text


class Place(NamedTuple):
    """Where a row ends, and what it says: nothing where it is blank."""

    end: int
    line: int
    """The first line after it."""
    cells: Cells | None
    first: int = 0
    """The line where it begins."""
    rows: tuple[Cells, ...] = ()
    """Of rows that are one thing: all of them."""


def said(columns: tuple[str, ...], cells: list[str]) -> Cells | None:
    """What a row says; nothing when it is blank."""
    pairs = zip(columns, cells, strict=False)
    found = {name: text for name, cell in pairs if (text := plain(cell.strip()))}
    return found if found or (any(cells) and len(cells) != len(columns)) else None


def together(places: Iterable[Place], head: Sequence[str]) -> Iterator[Place]:
    """Rows that stand one below the other and are the same in these columns, as one each; blank
    ones go with those above them.
    """
    group: Place | None = None
    for place in places:
        if place.cells is None:
            if group is None:
                yield place
            else:
                group = group._replace(end=place.end, line=place.line)
        elif group is not None and _belongs(place.cells, group, head):
            rows = (*group.rows, place.cells)
            group = group._replace(end=place.end, line=place.line, rows=rows)
        else:
            if group is not None:
                yield group
            group = place._replace(rows=(place.cells,))
    if group is not None:
        yield group


def _belongs(cells: Cells, group: Place, head: Sequence[str]) -> bool:
    same = all(cells.get(name) == (group.cells or {}).get(name) for name in head)
    return same and len(group.rows) < MOST_TOGETHER


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    left = b""
    for chunk in chunks:
        *whole, left = (left + chunk).split(b"\n")
        for line in whole:
            yield line + b"\n"
        if len(left) > MOST_LINE:
            break
    if left:
        yield left
