"""Settlement between partners: who owes whom for the points of a month."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.jobs.model import Job, Unfinished, Work
from chalicelib.settlement import service_jobs, store
from tests.support import gifts
from tests.support.checkout import Checkout, checkout, club_of, line, until_next_month
from tests.support.club import Club, House, Member, at_once
from tests.support.settlements import flows, issuers, look, order, report, settled, this_month
from tests.support.till import FIVE_PERCENT

pytestmark = pytest.mark.whole_table

WORTH = 100
"""Kopecks that a point pays for."""
FLOWS = {
    ("", ""): (5, 0, 0, 0, 5, 500),
    ("", "cinema"): (0, 0, 0, -19, -19, -1_900),
    ("", "grocer"): (0, 0, 0, 19, 19, 1_900),
    ("cinema", "grocer"): (0, 0, 1, 0, 1, 100),
    ("grocer", "cinema"): (40, 20, 0, 0, 20, 2_000),
}
ISSUERS = {"": (10, 0, 0), "cinema": (34, 2, 0), "grocer": (50, 30, 0)}
ENTRIES = 8


@pytest.fixture
def month(house: House) -> Iterator[str]:
    """Noon of the first day of a month, in which all that follows happens."""
    club = house.new_club()
    with house.later(until_next_month(club)):
        yield this_month(club)


@pytest.fixture
def club(house: House, month: str) -> Club:
    """A coalition of a grocer and a cinema: 5 % back, each settles what it gave."""
    purchases = {"spending": {"point_value": WORTH}, "partners_settle": True}
    return house.new_club(earning={"rules": [FIVE_PERCENT]}, purchases=purchases)


@pytest.fixture
def grocer(club: Club) -> Checkout:
    """Where the points come from."""
    return checkout(club, "grocer")


@pytest.fixture
def cinema(club: Club) -> Checkout:
    """Where they are spent."""
    return checkout(club, "cinema")


def story(member: Member, grocer: Checkout, cinema: Checkout) -> None:
    """A month of one member; after each step, what they have of whom.

    1. At the grocer 600.00 and 400.00 bring 30 and 20.                        grocer 50
    2. At the cinema 40 points pay 40.00 of 2 x 50.00; 5 % of the other
       60.00 are 3.                                                 grocer 10, cinema  3
    3. One of the two goes back: 20 points return. 5 % of 30.00 are 1 (1.5),
       so 2 are taken back.                                         grocer 30, cinema  1
    4. The 400.00 go back to the grocer: 20 are taken back.          grocer 10, cinema  1
    5. The 600.00 too: of 30 points 10 are there; the cinema's 1 is taken
       instead, and 19 are owed.                                              debt 19
    6. At the cinema 1 000.00 bring 50: 19 repay the debt.                    cinema 31
    7. Staff add 10, and take 5.                                     cinema 31, club  5
    """
    bought = grocer.sell(member, line(60_000), line(40_000, sku="B-2"))
    seen = cinema.sell(member, line(5_000), line(5_000, sku="B-2"), points=40)
    assert (bought["points"]["earned"], seen["points"]["earned"]) == (50, 3)
    cinema.take_back(seen, (0, 1))
    grocer.take_back(bought, (1, 1))
    grocer.take_back(bought, (0, 1))
    cinema.sell(member, line(100_000))
    assert member.adjust(10).is_success
    assert member.adjust(-5).is_success
    account = member.staff("GET", "/account").json()
    assert (account["balance"], account["debt"]) == (36, 0)


@pytest.mark.req("EK-5")
def test_partners_settle_what_was_given_at_one_and_spent_at_another(
    club: Club, month: str, grocer: Checkout, cinema: Checkout
) -> None:
    """The grocer owes the cinema 40 - 20 points; the cinema owes the grocer the 1 that was taken
    instead. The club stands for the debt of 19 at the grocer, and gets it from the cinema, whose
    points repaid it. So the grocer's points come to 50 - 30 - (40 - 20) = 0, the cinema's to
    34 - 2 - 1 = 31, the club's to 10 - 5 = 5: what the member has.
    """
    member = club.join()
    story(member, grocer, cinema)
    with club.house.later(until_next_month(club)):
        # What happens in another month is that month's.
        cinema.sell(member, line(10_000), points=36)
        found = settled(club, month)
        assert (flows(found), issuers(found)) == (FLOWS, ISSUERS)
        assert (found["entries"], found["currency"]) == (ENTRIES, "RUB")
        rows = report(club, found["settlement"], "flows")
        assert [(row["issuer"], row["partner"], row["money"]) for row in rows] == [
            (*who, str(figures[-1])) for who, figures in FLOWS.items()
        ]
        given = report(club, found["settlement"], "issuers")
        assert {row["issuer"]: int(row["given"]) for row in given} == {
            issuer: figures[0] for issuer, figures in ISSUERS.items()
        }
        listed = club.staff("GET", "/settlements").json()["rows"]
        assert [row["settlement"] for row in listed] == [found["settlement"]]
        (act,) = club.staff("GET", "/audit", params={"limit": 1}).json()["rows"]
        assert act["action"] == "settlement.ordered"


@pytest.mark.req("EK-5")
def test_points_spent_at_their_own_partner_are_owed_to_nobody_else(
    club: Club, month: str, cinema: Checkout
) -> None:
    """1 000.00 bring 50, which pay for 50.00 there; gifts are the club's affair."""
    member = club.join()
    cinema.sell(member, line(100_000))
    cinema.sell(member, line(5_000), points=30)
    hold = member.staff("POST", "/holds", json={"points": 20, "reason": "For a gift"}).json()
    path = f"/holds/{hold['ref']}/resolution"
    body = {"end": "captured", "reason": "Handed over"}
    assert member.staff("POST", path, json=body).is_success
    with club.house.later(until_next_month(club)):
        found = settled(club, month)
    assert flows(found) == {
        ("cinema", ""): (20, 0, 0, 0, 20, 2_000),
        ("cinema", "cinema"): (30, 0, 0, 0, 30, 3_000),
    }
    assert issuers(found) == {"cinema": (51, 0, 0)}


