"""A member who leaves is forgotten: nothing personal stays in the table, and the club's books stay
whole.
"""

import re
from dataclasses import dataclass

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.table.keys import PATTERNS
from chalicelib.members import service_erasure
from chalicelib.members.erasure import MAP
from chalicelib.members.service import finish_erasure
from infra.local.resources import ROOT
from tests.support import stored
from tests.support.club import Club, House, Member, new_phone
from tests.support.coupons import give
from tests.support.donations import give as donate
from tests.support.groups import EVIDENCE, apply
from tests.support.memberships import pay
from tests.support.purchases import GATES, TERMS
from tests.support.shop import PARCEL, POST, Shop
from tests.support.stored import Stored
from tests.support.till import shop

PROFILE = {
    "given_name": "Wilhelmina-Erasable",
    "family_name": "Oubliette",
    "birthday": "1977-03-19",
    "gender": "other",
    "city": "Lethe-on-Sea",
}
NOTE = "Called about her lost earring"
WRITTEN = "Wants the clasp of the amber necklace mended"
POINTS = 800
"""What the one registered item brings, with the bonus for the first."""


@dataclass
class Leaver:
    """A member with everything a member can have."""

    club: Club
    member: Member
    personal: list[str]
    """Every value that names them."""
    serial: str

    def leave(self) -> int:
        """Ask to be forgotten; the answer's status."""
        card = self.member.session["member"]["card_number"]
        return self.member.call("DELETE", "", json={"confirm": card}).status_code

    def traces(self) -> set[tuple[str, str]]:
        """Which personal values stand where in the table, other clubs' partitions left out."""
        found = stored.everything().items()
        near = [
            (key, stored.texts(item))
            for key, item in found
            if key[0].startswith(("_#", self.club.id))
        ]
        values = [one.lstrip("+") for one in self.personal]
        return {(one, " ".join(key)) for one in values for key, text in near if one in text}

    def stored(self) -> Stored:
        """What is stored in the member's own partition."""
        pk = f"{self.club.id}#M#{self.member.id}"
        return {stored.key_of(item): item for item in stored.partition(pk)}


@pytest.fixture
def leaver(house: House) -> Leaver:
    """Joined by phone, changed it, added an e-mail; profile, consents, an item, two devices."""
    gate = {**GATES["active"], "at_least": 10_000, "options": ["groups"]}
    club = house.new_club(**TERMS, gates={"active": gate})
    first = club.join()
    member = club.sign_in(first.phone)
    phone, email = new_phone(), f"wilhelmina.{first.phone[-7:]}@example.org"
    for address, channel in ((phone, "sms"), (email, "email")):
        challenge = club.challenge(address, channel)
        body = {"challenge": challenge, "one_time_code": club.code(address)}
        assert member.call("POST", "/contacts", json=body).status_code == 200
    assert member.call("PATCH", "", json=PROFILE).status_code == 200
    for purpose in ("sms", "email"):
        assert member.call("PUT", f"/consents/{purpose}", json={"granted": True}).status_code == 200
    (tag,) = club.tags()
    assert member.register(tag).status_code == 201
    assert member.adjust(25).status_code == 201
    assert member.staff("POST", "/holds", json={"points": 10, "reason": "On hold"}).is_success
    for status in ("suspended", "active"):
        assert member.staff("POST", "/status", json={"status": status, "reason": NOTE}).is_success
    body = {"text": WRITTEN, "topic": "complaint"}
    assert member.staff("POST", "/notes", json=body).status_code == 201
    assert club.staff("POST", "/calls", json={"phone": phone}).status_code == 201
    parcel = posted(member)
    give(club, member)
    assert donate(member, 3).is_success
    till = shop(club)
    till.sell(10_000, buyer={"phone": phone})
    house.run_due()
    pay(till.system, member, "plus")
    apply(member, "student", EVIDENCE)
    club.house.pump()
    newest = member.call("GET", "/notifications").json()["rows"][0]["id"]
    assert member.call("PUT", "/notifications/seen", json={"up_to": newest}).status_code == 200
    card = member.session["member"]["card_number"]
    values = [one for name, one in PROFILE.items() if name != "gender"]
    written = [*values, first.phone, phone, email, card, NOTE, WRITTEN, *parcel]
    return Leaver(club, member, written, tag["serial"])


def posted(member: Member) -> list[str]:
    """A gift on its way to the member; what is personal of it."""
    shop = Shop(member.club)
    shop.reward()
    number = shop.placed(member, delivery=POST)["number"]
    for step, body in (("confirmation", None), ("shipment", PARCEL)):
        assert shop.act(number, step, body).is_success
    return [POST["name"], POST["lines"][0], POST["city"], PARCEL["tracking_number"]]


