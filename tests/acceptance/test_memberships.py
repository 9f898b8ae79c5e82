"""Paid memberships over HTTP: started, renewed, kept through the grace, lapsed, given back."""

from datetime import date, timedelta

import pytest

from chalicelib.kernel.clock import day_begins, render
from tests.support.checkout import checkout, club_of, line, local, until_next_month
from tests.support.club import House, Member
from tests.support.memberships import mine, pay, refund, tell

DAY = 24 * 3600
BASKET = [
    line(29_900, sku="DELIVERY", category="delivery"),
    line(100_000, sku="WINE", category="wine", tags=["premium"]),
    line(50_000, sku="RICE", category="food"),
]
PRICES = [29_900, 15_000, 1_500]
NONE = [0, 0, 0]


@pytest.mark.req("EK-6")
def test_a_membership_by_the_year_is_paid_renewed_and_lapses(house: House) -> None:
    """Delivery for 299 is free, premium goods of 1 000 cost 850, others of 500 cost 485, from the
    payment through three days after the year; a payment within them goes on from the paid day.
    """
    club = club_of(house, "paid-membership")
    with house.later(until_next_month(club)) as go:
        shop, member, other = checkout(club), club.join(), club.join()
        today = local(club).date()
        assert mine(member, "year")["state"] == "none"
        assert shop.off(member, *BASKET) == NONE
        started = pay(shop.system, member, "year")["membership"]
        assert (started["state"], started["since"]) == ("active", today.isoformat())
        assert len(started["privileges"]) == 2
        assert shop.off(member, *BASKET) == PRICES
        assert shop.off(other, *BASKET) == NONE
        last = today.replace(year=today.year + 1) - timedelta(days=1)
        assert started["paid_until"] == last.isoformat()
        go((last - today).days * DAY + 2 * DAY)
        assert mine(member, "year")["state"] == "grace"
        assert shop.off(member, *BASKET) == PRICES
        renewed = pay(shop.system, member, "year")
        assert renewed["payment"]["since"] == (last + timedelta(days=1)).isoformat()
        go((date.fromisoformat(renewed["payment"]["until"]) - local(club).date()).days * DAY)
        assert shop.off(member, *BASKET) == PRICES
        go(4 * DAY)
        assert mine(member, "year")["state"] == "over"
        assert shop.off(member, *BASKET) == NONE
        again = pay(shop.system, member, "year")["payment"]
        assert again["since"] == local(club).date().isoformat()
        assert shop.off(member, *BASKET) == PRICES


@pytest.mark.req("EK-6")
def test_a_payment_that_is_given_back_ends_what_is_not_paid_at_once(house: House) -> None:
    club = club_of(house, "paid-membership")
    shop, member = checkout(club), club.join()
    first, second = (pay(shop.system, member, "year") for _ in range(2))
    assert refund(shop.system, second)["membership"]["paid_until"] == first["payment"]["until"]
    assert shop.off(member, *BASKET) == PRICES
    for _ in range(2):  # the same again is answered the same
        ended = refund(shop.system, first)
        assert ended["membership"]["state"] == "none"
        assert shop.off(member, *BASKET) == NONE
    rows = member.rows("/membership-payments")
    assert [bool(one["refunded_at"]) for one in rows] == [True, True]


def test_the_same_payment_counts_once_and_another_of_its_number_is_refused(house: House) -> None:
    club = club_of(house, "paid-membership")
    shop, member = checkout(club), club.join()
    told = {"number": "SUB-A", "at": render(house.now)}
    first, again = (pay(shop.system, member, "year", **told) for _ in range(2))
    assert first == again
    assert len(member.rows("/membership-payments")) == 1
    answer = tell(shop.system, club.join(), "year", **told)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_differs")


def test_what_cannot_be_paid_is_refused(house: House) -> None:
    club = club_of(house, "paid-membership")
    shop, member = checkout(club), club.join()

    def refused(**more: object) -> tuple[int, str]:
        answer = tell(shop.system, member, **{"plan": "year", **more})
        return answer.status_code, answer.json()["code"]

    assert refused(amount=9_899) == (409, "price_differs")
    assert refused(plan="month") == (404, "plan_unknown")
    assert refused(at=render(house.now + timedelta(hours=1))) == (409, "receipt_in_future")
    assert refused(buyer={"member": "0" * 20}) == (404, "buyer_unknown")
    for _ in range(5):
        pay(shop.system, member, "year")
    assert refused() == (409, "paid_ahead")


