"""Sessions of the staff, and what somebody does to their own sign-in."""

import uuid
from datetime import timedelta

import httpx
import jwt
import pytest

from chalicelib.kernel import tokens
from tests.support import stored
from tests.support.club import Club, bearer
from tests.support.staff import PASSWORD, Employee, Passkey, invite

NEW = "another long phrase of mine"
ENDED = (401, "session_ended")


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def person(club: Club) -> Employee:
    """Somebody who has signed in by a passkey."""
    return club.employ("support")


def device(person: Employee) -> Employee:
    """The same person on another device."""
    other = Employee(person.club, person.staff, person.email, person.invitation)
    other.passkey = person.passkey
    return other.sign_in()


def add_passkey(person: Employee) -> tuple[str, Passkey]:
    """One second factor more."""
    offer = person.own("GET", "/me/factor-offer").json()
    passkey = Passkey(person.passkey.origin)
    body = {"passkey": passkey.create(offer["passkey"]), "label": "On my desk"}
    added = [person.own("PUT", f"/me/factors/{offer['factor']}", json=body) for _ in range(2)]
    assert added[0].status_code == 200, added[0].text
    assert added[0].json() == added[1].json()
    return offer["factor"], passkey


def test_access_ends_after_ten_minutes_and_is_renewed(person: Employee) -> None:
    with person.house.later("PT10M1S"):
        answer = person.house.http.get(
            "/v1/staff/me", headers=bearer(person.session["access_token"])
        )
        assert code(answer) == (401, "token_expired")
        assert person.own("GET", "/me").status_code == 200
    with person.house.later("PT13H"):
        assert person.refresh().status_code == 401


def test_a_session_ends_a_day_after_its_sign_in_however_often_it_is_refreshed(
    person: Employee,
) -> None:
    for hours in (11, 22):
        with person.house.later(f"PT{hours}H"):
            assert person.refresh().json()["expires_in"] == 600
    with person.house.later("PT23H55M"):
        assert 0 < person.refresh().json()["expires_in"] <= 300
        assert person.own("GET", "/me").status_code == 200
    with person.house.later("PT24H1S"):
        token = bearer(person.session["access_token"])
        assert code(person.house.http.get("/v1/staff/me", headers=token)) == (401, "token_expired")
        assert code(person.refresh()) == ENDED


def test_a_copied_refresh_token_ends_the_session(person: Employee) -> None:
    stolen = dict(person.session)
    assert person.refresh().status_code == 200
    repeated = person.house.http.post(
        "/v1/staff-sessions/refresh", json={"refresh_token": stolen["refresh_token"]}
    )
    assert repeated.json()["refresh_token"] == person.session["refresh_token"]
    assert person.refresh().status_code == 200
    person.session, good = stolen, person.session
    assert code(person.refresh()) == ENDED
    person.session = good
    assert code(person.refresh()) == ENDED
    assert code(person.own("GET", "/me")) == ENDED


def test_a_members_refresh_token_is_no_staffs(person: Employee) -> None:
    member = person.club.join()
    for path, token in (
        ("/v1/staff-sessions/refresh", member.session["refresh_token"]),
        ("/v1/sessions/refresh", person.session["refresh_token"]),
    ):
        answer = person.house.http.post(path, json={"refresh_token": token})
        assert code(answer) == (401, "unauthorized")


def test_signing_out_ends_this_session_only(person: Employee) -> None:
    other = device(person)
    assert person.own("DELETE", "/session").status_code == 204
    assert code(person.own("GET", "/me")) == ENDED
    assert person.refresh().status_code == 401
    assert other.own("GET", "/me").status_code == 200


def test_signing_out_everywhere_ends_every_session_and_ticket(person: Employee) -> None:
    other, ticket = device(person), person.ticket()
    assert person.own("DELETE", "/sessions").status_code == 204
    for one in (person, other):
        assert code(one.own("GET", "/me")) == ENDED
        assert one.refresh().status_code == 401
    assert code(person.complete(ticket)) == (410, "ticket_expired")


