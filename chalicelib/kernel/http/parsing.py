"""Strict reading of requests: what is not exactly as documented is refused, with every fault named.

Standard JSON parsers accept duplicate keys, NaN and unbounded depth; msgspec stops at the first
wrong field. Both are widened here, so that a form can mark all its fields at once.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec

from chalicelib.kernel.errors import (
    FieldError,
    InvalidFields,
    InvalidQuery,
    Malformed,
    TooLarge,
    WrongContentType,
)

T = TypeVar("T")

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16
"""A forecast's variant holds a program's rules, whose conditions hold conditions."""
MAX_FAULTS = 50
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_PATH = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_BOUND = re.compile(r"(?P<sign><=|>=|<|>) (?P<bound>-?\d+)")


def read_body(raw: bytes, content_type: str, shape: type[T], *, max_bytes: int = MAX_BYTES) -> T:
    """The typed body of a request.

    Raises:
        TooLarge, WrongContentType, Malformed, InvalidFields: the latter with a pointer to every
        wrong field.
    """
    if len(raw) > max_bytes:
        raise TooLarge(limit=max_bytes // 1024)
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise WrongContentType
    document = read_json(raw)
    unprintable = tuple(_unprintable(document, ""))[:MAX_FAULTS]
    try:
        body = msgspec.convert(document, shape)
    except msgspec.ValidationError as error:
        named = _faults(document, shape, error)
        pointers = {fault.pointer for fault in named}
        more = (fault for fault in unprintable if fault.pointer not in pointers)
        raise InvalidFields(fields=(*named, *more)) from error
    if unprintable:
        raise InvalidFields(fields=unprintable)
    return body


def read_json(raw: bytes) -> Any:
    """JSON without duplicate keys, NaN, lone surrogates or depth beyond :data:`MAX_DEPTH`."""
    try:
        document = json.loads(
            raw.decode(), object_pairs_hook=_no_duplicates, parse_constant=_no_constants
        )
        _refuse_depth(document)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    return document


def read_query(given: Mapping[str, list[str]], shape: type[T]) -> T:
    """The typed query string; a parameter that comes twice is refused like an unknown one."""
    twice = tuple(
        FieldError(f"/{name}", "duplicate") for name, all_ in given.items() if len(all_) > 1
    )
    if twice:
        raise InvalidQuery(fields=twice)
    flat = {name: values[0] for name, values in given.items()}
    try:
        return msgspec.convert(flat, shape, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidQuery(fields=_faults(flat, shape, error, strict=False)) from error


def is_printable(text: str) -> bool:
    """Whether a text has no control characters or noncharacters, as every text of a body."""
    return _CONTROLS.search(text) is None


def _faults(
    document: Any, shape: Any, first: msgspec.ValidationError, *, strict: bool = True
) -> tuple[FieldError, ...]:
    found = list(_walk(document, shape, "", strict))[:MAX_FAULTS]
    return tuple(found) or (_fault(str(first), ""),)


def _walk(value: Any, shape: Any, pointer: str, strict: bool) -> Iterator[FieldError]:
    """Every fault of a document: each field of each struct is tried by itself."""
    if not (isinstance(value, dict) and _is_struct(shape)):
        try:
            msgspec.convert(value, shape, strict=strict)
        except msgspec.ValidationError as error:
            yield _fault(str(error), pointer)
        return
    hints = get_type_hints(shape, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for name in value.keys() - fields.keys():
        yield FieldError(f"{pointer}/{_escape(name)}", "unknown_field")
    for name, field in fields.items():
        if name in value:
            yield from _walk(value[name], hints[field.name], f"{pointer}/{name}", strict)
        elif field.required:
            yield FieldError(f"{pointer}/{name}", "required")


def _is_struct(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _fault(message: str, pointer: str) -> FieldError:
    path = _PATH.search(message)
    if path:
        inner = re.findall(r"[^.\[\]]+", path["path"])
        pointer += "".join("/" + _escape(part) for part in inner)
        message = message[: path.start()]
    return FieldError(pointer or "/", *_kind(message))


def _kind(message: str) -> tuple[str, dict[str, str]]:
    bound = _BOUND.search(message)
    limit = {"limit": bound["bound"]} if bound else {}
    longer = bound is not None and ">" in bound["sign"]
    if "length" in message and bound is None:  # of an array that has one length only
        return "wrong_format", {}
    if "length" in message:
        return ("too_short" if longer else "too_long"), limit
    if bound:
        return ("too_small" if longer else "too_big"), limit
    if "regex" in message or ("Invalid" in message and "enum" not in message):
        return "wrong_format", {}
    if "enum" in message:
        return "not_one_of", {}
    if "missing required" in message:
        return "required", {}
    if "unknown field" in message:
        return "unknown_field", {}
    return "wrong_type", {}


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constants(name: str) -> Any:
    raise ValueError(name)


def _refuse_depth(document: Any) -> None:
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise ValueError("too deep")


def _unprintable(value: Any, pointer: str) -> Iterator[FieldError]:
    """Texts with control characters or noncharacters: queues and printers do not take them."""
    if isinstance(value, str) and _CONTROLS.search(value):
        yield FieldError(pointer or "/", "wrong_characters")
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _unprintable(child, f"{pointer}/{_escape(name)}")
    elif isinstance(value, list):
        for place, child in enumerate(value):
            yield from _unprintable(child, f"{pointer}/{place}")


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, child in value.items():
            key.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
            yield child
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, str):
        value.encode()


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")[:100]
