"""Receipts as rows of a table: a row for each position, those of one below the other. Pure.

Cells are text; what they say becomes the body that the API takes for a receipt, so that one set of
types looks at both. What cannot be read stays text, for those types to refuse.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

HEAD = ("partner", "outlet", "till", "number", "at")
"""What rows of one receipt have in common, and those of others have not."""
OF_LINE = ("sku", "category", "brand", "tags", "quantity", "price", "cost", "on_sale")
_NUMBERS = frozenset({"points", "quantity", "price", "cost", "paid", "returned"})
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_TRUE = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_PAYMENT = re.compile(r"([^:\s]+):([0-9]{1,18})")
Row = Mapping[str, str]


def head(row: Row, names: Sequence[str] = HEAD) -> tuple[str, ...]:
    """What tells the receipt of a row from others."""
    return tuple(row.get(name, "") for name in names)


def body(rows: Sequence[Row], of_receipt: Sequence[str]) -> dict[str, Any]:
    """The rows of one receipt as one; what it has once is taken from the first."""
    found = {name: value(name, rows[0][name]) for name in of_receipt if rows[0].get(name)}
    found["lines"] = [
        {name: value(name, row[name]) for name in OF_LINE if row.get(name)} for row in rows
    ]
    return found


def value(name: str, cell: str) -> Any:
    """What a cell says."""
    if name in _NUMBERS and _WHOLE.fullmatch(cell):
        return int(cell)
    if name == "on_sale":
        return _TRUE.get(cell.lower(), cell)
    if name in ("tags", "coupons"):
        return cell.split()
    if name == "payments":
        return [_payment(one) for one in cell.split()]
    return cell


def _payment(text: str) -> Any:
    found = _PAYMENT.fullmatch(text)
    return {"means": found[1], "amount": int(found[2])} if found else text