def test_points_are_worth_what_they_were_when_they_paid(
    club: Club, month: str, grocer: Checkout, cinema: Checkout
) -> None:
    """A return after the value has changed comes at the value of its receipt."""
    member = club.join()
    grocer.sell(member, line(100_000))
    seen = cinema.sell(member, line(3_000), points=30)
    club.document["purchases"]["spending"]["point_value"] = 10
    club.publish()
    with club.house.later("PT1M"):
        cinema.take_back(seen, (0, 1))
        cinema.sell(member, line(100), points=10)
        with club.house.later(until_next_month(club)):
            found = settled(club, month)
    assert flows(found)["grocer", "cinema"] == (40, 30, 0, 0, 10, 100)


def test_points_that_become_a_credit_are_used_at_the_club(house: House, month: str) -> None:
    """149 at a point for each bring 149; 75 become a credit, which any partner takes. The second
    time all of it comes back unused: so do the 75, and the award is taken back.
    """
    purchases = {"spending": {"point_value": WORTH}, "partners_settle": True}
    club = club_of(house, "two-brand-credit", purchases=purchases)
    acorn, kept, returned = checkout(club, "acorn"), club.join(), club.join()
    for member in (kept, returned):
        bought = acorn.sell(member, line(14_900))
    assert acorn.take_back(bought, (0, 1))["money"] == 14_900
    with club.house.later(until_next_month(club)):
        found = settled(club, month)
    assert flows(found) == {("acorn", ""): (150, 75, 0, 0, 75, 7_500)}
    assert issuers(found) == {"acorn": (298, 149, 0)}


def test_a_month_is_settled_when_it_is_over(club: Club, month: str) -> None:
    answer = club.staff("POST", "/settlements", json={"month": month})
    assert (answer.status_code, answer.json()["code"]) == (409, "month_not_over")
    for wrong in ("2026-13", "2026-1", "october", ""):
        answer = club.staff("POST", "/settlements", json={"month": wrong})
        assert answer.status_code == 422, wrong


