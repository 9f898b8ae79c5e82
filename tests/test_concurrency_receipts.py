"""Receipts at once: against their returns, claims, quotes and batches; one outcome each."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from tests.support.club import House, Member, at_once, figure
from tests.support.till import FIVE_PERCENT, Till, percent, rule, shop
from tests.test_concurrency import codes, insist

pytestmark = pytest.mark.soak
TERMS = {"spending": {"point_value": 100}, "attach_days": 14}
ROUNDS = figure(5, 30)
Act = Callable[[], httpx.Response]


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that gives five percent; points pay and do not burn."""
    burn = {"type": "never"}
    return shop(house.new_club(earning={"rules": [FIVE_PERCENT]}, purchases=TERMS, burn=burn))


def race(*acts: Act) -> list[httpx.Response]:
    """Several acts at once, each until the platform is not busy with the others."""
    return at_once(insist, acts)


def back(till: Till, receipt: str, number: str, pieces: int = 1) -> httpx.Response:
    """Return pieces of the only line, under a number of its own."""
    return till.take_back(receipt, (0, pieces), number=number)


def agrees(member: Member, balance: int) -> None:
    """The account is what it should be, to the last entry."""
    account = member.account()
    assert (account["balance"], account["held"]) == (balance, 0)
    assert member.proof()["agrees"]


def pieces(count: int, price: int = 100_000) -> list[dict[str, Any]]:
    """A line of so many pieces at this price for each."""
    return [{"sku": "P", "quantity": count, "price": count * price}]


def test_a_receipt_sent_again_and_its_return_at_once(till: Till) -> None:
    for _ in range(ROUNDS):
        member = till.club.join()
        body = till.receipt(member=member, lines=pieces(2))
        name = till.send(body).json()["receipt"]
        answers = race(partial(till.send, body), partial(back, till, name, "R"))
        assert codes(answers) == {"201": 2}
        agrees(member, 50)


def test_two_different_returns_at_once_are_both_carried_out(till: Till) -> None:
    for _ in range(ROUNDS):
        member = till.club.join()
        sold = till.sell(member=member, lines=pieces(5))["receipt"]
        answers = race(partial(back, till, sold, "A"), partial(back, till, sold, "B", 2))
        assert codes(answers) == {"201": 2}
        assert sorted(one.json()["points_taken"] for one in answers) == [50, 100]
        agrees(member, 100)


def test_of_returns_that_are_too_many_together_one_is_carried_out(till: Till) -> None:
    for _ in range(ROUNDS):
        member = till.club.join()
        sold = till.sell(member=member, lines=pieces(3))["receipt"]
        answers = race(partial(back, till, sold, "A", 2), partial(back, till, sold, "B", 2))
        assert codes(answers) == {"201": 1, "returned_too_much": 1}
        agrees(member, 50)


def test_one_number_for_two_returns_at_once_is_one_return(till: Till) -> None:
    member = till.club.join()
    sold = till.sell(member=member, lines=pieces(3))["receipt"]
    at = till.now
    acts = [partial(till.take_back, sold, (0, n), number="R", at=at) for n in (1, 2)] * 5
    answers = race(*acts)
    assert codes(answers) == {"201": 5, "return_differs": 5}
    taken = {one.json()["points_taken"] for one in answers if one.is_success}
    assert len(taken) == 1
    agrees(member, 150 - taken.pop())


def test_a_return_against_a_receipt_that_spends_its_points(till: Till) -> None:
    """50 points of one receipt pay for another while the first goes back: they are spent and owed,
    or gone before they could be.
    """
    ends = set()
    for _ in range(ROUNDS):
        member = till.club.join()
        sold = till.sell(100_000, member=member)["receipt"]
        spending = till.receipt(5_000, member=member, points=50)
        gone, spent = race(partial(back, till, sold, "R"), partial(till.send, spending))
        assert gone.status_code == 201
        ends.add(spent.status_code)
        if spent.is_success:
            agrees(member, -50)
        else:
            assert spent.json()["code"] == "not_enough_points"
            agrees(member, 0)
    assert ends <= {201, 409}


def test_of_two_members_who_claim_a_receipt_one_gets_it(till: Till) -> None:
    for _ in range(ROUNDS):
        members = [till.club.join(), till.club.join()]
        body = {"receipt_code": till.sell(100_000)["receipt_code"]}
        answers = race(*(partial(it.call, "POST", "/receipts", json=body) for it in members))
        assert codes(answers) == {"201": 1, "claim_refused": 1}
        for member, answer in zip(members, answers, strict=True):
            agrees(member, 50 if answer.is_success else 0)
            assert len(member.rows("/receipts")) == int(answer.is_success)


def test_a_claim_against_the_return_of_a_piece(till: Till) -> None:
    """Before the claim or after it: the member keeps the points of the piece that is left."""
    for _ in range(ROUNDS):
        member = till.club.join()
        sold = till.sell(lines=pieces(2))
        body = {"receipt_code": sold["receipt_code"]}
        answers = race(
            partial(member.call, "POST", "/receipts", json=body),
            partial(back, till, sold["receipt"], "R"),
        )
        assert codes(answers) == {"201": 2}
        agrees(member, 50)


