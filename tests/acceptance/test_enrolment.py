"""Members whom partners enrol: webshops, terminals, the bank whose card is enough."""

import json
from typing import Any

import httpx
import pytest

from chalicelib.members import service_enrolment
from tests.support import stored
from tests.support.club import Club, House, Member, at_once, new_phone
from tests.support.partner import System, connect, with_partner
from tests.support.till import FIVE_PERCENT, card_of, shop

BANK_CARD = "4276 0000 0000 0000 17"
"""Eighteen digits, as no card of the club's has."""
NUMBER = BANK_CARD.replace(" ", "")


@pytest.fixture
def club(house: House) -> Club:
    """A club that gives five percent of purchases."""
    purchases = {"spending": {"point_value": 100}, "attach_days": 14}
    return house.new_club(earning={"rules": [FIVE_PERCENT]}, purchases=purchases)


@pytest.fixture
def webshop(club: Club) -> System:
    """A webshop that enrols, and does nothing else."""
    return with_partner(club, "rubin-online", scopes=["members.write"])


def sms(phone: str, *, verified: bool = True) -> dict[str, Any]:
    """A phone number that the partner speaks for."""
    return {"channel": "sms", "address": phone, "verified": verified}


def mail(address: str) -> dict[str, Any]:
    """An e-mail address that the partner has verified."""
    return {"channel": "email", "address": address, "verified": True}


