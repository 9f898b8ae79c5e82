"""Receipts: posted once, paid with points, explained, claimed later, late and in batches."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support import coupons
from tests.support.club import Club, House, Member, at_once
from tests.support.till import FIVE_PERCENT, Till, card_of, percent, rule, shop

SPENDING = {"spending": {"point_value": 100}, "attach_days": 14}


def club_with(house: House, *rules: Any, **document: Any) -> Club:
    """A club that earns by these rules, where points pay."""
    return house.new_club(
        **{"earning": {"rules": rules or [FIVE_PERCENT]}, "purchases": SPENDING, **document}
    )


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that gives five percent."""
    return shop(club_with(house))


def test_a_purchase_brings_points_that_are_explained(till: Till) -> None:
    """5 % of 1 000.00 + 500.00 are 75 points: 50 of the first line, 25 of the second."""
    member = till.club.join()
    posted = till.sell(100_000, 50_000, member=member)
    assert (posted["state"], posted["earned"], posted["spent"]) == ("posted", 75, 0)
    assert posted["points"] == {
        "earned": 75,
        "pending": 0,
        "spent": 0,
        "balance": 75,
        "available": 75,
        "debt": 0,
    }
    assert [line["earned"] for line in posted["lines"]] == [50, 25]
    assert [(one["rule"], one["name"], one["points"]) for one in posted["awards"]] == [
        ("base", "Points for purchases", 75)
    ]
    entry = member.entries()[0]
    assert (entry["kind"], entry["title"], entry["ref"]) == (
        "receipt.posted",
        "Purchase",
        posted["receipt"],
    )
    assert [(part["points"], part["reason"]) for part in entry["parts"]] == [
        (75, "Points for purchases")
    ]


@pytest.mark.req("AB-1")
def test_the_till_knows_a_member_by_card_app_or_phone(till: Till) -> None:
    member = till.club.join()
    code = member.call("GET", "/app-code").json()["app_code"]
    for buyer in ({"card": card_of(member)}, {"app_code": code}, {"phone": member.phone}):
        assert till.sell(10_000, buyer=buyer)["points"]["earned"] == 5
    assert member.account()["balance"] == 15


@pytest.mark.req("AB-7")
@pytest.mark.req("CB-5")
def test_points_of_one_purchase_pay_for_the_next_one_at_once(till: Till) -> None:
    """50 points of the first purchase pay 50.00 of 100.00; 5 % of the other 50.00 are 2 points."""
    member = till.club.join()
    assert till.sell(100_000, member=member)["points"]["balance"] == 50
    paid = [{"means": "cash", "amount": 5_000}]
    second = till.sell(10_000, member=member, points=50, payments=paid)
    assert second["points"]["spent"] == 50
    assert (second["points"]["earned"], second["points"]["balance"]) == (2, 2)
    (line,) = second["lines"]
    assert (line["points"], line["points_money"], line["money"]) == (50, 5_000, 5_000)


def test_the_same_receipt_again_is_the_same_receipt(till: Till) -> None:
    member = till.club.join()
    body = till.receipt(100_000, member=member)
    first, again = till.send(body), till.send(body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert member.account()["balance"] == 50
    other = till.send({**body, "lines": [{"sku": "S0", "price": 1}]})
    assert (other.status_code, other.json()["code"]) == (409, "receipt_differs")


def test_fifty_tills_at_once_post_one_receipt_once(till: Till) -> None:
    member = till.club.join()
    body = till.receipt(100_000, member=member)
    answers = at_once(lambda _: till.send(body), range(50))
    assert sorted(answer.status_code for answer in answers) == [201] * 50
    assert member.account()["balance"] == 50
    assert member.proof()["agrees"]


def test_different_receipts_at_once_are_all_posted(till: Till) -> None:
    member = till.club.join()
    bodies = [till.receipt(100_000, member=member) for _ in range(12)]
    answers = at_once(till.send, bodies)
    assert [answer.status_code for answer in answers] == [201] * 12
    assert member.account()["balance"] == 600
    assert member.call("GET", "/purchases").json()["months"][0]["amount"] == 1_200_000


def test_nobody_spends_the_same_points_twice(till: Till) -> None:
    member = till.club.join()
    till.sell(100_000, member=member)
    bodies = [till.receipt(5_000, member=member, points=50) for _ in range(10)]
    answers = at_once(till.send, bodies)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"not_enough_points"}


