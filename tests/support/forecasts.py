"""Forecasts and pilots as staff order them."""

from datetime import timedelta
from typing import Any

import httpx

from tests.support import gifts
from tests.support.club import Club

Json = dict[str, Any]
WHY = "Before it is published to all"


def order(club: Club, **body: Any) -> httpx.Response:
    """Order a forecast of the draft; its jobs wait for the queue."""
    return club.staff("POST", "/forecasts", json={"name": "Next year", **body})


def done(club: Club, **body: Any) -> Json:
    """A forecast that is done."""
    answer = order(club, **body)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "gathering"
    club.house.pump()
    found = look(club, answer.json()["forecast"])
    assert found["state"] == "done", found["job"]
    return found


def look(club: Club, forecast: str) -> Json:
    """A forecast as it stands."""
    answer = club.staff("GET", f"/forecasts/{forecast}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def draft(club: Club, **changes: Any) -> None:
    """Write a draft: the club's document with changes."""
    answer = club.staff("PUT", "/draft", json={**club.document, **changes})
    assert answer.status_code == 200, answer.text


def pilot(club: Club, *members: str, **body: Any) -> Json:
    """A pilot of the draft for these members, of thirty days."""
    until = body.pop("until", None) or _in_days(club, 30)
    whole = {"name": "Pilot", "members": list(members), "until": until, "reason": WHY, **body}
    answer = club.staff("POST", "/pilots", json=whole)
    assert answer.status_code == 201, answer.text
    begun: Json = answer.json()
    return begun


def things(club: Club) -> list[list[Json]]:
    """A forecast that is done, and a pilot that nobody is in yet."""
    draft(club)
    made = done(club, documents=["draft"])["forecast"]
    begun = pilot(club)
    return [[{"forecast": made}], [{"pilot": str(begun["pilot"])}]]


def upload(club: Club, content: bytes, media_type: str = "application/x-ndjson") -> str:
    """A ready file of receipts."""
    file = gifts.upload(club, content, purpose="receipts", media_type=media_type)
    assert gifts.complete(club, file).is_success
    return file


def _in_days(club: Club, days: int) -> str:
    return (club.house.now + timedelta(days=days)).isoformat(timespec="milliseconds")
