"""The hotline: a call opens the caller's card, and what was said is written down."""

import uuid
from typing import Any

import httpx
import pytest

from chalicelib.support import service
from tests.support import stored
from tests.support.club import Club, Member, at_once, bearer, new_phone

LINE = "+74951234567"
BLOCKS = ("account", "entries", "notes", "items", "orders")
"""What a card shows by the reader's rights."""


def call(club: Club, phone: str, **more: Any) -> httpx.Response:
    """A call that comes in."""
    return club.staff("POST", "/calls", json={"phone": phone, "line": LINE}, **more)


def note(member: Member, text: str, topic: str = "other", **more: Any) -> httpx.Response:
    """Write something down about a member."""
    return member.staff("POST", "/notes", json={"text": text, "topic": topic}, **more)


def notes(member: Member) -> list[dict[str, Any]]:
    """A member's notes, newest first."""
    answer = member.staff("GET", "/notes")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def records(club: Club, action: str) -> list[str]:
    """The subjects of the audit records of one action."""
    items = [item for (pk, _), item in stored.everything().items() if f"{club.id}#AUDIT" in pk]
    return [one["subject"]["S"] for one in items if one["action"]["S"] == action]


# -- calls ---------------------------------------------------------------------


@pytest.mark.req("RG-14")
def test_a_call_opens_the_callers_card(club: Club) -> None:
    member, _ = club.join(), club.join()
    told = {"given_name": "Layla", "family_name": "Haddad", "city": "Odesa"}
    member.call("PATCH", "", json=told).raise_for_status()
    (tag,) = club.tags(1)
    member.register(tag).raise_for_status()
    for points in (1, 2, 3, 4, -5):
        member.adjust(points).raise_for_status()
    member.call("PUT", "/consents/sms", json={"granted": True}).raise_for_status()
    note(member, "Prefers the evening").raise_for_status()
    hold = {"points": 100, "reason": "At the counter"}
    member.staff("POST", "/holds", json=hold).raise_for_status()

    spaced = f"{member.phone[:2]} {member.phone[2:5]} {member.phone[5:8]}-{member.phone[8:]}"
    answer = call(club, spaced)
    assert answer.status_code == 201, answer.text
    card, account = answer.json()["card"], member.account()
    profile = card["profile"]
    assert (profile["member"], profile["name"], profile["city"]) == (
        member.id,
        "Layla Haddad",
        "Odesa",
    )
    assert (profile["phone"], profile["status"]) == (f"•••{member.phone[-4:]}", "active")
    assert profile["codes_locked_until"] is None
    figures = {name: card["account"][name] for name in ("balance", "available", "held", "debt")}
    assert figures == {name: account[name] for name in figures}
    assert (figures["balance"], figures["held"]) == (805, 100)
    assert card["account"]["next_burn"] == account["lots"][0]
    assert [entry["points"] for entry in card["entries"]] == [0, -5, 4, 3, 2]
    assert [item["serial"] for item in card["items"]] == [tag["serial"]]
    assert [one["text"] for one in card["notes"]] == [
        f"Call taken on line {LINE}.",
        "Prefers the evening",
    ]
    granted = {one["purpose"] for one in card["consents"] if one["granted"]}
    assert granted == {"rules", "sms"}
    assert member.staff("GET", "/card").json() == card
    assert member.phone not in answer.text


@pytest.mark.req("RG-14")
def test_an_unknown_caller_is_told_from_a_wrong_number(club: Club) -> None:
    other = club.house.new_club().join()
    for phone in (new_phone(), other.phone, "+7 495 123-45-67"):
        answer = call(club, phone)
        assert (answer.status_code, answer.json()["code"]) == (404, "caller_unknown")
    told = [
        item for key, item in stored.everything().items() if key[0].startswith(f"{club.id}#AUD")
    ]
    unknown = [item for item in told if item["action"]["S"] == "call.unknown"]
    assert len(unknown) == 3
    assert other.phone not in " ".join(map(stored.texts, unknown))
    wrong = call(club, "4567").json()
    assert [(one["pointer"], one["code"]) for one in wrong["errors"]] == [("/phone", "wrong_phone")]


def test_a_call_told_twice_is_noted_once(club: Club) -> None:
    member = club.join()
    key = uuid.uuid4().hex
    answers = at_once(lambda _: call(club, member.phone, key=key), range(8))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["note"]["note"] for answer in answers}) == 1
    assert [one["topic"] for one in notes(member)] == ["call"]
    assert records(club, "member.noted") == [
        f"member:{member.id} note:{answers[0].json()['note']['note']}"
    ]


def test_the_number_that_called_stands_nowhere_in_the_clear(club: Club) -> None:
    member = club.join()
    call(club, member.phone).raise_for_status()
    found = [key for key, item in stored.everything().items() if member.phone in stored.texts(item)]
    assert found == [(f"{club.id}#M#{member.id}", "PROFILE")]


