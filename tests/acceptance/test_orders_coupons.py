"""Coupons that members order for points: real ones, which a till takes once."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import local_date
from tests.support import gifts, stored
from tests.support.club import Club, House, Member, at_once
from tests.support.shop import CODE, REFUND, Shop, code, new_id, order, points
from tests.support.till import FIVE_PERCENT, Till
from tests.support.till import shop as till_of

RICH = 1000
TENTH = {"terms": {"share": {"num": 10, "den": 100}, "pieces": 1}, "days": 90}
REWARD: dict[str, Any] = {"kind": "coupon", "delivery": ["code"], "codes": "generated"}


@pytest.fixture
def club(house: House) -> Club:
    """A club with a rule for purchases."""
    return house.new_club(earning={"rules": [FIVE_PERCENT]})


@pytest.fixture
def till(club: Club) -> Till:
    """A till of the club."""
    return till_of(club)


@pytest.fixture
def shop(club: Club) -> Shop:
    """Ten percent off one item for 250 points."""
    made = Shop(club)
    made.reward("tenth", price=250, stock=None, **REWARD, coupon=TENTH)
    return made


@pytest.fixture
def member(club: Club) -> Member:
    """A member with 1000 points."""
    made = club.join()
    made.adjust(RICH)
    return made


def bought(shop: Shop, member: Member, **more: Any) -> dict[str, Any]:
    """An order of the coupon."""
    return shop.placed(member, "tenth", price=250, delivery=CODE, **more)


@pytest.mark.req("RG-12")
def test_a_coupon_for_points_takes_money_off_once(shop: Shop, till: Till, member: Member) -> None:
    """Of rings for 600.00 and 900.00 the dearer one costs 90.00 less."""
    worth = gifts.good(member.call("GET", "/rewards/tenth"))["coupon"]
    assert (worth["days"], worth["terms"]["pieces"]) == (90, 1)
    given = bought(shop, member)
    assert (given["state"], points(member)) == ("issued", (RICH - 250, RICH - 250, 0))
    (coupon,) = member.rows("/coupons")
    assert given["codes"] == [coupon["code"]]
    assert given["coupons"] == [coupon["coupon"]]
    zone = shop.club.document["zone"]
    last = local_date(shop.club.house.now, zone) + timedelta(days=89)
    assert (coupon["state"], coupon["terms"]["until"]) == ("open", last.isoformat())
    assert coupon["name"] == "tenth (en)"

    rings = (60_000, 90_000)
    asked = {"member": member, "coupons": given["codes"]}
    found = till.priced(*rings, **asked)
    assert (found["coupons"], found["due"]) == (9_000, 141_000)
    sold = till.sell(*rings, **asked)
    assert [line["coupon"] for line in sold["lines"]] == [0, 9_000]
    refused = till.send(till.receipt(*rings, **asked))
    assert (refused.status_code, code(refused)) == (409, "coupon_refused")
    (used,) = member.rows("/coupons")
    assert (used["state"], used["receipt"]) == ("used", sold["receipt"])


def test_a_refund_withdraws_coupons_unless_one_was_used(
    shop: Shop, till: Till, member: Member
) -> None:
    given = bought(shop, member, quantity=2)
    assert len(set(given["codes"])) == 2
    sold = till.sell(50_000, member=member, coupons=given["codes"][:1])
    refused = shop.act(given["number"], "refund", REFUND)
    assert (refused.status_code, code(refused)) == (409, "coupon_not_open")
    assert {one["state"] for one in member.rows("/coupons")} == {"open", "used"}
    till.returned(sold["receipt"], (0, 1))  # the coupon is open again
    for _ in range(2):
        back = gifts.good(shop.act(given["number"], "refund", REFUND))
        assert back["state"] == "refunded"
    assert points(member) == (RICH, RICH, 0)
    assert {one["state"] for one in member.rows("/coupons")} == {"withdrawn"}
    late = till.send(till.receipt(50_000, member=member, coupons=given["codes"][:1]))
    assert code(late) == "coupon_refused"


def test_a_coupon_that_staff_took_back_does_not_keep_an_order_from_its_refund(
    shop: Shop, member: Member
) -> None:
    given = bought(shop, member)
    gifts.good(member.staff("POST", f"/coupons/{given['coupons'][0]}/withdrawal", json=gifts.WHY))
    assert gifts.good(shop.act(given["number"], "refund", REFUND))["state"] == "refunded"
    assert points(member) == (RICH, RICH, 0)


def test_an_order_that_is_sent_again_gives_the_same_coupon(shop: Shop, member: Member) -> None:
    name = new_id()
    answers = at_once(
        lambda _: order(member, "tenth", order_id=name, price=250, delivery=CODE), range(4)
    )
    assert {one.status_code for one in answers} == {200}
    assert len({one.text for one in answers}) == 1
    assert len(member.rows("/coupons")) == 1
    assert points(member) == (RICH - 250, RICH - 250, 0)


def test_a_coupon_is_either_used_or_refunded(shop: Shop, till: Till, member: Member) -> None:
    given = bought(shop, member)
    body = till.receipt(50_000, member=member, coupons=given["codes"])
    acts = (lambda: till.send(body), lambda: shop.act(given["number"], "refund", REFUND))
    answers = at_once(lambda number: acts[number](), range(2))
    assert sorted(one.status_code for one in answers) in ([200, 409], [201, 409])


def test_terms_are_checked_and_an_expired_coupon_is_not_sold(
    house: House, shop: Shop, member: Member
) -> None:
    wrong = {"terms": {"share": {"num": 3, "den": 2}, "until": "2020-01-01"}}
    answer = gifts.put(shop.club, "half", **REWARD, stock="unlimited", coupon=wrong)
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/coupon/terms/share", "share_out_of_range"),
        ("/coupon/terms/until", "day_past"),
    }
    missing = gifts.put(shop.club, "half", **REWARD, stock="unlimited")
    assert [one["pointer"] for one in missing.json()["errors"]] == ["/coupon"]
    tomorrow = (house.now.date() + timedelta(days=1)).isoformat()
    terms = {"terms": {"amount": 10_000, "until": tomorrow}}
    shop.reward("short", price=10, stock=None, **REWARD, coupon=terms)
    with house.later("P3D"):
        member = shop.club.sign_in(member.phone)
        assert code(order(member, "short", price=10, delivery=CODE)) == "reward_unavailable"


def test_a_dump_of_the_table_spends_no_coupon(shop: Shop, member: Member) -> None:
    (bare,) = (one.replace("-", "") for one in bought(shop, member)["codes"])
    found = "\n".join(map(stored.texts, stored.everything().values()))
    assert bare not in found.replace("-", "")
