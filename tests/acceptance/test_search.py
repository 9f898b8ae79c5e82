"""Staff look for members: exactly, by name in any script, on record; never for the erased."""

from typing import Any

import httpx
import pytest

from chalicelib.members import service_search
from infra.local.environment import TABLE
from infra.local.resources import client
from tests.acceptance.test_notifications import sweep
from tests.support import stored
from tests.support.club import Club, House, Member, bearer, new_phone

pytestmark = pytest.mark.whole_table

PEOPLE = [
    ("Анна-Мария", "Королёва"),
    ("Anna", "Koroleva"),
    ("В’ячеслав", "Їжак"),
    ("أحمد", "الهاشمي"),
    ("José", "Nuñez de la Cruz"),
]


def look(club: Club, **body: object) -> httpx.Response:
    """One search by staff who may do everything."""
    return club.staff("POST", "/member-search", json=body)


def found(club: Club, **body: object) -> set[str]:
    """The ids found."""
    answer = look(club, **body)
    assert answer.status_code == 200, answer.text
    return {row["member"] for row in answer.json()["rows"]}


def call_me(member: Member, given: str | None, family: str | None) -> None:
    """Tell the club a name."""
    body = {"given_name": given, "family_name": family}
    assert member.call("PATCH", "", json=body).status_code == 200


def add_email(club: Club, member: Member) -> str:
    """An e-mail address of the member, verified."""
    email = f"look.{member.phone[-7:]}@example.org"
    challenge = club.challenge(email, "email")
    body = {"challenge": challenge, "one_time_code": club.code(email)}
    assert member.call("POST", "/contacts", json=body).status_code == 200
    return email


def test_phone_email_and_card_find_their_owner(club: Club) -> None:
    member, _ = club.join(), club.join()
    call_me(member, "Layla", "Haddad")
    email = add_email(club, member)
    card = member.session["member"]["card_number"]
    (row,) = look(club, card_number=f"{card[:4]} {card[4:]}").json()["rows"]
    assert (row["member"], row["name"], row["card_number"]) == (member.id, "Layla Haddad", card)
    assert (row["kind"], row["status"]) == ("buyer", "active")
    assert row["phone"] == f"•••{member.phone[-4:]}"
    spaced = f"{member.phone[:5]} ({member.phone[5:8]}) {member.phone[8:]}"
    assert found(club, phone=spaced) == found(club, email=email.upper()) == {member.id}
    assert member.phone not in look(club, phone=member.phone).text


def test_nobody_of_another_club_is_found(club: Club) -> None:
    member = club.house.new_club().join()
    call_me(member, "Layla", "Haddad")
    assert found(club, phone=member.phone) == found(club, name="Layla") == set()


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ("королева", {0}),
        ("КОРОЛЁВА анна", {0}),
        ("мар", {0}),
        ("anna kor", {1}),
        ("kor anna x", set()),
        ("вячеслав", {2}),
        ("іжак", {2}),
        ("احمد الهاشمى", {3}),
        ("jose", {4}),
        ("nunez cru", {4}),
    ],
)
def test_names_are_found_by_their_beginnings_however_they_are_written(
    club: Club, wanted: str, places: set[int]
) -> None:
    members = [club.join() for _ in PEOPLE]
    for member, name in zip(members, PEOPLE, strict=True):
        call_me(member, *name)
    assert found(club, name=wanted) == {members[place].id for place in places}


def test_a_member_is_found_by_the_newest_name_only(club: Club) -> None:
    member = club.join()
    call_me(member, "Layla", "Haddad")
    call_me(member, "Layla", "Mansour")
    assert found(club, name="Haddad") == set()
    assert found(club, name="layla mansour") == {member.id}
    call_me(member, None, None)
    assert found(club, name="Layla") == set()
    assert not [pk for pk, _ in stored.everything() if pk.startswith(f"{club.id}#NAMES#")]


def test_a_name_told_on_joining_is_found(club: Club) -> None:
    phone = new_phone()
    body = {
        "challenge": club.challenge(phone),
        "one_time_code": club.code(phone),
        "join": {"kind": "buyer", "accept_rules": 1, "language": "en", "given_name": "Zenobia"},
    }
    answer = club.house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    assert answer.status_code == 201, answer.text
    assert found(club, name="zeno") == {answer.json()["member"]["member"]}


