"""Uploads over HTTP: what is taken, what is refused, and what is served."""

from typing import Any

import httpx
import pytest

from chalicelib.files import gateway
from tests.support import gifts
from tests.support.club import Club, House, bearer
from tests.support.gifts import PNG

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(40)
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + bytes(40)
MEGABYTE = 1_000_000


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def announced(club: Club, **more: Any) -> dict[str, Any]:
    """A new file and its form."""
    made: dict[str, Any] = gifts.good(gifts.announce(club, **more))
    return made


@pytest.mark.parametrize(
    ("kind", "content"), [("image/png", PNG), ("image/jpeg", JPEG), ("image/webp", WEBP)]
)
def test_an_image_is_uploaded_checked_and_served(
    house: House, club: Club, kind: str, content: bytes
) -> None:
    made = announced(club, media_type=kind, name="Front")
    assert (made["state"], made["url"], made["in_use"]) == ("awaiting", None, False)
    assert gifts.post(made["upload"], content).status_code == 204
    ready = gifts.good(gifts.complete(club, made["file"]))
    assert (ready["state"], ready["size"], ready["name"]) == ("ready", len(content), "Front")
    assert ready == gifts.good(club.staff("GET", f"/files/{made['file']}"))
    served = httpx.get(ready["url"])
    assert (served.status_code, served.content) == (200, content)
    assert served.headers["content-type"] == kind
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in served.headers["content-security-policy"]


def test_completing_again_changes_nothing(club: Club) -> None:
    file = gifts.upload(club)
    first = gifts.good(gifts.complete(club, file))
    assert gifts.good(gifts.complete(club, file)) == first


def test_the_same_request_names_the_same_file(club: Club) -> None:
    body = {"purpose": "reward-image", "media_type": "image/png", "size": 10}
    first, second = (club.staff("POST", "/files", json=body, key="one file") for _ in range(2))
    assert first.json()["file"] == second.json()["file"]
    assert code(club.staff("POST", "/files", json={**body, "size": 11}, key="one file")) == (
        "idempotency_key_reused"
    )


# -- what is refused ---------------------------------------------------------------


def test_the_form_takes_one_file_of_one_type_and_size(club: Club) -> None:
    made = announced(club)
    other = announced(club)
    form = made["upload"]
    long = gifts.post(form, PNG + bytes(2 * MEGABYTE))
    assert (long.status_code, "EntityTooLarge" in long.text) == (400, True)
    assert gifts.post(form, PNG, key=other["upload"]["fields"]["key"]).status_code == 403
    assert gifts.post(form, PNG, **{"Content-Type": "text/html"}).status_code == 403
    assert code(gifts.complete(club, made["file"])) == "file_missing"


def test_nothing_uploaded_is_nothing_to_check(club: Club) -> None:
    file = announced(club)["file"]
    answer = gifts.complete(club, file)
    assert (answer.status_code, code(answer)) == (409, "file_missing")
    assert gifts.good(club.staff("GET", f"/files/{file}"))["state"] == "awaiting"


@pytest.mark.parametrize("content", [JPEG, b"<svg onload=alert(1)>", b"PNG", bytes(60)])
def test_content_of_another_type_is_refused_and_not_served(
    house: House, club: Club, content: bytes
) -> None:
    made = announced(club)
    assert gifts.post(made["upload"], content).is_success
    answer = gifts.complete(club, made["file"])
    assert (answer.status_code, code(answer)) == (422, "wrong_file_type")
    assert house.http.get(f"/media/{club.id}/{made['file']}").status_code == 404
    # the same file can be uploaded again, rightly
    assert gifts.post(made["upload"], PNG).is_success
    assert gifts.complete(club, made["file"]).is_success


@pytest.mark.parametrize("content", ["Кольцо".encode("cp1251"), b"a,b\n\0\0"])
def test_a_list_must_be_text(club: Club, content: bytes) -> None:
    file = gifts.upload(club, content, purpose="list", media_type="text/csv")
    assert code(gifts.complete(club, file)) == "wrong_file_type"


