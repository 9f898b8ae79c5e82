"""Members over HTTP: sessions, profile, consents, contacts, card, export, suspension."""

from xml.etree import ElementTree

import httpx
import pytest

from tests.support.club import Club, House, Member, bearer, new_phone

SVG = "{http://www.w3.org/2000/svg}svg"


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def refresh(house: House, token: str) -> httpx.Response:
    """Exchange a refresh token."""
    return house.http.post("/v1/sessions/refresh", json={"refresh_token": token})


def status(member: Member, to: str) -> httpx.Response:
    """Staff suspend a member or end the suspension."""
    body = {"status": to, "reason": "By an acceptance test"}
    return member.staff("POST", "/status", json=body)


def change(member: Member, address: str, channel: str = "sms") -> httpx.Response:
    """Make a proved address the member's own."""
    challenge = member.club.challenge(address, channel)
    body = {"challenge": challenge, "one_time_code": member.club.code(address)}
    return member.call("POST", "/contacts", json=body)


# -- sessions ------------------------------------------------------------------


def test_refresh_tokens_rotate_and_a_lost_reply_costs_nothing(house: House, club: Club) -> None:
    member = club.join()
    old = member.session["refresh_token"]
    first = refresh(house, old).json()
    assert first["refresh_token"] != old
    assert refresh(house, old).json()["refresh_token"] == first["refresh_token"]
    second = refresh(house, first["refresh_token"]).json()
    assert second["refresh_token"] not in (old, first["refresh_token"])
    assert len(member.call("GET", "/sessions").json()["rows"]) == 1


def test_a_stolen_refresh_token_ends_the_session_for_thief_and_owner(
    house: House, club: Club
) -> None:
    member = club.join()
    stolen = member.session["refresh_token"]
    for _ in range(2):
        member.refresh().raise_for_status()
    assert code(refresh(house, stolen)) == "session_ended"
    assert code(member.refresh()) == "session_ended"
    assert code(member.call("GET", "")) == "session_ended"
    assert club.sign_in(member.phone).call("GET", "").status_code == 200


def test_the_token_before_works_for_a_minute_only(house: House, club: Club) -> None:
    member = club.join()
    old = member.session["refresh_token"]
    member.refresh().raise_for_status()
    with house.later("PT2M"):
        assert code(refresh(house, old)) == "session_ended"


@pytest.mark.parametrize("token", ["", "x", "a.b.0.c", "a.b.c.d.e", "..."])
def test_made_up_refresh_tokens_are_refused(house: House, token: str) -> None:
    assert refresh(house, token).status_code == 401


def test_every_changed_symbol_of_a_refresh_token_is_noticed(house: House, club: Club) -> None:
    token = club.join().session["refresh_token"]
    for place in range(0, len(token), 7):
        forged = token[:place] + ("x" if token[place] != "x" else "y") + token[place + 1 :]
        assert refresh(house, forged).status_code == 401
    assert refresh(house, token).status_code == 200


def test_access_tokens_live_ten_minutes_and_sessions_sixty_days(house: House, club: Club) -> None:
    member = club.join()
    with house.later("PT11M") as move:
        assert code(member.call("GET", "")) == "token_expired"
        member.refresh().raise_for_status()
        assert member.call("GET", "").status_code == 200
        move("P59D")
        member.refresh().raise_for_status()
        move("P61D")
        assert code(member.refresh()) == "session_ended"


def test_signing_out_ends_this_session_at_once_and_no_other(club: Club) -> None:
    phone = new_phone()
    here = club.join(phone)
    there = club.sign_in(phone)
    assert here.call("DELETE", "/session").status_code == 204
    assert code(here.call("GET", "")) == "session_ended"
    assert code(here.refresh()) == "session_ended"
    assert there.call("GET", "").status_code == 200
    (row,) = there.call("GET", "/sessions").json()["rows"]
    assert row["current"] is True


