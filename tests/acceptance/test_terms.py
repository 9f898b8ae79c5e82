"""Terms change by versions that are announced, and members are told (GC-4): in their words, from
the notice date on, all of them who were members then; what is announced can be taken back.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chalicelib.kernel.clock import render
from tests.support.club import JEWELS, Club, House, Member, at_once, bearer

EARNING = JEWELS["earning"]
ITEM_POINTS = EARNING["item_points"]


def draft(club: Club, **changes: Any) -> None:
    """Write the draft."""
    club.document = {**club.document, **changes}
    club.staff("PUT", "/draft", json=club.document).raise_for_status()


def plan(club: Club, in_days: float, notice_in: float | None = None) -> dict[str, str]:
    """When something takes effect and when members are told: at once unless said."""
    body = {"effective_at": render(club.house.now + timedelta(days=in_days))}
    if notice_in is not None:
        body["notice_at"] = render(club.house.now + timedelta(days=notice_in))
    return body


def publish(club: Club, in_days: float, notice_in: float | None = None) -> httpx.Response:
    """Publish the draft."""
    return club.staff("POST", "/versions", json=plan(club, in_days, notice_in))


def announce(club: Club, in_days: float, notice_in: float | None = None, **changes: Any) -> int:
    """Publish a change; the number of its version."""
    draft(club, **changes)
    answer = publish(club, in_days, notice_in)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def points(default: int) -> dict[str, Any]:
    """Another number of points for an item."""
    return {**EARNING, "item_points": {**ITEM_POINTS, "default": default}}


def withdraw(club: Club, version: int) -> httpx.Response:
    """Take a version back."""
    return club.staff("DELETE", f"/versions/{version}")


def news(member: Member, language: str = "en") -> list[dict[str, Any]]:
    """What a member was told of versions, newest first."""
    answer = member.call("GET", "/notifications", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return [row for row in answer.json()["rows"] if row["version"] is not None]


def told(member: Member) -> list[tuple[str, int]]:
    """The same in short."""
    return [(row["code"].removeprefix("version."), row["version"]) for row in news(member)]


def terms(member: Member, language: str = "en") -> Any:
    """The terms as a member reads them."""
    answer = member.call("GET", "/terms", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


def coming(member: Member) -> list[int]:
    """The versions that a member knows to come."""
    return [row["version"] for row in terms(member)["coming"]]


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


@contextmanager
def days_later(house: House, *members: Member, days: float) -> Iterator[None]:
    """Some days later; the members have signed in again."""
    with house.later(int(days * 86_400)):
        for member in members:
            member.refresh().raise_for_status()
        yield


def sign_in(member: Member, house: House, move: Any, days: float) -> None:
    """Move on and go on being signed in."""
    move(int(days * 86_400))
    member.refresh().raise_for_status()


# -- told beforehand -------------------------------------------------------------


@pytest.mark.req("GC-4")
def test_a_change_is_announced_to_all_who_are_members_then_and_comes_on_its_day(
    house: House, club: Club
) -> None:
    anna = club.join()
    tags = club.tags(2, sku="BROOCH-1", category="brooch")
    before = anna.register(tags[0]).json()["points"]
    version = announce(
        club, 30, 2, earning=points(777), burn={"type": "never", "warn_days": [30, 7]}
    )
    # Not before the notice date, to nobody; staff know.
    assert (told(anna), coming(anna)) == ([], [])
    assert [row["version"] for row in club.staff("GET", "/versions").json()["rows"]] == [2, 1]
    with house.later() as move:
        sign_in(anna, house, move, 2.01)
        (row,) = news(anna)
        assert (row["version"], row["seen"], row["points"]) == (version, False, 0)
        assert row["effective_at"] > row["at"]
        assert row["text"].startswith("New terms (version 2) come into force on ")
        assert row["changes"] == [
            "The number of points for a registered item rises from 200 to 777",
            "Points burn: never (until now: 12 months after they were earned)",
        ]
        # Who joins after the notice is not told of it, but can read what comes.
        boris = club.join()
        assert (told(boris), coming(boris)) == ([], [version])
        (next_terms,) = terms(anna)["coming"]
        assert next_terms["changes"] == row["changes"]
        assert next_terms["effective_at"] == row["effective_at"]
        assert terms(anna)["in_force"]["version"] == 1
        sign_in(anna, house, move, 29)
        assert (terms(anna)["in_force"]["version"], coming(anna)) == (version, [])
        assert told(anna) == [("announced", version)]
        first_bonus = ITEM_POINTS["first_item_bonus"]
        assert before == ITEM_POINTS["default"] + first_bonus
        assert anna.register(tags[1]).json()["points"] == 777


@pytest.mark.req("GC-4")
@pytest.mark.parametrize(
    ("language", "text", "change"),
    [
        ("ru", "Новые правила (версия 2) вступят в силу", "повышается с 200 до 777"),
        ("uk", "Нові правила (версія 2) набудуть чинності", "зростає з 200 до 777"),
        ("ar", "شروط جديدة (النسخة 2)", "زيادة من 200 إلى 777"),
    ],
)
def test_the_change_is_told_in_the_members_language(
    club: Club, language: str, text: str, change: str
) -> None:
    member = club.join()
    announce(club, 30, earning=points(777))
    (row,) = news(member, language)
    assert row["text"].startswith(text)
    assert row["changes"][0].endswith(change)
    member.call("PATCH", "", json={"language": language}).raise_for_status()
    answer = member.call("GET", "/terms", headers={"Accept-Language": ""})
    found = answer.json()
    assert (found["language"], answer.headers["content-language"]) == (language, language)
    assert found["in_force"]["rules"] == JEWELS["rules"][language]
    assert found["coming"][0]["changes"] == row["changes"]


@pytest.mark.req("GC-4")
def test_what_all_are_told_stands_among_ones_own_news_in_the_order_of_time(
    house: House, club: Club
) -> None:
    member = club.join()
    with house.later() as move:
        order = []
        for place in range(3):
            member.adjust(place + 1)
            house.pump()
            order.append(("points.credited", place + 1))
            move(5)
            order.append(("version.announced", announce(club, 30 + place, earning=points(place))))
            move(5)
        member.adjust(9)
        house.pump()
        order.append(("points.credited", 9))
        whole = member.rows("/notifications")
        wanted = list(reversed(order))
        assert [(row["code"], row["version"] or row["points"]) for row in whole] == wanted
        assert [row["at"] for row in whole] == sorted((row["at"] for row in whole), reverse=True)
        for limit in (1, 2, 3):
            assert paged(member, limit) == [row["id"] for row in whole]
        # Read up to an announcement: that and what came before it is read, nothing after it.
        mark = whole[3]["id"]
        assert whole[3]["version"] is not None
        answer = member.call("PUT", "/notifications/seen", json={"up_to": mark})
        assert answer.json() == {"up_to": mark}
        seen = [row["seen"] for row in member.rows("/notifications")]
        assert seen == [False] * 3 + [True] * (len(whole) - 3)


def paged(member: Member, limit: int) -> list[str]:
    """The ids of a member's notifications, read in pages of this size."""
    found: list[str] = []
    cursor = ""
    while True:
        answer = member.call("GET", "/notifications", params={"limit": limit, "cursor": cursor})
        page = answer.json()
        found += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if not cursor:
            return found


