"""Buying at a partner: quotes, receipts, returns and events, as short as scenarios need them."""

import itertools
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import render
from infra.local.resources import ROOT
from tests.support.club import Club, House
from tests.support.member import Member
from tests.support.partner import System, with_partner

Json = dict[str, Any]
Buyer = Member | Json | None
"""A member shows their card; anything else is told as it is."""


def line(price: int, **more: Any) -> Json:
    """A position at a price for all of its pieces, in minor units."""
    return {"sku": "A-1", "price": price, **more}


def by_phone(member: Member) -> Json:
    """A member who only says their phone number."""
    return {"phone": member.phone}


def club_of(house: House, name: str, **changes: Any) -> Club:
    """A club by one of the ready documents of ``programs/``."""
    document = json.loads((ROOT / f"programs/{name}.json").read_text())
    return Club(house, {**document, **changes, "id": f"club-{uuid.uuid4().hex[:12]}"})


def local(club: Club) -> datetime:
    """The time in the club's zone."""
    return club.house.now.astimezone(ZoneInfo(club.document["zone"]))


def until_next_month(club: Club) -> int:
    """Seconds until noon of the next month's first day in the club's zone."""
    now = local(club)
    first = (now.replace(day=1) + timedelta(days=31)).replace(day=1)
    noon = first.replace(hour=12, minute=0, second=0, microsecond=0)
    return int((noon - now).total_seconds()) + 1


def until(club: Club, month: int, day: int, hour: int = 12) -> int:
    """Seconds until an hour of the next such day in the club's zone."""
    now = local(club)
    then = now.replace(month=month, day=day, hour=hour, minute=0, second=0, microsecond=0)
    if then <= now:
        then = then.replace(year=now.year + 1)
    return int((then - now).total_seconds())


@dataclass
class Checkout:
    """A till in an outlet of a partner, or its webshop."""

    system: System
    outlet: str
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def club(self) -> Club:
        """The club whose members buy here."""
        return self.system.club

    def quote(self, buyer: Buyer, *lines: Json, **more: Any) -> Json:
        """What a basket costs."""
        answer = self.system.call("POST", "/quotes", json=self._basket(buyer, lines, more))
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def off(self, buyer: Buyer, *lines: Json, **more: Any) -> list[int]:
        """What rules take off each line of a basket."""
        return [one["discount"] for one in self.quote(buyer, *lines, **more)["lines"]]

    def receipt(self, buyer: Buyer, *lines: Json, **more: Any) -> Json:
        """A receipt of just now to be sent."""
        told = {"number": str(next(self._numbers)), "at": render(self.club.house.now), **more}
        return self._basket(buyer, lines, told)

    def sell(self, buyer: Buyer, *lines: Json, **more: Any) -> Json:
        """Post a receipt; its answer."""
        answer = self.system.call("POST", "/receipts", json=self.receipt(buyer, *lines, **more))
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def earned(self, buyer: Buyer, *lines: Json, **more: Any) -> int:
        """Post a receipt; the points that it brought, later ones included."""
        points = self.sell(buyer, *lines, **more)["points"]
        return int(points["earned"] + points["pending"])

    def take_back(self, receipt: Json, *pieces: tuple[int, int]) -> Json:
        """Return pieces of a receipt, as (line, quantity); the answer."""
        body = {
            "number": f"R{next(self._numbers)}",
            "at": render(self.club.house.now),
            "lines": [{"line": place, "quantity": quantity} for place, quantity in pieces],
        }
        path = f"/receipts/{receipt['receipt']}/returns"
        answer = self.system.call("POST", path, json=body)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def tell(self, member: Member, trigger: str, **more: Any) -> Json:
        """Tell of an event of the club's own; the answer."""
        body = {
            "trigger": trigger,
            "number": str(next(self._numbers)),
            "at": render(self.club.house.now),
            "buyer": _buyer(member),
            **more,
        }
        answer = self.system.call("POST", "/events", json=body)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def _basket(self, buyer: Buyer, lines: tuple[Json, ...], more: Json) -> Json:
        named = {"buyer": _buyer(buyer)} if buyer is not None else {}
        return {"outlet": self.outlet, **named, "lines": list(lines), **more}


def checkout(club: Club, partner: str = "rubin", outlet: str = "central") -> Checkout:
    """A till of a partner that is made with this outlet."""
    return Checkout(with_partner(club, partner, outlet), outlet)


def give_rate(club: Club, partner: str, percent: int) -> None:
    """The share that a partner gives of purchases from long ago on."""
    rate = {"since": date(2020, 1, 1).isoformat(), "rate": {"num": percent, "den": 100}}
    body = {"name": partner.title(), "rates": [rate]}
    answer = club.staff("PUT", f"/partners/{partner}", json=body)
    assert answer.status_code == 200, answer.text


def tell_by_staff(member: Member, trigger: str, **more: Any) -> Json:
    """An event that staff tell, or a schedule in their name; the answer."""
    house = member.club.house
    body = {
        "trigger": trigger,
        "number": f"N{house.now.timestamp():.0f}",
        "at": render(house.now),
        "reason": "By a test",
        **more,
    }
    answer = member.staff("POST", "/events", json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def available(member: Member) -> int:
    """Points that the member can spend today, as staff see it."""
    return int(member.staff("GET", "/account").json()["available"])


def _buyer(buyer: Member | Json | None) -> Json | None:
    if isinstance(buyer, Member):
        return {"card": buyer.session["member"]["card_number"]}
    return buyer
