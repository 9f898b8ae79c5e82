"""Many orders at once: no point, piece or code is given twice, and each order ends one way."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.club import Club, Member, at_once, figure
from tests.support.gifts import WHY
from tests.support.shop import CODE, PARCEL, POST, Shop, new_id, order
from tests.test_concurrency import codes, insist


@pytest.fixture
def shop(club: Club) -> Shop:
    """A club with a pick-up point."""
    return Shop(club)


def rich(shop: Shop, points: int = 1000) -> Member:
    """A member with points."""
    member = shop.club.join()
    member.adjust(points).raise_for_status()
    return member


def wish(*what: Any, **more: Any) -> Callable[[Member], httpx.Response]:
    """What each of many members sends until they are answered: the same order under one id."""

    def send(member: Member) -> httpx.Response:
        name = new_id()
        return insist(lambda: order(member, *what, order_id=name, **more))

    return send


def agree(*members: Member) -> None:
    """Everybody's books are whole."""
    for member in members:
        account = member.account()
        assert min(account["available"], account["held"], account["debt"]) >= 0
        assert member.proof()["agrees"]


def test_fifty_orders_with_points_for_one_are_one(shop: Shop) -> None:
    shop.reward(stock=100)
    member = rich(shop, 100)
    names = [new_id() for _ in range(50)]
    answers = at_once(lambda name: insist(lambda: order(member, order_id=name)), names)
    placed = [answer for answer in answers if answer.is_success]
    assert codes(answers) == {"200": 1, "not_enough_points": 49}
    assert [one["order"] for one in member.rows("/orders")] == [placed[0].json()["order"]]
    assert member.account()["available"] == 0
    assert shop.left("ring-box") == 99
    agree(member)


def test_fifty_members_want_the_last_piece_and_one_gets_it(shop: Shop) -> None:
    shop.reward(stock=1)
    members = [rich(shop, 100) for _ in range(50)]
    answers = at_once(wish(), members)
    assert codes(answers) == {"200": 1, "reward_sold_out": 49}
    assert shop.left("ring-box") == 0
    for member, answer in zip(members, answers, strict=True):
        account = member.account()
        assert account["held"] == (100 if answer.is_success else 0)
        assert account["balance"] == 100
        assert len(member.rows("/orders")) == answer.is_success


def test_a_stock_is_given_away_to_the_last_piece_and_no_further(shop: Shop) -> None:
    shop.reward(stock=12, low_stock=5)
    members = [rich(shop) for _ in range(10)]
    answers = at_once(wish(quantity=2), members)
    assert codes(answers) == {"200": 6, "reward_sold_out": 4}
    assert shop.left("ring-box") == 0
    agree(*members)


def test_one_order_sent_twenty_times_at_once_is_one(shop: Shop) -> None:
    shop.reward()
    member = rich(shop)
    name = new_id()
    answers = at_once(lambda _: insist(lambda: order(member, order_id=name)), range(20))
    assert codes(answers) == {"200": 20}
    assert len({answer.text for answer in answers}) == 1
    assert shop.left("ring-box") == 4
    assert member.account()["held"] == 100
    assert len(member.rows("/orders")) == 1


def test_one_id_for_different_orders_at_once_is_one_of_them(shop: Shop) -> None:
    shop.reward(stock=100)
    member = rich(shop, 10_000)
    name = new_id()
    answers = at_once(
        lambda quantity: insist(lambda: order(member, order_id=name, quantity=quantity)),
        range(1, 9),
    )
    assert codes(answers) == {"200": 1, "order_differs": 7}
    (won,) = [answer.json()["quantity"] for answer in answers if answer.is_success]
    assert shop.left("ring-box") == 100 - won
    assert member.account()["held"] == 100 * won


def test_the_limit_of_one_member_holds_also_at_once(shop: Shop) -> None:
    shop.reward(stock=100, per_member=3)
    member = rich(shop, 10_000)
    names = [new_id() for _ in range(12)]
    answers = at_once(lambda name: insist(lambda: order(member, order_id=name)), names)
    assert codes(answers) == {"200": 3, "per_member_reached": 9}


def test_a_code_is_given_once(shop: Shop) -> None:
    shop.reward("cinema", stock=8, kind="digital_code", delivery=["code"], codes="pool")
    members = [rich(shop) for _ in range(12)]
    answers = at_once(wish("cinema", delivery=CODE), members)
    assert codes(answers) == {"200": 8, "reward_sold_out": 4}
    given = [one for answer in answers if answer.is_success for one in answer.json()["codes"]]
    assert len(set(given)) == 8
    assert shop.left("cinema") == 0
    agree(*members)


