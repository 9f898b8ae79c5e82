"""CSV for people's spreadsheets (RFC 4180), in which no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_SIGN = r"\s*[=+\-@＝＋－＠]"
_FORMULA = re.compile(rf"^(?=[\t\r\n]|{_SIGN})|(?<=[;\t\r\n])(?={_SIGN})")
"""Where a formula could begin: at the start of a cell, and behind what some locales take for the
end of one, because their spreadsheets do not see the quotation marks of a file with commas.
"""

_SAFE_SIGN = _SIGN.replace(r"\s", r"[\s']")
_MADE_SAFE = re.compile(rf"^'(?=[\t\r\n]|{_SAFE_SIGN})|(?<=[;\t\r\n])'(?={_SAFE_SIGN})")


def cell(text: str) -> str:
    """A cell that a spreadsheet reads as text (OWASP, "CSV Injection")."""
    return _FORMULA.sub("'", text)


def plain(text: str) -> str:
    """What a cell says that :func:`cell` may have made."""
    return _MADE_SAFE.sub("", text)


def rows_text(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """A table with its header. Text is quoted and made safe, whatever it holds; numbers stay
    numbers.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(header)
    writer.writerows([cell(one) if isinstance(one, str) else one for one in row] for row in rows)
    return out.getvalue()
