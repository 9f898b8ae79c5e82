"""Lists of awards: reading the file, and what the rows tell together. Pure rules."""

import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.awards import model, upload
from chalicelib.awards.model import AwardList, Row
from chalicelib.kernel.errors import InvalidFields
from chalicelib.programs.approvals import Approvals

HEADER = "member,points,reason\n"
CARD = "4000123412341231"
WHY = "Spring contest"


def one(text: str) -> upload.Typed:
    """The only row of a file."""
    (typed,) = upload.read(text)
    return typed


def row(number: int, points: int, member: str = "m", **more: object) -> Row:
    """A row that was found good by itself."""
    return Row(number=number, line=number + 1, points=points, member=member, reason=WHY, **more)  # type: ignore[arg-type]


def award_list(**more: object) -> AwardList:
    """A list that is being checked."""
    fields: dict[str, object] = {"program": "p", "list": "l", "reason": WHY, "created_at": ""}
    fields |= {"created_by": "staff:ann", "size": 3, "parts": 1, "left": 1, "job": "j"}
    return AwardList(**{**fields, **more})  # type: ignore[arg-type]


# -- reading -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}{CARD},1000,First place\n",
        f"\ufeff{HEADER}{CARD},1000,First place",
        f"Reason;MEMBER ;points\r\nFirst place;{CARD};+1000\r\n",
        f'{HEADER}"{CARD}", 1000 ,"First\nplace"\n',
        f"{HEADER}\n , ,\n{CARD},1000,First  place\n\n",
    ],
)
def test_files_of_every_make_are_read(text: str) -> None:
    found = one(text)
    assert (found.key, found.row.points, found.row.reason) == (CARD, 1000, "First place")
    assert (found.row.number, found.row.outcome) == (1, "ok")


def test_a_row_without_a_reason_has_that_of_the_list() -> None:
    for text in (f"{HEADER}{CARD},5,\n", f"{HEADER}{CARD},5\n"):
        found = one(text).row
        assert found.reason == ""  # stored once, with the list
        assert model.reason_of(found, award_list()) == WHY


def test_a_malformed_row_keeps_no_reason() -> None:
    found = one(f"{HEADER}{CARD},many,Told me her phone is 555 01 02\n").row
    assert (found.column, model.reason_of(found, award_list())) == ("points", "")


def test_lines_are_those_of_the_file() -> None:
    text = f'{HEADER}\n{CARD},1,"two\nlines"\n{CARD},2,x\n\n{CARD},3,y\n'
    rows = [typed.row for typed in upload.read(text)]
    assert [(row.number, row.line) for row in rows] == [(1, 3), (2, 5), (3, 7)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (f"{CARD},0,x", "points"),
        (f"{CARD},1.5,x", "points"),
        (f"{CARD},1 000,x", "points"),
        (f"{CARD},1e3,x", "points"),
        (f"{CARD},١٠,x", "points"),
        (f"{CARD},1000000001,x", "points"),
        (f"{CARD}", "points"),
        (",5,x", "member"),
        (f"{'a' * 255},5,x", "member"),
        (f"{CARD},5,{'a' * 501}", "reason"),
        (f"{CARD},5,First place, and more", "reason"),
        (f"{CARD},5,First\x01place", "reason"),
        (f"{CARD}\x01,5,x", "member"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_column(cells: str, column: str) -> None:
    found = one(HEADER + cells)
    assert (found.row.outcome, found.row.column, found.key) == ("malformed", column, "")


def test_withdrawals_have_a_minus_of_either_kind() -> None:
    assert [one(f"{HEADER}{CARD},{text},x").row.points for text in ("-250", "\u2212250")] == [
        -250,
        -250,
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "wrong_header"),
        (f"{CARD},1000,First place\n", "wrong_header"),
        ("member,points,reason,points\n", "wrong_header"),
        ("member,points\n", "wrong_header"),
        (HEADER, "too_short"),
        (f'{HEADER}{CARD},5,"open', "wrong_csv"),
        (HEADER + f"{CARD},5,x\n" * 5_001, "too_many_rows"),
        (HEADER + "щ" * 400_001, "too_long"),
    ],
)
def test_what_is_no_list_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        upload.read(text)
    assert [(fault.pointer, fault.code) for fault in refused.value.fields] == [("/csv", code)]


