"""A till of a partner, as tests use it: receipts, returns and quotes of members."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from tests.support.club import Club, Member
from tests.support.partner import System, with_partner

Json = dict[str, Any]
RULE = {
    "name": {"en": "Points for purchases", "ru": "Баллы за покупки", "uk": "Бали", "ar": "نقاط"}
}


def rule(effect: Json, **more: Any) -> Json:
    """An earning rule for paid receipts."""
    return {**RULE, "id": "base", "trigger": "receipt_paid", "effect": effect, **more}


def percent(num: int, den: int = 100, **more: Any) -> Json:
    """A share of the money paid, a point for each 100 minor units."""
    return {"type": "percentage", "rate": {"num": num, "den": den}, **more}


FIVE_PERCENT = rule(percent(5))


def card_of(member: Member) -> str:
    """The number of a member's card."""
    return str(member.session["member"]["card_number"])


@dataclass
class Till:
    """One till of one outlet."""

    club: Club
    system: System
    outlet: str = "arbat"
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def now(self) -> str:
        """The platform's time."""
        return self.club.house.now.isoformat(timespec="milliseconds")

    def receipt(self, *prices: int, member: Member | None = None, **more: Any) -> Json:
        """The body of a receipt with lines at these prices."""
        lines = [{"sku": f"S{place}", "price": price} for place, price in enumerate(prices)]
        body: Json = {
            "number": str(next(self.numbers)),
            "outlet": self.outlet,
            "at": self.now,
            "lines": lines,
            **more,
        }
        if member is not None and "buyer" not in body:
            body["buyer"] = {"card": card_of(member)}
        if isinstance(body["at"], datetime):
            body["at"] = body["at"].isoformat()
        return body

    def send(self, body: Json) -> httpx.Response:
        """Post a receipt."""
        return self.system.call("POST", "/receipts", json=body)

    def sell(self, *prices: int, **more: Any) -> Json:
        """Post a receipt that is taken."""
        answer = self.send(self.receipt(*prices, **more))
        assert answer.status_code == 201, answer.text
        posted: Json = answer.json()
        return posted

    def take_back(self, receipt: str, *lines: tuple[int, int], **more: Any) -> httpx.Response:
        """Return pieces of lines."""
        body = {
            "number": f"R{next(self.numbers)}",
            "at": self.now,
            "lines": [{"line": line, "quantity": pieces} for line, pieces in lines],
            **more,
        }
        return self.system.call("POST", f"/receipts/{receipt}/returns", json=body)

    def returned(self, receipt: str, *lines: tuple[int, int]) -> Json:
        """Return pieces that are taken back."""
        answer = self.take_back(receipt, *lines)
        assert answer.status_code == 201, answer.text
        done: Json = answer.json()
        return done

    def quote(self, *prices: int, **more: Any) -> httpx.Response:
        """Price a basket."""
        body = self.receipt(*prices, **more)
        basket = {k: v for k, v in body.items() if k not in ("number", "at")}
        return self.system.call("POST", "/quotes", json=basket)

    def priced(self, *prices: int, **more: Any) -> Json:
        """A quote that is given."""
        answer = self.quote(*prices, **more)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found


def shop(club: Club, partner: str = "rubin", outlet: str = "arbat") -> Till:
    """A till of a partner of this club."""
    return Till(club, with_partner(club, partner, outlet), outlet)
