"""How invitations are taken up: a password and a second factor, once."""

import pytest

from tests.acceptance.test_staff_sign_in import NEW, WRONG_FACTOR, code
from tests.support.club import Club
from tests.support.staff import PASSWORD, Employee, invite

EXPIRED = (410, "invitation_expired")


def test_an_invitation_works_once(club: Club) -> None:
    person = invite(club, "support")
    told = person.offer().json()
    assert (told["name"], told["email"]) == ("Test", person.email)
    assert person.offer().json() == told
    assert person.enrol().status_code == 204
    assert code(person.offer()) == (410, "invitation_expired")
    other = Employee(club, person.staff, person.email, person.invitation, NEW)
    body = {**other.invited(), "password": NEW, "totp_code": "000000"}
    answer = other.completion(body)
    assert code(answer) == (410, "invitation_expired")
    assert code(other.begin()) == (422, "wrong_sign_in")
    assert person.sign_in().own("GET", "/me").status_code == 200


def test_an_invitation_is_good_for_a_week_and_cannot_be_guessed(club: Club) -> None:
    person = invite(club, "support")
    staff, secret = person.invitation.split(".")
    for guess in (staff, f"{staff}.", f".{secret}", f"{staff}.{secret[::-1]}", "x" * 64, ""):
        answer = Employee(club, staff, person.email, guess).offer()
        assert code(answer) == (410, "invitation_expired")
    with club.house.later("P7DT1S"):
        assert code(person.offer()) == (410, "invitation_expired")
    with club.house.later("P6D"):
        assert person.offer().status_code == 200


@pytest.mark.parametrize("length", [11, 129])
def test_a_password_has_twelve_characters_at_least(club: Club, length: int) -> None:
    person = invite(club, "support")
    person.password = "é" * length
    answer = person.enrol()
    assert code(answer) == (422, "invalid_fields")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/password"]
    person.password = ("é" * length)[:128] + "e\u0301"
    person.password = person.password[-12:]
    assert person.enrol().status_code == 204
    person.password = person.password.replace("e\u0301", "é")
    assert person.begin().status_code == 200


def test_an_enrolment_takes_exactly_one_second_factor(club: Club) -> None:
    person = invite(club, "support")
    passkey = person.passkey.create(person.offer().json()["offer"]["passkey"])
    for factors in ({}, {"passkey": passkey, "totp_code": "000000"}):
        body = {**person.invited(), "password": PASSWORD, **factors}
        assert code(person.completion(body)) == (422, "invalid_fields")


def test_who_read_the_mail_before_does_not_know_the_factor_that_is_made(club: Club) -> None:
    person = invite(club, "support")
    reader = Employee(club, person.staff, person.email, person.invitation)
    seen, offered = (one.offer().json()["offer"] for one in (reader, person))
    assert seen["totp"]["secret"] != offered["totp"]["secret"]
    assert seen["passkey"]["challenge"] != offered["passkey"]["challenge"]
    reader.totp_secret = seen["totp"]["secret"]
    body = {**person.invited(), "password": PASSWORD, "totp_code": reader.code()}
    assert code(person.completion(body)) == WRONG_FACTOR
    assert person.enrol(totp=True).status_code == 204
    with club.house.later(60):
        ticket = person.ticket()
        assert code(reader.complete(ticket, totp_code=reader.code())) == WRONG_FACTOR
        assert person.complete(ticket, totp_code=person.code()).status_code == 201


@pytest.mark.parametrize("nonce", ["", "x" * 21, "x" * 65, "x" * 22 + "\n", "é" * 22])
def test_a_nonce_is_long_and_plain(club: Club, nonce: str) -> None:
    person = invite(club, "support")
    person.nonce = nonce
    assert [one["pointer"] for one in person.offer().json()["errors"]] == ["/nonce"]


def test_a_used_invitation_tells_nothing_about_the_password(club: Club) -> None:
    """Only the very same enrolment is answered again, and only while the person may sign in."""
    person = invite(club, "support")
    offer = person.offer().json()["offer"]
    body = {
        **person.invited(),
        "password": PASSWORD,
        "passkey": person.passkey.create(offer["passkey"]),
    }
    assert [person.completion(body).status_code for _ in range(2)] == [204, 204]
    for other in (
        {**body, "nonce": "x" * 22},
        {**body, "password": NEW},
        {**person.invited(), "password": PASSWORD, "totp_code": "000000"},
    ):
        assert code(person.completion(other)) == EXPIRED
    block = {"status": "blocked", "reason": "By a test"}
    assert club.staff("POST", f"/staff/{person.staff}/status", json=block).is_success
    assert code(person.completion(body)) == EXPIRED