def test_signing_out_everywhere_ends_all_sessions_at_once(club: Club) -> None:
    phone = new_phone()
    devices = [club.join(phone), club.sign_in(phone), club.sign_in(phone)]
    assert len(devices[0].call("GET", "/sessions").json()["rows"]) == 3
    assert devices[0].call("DELETE", "/sessions").status_code == 204
    for device in devices:
        assert code(device.call("GET", "")) == "session_ended"
        assert code(device.refresh()) == "session_ended"


def test_a_browser_keeps_its_refresh_token_in_a_cookie(house: House, club: Club) -> None:
    phone = new_phone()
    body = {
        "challenge": club.challenge(phone),
        "one_time_code": club.code(phone),
        "join": {"kind": "buyer", "accept_rules": 1, "language": "en"},
        "cookie": True,
    }
    answer = house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    assert "refresh_token" not in answer.json()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-refresh=")
    assert all(rule in cookie for rule in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    sent = {"Cookie": cookie.partition(";")[0]}
    again = house.http.post("/v1/sessions/refresh", json={}, headers=sent)
    assert again.status_code == 200
    assert again.headers["set-cookie"].partition(";")[0] != sent["Cookie"]
    house.http.cookies.clear()


# -- profile, consents, contacts -----------------------------------------------


@pytest.mark.req("AB-2")
def test_what_is_told_on_registering_is_kept_with_the_member(club: Club) -> None:
    phone = new_phone()
    told = {
        "given_name": "Olena",
        "family_name": "Koval",
        "birthday": "1990-05-17",
        "city": "Odesa",
        "gender": "female",
    }
    join = {"kind": "buyer", "accept_rules": 1, "language": "uk", "consents": ["sms"], **told}
    challenge = club.challenge(phone)
    body = {"challenge": challenge, "one_time_code": club.code(phone), "join": join}
    answer = club.house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    member = Member(club, phone, answer.json())
    known = {**told, "phone": phone, "language": "uk", "kind": "buyer"}
    assert member.call("GET", "").json().items() >= known.items()
    card = member.staff("GET", "/card").json()
    assert (card["profile"]["name"], card["profile"]["city"]) == ("Olena Koval", "Odesa")
    allowed = [one["purpose"] for one in card["consents"] if one["granted"]]
    assert allowed == ["rules", "sms"]


def test_a_profile_is_filled_in_changed_and_cleared(club: Club) -> None:
    member = club.join()
    told = {"given_name": "Леся", "birthday": "1992-02-29", "city": "Київ", "gender": "female"}
    assert member.call("PATCH", "", json=told).json().items() >= told.items()
    cleared = member.call("PATCH", "", json={"city": None, "language": "uk"}).json()
    assert (cleared["city"], cleared["language"], cleared["given_name"]) == (None, "uk", "Леся")
    assert member.call("GET", "").json() == cleared


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "   "),
        ("given_name", "x" * 101),
        ("birthday", "1992-02-30"),
        ("birthday", "1899-12-31"),
        ("birthday", "2999-01-01"),
        ("gender", "unsure"),
        ("language", "de"),
        ("phone", "+79160000000"),
        ("balance", 1000),
        ("status", "active"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(club: Club, field: str, value: object) -> None:
    member = club.join()
    answer = member.call("PATCH", "", json={field: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


def test_consents_are_given_and_withdrawn_per_channel(club: Club) -> None:
    member = club.join()
    given = member.call("PUT", "/consents/email", json={"granted": True}).json()
    assert given["granted"] is True
    again = member.call("PUT", "/consents/email", json={"granted": True}).json()
    assert again == given
    member.call("PUT", "/consents/email", json={"granted": False}).raise_for_status()
    rows = {
        row["purpose"]: row["granted"] for row in member.call("GET", "/consents").json()["rows"]
    }
    assert rows == {
        "rules": True,
        "sms": False,
        "email": False,
        "push": False,
    }
    assert code(member.call("PUT", "/consents/pigeon", json={"granted": True})) == "purpose_unknown"


def test_a_new_phone_takes_the_place_of_the_old_one(club: Club) -> None:
    member = club.join()
    phone = new_phone()
    assert change(member, phone).json()["phone"] == phone
    assert club.sign_in(phone).id == member.id
    assert club.join(member.phone).id != member.id  # the old number is free again


def test_an_email_is_added_and_signs_in_too(house: House, club: Club) -> None:
    member = club.join()
    address = f"{member.id}@example.org"
    assert change(member, address, "email").json()["email"] == address
    body = {"challenge": club.challenge(address, "email"), "one_time_code": club.code(address)}
    answer = house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    assert answer.json()["member"]["member"] == member.id


def test_somebody_elses_phone_cannot_be_taken(club: Club) -> None:
    member, other = club.join(), club.join()
    assert code(change(member, other.phone)) == "address_taken"
    assert club.sign_in(other.phone).id == other.id


# -- card, export, staff -------------------------------------------------------


def test_the_card_is_a_checked_number_and_two_pictures(club: Club) -> None:
    member = club.join()
    card = member.call("GET", "/card").json()
    digits = [int(digit) for digit in card["card_number"]]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    assert (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
    assert card["formatted"].replace(" ", "") == card["card_number"]
    for name in ("qr", "barcode"):
        answer = member.call("GET", f"/card/{name}.svg")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        root = ElementTree.fromstring(answer.text)
        assert root.tag == SVG
        assert "<script" not in answer.text


def test_the_export_holds_everything_about_the_member_and_nothing_of_others(club: Club) -> None:
    member, other = club.join(), club.join()
    member.call("PATCH", "", json={"given_name": "Mira"})
    (tag,) = club.tags(1)
    member.register(tag).raise_for_status()
    other.adjust(7)
    rows = member.rows("/export")
    kinds = {row["kind"] for row in rows}
    assert {"member", "profile", "consent", "session", "account head", "entry"} <= kinds
    assert "tag of a member" in kinds
    told = str(rows)
    for own in (member.phone, "Mira", tag["serial"]):
        assert own in told
    for foreign in (other.id, other.phone, tag["scratch_code"]):
        assert foreign not in told


def test_the_export_comes_in_pages(club: Club) -> None:
    member = club.join()
    first = member.call("GET", "/export", params={"limit": 2}).json()
    assert len(first["rows"]) == 2
    more = member.call("GET", "/export", params={"limit": 100, "cursor": first["next"]}).json()
    keys = [row["key"] for row in first["rows"] + more["rows"]]
    assert len(keys) == len(set(keys)) > 4


def test_a_suspended_member_is_out_at_once_and_back_when_it_ends(house: House, club: Club) -> None:
    member = club.join()
    member.adjust(10)
    assert status(member, "suspended").json()["status"] == "suspended"
    assert code(member.call("GET", "")) == "member_not_active"
    assert code(member.refresh()) == "member_not_active"
    body = {"challenge": club.challenge(member.phone), "one_time_code": club.code(member.phone)}
    signing_in = house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    assert code(signing_in) == "member_not_active"
    assert code(status(member, "suspended")) == "status_not_possible"
    assert status(member, "active").json()["status"] == "active"
    assert member.account()["balance"] == 10


def test_an_applicant_stays_one_after_a_suspension(club: Club) -> None:
    applicant = club.join(kind="seller")
    assert applicant.call("GET", "").json()["status"] == "applied"
    status(applicant, "suspended").raise_for_status()
    assert status(applicant, "active").json()["status"] == "applied"


def test_staff_of_another_club_do_not_find_the_member(house: House, club: Club) -> None:
    member, other = club.join(), house.new_club()
    for program, right in ((other.id, "*"), (club.id, "tags.read")):
        token = house.staff((program,), (right,))
        url = f"/v1/staff/programs/{club.id}/members/{member.id}"
        answer = house.http.get(url, headers=bearer(token))
        assert answer.status_code == (404 if program == other.id else 403)
    assert other.staff("GET", f"/members/{member.id}").status_code == 404
