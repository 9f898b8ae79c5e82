"""Forecasts over HTTP: the same points as were really posted, drafts compared, files (RG-8)."""

import csv
import io
import json
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.entrance import JOB_HANDLERS
from chalicelib.forecasts import gathering, service_jobs
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Message
from chalicelib.kernel.clock import local_date
from tests.support import stored
from tests.support.award_lists import code
from tests.support.club import Club, House, Member, figure
from tests.support.forecasts import done, draft, look, order, upload
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop

Json = dict[str, Any]
SPENDING = {"point_value": 100, "max_share": {"num": 1, "den": 2}}
AS_TOLD = {"paying": "as_told"}
MONTH = {"type": "after", "count": 30, "unit": "day"}
SEVEN = {"name": "7 % instead of 5 %", "rates": {"base": {"num": 7, "den": 100}}}


def club_with(house: House, *rules: Json, **more: Any) -> Club:
    """A club where points pay half a receipt and live for thirty days."""
    document = {"purchases": {"spending": SPENDING}, "burn": MONTH, **more}
    return house.new_club(earning={"rules": rules or [FIVE_PERCENT]}, **document)


@pytest.fixture
def till(house: House) -> Till:
    """A till of such a club."""
    return shop(club_with(house))


# -- the proof that matters ------------------------------------------------------------

RULES: list[list[Json]] = [
    [FIVE_PERCENT, rule(percent(10), id="ring", goods={"category": ["ring"]})],
    [
        rule(percent(3), caps={"day": 40, "month": 90}),
        rule({"type": "points", "points": 25}, id="first", conditions=[{"type": "first_time"}]),
        rule(
            {"type": "multiplier", "factor": {"num": 2, "den": 1}},
            id="twice",
            conditions=[{"type": "history", "counter": "spent", "at_least": 200_000}],
        ),
    ],
    [
        FIVE_PERCENT,
        rule({"type": "stamps", "card": "coffee", "full": 3}, id="card"),
        rule(
            {"type": "tier", "tier": "gold"},
            id="gold",
            conditions=[{"type": "amount", "at_least": 150_000}],
        ),
        rule(percent(2), id="golden", conditions=[{"type": "tier", "any_of": ["gold"]}]),
        rule({"type": "voucher", "points": 60, "amount": 6_000}, id="voucher"),
    ],
]
COUNTERS = {"spent": {"measure": "amount", "over": "this_month"}}


@pytest.mark.soak
@pytest.mark.req("RG-8")
@pytest.mark.parametrize("seed", range(figure(3, 12)))
def test_the_forecast_of_the_version_in_force_is_what_was_really_posted(
    house: House, seed: int
) -> None:
    """Purchases of three members over two months, some paid with points, some returned, some points
    burnt: played through again they come to the very same points, rule by rule.
    """
    dice = random.Random(seed)
    rules = RULES[seed % len(RULES)]
    club = house.new_club(
        earning={"rules": rules, "counters": COUNTERS},
        purchases={"spending": SPENDING},
        burn=MONTH,
    )
    till = shop(club)
    members = [club.join() for _ in range(3)]
    by_rule: dict[str, int] = {}
    spent = back = taken = 0
    with house.later() as move:
        for _ in range(16):
            move(f"P{dice.randrange(6)}D")
            member = dice.choice(members)
            lines = [
                {
                    "sku": f"S{place}",
                    "category": dice.choice(["ring", "chain"]),
                    "quantity": dice.randint(1, 3),
                    "price": dice.randint(1, 120_000),
                }
                for place in range(dice.randint(1, 3))
            ]
            posted = _sold(till, member, lines, dice)
            spent += posted["points"]["spent"]
            for award in posted["awards"]:
                by_rule[award["rule"]] = by_rule.get(award["rule"], 0) + award["points"]
            if dice.random() < 0.3:
                move("P1D")
                returned = till.returned(posted["receipt"], (0, 1))
                back += returned["points_back"]
                taken += returned["points_taken"]
        found = done(club, documents=["in_force"], assumptions=AS_TOLD)
        accounts = [_account(member) for member in members]
        today = local_date(house.now, club.document["zone"]).isoformat()
    (result,) = found["result"]
    points = result["points"]
    assert result["receipts"] == 16
    assert result["refused"] == 0
    assert points["spent"] == spent - back
    assert points["given"] == sum(by_rule.values()) - taken
    assert points["open"] == sum(_left(account, today) for account in accounts)
    assert points["owed"] == sum(account["debt"] for account in accounts)
    if not taken:
        assert {one["rule"]: one["points"] for one in result["rules"] if one["points"]} == by_rule
    assert _sums_up(points)


