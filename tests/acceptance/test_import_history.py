"""The club's past: receipts from before, counted and nothing else; and exports that come back."""

from typing import Any

import pytest

from tests.acceptance.test_returns import club_with
from tests.support import forecasts, transfers
from tests.support.club import Club, House, Member
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop
from tests.support.transfers import codes, exported, look, ndjson_of, report, run

PAST: dict[str, Any] = {"kind": "receipts", "form": "ndjson", "history": True}
FIRST = rule(percent(50), id="first", conditions=[{"type": "first_time"}])
MUCH = rule(
    percent(10), id="much", conditions=[{"type": "history", "counter": "ever", "at_least": 100_000}]
)


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that greets first purchases, and counts what was ever bought."""
    counters = {"ever": {"measure": "amount", "over": "ever"}}
    earning = {"rules": [FIVE_PERCENT, FIRST, MUCH], "counters": counters}
    club = house.new_club(
        earning=earning, purchases={"spending": {"point_value": 100}}, burn={"type": "never"}
    )
    return shop(club)


def past(till: Till, *prices: int, at: str = "2015-05-31T12:00:00Z", **more: Any) -> dict[str, Any]:
    """A receipt of another time."""
    return till.receipt(*prices, **{"at": at, "partner": "rubin", **more})


def brought(club: Club, content: bytes, **more: Any) -> dict[str, Any]:
    """A file of the past that was checked and run."""
    found = transfers.checked(club, content, **{**PAST, **more})
    assert found["state"] == "checked", found
    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    return look(club, found["id"])


def whole(club: Club, kind: str, form: str) -> bytes:
    """The files of an export as one."""
    files = transfers.downloads(exported(club, kind, form))
    if form == "ndjson":
        return b"".join(files)
    head = files[0].partition(b"\r\n")[0]
    return head + b"\r\n" + b"".join(one.partition(b"\r\n")[2] for one in files)


def months(member: Member) -> list[tuple[str, int, int]]:
    """What the member bought, by month."""
    found = member.call("GET", "/purchases").json()["months"]
    return [(one["month"], one["amount"], one["receipts"]) for one in found]


def test_the_past_is_counted_and_brings_nothing(till: Till) -> None:
    """From before the club's first version; a rule that asks of what was bought ever knows it."""
    member, new = till.club.join(), till.club.join()
    lines = [
        past(till, 100_000, member=member, payments=[{"means": "cash", "amount": 90_000}]),
        past(till, 40_000, 60_000, at="2015-06-01T12:00:00Z", member=member, paid=[40_000, 0]),
        past(till, 5),
        past(till, 5, buyer={"card": "4000123412341234"}),
        past(till, 5, member=member, points=5),
        past(till, 5, member=member, paid=[6]),
        past(till, 5, member=member, at="2099-01-01T00:00:00Z"),
    ]
    found = brought(till.club, ndjson_of(lines))
    assert (found["history"], found["ran"]["good"], found["ran"]["refused"]) == (True, 2, 5)
    assert codes(report(till.club, found["id"])) == [
        (3, "", "buyer_needed"),
        (4, "", "buyer_unknown"),
        (5, "points", "not_applicable"),
        (6, "", "payments_differ"),
        (7, "", "receipt_in_future"),
    ]
    assert months(member) == [("2015-06", 40_000, 1), ("2015-05", 90_000, 1)]
    assert member.account()["balance"] == 0
    assert member.proof()["agrees"]
    newest, other = member.rows("/receipts")
    assert (newest["historical"], newest["total"], newest["money"]) == (True, 100_000, 40_000)
    assert (newest["earned"], newest["spent"], other["total"]) == (0, 0, 100_000)
    entry = member.entries()[0]
    assert (entry["kind"], entry["points"]) == ("receipt.counted", 0)
    path = f"/receipts/{newest['receipt']}"
    assert till.club.staff("GET", path).json()["why_not"] == []
    # no first purchase any more, and 100 000 were bought: 5 % and 10 %, not 5 % and 50 %
    assert till.sell(10_000, member=member)["earned"] == 15
    assert till.sell(10_000, member=new)["earned"] == 55
    assert member.rows("/receipts")[0]["historical"] is False


def test_the_past_comes_once(till: Till) -> None:
    """The same numbers again are known, also those that a till posted; others are refused."""
    member = till.club.join()
    posted = till.receipt(10_000, member=member)
    till.send(posted).raise_for_status()
    lines = [past(till, 100_000, member=member), {**posted, "partner": "rubin"}]
    first, second = (brought(till.club, ndjson_of(lines))["ran"] for _ in range(2))
    assert (first["good"], first["known"], second["known"]) == (1, 1, 2)
    assert months(member)[1:] == [("2015-05", 100_000, 1)]
    assert member.account()["balance"] == 55
    other = [{**line, "lines": [{"sku": "OTHER", "price": 5}]} for line in lines]
    found = brought(till.club, ndjson_of(other))
    assert codes(report(till.club, found["id"])) == [
        (1, "", "receipt_differs"),
        (2, "", "receipt_differs"),
    ]