@pytest.mark.req("GC-4")
def test_a_notice_that_comes_later_is_new_although_all_before_it_was_read(
    house: House, club: Club
) -> None:
    member = club.join()
    announce(club, 30, 1, earning=points(1))
    member.adjust(5)
    house.pump()
    newest = member.rows("/notifications")[0]["id"]
    member.call("PUT", "/notifications/seen", json={"up_to": newest}).raise_for_status()
    with days_later(house, member, days=1.01):
        assert [(row["version"], row["seen"]) for row in member.rows("/notifications")] == [
            (2, False),
            (None, True),
        ]


@pytest.mark.req("GC-4")
def test_visitors_and_other_clubs_hear_nothing_of_closed_terms(house: House) -> None:
    club = house.new_club(rules_public=False)
    secret = {**JEWELS["rules"], "en": "The secret terms."}
    version = announce(club, 30, rules=secret)
    stranger = house.new_club().join()
    for path in ("/v1/me/terms", "/v1/me/notifications"):
        assert house.http.get(path).status_code == 401
    url = f"/v1/programs/{club.id}/rules"
    for params in ({}, {"version": version}):
        for headers in ({}, bearer(stranger.token)):
            answer = house.http.get(url, params=params, headers=headers)
            assert code(answer) == "rules_for_members"
    assert "secret" not in house.http.get(f"/v1/programs/{club.id}").text
    assert told(stranger) == []
    member = club.join()
    assert terms(member)["coming"][0]["rules"] == "The secret terms."


# -- taken back ------------------------------------------------------------------