def test_the_same_order_again_is_the_same_settlement(club: Club) -> None:
    body = {"month": "2026-05"}
    made = [club.staff("POST", "/settlements", json=body, key="once").json() for _ in range(2)]
    assert made[0]["settlement"] == made[1]["settlement"]
    assert settled(club, "2026-05")["flows"] == []


def test_a_stopped_settlement_has_no_figures(club: Club) -> None:
    made = order(club, "2026-05")
    assert club.staff("DELETE", f"/jobs/{made['job']['job']}").status_code == 200
    club.house.pump()
    found = look(club, made["settlement"])
    assert (found["state"], found["flows"], found["issuers"]) == ("stopped", [], [])
    path = f"/settlements/{made['settlement']}/report"
    answer = club.staff("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (409, "settlement_not_done")
    assert club.staff("GET", "/settlements/01k2m3n4p5q6r7s8t9v5").status_code == 404


# -- resuming --------------------------------------------------------------------


@pytest.fixture
def many(
    club: Club, grocer: Checkout, cinema: Checkout, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    """Several members with the same month behind them, read a few items at a time; how many."""
    for _ in range(3):
        story(club.join(), grocer, cinema)
    monkeypatch.setattr(store, "PAGE_ITEMS", 40)
    monkeypatch.setattr(service_jobs, "PAGES", 3)
    with club.house.later(until_next_month(club)):
        yield 3


def times(number: int) -> dict[tuple[str, str], tuple[int, ...]]:
    """The figures of so many stories."""
    return {who: tuple(number * one for one in figures) for who, figures in FLOWS.items()}


def test_a_killed_settlement_goes_on_and_counts_nothing_twice(
    club: Club, month: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = store.moved, 0

    def dying(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls % 3 == 0:
            raise RuntimeError("killed before its place was kept")
        return real(*given)

    with monkeypatch.context() as mortal:
        mortal.setattr(store, "moved", dying)
        made = order(club, month)
        club.house.pump()
    assert calls > store.SEGMENTS
    assert club.house.platform.events
    with club.house.later("PT1H"):
        club.house.platform.events.fire("tidy")
        club.house.pump()
        found = look(club, made["settlement"])
        assert (found["state"], flows(found)) == ("done", times(many))
        assert found["entries"] == ENTRIES * many
        again = settled(club, month)
    for name in ("flows", "issuers", "entries"):
        assert again[name] == found[name]


def test_workers_who_overtake_each_other_count_nothing_twice(
    club: Club, month: str, many: int
) -> None:
    made = order(club, month)
    told = {name: value for name, value in made["job"].items() if name != "percent"}
    job = Job(program=club.id, **told)

    def work(part: int) -> None:
        while True:
            try:
                service_jobs.add_up(Work(job, part, club.house.now))
                return
            except Unfinished:
                continue

    at_once(work, [1, 1, 2, 2, 3, 4, 5, 6, 7, 8])
    club.house.pump()
    found = look(club, made["settlement"])
    assert (found["state"], flows(found)) == ("done", times(many))


def test_an_erased_members_month_stays_in_the_books(
    club: Club, month: str, grocer: Checkout, cinema: Checkout
) -> None:
    member = club.join()
    story(member, grocer, cinema)
    with club.house.later(until_next_month(club)):
        again = club.sign_in(member.phone)
        card = again.session["member"]["card_number"]
        assert again.call("DELETE", "", json={"confirm": card}).status_code == 204
        found = settled(club, month)
        assert (flows(found), issuers(found)) == (FLOWS, ISSUERS)
        next_month = this_month(club)
        with club.house.later(until_next_month(club)):
            assert issuers(settled(club, next_month)) == {"": (0, 0, 5), "cinema": (0, 0, 31)}


def test_settling_takes_its_rights(club: Club) -> None:
    analyst, support = club.employ("analyst"), club.employ("support")
    path = "/settlements"
    assert gifts.good(analyst.call("GET", path))["rows"] == []
    assert analyst.call("POST", path, json={"month": "2026-05"}).status_code == 403
    assert support.call("GET", path).status_code == 403
