"""Joining and completing the profile bring their points by themselves, once, whatever happens."""

from typing import Any

import pytest

from chalicelib.kernel.clock import render
from chalicelib.members.occasions import COMPLETED, JOINED
from tests.support import transfers
from tests.support.checkout import available, club_of, tell_by_staff
from tests.support.club import Club, House, Member, at_once, new_phone
from tests.support.diary import waiting, work
from tests.support.partner import with_partner
from tests.support.till import RULE

WELCOME, FILLED_IN = 70, 30
FIELDS: dict[str, Any] = {"given_name": "Layla", "birthday": "1990-05-17", "city": "Tver"}
RULES = [
    {**RULE, "id": "welcome", "trigger": "member_joined"}
    | {"effect": {"type": "points", "points": WELCOME}},
    {**RULE, "id": "profile", "trigger": "profile_completed"}
    | {"effect": {"type": "points", "points": FILLED_IN}},
]


@pytest.fixture
def club(house: House) -> Club:
    """A club with both rules, without caps, for a profile of three fields."""
    return house.new_club(earning={"rules": RULES}, profile={"complete": list(FIELDS)})


def tell(member: Member, **fields: Any) -> list[str]:
    """Change the profile; what is still missing."""
    answer = member.call("PATCH", "", json=fields)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["profile_missing"])


def join(club: Club, **more: Any) -> Member:
    """Join, telling more at once."""
    phone = new_phone()
    body = {
        "challenge": club.challenge(phone),
        "one_time_code": club.code(phone),
        "join": {"kind": "buyer", "accept_rules": 1, "language": "en", **more},
    }
    answer = club.house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    assert answer.status_code == 201, answer.text
    return Member(club, phone, answer.json())


@pytest.mark.req("AB-4")
def test_registering_brings_its_points_within_minutes(house: House) -> None:
    """100 in the retail chain, however one joins; nothing for whom an import brings."""
    club = club_of(house, "retail-chain")
    webshop = with_partner(club, "rubin-online", scopes=["members.write"])
    phone, old = new_phone(), new_phone()
    contact = {"channel": "sms", "address": phone, "verified": True}
    kind = next(iter(club.document["kinds"]))
    wish = {"contacts": [contact], "kind": kind, "accept_rules": 1, "language": "en"}
    for _ in range(2):  # the second is told that they are a member
        assert webshop.call("POST", "/members", json=wish).status_code == 200
    line = {"external_id": "OLD-1", "phone": old, "kind": kind}
    assert transfers.done(club, transfers.csv_of([line]))["ran"]["good"] == 1
    joined = club.join(kind=kind)
    for _ in range(2):
        house.run_due()
    found = [joined, club.sign_in(phone), club.sign_in(old)]
    assert [available(one) for one in found] == [100, 100, 0]
    assert [one["kind"] for one in joined.entries()] == ["event.posted"]
    assert joined.proof()["agrees"]


@pytest.mark.req("AQ-5")
def test_a_complete_profile_brings_its_points_once(house: House) -> None:
    """100 in the jewellery club, as soon as nothing is missing; telling anew brings no more."""
    club = club_of(house, "jewels")
    member = club.join()
    missing = member.call("GET", "").json()["profile_missing"]
    assert missing == ["given_name", "family_name", "birthday", "gender", "city"]
    assert tell(member, **FIELDS) == ["family_name", "gender"]
    house.run_due()
    assert available(member) == 0
    assert tell(member, family_name="Haddad", gender="female") == []
    for _ in range(2):
        house.run_due()
    assert available(member) == 100


@pytest.mark.req("AQ-5")
def test_clearing_and_telling_again_earns_nothing(house: House, club: Club) -> None:
    """Also without a cap, also before the agenda runs; and staff cannot tell it beside that."""
    member = join(club, **FIELDS)
    for _ in range(3):
        assert tell(member, city=None) == ["city"]
        assert tell(member, city="Tver") == []
    house.run_due()
    assert available(member) == WELCOME + FILLED_IN
    tell(member, city=None)
    tell(member, city="Riga")
    house.run_due()
    assert available(member) == WELCOME + FILLED_IN
    assert waiting(member, COMPLETED) == waiting(member, JOINED) == []
    for trigger in ("profile_completed", "member_joined"):
        body = {"trigger": trigger, "number": "2", "at": render(house.now), "reason": "Please"}
        answer = member.staff("POST", "/events", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "trigger_not_told")


def test_a_proved_address_completes_a_profile(house: House) -> None:
    club = house.new_club(earning={"rules": RULES}, profile={"complete": ["phone", "email"]})
    member = club.join()
    assert member.call("GET", "").json()["profile_missing"] == ["email"]
    address = f"layla.{new_phone()[1:]}@example.org"
    challenge = club.challenge(address, "email")
    body = {"challenge": challenge, "one_time_code": club.code(address)}
    answer = member.call("POST", "/contacts", json=body)
    assert (answer.status_code, answer.json()["profile_missing"]) == (200, [])
    house.run_due()
    assert available(member) == WELCOME + FILLED_IN


def test_what_staff_told_before_the_club_named_the_fields_is_not_paid_again(house: House) -> None:
    club = house.new_club(earning={"rules": RULES}, profile={})
    member = club.join()
    assert tell(member, **FIELDS) == []
    assert tell_by_staff(member, "profile_completed")["points"]["earned"] == FILLED_IN
    club.document["profile"] = {"complete": list(FIELDS)}
    club.publish()
    with house.later(60):  # past what processes know of versions
        tell(member, city=None)
        tell(member, city="Tver")
        (entry,) = waiting(member, COMPLETED)
        work(entry, house.now, 2)
        assert available(member) == FILLED_IN


@pytest.mark.req("AB-4")
def test_however_often_and_late_the_agenda_runs_it_is_paid_once(house: House, club: Club) -> None:
    """By the rules of the time, though the club gives nothing any more when it is found late."""
    runs = {times: join(club, **FIELDS) for times in (0, 1, 2, 5)}
    for times, member in runs.items():
        for kind in (JOINED, COMPLETED):
            (entry,) = waiting(member, kind)
            work(entry, house.now, times)
    both = WELCOME + FILLED_IN
    assert [available(member) for member in runs.values()] == [0, both, both, both]
    club.document["earning"] = {"rules": []}
    with house.later("P9D"):
        club.publish()
        house.run_due()
        assert [available(member) for member in runs.values()] == [both] * 4
        assert waiting(club.join(), JOINED) == []


def test_who_is_suspended_waits_and_who_left_gets_nothing(house: House, club: Club) -> None:
    suspended, left = (join(club, **FIELDS) for _ in range(2))
    body = {"status": "suspended", "reason": "By a test"}
    assert suspended.staff("POST", "/status", json=body).is_success
    card = left.call("GET", "/card").json()["card_number"]
    assert left.call("DELETE", "", json={"confirm": card}).status_code == 204
    house.run_due()
    assert (waiting(left, JOINED), len(waiting(suspended, JOINED))) == ([], 1)
    assert suspended.staff("POST", "/status", json=body | {"status": "active"}).is_success
    assert available(suspended) == 0
    with house.later("P1DT1M"):
        house.run_due()
        assert available(suspended) == WELCOME + FILLED_IN
        assert left.staff("GET", "/account").json()["balance"] == 0


def test_many_workers_at_once_pay_once(house: House, club: Club) -> None:
    member = join(club)
    (entry,) = waiting(member, JOINED)
    at_once(lambda _: work(entry, house.now), range(6))
    assert available(member) == WELCOME
