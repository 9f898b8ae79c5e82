"""Receipts of a partner, imported from a file as its tills would have posted them."""

from typing import Any

import httpx
import pytest

from chalicelib.kernel import queues
from chalicelib.transfers import reading
from chalicelib.transfers.service_import_jobs import run_part
from tests.support import transfers
from tests.support.club import Club, House, Member, at_once
from tests.support.partner import with_partner
from tests.support.purchases import TERMS
from tests.support.till import Till
from tests.support.transfers import (
    codes,
    exported,
    look,
    ndjson_of,
    report,
    rows_of,
    run,
    works,
)

RECEIPTS: dict[str, Any] = {"kind": "receipts", "form": "ndjson", "partner": "rubin"}


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that takes receipts and gives 5 % of them."""
    club = house.new_club(**TERMS)
    return Till(club, with_partner(club, "rubin", "arbat"))


def checked(club: Club, lines: list[Any], **more: Any) -> dict[str, Any]:
    """A receipts file that was checked."""
    return transfers.checked(club, ndjson_of(lines), **RECEIPTS, **more)


def done(club: Club, lines: list[Any]) -> dict[str, Any]:
    """A receipts file that was checked and run."""
    found = checked(club, lines)
    assert found["state"] == "checked", found
    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    return look(club, found["id"])


def codes_of(answer: httpx.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["code"]


def balance(member: Member) -> int:
    """The member's points."""
    return int(member.account()["balance"])


def test_receipts_are_posted_as_a_till_posts_them(till: Till) -> None:
    member, twin = till.club.join(), till.club.join()
    lines = [till.receipt(100_000, 60_000, member=member), till.receipt(50_000)]
    found = checked(till.club, lines)
    assert found["checked"] == {"good": 2, "known": 0, "refused": 0, "points": 0}
    assert balance(member) == 0  # the check changes nothing
    assert run(till.club, found["id"]).status_code == 202
    till.club.house.pump()
    assert look(till.club, found["id"])["ran"]["good"] == 2
    till.sell(100_000, 60_000, member=twin)
    assert balance(member) == balance(twin) > 0
    assert member.proof()["agrees"]
    # the till itself knows them now
    assert till.send(lines[0]).json()["receipt"] == till.send(lines[0]).json()["receipt"]
    assert balance(member) == balance(twin)


def test_the_same_receipts_twice_are_posted_once(till: Till) -> None:
    member = till.club.join()
    lines = [till.receipt(100_000, member=member), till.receipt(70_000)]
    till.send(lines[0]).raise_for_status()
    before = balance(member)
    first, second = (done(till.club, lines)["ran"] for _ in range(2))
    assert (first["good"], first["known"]) == (1, 1)
    assert (second["good"], second["known"]) == (0, 2)
    assert balance(member) == before
    found = checked(till.club, lines, on_existing="refuse")
    assert codes(report(till.club, found["id"])) == [
        (1, "number", "row_known"),
        (2, "number", "row_known"),
    ]
    other = {**lines[0], "lines": [{"sku": "OTHER", "price": 5}]}
    found = done(till.club, [other])
    assert codes(report(till.club, found["id"])) == [(1, "", "receipt_differs")]


def test_what_a_till_would_be_refused_is_refused(till: Till) -> None:
    member = till.club.join()
    good = till.receipt(100_000, member=member)
    lines: list[Any] = [
        good,
        {**till.receipt(5), "outlet": "tver"},
        {**till.receipt(5), "salary": 1, "lines": [{"sku": "A"}]},
        {**till.receipt(5), "at": "2001-01-01T00:00:00Z"},
        till.receipt(5, member=member, points=10**6),
        good,
        ["no object"],
    ]
    found = done(till.club, lines)
    assert (found["ran"]["good"], found["ran"]["refused"]) == (1, 6)
    told = report(till.club, found["id"])
    seen = {(one["row"], one["field"], one["code"]) for one in told}
    assert (2, "outlet", "outlet_unknown") in seen
    assert {(3, "lines/0/price", "required"), (3, "salary", "unknown_field")} & seen
    assert (4, "", "before_program") in seen
    assert (6, "", "row_twice") in seen
    assert {row for row, _, _ in seen} == {2, 3, 4, 5, 6, 7}
    for language in ("en", "ru", "uk", "ar"):
        for one in report(till.club, found["id"], language):
            assert not one["sentence"].startswith(("field.", "error.")), one


@pytest.mark.req("RG-10")
def test_staff_bring_what_is_too_old_for_tills(till: Till) -> None:
    """A till is refused after 30 days; staff look at the check, and post it as the till would."""
    member = till.club.join()
    late = till.receipt(100_000, member=member)
    with till.club.house.later("P32D"):
        assert codes_of(till.send(late)) == (409, "receipt_too_old")
        assert done(till.club, [late])["ran"]["good"] == 1
        assert till.send(late).status_code == 201  # the till hears now that it is posted
    assert balance(member) == 50
    assert member.proof()["agrees"]


def test_an_order_of_receipts_or_each_of_its_rows_names_a_partner(till: Till) -> None:
    content = ndjson_of([till.receipt(5)])

    def faults(**more: Any) -> list[tuple[str, str]]:
        answer = transfers.order(till.club, content, **{**RECEIPTS, **more})
        return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]

    assert faults(partner="nobody") == [("/partner", "unknown_partner")]
    assert faults(kind="members") == [("/partner", "not_applicable")]
    assert faults(kind="balances", partner=None, history=True) == [("/history", "not_applicable")]
    lines = [till.receipt(5)]
    lines += [{**till.receipt(5), "partner": partner} for partner in ("rubin", "nobody")]
    content = ndjson_of(lines)
    found = transfers.checked(till.club, content, **{**RECEIPTS, "partner": None})
    assert codes(report(till.club, found["id"])) == [
        (1, "partner", "required"),
        (3, "partner", "unknown_partner"),
    ]
    found = checked(till.club, lines)
    assert codes(report(till.club, found["id"])) == [(3, "partner", "other_partner")]


