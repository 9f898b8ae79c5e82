"""Every file of docs/imports.md is imported as it stands there."""

import re

import msgspec
import pytest

from chalicelib.transfers import rows_balances, rows_members, rows_receipts
from chalicelib.transfers.shapes import NewImport
from infra.local.resources import ROOT
from tests.support import transfers
from tests.support.club import House
from tests.support.partner import with_partner
from tests.support.purchases import TERMS

TEXT = (ROOT / "docs/imports.md").read_text()
CARD = "4000123412341234"


def files(heading: str) -> list[tuple[str, bytes]]:
    """The examples below a heading, with their formats."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```(csv|ndjson)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return [(form, content.encode()) for form, content in found]


def test_every_example_is_imported(house: House) -> None:
    club = house.new_club()
    for kind, heading in (("members", "Members"), ("balances", "Balances")):
        for form, content in files(heading):
            found = transfers.done(club, content, kind, form)
            assert found["ran"]["refused"] == 0, transfers.report(club, found["id"])
            assert found["ran"]["good"] == found["rows"] > 0
    anna, omar, jose = (club.sign_in(f"+7903555010{at}") for at in (1, 2, 3))
    assert [one.account()["balance"] for one in (anna, omar, jose)] == [1550, 90, 75]
    assert anna.call("GET", "").json()["family_name"] == "Королёва"
    assert omar.session["member"]["card_number"] == CARD


def test_the_examples_of_receipts_are_imported(house: House) -> None:
    club = house.new_club(**TERMS)
    with_partner(club, "rubin", "arbat")
    for form, content in files("Members"):
        transfers.done(club, content, "members", form)
    now = house.now.isoformat(timespec="milliseconds").encode()
    for heading, history, fresh in (("Receipts", False, 2), ("The club's past", True, 1)):
        examples = files(heading)
        assert {form for form, _ in examples} == {"csv", "ndjson"}
        for form, content in examples:
            found = transfers.checked(
                club,
                content.replace(b"{NOW}", now),
                "receipts",
                form,
                partner="rubin",
                history=history,
                dry_run=False,
            )
            assert (found["state"], found["ran"]["good"]) == ("done", fresh), transfers.report(
                club, found["id"]
            )
    assert club.sign_in("+79035550102").account()["balance"] > 0


def test_the_order_is_one() -> None:
    found = re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert [msgspec.json.decode(one, type=NewImport).kind for one in found] == ["members"]


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Members", rows_members.COLUMNS),
        ("Balances", rows_balances.COLUMNS),
        ("Receipts", rows_receipts.COLUMNS),
        ("The club's past", ("paid", "returned", "receipt")),
    ],
)
def test_every_column_is_told(heading: str, columns: tuple[str, ...]) -> None:
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    told = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    assert {name for cell in told for name in re.findall("`(.*?)`", cell)} == set(columns)