def _sold(till: Till, member: Member, lines: list[Json], dice: random.Random) -> Json:
    buyer = {"member": member.id}
    priced = till.priced(0, buyer=buyer, lines=lines)
    points = dice.randint(0, priced["most_points"]) if dice.random() < 0.6 else 0
    posted: Json = till.sell(0, buyer=buyer, lines=lines, points=points)
    return posted


def _left(account: Json, today: str) -> int:
    """What is left of an account at the end of a day, to which a forecast plays."""
    return sum(lot["points"] for lot in account["lots"] if lot["burns_on"] > today)


def _account(member: Member) -> Json:
    account: Json = member.staff("GET", "/account").json()
    return account


def _sums_up(points: Json) -> bool:
    came = points["opening"] + points["given"] + points["excused"]
    gone = points["spent"] + points["exchanged"] + points["burnt"]
    return bool(came == gone + points["open"] + points["pending"] - points["owed"])


# -- comparing -------------------------------------------------------------------------


@pytest.mark.req("RG-8")
def test_drafts_are_compared_by_near_and_far_profit(till: Till) -> None:
    """Two members buy for 1 000.00 and 500.00, cost 60 %: 5 % are 75 points, 7 % are 105. Both pay
    at once what they can of a second purchase of 100.00, at most half: 50 and 25 points at 5 %, 50
    and 35 at 7 %; then 2 and 3, or 3 and 4, points come of the 50.00 and 75.00, or 65.00.

    Near: 600.00 + 80.00 of margin less 75.00, or 85.00, of points.
    """
    club, cost = till.club, (60_000, 30_000, 6_000)
    anna, boris = club.join(), club.join()
    draft(club)
    for member, price, line in ((anna, 100_000, cost[0]), (boris, 50_000, cost[1])):
        till.sell(price, member=member, lines=[{"sku": "S", "price": price, "cost": line}])
    for member in (anna, boris):
        till.sell(10_000, member=member, lines=[{"sku": "S", "price": 10_000, "cost": cost[2]}])
    small = {"name": "At most a tenth", "max_share": {"num": 1, "den": 10}}
    found = done(club, documents=["draft"], variants=[SEVEN, small])
    base, same, seven, tenth = found["result"]
    assert [one["name"] for one in found["result"]] == [
        "The version in force",
        "The draft",
        "7 % instead of 5 %",
        "At most a tenth",
    ]
    assert (base["points"]["given"], base["points"]["spent"]) == (75 + 2 + 3, 75)
    assert (base["money"]["margin"], base["money"]["near"]) == (68_000, 68_000 - 7_500)
    assert base["money"]["far"] == 68_000 - 7_500 - 500
    assert same["beside"]["near"] == same["beside"]["far"] == 0
    assert (seven["points"]["given"], seven["points"]["spent"]) == (105 + 3 + 4, 85)
    assert seven["beside"]["near"] == -1_000
    assert seven["beside"]["far"] == -1_000 - 2_200
    assert (seven["beside"]["winners"], seven["beside"]["losers"]) == (2, 0)
    assert [one["change"] for one in seven["beside"]["most"]] == [2_100, 1_100]
    assert tenth["points"]["spent"] == 20
    assert tenth["beside"]["near"] == 5_500
    assert any("+55.00 RUB" in sentence for sentence in tenth["sentences"])
    names = {one["member"] for one in seven["beside"]["most"]}
    assert not names & {anna.id, boris.id}