@pytest.mark.req("AB-5")
def test_rules_of_use_bind(house: House) -> None:
    """At most 30 % of a receipt, not for gift cards, and no fewer than 10 points."""
    spending = {
        "max_share": {"num": 30, "den": 100},
        "goods": {"except_category": ["gift-card"]},
        "least": 10,
    }
    till = shop(club_with(house, purchases={"spending": spending}))
    member = till.club.join()
    member.adjust(1_000)
    card = {"sku": "G", "category": "gift-card", "price": 90_000}
    ring = {"sku": "R", "category": "ring", "price": 10_000}

    def refused(points: int, *lines: Any) -> dict[str, Any]:
        answer = till.send(till.receipt(member=member, points=points, lines=lines))
        assert answer.status_code == 409, answer.text
        found: dict[str, Any] = answer.json()
        return found

    assert refused(31, ring)["detail"] == "At most 30 points can pay for this purchase."
    assert refused(101, ring, card)["detail"] == "At most 100 points can pay for this purchase."
    assert refused(9, ring)["code"] == "too_few_points"
    posted = till.sell(member=member, points=100, lines=[ring, card])
    assert [line["points"] for line in posted["lines"]] == [100, 0]


@pytest.mark.req("CB-9")
def test_the_till_gets_the_text_for_the_printed_receipt(till: Till) -> None:
    member = till.club.join()
    till.sell(100_000, member=member)
    posted = till.sell(10_000, member=member, points=50)
    assert posted["text"] == [
        "Paid with 50 points: 50.00 RUB",
        "Earned: 2 points",
        "You have 2 points",
    ]
    russian = till.sell(20_000, member=member, language="ru")
    assert russian["text"] == ["Начислено: 10 баллов", "У вас 12 баллов"]


@pytest.mark.req("CB-9")
@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            [
                "Discount: -99.00 RUB",
                "Coupons: -20.00 RUB",
                "Paid with 50 points: 50.00 RUB",
                "Earned: 6 points",
                "You have 6 points",
            ],
        ),
        (
            "ru",
            [
                "Скидка: -99.00 RUB",
                "Купоны: -20.00 RUB",
                "Оплачено: 50 баллов = 50.00 RUB",
                "Начислено: 6 баллов",
                "У вас 6 баллов",
            ],
        ),
        (
            "uk",
            [
                "Знижка: -99.00 RUB",
                "Купони: -20.00 RUB",
                "Сплачено: 50 балів = 50.00 RUB",
                "Нараховано: 6 балів",
                "У вас 6 балів",
            ],
        ),
        (
            "ar",
            [
                "الخصم: -99.00 RUB",
                "القسائم: -20.00 RUB",
                "دُفع بالنقاط: 50 نقطة = 50.00 RUB",
                "المكتسب: 6 نقاط",
                "رصيدك 6 نقاط",
            ],
        ),
    ],
)
def test_discount_and_coupon_are_printed_in_the_buyers_language(
    house: House, language: str, text: list[str]
) -> None:
    """Three pieces of 99.00, one of them free by a rule, 20.00 off by a coupon, 50.00 paid with
    points: 128.00 in money bring 6 points.
    """
    third_free = rule({"type": "nth_item", "nth": 3, "off": {"num": 1, "den": 1}}, id="third-free")
    till = shop(club_with(house, FIVE_PERCENT, third_free))
    member = till.club.join()
    member.adjust(50)
    coupons.give(till.club, member, terms={"amount": 2_000})
    (coupon,) = member.rows("/coupons")
    code = member.call("GET", f"/coupons/{coupon['coupon']}").json()["code"]
    cups = {"sku": "CUP", "quantity": 3, "price": 29_700}
    (quoted,) = till.priced(member=member, lines=[cups], coupons=[code], points=50)["lines"]
    paid = {**cups, "price": cups["price"] - quoted["discount"], "discount": quoted["discount"]}
    posted = till.sell(member=member, lines=[paid], coupons=[code], points=50, language=language)
    assert posted["text"] == text
    (line,) = posted["lines"]
    assert (line["price"], line["discount"], line["coupon"]) == (19_800, 9_900, 2_000)
    (kept,) = member.call("GET", f"/receipts/{posted['receipt']}").json()["lines"]
    assert kept == line


def test_a_receipt_without_a_buyer_is_claimed_by_its_code(till: Till) -> None:
    posted = till.sell(100_000, language="en")
    assert (posted["state"], posted["points"]) == ("unclaimed", None)
    assert posted["text"] == ["Claim this receipt in Jewellery Club within 14 days."]
    member, other = till.club.join(), till.club.join()
    body = {"receipt_code": posted["receipt_code"].lower()}
    claimed = member.call("POST", "/receipts", json=body)
    assert (claimed.status_code, claimed.json()["points"]["earned"]) == (201, 50)
    assert member.call("POST", "/receipts", json=body).json() == claimed.json()
    late = other.call("POST", "/receipts", json=body)
    assert (late.status_code, late.json()["code"]) == (404, "claim_refused")
    assert (member.account()["balance"], other.account()["balance"]) == (50, 0)
    assert [row["receipt"] for row in member.rows("/receipts")] == [posted["receipt"]]


