"""Reading receipts from files, and making variants of a draft."""

import json
from typing import Any

import msgspec
import pytest

from chalicelib.forecasts.upload import WrongHeader, ndjson, past, table
from chalicelib.forecasts.variants import Variant, document_of
from chalicelib.programs.burning import After
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program
from chalicelib.programs.values import Ratio

Json = dict[str, Any]
AT = "2026-01-01T12:00:00+03:00"
ROW: Json = {
    "member": "anna",
    "number": "1",
    "outlet": "arbat",
    "at": AT,
    "lines": [{"sku": "S", "price": 1_000, "quantity": 2}, {"sku": "T", "price": 500}],
}
HEADER = "member,number,at,outlet,sku,price"


def read(**changes: Any) -> tuple[str, str]:
    """What is wrong with a row, and where; nothing: it is a receipt."""
    (found,) = ndjson([json.dumps({**ROW, **changes})])
    return (found.fault.code, found.fault.pointer) if found.fault else ("", "")


def back(day: str, line: int, pieces: int) -> Json:
    """Pieces of a line that came back."""
    lines = [{"line": line, "quantity": pieces}]
    return {"returns": [{"number": "R", "at": f"{day}T12:00:00Z", "lines": lines}]}


def test_a_row_is_a_receipt_as_the_api_takes_it() -> None:
    assert read() == ("", "")
    assert read(partner="rubin", channel="web", points=3, till="1") == ("", "")
    assert read(**back("2026-01-02", 0, 2)) == ("", "")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"lines": []}, "malformed", "/lines"),
        ({"lines": [{"sku": "S", "price": -1}]}, "malformed", "/lines/0/price"),
        ({"at": "yesterday"}, "malformed", "/at"),
        ({"member": ""}, "malformed", "/member"),
        ({"colour": "red"}, "malformed", ""),
        (
            back("2025-12-31", 0, 1),
            "return_before_receipt",
            "/returns/0/at",
        ),
        (
            back("2026-01-02", 0, 3),
            "returned_too_much",
            "/returns/0/lines",
        ),
        (
            back("2026-01-02", 7, 1),
            "malformed",
            "/returns/0/lines",
        ),
    ],
)
def test_what_is_no_receipt_is_told_with_its_place(changes: Json, code: str, pointer: str) -> None:
    assert read(**changes) == (code, pointer)


def test_rows_that_cannot_be_read_at_all_are_told_with_their_lines() -> None:
    rows = list(ndjson(["", "no json", "[]", "[" * 100_000, json.dumps(ROW), "x" * 300_000]))
    assert [(row.line, row.fault.code if row.fault else "") for row in rows] == [
        (2, "malformed"),
        (3, "malformed"),
        (4, "malformed"),
        (5, ""),
        (6, "too_long"),
    ]


def test_rows_of_a_table_make_receipts() -> None:
    """Semicolons, columns in any order, empty cells and an empty row."""
    lines = [
        "Price;sku;member;number;at;outlet;cost;on_sale",
        f"1000;S;anna;1;{AT};arbat;600;true",
        f"500;T;anna;1;{AT};arbat;;",
        "",
        f"700;S;anna;2;{AT};arbat;;",
        f"700;S;boris;2;{AT};arbat;;",
    ]
    found = [row.receipt for row in table(lines) if row.receipt]
    assert [(one.member, [line.price for line in one.lines]) for one in found] == [
        ("anna", [1_000, 500]),
        ("anna", [700]),
        ("boris", [700]),
    ]
    first = found[0].lines[0]
    assert (first.cost, first.on_sale, found[0].lines[1].cost) == (600, True, None)


def test_rows_with_more_or_fewer_cells_are_told() -> None:
    rows = list(table([HEADER, "a,1", f"a,1,{AT},o,S,1,2", f"a,1,{AT},o,S,x"]))
    assert [(row.line, row.fault is not None) for row in rows] == [(2, True), (3, True), (4, True)]


@pytest.mark.parametrize("header", ["", "member", HEADER + ",colour", HEADER + ",sku"])
def test_a_table_must_name_its_columns(header: str) -> None:
    with pytest.raises(WrongHeader):
        list(table([header]))


def test_what_coupons_paid_is_what_nobody_else_did() -> None:
    """15.00 of goods, 12.00 paid: 3.00 are the coupon's, from the first line on."""
    told = {**ROW, "coupons": ["X"], "payments": [{"means": "cash", "amount": 1_200}]}
    (row,) = ndjson([json.dumps(told)])
    assert row.receipt
    assert past(row.receipt, "m").coupons == (300, 0)
    (plain,) = ndjson([json.dumps(ROW)])
    assert plain.receipt
    assert past(plain.receipt, "m").coupons == ()


def test_receipts_are_told_apart_by_what_makes_them_unique() -> None:
    names = set()
    for change in ({}, {"member": "boris"}, {"till": "2"}, {"number": "2"}, {"outlet": "o"}):
        (row,) = ndjson([json.dumps({**ROW, **change})])
        assert row.receipt
        names.add(past(row.receipt, row.receipt.member).receipt)
    assert len(names) == 5


# -- variants --------------------------------------------------------------------------


def draft() -> Program:
    """A draft with a percentage and a fixed rule, where points pay."""
    name = {"en": "R", "ru": "R"}
    rate = {"type": "percentage", "rate": {"num": 5, "den": 100}}
    rules = [
        {"id": "base", "name": name, "trigger": "receipt_paid", "effect": rate},
        {
            "id": "gift",
            "name": name,
            "trigger": "review",
            "effect": {"type": "points", "points": 5},
        },
    ]
    document = {**DOCUMENT, "earning": {"rules": rules}, "purchases": {"spending": {}}}
    return msgspec.convert(document, Program)


def test_a_variant_changes_what_it_names_and_nothing_else() -> None:
    life = After(count=6, unit="month")
    variant = Variant(name="v", rates={"base": Ratio(7, 100)}, max_share=Ratio(3, 10), burn=life)
    made, faults = document_of(draft(), variant, "/variants/0")
    assert faults == ()
    assert made.burn == life
    assert made.earning.rules[0].effect == msgspec.structs.replace(
        draft().earning.rules[0].effect, rate=Ratio(7, 100)
    )
    assert made.earning.rules[1] == draft().earning.rules[1]
    assert made.purchases.spending
    assert made.purchases.spending.max_share == Ratio(3, 10)
    assert document_of(draft(), Variant(name="same"), "")[0] == draft()


def test_a_variant_that_cannot_be_is_told_with_every_fault() -> None:
    bare = msgspec.structs.replace(
        draft(), purchases=msgspec.structs.replace(draft().purchases, spending=None)
    )
    variant = Variant(
        name="v", rates={"gift": Ratio(1, 2), "none": Ratio(1, 2)}, max_share=Ratio(1, 2)
    )
    _, faults = document_of(bare, variant, "/variants/2")
    assert [(one.pointer, one.code) for one in faults] == [
        ("/variants/2/rates/gift", "rule_without_rate"),
        ("/variants/2/rates/none", "rule_without_rate"),
        ("/variants/2/max_share", "points_do_not_pay"),
    ]
