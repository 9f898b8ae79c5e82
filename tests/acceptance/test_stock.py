"""Stock and codes over HTTP: what staff do to them, and what is told of it."""

import uuid
from typing import Any

import httpx
import pytest

from chalicelib.kernel.facts import Fact
from chalicelib.outreach.service import wants
from chalicelib.rewards import service_stock
from tests.support import gifts, shop, stored
from tests.support.club import Club, House, Member, at_once


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where and what is wrong."""
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


# -- stock -------------------------------------------------------------------------


def test_stock_is_corrected_with_reasons(club: Club) -> None:
    gifts.write(club, "ring-box")
    gifts.good(gifts.correct(club, "ring-box", 5))
    line = gifts.good(gifts.correct(club, "ring-box", -2))
    assert (line["number"], line["before"], line["after"]) == (2, 5, 3)
    assert (line["actor"], line["reason"]) == ("operator:tester", gifts.WHY["reason"])
    refused = gifts.correct(club, "ring-box", -4)
    assert (refused.status_code, code(refused)) == (409, "out_of_stock")
    assert "3" in refused.json()["detail"]
    assert gifts.stock(club, "ring-box")["left"] == 3
    lines = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal", params={"limit": 1}))
    assert lines["rows"] == [line]
    params = {"cursor": lines["next"]}
    older = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal", params=params))
    assert [row["change"] for row in older["rows"]] == [5]


def test_a_correction_is_made_once(club: Club) -> None:
    gifts.write(club, "ring-box")
    first, second = (gifts.correct(club, "ring-box", 5, key="one delivery") for _ in range(2))
    assert first.json() == second.json()
    assert gifts.stock(club, "ring-box")["left"] == 5
    assert code(gifts.correct(club, "ring-box", 6, key="one delivery")) == "idempotency_key_reused"


def test_fifty_corrections_at_once_never_bring_stock_below_zero(club: Club) -> None:
    """Whoever is told that all are busy sends the same request again."""
    gifts.stocked(club, "ring-box", 30)

    def take(_: int) -> int:
        key = uuid.uuid4().hex
        while (answer := gifts.correct(club, "ring-box", -1, key=key)).status_code == 503:
            pass
        return answer.status_code

    found = at_once(take, range(50))
    assert (found.count(201), found.count(409)) == (30, 20)
    assert gifts.stock(club, "ring-box")["left"] == 0
    rows = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal", params={"limit": 100}))
    assert [row["after"] for row in rows["rows"]] == [*range(30), 30]


def test_each_fall_to_the_threshold_is_told_once(
    house: House, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pump()
    told: list[Fact] = []
    monkeypatch.setattr("chalicelib.kernel.facts.send", lambda _, found: told.extend(found))
    gifts.stocked(club, "ring-box", 10, low_stock=3)
    for change in (-5, -2, -1, 5, -4, -1):
        gifts.good(gifts.correct(club, "ring-box", change))
    house.pump()
    low = {fact.id: fact for fact in told if fact.name == "stock.low"}
    assert [fact.data["left"] for fact in low.values()] == [3, 3]
    assert {(fact.program, fact.member) for fact in low.values()} == {(club.id, "")}
    assert all(wants(fact) for fact in low.values())
    rows = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal"))["rows"]
    assert [row["number"] for row in rows if row["made_low"]] == [6, 3]


def test_a_threshold_that_is_raised_to_what_is_left_is_told(house: House, club: Club) -> None:
    gifts.stocked(club, "ring-box", 5, low_stock=2)
    for revision, low in ((2, 4), (3, 5), (4, 6)):
        gifts.write(club, "ring-box", low_stock=low, revision=revision)
    rows = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal"))["rows"]
    assert [(row["kind"], row["change"], row["made_low"]) for row in rows] == [
        ("threshold", 0, True),  # once: then it was low already
        ("correction", 5, False),
    ]
    house.pump()
    (told,) = gifts.good(club.staff("GET", "/notices"))["rows"]
    assert told["subject"] == "ring-box"


def test_a_correction_changes_something(club: Club) -> None:
    gifts.write(club, "ring-box")
    assert faults(gifts.correct(club, "ring-box", 0)) == [("/change", "no_change")]


def test_what_is_not_counted_is_not_corrected(club: Club) -> None:
    gifts.shown(club, "advice", kind="service", stock="unlimited", delivery=["pickup"])
    assert code(gifts.correct(club, "advice", 1)) == "stock_unlimited"
    assert gifts.stock(club, "advice")["left"] is None
    assert gifts.good(club.join().call("GET", "/rewards/advice"))["stock"] == "in_stock"
    gifts.write(club, "ring-box")
    assert faults(gifts.correct(club, "ring-box", 1_000_001)) == [("/change", "too_big")]
    gifts.good(gifts.correct(club, "ring-box", 1_000_000))
    assert faults(gifts.correct(club, "ring-box", 1)) == [("/change", "too_big")]


# -- codes -------------------------------------------------------------------------


def test_a_pool_takes_each_code_once(club: Club) -> None:
    gifts.pool(club, "film", ["CODE-1", "CODE-2"])
    refused = gifts.fill(club, "film", ["CODE-3", "CODE-2", "CODE-3"])
    assert faults(refused) == [("/codes/1", "code_known"), ("/codes/2", "duplicate")]
    found = gifts.stock(club, "film")
    assert (found["left"], found["codes_free"], found["codes_used"]) == (2, 2, 0)
    assert code(gifts.correct(club, "film", 1)) == "stock_of_codes"
    gifts.write(club, "ring-box")
    assert code(gifts.fill(club, "ring-box", ["CODE-1"])) == "no_code_pool"
    gifts.pool(club, "other-film", ["CODE-1"])  # another reward may have the same


def test_a_long_list_of_codes_is_added_once(club: Club) -> None:
    codes = [f"CODE-{number:04}" for number in range(1000)]
    gifts.pool(club, "film", codes[:1])
    first = gifts.good(gifts.fill(club, "film", codes[1:], key="one list"))
    assert (first["added"], first["pieces"]["codes_free"]) == (999, 1000)
    assert gifts.good(gifts.fill(club, "film", codes[1:], key="one list")) == first
    assert gifts.fill(club, "film", [*codes, "CODE-1000"]).status_code == 422


def test_a_list_that_was_cut_short_is_finished_by_the_same_request(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    codes = [f"MORE-{number:03}" for number in range(100)]
    with monkeypatch.context() as short:
        chunks = iter([True])
        real = service_stock._add

        def once(*given: Any) -> int:
            if next(chunks, False):
                return real(*given)
            raise ConnectionError

        short.setattr("chalicelib.rewards.service_stock._add", once)
        assert gifts.fill(club, "film", codes, key="cut").status_code == 500
    assert 1 < gifts.stock(club, "film")["left"] < 101
    assert gifts.good(gifts.fill(club, "film", codes, key="cut"))["added"] == 100
    assert gifts.stock(club, "film")["left"] == 101


def test_a_list_that_does_not_fit_adds_nothing(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    monkeypatch.setattr(service_stock, "MAX_STOCK", 100)
    codes = [f"MORE-{number:03}" for number in range(100)]
    assert faults(gifts.fill(club, "film", codes)) == [("/codes", "too_big")]
    assert gifts.stock(club, "film")["left"] == 1
    assert gifts.good(gifts.fill(club, "film", codes[1:]))["added"] == 99


def test_each_part_of_a_list_leaves_its_record(club: Club) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    gifts.good(gifts.fill(club, "film", [f"MORE-{number:03}" for number in range(100)]))
    params = {"action": "codes.added"}
    rows = gifts.good(club.staff("GET", "/audit", params=params))["rows"]
    counts = sorted((row["before"]["codes"], row["after"]["codes"]) for row in rows)
    assert counts == [(0, 1), (1, 46), (46, 91), (91, 101)]


def test_a_given_code_names_its_order_by_the_number(club: Club) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    member = club.join()
    gifts.good(member.adjust(500))
    bought = gifts.good(shop.order(member, "film", price=200, delivery=shop.CODE))
    items = stored.partition(f"{club.id}#REWARD#film")
    (code_item,) = (item for item in items if stored.key_of(item)[1].startswith("CODE#"))
    assert code_item["order"] == {"S": bought["number"]}


def test_the_same_code_from_two_at_once_is_added_once(club: Club) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    codes = [f"MORE-{number:03}" for number in range(60)]
    answers = at_once(lambda _: gifts.fill(club, "film", codes), range(4))
    assert {answer.status_code for answer in answers} <= {201, 422}
    assert sum(one.json()["added"] for one in answers if one.status_code == 201) == 60
    assert gifts.stock(club, "film")["left"] == 61


def test_codes_stand_in_no_answer(club: Club) -> None:
    gifts.pool(club, "film", ["SECRET-CODE"])
    member: Member = club.join()
    answers = [
        club.staff("GET", "/rewards/film"),
        club.staff("GET", "/rewards"),
        club.staff("GET", "/rewards/film/stock"),
        club.staff("GET", "/rewards/film/stock/journal"),
        member.call("GET", "/rewards"),
        member.call("GET", "/rewards/film"),
    ]
    for answer in answers:
        assert answer.is_success
        assert "SECRET" not in answer.text
