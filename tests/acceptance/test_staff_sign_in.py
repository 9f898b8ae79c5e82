"""How people of the staff sign in: invitation, password, second factor, session."""

import uuid
from typing import Any

import httpx
import pytest

from chalicelib.staff import tries
from tests.support import stored
from tests.support.club import Club, House, at_once
from tests.support.staff import Employee, Flag, Passkey, invite

NEW = "another long phrase of mine"
WRONG = {"password": "not the right password"}
ENDED, EXPIRED = (401, "session_ended"), (410, "ticket_expired")
WRONG_FACTOR = (422, "wrong_second_factor")


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def person(club: Club) -> Employee:
    """Somebody who has signed in by a passkey."""
    return club.employ("support")


@pytest.fixture
def typist(club: Club) -> Employee:
    """Somebody who has enrolled with an authenticator app."""
    person = invite(club, "support")
    assert person.enrol(totp=True).status_code == 204
    return person


# -- the first factor ----------------------------------------------------------------


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(person: Employee) -> None:
    invited = invite(person.club, "support")
    answers = [
        person.begin(**WRONG).json(),
        person.begin(email=f"{uuid.uuid4().hex}@example.org").json(),
        invited.begin().json(),
    ]
    assert len({(one["code"], one["detail"], one["status"]) for one in answers}) == 1


def test_many_wrong_passwords_lock_the_address_for_a_while(
    person: Employee, calm: None, house: House
) -> None:
    wrong = [code(person.begin(**WRONG)) for _ in range(10)]
    assert wrong == [(422, "wrong_sign_in")] * 10
    answer = person.begin()
    assert code(answer) == (429, "sign_in_locked")
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 15 * 60
    with house.later(wait + 1):
        assert person.begin().status_code == 200


def test_a_wrong_password_of_somebody_known_is_noted(person: Employee) -> None:
    assert code(person.begin(**WRONG)) == (422, "wrong_sign_in")
    assert ("staff.password", "refused") in {
        (item["action"]["S"], item["outcome"]["S"])
        for key, item in stored.everything().items()
        if key[0].startswith(f"{person.club.id}#AUDIT#")
        and item["subject"]["S"] == f"staff:{person.staff}"
    }


