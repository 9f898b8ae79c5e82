"""Imports and exports as staff handle them."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from chalicelib.jobs.model import Job, Work
from tests.support import gifts
from tests.support.club import Club, bearer

WHY = "Members of the old till system"
MEDIA = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
Line = dict[str, Any]


def csv_of(lines: Sequence[Line]) -> bytes:
    """A CSV file of these rows."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for line in lines for name in line))
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def ndjson_of(lines: Sequence[Line]) -> bytes:
    """An NDJSON file of these rows."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def uploaded(club: Club, content: bytes, form: str = "csv") -> str:
    """A checked file of the purpose `import`; its id."""
    file = gifts.upload(club, content, purpose="import", media_type=MEDIA[form], size=len(content))
    gifts.good(gifts.complete(club, file))
    return file


def order(
    club: Club, content: bytes, kind: str = "members", form: str = "csv", **more: Any
) -> httpx.Response:
    """Order an import of a file with this content."""
    body = {"kind": kind, "file": uploaded(club, content, form), "format": form, "reason": WHY}
    return club.staff("POST", "/imports", json={**body, **more})


def checked(
    club: Club, content: bytes, kind: str = "members", form: str = "csv", **more: Any
) -> dict[str, Any]:
    """An import whose jobs have come to rest."""
    answer = order(club, content, kind, form, **more)
    assert answer.status_code == 202, answer.text
    club.house.pump()
    return look(club, answer.json()["id"])


def look(club: Club, import_id: str) -> dict[str, Any]:
    """An import as it stands."""
    return dict(gifts.good(club.staff("GET", f"/imports/{import_id}")))


def run(club: Club, import_id: str, who: str = "") -> httpx.Response:
    """Order an import to be run, as ``who`` with all rights."""
    headers = bearer(club.house.staff(name=who)) if who else {}
    return club.staff("POST", f"/imports/{import_id}/run", headers=headers)


def done(club: Club, content: bytes, kind: str = "members", form: str = "csv") -> dict[str, Any]:
    """An import that was checked and run."""
    found = checked(club, content, kind, form)
    assert found["state"] == "checked", found
    assert run(club, found["id"]).status_code == 202
    club.house.pump()
    return look(club, found["id"])


def report(club: Club, import_id: str, language: str = "en", limit: int = 100) -> list[Line]:
    """The whole report of an import."""
    rows: list[Line] = []
    cursor = ""
    while True:
        answer = club.staff(
            "GET",
            f"/imports/{import_id}/report",
            params={"limit": limit, "cursor": cursor},
            headers={"Accept-Language": language},
        )
        found = gifts.good(answer)
        rows += found["rows"]
        cursor = found["next"]
        if not cursor:
            return rows


def works(club: Club, told: dict[str, Any]) -> Callable[[int], Work]:
    """The parts of a job as its handler gets them."""
    told = {name: value for name, value in told.items() if name != "percent"}
    job = Job(program=club.id, thing="import", **told)
    return lambda part: Work(job, part, club.house.now)


def codes(found: list[Line]) -> list[tuple[int, str, str]]:
    """Row, field and code of a report."""
    return [(one["row"], one["field"], one["code"]) for one in found]


def why(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def exported(club: Club, kind: str, form: str = "csv") -> dict[str, Any]:
    """A finished export."""
    answer = club.staff("POST", "/exports", json={"kind": kind, "format": form})
    assert answer.status_code == 202, answer.text
    club.house.pump()
    return dict(gifts.good(club.staff("GET", f"/exports/{answer.json()['id']}")))


def downloads(export: dict[str, Any]) -> list[bytes]:
    """The content of an export's files."""
    found = [httpx.get(file["url"]) for file in export["files"]]
    assert all(one.status_code == 200 for one in found), [one.text[:300] for one in found]
    return [one.content for one in found]


def rows_of(export: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of an export in CSV."""
    return [
        row
        for one in downloads(export)
        for row in csv.DictReader(io.StringIO(one.decode(), newline=""))
    ]