def test_who_is_erased_is_found_by_nothing(club: Club) -> None:
    member = club.join()
    call_me(member, "Layla", "Haddad")
    card = member.session["member"]["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    assert found(club, name="Layla") == found(club, phone=member.phone) == set()
    assert found(club, card_number=card) == set()


def test_pages_hold_everybody_once(club: Club) -> None:
    members = [club.join() for _ in range(7)]
    for member in members:
        call_me(member, "Anna", "Annabel")
    seen, cursor = [], ""
    for _ in range(10):
        page = look(club, name="ann", limit=3, cursor=cursor).json()
        seen += [row["member"] for row in page["rows"]]
        cursor = page["next"]
        if not cursor:
            break
    assert sorted(seen) == sorted(member.id for member in members)
    other = look(club, name="anna", limit=3, cursor=look(club, name="ann", limit=3).json()["next"])
    assert other.json()["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/", "exactly_one")),
        ({"name": "Anna", "phone": "+79161234567"}, ("/", "exactly_one")),
        ({"name": "A - b"}, ("/name", "too_short")),
        ({"phone": "1234"}, ("/phone", "wrong_phone")),
        ({"email": "anna"}, ("/email", "wrong_email")),
        ({"card_number": "4000123412341232"}, ("/card_number", "wrong_check_digit")),
        ({"name": "Anna", "limit": 26}, ("/limit", "too_big")),
    ],
)
def test_what_cannot_be_looked_for_is_refused(
    club: Club, body: dict[str, object], fault: tuple[str, str]
) -> None:
    answer = look(club, **body)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [fault]


def test_each_look_is_on_record_without_what_was_looked_for(club: Club) -> None:
    member = club.join()
    call_me(member, "Layla", "Haddad")
    look(club, phone=member.phone).raise_for_status()
    look(club, name="Layla").raise_for_status()
    look(club, name="Nobody").raise_for_status()
    records = [item for (pk, _), item in stored.everything().items() if f"{club.id}#AUDIT" in pk]
    told = [item for item in records if item.get("action", {}).get("S") == "member.searched"]
    subjects = sorted(item["subject"]["S"] for item in told)
    assert subjects == ["by:name hits:0", "by:name hits:1", "by:phone hits:1"]
    text = " ".join(map(stored.texts, records))
    assert not [one for one in (member.phone, member.phone[-7:], "Layla", "layla") if one in text]


def test_a_look_told_twice_is_on_record_twice_with_who_was_shown(club: Club) -> None:
    members = [club.join() for _ in range(2)]
    for member in members:
        call_me(member, "Layla", "Haddad")
    for _ in range(2):
        club.staff("POST", "/member-search", json={"name": "Layla"}, key="one").raise_for_status()
    rows = club.staff("GET", "/audit", params={"action": "member.searched"}).json()["rows"]
    shown = [sorted(row["after"]["members"]) for row in rows]
    assert shown == [sorted(member.id for member in members)] * 2


def test_names_told_before_there_was_a_search_are_found_after_the_daily_round(
    club: Club, house: House
) -> None:
    members = [club.join() for _ in range(3)]
    for member in members:
        call_me(member, "Wilhelmina", "Oldest")
    erased = members.pop()
    _forget_words(house, club)
    assert found(club, name="Wilhelmina") == set()
    card = erased.session["member"]["card_number"]
    erased.call("DELETE", "", json={"confirm": card}).raise_for_status()
    sweep(house)
    assert found(club, name="oldest wilh") == {member.id for member in members}
    before = words(club)
    sweep(house)
    assert words(club) == before
    call_me(members[0], "Wilhelmina", "Newest")
    assert found(club, name="oldest") == {members[1].id}


def test_the_daily_round_looks_at_no_words_of_who_is_found_already(
    club: Club, house: House
) -> None:
    member = club.join()
    call_me(member, "Layla", "Haddad")
    for key in words(club):
        _table(house).delete_item(TableName=TABLE, Key=_key(*key))
    sweep(house)
    assert words(club) == set()  # else each round would read every word of every member


def words(club: Club) -> set[tuple[str, str]]:
    """The keys of the words by which members of the club are found."""
    return {key for key in stored.everything() if key[0].startswith(f"{club.id}#NAMES#")}


def _forget_words(house: House, club: Club) -> None:
    """The members of the club as they were stored before there was a search by name."""
    for key in words(club):
        _table(house).delete_item(TableName=TABLE, Key=_key(*key))
    for pk, sk in stored.everything():
        if pk.startswith(f"{club.id}#M#") and sk == "PROFILE":
            _table(house).update_item(
                TableName=TABLE, Key=_key(pk, sk), UpdateExpression="REMOVE named"
            )


def _table(house: House) -> Any:
    return client("dynamodb", house.platform.environment["AWS_ENDPOINT_URL_DYNAMODB"])


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def test_nobody_copies_a_club_by_looking(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_search.BY_PERSON, "most", 2)
    assert [look(club, name="Anna").status_code for _ in range(3)] == [200, 200, 429]
    refused = look(club, name="Anna")
    assert refused.json()["code"] == "too_many_searches"
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    other = bearer(club.house.staff(name="other"))
    answer = club.staff("POST", "/member-search", json={"name": "Anna"}, headers=other)
    assert answer.status_code == 200


def test_finding_is_a_right_of_its_own(club: Club) -> None:
    token = club.house.staff((club.id,), ("members.read",))
    answer = club.staff("POST", "/member-search", json={"name": "Anna"}, headers=bearer(token))
    assert answer.status_code == 403