def test_guesses_at_nobody_pause_nobody(
    person: Employee, calm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's breaker counts what concerns people there are."""
    before = tries.WRONG._count("_", "all", person.house.now)
    for _ in range(3):
        nobody = f"{uuid.uuid4().hex}@example.org"
        assert code(person.begin(email=nobody)) == (422, "wrong_sign_in")
    monkeypatch.setattr(tries.WRONG, "most", before + 1)
    assert person.begin().status_code == 200
    assert code(person.begin(**WRONG)) == (422, "wrong_sign_in")
    assert code(person.begin()) == (429, "sign_in_paused")


def test_right_passwords_lock_nobody_out(person: Employee, calm: None) -> None:
    assert {person.begin().status_code for _ in range(12)} == {200}


def test_guesses_at_once_are_no_more_than_one_after_the_other(person: Employee, calm: None) -> None:
    answers = at_once(lambda _: person.begin(**WRONG).status_code, range(16))
    assert answers.count(422) <= 10
    assert set(answers) == {422, 429}


# -- the second factor ---------------------------------------------------------------


def test_a_ticket_opens_one_session(person: Employee) -> None:
    ticket = person.ticket()
    assert ticket["factors"] == ["passkey"]
    proof = {"passkey": person.passkey.sign(ticket["passkey"])}
    first, again = (person.complete(ticket, **proof).json() for _ in range(2))
    assert first["refresh_token"] == again["refresh_token"]
    assert code(person.complete(ticket)) == EXPIRED
    assert person.refresh().status_code == 200
    assert code(person.complete(ticket, **proof)) == EXPIRED


def test_a_retry_of_the_first_factor_meets_the_same_ticket(person: Employee) -> None:
    key = uuid.uuid4().hex
    first, again = (person.begin(key).json() for _ in range(2))
    assert first == again
    assert person.ticket()["ticket"] != first["ticket"]


def test_a_ticket_runs_out(person: Employee) -> None:
    ticket = person.ticket()
    proof = {"passkey": person.passkey.sign(ticket["passkey"])}
    with person.house.later("PT10M1S"):
        assert code(person.complete(ticket, **proof)) == EXPIRED
    assert code(person.complete({**ticket, "ticket": "0" * 40}, **proof)) == EXPIRED


def test_five_wrong_second_factors_end_the_ticket_and_are_noted(typist: Employee) -> None:
    ticket = typist.ticket()
    with typist.house.later(60):
        wrong = [code(typist.complete(ticket, totp_code="000000")) for _ in range(5)]
        assert wrong == [WRONG_FACTOR] * 5
        assert code(typist.complete(ticket, totp_code=typist.code())) == EXPIRED
    found = [
        (item["actor"]["S"], item["outcome"]["S"])
        for item in stored.everything().values()
        if item.get("action") == {"S": "staff.second_factor"}
        and item["pk"]["S"].startswith(f"{typist.club.id}#AUDIT#")
    ]
    assert (f"staff:{typist.staff}", "refused") in found


def test_wrong_second_factors_lock_the_person_whatever_the_ticket(
    typist: Employee, calm: None
) -> None:
    with typist.house.later(60):
        for _ in range(2):
            ticket = typist.ticket()
            for _ in range(5):
                assert code(typist.complete(ticket, totp_code="000000")) == WRONG_FACTOR
        answer = typist.complete(typist.ticket(), totp_code=typist.code())
        assert code(answer) == (429, "sign_in_locked")
        assert int(answer.headers["Retry-After"]) <= 3600


def test_a_code_works_once(typist: Employee) -> None:
    """How far a clock may go wrong is proved where time is an argument, in the unit tests."""
    enrolled_with = {"totp_code": typist.enrolled_with}
    assert code(typist.complete(typist.ticket(), **enrolled_with)) == WRONG_FACTOR
    with typist.house.later(120):
        before, now = ({"totp_code": typist.code(steps)} for steps in (-1, 0))
        assert typist.complete(typist.ticket(), **now).status_code == 201
        for spent in (now, before):  # neither again, nor an older one after a newer one
            assert code(typist.complete(typist.ticket(), **spent)) == WRONG_FACTOR


def test_one_code_used_by_ten_at_once_opens_one_session(typist: Employee) -> None:
    tickets = [typist.ticket() for _ in range(10)]
    with typist.house.later(60):
        now = typist.code()
        answers = at_once(lambda one: typist.complete(one, totp_code=now).status_code, tickets)
    assert answers.count(201) == 1
    assert set(answers) <= {201, 422, 429, 503}
    pk = f"_#STAFF#{typist.staff}"
    sessions = [one for one in stored.partition(pk) if one["sk"]["S"].startswith("SESSION#")]
    assert len(sessions) == 1


FORGED: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://clubkeeper.example.net"},
    "another challenge": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "another ceremony": {"type": "webauthn.create"},
    "in a frame of another site": {"crossOrigin": True},
    "nobody verified": {"flags": Flag.UP},
    "nobody there": {"flags": Flag.UV},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=list(FORGED))
def test_a_forged_answer_of_a_passkey_opens_nothing(
    person: Employee, forged: dict[str, Any]
) -> None:
    ticket = person.ticket()
    answer = person.passkey.sign(ticket["passkey"], **forged)
    assert code(person.complete(ticket, passkey=answer)) == WRONG_FACTOR
    assert person.complete(ticket).status_code == 201


def test_a_passkey_is_bound_to_host_person_ticket_and_count(person: Employee) -> None:
    ticket = person.ticket()
    before = person.passkey.sign(ticket["passkey"])
    other = Passkey(person.passkey.origin)
    stranger = other.sign(ticket["passkey"])
    other.id = person.passkey.id
    host = person.passkey.sign({**ticket["passkey"], "rpId": "example.org"})
    changed = {**before, "response": {**before["response"], "signature": "AAAA"}}
    forged = (stranger, other.sign(ticket["passkey"]), host, changed)
    for answer in forged[:3]:
        assert code(person.complete(ticket, passkey=answer)) == WRONG_FACTOR
    assert person.complete(ticket).status_code == 201
    again = person.ticket()
    for answer in (changed, before):
        assert code(person.complete(again, passkey=answer)) == WRONG_FACTOR
    person.passkey.counter -= 1  # a copy of the passkey counts for itself
    assert code(person.complete(again)) == WRONG_FACTOR
    assert person.complete(again).status_code == 201
