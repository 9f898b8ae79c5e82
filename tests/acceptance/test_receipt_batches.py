"""Batches of receipts on the wire: how many one commit folds, and who holds whom up."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from botocore.awsrequest import AWSResponse

from tests.acceptance.test_returns import club_with
from tests.support.club import House
from tests.support.refused import cancelled
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop
from tests.support.wire import Fault, Perform, Sent, Wire

PURCHASES = {"attach_days": 5, "spending": {"point_value": 100}}


class Always(Mapping[int, Fault]):
    """A plan that breaks every call in the same way."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def __getitem__(self, _: int) -> Fault:
        return self.fault

    def __iter__(self) -> Iterator[int]:
        return iter((0,))

    def __len__(self) -> int:
        return 1


@contextmanager
def commits(plan: Mapping[int, Fault] | None = None) -> Iterator[list[int]]:
    """How many items each transaction of the block changes."""
    found: list[int] = []
    with Wire().tapped() as wire, wire.watching(plan) as calls:
        yield found
    for call in calls:
        if call.action == "TransactWriteItems":
            found.append(len(json.loads(call.body)["TransactItems"]))


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that gives five percent; receipts of nobody can be claimed."""
    return shop(club_with(house, purchases=PURCHASES))


def batch(till: Till, receipts: list[dict[str, Any]]) -> httpx.Response:
    """A till sends what it has."""
    answer = till.system.call("POST", "/receipt-batches", json={"receipts": receipts})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.req("RG-10")
def test_a_commit_folds_as_many_receipts_of_a_member_as_a_hundred_items_hold(till: Till) -> None:
    """Two items a receipt, beside the account, the month, and the day on which points burn."""
    member = till.club.join()
    receipts = [till.receipt(100_000, member=member) for _ in range(100)]
    with commits() as found:
        answer = batch(till, receipts).json()
    assert {row["status"] for row in answer["receipts"]} == {201}
    assert len(found) == 3, found
    assert all(99 <= items <= 100 for items in found[:2]), found
    assert member.account()["balance"] == 5_000
    assert member.proof()["agrees"]
    with commits() as found:
        again = batch(till, receipts).json()
    assert len(found) == 1  # the receipts are their own guards: it fails, and they are all found
    assert [row["receipt"]["receipt"] for row in again["receipts"]] == [
        row["receipt"]["receipt"] for row in answer["receipts"]
    ]
    assert member.account()["balance"] == 5_000
    with commits() as found:
        batch(till, [till.receipt(1_000) for _ in range(100)])
    assert found == [100, 100]  # a receipt and the code to claim it by


def test_what_receipts_really_bring_is_counted(house: House) -> None:
    """A rule for vouchers takes room only where it gives one: five items a receipt then."""
    credit = rule({"type": "voucher", "points": 50, "amount": 5_000}, id="credit")
    pending = rule(percent(1), id="later", pending_days=3)
    till = shop(club_with(house, FIVE_PERCENT, credit, purchases=PURCHASES))
    poor, rich = till.club.join(), till.club.join()
    with commits() as found:
        batch(till, [till.receipt(100, member=poor) for _ in range(96)])
    assert len(found) == 2, found
    with commits() as found:
        batch(till, [till.receipt(100_000, member=rich) for _ in range(38)])
    assert len(found) == 2, found
    assert max(found) <= 100
    assert len(rich.rows("/receipts")) == 38
    assert rich.proof()["agrees"]
    # announced points: an award and a day in the agenda for each day
    later = shop(club_with(house, pending, purchases=PURCHASES))
    member = later.club.join()
    with commits() as found:
        batch(later, [later.receipt(100_000, member=member) for _ in range(50)])
    assert len(found) == 2, found
    assert max(found) <= 100
    assert member.account()["pending"] == 500
    assert member.proof()["agrees"]


def test_one_busy_member_holds_nobody_up(till: Till) -> None:
    """Their receipts are answered as to be sent again; those of the others are posted."""
    busy, other = till.club.join(), till.club.join()
    receipts = [till.receipt(100_000, member=who) for who in (busy, other, busy)]

    def contended(sent: Sent, perform: Perform) -> AWSResponse:
        mine = any(one.endswith(busy.id) for one in sent.partitions())
        if sent.action == "TransactWriteItems" and mine:
            return cancelled(sent, "TransactionConflict")
        return perform()

    with commits(Always(contended)):
        rows = batch(till, receipts).json()["receipts"]
    assert [row["status"] for row in rows] == [503, 201, 503]
    problem = rows[0]["problem"]
    assert (problem["code"], problem["retry_after"]) == ("busy", 1)
    assert (busy.account()["balance"], other.account()["balance"]) == (0, 50)
    rows = batch(till, receipts).json()["receipts"]
    assert [row["status"] for row in rows] == [201, 201, 201]
    assert (busy.account()["balance"], other.account()["balance"]) == (100, 50)
    assert busy.proof()["agrees"]


@pytest.mark.req("RG-10")
def test_points_that_are_gone_leave_the_number_free(till: Till) -> None:
    """A till took points while it was offline, and the member spent them elsewhere before it told
    so: it is refused, and sends the receipt again without points, as paid with money.
    """
    member = till.club.join()
    till.sell(200_000, member=member)
    ago = till.club.house.now
    offline = till.receipt(
        30_000,
        member=member,
        at=ago,
        points=100,
        payments=[{"means": "cash", "amount": 20_000}],
    )
    till.sell(50_000, member=member, points=100)
    (row,) = batch(till, [offline]).json()["receipts"]
    assert (row["status"], row["problem"]["code"]) == (409, "not_enough_points")
    paid = {**offline, "points": 0, "payments": [{"means": "cash", "amount": 30_000}]}
    (row,) = batch(till, [paid]).json()["receipts"]
    assert (row["status"], row["receipt"]["spent"], row["receipt"]["earned"]) == (201, 0, 15)
    (row,) = batch(till, [offline]).json()["receipts"]
    assert row["problem"]["code"] == "receipt_differs"
    assert member.account()["balance"] == 100 - 100 + 20 + 15
    assert member.proof()["agrees"]
