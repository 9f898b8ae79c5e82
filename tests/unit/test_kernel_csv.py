"""CSV that no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.csv_text import cell, rows_text


@pytest.mark.parametrize("sign", "=+-@\t\r")
def test_what_a_spreadsheet_would_run_is_text(sign: str) -> None:
    assert cell(sign + "1") == f"'{sign}1"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("  =1+1", "'  =1+1"),
        ("\u00a0@SUM(1)", "'\u00a0@SUM(1)"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ("a\t -1", "a\t' -1"),
        ("a\n+1", "a\n'+1"),
        ("a-b; c = d", "a-b; c = d"),
    ],
)
def test_spaces_and_separators_hide_no_formula(text: str, safe: str) -> None:
    assert cell(text) == safe


def test_text_is_quoted_and_numbers_stay_numbers() -> None:
    text = rows_text(("points", "reason"), [(-5, "a;b"), (7, "-5"), (0, 'say "x"')])
    lines = ['"points","reason"', '-5,"a;b"', '7,"\'-5"', '0,"say ""x"""', ""]
    assert text == "\r\n".join(lines)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
            min_size=2,
            max_size=2,
        )
    )
)
def test_rows_are_read_back_as_they_were_but_for_formulas(rows: list[list[str]]) -> None:
    text = io.StringIO(rows_text(("a", "b"), rows), newline="")
    header, *found = csv.reader(text)
    assert header == ["a", "b"]
    assert found == [[cell(one) for one in row] for row in rows]
