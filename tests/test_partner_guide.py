"""docs/partner-api.md tells the truth: its code is run, its figures and its codes are compared."""

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest

from app import ROOMS
from chalicelib.kernel.http import refusals
from chalicelib.kernel.http.routing import operations
from chalicelib.members import app_code, service_identify
from chalicelib.partners import model_credentials, service_signed
from infra.local.resources import ROOT
from tests.support.club import Club, House
from tests.support.partner import SCOPES, System, with_partner
from tests.support.till import FIVE_PERCENT, rule

TEXT = (ROOT / "docs/partner-api.md").read_text()
BLOCKS = re.findall(r"```python\n(.+?)```", TEXT, re.S)
PLACE = "https://club.example"
SECRET = re.findall(r"`(whsec_[^`]{20,})`", TEXT)[0]


@pytest.fixture(scope="module")
def signed() -> Any:
    """The page's function."""
    assert len(BLOCKS) == 1
    names: dict[str, Any] = {}
    exec(compile(BLOCKS[0], "docs/partner-api.md", "exec"), names)
    return names["signed"]


def send(request: urllib.request.Request) -> tuple[int, Any]:
    """What a system gets that uses nothing but the standard library."""
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


def test_the_figures_are_those_of_the_code(signed: Any) -> None:
    (ident,) = re.findall(r"the id `([^`]+)`", TEXT)
    (stamp,) = re.findall(r"the time `(\d+)`", TEXT)
    (body, of_body), (target, of_target) = re.findall(
        r"\| the (?:body|target) `(.+?)` \| `(v1,[^`]+)` \|", TEXT
    )
    more = {"message": ident, "stamp": int(stamp)}
    posted = signed(PLACE, "jewels.1", SECRET, "POST", "/v1/x", body=json.loads(body), **more)
    assert posted.data.decode() == body
    assert posted.headers["Webhook-signature"] == of_body
    method, path = target.split(" ")
    asked = signed(PLACE, "jewels.1", SECRET, method, path, **more)
    assert asked.headers["Webhook-signature"] == of_target


def test_its_function_is_let_in(signed: Any, club: Club) -> None:
    system, member = with_partner(club), club.join()
    place = (club.house.url, system.issued["sent_as"], system.secret)
    status, told = send(signed(*place, "GET", "/v1/partner/self"))
    assert (status, told["credential"]) == (200, system.credential)
    body = {"phone": member.phone}
    status, told = send(signed(*place, "POST", "/v1/partner/members/lookups", body=body))
    assert (status, told["member"]) == (200, member.id)
    query = [("b", "ä &+/"), ("a", "2"), ("a", "1")]
    status, told = send(signed(*place, "GET", "/v1/partner/self", query=query))
    assert (status, told["code"]) == (400, "invalid_query")  # beyond its signature, that is
    status, told = send(signed(*place[:2], SECRET, "GET", "/v1/partner/self"))
    assert (status, told["code"]) == (401, "signature_invalid")


def test_every_code_of_a_signed_request_is_explained() -> None:
    section = TEXT.partition("## When it is refused")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| \d+ \| `(\w+)` \|", section, re.M))
    access = {"partner", "partner:members.read"}
    every = [one for one in operations(ROOMS) if one.access in access]
    own = refusals.BY_ACCESS["partner"]
    assert told == {one.code for one in own} | {"scope_missing"}
    assert {each.code for one in every for each in refusals.refusals(one)} >= told


def test_its_limits_are_those_of_the_code() -> None:
    assert f"{service_signed.WRONG.most} wrong signatures within an hour" in TEXT
    assert f"nobody {service_identify.MISSES.most} times" in TEXT
    assert f"good for {app_code.LIFE.seconds // 60} minutes" in TEXT
    assert f"{model_credentials.OLD_GOOD_FOR.total_seconds() / 3600:g} hours if they" in TEXT
    assert f"{model_credentials.OLD_AT_MOST.days} days at most" in TEXT
    assert set(re.findall(r"`(\w+\.(?:read|write))`", TEXT)) == set(SCOPES)


def test_both_secrets_may_sign_while_a_system_changes_over(club: Club) -> None:
    old = with_partner(club)
    new = System(club, {**old.issued, **old.staff("rotation").json()})
    for first, second in ((old, new), (new, old)):
        request = first.request("GET", "/self")
        first.sign(request, "a-message")
        one = request.headers["webhook-signature"]
        second.sign(request, "a-message")
        request.headers["webhook-signature"] += f" {one}"
        request.extensions.clear()
        assert club.house.http.send(request).status_code == 200


def test_the_sale_of_the_page_is_sold(house: House) -> None:
    """In the order of the page; card and times are those of a live member, now."""
    flight = {"type": "per_unit", "of": "count", "points": 2, "per": 5}
    rules = [FIVE_PERCENT, rule(flight, id="miles", trigger="custom:flight")]
    club = house.new_club(earning={"rules": rules}, purchases={"spending": {}})
    system = with_partner(club, "rubin", "arbat")
    member = club.join()
    member.adjust(500)
    now = club.house.now.isoformat(timespec="milliseconds")
    card = {"card": member.session["member"]["card_number"]}
    quote, receipt, back, event = (
        {
            name: {"at": now, "buyer": card}.get(name, value)
            for name, value in json.loads(block).items()
        }
        for block in re.findall(r"```json\n(.+?)```", TEXT, re.S)
    )
    priced = system.call("POST", "/quotes", json=quote).json()
    assert (priced["due"], priced["earns"], priced["most_points"]) == (1_310_000, 655, 500)
    sold = system.call("POST", "/receipts", json=receipt)
    assert sold.status_code == 201, sold.text
    assert sold.json()["points"]["earned"] == 650
    returned = system.call("POST", f"/receipts/{sold.json()['receipt']}/returns", json=back)
    assert returned.status_code == 201, returned.text
    told = system.call("POST", "/events", json=event)
    assert told.json()["points"]["earned"] == 493