Race = tuple[str, list[str]]
RACES: list[Race] = [
    ("placed", ["confirmation", "mine"]),
    ("placed", ["confirmation", "cancellation"]),
    ("confirmed", ["issue", "cancellation"]),
    ("confirmed", ["issue", "mine"]),
    ("placed", ["substitution", "mine"]),
    ("confirmed", ["substitution", "issue"]),
]


@pytest.mark.soak
@pytest.mark.parametrize("race", RACES, ids=lambda race: f"{race[0]}-{'-'.join(race[1])}")
def test_acts_that_exclude_each_other_have_one_outcome(shop: Shop, race: Race) -> None:
    state, acts = race
    shop.reward(stock=50)
    shop.reward("pouch", price=40, stock=50)
    for _ in range(figure(4, 20)):
        member = rich(shop)
        bought = shop.placed(member, quantity=2)
        if state == "confirmed":
            shop.act(bought["number"], "confirmation").raise_for_status()
        answers = at_once(lambda act, who=member, one=bought: _act(shop, who, one, act), acts * 3)
        check(shop, member, bought["number"], acts * 3, answers)


def _act(shop: Shop, member: Member, bought: dict[str, Any], act: str) -> httpx.Response:
    if act == "mine":
        path = f"/orders/{bought['order']}/cancellation"
        return insist(lambda: member.call("POST", path))
    bodies: dict[str, Any] = {
        "cancellation": WHY,
        "shipment": PARCEL,
        "substitution": {"reward": "pouch", "quantity": 1, **WHY},
    }
    return insist(lambda: shop.act(bought["number"], act, bodies.get(act)))


def check(
    shop: Shop, member: Member, number: str, acts: list[str], answers: list[httpx.Response]
) -> None:
    """Where the order stands, what was answered, and where points and pieces are, fit together."""
    seen = shop.look(number)
    assert codes(answers).keys() <= {"200", "order_not_possible"}
    good = {act for act, answer in zip(acts, answers, strict=True) if answer.is_success}
    ended = {"mine", "cancellation"} & good
    assert (seen["state"] == "cancelled") == bool(ended)
    assert (seen["state"] == "issued") == ("issue" in good)
    facts = Counter(line["fact"] for line in seen["history"])
    assert not facts or max(facts.values()) == 1
    assert not {"order.issued", "order.cancelled"} <= facts.keys()
    open_now = seen["state"] in ("placed", "confirmed")
    spent = seen["points"] if seen["state"] == "issued" else 0
    account = member.account()
    assert account["held"] == (seen["points"] if open_now else 0)
    assert account["balance"] == 1000 - spent
    assert member.proof()["agrees"]
    assert member.rows("/orders")[0]["state"] == seen["state"]
    kept = sum(row["quantity"] for row in _pieces(shop, "ring-box"))
    other = sum(row["quantity"] for row in _pieces(shop, "pouch"))
    assert (shop.left("ring-box"), shop.left("pouch")) == (50 - kept, 50 - other)


def _pieces(shop: Shop, reward: str) -> list[dict[str, Any]]:
    return [
        row
        for state in ("placed", "confirmed", "issued", "shipped", "delivered")
        for row in shop.rows(state=state, reward=reward)
    ]


def test_a_refund_sent_many_times_at_once_gives_the_points_back_once(shop: Shop) -> None:
    shop.reward()
    member = rich(shop)
    number = shop.placed(member, delivery=POST)["number"]
    shop.act(number, "confirmation").raise_for_status()
    shop.act(number, "shipment", PARCEL).raise_for_status()
    body = {**WHY, "restock": True}
    answers = at_once(lambda _: insist(lambda: shop.act(number, "refund", body)), range(10))
    assert codes(answers) == {"200": 10}
    assert member.account()["balance"] == 1000
    assert shop.left("ring-box") == 5
    agree(member)


def test_orders_and_adjustments_at_once_never_overspend(shop: Shop) -> None:
    shop.reward(stock=100, price=30)
    member = rich(shop, 100)

    def take(how: str) -> httpx.Response:
        if how == "order":
            return wish(price=30)(member)
        return insist(lambda: member.adjust(-30))

    answers = at_once(take, ["order", "take"] * 10)
    good = sum(answer.is_success for answer in answers)
    assert good == 3
    assert codes(answers)["not_enough_points"] == 17
    assert member.account()["available"] == 10
    agree(member)