@pytest.mark.req("GC-4")
def test_an_announced_version_is_withdrawn_and_members_are_told(house: House, club: Club) -> None:
    member = club.join()
    version = announce(club, 30, earning=points(777))
    first = withdraw(club, version)
    assert (first.status_code, first.json()["withdrawn_at"] is None) == (200, False)
    assert withdraw(club, version).json() == first.json()
    assert told(member) == [("withdrawn", version), ("announced", version)]
    newest = news(member)[0]
    assert newest["text"].startswith("The change of the terms announced for ")
    assert newest["changes"] == []
    assert coming(member) == []
    url = f"/v1/programs/{club.id}/rules"
    assert code(house.http.get(url, params={"version": version})) == "version_unknown"
    records = club.staff("GET", "/audit", params={"action": "program.withdrawn"}).json()["rows"]
    assert [record["subject"] for record in records] == [f"program:{club.id} version:{version}"]
    # Its number is not given again, and the next one stands on what is in force.
    assert announce(club, 40, earning=points(300)) == version + 1
    assert news(member)[0]["changes"] == [
        "The number of points for a registered item rises from 200 to 300"
    ]
    with days_later(house, member, days=31):
        assert terms(member)["in_force"]["version"] == 1


@pytest.mark.req("GC-4")
def test_of_a_version_withdrawn_before_its_notice_nobody_hears(house: House, club: Club) -> None:
    member = club.join()
    version = announce(club, 30, 5, earning=points(777))
    assert withdraw(club, version).is_success
    with days_later(house, member, days=6):
        assert (told(member), coming(member)) == ([], [])


@pytest.mark.req("GC-4")
def test_what_is_in_force_or_about_to_be_cannot_be_withdrawn(house: House, club: Club) -> None:
    assert code(withdraw(club, 1)) == "version_in_force"
    assert code(withdraw(club, 9)) == "version_unknown"
    version = announce(club, 1, earning=points(777))
    with house.later(86_400 - 30):
        assert code(withdraw(club, version)) == "version_in_force"
    with house.later(86_400 + 1):
        assert code(withdraw(club, version)) == "version_in_force"
        announce(club, 0, earning=points(5))
        assert code(withdraw(club, version)) == "version_in_force"
    assert withdraw(club, 1).status_code == 409


def test_withdrawing_does_not_loosen_the_rule_of_four_eyes(house: House) -> None:
    club = house.new_club(approvals={"adjustment_above": 500})
    version = announce(club, 30, approvals={"adjustment_above": 100})
    assert code(withdraw(club, version)) == "withdrawal_loosens"
    member = club.join()
    assert coming(member) == [version]
    assert terms(member)["coming"][0]["changes"] == []  # no business of members


def test_publishing_and_withdrawing_at_once_lose_nothing(house: House, club: Club) -> None:
    version = announce(club, 30, earning=points(777))
    draft(club, earning=points(300))
    body = plan(club, 40)

    def act(place: int) -> httpx.Response:
        if place % 2:
            return withdraw(club, version)
        return club.staff("POST", "/versions", json=body, key=f"once-{place}")

    answers = at_once(act, range(6))
    assert {answer.status_code for answer in answers} == {200, 201}, answers
    rows = club.staff("GET", "/versions").json()["rows"]
    assert [row["version"] for row in rows] == [5, 4, 3, 2, 1]
    assert [row["version"] for row in rows if row["withdrawn_at"]] == [version]
    member = club.join()
    with days_later(house, member, days=35):
        assert terms(member)["in_force"]["version"] == 1
    with days_later(house, member, days=41):
        assert terms(member)["in_force"]["version"] == 5


# -- one that takes over from another -------------------------------------------


@pytest.mark.req("GC-4")
@pytest.mark.parametrize("in_days", [10, 30])
def test_a_newer_version_that_comes_no_later_overtakes_and_members_are_told(
    house: House, club: Club, in_days: int
) -> None:
    member = club.join()
    at = house.now
    body = {"effective_at": render(at + timedelta(days=30))}
    draft(club, earning=points(777))
    club.staff("POST", "/versions", json=body).raise_for_status()
    draft(club, earning=points(300))
    body = {"effective_at": render(at + timedelta(days=in_days))}
    preview = club.staff("POST", "/draft/preview", json=body).json()
    assert [one["code"] for one in preview["warnings"]] == ["overtakes"]
    assert preview["warnings"][0]["inputs"]["version"] == "2"
    assert (preview["version"], preview["against"]) == (3, 1)
    club.staff("POST", "/versions", json=body).raise_for_status()
    assert coming(member) == [3]
    newest = news(member)[0]
    assert "(version 2) will not come." in newest["text"]
    assert newest["changes"] == ["The number of points for a registered item rises from 200 to 300"]
    # Taken back, it lets the other one come again.
    assert withdraw(club, 3).is_success
    assert "Version 2 comes into force on " in news(member)[0]["text"]
    assert coming(member) == [2]
    with days_later(house, member, days=31):
        assert terms(member)["in_force"]["version"] == 2