def test_a_return_of_the_past_corrects_the_counters_and_takes_nothing(till: Till) -> None:
    """In part, then the rest: the member had no purchase then, and has their first one now."""
    member = till.club.join()
    back = {"number": "R1", "at": "2015-06-02T12:00:00Z", "lines": [{"line": 0, "quantity": 1}]}
    goods = [{"sku": "P", "price": 90_000, "quantity": 3}]
    line = past(till, member=member, lines=goods, returns=[back])
    found = brought(till.club, ndjson_of([line]))
    assert found["ran"]["good"] == 1, report(till.club, found["id"])
    assert months(member) == [("2015-05", 60_000, 1)]
    (row,) = member.rows("/receipts")
    assert row["state"] == "partly_returned"
    assert till.take_back(row["receipt"], (0, 3)).status_code == 409
    part = till.returned(row["receipt"], (0, 1))
    assert (part["money"], part["points_taken"], part["points_back"]) == (30_000, 0, 0)
    assert months(member) == [("2015-05", 30_000, 1)]
    assert till.returned(row["receipt"], (0, 1))["state"] == "returned"
    assert months(member) == [("2015-05", 0, 0)]
    assert member.account()["balance"] == 0
    assert till.sell(10_000, member=member)["earned"] == 55
    assert member.proof()["agrees"]
    every = [{"line": 0, "quantity": 3}]
    back = {"number": "R1", "at": "2016-02-01T12:00:00Z", "lines": every}
    gone = past(till, member=member, lines=goods, returns=[back], at="2016-01-01T12:00:00Z")
    assert brought(till.club, ndjson_of([gone]))["ran"]["good"] == 1
    assert months(member)[-1] == ("2015-05", 0, 0)
    assert [one for one in months(member) if one[0] == "2016-01"] in ([], [("2016-01", 0, 0)])


def test_more_months_than_one_commit_holds(till: Till) -> None:
    """Each receipt of another month: three items each."""
    member = till.club.join()
    at = [
        f"{year}-{month:02d}-15T12:00:00Z" for year in range(2010, 2019) for month in range(1, 13)
    ]
    found = brought(till.club, ndjson_of([past(till, 100, member=member, at=one) for one in at]))
    assert found["ran"]["good"] == len(at) == 108
    assert len(months(member)) == 24  # as many as are shown
    assert member.proof()["agrees"]


def test_a_forecast_plays_the_past_through(till: Till) -> None:
    """By the rules it would have brought something: 5 % and the first purchase's 50 %."""
    member = till.club.join()
    line = past(till, 10_000, member=member, at="2026-01-02T12:00:00Z")
    assert brought(till.club, ndjson_of([line]))["ran"]["good"] == 1
    span = {"from": "2026-01-01", "to": "2026-01-31"}
    (found,) = forecasts.done(till.club, documents=[], **span)["result"]
    assert (found["receipts"], found["points"]["given"]) == (1, 55)
    assert member.account()["balance"] == 0


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_what_is_exported_comes_back(till: Till, form: str) -> None:
    """Into another club with its members, and into its own, where everything is known."""
    member = till.club.join()
    sold = till.sell(member=member, lines=[{"sku": "P", "price": 30_000, "quantity": 3}])
    till.sell(
        20_000, 10_000, member=member, points=100, payments=[{"means": "cash", "amount": 20_000}]
    )
    till.sell(700)
    till.returned(sold["receipt"], (0, 2))
    content = whole(till.club, "receipts", form)
    again = brought(till.club, content, form=form)["ran"]
    assert (again["good"], again["known"], again["refused"]) == (0, 2, 1)
    people = whole(till.club, "members", "csv")
    other = shop(club_with(till.club.house))
    transfers.done(other.club, people)
    found = brought(other.club, content, form=form)
    assert {code for _, _, code in codes(report(other.club, found["id"]))} == {"buyer_needed"}
    assert found["ran"]["good"] == 2, report(other.club, found["id"])
    twin = other.club.sign_in(member.phone)
    assert months(twin) == months(member)
    assert twin.account()["balance"] == 0
    mine, theirs = (
        {row["number"]: (row["total"], row["money"], row["state"]) for row in who.rows("/receipts")}
        for who in (member, twin)
    )
    assert mine == theirs