@pytest.mark.req("EK-6")
def test_staff_give_a_membership_with_a_reason_and_take_it_back(house: House) -> None:
    club = club_of(house, "paid-membership")
    shop, member = checkout(club), club.join()
    body = {"plan": "year", "reason": "Paid at the desk"}
    first, again = (member.staff("POST", "/memberships", json=body, key="k") for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert shop.off(member, *BASKET) == PRICES
    path = f"/membership-payments/{first.json()['payment']['payment']}/refund"
    for _ in range(2):
        answer = member.staff("POST", path, json={"reason": "A mistake of the desk"})
        assert answer.status_code == 200, answer.text
    assert shop.off(member, *BASKET) == NONE
    seen = member.staff("GET", "/memberships").json()["memberships"]
    assert [one["state"] for one in seen] == ["none"]
    audit = club.staff("GET", "/audit").json()["rows"]
    named = [one["action"] for one in audit if one["action"].startswith("membership.")]
    assert named == ["membership.refunded", "membership.given"]


def test_a_partner_refunds_only_its_own_payments(house: House) -> None:
    club = club_of(house, "paid-membership")
    shop, other, member = checkout(club), checkout(club, "topaz"), club.join()
    paid = pay(shop.system, member, "year")
    path = f"/memberships/{paid['payment']['payment']}/refund"
    answer = other.system.call("POST", path, json={"reason": "Not ours"})
    assert (answer.status_code, answer.json()["code"]) == (404, "payment_unknown")
    stranger = club.join()
    path = f"/membership-payments/{paid['payment']['payment']}/refund"
    answer = stranger.staff("POST", path, json={"reason": "Another's"})
    assert (answer.status_code, answer.json()["code"]) == (404, "payment_unknown")


def test_the_member_is_told_of_it(house: House) -> None:
    club = club_of(house, "paid-membership")
    shop, member = checkout(club), club.join()
    paid = pay(shop.system, member, "year")
    pay(shop.system, member, "year")
    refund(shop.system, paid)
    house.pump()
    told = [one["code"] for one in member.rows("/notifications")]
    assert told == ["membership.refunded", "membership.renewed", "membership.started"]
    assert "The year" in member.rows("/notifications")[0]["text"]


def told(member: Member) -> list[str]:
    """What the member was told, the newest first, by a fresh sign-in."""
    again = member.club.sign_in(member.phone)
    return [one["code"].removeprefix("membership.") for one in again.rows("/notifications")]


@pytest.mark.req("EK-6")
def test_the_agenda_reminds_and_lapses_once_however_often_it_runs(house: House) -> None:
    """A year that ends: a reminder 14 days before, the lapse after three days of grace, each when
    its local day begins, also when nothing ran for days.
    """
    club = club_of(house, "paid-membership")
    shop, member, renews = checkout(club), club.join(), club.join()
    for one in (member, renews):
        last = date.fromisoformat(pay(shop.system, one, "year")["payment"]["until"])
    zone = club.document["zone"]
    reminder = day_begins(last - timedelta(days=14), zone)
    lapse = day_begins(last + timedelta(days=4), zone)
    with house.later(int((reminder - house.now).total_seconds()) - 90) as go:
        house.run_due(days=2)
        house.pump()
        assert told(member) == ["started"]
        go(95)
        for _ in range(3):
            house.run_due(days=2)
            house.pump()
        assert told(member) == ["ending", "started"]
        shop_again = checkout(club, "topaz")
        pay(shop_again.system, renews, "year")
        go(int((lapse - house.now).total_seconds()) - 90)
        house.run_due(days=20)
        house.pump()
        assert told(member) == ["ending", "started"]
        go(3 * DAY)
        for _ in range(2):
            house.run_due(days=4)
            house.pump()
        assert told(member) == ["lapsed", "ending", "started"]
        assert told(renews) == ["renewed", "ending", "started"]
        assert mine(member, "year")["state"] == "over"