def test_one_that_nobody_was_told_of_has_to_be_withdrawn_first(club: Club) -> None:
    hidden = announce(club, 30, 20, earning=points(777))
    draft(club, earning=points(300))
    refused = publish(club, 25)
    assert (refused.status_code, code(refused)) == (409, "overtakes_unannounced")
    problems = club.staff("POST", "/draft/preview", json=plan(club, 25)).json()["problems"]
    assert [one["code"] for one in problems] == ["overtakes_unannounced"]
    assert withdraw(club, hidden).is_success
    assert publish(club, 25).status_code == 201


def test_a_version_after_another_is_told_against_that_one(club: Club) -> None:
    member = club.join()
    announce(club, 10, earning=points(300))
    draft(club, earning=points(250))
    preview = club.staff("POST", "/draft/preview", json=plan(club, 20)).json()
    assert [one["code"] for one in preview["warnings"]] == ["after_another"]
    assert publish(club, 20).status_code == 201
    assert [row["changes"] for row in terms(member)["coming"]] == [
        ["The number of points for a registered item rises from 200 to 300"],
        ["The number of points for a registered item falls from 300 to 250"],
    ]


# -- nothing that is past changes ------------------------------------------------


def test_no_version_judges_what_was_judged_before(house: House, club: Club) -> None:
    draft(club, earning=points(777))
    for days in (-0.01, -1, -400):
        assert code(publish(club, days)) == "effective_out_of_range"
    announced = announce(club, 1, earning=points(777))
    assert withdraw(club, announced).is_success
    assert code(publish(club, -1)) == "effective_out_of_range"


# -- in words, for staff -----------------------------------------------------------


RULE = {
    "id": "sunday",
    "name": {"en": "Sunday", "ru": "Воскресенье", "uk": "Неділя", "ar": "الأحد"},
    "trigger": "receipt_paid",
    "effect": {"type": "percentage", "rate": {"num": 3, "den": 100}},
    "caps": {"month": 500, "program": 10_000},
}


def test_staff_read_what_the_draft_and_each_version_change(club: Club) -> None:
    place = len(own := EARNING["rules"])
    announce(club, 0, earning={**EARNING, "rules": [*own, RULE]})
    dearer = {**RULE, "effect": {"type": "percentage", "rate": {"num": 5, "den": 100}}}
    draft(club, earning={**EARNING, "rules": [*own, dearer]})
    headers = {"Accept-Language": "ru"}
    found = club.staff("GET", "/draft/changes", headers=headers).json()
    assert (found["version"], found["against"]) == (0, 2)
    (change,) = found["changes"]
    assert change["pointer"] == f"/earning/rules/{place}/effect/rate"
    assert (change["kind"], change["effect"]) == ("changed", "better")
    assert (change["before"], change["after"]) == ({"num": 3, "den": 100}, {"num": 5, "den": 100})
    said = change["sentence"].replace("\xa0", " ")
    assert said == "Правило «Воскресенье»: процент повышается с 3 % до 5 %"
    older = club.staff("GET", "/draft/changes", params={"version": 1}).json()
    assert [(one["kind"], one["effect"]) for one in older["changes"]] == [("added", "better")]
    second = club.staff("GET", "/versions/2/changes").json()
    assert [one["pointer"] for one in second["changes"]] == [f"/earning/rules/{place}"]
    assert second["changes"][0]["before"] is None
    assert second["changes"][0]["after"]["id"] == "sunday"
    assert club.staff("GET", "/versions/1/changes").json()["changes"] == []
    assert code(club.staff("GET", "/draft/changes", params={"version": 7})) == "version_unknown"
    assert code(club.staff("GET", "/versions/7/changes")) == "version_unknown"


