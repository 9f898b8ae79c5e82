"""A club's catalogue for tests of orders: rewards, stock and pick-up points, all over HTTP."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.club import Club, Member

POINT = "arbat-point"
LANGUAGES = ("en", "ru", "uk", "ar")
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
PARCEL = {"carrier": "Russian Post", "tracking_number": "RA123456789RU"}
WHY = {"reason": "By a test of orders"}


def in_all(text: str) -> dict[str, str]:
    """The same text in every language of the club."""
    return dict.fromkeys(LANGUAGES, text)


@dataclass
class Shop:
    """What a club gives for points."""

    club: Club

    def __post_init__(self) -> None:
        """Open a pick-up point."""
        hours = {day: [["10:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        body = {"name": in_all("Arbat"), "address": in_all("Arbat 12"), "hours": hours}
        self.club.staff("PUT", f"/points/{POINT}", json=body).raise_for_status()

    def reward(
        self, reward: str = "ring-box", *, price: int = 100, stock: int | None = 5, **more: Any
    ) -> str:
        """A published reward with so many pieces; without a number its stock is not counted."""
        body = {
            "revision": 0,
            "kind": "goods",
            "name": in_all(reward),
            "price": price,
            "stock": "unlimited" if stock is None else "counted",
            "delivery": ["pickup", "post"],
            **more,
        }
        made = self.club.staff("PUT", f"/rewards/{reward}", json=body)
        assert made.is_success, made.text
        pool = more.get("codes") == "pool"
        if stock and not pool:
            self.restock(reward, stock)
        if pool and stock:
            self.fill(reward, [f"CODE-{reward.upper()}-{number:04}" for number in range(stock)])
        published = self.club.staff("POST", f"/rewards/{reward}/publication")
        assert published.is_success, published.text
        return reward

    def change(self, reward: str, **changes: Any) -> None:
        """Another price, other dates."""
        found = self.club.staff("GET", f"/rewards/{reward}").json()
        shown = ("reward", "state", "changed_at", "changed_by", "image_urls", "pieces")
        body = {name: value for name, value in found.items() if name not in shown}
        answer = self.club.staff("PUT", f"/rewards/{reward}", json={**body, **changes})
        assert answer.is_success, answer.text

    def restock(self, reward: str, change: int) -> httpx.Response:
        """Correct the stock."""
        body = {"change": change, **WHY}
        return self.club.staff("POST", f"/rewards/{reward}/stock", json=body)

    def fill(self, reward: str, codes: list[str]) -> None:
        """Add codes to a pool."""
        answer = self.club.staff("POST", f"/rewards/{reward}/codes", json={"codes": codes})
        assert answer.is_success, answer.text

    def left(self, reward: str) -> int:
        """How many pieces there are to give away."""
        return int(self.club.staff("GET", f"/rewards/{reward}/stock").json()["left"])

    def act(self, number: str, what: str, body: Any = None, **more: Any) -> httpx.Response:
        """What staff do with an order."""
        return self.club.staff("POST", f"/orders/{number}/{what}", json=body, **more)

    def look(self, number: str) -> dict[str, Any]:
        """An order as staff see it."""
        answer = self.club.staff("GET", f"/orders/{number}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        """All pages of the staff list."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.club.staff("GET", "/orders", params={**query, "cursor": cursor})
            assert answer.status_code == 200, answer.text
            rows += answer.json()["rows"]
            cursor = answer.json()["next"]
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


def placed(member: Member, reward: str = "ring-box", **more: Any) -> dict[str, Any]:
    """An order that was placed."""
    answer = order(member, reward, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
