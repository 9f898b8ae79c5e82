"""CSV for people's spreadsheets (RFC 4180), in which no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """A cell that a spreadsheet reads as text (OWASP, "CSV Injection")."""
    return "'" + text if text.startswith(_FORMULA) else text


def rows_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its header; each cell of the rows is made safe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([cell(text) for text in row] for row in rows)
    return out.getvalue()