def test_a_preview_tells_what_publishing_would_do_and_changes_nothing(club: Club) -> None:
    counters = {"last": {"measure": "amount", "over": "last_month"}}
    stamps = {"type": "stamps", "card": "coffee", "full": 9}
    card = {**RULE, "id": "card", "effect": stamps, "caps": {}}
    kept = {**RULE, "id": "kept"}
    announce(club, 0, earning={**EARNING, "rules": [RULE, card, kept]})
    member = club.join()
    higher = {**kept, "caps": {**RULE["caps"], "month": 900}}
    draft(club, earning={**EARNING, "rules": [higher], "counters": counters})
    before = club.staff("GET", "/versions").json()
    found = club.staff("POST", "/draft/preview", json=plan(club, 0)).json()
    assert found["publishable"] is True
    assert sorted(one["code"] for one in found["warnings"]) == [
        "budget_given_up",
        "cap_counts_on",
        "card_given_up",
        "counter_starts_at_zero",
        "without_notice",
    ]
    assert all(one["detail"] and "warning." not in one["detail"] for one in found["warnings"])
    assert {(one["kind"], one["effect"]) for one in found["changes"]} == {
        ("removed", "worse"),
        ("changed", "better"),
        ("added", "neutral"),
    }
    assert club.staff("GET", "/versions").json() == before
    assert (told(member), coming(member)) == ([], [])


@pytest.mark.parametrize(
    ("wish", "problem", "pointer"),
    [
        ({"effective_at": "1999-01-01T00:00:00Z"}, "effective_out_of_range", "/effective_at"),
        ({"effective_at": "9999-12-31T23:59:59Z"}, "effective_out_of_range", "/effective_at"),
        ({"effective_at": "0001-01-01T00:00:00+14:00"}, "effective_out_of_range", "/effective_at"),
        (
            {"effective_at": "2099-01-01T00:00:00Z", "notice_at": "2099-01-02T00:00:00Z"},
            "notice_out_of_order",
            "/notice_at",
        ),
        (
            {"effective_at": "2099-01-01T00:00:00Z", "base_version": 7},
            "base_version_stale",
            "/base_version",
        ),
    ],
)
def test_a_preview_names_what_is_in_the_way(
    club: Club, wish: dict[str, Any], problem: str, pointer: str
) -> None:
    found = club.staff("POST", "/draft/preview", json=wish)
    assert found.status_code == 200, found.text
    problems = found.json()["problems"]
    assert [(one["code"], one["pointer"]) for one in problems] == [(problem, pointer)]
    assert found.json()["publishable"] is False


def test_a_preview_of_a_faulty_draft_names_its_faults(club: Club) -> None:
    announce(club, 30, earning=points(777))
    draft(club, zone="Europe/Nowhere", approvals={"adjustment_above": None})
    found = club.staff("POST", "/draft/preview", json=plan(club, 20)).json()
    problems = {(one["code"], one["pointer"]) for one in found["problems"]}
    assert problems == {("zone_unknown", "/zone"), ("fixed", "/zone"), ("own_draft", "/approvals")}
    assert [one["code"] for one in found["warnings"]] == ["overtakes"]


# -- accepted again ---------------------------------------------------------------


@pytest.mark.req("GC-5")
def test_a_program_may_ask_its_members_to_accept_new_terms(house: House, club: Club) -> None:
    member = club.join()
    announce(club, 0, earning=points(300))
    assert terms(member)["rules_to_accept"] is None
    again = {"acceptance": "accept_again"}
    version = announce(club, 1, earning=points(777), terms=again)
    assert terms(member)["rules_to_accept"] is None  # not before it is in force
    with days_later(house, member, days=2):
        assert member.call("GET", "").json()["rules_to_accept"] == version
        assert terms(member)["rules_to_accept"] == version
        assert member.staff("GET", "").json()["rules_to_accept"] == version
        body = {"granted": True, "rules_version": version}
        assert member.call("PUT", "/consents/rules", json=body).status_code == 200
        found = terms(member)
        assert (found["rules_version"], found["rules_to_accept"]) == (version, None)
        # A version that changes nothing for members asks for nothing.
        announce(club, 0, approvals={"adjustment_above": 5})
        assert terms(member)["rules_to_accept"] is None


@pytest.mark.req("GC-5")
def test_who_has_accepted_nothing_yet_is_asked_to(house: House) -> None:
    club = house.new_club(rules_public=False)
    phone = f"+7917{uuid.uuid4().int % 10_000_000:07}"
    challenge = club.challenge(phone)
    join = {"kind": "buyer", "language": "en"}
    body = {"challenge": challenge, "one_time_code": club.code(phone), "join": join}
    answer = house.http.post(f"/v1/programs/{club.id}/sessions", json=body)
    member = Member(club, phone, answer.json())
    found = terms(member)
    assert (found["rules_version"], found["rules_to_accept"]) == (0, 1)
    accept = {"granted": True, "rules_version": 1}
    assert member.call("PUT", "/consents/rules", json=accept).status_code == 200
    assert terms(member)["rules_to_accept"] is None
