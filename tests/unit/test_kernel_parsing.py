"""Strict reading of requests: nothing but the documented gets in, and every fault is named."""

import json
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import (
    FieldError,
    InvalidFields,
    InvalidQuery,
    Malformed,
    Refusal,
    TooLarge,
    WrongContentType,
)
from chalicelib.kernel.http.parsing import MAX_DEPTH, read_body, read_json, read_query

JSON = "application/json"
SCALARS = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


class Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A nested value."""

    width: Annotated[int, msgspec.Meta(ge=1, le=100)]
    unit: Literal["mm", "cm"] = "mm"


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body with every kind of bound."""

    name: Annotated[str, msgspec.Meta(min_length=2, max_length=5, pattern="^[a-z]+$")]
    count: Annotated[int, msgspec.Meta(ge=1, le=9)]
    size: Size
    marks: Annotated[list[int], msgspec.Meta(max_length=3)] = []
    gift: bool = False
    span: tuple[str, str] = ("", "")


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A query string."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 25
    state: Literal["open", "done"] = "open"


def depth(document: Any) -> int:
    """How many levels a document has; a scalar is one."""
    if isinstance(document, dict):
        return 1 + max(map(depth, document.values()), default=0)
    if isinstance(document, list):
        return 1 + max(map(depth, document), default=0)
    return 1


def faults(document: Any) -> dict[str, str]:
    """The faults found in a body, by pointer."""
    with pytest.raises(InvalidFields) as caught:
        read_body(json.dumps(document).encode(), JSON, Order)
    return {fault.pointer: fault.code for fault in caught.value.fields}


@given(DOCUMENTS)
def test_plain_json_is_read_as_it_is(document: Any) -> None:
    raw = json.dumps(document, ensure_ascii=False).encode()
    if depth(document) <= MAX_DEPTH:
        assert read_json(raw) == document
    else:
        with pytest.raises(Malformed):
            read_json(raw)


@given(st.dictionaries(st.text(max_size=4), DOCUMENTS, min_size=1, max_size=4), st.data())
def test_a_key_that_comes_twice_is_refused_at_any_depth(
    document: dict[str, Any], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(document)))
    pairs = [*document.items(), (key, data.draw(SCALARS))]
    text = "{" + ", ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in pairs) + "}"
    for _ in range(data.draw(st.integers(0, 3))):
        text = data.draw(st.sampled_from([f"[{text}]", f'{{"in": {text}}}']))
    with pytest.raises(Malformed):
        read_json(text.encode())


@given(st.sampled_from(["NaN", "Infinity", "-Infinity"]), st.sampled_from(["[%s]", '{"a": %s}']))
def test_numbers_that_json_does_not_know_are_refused(number: str, around: str) -> None:
    with pytest.raises(Malformed):
        read_json((around % number).encode())


@pytest.mark.parametrize("levels", [MAX_DEPTH, MAX_DEPTH + 1, 1000, 30_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_depth_is_bounded(levels: int, opening: str, closing: str) -> None:
    inner = "1" if opening != "[" else ""
    raw = (opening * levels + inner + closing * levels).encode()
    allowed = levels < MAX_DEPTH or (levels == MAX_DEPTH and opening == "[")
    if allowed:
        read_json(raw)
    else:
        with pytest.raises(Malformed):
            read_json(raw)


@pytest.mark.parametrize(
    "raw",
    [b'"\\ud800"', b'{"\\udfff": 1}', b'["\\ud800x"]', b'"\xff"', b"", b"{", b"1 2", b"'a'"],
)
def test_broken_text_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        read_json(raw)


@given(st.binary(max_size=64))
def test_whatever_comes_is_read_or_refused(raw: bytes) -> None:
    with pytest.raises(Refusal):
        read_body(raw, JSON, Order)  # too short for an order


def test_size_and_content_type_come_first() -> None:
    with pytest.raises(TooLarge):
        read_body(b"{}" + b" " * 64, JSON, Order, max_bytes=64)
    for content_type in ("", "text/plain", "application/x-www-form-urlencoded", "application/jso"):
        with pytest.raises(WrongContentType):
            read_body(b"{}", content_type, Order)
    good = b'{"name": "ab", "count": 1, "size": {"width": 1}}'
    for content_type in (JSON, "application/json; charset=utf-8", "Application/JSON"):
        assert read_body(good, content_type, Order) == Order("ab", 1, Size(1))


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = {
        "name": "A",
        "count": 10,
        "size": {"width": "1", "unit": "inch", "depth": 1},
        "marks": [1, "2"],
        "gift": 1,
        "a/b~c": None,
    }
    assert faults(wrong) == {
        "/name": "too_short",
        "/count": "too_big",
        "/size/width": "wrong_type",
        "/size/unit": "not_one_of",
        "/size/depth": "unknown_field",
        "/marks/1": "wrong_type",
        "/gift": "wrong_type",
        "/a~1b~0c": "unknown_field",
    }


def test_missing_fields_are_named_at_once() -> None:
    assert faults({}) == {"/name": "required", "/count": "required", "/size": "required"}
    assert faults({"name": "ab", "count": 1, "size": {}}) == {"/size/width": "required"}
    assert faults([]) == {"/": "wrong_type"}


@pytest.mark.parametrize(
    ("field", "value", "code", "limit"),
    [
        ("name", "abcdef", "too_long", "5"),
        ("name", "AB", "wrong_format", None),
        ("count", 0, "too_small", "1"),
        ("count", True, "wrong_type", None),
        ("count", 1.0, "wrong_type", None),
        ("count", "1", "wrong_type", None),
        ("count", None, "wrong_type", None),
        ("marks", [1, 2, 3, 4], "too_long", "3"),
        ("span", ["10:00"], "wrong_format", None),
    ],
)
def test_a_bound_is_told_with_its_figure(
    field: str, value: Any, code: str, limit: str | None
) -> None:
    body = {"name": "ab", "count": 1, "size": {"width": 1}, field: value}
    with pytest.raises(InvalidFields) as caught:
        read_body(json.dumps(body).encode(), JSON, Order)
    params = {} if limit is None else {"limit": limit}
    assert caught.value.fields == (FieldError(f"/{field}", code, params),)


@given(st.dictionaries(st.text(min_size=1, max_size=5), SCALARS, min_size=1, max_size=6))
def test_no_unknown_field_gets_through(more: dict[str, Any]) -> None:
    body = {"name": "ab", "count": 1, "size": {"width": 1}, **more}
    known = {"name", "count", "size", "marks", "gift", "span"}
    if set(more) <= known:
        return
    found = faults(body)
    for name in set(more) - known:
        assert found["/" + name.replace("~", "~0").replace("/", "~1")] == "unknown_field"


def test_query_parameters_are_as_strict() -> None:
    assert read_query({"limit": ["5"]}, Wanted) == Wanted(5)
    with pytest.raises(InvalidQuery) as caught:
        read_query({"limit": ["0"], "state": ["shut"], "page": ["2"]}, Wanted)
    assert {fault.pointer: fault.code for fault in caught.value.fields} == {
        "/limit": "too_small",
        "/state": "not_one_of",
        "/page": "unknown_field",
    }
    with pytest.raises(InvalidQuery) as caught:
        read_query({"limit": ["5", "6"]}, Wanted)
    assert caught.value.fields == (FieldError("/limit", "duplicate"),)
