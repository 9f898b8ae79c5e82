"""Requests for corrections as two people of the staff handle them."""

from typing import Any

import httpx

from tests.support.club import Club, Member, bearer

WHY = "By an acceptance test"
ANN, BEN, CLEO = "ann", "ben", "cleo"


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success
    return str(answer.json()["code"])


def as_(club: Club, name: str, *rights: str) -> dict[str, str]:
    """The header fields of one person of the staff."""
    given = rights or ("ledger.adjust", "ledger.approve", "ledger.read")
    return bearer(club.house.staff((club.id,), given, name=name))


def ask(member: Member, points: int, name: str = ANN, **more: Any) -> httpx.Response:
    """Ask for a correction."""
    body = {"points": points, "reason": "Prize of the contest"}
    fields = as_(member.club, name)
    return member.staff("POST", "/adjustment-requests", json=body, headers=fields, **more)


def asked(member: Member, points: int, name: str = ANN) -> str:
    """The id of a new request."""
    answer = ask(member, points, name)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["approval"])


def decide(club: Club, approval: str, decision: str, name: str = BEN) -> httpx.Response:
    """Approve or reject."""
    path, body = f"/adjustment-requests/{approval}/decision", {"decision": decision, "reason": WHY}
    return club.staff("POST", path, json=body, headers=as_(club, name))


def withdraw(club: Club, approval: str, name: str = ANN) -> httpx.Response:
    """Take a request back."""
    path = f"/adjustment-requests/{approval}/withdrawal"
    return club.staff("POST", path, headers=as_(club, name))


def seen(club: Club, approval: str) -> dict[str, Any]:
    """The request as it stands."""
    answer = club.staff("GET", f"/adjustment-requests/{approval}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(club: Club, **query: Any) -> list[str]:
    """The ids of all requests, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        params = {**query, "limit": 2, "cursor": cursor}
        page = club.staff("GET", "/adjustment-requests", params=params).json()
        found += [row["approval"] for row in page["rows"]]
        cursor = page["next"]
        if not cursor:
            return found
