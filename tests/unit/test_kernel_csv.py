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
