"""AQUAMARINE Club: a buyer scans a tag, registers the item and gets points (AQ-1 to AQ-4)."""

from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.club import Club, House, Member, at_once, bearer, new_phone

RING, NECKLACE, BONUS = 300, 400, 500
LANGUAGES = ("en", "ru", "uk", "ar")
UNKNOWN = "ZZZZZZZZZZZZ"


def scan(house: House, tag: dict[str, str], **headers: str) -> dict[str, object]:
    """What anyone is told of a tag."""
    answer = house.http.get(f"/v1/tags/{tag['serial']}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def open_qr(house: House, tag: dict[str, str], language: str = "en") -> httpx.Response:
    """The page that a phone's camera opens, without signing in."""
    return house.http.get(urlsplit(tag["url"]).path, headers={"Accept-Language": language})


def withdraw(club: Club, tag: dict[str, str]) -> None:
    """Staff take a tag out of use."""
    body = {"reason": "Lost on the way"}
    answer = club.staff("POST", f"/tags/{tag['serial']}/withdrawal", json=body)
    assert answer.status_code == 200, answer.text


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


# -- AQ-1 ----------------------------------------------------------------------


@pytest.mark.req("AQ-1")
def test_anyone_who_scans_learns_whether_the_item_is_genuine(house: House, club: Club) -> None:
    fresh, owned, gone = club.tags(3)
    club.join().register(owned).raise_for_status()
    withdraw(club, gone)
    assert scan(house, fresh)["verdict"] == "genuine"
    assert scan(house, owned)["verdict"] == "registered"
    assert scan(house, gone)["verdict"] == "withdrawn"
    assert scan(house, {"serial": UNKNOWN})["verdict"] == "unknown"


@pytest.mark.req("AQ-1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_qr_code_opens_a_page_in_the_visitors_language(
    house: House, club: Club, language: str
) -> None:
    short, linked = club.tags(1)[0], club.tags(1, gtin="04607012345677")[0]
    assert "/01/04607012345677/21/" in linked["url"]
    for tag in (short, linked):
        page = open_qr(house, tag, language)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert f'lang="{language}"' in page.text
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page.text
        said = scan(house, tag, **{"Accept-Language": language})
        assert str(said["sentence"]) in page.text
        assert tag["serial"] in page.text


@pytest.mark.req("AQ-1")
def test_the_verdict_changes_with_the_item(house: House, club: Club) -> None:
    (tag,) = club.tags(1)
    seen = [open_qr(house, tag).text]
    club.join().register(tag).raise_for_status()
    seen.append(open_qr(house, tag).text)
    withdraw(club, tag)
    seen.append(open_qr(house, tag).text)
    said = ("genuine", "already registered", "withdrawn")
    assert all(word in page for word, page in zip(said, seen, strict=True))


@pytest.mark.req("AQ-1")
def test_scans_are_counted_and_the_first_one_is_remembered(house: House, club: Club) -> None:
    (tag,) = club.tags(1)
    first = scan(house, tag)
    open_qr(house, tag)
    third = scan(house, tag)
    assert (first["scans"], third["scans"]) == (1, 3)
    assert first["first_seen"] == third["first_seen"]
    assert scan(house, {"serial": UNKNOWN})["scans"] == 0


def test_the_page_of_an_unknown_tag_shows_what_was_read(house: House) -> None:
    """Whoever mistyped a serial sees it; what cannot be one is not repeated."""
    assert "7K3M9QWX2B4D" in house.http.get("/t/7k3m-9qwx-2b4d").text
    strange = house.http.get("/t/%3Cimg%20src=x%3E").text
    assert "img" not in strange
    assert "<dl></dl>" in strange


@pytest.mark.req("AQ-1")
def test_a_link_with_a_strange_gtin_is_unknown(house: House, club: Club) -> None:
    (tag,) = club.tags(1, gtin="04607012345677")
    forged = {**tag, "url": f"/01/00012345600012/21/{tag['serial']}"}
    assert "do not know" in open_qr(house, forged).text


@pytest.mark.req("AQ-1")
def test_nobody_learns_who_owns_an_item(house: House, club: Club) -> None:
    """Given an owner who told all of themselves, no answer about the item holds any of it."""
    owner, other, stranger = club.join(), club.join(), house.new_club().join()
    owner.call("PATCH", "", json={"given_name": "Ksenia", "family_name": "Orlova"})
    (tag,) = club.tags(1)
    owner.register(tag).raise_for_status()
    secrets = [owner.id, owner.phone[1:], owner.call("GET", "/card").json()["card_number"]]
    secrets += ["Ksenia", "Orlova"]
    url = f"/v1/tags/{tag['serial']}"
    answers = [house.http.get(url), open_qr(house, tag), other.register(tag)]
    answers += [house.http.get(url, headers=bearer(who.token)) for who in (owner, other, stranger)]
    for answer in answers:
        told = answer.text + str(answer.headers)
        assert not [secret for secret in secrets if secret in told]


@pytest.mark.req("AQ-1")
def test_a_visitor_cannot_tell_how_an_item_left_its_owner(house: House, club: Club) -> None:
    fresh, released = club.tags(2)
    club.join().register(released).raise_for_status()
    body = {"reason": "Returned to the shop"}
    club.staff("POST", f"/tags/{released['serial']}/release", json=body).raise_for_status()
    assert scan(house, released)["verdict"] == scan(house, fresh)["verdict"] == "genuine"


# -- AQ-2 ----------------------------------------------------------------------


@pytest.mark.req("AQ-2")
def test_a_member_who_scans_lands_on_the_registration_of_that_very_item(club: Club) -> None:
    member = club.join()
    tag, _ = club.tags(2)
    seen = member.scan(tag)
    assert (seen["verdict"], seen["next"], seen["serial"]) == ("genuine", "register", tag["serial"])
    answer = member.register({**tag, "serial": seen["serial"]})
    assert answer.status_code == 201
    assert answer.json()["serial"] == tag["serial"]
    assert [item["serial"] for item in member.rows("/items")] == [tag["serial"]]


@pytest.mark.req("AQ-2")
def test_a_registered_item_is_yours_or_taken(club: Club) -> None:
    owner, other = club.join(), club.join()
    (tag,) = club.tags(1)
    owner.register(tag).raise_for_status()
    assert owner.scan(tag)["next"] == "yours"
    assert other.scan(tag)["next"] == "taken"


@pytest.mark.req("AQ-2")
def test_a_member_of_another_club_is_led_to_this_one(house: House, club: Club) -> None:
    stranger = house.new_club().join()
    (tag,) = club.tags(1)
    seen = stranger.scan(tag)
    assert seen["next"] == "sign_in"
    assert seen["program"]["program"] == club.id
    assert refusal(stranger.register(tag)) == (404, "tag_unknown")


# -- AQ-3 ----------------------------------------------------------------------


@pytest.mark.req("AQ-3")
def test_each_item_brings_points_and_the_first_one_brings_extra(club: Club) -> None:
    member = club.join()
    ring, other_ring = club.tags(2)
    (necklace,) = club.tags(1, sku="NECK-1", category="necklace")
    brought = [member.register(tag).json() for tag in (ring, necklace, other_ring)]
    assert [one["points"] for one in brought] == [RING + BONUS, NECKLACE, RING]
    awards = {part["code"]: part["points"] for part in brought[0]["awards"]}
    assert awards == {"item_registered": RING, "first_item": BONUS}
    assert brought[-1]["account"]["balance"] == 2 * RING + NECKLACE + BONUS
    assert member.account()["available"] == 2 * RING + NECKLACE + BONUS


@pytest.mark.req("AQ-3")
def test_an_item_registers_once_whoever_tries(club: Club) -> None:
    first, second = club.join(), club.join()
    (tag,) = club.tags(1)
    done = first.register(tag)
    assert refusal(second.register(tag)) == (409, "tag_registered")
    again = first.register(tag)
    assert (again.status_code, again.json()) == (201, done.json())
    assert first.account()["balance"] == RING + BONUS
    assert second.account()["balance"] == 0
    assert second.rows("/items") == []


@pytest.mark.req("AQ-3")
def test_an_item_registers_once_however_many_try_at_once(club: Club) -> None:
    (tag,) = club.tags(1)
    members = [club.join() for _ in range(12)]
    answers = at_once(lambda member: member.register(tag), members)
    assert sorted(answer.status_code for answer in answers) == [201] + 11 * [409]
    assert sum(member.account()["balance"] for member in members) == RING + BONUS


@pytest.mark.req("AQ-3")
def test_without_the_right_code_nothing_is_registered(house: House, club: Club) -> None:
    member = club.join()
    tag, other = club.tags(2)
    wrong = member.register(tag, code=other["scratch_code"])
    assert refusal(wrong) == (422, "code_wrong")
    slip = tag["scratch_code"][:-1] + ("0" if tag["scratch_code"][-1] != "0" else "1")
    assert refusal(member.register(tag, code=slip)) == (422, "code_mistyped")
    assert scan(house, tag)["verdict"] == "genuine"
    assert member.account()["balance"] == 0


@pytest.mark.req("AQ-3")
def test_a_withdrawn_or_unknown_item_brings_nothing(club: Club) -> None:
    member = club.join()
    (tag,) = club.tags(1)
    withdraw(club, tag)
    assert refusal(member.register(tag)) == (409, "tag_withdrawn")
    unknown = {**tag, "serial": UNKNOWN}
    assert refusal(member.register(unknown)) == (404, "tag_unknown")
    assert member.entries() == []


@pytest.mark.req("AQ-3")
def test_who_is_not_an_active_member_cannot_register(club: Club) -> None:
    applicant = club.join(kind="seller")
    (tag,) = club.tags(1)
    assert refusal(applicant.register(tag)) == (403, "member_not_active")


# -- AQ-4 ----------------------------------------------------------------------


@pytest.mark.req("AQ-4")
def test_registering_needs_an_account(house: House, club: Club) -> None:
    (tag,) = club.tags(1)
    body = {"serial": tag["serial"], "scratch_code": tag["scratch_code"]}
    answer = house.http.post("/v1/me/items", json=body)
    assert answer.status_code == 401
    assert scan(house, tag)["verdict"] == "genuine"


@pytest.mark.req("AQ-4")
def test_a_visitor_is_led_to_an_account_and_back_to_the_same_item(house: House, club: Club) -> None:
    """Scan, be told to sign in, join with the code from the phone, and go on with that item."""
    (tag,) = club.tags(1)
    assert "Sign in to the club, or join it" in open_qr(house, tag).text
    seen = scan(house, tag)
    assert seen["next"] == "sign_in"
    program = seen["program"]["program"]  # type: ignore[index]
    assert program == club.id
    assert house.http.get(f"/v1/programs/{program}").json()["kinds"]["buyer"]

    phone = new_phone()
    sign_in = {"challenge": club.challenge(phone), "one_time_code": club.code(phone)}
    url = f"/v1/programs/{program}/sessions"
    nobody_yet = house.http.post(url, json=sign_in)
    assert refusal(nobody_yet) == (409, "membership_needed")
    join = {"kind": "buyer", "accept_rules": 1, "language": "en"}
    joined = house.http.post(url, json={**sign_in, "join": join})
    assert joined.status_code == 201
    member = Member(club, phone, joined.json())

    back = member.scan(tag)
    assert (back["next"], back["serial"]) == ("register", tag["serial"])
    assert member.register(tag).json()["points"] == RING + BONUS


@pytest.mark.req("AQ-4")
def test_a_visitor_who_is_a_member_already_just_signs_in(house: House, club: Club) -> None:
    phone = club.join().phone
    (tag,) = club.tags(1)
    assert scan(house, tag)["next"] == "sign_in"
    assert club.sign_in(phone).scan(tag)["next"] == "register"


@pytest.mark.req("AQ-4")
def test_nobody_is_led_to_register_what_cannot_be(house: House, club: Club) -> None:
    owned, gone = club.tags(2)
    club.join().register(owned).raise_for_status()
    withdraw(club, gone)
    for tag in (owned, gone, {"serial": UNKNOWN}):
        assert scan(house, tag)["next"] is None
