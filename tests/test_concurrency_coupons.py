"""Many tills at once: a coupon comes off one receipt."""

from collections import Counter
from typing import Any

from chalicelib.coupons import service, service_issues
from chalicelib.coupons.errors import CouponNotOpen
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Work
from chalicelib.kernel.table.writes import Writes, transact
from tests.support.club import Club, at_once
from tests.support.coupons import give, issue


def test_twenty_receipts_with_one_coupon_are_one(club: Club) -> None:
    member = club.join()
    give(club, member)
    (mine,) = member.rows("/coupons")

    def use(receipt: str) -> str:
        def decide(strong: bool) -> tuple[Writes, None]:
            found = service.find(club.id, mine["code"], strong=strong)
            return service.used(found, receipt, "partner:rubin", club.house.now), None

        try:
            transact(decide)
        except CouponNotOpen:
            return "refused"
        return receipt

    outcomes = at_once(use, [f"receipt-{number}" for number in range(20)])
    (winner,) = set(outcomes) - {"refused"}
    assert Counter(outcomes) == {"refused": 19, winner: 1}
    (after,) = member.rows("/coupons")
    assert (after["state"], after["receipt"]) == ("used", winner)


def test_using_and_withdrawing_exclude_each_other(club: Club) -> None:
    member = club.join()
    give(club, member)
    (mine,) = member.rows("/coupons")
    path = f"/coupons/{mine['coupon']}/withdrawal"

    def act(number: int) -> str:
        if number % 2:
            body = {"reason": "Given by mistake"}
            return "withdrawn" if member.staff("POST", path, json=body).is_success else "refused"

        def decide(_: bool) -> tuple[Writes, None]:
            found = service.find(club.id, mine["code"], strong=True)
            return service.used(found, f"receipt-{number}", "partner:rubin", club.house.now), None

        try:
            transact(decide)
        except CouponNotOpen:
            return "refused"
        return "used"

    outcomes = at_once(act, range(10))
    (winner,) = set(outcomes) - {"refused"}
    assert Counter(outcomes) == {"refused": 9, winner: 1}
    (after,) = member.rows("/coupons")
    assert after["state"] == winner


def test_one_list_sent_many_times_at_once_gives_one_coupon_each(club: Club) -> None:
    members = [club.join() for _ in range(3)]

    def send(_: int) -> Any:
        answer = issue(club, *members, key="one intention")
        return answer.json()["issue"] if answer.is_success else answer.json()["code"]

    names = set(at_once(send, range(8))) - {"busy"}
    assert len(names) == 1
    club.house.pump()
    assert [len(member.rows("/coupons")) for member in members] == [1, 1, 1]


def test_a_part_delivered_many_times_gives_one_coupon_each(club: Club) -> None:
    members = [club.join() for _ in range(3)]
    job = jobs.read(club.id, give(club, *members)["job"], strong=True)
    work = Work(job, 1, club.house.now)
    assert at_once(lambda _: service_issues.give(work), range(6)) == [3] * 6
    assert [len(member.rows("/coupons")) for member in members] == [1, 1, 1]
