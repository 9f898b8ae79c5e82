"""Applications for verified groups over HTTP."""

import uuid
from typing import Any

import httpx

from tests.support.club import Club, Member

EVIDENCE = "State University, card 1042-77"


def ask(member: Member, group: str, evidence: str = EVIDENCE, key: str = "") -> httpx.Response:
    """A member applies; the same key is the same intention."""
    body = {"group": group, "evidence": evidence}
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return member.call("POST", "/group-applications", json=body, headers=headers)


def apply(member: Member, group: str, evidence: str = EVIDENCE) -> dict[str, Any]:
    """The same, of an application that is taken; how the member stands with the group."""
    answer = ask(member, group, evidence)
    assert answer.status_code == 201, answer.text
    return next(one for one in answer.json()["groups"] if one["group"] == group)


def mine(member: Member, group: str) -> dict[str, Any]:
    """How a member stands with a group."""
    answer = member.call("GET", "/groups")
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json()["groups"] if one["group"] == group)


def decide(member: Member, group: str, *, key: str | None = None, **more: Any) -> httpx.Response:
    """Staff decide: they approve, unless told otherwise."""
    body = {"approve": True, "reason": "The card is genuine", **more}
    return member.staff("POST", f"/group-applications/{group}/decision", json=body, key=key)


def waiting(club: Club) -> list[dict[str, Any]]:
    """What waits to be decided."""
    answer = club.staff("GET", "/group-applications")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows
