"""Settlements as staff order and read them."""

import csv
import io
from typing import Any

from tests.support import gifts
from tests.support.checkout import local
from tests.support.club import Club

Json = dict[str, Any]
FIGURES = ("spent", "returned", "instead", "debt", "points", "money")


def this_month(club: Club) -> str:
    """The month in the club's zone."""
    return local(club).date().isoformat()[:7]


def order(club: Club, month: str) -> Json:
    """Order a settlement that nobody has worked out yet."""
    answer = club.staff("POST", "/settlements", json={"month": month})
    assert answer.status_code == 202, answer.text
    made: Json = answer.json()
    return made


def look(club: Club, settlement: str) -> Json:
    """A settlement as it stands."""
    return dict(gifts.good(club.staff("GET", f"/settlements/{settlement}")))


def settled(club: Club, month: str) -> Json:
    """A settlement that is worked out."""
    made = order(club, month)
    club.house.pump()
    found = look(club, made["settlement"])
    assert found["state"] == "done", found
    return found


def flows(found: Json) -> dict[tuple[str, str], tuple[int, ...]]:
    """The figures of each issuer and partner, in the order of :data:`FIGURES`."""
    return {
        (row["issuer"], row["partner"]): tuple(row[name] for name in FIGURES)
        for row in found["flows"]
    }


def issuers(found: Json) -> dict[str, tuple[int, int, int]]:
    """What each issuer gave, took back, and what burnt of it."""
    return {
        row["issuer"]: (row["given"], row["taken_back"], row["burnt"]) for row in found["issuers"]
    }


def report(club: Club, settlement: str, table: str) -> list[Json]:
    """The rows of one of the tables."""
    path = f"/settlements/{settlement}/report"
    answer = club.staff("GET", path, params={"table": table})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))
