"""Cashback: joining on the web by phone with a one-time SMS code, free of charge (CB-6, web)."""

import re
import uuid

import httpx
import pytest

from tests.support.club import Club, House, new_phone


def ask(house: House, club: Club, phone: str, **headers: str) -> httpx.Response:
    """Ask for a code by SMS."""
    return house.http.post(
        f"/v1/programs/{club.id}/sign-in-codes",
        json={"channel": "sms", "address": phone},
        headers={"Idempotency-Key": uuid.uuid4().hex, **headers},
    )


def enter(house: House, club: Club, challenge: str, code: str, *, join: bool) -> httpx.Response:
    """Enter a code, as somebody who wants to join or to sign in."""
    body: dict[str, object] = {"challenge": challenge, "one_time_code": code}
    if join:
        body["join"] = {"kind": "buyer", "accept_rules": 1, "language": "en"}
    return house.http.post(f"/v1/programs/{club.id}/sessions", json=body)


def another(code: str) -> str:
    """A code that is not the right one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.req("CB-6")
def test_joining_by_phone_with_a_code_by_sms(house: House, club: Club) -> None:
    phone = new_phone()
    asked = ask(house, club, phone)
    assert asked.status_code == 202
    (message,) = house.outbox(phone)
    assert re.search(r"\b\d{6}\b", message)
    answer = enter(house, club, asked.json()["challenge"], club.code(phone), join=True)
    assert answer.status_code == 201
    assert answer.json()["joined"] is True
    assert answer.json()["member"]["status"] == "active"
    assert club.sign_in(phone).call("GET", "").json()["phone"] == phone


@pytest.mark.req("CB-6")
def test_joining_is_free_and_needs_nothing_but_the_phone(club: Club) -> None:
    member = club.join()
    account = member.account()
    assert (account["balance"], account["debt"], member.entries()) == (0, 0, [])
    told = member.call("GET", "").json()
    assert {told[name] for name in ("given_name", "family_name", "email", "birthday")} == {None}


@pytest.mark.req("CB-6")
def test_the_number_is_read_as_people_write_it(house: House, club: Club) -> None:
    phone = new_phone()
    spaced = f"{phone[:2]} ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    asked = ask(house, club, spaced)
    assert asked.status_code == 202, asked.text
    joined = enter(house, club, asked.json()["challenge"], club.code(phone), join=True).json()
    assert club.sign_in(phone).id == joined["member"]["member"]


@pytest.mark.req("CB-6")
def test_one_phone_is_one_member_and_two_clubs_are_two(house: House, club: Club) -> None:
    member = club.join()
    assert club.sign_in(member.phone).id == member.id
    elsewhere = house.new_club().join(member.phone)
    assert elsewhere.id != member.id


@pytest.mark.req("CB-6")
def test_a_wrong_code_opens_nothing_and_tries_run_out(house: House, club: Club) -> None:
    phone = new_phone()
    challenge, code = ask(house, club, phone).json()["challenge"], club.code(phone)
    for left in (4, 3, 2, 1, 0):
        wrong = enter(house, club, challenge, another(code), join=True)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_one_time_code")
        assert str(left) in wrong.json()["detail"]
    late = enter(house, club, challenge, code, join=True)
    assert (late.status_code, late.json()["code"]) == (410, "one_time_code_expired")


@pytest.mark.req("CB-6")
def test_a_code_is_for_its_own_request_and_club(house: House, club: Club) -> None:
    one, other = new_phone(), new_phone()
    first, second = ask(house, club, one).json(), ask(house, club, other).json()
    crossed = enter(house, club, second["challenge"], club.code(one), join=True)
    assert crossed.status_code == (422 if club.code(one) != club.code(other) else 201)
    elsewhere = enter(house, house.new_club(), first["challenge"], club.code(one), join=True)
    assert elsewhere.status_code == 410


@pytest.mark.req("CB-6")
def test_a_code_lives_ten_minutes_and_is_used_once(house: House, club: Club) -> None:
    phone = new_phone()
    challenge, code = ask(house, club, phone).json()["challenge"], club.code(phone)
    with house.later("PT10M"):
        assert enter(house, club, challenge, code, join=True).status_code == 410
    joined = enter(house, club, challenge, code, join=True)
    assert joined.status_code == 201
    again = enter(house, club, challenge, code, join=True)  # the reply was lost
    assert again.json()["refresh_token"] == joined.json()["refresh_token"]
    refreshed = {"refresh_token": joined.json()["refresh_token"]}
    house.http.post("/v1/sessions/refresh", json=refreshed).raise_for_status()
    assert enter(house, club, challenge, code, join=True).status_code == 410


@pytest.mark.req("CB-6")
def test_nobody_can_tell_by_asking_whether_a_number_is_a_members(house: House, club: Club) -> None:
    known, unknown = ask(house, club, club.join().phone), ask(house, club, new_phone())
    assert known.status_code == unknown.status_code == 202
    assert known.json().keys() == unknown.json().keys()


@pytest.mark.req("CB-6")
@pytest.mark.parametrize("language", ["ru", "uk", "ar", "en"])
def test_the_message_speaks_the_visitors_language(house: House, club: Club, language: str) -> None:
    phone = new_phone()
    ask(house, club, phone, **{"Accept-Language": language}).raise_for_status()
    (message,) = house.outbox(phone)
    assert club.document["name"][language] in message


@pytest.mark.req("CB-6")
@pytest.mark.parametrize("phone", ["+7495123", "12345", "+999123456789", "hello@example.org"])
def test_what_is_no_mobile_number_is_refused(house: House, club: Club, phone: str) -> None:
    answer = ask(house, club, phone)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/address"


@pytest.mark.req("CB-6")
@pytest.mark.usefixtures("calm")
def test_codes_for_one_number_are_limited(house: House, club: Club) -> None:
    phone = new_phone()
    statuses = [ask(house, club, phone).status_code for _ in range(4)]
    assert statuses == [202, 202, 202, 429]
    assert int(ask(house, club, phone).headers["retry-after"]) <= 600
    with house.later("PT10M"):
        assert ask(house, club, phone).status_code == 202
