"""Scratch codes over HTTP: read kindly, counted strictly."""

from collections.abc import Iterable
from urllib.parse import quote

import httpx
import pytest

from tests.support.club import Club, House

ITEM, BONUS = 300, 500
TWINS = str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ")
"""Latin letters to the Cyrillic ones that look the same."""
GREEK = str.maketrans("ABEZHKMNPTYX", "ΑΒΕΖΗΚΜΝΡΤΥΧ")


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def wrong(tags: Iterable[dict[str, str]]) -> str:
    """A well-formed code that is no tag's of these: another batch's."""
    return next(iter(tags))["scratch_code"]


# -- kind reading --------------------------------------------------------------


def as_typed(text: str) -> list[str]:
    """How people type what they read from a label."""
    plain = text.replace("-", "")
    return [
        text.lower(),
        " ".join(plain),
        plain.replace("0", "O").replace("1", "I"),
        plain.replace("0", "o").replace("1", "l"),
        plain.translate(TWINS),
        plain.translate(GREEK),
        "".join(chr(ord(sign) + 0xFEE0) for sign in plain),  # full-width forms
        f"\u200b {text.replace('-', '–')} ",
    ]


def test_codes_and_serials_are_read_kindly(club: Club) -> None:
    member = club.join()
    tags = club.tags(len(as_typed("")))
    for at, tag in enumerate(tags):
        typed = {
            "serial": as_typed(tag["serial"])[at],
            "scratch_code": as_typed(tag["scratch_code"])[at],
        }
        answer = member.register(typed)
        assert answer.status_code == 201, (typed, answer.text)
        assert answer.json()["serial"] == tag["serial"]
    assert member.account()["balance"] == len(tags) * ITEM + BONUS


def test_serials_are_read_kindly_when_scanned(house: House, club: Club) -> None:
    (tag,) = club.tags(1)
    for typed in as_typed(tag["serial"])[:-1]:
        answer = house.http.get(f"/v1/tags/{quote(typed)}")
        assert answer.json()["serial"] == tag["serial"], typed


# -- wrong codes ---------------------------------------------------------------


def test_a_slip_of_the_finger_costs_no_attempt(club: Club) -> None:
    member = club.join()
    (tag,) = club.tags(1)
    right = tag["scratch_code"]
    for _ in range(12):
        slip = right[:-1] + ("2" if right[-1] != "2" else "3")
        assert code(member.register(tag, code=slip)) == "code_mistyped"
    assert member.register(tag).status_code == 201


@pytest.mark.usefixtures("calm")
def test_a_member_is_locked_after_five_wrong_codes_for_an_hour(house: House, club: Club) -> None:
    member, other = club.join(), club.join()
    tags, foreign = club.tags(6), wrong(club.tags(1))
    for tag in tags[:5]:
        assert code(member.register(tag, code=foreign)) == "code_wrong"
    locked = member.register(tags[5])
    assert (locked.status_code, code(locked)) == (429, "code_tries_exhausted")
    assert 0 < int(locked.headers["retry-after"]) <= 3600
    assert other.register(tags[5]).status_code == 201
    with house.later("PT1H1M"):
        member.refresh().raise_for_status()
        assert member.register(tags[0]).status_code == 201


@pytest.mark.usefixtures("calm")
def test_a_tag_takes_ten_wrong_codes_a_day_whoever_tries(house: House, club: Club) -> None:
    (tag,), foreign = club.tags(1), wrong(club.tags(1))
    for _ in range(2):
        member = club.join()
        for _ in range(5):
            assert code(member.register(tag, code=foreign)) == "code_wrong"
    buyer = club.join()
    assert code(buyer.register(tag)) == "code_tries_exhausted"
    assert house.http.get(f"/v1/tags/{tag['serial']}").json()["verdict"] == "genuine"
    with house.later("P1D"):
        buyer.refresh().raise_for_status()
        assert buyer.register(tag).status_code == 201


@pytest.mark.usefixtures("calm")
def test_a_client_is_locked_after_thirty_wrong_codes_of_many_members(club: Club) -> None:
    thief, honest = "127.0.0.31", "127.0.0.32"
    tags, foreign = club.tags(31), wrong(club.tags(1))
    members = [club.join(client=thief) for _ in range(7)]
    for at, tag in enumerate(tags[:30]):
        assert code(members[at // 5].register(tag, code=foreign)) == "code_wrong"
    assert code(members[6].register(tags[30])) == "code_tries_exhausted"
    assert club.join(client=honest).register(tags[30]).status_code == 201


def test_wrong_codes_answer_alike(club: Club) -> None:
    """Whether a code belongs to another tag or to none cannot be told from the answer."""
    member = club.join()
    tag, other = club.tags(2)
    told = []
    for guess in (other["scratch_code"], wrong(club.tags(1))):
        answer = member.register(tag, code=guess)
        told.append({**answer.json(), "instance": ""})
    assert told[0] == told[1]
