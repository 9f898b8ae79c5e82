"""Lists of awards as a committee's staff handle them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import httpx

from tests.support.club import Club, Member, bearer

WHY = "Spring contest, by the committee"
Line = tuple[str, int | str, str]


def text(lines: Sequence[Line], delimiter: str = ",") -> str:
    """A file as a spreadsheet writes it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([("member", "points", "reason"), *lines])
    return out.getvalue()


def upload(club: Club, lines: Sequence[Line], **more: Any) -> httpx.Response:
    """Send a list; its check waits for the queue."""
    body = {"csv": text(lines), "reason": WHY}
    return club.staff("POST", "/award-lists", json=body, **more)


def checked(club: Club, lines: Sequence[Line], **more: Any) -> dict[str, Any]:
    """A list whose check is over."""
    answer = upload(club, lines, **more)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "checking"
    club.house.pump()
    return look(club, answer.json()["list"])


def look(club: Club, award_list: str) -> dict[str, Any]:
    """A list as it stands."""
    answer = club.staff("GET", f"/award-lists/{award_list}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def run(club: Club, award_list: str, who: str = "", **body: bool) -> httpx.Response:
    """Order a list to be run, as ``who`` with all rights."""
    headers = bearer(club.house.staff(name=who)) if who else {}
    return club.staff("POST", f"/award-lists/{award_list}/run", json=body, headers=headers)


def done(club: Club, award_list: str, **body: bool) -> dict[str, Any]:
    """A list that was run."""
    assert run(club, award_list, **body).status_code == 202
    club.house.pump()
    return look(club, award_list)


def rows(club: Club, award_list: str, **query: Any) -> list[dict[str, Any]]:
    """The rows of a list, all pages."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        params = {"limit": 100, "cursor": cursor, **query}
        answer = club.staff("GET", f"/award-lists/{award_list}/rows", params=params)
        assert answer.status_code == 200, answer.text
        found += answer.json()["rows"]
        cursor = answer.json()["next"]
        if not cursor:
            return found


def card(member: Member) -> str:
    """A member's card number."""
    return str(member.session["member"]["card_number"])


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def points_of(members: Sequence[Member]) -> list[int]:
    """The balances."""
    return [member.account()["balance"] for member in members]
