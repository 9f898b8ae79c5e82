"""A partner's till calls the platform: its credentials, and the member who stands before it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.qr import svg
from chalicelib.members import service_identify
from tests.support import stored
from tests.support.club import Club, Member, new_phone
from tests.support.partner import SCOPES, System, connect, with_partner


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def self_of(system: System) -> httpx.Response:
    """What the system is told of itself."""
    return system.call("GET", "/self")


def look(system: System, **body: str) -> httpx.Response:
    """The till asks who somebody is."""
    return system.call("POST", "/members/lookups", json=body)


def known(system: System, **body: str) -> dict[str, Any]:
    """The same, with a good answer."""
    answer = look(system, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


# -- credentials ---------------------------------------------------------------------


def test_a_credential_says_what_it_is(club: Club) -> None:
    system = with_partner(
        club, "rubin", "arbat", "tver", scopes=["quotes.write"], outlets=["arbat"]
    )
    assert re.fullmatch(r"whsec_[0-9A-Za-z+/]{43}=", system.secret)
    answer = self_of(system)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    now = found.pop("now")
    assert abs((club.house.now - parse(now)).total_seconds()) < 60
    assert found == {
        "program": club.id,
        "partner": "rubin",
        "credential": system.credential,
        "name": "Tills",
        "scopes": ["quotes.write"],
        "outlets": ["arbat"],
    }


def test_a_secret_is_shown_to_the_request_that_made_it_and_to_no_other(club: Club) -> None:
    with_partner(club)
    path, body = "/partners/rubin/credentials", {"name": "Webshop", "scopes": ["members.read"]}
    first = club.staff("POST", path, json=body, key="made-once")
    again = club.staff("POST", path, json=body, key="made-once")
    assert (again.status_code, again.json()) == (201, first.json())
    secret = first.json()["secret"]
    listed = club.staff("GET", path)
    rows = listed.json()["rows"]
    assert [row["name"] for row in rows] == ["Tills", "Webshop"]
    assert "secret" not in rows[1]
    assert "whsec_" not in listed.text
    table = "\n".join(map(stored.texts, stored.everything().values()))
    assert secret.removeprefix("whsec_") not in table


def test_rotation_without_a_pause(club: Club) -> None:
    """Both secrets are good until the moment that staff choose; then the new one alone."""
    old = with_partner(club)
    until = render(club.house.now + timedelta(hours=2))
    answer = old.staff("rotation", old_until=until)
    assert answer.status_code == 200, answer.text
    new = System(club, {**old.issued, **answer.json()})
    assert (new.issued["generation"], new.issued["old_until"]) == (2, until)
    assert new.secret != old.secret
    assert (self_of(old).status_code, self_of(new).status_code) == (200, 200)
    with club.house.later("PT2H1S"):
        assert told(self_of(old)) == (401, "credential_ended")
        assert self_of(new).status_code == 200


def test_the_old_secret_is_good_for_a_day_unless_staff_say_otherwise(club: Club) -> None:
    old = with_partner(club)
    assert old.staff("rotation").status_code == 200
    with club.house.later("PT23H59M"):
        assert self_of(old).status_code == 200
    with club.house.later("PT24H1S"):
        assert told(self_of(old)) == (401, "credential_ended")


def test_rotating_again_ends_the_secret_before_the_last(club: Club) -> None:
    systems = [with_partner(club)]
    for _ in range(2):
        issued = systems[-1].staff("rotation").json()
        systems.append(System(club, {**systems[0].issued, **issued}))
    found = [self_of(one).status_code for one in systems]
    assert found == [401, 200, 200]


def test_a_repeated_rotation_gives_the_same_secret(club: Club) -> None:
    system = with_partner(club)
    path = f"/partners/rubin/credentials/{system.credential}/rotation"
    first = club.staff("POST", path, json={}, key="rotated-once").json()
    assert club.staff("POST", path, json={}, key="rotated-once").json() == first
    later = club.staff("POST", path, json={}, key="rotated-twice").json()
    assert later["generation"] == 3
    assert club.staff("POST", path, json={}, key="rotated-once").json()["secret"] == first["secret"]


def test_an_old_secret_lives_seven_days_at_most_and_may_end_at_once(club: Club) -> None:
    system = with_partner(club)
    far = render(club.house.now + timedelta(days=7, minutes=1))
    answer = system.staff("rotation", old_until=far)
    assert told(answer) == (422, "invalid_fields")
    assert answer.json()["errors"][0]["pointer"] == "/old_until"
    assert system.staff("rotation", old_until=render(club.house.now)).status_code == 200
    assert told(self_of(system)) == (401, "credential_ended")


def test_revoking_works_at_once_and_for_good(club: Club) -> None:
    system, other = with_partner(club), connect(club)
    assert system.staff("revocation", reason="The till was stolen").status_code == 200
    assert told(self_of(system)) == (401, "credential_ended")
    again = system.staff("revocation", reason="The till was stolen")
    assert again.json()["revoked_at"]
    assert told(system.staff("rotation")) == (409, "credential_revoked")
    assert self_of(other).status_code == 200
    rows = club.staff("GET", "/partners/rubin/credentials").json()["rows"]
    assert [row["credential"] for row in rows] == [other.credential]


def test_a_credential_runs_out_when_staff_said(club: Club) -> None:
    end = render(club.house.now + timedelta(days=1))
    system = with_partner(club, expires_at=end)
    assert self_of(system).status_code == 200
    with club.house.later("P1DT1S"):
        assert told(self_of(system)) == (401, "credential_ended")
    past = {"name": "Till", "scopes": ["members.read"], "expires_at": render(club.house.now)}
    answer = club.staff("POST", "/partners/rubin/credentials", json=past)
    assert answer.json()["errors"][0]["code"] == "has_passed"


def test_a_blocked_partner_is_refused_at_once_with_all_its_systems(club: Club) -> None:
    first, second = with_partner(club), connect(club)
    blocked = {"name": "Rubin", "blocked": True}
    assert club.staff("PUT", "/partners/rubin", json=blocked).json()["blocked"]
    third = connect(club)
    for system in (first, second, third):
        assert told(self_of(system)) == (403, "partner_blocked")
    assert club.staff("PUT", "/partners/rubin", json={"name": "Rubin"}).status_code == 200
    assert {self_of(one).status_code for one in (first, second, third)} == {200}


def test_a_partner_has_twenty_credentials_at_most(club: Club) -> None:
    systems = [with_partner(club), *(connect(club) for _ in range(19))]
    body = {"name": "One more", "scopes": ["members.read"]}
    path = "/partners/rubin/credentials"
    assert told(club.staff("POST", path, json=body)) == (409, "too_many_credentials")
    assert systems[0].staff("revocation", reason="Make room").status_code == 200
    assert club.staff("POST", path, json=body).status_code == 201


def test_a_credential_is_limited_to_outlets_of_its_partner(club: Club) -> None:
    with_partner(club, "rubin", "arbat")
    body = {"name": "Till", "scopes": ["members.read"], "outlets": ["arbat", "tver"]}
    answer = club.staff("POST", "/partners/rubin/credentials", json=body)
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/outlets/1", "outlet_unknown")


def test_each_act_with_a_credential_is_on_record(club: Club) -> None:
    system = with_partner(club)
    system.staff("rotation")
    system.staff("revocation", reason="The till was stolen")
    found = club.staff("GET", "/audit", params={"limit": 3}).json()["rows"]
    acts = [row["action"] for row in found]
    assert acts == ["credential.revoked", "credential.rotated", "credential.created"]
    assert {row["subject"] for row in found} == {f"credential:{system.credential} partner:rubin"}
    assert "whsec_" not in str(found)


# -- the partner's own rates ------------------------------------------------------------


def test_a_partner_has_rates_of_its_own_from_day_to_day(club: Club) -> None:
    rates = [
        {"since": "2026-01-01", "rate": {"num": 1, "den": 100}},
        {"since": "2026-11-01", "rate": {"num": 14, "den": 100}},
    ]
    body = {"name": "Rubin", "rates": rates}
    written = club.staff("PUT", "/partners/rubin", json=body)
    assert (written.status_code, written.json()["rates"]) == (200, rates)
    (row,) = club.staff("GET", "/partners").json()["rows"]
    assert (row["rates"], row["blocked"]) == (rates, False)
    (record,) = club.staff("GET", "/audit", params={"limit": 1}).json()["rows"]
    assert record["action"] == "partner.written"


def test_rates_stand_in_the_order_of_their_days(club: Club) -> None:
    one = {"since": "2026-11-01", "rate": {"num": 1, "den": 100}}
    for second in ("2026-11-01", "2026-10-31"):
        body = {"name": "Rubin", "rates": [one, {**one, "since": second}]}
        answer = club.staff("PUT", "/partners/rubin", json=body)
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/rates/1/since", "days_not_rising")


def test_credentials_outlive_what_is_said_of_their_partner(club: Club) -> None:
    system = with_partner(club)
    assert club.staff("PUT", "/partners/rubin", json={"name": "Rubin & Co"}).is_success
    assert self_of(system).status_code == 200
    assert len(club.staff("GET", "/partners/rubin/credentials").json()["rows"]) == 1


# -- members at the till ---------------------------------------------------------------


@pytest.mark.req("AB-1")
def test_the_till_knows_a_member_by_card_phone_and_app(club: Club) -> None:
    system, member = with_partner(club, scopes=["members.read"]), club.join()
    name = {"given_name": "Anna", "family_name": "Petrova"}
    assert member.call("PATCH", "", json=name).status_code == 200
    assert member.adjust(120).is_success
    card = member.session["member"]["card_number"]
    shown = member.call("GET", "/app-code").json()
    wanted = {
        "member": member.id,
        "name": "Anna P.",
        "kind": "buyer",
        "status": "active",
        "available": 120,
    }
    assert known(system, card_number=card) == wanted
    assert known(system, card_number=f"{card[:4]} {card[4:]}") == wanted
    assert known(system, phone=member.phone) == wanted
    assert known(system, app_code=shown["app_code"]) == wanted
    assert known(system, app_code=shown["app_code"].lower()) == wanted


@pytest.mark.req("AB-1")
def test_the_apps_code_is_good_for_five_minutes_and_in_its_club_only(club: Club) -> None:
    system, member = with_partner(club), club.join()
    shown = member.call("GET", "/app-code").json()
    code = shown["app_code"]
    assert re.fullmatch(r"[0-9A-Z]{34}", code)
    assert shown["qr"] == svg(code)
    life = parse(shown["good_until"]) - club.house.now
    assert timedelta(minutes=4, seconds=50) < life <= timedelta(minutes=5)
    with club.house.later("PT4M50S"):
        assert known(system, app_code=code)["member"] == member.id
    with club.house.later("PT5M2S"):
        assert told(look(system, app_code=code)) == (410, "app_code_expired")
    with club.house.later("PT30M"):
        assert told(look(system, app_code=code)) == (404, "member_not_found")
    elsewhere = with_partner(club.house.new_club())
    assert told(look(elsewhere, app_code=code)) == (404, "member_not_found")
    for place in (0, 20, 22, 33):
        forged = code[:place] + ("0" if code[place] != "0" else "1") + code[place + 1 :]
        assert told(look(system, app_code=forged)) == (404, "member_not_found")


def test_nobody_else_is_found(club: Club) -> None:
    system = with_partner(club)
    stranger: Member = club.house.new_club().join()
    card = stranger.session["member"]["card_number"]
    assert told(look(system, phone=stranger.phone)) == (404, "member_not_found")
    assert told(look(system, card_number=card)) == (404, "member_not_found")
    assert told(look(system, card_number="4000123412341232")) == (422, "invalid_fields")
    assert told(look(system, phone="12")) == (422, "invalid_fields")
    assert told(look(system)) == (422, "invalid_fields")
    assert told(look(system, phone=new_phone(), card_number=card)) == (422, "invalid_fields")
    gone = club.join()
    shown = gone.call("GET", "/app-code").json()["app_code"]
    confirm = {"confirm": gone.session["member"]["card_number"]}
    assert gone.call("DELETE", "", json=confirm).status_code == 204
    assert told(look(system, phone=gone.phone)) == (404, "member_not_found")
    assert told(look(system, app_code=shown)) == (404, "member_not_found")


def test_whoever_tries_phone_numbers_is_stopped(club: Club) -> None:
    """Lookups that find nobody are counted, for each credential by itself."""
    system, other, member = with_partner(club), connect(club), club.join()
    for _ in range(service_identify.MISSES.most):
        assert look(system, phone=new_phone()).status_code == 404
    answer = look(system, phone=member.phone)
    assert told(answer) == (429, "too_many_lookups")
    assert int(answer.headers["Retry-After"]) > 0
    assert known(other, phone=member.phone)["member"] == member.id


def test_each_scope_is_needed_by_itself(club: Club) -> None:
    others = [one for one in SCOPES if one != "members.read"]
    system = with_partner(club, scopes=others)
    answer = look(system, phone=new_phone())
    assert told(answer) == (403, "scope_missing")
    assert "members.read" in answer.json()["detail"]