def test_nobody_tries_a_clubs_numbers_by_calls(
    club: Club, calm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.BY_PERSON, "most", 2)
    member = club.join()
    assert [call(club, phone).status_code for phone in (member.phone, new_phone())] == [201, 404]
    refused = call(club, member.phone)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert len(notes(member)) == 1
    other = bearer(club.house.staff(name="other"))
    assert call(club, member.phone, headers=other).status_code == 201


def test_taking_calls_is_a_right_of_its_own(club: Club) -> None:
    member = club.join()
    for rights, status in ((("members.read",), 403), (("calls.take",), 201)):
        token = club.house.staff((club.id,), rights)
        assert call(club, member.phone, headers=bearer(token)).status_code == status


@pytest.mark.parametrize(
    ("rights", "seen"),
    [
        ((), set()),
        (("ledger.read",), {"account", "entries"}),
        (("orders.read",), {"orders"}),
        (("tags.read",), {"items"}),
        (("members.note",), {"notes"}),
        (("members.read",), {"notes"}),
        (("ledger.read", "orders.read", "tags.read", "members.note"), set(BLOCKS)),
    ],
)
def test_a_card_shows_what_its_reader_has_a_right_to(
    club: Club, rights: tuple[str, ...], seen: set[str]
) -> None:
    member = club.join()
    fields = bearer(club.house.staff((club.id,), ("calls.take", *rights)))
    card = call(club, member.phone, headers=fields).json()["card"]
    assert {block for block in BLOCKS if card[block] is not None} == seen
    assert card["profile"]["member"] == member.id
    if "members.read" in rights:
        assert member.staff("GET", "/card", headers=fields).json() == card


# -- notes ---------------------------------------------------------------------


@pytest.mark.req("AB-2")
def test_what_is_said_on_the_hotline_is_kept_with_the_member(club: Club) -> None:
    member, other = club.join(), club.join()
    call(club, member.phone).raise_for_status()
    written = note(member, "Moved to Lviv; wants letters in Ukrainian", "data")
    assert written.status_code == 201
    note(member, "The clasp broke", "complaint").raise_for_status()
    found = notes(member)
    assert [one["topic"] for one in found] == ["complaint", "data", "call"]
    assert found[1] == written.json()
    assert {one["author"] for one in found} == {"operator:tester"}
    assert notes(other) == []
    exported = [one["data"] for one in member.rows("/export") if one["kind"] == "member note"]
    assert [one["text"] for one in exported] == [
        "",
        "Moved to Lviv; wants letters in Ukrainian",
        "The clasp broke",
    ]


def test_notes_come_in_pages(club: Club) -> None:
    member = club.join()
    for number in range(5):
        note(member, f"Note {number}").raise_for_status()
    first = member.staff("GET", "/notes", params={"limit": 3}).json()
    rest = member.staff("GET", "/notes", params={"limit": 3, "cursor": first["next"]}).json()
    texts = [one["text"] for one in (*first["rows"], *rest["rows"])]
    assert texts == [f"Note {number}" for number in reversed(range(5))]
    assert rest["next"] == ""


def test_a_deleted_note_is_gone_and_the_journal_says_so(club: Club) -> None:
    member = club.join()
    kept, gone = note(member, "To keep").json(), note(member, "Not true", "complaint").json()
    key = uuid.uuid4().hex
    for _ in range(2):
        assert member.staff("DELETE", f"/notes/{gone['note']}", key=key).status_code == 204
    again = member.staff("DELETE", f"/notes/{gone['note']}")
    assert (again.status_code, again.json()["code"]) == (404, "note_unknown")
    assert notes(member) == [kept]
    happened = [one["data"] for one in member.rows("/export") if one["kind"] == "member journal"]
    told = [one["data"] for one in happened if one["fact"] == "member.note_deleted"]
    assert told == [{"note": gone["note"], "topic": "complaint", "author": "operator:tester"}]
    assert records(club, "member.note_deleted") == [f"member:{member.id} note:{gone['note']}"]
    everything = stored.everything().items()
    assert not [key for key, item in everything if "Not true" in stored.texts(item)]


def test_a_note_sent_again_after_it_was_deleted_does_not_come_back(club: Club) -> None:
    member = club.join()
    key = uuid.uuid4().hex
    written = note(member, "Once", key=key).json()
    member.staff("DELETE", f"/notes/{written['note']}").raise_for_status()
    assert note(member, "Once", key=key).json()["code"] == "note_unknown"
    assert notes(member) == []


def test_nothing_is_written_about_who_was_erased(club: Club) -> None:
    member = club.join()
    card = member.session["member"]["card_number"]
    member.call("DELETE", "", json={"confirm": card}).raise_for_status()
    assert note(member, "Called again").json()["code"] == "status_not_possible"
    assert call(club, member.phone).json()["code"] == "caller_unknown"
    assert notes(member) == []


def test_members_do_not_read_notes_by_the_staffs_way(club: Club) -> None:
    member = club.join()
    url = f"/v1/staff/programs/{club.id}/members/{member.id}/notes"
    assert club.house.http.get(url, headers=bearer(member.token)).status_code == 403
    assert member.call("GET", "/notes").status_code in (403, 404)
