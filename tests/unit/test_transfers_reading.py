"""Reading import files: cut into ranges once, then read range by range; nothing lost or doubled."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.transfers import lines, reading, rows_members
from chalicelib.transfers.lines import Cells, NotReadable
from chalicelib.transfers.model import Format
from chalicelib.transfers.reading import Typed

COLUMNS = ("external_id", "given_name", "city")
SIGNS = st.sampled_from("ab ,;\"'\n+=@яё🌍") | st.characters(exclude_categories=["Cs", "Cc"])
CELL = st.text(SIGNS, max_size=8)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=30)


def chunked(raw: bytes, size: int) -> Iterator[bytes]:
    """A file as it comes from storage."""
    return (raw[start : start + size] for start in range(0, len(raw), size))


def nothing(_: Cells) -> Iterable[str]:
    """Rows that may repeat."""
    return ()


def read(
    raw: bytes, form: Format = "csv", size: int = 7, known: tuple[str, ...] = COLUMNS, **more: Any
) -> list[Typed]:
    """All rows of a file, by way of its ranges."""
    identities = more.get("identities", nothing)
    seen = reading.outline(chunked(raw, size), form, known, identities)
    parts = [
        reading.rows(raw[one.start : one.start + one.length], form, seen, one)
        for one in seen.ranges
    ]
    assert [len(part) for part in parts] == [one.rows for one in seen.ranges]
    assert sum(map(len, parts)) == seen.rows
    return [row for part in parts for row in part]


def why(raw: bytes, form: Format = "csv") -> tuple[str, int]:
    """The code and line of a file that cannot be read."""
    with pytest.raises(NotReadable) as refused:
        read(raw, form)
    return refused.value.code, refused.value.line


@given(ROWS, st.integers(1, 60), st.integers(1, 5), st.sampled_from(["\n", "\r\n"]))
def test_ranges_hold_every_row_once_and_in_order(
    rows: list[tuple[str, str, str]], size: int, part: int, end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerows([COLUMNS, *rows])
    said = [
        {name: text.strip() for name, text in zip(COLUMNS, row, strict=True) if text.strip()}
        for row in rows
    ]
    wanted = [one for one in said if one]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "PART_ROWS", part)
        patch.setattr(lines, "plain", lambda text: text)
        if wanted:
            found = read(out.getvalue().encode(), size=size)
        else:
            found = []
            assert why(out.getvalue().encode())[0] == "no_rows"
    assert [one.cells for one in found] == wanted
    assert [one.row for one in found] == list(range(1, len(wanted) + 1))


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL), max_size=30), st.integers(1, 5))
def test_objects_come_as_they_went(rows: list[dict[str, str]], part: int) -> None:
    raw = "".join(json.dumps(row) + "\n" for row in rows).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "PART_ROWS", part)
        found = read(raw, "ndjson") if rows else []
    assert [one.line for one in found] == list(range(1, len(rows) + 1))
    for one, row in zip(found, rows, strict=True):
        assert one.cells == {name: text.strip() for name, text in row.items() if text.strip()}


def test_what_spreadsheets_write_is_read() -> None:
    raw = '\ufeffExternal_ID;city;given_name\r\n1;Тверь;"Anna\r\nMaria"\r\n'
    raw += ';;\r\n2;"a;b";\'=x\r\n'
    found = read(raw.encode())
    assert [(one.row, one.line, one.cells) for one in found] == [
        (1, 2, {"external_id": "1", "city": "Тверь", "given_name": "Anna\r\nMaria"}),
        (2, 5, {"external_id": "2", "city": "a;b", "given_name": "=x"}),
    ]


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        ("external_id\nКольцо\n".encode("cp1251"), "not_utf8", 2),
        (b'external_id\n1\n2\n"3\n', "wrong_csv", 4),
        (b'external_id\n"1"x\n', "wrong_csv", 2),
        (b"external_id,salary\n1,2\n", "wrong_column", 1),
        (b"external_id,external_id\n1,2\n", "wrong_column", 1),
        (b"external_id,\n1,2\n", "wrong_column", 1),
        (b"", "no_rows", 1),
        (b"external_id\n", "no_rows", 1),
        (b"external_id\n \n\n", "no_rows", 1),
        (b"external_id\n1\n" + b"x" * 200_001, "line_too_long", 3),
        (b"external_id\n1\n" + b"x" * 200_001 + b"\n2\n", "line_too_long", 3),
    ],
)
def test_what_is_no_file_of_ours_is_told_with_its_line(raw: bytes, code: str, line: int) -> None:
    assert why(raw) == (code, line)


def test_there_is_a_limit_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert why(b"external_id\n1\n2\n3\n4\n") == ("too_many_rows", 5)
    assert len(read(b"external_id\n1\n2\n3\n")) == 3


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("{", "", "wrong_json"),
        ("[1]", "", "wrong_json"),
        ('{"city": "a", "city": "b"}', "", "wrong_json"),
        ('{"city": NaN}', "", "wrong_json"),
        ('{"city": 1.5}', "city", "wrong_type"),
        ('{"city": true}', "city", "wrong_type"),
        ('{"city": ["a"]}', "city", "wrong_type"),
        ('{"city": "a\\u0000b"}', "city", "wrong_characters"),
    ],
)
def test_a_wrong_object_is_its_rows_fault(line: str, field: str, code: str) -> None:
    good, bad, last = read(f'{{"city": 5}}\n{line}\n{{"city": null}}\n'.encode(), "ndjson")
    assert (good.cells, good.fault, last.cells, last.fault) == ({"city": "5"}, None, {}, None)
    assert bad.fault
    assert (bad.fault.row, bad.fault.line, bad.fault.field, bad.fault.code) == (2, 2, field, code)


def test_a_row_of_another_length_is_its_own_fault() -> None:
    found = read(b"external_id,city\n1,a\n2\n3,b,c\n")
    assert [one.fault and one.fault.code for one in found] == [
        None,
        "wrong_cell_count",
        "wrong_cell_count",
    ]


def test_rows_that_say_the_same_of_themselves_are_told_across_ranges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "PART_ROWS", 2)
    raw = (
        b"external_id,phone,email,card_number\n"
        b"1,+7 903 555-01-01,,\n"
        b"2,,a@example.org,\n"
        b"3,+79035550101,,\n"
        b"4,,A@Example.org,\n"
        b"1,,,\n"
        b"5,,,4000 1234 1234 1234\n"
        b",,,4000123412341234\n"
    )
    found = read(raw, known=rows_members.COLUMNS, identities=rows_members.identities)
    twice = [one.row for one in found if one.fault and one.fault.code == "row_twice"]
    assert twice == [3, 4, 5, 7]


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 4)), min_size=1, max_size=12),
    st.integers(1, 60),
    st.integers(1, 3),
)
def test_rows_that_are_one_thing_stay_together(
    things: list[tuple[str, int]], size: int, part: int
) -> None:
    """Whatever the ranges: as many things as there are, with all their rows; of those that are
    there twice, both are told.
    """
    rows = [(head, str(at), "") for head, count in things for at in range(count)]
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *rows])
    raw = out.getvalue().encode()
    heads = ("external_id",)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "PART_ROWS", part)
        seen = reading.outline(
            chunked(raw, size), "csv", COLUMNS, lambda cells: [cells["external_id"]], heads
        )
    found = [
        one
        for at in seen.ranges
        for one in reading.grouped(raw[at.start : at.start + at.length], seen, at, heads)
    ]
    merged: list[list[str]] = []
    for head, _, _ in rows:
        if merged and merged[-1][0] == head:
            merged[-1].append(head)
        else:
            merged.append([head])
    assert [[cells["external_id"] for cells in one.rows] for one in found] == merged
    assert [one.row for one in found] == list(range(1, len(merged) + 1))
    assert [raw.decode().splitlines()[one.line - 1][0] for one in found] == [m[0] for m in merged]
    twice = {head for head in "AB" if [m[0] for m in merged].count(head) > 1}
    assert [one.fault is not None for one in found] == [m[0] in twice for m in merged]
