"""What a member who leaves has on order: open orders end, nothing personal of any order stays."""

from typing import Any

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.members import service_erasure
from chalicelib.members.service import finish_erasure
from chalicelib.rewards import service_orders
from tests.support import stored
from tests.support.club import Club, Member
from tests.support.gifts import WHY
from tests.support.shop import PARCEL, POST, Shop

RICH = 1000


@pytest.fixture
def shop(club: Club) -> Shop:
    """Ten ring boxes."""
    opened = Shop(club)
    opened.reward(stock=10)
    return opened


@pytest.fixture
def leaver(shop: Shop) -> Member:
    """Has one order that waits, one confirmed, one on its way."""
    member = shop.club.join()
    member.adjust(RICH).raise_for_status()
    numbers = [shop.placed(member, delivery=way)["number"] for way in (POST, POST, POST)]
    for number in numbers[1:]:
        shop.act(number, "confirmation").raise_for_status()
    shop.act(numbers[2], "shipment", PARCEL).raise_for_status()
    return member


def leave(member: Member) -> None:
    """Ask to be forgotten."""
    card = member.session["member"]["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204


def states(shop: Shop, member: Member) -> dict[str, int]:
    """How many of the member's orders are where."""
    every = ("placed", "confirmed", "shipped", "delivered", "cancelled", "refunded")
    rows = {state: shop.rows(state=state) for state in every}
    return {
        state: len(mine)
        for state, found in rows.items()
        if (mine := [row for row in found if row["member"] == member.id])
    }


def addresses(member: Member) -> list[str]:
    """Where something of the member's address stands in their partition."""
    pk = f"{member.club.id}#M#{member.id}"
    words = (POST["name"], POST["city"], PARCEL["tracking_number"])
    return [
        stored.key_of(item)[1]
        for item in stored.partition(pk)
        if any(word in stored.texts(item) for word in words)
    ]


def test_open_orders_end_without_points_and_their_pieces_come_back(
    shop: Shop, leaver: Member
) -> None:
    assert shop.left("ring-box") == 7
    leave(leaver)
    assert states(shop, leaver) == {"cancelled": 2, "shipped": 1}
    assert shop.left("ring-box") == 9
    account = leaver.staff("GET", "/account").json()
    assert (account["balance"], account["held"], account["lots"]) == (0, 0, [])
    assert leaver.proof()["agrees"]


def test_nothing_of_an_address_stays(shop: Shop, leaver: Member) -> None:
    assert len(addresses(leaver)) == 3
    leave(leaver)
    assert addresses(leaver) == []
    (sent,) = shop.rows(state="shipped")
    assert (shop.look(sent["number"])["address"], shop.look(sent["number"])["parcel"]) == (
        None,
        None,
    )


def test_what_is_on_its_way_arrives_and_is_not_refunded(shop: Shop, leaver: Member) -> None:
    leave(leaver)
    (sent,) = shop.rows(state="shipped")
    assert shop.act(sent["number"], "delivery").json()["state"] == "delivered"
    refused = shop.act(sent["number"], "refund", {**WHY, "restock": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "account_closed")


def test_an_interrupted_erasure_ends_the_orders_later(
    shop: Shop, leaver: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: str) -> int:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(service_erasure, "finish_erasure", lost)
        leave(leaver)
    assert states(shop, leaver) == {"placed": 1, "confirmed": 1, "shipped": 1}
    assert addresses(leaver)
    (waiting,) = shop.rows(state="placed")
    body = {"reward": "ring-box", "quantity": 2, **WHY}
    shop.reward("penny", price=1)
    cheaper = {**body, "reward": "penny"}
    assert shop.act(waiting["number"], "substitution", cheaper).json()["code"] == "account_closed"
    assert shop.act(waiting["number"], "cancellation", WHY).status_code == 200
    assert finish_erasure(shop.club.id, leaver.id) > 0
    assert finish_erasure(shop.club.id, leaver.id) == 0
    assert states(shop, leaver) == {"cancelled": 2, "shipped": 1}
    assert not addresses(leaver)
    assert leaver.proof()["agrees"]


def test_an_order_that_cannot_be_ended_holds_nothing_up(
    shop: Shop, leaver: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = service_orders._end, iter([True])

    def end(*given: Any) -> None:
        if next(tries, False):
            assert not addresses(leaver)  # what is personal went first
            raise RuntimeError
        real(*given)

    with monkeypatch.context() as broken:
        broken.setattr(service_orders, "_end", end)
        leave(leaver)
    assert sum(states(shop, leaver)[state] for state in ("cancelled", "shipped")) == 2
    assert not addresses(leaver)
    assert finish_erasure(shop.club.id, leaver.id) == 1  # as the sweeper does
    assert states(shop, leaver) == {"cancelled": 2, "shipped": 1}


def test_the_orders_of_those_who_stay_are_left_alone(shop: Shop, leaver: Member) -> None:
    assert finish_erasure(shop.club.id, leaver.id) == 0
    assert states(shop, leaver) == {"placed": 1, "confirmed": 1, "shipped": 1}
    assert len(addresses(leaver)) == 3
