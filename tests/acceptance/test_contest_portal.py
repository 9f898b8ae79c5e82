"""The contest portal: points are not money (GC-2), and rules are accepted by version (GC-5)."""

import json
import uuid
from typing import Any

import pytest

from infra.local.resources import ROOT
from tests.support.club import JEWELS, Club, House, bearer, new_phone

MONEYLIKE = (
    "transfer",
    "cash",
    "payout",
    "withdraw-points",
    "sell",
    "bank",
    "gift-to",
    "send-points",
)
METHODS = ("post", "put", "patch", "delete")


def document() -> dict[str, Any]:
    """The platform's own API document."""
    found: dict[str, Any] = json.loads((ROOT / "docs/openapi.json").read_text())
    return found


def changing() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation that changes something: method, path, description."""
    return [
        (method, path, operations[method])
        for path, operations in document()["paths"].items()
        for method in METHODS
        if method in operations
    ]


def refers(schema: Any, known: dict[str, Any], above: tuple[str, ...] = ()) -> set[str]:
    """All names of fields that a schema takes, followed through its references."""
    if isinstance(schema, list):
        return set().union(*(refers(one, known, above) for one in schema))
    if not isinstance(schema, dict):
        return set()
    names = set(schema.get("properties", {}))
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        # Conditions hold conditions: what stands above is being followed already.
        return set() if name in above else refers(known[name], known, (*above, name))
    return names.union(*(refers(value, known, above) for value in schema.values()))


# -- GC-2 ----------------------------------------------------------------------


@pytest.mark.req("GC-2")
def test_no_route_moves_points_to_another_member_or_pays_them_out() -> None:
    """Given the whole API, nothing a member can call names another member or an amount; a gift of
    points goes to charities of the program alone.
    """
    known = document()["components"]["schemas"]
    assert len(changing()) > 20
    for method, path, operation in changing():
        act = operation["operationId"].partition("_")[2]  # a room may be called transfers
        words = f"{path} {act} {operation['summary']}".lower()
        words = words.replace("seller", "")  # a kind of member, who sells goods in a shop
        assert not [word for word in MONEYLIKE if word in words], f"{method} {path}"
        if path.startswith(("/v1/staff/", "/v1/partner/")):
            continue
        assert "{member}" not in path
        body = operation.get("requestBody", {})
        taken = refers(body, known)
        if path == "/v1/me/donations":
            taken -= {"points", "to"}  # to one of the charities that the program names
        assert not taken & {"points", "amount", "member", "to", "recipient", "iban", "account"}


@pytest.mark.req("GC-2")
def test_staff_too_move_points_of_one_member_at_a_time() -> None:
    """A staff call that takes an amount of points names its one member in the address alone."""
    known = document()["components"]["schemas"]
    with_points = [
        (path, fields)
        for _, path, operation in changing()
        if "points" in (fields := refers(operation.get("requestBody", {}), known))
        and "/members/" in path
    ]
    assert with_points
    for path, fields in with_points:
        assert path.count("{member}") == 1
        assert not fields & {"member", "to", "recipient", "from"}


@pytest.mark.req("GC-2")
def test_a_member_cannot_change_anybodys_points(house: House, club: Club) -> None:
    rich, poor = club.join(), club.join()
    rich.adjust(1000).raise_for_status()
    base = f"/v1/staff/programs/{club.id}/members"
    why = {"reason": "To my friend"}
    tries = [
        (f"{base}/{poor.id}/adjustments", {"points": 100, **why}),
        (f"{base}/{rich.id}/adjustments", {"points": -100, **why}),
        (f"{base}/{rich.id}/entries/1/reversal", why),
        (f"{base}/{rich.id}/holds", {"points": 100, **why}),
        (f"{base}/{poor.id}/pending-awards", {"points": 100, **why}),
        (f"{base}/{poor.id}/burn-off", why),
    ]
    for url, body in tries:
        headers = bearer(rich.token, **{"Idempotency-Key": uuid.uuid4().hex})
        answer = house.http.post(url, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), url
    assert (rich.account()["balance"], poor.account()["balance"]) == (1000, 0)


@pytest.mark.req("GC-2")
def test_another_members_points_are_not_even_seen(house: House, club: Club) -> None:
    one, other = club.join(), club.join()
    url = f"/v1/staff/programs/{club.id}/members/{other.id}/account"
    assert house.http.get(url, headers=bearer(one.token)).status_code == 403
    for path in ("/account", "/entries"):
        answer = one.call("GET", path, params={"member": other.id})
        assert answer.status_code in (200, 400)
        assert other.id not in answer.text


# -- GC-5 ----------------------------------------------------------------------


def attempt(house: House, club: Club, version: int | None) -> Any:
    """Somebody new joins and accepts a version of the rules."""
    phone = new_phone()
    join: dict[str, Any] = {"kind": "buyer", "language": "en"}
    if version is not None:
        join["accept_rules"] = version
    body = {
        "challenge": club.challenge(phone),
        "one_time_code": club.code(phone),
        "join": join,
    }
    return house.http.post(f"/v1/programs/{club.id}/sessions", json=body)


@pytest.mark.req("GC-5")
def test_the_accepted_version_is_recorded_and_shown(club: Club) -> None:
    member = club.join()
    assert member.session["member"]["rules_version"] == 1
    assert member.call("GET", "").json()["rules_version"] == 1
    consents = {row["purpose"]: row for row in member.call("GET", "/consents").json()["rows"]}
    assert (consents["rules"]["granted"], consents["rules"]["rules_version"]) == (True, 1)
    assert consents["rules"]["at"] <= member.call("GET", "").json()["joined_at"]
    assert member.staff("GET", "").json()["rules_version"] == 1


@pytest.mark.req("GC-5")
def test_nobody_takes_part_without_accepting_the_rules(house: House, club: Club) -> None:
    answer = attempt(house, club, None)
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/join/accept_rules"}


@pytest.mark.req("GC-5")
def test_only_the_version_in_force_can_be_accepted(house: House, club: Club) -> None:
    assert attempt(house, club, 2).json()["code"] == "rules_changed"
    club.document = {**club.document, "rules": {**JEWELS["rules"], "en": "New rules."}}
    assert club.publish() == 2
    old = attempt(house, club, 1)
    assert (old.status_code, old.json()["code"]) == (409, "rules_changed")
    assert "2" in old.json()["detail"]
    assert attempt(house, club, 2).json()["member"]["rules_version"] == 2


@pytest.mark.req("GC-5")
def test_who_accepted_an_older_version_accepts_the_new_one_later(house: House, club: Club) -> None:
    member = club.join()
    club.document = {**club.document, "rules": {**JEWELS["rules"], "en": "New rules."}}
    club.publish()
    assert member.call("GET", "").json()["rules_version"] == 1
    read = house.http.get(f"/v1/programs/{club.id}/rules").json()
    assert (read["version"], read["rules"]) == (2, "New rules.")
    stale = member.call("PUT", "/consents/rules", json={"granted": True, "rules_version": 1})
    assert stale.json()["code"] == "rules_changed"
    body = {"granted": True, "rules_version": 2}
    assert member.call("PUT", "/consents/rules", json=body).json()["rules_version"] == 2
    assert member.call("GET", "").json()["rules_version"] == 2
    before = house.http.get(f"/v1/programs/{club.id}/rules", params={"version": 1}).json()
    assert before["rules"] == JEWELS["rules"]["en"]


@pytest.mark.req("GC-5")
def test_the_rules_cannot_be_withdrawn_from_alone(club: Club) -> None:
    member = club.join()
    answer = member.call("PUT", "/consents/rules", json={"granted": False})
    assert (answer.status_code, answer.json()["code"]) == (409, "rules_needed")
