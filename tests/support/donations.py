"""Points that members give to charities, over HTTP."""

import uuid
from typing import Any

import httpx

from tests.support.club import Club, Member

HOSPICE = "childrens-hospice"
TREES = "old-town-trees"


def give(
    member: Member, points: int, to: str = HOSPICE, *, key: str | None = None
) -> httpx.Response:
    """A member gives points; the same key is the same intention."""
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    body = {"to": to, "points": points}
    return member.call("POST", "/donations", json=body, headers=headers)


def take_back(member: Member, donation: int, *, key: str | None = None) -> httpx.Response:
    """Staff take a donation back."""
    body = {"reason": "Typed one nought too many"}
    return member.staff("POST", f"/donations/{donation}/return", json=body, key=key)


def report(club: Club, first: str = "", last: str = "") -> dict[str, tuple[int, int]]:
    """Points and donations by charity; without months: of the current one and those beside it."""
    year = club.house.now.year
    span = {"from": first or f"{year - 1}-12", "to": last or f"{year + 1}-01"}
    answer = club.staff("GET", "/donations", params=span)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    rows = {one["to"]: (one["points"], one["donations"]) for one in found["charities"]}
    assert found["points"] == sum(points for points, _ in rows.values())
    assert found["donations"] == sum(number for _, number in rows.values())
    return rows
