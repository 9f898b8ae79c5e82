"""Credentials, many at once: never one too many, and none that slips through a block."""

import uuid
from typing import Any

import httpx

from tests.support.club import Club, at_once
from tests.support.partner import System, connect, with_partner
from tests.test_concurrency import codes, insist

PATH = "/partners/rubin/credentials"
MOST = 20


def create(club: Club) -> httpx.Response:
    """One credential more, asked for once."""
    key = uuid.uuid4().hex
    body = {"name": "Tills", "scopes": ["members.read"]}
    return insist(lambda: club.staff("POST", PATH, json=body, key=key))


def test_the_last_credential_is_given_once(club: Club) -> None:
    with_partner(club)
    for _ in range(MOST - 2):
        connect(club)
    answers = at_once(lambda _: create(club), range(10))
    assert codes(answers) == {"201": 1, "too_many_credentials": 9}
    assert len(club.staff("GET", PATH).json()["rows"]) == MOST


def test_no_credential_slips_through_a_block(club: Club) -> None:
    """Whichever came first: when the partner is blocked, so are all of its systems."""
    with_partner(club)
    body = {"name": "Rubin", "blocked": True}

    def act(number: int) -> httpx.Response:
        if number == 3:
            return insist(lambda: club.staff("PUT", "/partners/rubin", json=body))
        return create(club)

    answers = at_once(act, range(8))
    assert codes(answers) == {"201": 7, "200": 1}
    made = [each.json() for each in answers if each.status_code == 201]
    systems = [System(club, {**one, "partner": "rubin"}) for one in made]
    found = codes([one.call("GET", "/self") for one in systems])
    assert found == {"partner_blocked": 7}
    assert club.staff("PUT", "/partners/rubin", json={"name": "Rubin"}).is_success
    assert codes([one.call("GET", "/self") for one in systems]) == {"200": 7}


def test_each_rotation_has_a_secret_of_its_own(club: Club) -> None:
    system = with_partner(club)
    path = f"{PATH}/{system.credential}/rotation"

    def rotate(number: int) -> dict[str, Any]:
        answer = insist(lambda: club.staff("POST", path, json={}, key=f"rotate-{number}"))
        assert answer.status_code == 200, answer.text
        return {**system.issued, **answer.json()}

    issued = at_once(rotate, range(8))
    assert len({one["secret"] for one in issued}) == 8
    good = [one for one in issued if System(club, one).call("GET", "/self").is_success]
    assert len(good) == 2
    assert system.call("GET", "/self").status_code == 401


def test_revoking_wins_over_rotating(club: Club) -> None:
    system = with_partner(club)
    acts: list[tuple[str, dict[str, str]]] = [("rotation", {}), ("revocation", {"reason": "Lost"})]
    answers = at_once(lambda act: insist(lambda: system.staff(act[0], **act[1])), acts * 2)
    assert codes(answers)["200"] >= 2
    secrets = [system.secret, *(one.json().get("secret") for one in answers if one.is_success)]
    for secret in filter(None, secrets):
        mine = System(club, {**system.issued, "secret": secret})
        answer = mine.call("GET", "/self")
        assert answer.status_code == 401
    assert club.staff("GET", PATH).json()["rows"] == []