@pytest.mark.req("RG-8")
def test_points_that_live_longer_are_a_greater_debt(till: Till) -> None:
    """50 points that burn after thirty days, or live on for sixty."""
    club = till.club
    draft(club)
    till.sell(100_000, member=club.join())
    with club.house.later("P40D"):
        sixty = {"name": "Sixty days", "burn": {**MONTH, "count": 60}}
        base, long = done(club, documents=[], variants=[sixty])["result"]
    assert (base["points"]["burnt"], base["money"]["liability"], base["breakage"]) == (
        50,
        0,
        10_000,
    )
    assert (long["points"]["burnt"], long["money"]["liability"]) == (0, 5_000)
    assert long["beside"]["far"] == -5_000


@pytest.mark.req("RG-8")
def test_a_forecast_changes_nothing_but_itself(till: Till) -> None:
    club = till.club
    member = club.join()
    till.sell(100_000, member=member)
    draft(club)
    club.house.pump()
    mine = {f"{club.id}#FORECASTS", f"{club.id}#JOB", f"{club.id}#AUDIT", f"{club.id}#FORECAST"}

    def others() -> stored.Stored:
        return {
            key: item
            for key, item in stored.everything().items()
            if club.id in key[0] and not key[0].startswith(tuple(mine))
        }

    before = others()
    done(club, variants=[SEVEN])
    assert others() == before
    assert not [key for key in stored.objects(club.id) if key.startswith("work/")]


def test_only_the_days_that_were_asked_for_are_counted(till: Till) -> None:
    """Warm from the first day, counted from the second purchase on."""
    club = till.club
    member = club.join()
    with club.house.later() as move:
        till.sell(100_000, member=member)
        move("P10D")
        today = club.house.now.date().isoformat()
        till.sell(10_000, buyer={"member": member.id})
        alone = done(club, documents=[], **{"from": today})["result"][0]
        warm = done(club, documents=[], assumptions={"counted_from": today})["result"][0]
    assert (alone["receipts"], alone["points"]["opening"], alone["points"]["spent"]) == (1, 0, 0)
    assert (warm["receipts"], warm["points"]["opening"], warm["points"]["spent"]) == (1, 50, 50)
    assert _sums_up(warm["points"])


# -- files -----------------------------------------------------------------------------

SALES = [
    ("anna", "1", "2026-01-01T12:00:00+03:00", 100_000, 60_000),
    ("boris", "2", "2026-01-02T12:00:00+03:00", 40_000, None),
    ("anna", "3", "2026-01-11T12:00:00+03:00", 20_000, 12_000),
]
SPAN = {"from": "2026-01-01", "to": "2026-02-05"}


def ndjson(*bad: str) -> bytes:
    """The sales as the API takes receipts, with whose they are."""
    rows = [
        {
            "member": member,
            "number": number,
            "outlet": "arbat",
            "partner": "rubin",
            "at": at,
            "lines": [{"sku": "S", "price": price, **({"cost": cost} if cost else {})}],
        }
        for member, number, at, price, cost in SALES
    ]
    return "\n".join([*(json.dumps(row) for row in rows), *bad, ""]).encode()


