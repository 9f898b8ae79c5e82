"""Sellers and their claims over HTTP."""

import uuid
from typing import Any

import httpx

from tests.support.club import Club, Member
from tests.support.gifts import good

Json = dict[str, Any]
SOLD = 100
"""Points of the ready program for a sold item."""


def partner(club: Club, name: str = "rubin", outlet: str = "arbat") -> None:
    """A partner with an outlet."""
    good(club.staff("PUT", f"/partners/{name}", json={"name": name.title()}))
    body = {"name": outlet.title(), "kind": "shop"}
    good(club.staff("PUT", f"/partners/{name}/outlets/{outlet}", json=body))


def ask(member: Member, name: str = "rubin", outlet: str | None = None) -> httpx.Response:
    """Ask to sell for a partner."""
    return member.call("PUT", "/seller", json={"partner": name, "outlet": outlet})


def phoned(member: Member, outcome: str, note: str = "", key: str = "") -> httpx.Response:
    """Staff record a call."""
    body = {"outcome": outcome, "note": note or f"By a test: {outcome}"}
    return member.staff("POST", "/seller-calls", json=body, key=key or uuid.uuid4().hex)


def confirmed(member: Member, name: str = "rubin", outlet: str | None = None) -> Member:
    """The same member, once they asked and the call confirmed it."""
    good(ask(member, name, outlet))
    good(phoned(member, "confirmed"))
    return member


def seller(club: Club, name: str = "rubin", outlet: str | None = None) -> Member:
    """A new seller of a partner that there is."""
    return confirmed(club.join(kind="seller"), name, outlet)


def claim(member: Member, tag: Json) -> httpx.Response:
    """Claim a sold item."""
    return member.call("POST", "/claims", json={"serial": tag["serial"]})


def claimed(member: Member, tag: Json) -> Json:
    """The same, of a claim that is taken."""
    answer = claim(member, tag)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def statuses(member: Member) -> list[str]:
    """How a seller's claims stand, the newest first."""
    return [row["status"] for row in member.rows("/claims")]


def ship(club: Club, name: str | None, **what: Any) -> httpx.Response:
    """Record a shipment."""
    return club.staff("POST", "/shipments", json={"partner": name, "reason": "A parcel", **what})


def registered(member: Member, tag: Json) -> None:
    """The buyer registers the item, and who listens hears of it."""
    good(member.register(tag))
    member.club.house.pump()


def held(member: Member) -> tuple[int, int]:
    """What a seller has, and what is announced to them; the books agree."""
    account = member.account()
    assert member.proof()["agrees"]
    return account["balance"], account["pending"]


def newest(member: Member) -> Json:
    """What a member was told last."""
    member.club.house.pump()
    row: Json = member.rows("/notifications")[0]
    return row