def test_a_receipt_is_claimed_within_its_window_only(till: Till) -> None:
    posted = till.sell(100_000, buyer={"phone": "+79990000000"})
    with till.club.house.later("P15D"):
        member = till.club.join()
        late = member.call("POST", "/receipts", json={"receipt_code": posted["receipt_code"]})
        assert (late.status_code, late.json()["code"]) == (404, "claim_refused")


@pytest.mark.req("RG-10")
def test_a_till_that_was_offline_sends_its_receipts_in_any_order(till: Till) -> None:
    """Three days of purchases, sent at once, twice and upside down: each counts once."""
    with till.club.house.later("P4D"):
        _offline(till, till.club.join(), till.club.join())


def _offline(till: Till, member: Member, other: Member) -> None:
    now = till.club.house.now
    batch = [
        till.receipt(100_000, member=who, at=now - timedelta(hours=hours))
        for who, hours in ((member, 70), (other, 50), (member, 30), (member, 1))
    ]
    stranger = till.receipt(100_000, at=now - timedelta(hours=5))
    wrong = till.receipt(100_000, member=member, points=10**6)
    for receipts in ([*batch[::-1], stranger, wrong], [wrong, *batch]):
        answer = till.system.call("POST", "/receipt-batches", json={"receipts": receipts})
        assert answer.status_code == 200, answer.text
        found = {row["number"]: row for row in answer.json()["receipts"]}
        assert found[wrong["number"]]["problem"]["code"] == "too_many_points"
        assert answer.json()["refused"] == 1
    assert {row["status"] for row in found.values()} == {201, 409}
    assert (member.account()["balance"], other.account()["balance"]) == (150, 50)
    assert len(member.rows("/receipts")) == 3


def test_receipts_are_taken_in_their_time_only(till: Till) -> None:
    house = till.club.house
    with house.later("P32D"):
        member, now = till.club.join(), house.now
        for at, code in (
            (now - timedelta(days=40), "before_program"),
            (now - timedelta(days=31), "receipt_too_old"),
            (now + timedelta(minutes=6), "receipt_in_future"),
        ):
            answer = till.send(till.receipt(100_000, member=member, at=at))
            assert (answer.status_code, answer.json()["code"]) == (409, code)
        late = till.sell(100_000, member=member, at=now - timedelta(days=30))
        assert late["points"]["earned"] == 50


def test_points_can_wait_for_the_end_of_the_return_window(house: House) -> None:
    till = shop(club_with(house, rule(percent(5), pending_days=14)))
    member = till.club.join()
    posted = till.sell(100_000, member=member)
    assert (posted["points"]["earned"], posted["points"]["pending"]) == (0, 50)
    assert posted["awards"][0]["available_from"]
    assert (member.account()["balance"], member.account()["pending"]) == (0, 50)


@pytest.mark.req("AB-10")
def test_members_see_what_they_bought(till: Till) -> None:
    member = till.club.join()
    lines = [
        {"sku": "A", "category": "ring", "price": 100_000},
        {"sku": "B", "category": "chain", "price": 50_000},
    ]
    first = till.sell(member=member, lines=lines)
    till.sell(20_000, member=member)
    rows = member.rows("/receipts")
    assert [(row["total"], row["earned"]) for row in rows] == [(20_000, 10), (150_000, 75)]
    shown = member.call("GET", f"/receipts/{first['receipt']}").json()
    assert [line["sku"] for line in shown["lines"]] == ["A", "B"]
    (month,) = member.call("GET", "/purchases").json()["months"]
    assert (month["amount"], month["receipts"]) == (170_000, 2)
    assert month["categories"] == {"": 20_000, "chain": 50_000, "ring": 100_000}
    assert month["partners"] == {"rubin": 170_000}


def test_staff_see_why_each_rule_gave_what_it_gave(house: House) -> None:
    sunday = {**FIVE_PERCENT, "id": "dear"}
    sunday["conditions"] = [{"type": "amount", "at_least": 10**6}]
    till = shop(club_with(house, FIVE_PERCENT, sunday))
    member = till.club.join()
    posted = till.sell(100_000, member=member)
    shown = till.club.staff("GET", f"/receipts/{posted['receipt']}").json()
    assert (shown["member"], shown["identified"], shown["entry"]) == (member.id, "card", 1)
    (why,) = shown["why_not"]
    assert (why["rule"], why["code"]) == ("dear", "condition_amount")
    assert [row["receipt"] for row in member.staff("GET", "/receipts").json()["rows"]] == [
        posted["receipt"]
    ]


def test_a_receipt_of_another_partner_is_unknown(till: Till) -> None:
    member = till.club.join()
    posted = till.sell(100_000, member=member)
    other = shop(till.club, "opal", "nevsky")
    path = f"/receipts/{posted['receipt']}"
    assert till.system.call("GET", path).json()["receipt"] == posted["receipt"]
    assert other.system.call("GET", path).status_code == 404
    assert other.take_back(posted["receipt"], (0, 1)).status_code == 404
