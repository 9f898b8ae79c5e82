"""What staff do to fill a catalogue: files, pick-up points, rewards, stock."""

from typing import Any

import httpx

from tests.support.club import Club, new_phone

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
WEEK = ("mon", "tue", "wed", "thu", "fri")
WORKDAYS = {"hours": {day: [["10:00", "18:00"]] for day in WEEK}}
"""Mon–Fri 10–18 (GC-3)."""
WHY = {"reason": "By a test"}


def things(club: Club) -> list[list[dict[str, Any]]]:
    """For the example club: a file that waits for its check, an image, pick-up points, and
    rewards: a draft, one that is shown, and one with a pool of codes.
    """
    waiting, checked = upload(club), image(club)
    importable = importable_file(club)
    write_point(club, "arbat-point")
    write_point(club, "tver-point")
    write(club, "velvet-bag", price=100)
    stocked(club, "ring-box", 7)
    stocked(club, "gift-wrap", 4, low_stock=3)
    good(correct(club, "gift-wrap", -2))  # staff are told that it runs low
    pool(club, "cinema", ["CINEMA-0001", "CINEMA-0002"])
    return [
        [{"file": waiting}, {"file": checked}, {"file": importable}],
        [{"images": [checked]}],
        [{"point": "arbat-point"}, {"point": "tver-point"}],
        [
            {"reward": "velvet-bag", "revision": 1},
            {"reward": "ring-box", "revision": 2},
            {"reward": "cinema", "revision": 2},
        ],
    ]


def texts(club: Club, text: str) -> dict[str, str]:
    """The same text in every language of the club, told apart by the language's name."""
    return {language: f"{text} ({language})" for language in club.document["languages"]}


def good(answer: httpx.Response) -> Any:
    """The body of an answer that must be good."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json()


def announce(club: Club, **more: Any) -> httpx.Response:
    """Announce a file."""
    body = {"purpose": "reward-image", "media_type": "image/png", "size": len(PNG), **more}
    return club.staff("POST", "/files", json=body)


def post(form: dict[str, Any], content: bytes, **changes: str) -> httpx.Response:
    """Upload with a form, as a browser would."""
    fields = {**form["fields"], **changes}
    return httpx.post(form["url"], data=fields, files={"file": ("any name", content)})


def upload(club: Club, content: bytes = PNG, **more: Any) -> str:
    """A file that is uploaded and waits for its check; its id."""
    made = good(announce(club, **more))
    assert post(made["upload"], content).is_success
    return str(made["file"])


def complete(club: Club, file: str) -> httpx.Response:
    """Have a file checked."""
    return club.staff("POST", f"/files/{file}/completion")


def image(club: Club) -> str:
    """A checked image; its id."""
    file = upload(club)
    good(complete(club, file))
    return file


def importable_file(club: Club) -> str:
    """A checked file with a member to import; its id."""
    content = f"phone,given_name,kind\n{new_phone()},Maria,buyer\n".encode()
    kind = {"purpose": "import", "media_type": "text/csv", "size": len(content)}
    file = upload(club, content, **kind)
    good(complete(club, file))
    return file


def write_point(club: Club, point: str, **more: Any) -> Any:
    """A pick-up point, open on workdays from 10 to 18."""
    body = {"name": texts(club, point), "address": texts(club, f"at {point}"), **WORKDAYS, **more}
    return good(club.staff("PUT", f"/points/{point}", json=body))


def put(club: Club, reward: str, **more: Any) -> httpx.Response:
    """Write a reward: goods of 200 points that are picked up, unless told otherwise."""
    body = {
        "revision": 0,
        "kind": "goods",
        "name": texts(club, reward),
        "price": 200,
        "delivery": ["pickup"],
        **more,
    }
    return club.staff("PUT", f"/rewards/{reward}", json=body)


def write(club: Club, reward: str, **more: Any) -> Any:
    """The same, when it must be good."""
    return good(put(club, reward, **more))


def publish(club: Club, reward: str) -> Any:
    """Show a reward to members."""
    return good(club.staff("POST", f"/rewards/{reward}/publication"))


def archive(club: Club, reward: str) -> Any:
    """Take a reward out of the catalogue."""
    return good(club.staff("POST", f"/rewards/{reward}/archive", json=WHY))


def shown(club: Club, reward: str, **more: Any) -> Any:
    """A published reward, without a single piece yet."""
    write(club, reward, **more)
    return publish(club, reward)


def correct(club: Club, reward: str, change: int, **more: Any) -> httpx.Response:
    """Correct a stock."""
    body = {"change": change, **WHY}
    return club.staff("POST", f"/rewards/{reward}/stock", json=body, **more)


def stocked(club: Club, reward: str, pieces: int, **more: Any) -> Any:
    """A published reward with pieces to give away."""
    made = shown(club, reward, **more)
    good(correct(club, reward, pieces))
    return made


def fill(club: Club, reward: str, codes: list[str], **more: Any) -> httpx.Response:
    """Add codes to a pool."""
    return club.staff("POST", f"/rewards/{reward}/codes", json={"codes": codes}, **more)


def pool(club: Club, reward: str, codes: list[str], **more: Any) -> Any:
    """A published reward that gives codes from a pool."""
    digital = {"kind": "digital_code", "delivery": ["code"], "codes": "pool", **more}
    made = shown(club, reward, **digital)
    good(fill(club, reward, codes))
    return made


def stock(club: Club, reward: str) -> Any:
    """The stock of a reward, as staff see it."""
    return good(club.staff("GET", f"/rewards/{reward}/stock"))