def test_browsers_keep_the_refresh_token_in_a_cookie(person: Employee) -> None:
    ticket = person.ticket()
    answer = person.complete(ticket, passkey=person.passkey.sign(ticket["passkey"]), cookie=True)
    assert "refresh_token" not in answer.json()
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    value, _, rules = rest.partition("; ")
    assert name == "__Host-staff-refresh"
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= set(rules.split("; "))
    cookie = {"Cookie": f"{name}={value}"}
    renewed = person.house.http.post("/v1/staff-sessions/refresh", json={}, headers=cookie)
    assert renewed.status_code == 200
    person.session = renewed.json()
    assert person.own("DELETE", "/session").headers["Set-Cookie"].startswith(f"{name}=; Max-Age=0")
    assert code(person.house.http.post("/v1/staff-sessions/refresh", json={})) == (
        401,
        "unauthorized",
    )


@pytest.mark.parametrize(
    "changes", [{"sv": 9}, {"sub": "0c4x9k2m7q1w8e5r3t6y"}, {"sv": "1"}, {"sub": ["x"]}]
)
def test_a_token_binds_person_and_session_version(
    person: Employee, changes: dict[str, object]
) -> None:
    claims = jwt.decode(person.session["access_token"], options={"verify_signature": False})
    forged = tokens.issue(
        person.house.stage, "staff", claims | changes, person.house.now, timedelta(minutes=1)
    )
    assert person.house.http.get("/v1/staff/me", headers=bearer(forged)).status_code == 401


def test_a_session_carries_no_rights_of_its_own(person: Employee) -> None:
    claims = jwt.decode(person.session["access_token"], options={"verify_signature": False})
    forged = tokens.issue(
        person.house.stage,
        "staff",
        claims | {"programs": ["*"], "rights": ["*"]},
        person.house.now,
        timedelta(minutes=1),
    )
    path = f"/v1/staff/programs/{person.club.id}/staff"
    assert person.house.http.get(path, headers=bearer(forged)).status_code == 403


# -- one's own sign-in -----------------------------------------------------------------


def test_a_second_passkey_signs_in_and_the_first_one_can_go(person: Employee) -> None:
    _, passkey = add_passkey(person)
    first, second = person.own("GET", "/me/factors").json()["rows"]
    assert (second["kind"], second["label"]) == ("passkey", "On my desk")
    ticket = person.ticket()
    assert len(ticket["passkey"]["allowCredentials"]) == 2
    assert person.complete(ticket, passkey=passkey.sign(ticket["passkey"])).status_code == 201
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(2):
        path = f"/me/factors/{first['factor']}"
        assert person.own("DELETE", path, headers=key).status_code == 204
    gone = person.ticket()
    old = person.passkey.sign(gone["passkey"])
    assert code(person.complete(gone, passkey=old)) == (422, "wrong_second_factor")
    last = person.own("DELETE", f"/me/factors/{second['factor']}")
    assert code(last) == (409, "last_factor")


def test_removing_a_factor_ends_all_other_sessions(person: Employee) -> None:
    factor, _ = add_passkey(person)
    other, ticket = device(person), person.ticket()
    assert person.own("DELETE", f"/me/factors/{factor}").status_code == 204
    assert code(other.own("GET", "/me")) == ENDED
    assert other.refresh().status_code == 401
    assert code(other.complete(ticket)) == (410, "ticket_expired")
    assert person.own("GET", "/me").status_code == 200
    assert person.refresh().status_code == 200
    assert person.own("GET", "/me").status_code == 200
    assert person.own("DELETE", "/sessions").status_code == 204
    assert code(person.own("GET", "/me")) == ENDED
    assert person.refresh().status_code == 401