def test_the_leaver_had_everything(leaver: Leaver) -> None:
    """Otherwise the tests below would prove nothing."""
    before = leaver.personal[4].lstrip("+")  # the phone that another one replaced
    assert {value for value, _ in leaver.traces()} == {
        one.lstrip("+") for one in leaver.personal
    } - {before}
    kinds = stored.census(leaver.stored())
    mine = {one.name for one in PATTERNS if one.pk == "{program}#M#{member}"}
    of_sellers = {"seller", "claim"}  # tests/acceptance/test_sellers.py
    assert mine - kinds.keys() == {"pending award", "reversal guard"} | of_sellers
    words = [sk for pk, sk in stored.everything() if pk.startswith(f"{leaver.club.id}#NAMES#")]
    assert sorted(words) == [
        f"{word}#{leaver.member.id}" for word in ("erasable", "oubliette", "wilhelmina")
    ]


def test_nothing_personal_stays(leaver: Leaver) -> None:
    assert leaver.leave() == 204
    assert not leaver.traces()
    found = stored.everything()
    near = (f"{leaver.club.id}#U#", f"{leaver.club.id}#NAMES#")
    assert not [pk for pk, _ in found if pk.startswith(near)]


def test_the_export_shows_what_staff_wrote(leaver: Leaver) -> None:
    rows = leaver.member.rows("/export")
    notes = [row["data"] for row in rows if row["kind"] == "member note"]
    assert [(note["topic"], note["text"]) for note in notes] == [
        ("complaint", WRITTEN),
        ("call", ""),
    ]


def test_sessions_are_dead_at_once(leaver: Leaver) -> None:
    devices = [leaver.member, leaver.club.sign_in(leaver.personal[5])]
    assert leaver.leave() == 204
    for device in devices:
        answer = device.call("GET", "")
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
        assert device.refresh().status_code == 401
    assert not [sk for _, sk in leaver.stored() if sk.startswith("SESSION#")]


def test_the_books_stay_whole(leaver: Leaver) -> None:
    before = {key: item for key, item in leaver.stored().items() if key[1].startswith("E#")}
    assert leaver.leave() == 204
    after = leaver.stored()
    assert {key: after.get(key) for key in before} == before
    proof = leaver.member.staff("GET", "/proof").json()
    assert proof["agrees"]
    assert proof["entries"] == len(before) + 1
    account = leaver.member.staff("GET", "/account").json()
    assert (account["available"], account["lots"], account["debt"]) == (0, [], 0)
    assert account["balance"] == account["held"]


def test_the_item_stays_registered_to_nobody_known(leaver: Leaver) -> None:
    assert leaver.leave() == 204
    seen = leaver.club.house.http.get(f"/v1/tags/{leaver.serial}").json()
    assert seen["verdict"] == "registered"
    released = leaver.club.staff("POST", f"/tags/{leaver.serial}/release", json={"reason": "Again"})
    assert released.status_code == 200
    assert leaver.member.staff("GET", "/proof").json()["agrees"]


def test_whoever_left_can_join_again_as_somebody_new(leaver: Leaver) -> None:
    assert leaver.leave() == 204
    again = leaver.club.join(leaver.personal[5])
    assert again.id != leaver.member.id
    assert again.account()["balance"] == 0
    assert again.call("GET", "").json()["given_name"] is None


def test_another_members_things_stay(leaver: Leaver) -> None:
    other = leaver.club.join()
    pk = f"{leaver.club.id}#M#{other.id}"
    before = list(stored.partition(pk))
    assert leaver.leave() == 204
    assert list(stored.partition(pk)) == before


def test_an_interrupted_erasure_is_finished(
    leaver: Leaver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the sweeper calls for every erased member does the rest, and no more."""

    def lost(*_: str) -> int:
        raise Unavailable

    monkeypatch.setattr(service_erasure, "finish_erasure", lost)
    assert leaver.leave() == 204
    assert [sk for _, sk in leaver.stored() if sk.startswith("SESSION#")]
    assert finish_erasure(leaver.club.id, leaver.member.id) > 0
    assert finish_erasure(leaver.club.id, leaver.member.id) == 0
    assert not leaver.traces()


def test_erasure_needs_the_own_card_number(leaver: Leaver) -> None:
    answer = leaver.member.call("DELETE", "", json={"confirm": "4000123412341231"})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_confirmation")
    assert leaver.member.call("GET", "").status_code == 200


def test_finishing_touches_nobody_who_has_not_left(leaver: Leaver) -> None:
    before = leaver.stored()
    assert finish_erasure(leaver.club.id, leaver.member.id) == 0
    assert leaver.stored() == before


def test_the_map_names_every_kind_that_holds_personal_data() -> None:
    personal = {one.name for one in PATTERNS if one.personal != "no"}
    assert MAP.keys() == personal
    text = (
        (ROOT / "docs/erasure.md").read_text().partition("\n## The map\n")[2].partition("\n## ")[0]
    )
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)[2:]
    written = {name: (action, when, why) for name, action, when, why in rows}
    assert written == {name: tuple(treatment) for name, treatment in MAP.items()}