def wish(*contacts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Somebody who accepted the rules at the partner."""
    return {"contacts": contacts, "kind": "buyer", "accept_rules": 1, "language": "en", **more}


def ask(system: System, body: dict[str, Any], **more: Any) -> httpx.Response:
    """Send an enrolment."""
    return system.call("POST", "/members", json=body, **more)


def enrolled(system: System, *contacts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Enrol somebody; what the partner is told."""
    answer = ask(system, wish(*contacts, **more))
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def journal(member: Member) -> list[dict[str, Any]]:
    """What the member's own journal says."""
    return [row["data"] for row in member.rows("/export") if row["kind"] == "member journal"]


@pytest.mark.req("RG-6")
def test_who_registers_in_the_webshop_has_one_account_in_the_shop_too(
    club: Club, webshop: System
) -> None:
    """Registered online without a purchase; 5 % of 1 000.00 in the shop are 50 points, waiting for
    whoever signs in with the same phone or e-mail.
    """
    phone, address = new_phone(), f"layla.{new_phone()[1:]}@example.org"
    told = enrolled(webshop, sms(phone), mail(address), given_name="Layla", family_name="Haddad")
    assert told == {
        "member": told["member"],
        "name": "Layla H.",
        "kind": "buyer",
        "status": "active",
        "available": 0,
    }
    posted = shop(club).sell(100_000, buyer={"phone": phone})
    assert (posted["state"], posted["points"]["balance"]) == ("posted", 50)
    member = club.sign_in(phone)
    assert member.id == told["member"]
    assert member.account()["balance"] == 50
    assert [row["total"] for row in member.rows("/receipts")] == [100_000]
    online = shop(club, "opal", "online").sell(20_000, buyer={"card": card_of(member)})
    assert online["points"]["balance"] == 60
    challenge = club.challenge(address, "email")
    body = {"challenge": challenge, "one_time_code": club.code(address)}
    by_mail = club.house.http.post(f"/v1/programs/{club.id}/sessions", json=body).json()
    assert (by_mail["joined"], by_mail["member"]["member"]) == (False, member.id)
    me = member.call("GET", "").json()
    assert (me["phone"], me["email"], me["rules_version"]) == (phone, address, 1)


@pytest.mark.req("EK-5")
def test_holders_of_the_banks_card_are_members_by_it(club: Club) -> None:
    bank = with_partner(club, "bank", scopes=["members.write"])
    phone = new_phone()
    told = enrolled(bank, sms(phone), card_number=BANK_CARD)
    till = shop(club)
    assert till.sell(100_000, buyer={"card": NUMBER})["points"]["balance"] == 50
    found = till.system.call("POST", "/members/lookups", json={"card_number": BANK_CARD}).json()
    assert (found["member"], found["available"]) == (told["member"], 50)
    member = club.sign_in(phone)
    assert (member.id, member.account()["balance"]) == (told["member"], 50)
    assert member.call("GET", "").json()["partner_card"] is True
    assert till.sell(20_000, member=member)["points"]["balance"] == 60
    assert club.join().call("GET", "").json()["partner_card"] is False


def test_the_number_of_a_banks_card_is_kept_nowhere(club: Club, webshop: System) -> None:
    enrolled(webshop, sms(new_phone()), card_number=BANK_CARD)
    shop(club).sell(100_000, buyer={"card": NUMBER})
    club.house.pump()
    held = [stored.texts(item) for key, item in stored.everything().items() if club.id in key[0]]
    assert held
    assert not [one for one in held if NUMBER in one]


@pytest.mark.req("CB-6")
def test_joining_at_a_terminal_takes_a_phone(club: Club) -> None:
    """The terminal has sent its own code there; the journal keeps who answers for that."""
    terminal = with_partner(club, "rubin", "arbat", scopes=["members.write"], outlets=["arbat"])
    phone = new_phone()
    told = enrolled(terminal, sms(phone), consents=["sms", "sms"])
    member = club.sign_in(phone)
    assert member.id == told["member"]
    (joined,) = (one for one in journal(member) if one["fact"] == "member.joined")
    assert joined["actor"] == f"partner:rubin/{terminal.credential}"
    assert joined["data"]["consents"] == ["sms"]
    consents = {
        row["purpose"]: row["granted"] for row in member.call("GET", "/consents").json()["rows"]
    }
    assert consents == {"rules": True, "sms": True, "email": False, "push": False}


def test_the_same_enrolment_again_is_answered_the_same(club: Club, webshop: System) -> None:
    phone = new_phone()
    body = wish(sms(phone), given_name="Layla", card_number=BANK_CARD)
    first = ask(webshop, body, message="one-message")
    again = [
        ask(webshop, body, message="one-message"),
        ask(webshop, body),
        ask(connect(club, "rubin-online"), body),
    ]
    assert {one.status_code for one in (first, *again)} == {200}
    assert [one.json() for one in again] == [first.json()] * 3
    assert len(journal(club.sign_in(phone))) == 1


def test_nothing_of_who_is_a_member_already_changes(club: Club, webshop: System) -> None:
    member = club.join()
    assert member.adjust(70).is_success
    assert member.call("PATCH", "", json={"given_name": "Anna"}).is_success
    before, events = member.call("GET", "").json(), journal(member)
    other = mail(f"anna.{member.phone[1:]}@example.org")
    told = enrolled(webshop, other, sms(member.phone), given_name="Eve", card_number=BANK_CARD)
    assert told == {
        "member": member.id,
        "name": "Anna",
        "kind": "buyer",
        "status": "active",
        "available": 70,
    }
    assert (member.call("GET", "").json(), journal(member)) == (before, events)
    # The further contact and the card were not theirs, and still are nobody's.
    assert enrolled(webshop, other)["member"] != member.id


def test_a_suspended_member_stays_suspended(club: Club, webshop: System) -> None:
    member = club.join()
    body = {"status": "suspended", "reason": "By a test"}
    assert member.staff("POST", "/status", json=body).is_success
    assert enrolled(webshop, sms(member.phone))["status"] == "suspended"


def test_contacts_of_several_members_enrol_nobody(club: Club, webshop: System) -> None:
    one, other = club.join(), new_phone()
    address = f"two.{other[1:]}@example.org"
    enrolled(webshop, mail(address), card_number=BANK_CARD)
    for body in (
        wish(sms(one.phone), mail(address)),
        wish(sms(one.phone), card_number=BANK_CARD),
        wish(mail(address), card_number=card_of(one)),
    ):
        assert refused(ask(webshop, body)) == (409, "contacts_of_several")


@pytest.mark.parametrize(
    ("pointer", "code", "changed"),
    [
        (
            "/contacts/0/verified",
            "not_verified",
            {"contacts": [sms("+79167654321", verified=False)]},
        ),
        ("/contacts/0/address", "wrong_phone", {"contacts": [sms("12")]}),
        ("/contacts/0/address", "no_mobile_phone", {"contacts": [sms("+74951234567")]}),
        ("/contacts/0/address", "wrong_email", {"contacts": [mail("layla")]}),
        ("/contacts/1/channel", "duplicate", {"contacts": [sms("+79167654321")] * 2}),
        ("/contacts", "too_short", {"contacts": []}),
        ("/card_number", "wrong_check_digit", {"card_number": "4276000000000019"}),
        ("/card_number", "wrong_check_digit", {"card_number": "18"}),
        ("/kind", "not_one_of", {"kind": "king"}),
        ("/language", "not_one_of", {"language": "xx"}),
        ("/accept_rules", "required", {"accept_rules": None}),
        ("/birthday", "too_small", {"birthday": "1899-12-31"}),
        ("/given_name", "too_short", {"given_name": "  "}),
    ],
)
def test_what_cannot_be_is_refused(
    webshop: System, pointer: str, code: str, changed: dict[str, Any]
) -> None:
    answer = ask(webshop, {**wish(sms("+79167654321")), **changed})
    assert refused(answer) == (422, "invalid_fields"), answer.text
    found = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert found == [(pointer, code)]


def test_the_rules_in_force_are_accepted(club: Club, webshop: System) -> None:
    answer = ask(webshop, wish(sms(new_phone()), accept_rules=2))
    assert refused(answer) == (409, "rules_changed")


def test_rules_that_are_not_public_are_accepted_after_signing_in(house: House) -> None:
    """Who has not accepted them yet is asked to, as with every member who joins such a club."""
    club = house.new_club(rules_public=False)
    phone = new_phone()
    enrolled(with_partner(club, scopes=["members.write"]), sms(phone), accept_rules=None)
    member = club.sign_in(phone)
    assert member.call("GET", "").json()["rules_version"] == 0
    (tag,) = club.tags()
    assert refused(member.register(tag)) == (403, "rules_not_accepted")
    body = {"granted": True, "rules_version": 1}
    assert member.call("PUT", "/consents/rules", json=body).is_success
    assert member.register(tag).is_success


def test_who_was_erased_is_enrolled_anew(club: Club, webshop: System) -> None:
    phone = new_phone()
    first = enrolled(webshop, sms(phone), given_name="Layla", card_number=BANK_CARD)
    member = club.sign_in(phone)
    assert member.call("DELETE", "", json={"confirm": card_of(member)}).status_code == 204
    till = shop(club)
    gone = till.system.call("POST", "/members/lookups", json={"card_number": BANK_CARD})
    assert refused(gone) == (404, "member_not_found")
    again = enrolled(webshop, sms(phone), card_number=BANK_CARD)
    assert (again["member"] != first["member"], again["name"]) == (True, "")
    assert till.sell(100_000, buyer={"card": NUMBER})["points"]["balance"] == 50
    assert club.sign_in(phone).account()["balance"] == 50


def test_fifty_terminals_at_once_enrol_one_person_once(club: Club, webshop: System) -> None:
    phone, address = new_phone(), f"once.{new_phone()[1:]}@example.org"
    contacts = ([sms(phone), mail(address)], [mail(address), sms(phone)])
    answers = at_once(lambda turn: ask(webshop, wish(*contacts[turn % 2])), range(50))
    assert {one.status_code for one in answers} == {200}
    (told,) = {json.dumps(one.json()) for one in answers}
    assert club.sign_in(phone).id == json.loads(told)["member"]


def test_whoever_tries_phone_numbers_is_stopped(
    club: Club, webshop: System, calm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom nobody knows counts, also when they are refused; members are answered all the same."""
    monkeypatch.setattr(service_enrolment.NEWCOMERS, "most", 3)
    known = club.join()
    enrolled(webshop, sms(new_phone()))
    for _ in range(2):
        assert refused(ask(webshop, wish(sms(new_phone()), kind="king")))[0] == 422
    stopped = ask(webshop, wish(sms(new_phone())))
    assert refused(stopped) == (429, "too_many_enrolments")
    assert int(stopped.headers["Retry-After"]) > 0
    assert enrolled(webshop, sms(known.phone))["member"] == known.id
    enrolled(connect(club, "rubin-online"), sms(new_phone()))


def test_it_takes_the_scope(club: Club) -> None:
    reader = with_partner(club, scopes=["members.read"])
    assert refused(ask(reader, wish(sms(new_phone())))) == (403, "scope_missing")
