"""Items as DynamoDB's own exports write them (DynamoDB JSON), and what makes two of them equal."""

import base64
import hashlib
import json
from decimal import Decimal
from typing import Any

Raw = dict[str, Any]
"""An item in DynamoDB's own notation, binary values as bytes."""
Key = tuple[str, str]


class Unreadable(Exception):
    """A line is no item; the message says where."""


def line_of(item: Raw) -> bytes:
    """One line of an export."""
    text = json.dumps({"Item": item}, default=_base64, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def item_of(line: bytes) -> Raw:
    """The item of a line of an export, ours or DynamoDB's.

    Raises:
        Unreadable: it is none.
    """
    try:
        found = json.loads(line)["Item"]
        return {name: _read(value) for name, value in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Unreadable(f"no item in DynamoDB JSON ({type(fault).__name__})") from None


def key_of(item: Raw) -> Key:
    """Partition and sort key."""
    return item["pk"]["S"], item["sk"]["S"]


def digest(item: Raw) -> bytes:
    """A hash that equal items have in common, whatever wrote them down: attributes and sets in one
    order, numbers in one form.
    """
    settled = {name: _settled(value) for name, value in item.items()}
    text = json.dumps(settled, default=_base64, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _read(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    match kind:
        case "B":
            return {kind: base64.b64decode(content)}
        case "BS":
            return {kind: [base64.b64decode(one) for one in content]}
        case "M":
            return {kind: {name: _read(one) for name, one in content.items()}}
        case "L":
            return {kind: [_read(one) for one in content]}
    return value


def _settled(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return {kind: _number(content)}
        case "NS":
            return {kind: sorted(map(_number, content))}
        case "SS" | "BS":
            return {kind: sorted(content)}
        case "M":
            return {kind: {name: _settled(one) for name, one in content.items()}}
        case "L":
            return {kind: [_settled(one) for one in content]}
    return value


def _number(text: str) -> str:
    return f"{Decimal(text).normalize():f}"
