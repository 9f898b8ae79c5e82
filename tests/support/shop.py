"""A club's catalogue for tests of orders: rewards, stock and pick-up points, all over HTTP."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support import gifts
from tests.support.club import Club, Member

POINT = "arbat-point"
PICKUP = {"way": "pickup", "point": POINT}
CODE = {"way": "code"}
POST = {
    "way": "post",
    "name": "Wilhelmina Addressee",
    "lines": ["Lethe Quay 7", "flat 12"],
    "city": "Oubliette-on-Sea",
    "postcode": "101000",
    "country": "RU",
    "phone": "+7 916 555-01-02",
}
RICH = 1000
"""Points enough for ten ring boxes."""
REFUND = {**gifts.WHY, "restock": True}
PARCEL = {"carrier": "Russian Post", "tracking_number": "RA123456789RU"}


@dataclass
class Shop:
    """What a club gives for points."""

    club: Club

    def __post_init__(self) -> None:
        """Open a pick-up point."""
        gifts.write_point(self.club, POINT)

    def reward(
        self, reward: str = "ring-box", *, price: int = 100, stock: int | None = 5, **more: Any
    ) -> str:
        """A published reward with so many pieces or codes; without a number: not counted."""
        counted = {"stock": "unlimited" if stock is None else "counted"}
        fields = {"delivery": ["pickup", "post"], "price": price, **counted, **more}
        if fields.get("codes") == "pool":
            del fields["codes"]
            codes = [f"CODE-{reward.upper()}-{number:04}" for number in range(stock or 0)]
            gifts.pool(self.club, reward, codes, **fields)
            return reward
        gifts.shown(self.club, reward, **fields)
        if stock:
            gifts.good(gifts.correct(self.club, reward, stock))
        return reward

    def change(self, reward: str, **changes: Any) -> None:
        """Another price, other dates."""
        found = self.club.staff("GET", f"/rewards/{reward}").json()
        shown = ("reward", "state", "changed_at", "changed_by", "image_urls", "pieces")
        body = {name: value for name, value in found.items() if name not in shown}
        gifts.good(self.club.staff("PUT", f"/rewards/{reward}", json={**body, **changes}))

    def left(self, reward: str) -> int:
        """How many pieces there are to give away."""
        return int(gifts.stock(self.club, reward)["left"])

    def placed(self, member: Member, reward: str = "ring-box", **more: Any) -> dict[str, Any]:
        """An order that was placed."""
        found: dict[str, Any] = gifts.good(order(member, reward, **more))
        return found

    def act(self, number: str, what: str, body: Any = None, **more: Any) -> httpx.Response:
        """What staff do with an order."""
        return self.club.staff("POST", f"/orders/{number}/{what}", json=body, **more)

    def look(self, number: str) -> dict[str, Any]:
        """An order as staff see it."""
        found: dict[str, Any] = gifts.good(self.club.staff("GET", f"/orders/{number}"))
        return found

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        """All pages of the staff list."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.club.staff("GET", "/orders", params={**query, "cursor": cursor})
            page = gifts.good(answer)
            rows += page["rows"]
            cursor = page["next"]
            if not cursor:
                return rows


def new_id() -> str:
    """An id as a member's client makes it."""
    return uuid.uuid4().hex


def order(
    member: Member,
    reward: str = "ring-box",
    *,
    order_id: str = "",
    quantity: int = 1,
    price: int = 100,
    delivery: dict[str, Any] = PICKUP,
) -> httpx.Response:
    """Order a reward."""
    body = {"reward": reward, "quantity": quantity, "price": price, "delivery": delivery}
    return member.call("PUT", f"/orders/{order_id or new_id()}", json=body)


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def points(member: Member) -> tuple[int, int, int]:
    """Balance, available and held points."""
    account = member.account()
    return account["balance"], account["available"], account["held"]


def facts(found: dict[str, Any]) -> list[str]:
    """What an order's history tells."""
    return [line["fact"] for line in found["history"]]


def redeem(club: Club, gift_code: str, *, key: str | None = None, **more: Any) -> httpx.Response:
    """Redeem a code that an order gave."""
    body = {"gift_code": gift_code, **more}
    return club.staff("POST", "/gift-code-redemptions", json=body, key=key)


def ticket(member: Member) -> dict[str, Any]:
    """For the example club: a code that can be redeemed."""
    fields: dict[str, Any] = {"kind": "ticket", "delivery": ["code"], "codes": "generated"}
    shop = Shop(member.club)
    shop.reward("tour", price=10, stock=None, **fields)
    (given,) = shop.placed(member, "tour", price=10, delivery=CODE)["codes"]
    return {"gift_code": given}


def things(member: Member) -> list[dict[str, Any]]:
    """For the example club: an order not made yet, one that waits, two confirmed ones, one on its
    way, by the names of the examples.
    """
    gifts.good(member.adjust(5000))
    club = Shop(member.club)
    club.reward("tiara", price=300, stock=20)
    ways = (PICKUP, PICKUP, POST, POST)
    made = [club.placed(member, "tiara", delivery=way, price=300) for way in ways]
    for one in made[1:]:
        gifts.good(club.act(one["number"], "confirmation"))
    gifts.good(club.act(made[-1]["number"], "shipment", PARCEL))
    fresh = {"order": new_id(), "number": "0000000000"}
    return [fresh, *({"order": one["order"], "number": one["number"]} for one in made)]
