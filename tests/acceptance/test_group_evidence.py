"""Pictures and pages that prove a group, over HTTP: for staff until they decide, then nobody's."""

import uuid
from typing import Any

import httpx
import pytest

from tests.support.club import Club, House, Member
from tests.support.gifts import PNG, post
from tests.support.groups import EVIDENCE, decide, mine

PDF = b"%PDF-1.7\n% a certificate"


def upload(member: Member, content: bytes = PNG, media_type: str = "image/png") -> str:
    """A file that a member announced and uploaded; its id."""
    made = announced(member, media_type=media_type, size=len(content)).json()
    assert post(made["upload"], content).is_success
    return str(made["file"])


def announced(member: Member, **body: Any) -> httpx.Response:
    """The announcement of a file."""
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return member.call("POST", "/evidence-files", json=body, headers=headers)


def ask(member: Member, *files: str, group: str = "student", key: str = "") -> httpx.Response:
    """An application with files."""
    body = {"group": group, "evidence": EVIDENCE, "files": list(files)}
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return member.call("POST", "/group-applications", json=body, headers=headers)


def proofs(member: Member, group: str = "student") -> list[dict[str, Any]]:
    """What staff can look at."""
    answer = member.staff("GET", f"/group-applications/{group}/files")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


@pytest.mark.req("EK-8")
def test_staff_see_the_card_until_they_decide(house: House, club: Club) -> None:
    member = club.join()
    card, page = upload(member), upload(member, PDF, "application/pdf")
    for _ in range(2):
        assert ask(member, card, page, key="k").status_code == 201
    seen = proofs(member)
    assert [(one["file"], one["media_type"]) for one in seen] == [
        (card, "image/png"),
        (page, "application/pdf"),
    ]
    assert [httpx.get(one["url"]).content for one in seen] == [PNG, PDF]
    assert decide(member, "student").status_code == 200
    assert proofs(member) == []
    house.run_due()
    assert [httpx.get(one["url"]).status_code for one in seen] == [404, 404]
    assert club.staff("GET", f"/files/{card}").status_code == 404
    # The same request again is still the same application.
    assert ask(member, card, page, key="k").status_code == 201
    assert mine(member, "student")["application"] == "approved"


def test_files_prove_one_thing_of_their_own_member(club: Club) -> None:
    member, other = club.join(), club.join()
    card = upload(member)
    assert ask(other, card).json()["code"] == "file_unknown"
    assert ask(member, card).status_code == 201
    again = ask(member, card, group="teacher")
    assert (again.status_code, again.json()["code"]) == (409, "file_in_use")
    assert proofs(member, "student")[0]["file"] == card
    image = club.staff(
        "POST", "/files", json={"purpose": "evidence", "media_type": "image/png", "size": 9}
    )
    assert image.status_code == 422


def test_what_is_no_proof_is_refused_and_can_be_mended(club: Club) -> None:
    member = club.join()
    made = announced(member, media_type="image/jpeg", size=100).json()
    missing = ask(member, made["file"])
    assert (missing.status_code, missing.json()["code"]) == (409, "file_missing")
    assert post(made["upload"], b"GIF89a").is_success
    wrong = ask(member, made["file"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_file_type")
    assert mine(member, "student")["application"] is None
    assert announced(member, media_type="image/jpeg", size=6_000_000).status_code == 422
    assert announced(member, media_type="text/csv", size=10).status_code == 422
    assert post(made["upload"], b"\xff\xd8\xff\xe0 a card").is_success
    assert ask(member, made["file"]).status_code == 201


def test_the_files_of_a_member_who_leaves_are_gone(house: House, club: Club) -> None:
    member = club.join()
    card = upload(member)
    assert ask(member, card).status_code == 201
    (seen,) = proofs(member)
    body = {"confirm": member.session["member"]["card_number"]}
    assert member.call("DELETE", "", json=body).is_success
    house.pump()
    assert httpx.get(seen["url"]).status_code in (403, 404)
    assert club.staff("GET", f"/files/{card}").status_code == 404


def test_a_member_announces_so_many_files_a_day(club: Club) -> None:
    member = club.join()
    answers = [announced(member, media_type="image/png", size=9) for _ in range(31)]
    assert [one.status_code for one in answers] == [201] * 30 + [429]
    assert answers[-1].json()["code"] == "too_many_files"