def table(sales: Sequence[tuple[Any, ...]] = SALES) -> bytes:
    """The same as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("member", "number", "at", "outlet", "sku", "price", "cost"))
    for member, number, at, price, cost in sales:
        writer.writerow((member, number, at, "arbat", "S", price, "" if cost is None else cost))
    return out.getvalue().encode()


@pytest.mark.req("RG-8")
@pytest.mark.parametrize("kind", ["application/x-ndjson", "text/csv"])
def test_receipts_of_a_file_are_played_through(till: Till, kind: str) -> None:
    """The figures by hand of tests/unit/test_forecasts_playing.py: given 77, spent 50, burnt 20,
    open 7; near 530.00, far 524.82.
    """
    club = till.club
    file = upload(club, ndjson() if kind.endswith("ndjson") else table(), kind)
    body = {"source": "file", "file": file, "documents": [], "assumptions": {"margin": 2_500}}
    found = done(club, **body, **SPAN)
    assert (found["receipts"], found["faulty"], found["file"]) == (3, 0, file)
    (result,) = found["result"]
    points, money = result["points"], result["money"]
    assert (points["given"], points["spent"], points["burnt"], points["open"]) == (77, 50, 20, 7)
    assert (money["near"], money["far"], money["expected"]) == (53_000, 52_482, 518)
    assert result["breakage"] == 2_597
    assert [one["span"] for one in result["months"]] == ["2026-01", "2026-02"]


def test_rows_that_are_no_receipts_are_told_and_passed(till: Till) -> None:
    bad = ('{"member": "x"}', "no json", '{"member":"x","number":"1","outlet":"o","lines":[]}')
    file = upload(till.club, ndjson(*bad))
    found = done(till.club, source="file", file=file, documents=[], **SPAN)
    assert (found["receipts"], found["faulty"]) == (3, 3)
    assert [(one["line"], one["code"]) for one in found["faults"]] == [
        (line, "malformed") for line in (4, 5, 6)
    ]


def test_rows_of_one_receipt_stand_together_in_a_table(till: Till) -> None:
    """Two lines of one receipt, then a row that lacks its price."""
    at = "2026-01-01T12:00:00+03:00"
    rows = [("a", "1", at, 1_000, None), ("a", "1", at, 2_000, None), ("b", "2", at, "", None)]
    file = upload(till.club, table(rows), "text/csv")
    found = done(till.club, source="file", file=file, documents=[], **SPAN)
    assert (found["receipts"], found["faulty"]) == (1, 1)
    assert found["result"][0]["money"]["turnover"] == 3_000


def test_a_table_with_other_columns_fails(till: Till) -> None:
    file = upload(till.club, b"card,points\n1,2\n", "text/csv")
    ordered = order(till.club, source="file", file=file, documents=[]).json()
    till.club.house.pump()
    found = look(till.club, ordered["forecast"])
    assert (found["state"], found["job"]["error"]) == ("failed", "wrong_header")
    report = till.club.staff("GET", f"/forecasts/{ordered['forecast']}/report")
    assert (report.status_code, code(report)) == (409, "forecast_not_done")


# -- refusals, jobs, tables --------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"variants": [{**SEVEN, "rates": {"other": {"num": 1, "den": 2}}}]}, 422,
         "/variants/0/rates/other"),
        ({"variants": [{"name": "x", "max_share": {"num": 3, "den": 2}}]}, 422,
         "/variants/0/purchases/spending/max_share"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, 422, "/to"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, 422, "/to"),
        ({"documents": ["draft", 1], "variants": [SEVEN] * 4 , "from": "2026-01-01",
          "assumptions": {"counted_from": "2190-01-01"}}, 422, "/assumptions/counted_from"),
        ({"documents": [77]}, 404, None),
        ({"source": "file", "file": "none"}, 404, None),
    ],
)  # fmt: skip
def test_what_cannot_be_forecast_is_refused(
    till: Till, body: Json, status: int, pointer: str | None
) -> None:
    answer = order(till.club, **body)
    assert answer.status_code == status, answer.text
    if pointer:
        assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_a_draft_with_faults_is_refused_with_them(till: Till) -> None:
    draft(till.club, earning={"rules": [FIVE_PERCENT, FIVE_PERCENT]})
    answer = order(till.club)
    assert (answer.status_code, code(answer)) == (409, "draft_invalid")
    assert answer.json()["errors"]


def test_the_same_order_again_is_the_same_forecast(till: Till) -> None:
    body = {"name": "Once", "documents": []}
    first, again = (
        till.club.staff("POST", "/forecasts", json=body, key="once").json()["forecast"]
        for _ in range(2)
    )
    assert first == again
    assert [one["forecast"] for one in till.club.staff("GET", "/forecasts").json()["rows"]] == [
        first
    ]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_parts_delivered_again_and_late_change_nothing(
    till: Till, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Each part of both jobs runs often, and dies once after it kept what it made."""
    monkeypatch.setattr(gathering, "CHUNK_PAGES", 1)
    monkeypatch.setattr("chalicelib.forecasts.model.RECEIPTS_PER_PART", 2)
    club = till.club
    draft(club)
    members = [club.join() for _ in range(3)]
    for turn in range(6):
        till.sell(10_000 * (turn + 1), member=members[turn % 3])
    expected = done(club, variants=[SEVEN])["result"]
    found = order(club, variants=[SEVEN]).json()
    while (job := look(club, found["forecast"])["job"])["state"] in ("queued", "running"):
        with monkeypatch.context() as dying:
            dying.setattr(service_jobs, "_note", _dies)
            with pytest.raises(RuntimeError, match="killed"):
                _run(club, job, 1)
        for part in range(1, job["parts"] + 1):
            for _ in range(times):
                _run(club, job, part)
    club.house.pump()
    again = look(club, found["forecast"])
    assert again["state"] == "done"
    assert again["result"] == expected