def test_an_authenticator_app_is_added_by_its_first_code(person: Employee) -> None:
    offer = person.own("GET", "/me/factor-offer").json()
    person.totp_secret = offer["totp"]["secret"]
    assert person.totp_secret in offer["totp"]["uri"]
    assert "<svg" in offer["totp"]["qr_svg"]
    path = f"/me/factors/{offer['factor']}"
    wrong = person.own("PUT", path, json={"totp_code": person.code(5)})
    assert code(wrong) == (422, "wrong_second_factor")
    assert person.own("PUT", path, json={"totp_code": person.code()}).json()["kind"] == "totp"
    assert person.own("GET", "/me/factor-offer").json()["factor"] != offer["factor"]
    with person.house.later(60):
        assert person.complete(person.ticket(), totp_code=person.code()).status_code == 201


def test_an_offer_is_for_one_session(person: Employee) -> None:
    offer = person.own("GET", "/me/factor-offer").json()
    body = {"passkey": Passkey(person.passkey.origin).create(offer["passkey"])}
    answer = device(person).own("PUT", f"/me/factors/{offer['factor']}", json=body)
    assert code(answer) == (404, "factor_unknown")
    assert code(person.own("DELETE", "/me/factors/unheard")) == (404, "factor_unknown")


def test_a_forged_new_passkey_is_refused(person: Employee) -> None:
    offer = person.own("GET", "/me/factor-offer").json()
    passkey = Passkey(person.passkey.origin)
    for forged in (
        passkey.create(offer["passkey"], origin="https://clubkeeper.example.net"),
        passkey.create(offer["passkey"], challenge="AAAA"),
        passkey.create(offer["passkey"], crossOrigin=True),
        passkey.create({**offer["passkey"], "rp": {"id": "example.net"}}),
        person.passkey.create(offer["passkey"], type="webauthn.get"),
    ):
        answer = person.own("PUT", f"/me/factors/{offer['factor']}", json={"passkey": forged})
        assert code(answer) == (422, "wrong_second_factor")


def test_a_new_password_needs_the_old_one_and_signs_out_everywhere(person: Employee) -> None:
    other = device(person)
    body = {"present": NEW, "new": NEW}
    assert code(person.own("PUT", "/me/password", json=body)) == (422, "wrong_password")
    body["present"] = PASSWORD
    assert person.own("PUT", "/me/password", json=body).status_code == 204
    for one in (person, other):
        assert code(one.own("GET", "/me")) == ENDED
    assert code(person.begin()) == (422, "wrong_sign_in")
    person.password = NEW
    assert person.sign_in().own("GET", "/me").status_code == 200


def test_what_signs_in_is_changed_only_shortly_after_signing_in(person: Employee) -> None:
    """A stolen session, refreshed again and again, cannot make itself at home."""
    factor, _ = add_passkey(person)
    offer = person.own("GET", "/me/factor-offer").json()
    body = {"passkey": Passkey(person.passkey.origin).create(offer["passkey"])}
    password = {"present": PASSWORD, "new": NEW}

    with person.house.later("PT10M1S"):
        answers = [
            person.own("PUT", f"/me/factors/{offer['factor']}", json=body),
            person.own("DELETE", f"/me/factors/{factor}"),
            person.own("PUT", "/me/password", json=password),
        ]
        assert [code(one) for one in answers] == [(403, "sign_in_again")] * 3
        person.sign_in()
        assert person.own("DELETE", f"/me/factors/{factor}").status_code == 204
        assert person.own("PUT", "/me/password", json=password).status_code == 204


def test_the_table_holds_nothing_that_signs_in(club: Club) -> None:
    person = invite(club, "support")
    assert person.enrol(totp=True).status_code == 204
    with club.house.later(60):
        assert person.complete(person.ticket(), totp_code=person.code()).status_code == 201
    found = "\n".join(map(stored.texts, stored.everything().values()))
    secrets = [PASSWORD, person.totp_secret, person.invitation.partition(".")[2]]
    secrets += [person.session["access_token"], person.session["refresh_token"]]
    assert not [one for one in secrets if one in found]
