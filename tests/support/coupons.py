"""Coupons as staff give them, over HTTP."""

from typing import Any

import httpx

from tests.support import gifts
from tests.support.club import Club, Member

NAME = {"en": "Thank you", "ru": "Спасибо", "uk": "Дякуємо", "ar": "شكرًا"}
TENTH = {"share": {"num": 10, "den": 100}}
REASON = "The most active respondents"


def issue(
    club: Club, *members: Member | str, key: str | None = None, **more: Any
) -> httpx.Response:
    """Staff give a coupon to each of these."""
    ids = [one if isinstance(one, str) else one.id for one in members]
    body = {"members": ids, "name": NAME, "terms": TENTH, "reason": REASON, **more}
    return club.staff("POST", "/coupons", json=body, key=key)


def give(club: Club, *members: Member, **more: Any) -> dict[str, Any]:
    """The same, until everybody has theirs."""
    answer: dict[str, Any] = gifts.good(issue(club, *members, **more))
    club.house.pump()
    return answer