def _dies(*_: Any) -> None:
    raise RuntimeError("killed")


def _run(club: Club, job: Json, part: int) -> None:
    jobs.run_part(Message(club.id, job["job"], part), JOB_HANDLERS, club.house.now)


@pytest.mark.soak
def test_many_receipts_are_played_in_parts(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each receipt of 10.00 to 1 000.00 brings 5 %, rounded down, of what money paid."""
    many = figure(2_000, 100_000)
    monkeypatch.setattr("chalicelib.forecasts.model.RECEIPTS_PER_PART", many // 2)
    monkeypatch.setattr(gathering, "CHUNK_RECEIPTS", many // 3)
    dice = random.Random(1)
    rows = []
    earned = 0
    for number in range(many):
        price = dice.randrange(1_000, 100_000)
        earned += price * 5 // 10_000
        at = f"2026-01-{1 + number * 28 // many:02}T12:00:{number % 60:02}Z"
        row = {"member": f"m{number % (many // 10)}", "number": str(number), "outlet": "arbat"}
        rows.append(json.dumps({**row, "at": at, "lines": [{"sku": "S", "price": price}]}))
    file = upload(till.club, "\n".join(rows).encode())
    never = {"spend_share": 0}
    found = done(till.club, source="file", file=file, documents=[], assumptions=never, **SPAN)
    (result,) = found["result"]
    assert (found["receipts"], found["job"]["parts"]) == (many, 2)
    assert result["members"] == many // 10
    assert result["points"]["given"] == earned
    assert _sums_up(result["points"])


def test_a_forecast_can_be_stopped(till: Till) -> None:
    ordered = order(till.club, documents=[]).json()
    job = ordered["job"]["job"]
    assert till.club.staff("DELETE", f"/jobs/{job}").status_code == 200
    till.club.house.pump()
    found = look(till.club, ordered["forecast"])
    assert (found["state"], found["result"]) == ("cancelled", None)


def test_a_forecast_whose_messages_were_lost_is_taken_up_again(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    club = till.club
    till.sell(100_000, member=club.join())
    with monkeypatch.context() as silent:
        silent.setattr(jobs, "announce", lambda *_: None)
        ordered = order(club, documents=[]).json()
    with club.house.later("PT10M"):
        jobs.resume_stalled(club.house.now)
        club.house.pump()
        assert look(club, ordered["forecast"])["result"][0]["points"]["given"] == 50


def test_tables_are_there_for_spreadsheets(till: Till) -> None:
    club = till.club
    draft(club)
    till.sell(100_000, member=club.join())
    found = done(club, variants=[SEVEN])

    def rows(which: str) -> list[dict[str, str]]:
        path = f"/forecasts/{found['forecast']}/report"
        answer = club.staff("GET", path, params={"table": which})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(answer.text)))

    assert [row["points_given"] for row in rows("comparison")] == ["50", "50", "70"]
    assert [row["points"] for row in rows("rules")] == ["50", "50", "70"]
    assert {row["day"] for row in rows("days")} == {_today(club)}
    assert [row["change"] for row in rows("members")] == ["2000"]


def _today(club: Club) -> str:
    moscow = club.house.now + timedelta(hours=3)
    return moscow.date().isoformat()


@pytest.mark.parametrize("language", ["ru", "uk", "ar"])
def test_the_result_speaks_the_readers_language(till: Till, language: str) -> None:
    found = done(till.club, documents=[])
    path = f"/forecasts/{found['forecast']}"
    told = till.club.staff("GET", path, headers={"Accept-Language": language}).json()["result"][0]
    assert told["name"] != found["result"][0]["name"]
    assert told["sentences"]
    assert not any("forecast." in sentence for sentence in told["sentences"])