@given(
    st.lists(
        st.tuples(
            st.text("0123456789", min_size=1, max_size=20),
            st.integers(-(10**9), 10**9).filter(bool),
            st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=30),
        ),
        min_size=1,
    ),
    st.sampled_from(",;"),
)
def test_what_a_spreadsheet_writes_is_read_as_it_was(
    rows: list[tuple[str, int, str]], delimiter: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(("member", "points", "reason"))
    writer.writerows(rows)
    read = upload.read(out.getvalue())
    assert [(one.key, one.row.points, one.row.reason) for one in read] == rows


# -- judging -------------------------------------------------------------------


def test_the_second_of_two_equal_rows_is_a_duplicate() -> None:
    rows = [row(1, 500), row(2, 500, "other"), row(3, 500), row(4, 750)]
    assert [one.outcome for one in model.judged(award_list(), rows)] == [
        "ok",
        "ok",
        "duplicate",
        "ok",
    ]


def test_the_reason_of_the_list_is_the_same_reason() -> None:
    rows = [row(1, 500), msgspec.structs.replace(row(2, 500), reason="")]
    assert [one.outcome for one in model.judged(award_list(), rows)] == ["ok", "duplicate"]


def test_withdrawals_of_one_member_add_up() -> None:
    rows = [
        row(1, -300, available=500),
        row(2, 400),
        row(3, -250, available=500),
        row(4, -200, available=500),
        row(5, -600, "other", available=600),
    ]
    found = [one.outcome for one in model.judged(award_list(), rows)]
    assert found == ["ok", "ok", "not_enough_points", "ok", "ok"]


def test_rows_that_are_wrong_by_themselves_stay_so() -> None:
    rows = [row(1, 500, outcome="not_active"), row(2, 500), row(3, 500, "", outcome="malformed")]
    assert [one.outcome for one in model.judged(award_list(), rows)] == [
        "not_active",
        "ok",
        "malformed",
    ]


def test_the_sums_are_those_of_the_good_rows() -> None:
    rows = [row(1, 1000), row(2, -400), row(3, 9999, outcome="unknown_member")]
    found = model.checked(award_list(), rows)
    assert (found.state, found.ok, found.wrong, found.left) == ("checked", 2, 1, 0)
    assert (found.credit, found.withdraw) == (1000, 400)


def test_a_list_is_done_with_its_last_part() -> None:
    before = award_list(state="running", parts=2, left=2)
    posted, failed = row(1, 10, outcome="posted"), row(2, -5, outcome="not_active")
    first = model.ran(before, 2, [posted, failed])
    assert (first.state, first.posted, first.failed, first.credited) == ("running", 1, 1, 10)
    last = model.ran(first, 1, [row(3, -4, outcome="posted")])
    assert (last.state, last.ran, last.withdrawn) == ("done", (2, 1), 4)


@pytest.mark.parametrize(
    ("credit", "withdraw", "above", "needed"),
    [
        (1000, 0, 1000, False),
        (600, 401, 1000, True),
        (0, 1001, 1000, True),
        (1, 0, 0, True),
        (10**9, 0, None, False),
    ],
)
def test_large_lists_need_two(credit: int, withdraw: int, above: int | None, needed: bool) -> None:
    found = award_list(credit=credit, withdraw=withdraw)
    assert model.needs_two(found, Approvals(adjustment_above=above)) == needed


@given(st.integers(1, 5_000))
def test_every_row_has_its_part(size: int) -> None:
    parts = [model.part_of(number) for number in range(1, size + 1)]
    assert parts[0] == 1
    assert parts[-1] == model.parts(size)
    assert max(map(parts.count, {parts[0], parts[-1]})) <= model.PART