def test_parts_delivered_often_at_once_post_each_receipt_once(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PART_ROWS", 10)
    members = [till.club.join() for _ in range(3)]
    lines = [till.receipt(10_000, member=members[at % 3]) for at in range(25)]
    found = checked(till.club, lines)
    with monkeypatch.context() as lost:
        lost.setattr(queues, "send", lambda *_, **__: None)
        work = works(till.club, run(till.club, found["id"]).json()["job"])
    at_once(lambda part: run_part(work(part)), [1, 1, 2, 2, 3, 3])
    for part in (1, 2, 3):
        run_part(work(part))
    after = look(till.club, found["id"])
    assert (after["state"], after["ran"]["good"], after["ran"]["known"]) == ("done", 25, 0)
    entries = [len(member.entries()) for member in members]
    assert entries == [9, 8, 8]
    assert all(member.proof()["agrees"] for member in members)


def test_receipts_are_exported_with_their_lines(till: Till) -> None:
    member, gone = till.club.join(), till.club.join()
    lines = [
        till.receipt(100_000, 60_000, member=member),
        till.receipt(5),
        till.receipt(7, member=gone),
    ]
    assert done(till.club, lines)["ran"]["good"] == 3
    card = gone.session["member"]["card_number"]
    gone.call("DELETE", "", json={"confirm": card}).raise_for_status()
    rows = {row["number"]: row for row in rows_of(exported(till.club, "receipts"))}
    assert rows.keys() == {line["number"] for line in lines}
    mine = rows[lines[0]["number"]]
    assert (mine["external_id"], mine["partner"], mine["outlet"]) == (member.id, "rubin", "arbat")
    assert [rows[line["number"]]["external_id"] for line in lines[1:]] == ["", ""]
    every = rows_of(exported(till.club, "receipts"))
    own = [row["price"] for row in every if row["number"] == lines[0]["number"]]
    assert own == ["100000", "60000"]


def csv_rows(receipt: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """The rows of a receipt in CSV."""
    head = {name: receipt[name] for name in ("number", "outlet", "at")}
    card = receipt.get("buyer", {}).get("card", "")
    return [{**head, "card": card, **line, **more} for line in receipt["lines"]]


def test_csv_has_a_row_for_each_line_and_posts_what_a_till_would(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts end where a receipt does; what CSV brought the till knows, and the other way round."""
    monkeypatch.setattr(reading, "PART_ROWS", 2)
    member = till.club.join()
    receipts = [till.receipt(40_000, 30_000, 30_000, member=member) for _ in range(5)]
    receipts.append(till.receipt(7))
    rows = [row for one in receipts for row in csv_rows(one)]
    order = {**RECEIPTS, "form": "csv"}
    found = transfers.checked(till.club, transfers.csv_of(rows), **order)
    assert (found["rows"], found["checked"]["good"]) == (6, 6), report(till.club, found["id"])
    assert balance(member) == 0
    till.send(receipts[0]).raise_for_status()
    assert run(till.club, found["id"]).status_code == 202
    till.club.house.pump()
    assert (look(till.club, found["id"])["ran"]["good"], balance(member)) == (5, 250)
    assert [till.send(one).status_code for one in receipts] == [201] * 6
    assert done(till.club, receipts)["ran"]["known"] == 6  # the same as NDJSON
    assert balance(member) == 250
    assert member.proof()["agrees"]


def test_rows_of_csv_that_are_no_whole_receipt_are_refused(till: Till) -> None:
    """A receipt that lacks a row would be another one."""
    order = {**RECEIPTS, "form": "csv"}
    member = till.club.join()
    apart, good, odd = (till.receipt(10, 20, member=member) for _ in range(3))
    wrong = till.receipt(10, 20)
    wrong["lines"][1]["price"] = "many"
    rows = [
        csv_rows(apart)[0],
        *csv_rows(good, payments="cash:20 bank-card:10", points="", coupons=""),
        csv_rows(apart)[1],
        *csv_rows(wrong),
        csv_rows(odd)[0],
        {**csv_rows(odd)[1], "card": "4000123412341231"},
        {**csv_rows(till.receipt(5))[0], "card": "", "external_id": "nobody"},
        {**csv_rows(till.receipt(5, member=member))[0], "external_id": member.id},
    ]
    found = transfers.checked(till.club, transfers.csv_of(rows), **order)
    told = report(till.club, found["id"])
    assert found["checked"]["good"] == 1, told
    assert [(one["line"], one["row"], one["field"], one["code"]) for one in told] == [
        (2, 1, "", "rows_apart"),
        (5, 3, "", "rows_apart"),
        (6, 4, "lines/1/price", "wrong_type"),
        (8, 5, "card", "not_the_same"),
        (10, 6, "external_id", "member_unknown"),
        (11, 7, "external_id", "one_of_them"),
    ]
    content = transfers.csv_of(csv_rows(good)) + b"1,2\r\n"
    found = transfers.checked(till.club, content, **order)
    problem = found["problem"]
    assert (found["state"], problem["code"], problem["line"]) == ("refused", "wrong_cell_count", 4)
    assert not problem["sentence"].startswith("import_file")
    found = transfers.checked(till.club, b"number,paid\r\n1,2\r\n", **order)
    assert found["problem"]["code"] == "wrong_column"  # only of the club's past