def test_a_held_quote_is_spent_or_ended_by_the_schedule(till: Till) -> None:
    house = till.club.house
    members = [till.club.join() for _ in range(ROUNDS)]
    quotes = []
    for member in members:
        member.adjust(50)
        held = till.priced(5_000, member=member, hold={"points": 50, "minutes": 5})["hold"]
        quotes.append(held["quote"])
    with house.later("PT6M"):
        bodies = [
            till.receipt(5_000, member=member, points=50, quote=quote)
            for member, quote in zip(members, quotes, strict=True)
        ]

        def tidy() -> None:
            assert house.platform.events
            house.platform.events.fire("tidy")

        acts: list[Any] = [partial(insist, partial(till.send, body)) for body in bodies]
        answers = [one for one in at_once(lambda act: act(), [tidy, *acts]) if one is not None]
        for member, answer in zip(members, answers, strict=True):
            if answer.is_success:
                agrees(member, 0)
            else:
                assert answer.json()["code"] == "quote_over"
                agrees(member, 50)


def batch(till: Till, *receipts: dict[str, Any]) -> httpx.Response:
    """Send several receipts as one."""
    return till.system.call("POST", "/receipt-batches", json={"receipts": list(receipts)})


def outcomes(answer: httpx.Response) -> list[str]:
    """What became of each receipt of a batch."""
    assert answer.status_code == 200, answer.text
    return [
        row["problem"]["code"] if row["problem"] else str(row["status"])
        for row in answer.json()["receipts"]
    ]


def test_a_receipt_twice_in_one_batch_counts_once(till: Till) -> None:
    member = till.club.join()
    body = till.receipt(100_000, member=member)
    other = {**body, "lines": [{"sku": "X", "price": 1}]}
    assert outcomes(batch(till, body, body, other)) == ["201", "201", "receipt_differs"]
    agrees(member, 50)


def test_a_receipt_in_two_batches_at_once_counts_once(till: Till) -> None:
    for _ in range(ROUNDS):
        member = till.club.join()
        bodies = [till.receipt(100_000, member=member) for _ in range(5)]
        answers = race(
            partial(batch, till, *bodies[:4]),
            partial(batch, till, *bodies[4:0:-1]),
            partial(till.send, bodies[2]),
        )
        assert [outcomes(one) for one in answers[:2]] == [["201"] * 4] * 2
        assert answers[2].status_code == 201
        agrees(member, 250)


def test_a_quote_is_spent_by_one_receipt_of_a_batch(till: Till) -> None:
    member = till.club.join()
    member.adjust(100)
    quote = till.priced(5_000, member=member, hold={"points": 50})["hold"]["quote"]
    bodies = [till.receipt(5_000, member=member, points=50, quote=quote) for _ in range(2)]
    assert sorted(outcomes(batch(till, *bodies))) == ["201", "quote_over"]
    agrees(member, 50)


def test_a_coupon_is_used_by_one_receipt_of_a_batch(till: Till) -> None:
    member = till.club.join()
    names = dict.fromkeys(till.club.document["languages"], "Thanks")
    body = {"members": [member.id], "name": names, "terms": {"amount": 10_000}, "reason": "Thanks"}
    assert till.club.staff("POST", "/coupons", json=body).status_code == 202
    till.club.house.pump()
    (coupon,) = member.rows("/coupons")
    code = member.call("GET", f"/coupons/{coupon['coupon']}").json()["code"]
    bodies = [till.receipt(20_000, member=member, coupons=[code]) for _ in range(2)]
    assert sorted(outcomes(batch(till, *bodies))) == ["201", "coupon_refused"]
    agrees(member, 5)


@pytest.mark.timeout(300)
def test_fifty_members_at_once_never_get_more_than_a_budget(house: House) -> None:
    """Budgets of 300 and 40 points, 50 members who would get 20 and 10 each."""
    rules = [
        rule(percent(2), caps={"program": 300}),
        rule(percent(1), id="small", caps={"program": 40}),
    ]
    till = shop(house.new_club(earning={"rules": rules}, purchases=TERMS))
    members = [till.club.join() for _ in range(50)]
    bodies = [till.receipt(100_000, member=member) for member in members]
    answers = at_once(lambda body: insist(lambda: till.send(body)), bodies)
    assert codes(answers) == {"201": 50}

    def given(found: list[httpx.Response]) -> dict[str, int]:
        awards = [award for one in found for award in one.json()["awards"]]
        return {
            name: sum(award["points"] for award in awards if award["rule"] == name)
            for name in ("base", "small")
        }

    first = given(answers)
    assert first["base"] <= 300
    assert first["small"] <= 40
    # What came back can be given again, and no more than that.
    gone = answers[:20]
    freed = given(gone)
    for answer in gone:
        till.returned(answer.json()["receipt"], (0, 1))
    bodies = [till.receipt(100_000, member=member) for member in members]
    second = given(at_once(lambda body: insist(lambda: till.send(body)), bodies))
    for name, most in (("base", 300), ("small", 40)):
        assert first[name] - freed[name] + second[name] <= most
    assert all(member.proof()["agrees"] for member in members[:5])