def test_announcements_that_cannot_be_are_refused(club: Club) -> None:
    def faults(**more: Any) -> list[tuple[str, str]]:
        answer = gifts.announce(club, **more)
        assert answer.status_code == 422, answer.text
        return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]

    assert faults(size=2 * MEGABYTE + 1) == [("/size", "too_big")]
    assert faults(purpose="list", media_type="text/csv", size=5 * MEGABYTE + 1) == [
        ("/size", "too_big")
    ]
    assert faults(media_type="text/csv") == [("/media_type", "not_one_of")]
    assert faults(media_type="image/svg+xml") == [("/media_type", "not_one_of")]
    assert faults(purpose="list", media_type="image/png") == [("/media_type", "not_one_of")]
    assert gifts.announce(club, purpose="list", media_type="text/csv", size=5 * MEGABYTE).is_success


def test_another_clubs_file_does_not_exist(house: House, club: Club) -> None:
    file, other = gifts.upload(club), house.new_club()
    for answer in (
        gifts.complete(other, file),
        other.staff("GET", f"/files/{file}"),
        other.staff("DELETE", f"/files/{file}"),
    ):
        assert (answer.status_code, code(answer)) == (404, "file_unknown")
    assert gifts.complete(club, file).is_success


# -- what is served ----------------------------------------------------------------


def test_lists_and_unchecked_images_are_served_to_nobody(house: House, club: Club) -> None:
    text = gifts.upload(club, b"card,points\n", purpose="list", media_type="text/csv")
    assert gifts.good(gifts.complete(club, text))["url"] is None
    waiting = gifts.upload(club)
    for path in (
        f"/media/{club.id}/{text}",
        f"/media/{club.id}/{waiting}",
        f"/media/private/{text}",
        f"/media/{club.id}/..%2F..%2Fprivate%2F{club.id}%2F{text}",
        "/media/",
    ):
        assert house.http.get(path).status_code == 404, path
    assert house.http.post(f"/media/{club.id}/{waiting}").status_code == 405
    # Clients themselves make this an address of the member's app.
    outside = house.http.get(f"/media/../private/{club.id}/{text}")
    assert "card,points" not in outside.text


# -- deleting ----------------------------------------------------------------------


def test_a_deleted_image_is_gone(house: House, club: Club) -> None:
    file = gifts.image(club)
    assert club.staff("DELETE", f"/files/{file}").status_code == 204
    assert club.staff("DELETE", f"/files/{file}").status_code == 204
    assert house.http.get(f"/media/{club.id}/{file}").status_code == 404
    for answer in (club.staff("GET", f"/files/{file}"), gifts.complete(club, file)):
        assert code(answer) == "file_unknown"
    refused = gifts.put(club, "ring-box", images=[file])
    assert refused.json()["errors"][0]["code"] == "file_unknown"


def test_an_image_deleted_during_its_check_is_not_served(
    house: House, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real = gifts.upload(club), gateway.copy

    def copy(*given: Any) -> None:
        with monkeypatch.context() as slow:  # deleting the objects comes too early
            slow.setattr(gateway, "delete", lambda *_: None)
            assert club.staff("DELETE", f"/files/{file}").status_code == 204
        real(*given)

    with monkeypatch.context() as checking:
        checking.setattr(gateway, "copy", copy)
        assert code(gifts.complete(club, file)) == "file_unknown"
    assert house.http.get(f"/media/{club.id}/{file}").status_code == 404


def test_what_a_reward_shows_cannot_be_deleted(club: Club) -> None:
    first, second = gifts.image(club), gifts.image(club)
    gifts.write(club, "ring-box", images=[first])
    assert gifts.good(club.staff("GET", f"/files/{first}"))["in_use"]
    assert code(club.staff("DELETE", f"/files/{first}")) == "file_in_use"
    gifts.write(club, "ring-box", images=[second], revision=1)
    assert club.staff("DELETE", f"/files/{first}").status_code == 204
    assert code(club.staff("DELETE", f"/files/{second}")) == "file_in_use"


def test_members_upload_nothing_for_staff(house: House, club: Club) -> None:
    member, url = club.join(), f"/v1/staff/programs/{club.id}/files"
    body = {"purpose": "reward-image", "media_type": "image/png", "size": 10}
    assert house.http.post(url, json=body, headers=bearer(member.token)).status_code == 403
