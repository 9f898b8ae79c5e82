"""Earning rules over HTTP: registered items earn by them, and staff try drafts of them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.club import JEWELS, Club, House, at_once
from tests.support.member import Member

RING, FIRST = 300, 500
"""Points of the ready jewellery club for a ring, and for a first item."""
Json = dict[str, Any]


def named(text: str) -> Json:
    """A rule's name in the four languages of the club."""
    return {language: f"{text} ({language})" for language in ("ru", "en", "uk", "ar")}


def rule(name: str, effect: Json, *conditions: Json, **more: Any) -> Json:
    """A rule for registered items."""
    return {
        "id": name,
        "name": named(name),
        "trigger": "item_registered",
        "conditions": conditions,
        "effect": effect,
        **more,
    }


def points(count: int) -> Json:
    """So many points."""
    return {"type": "points", "points": count}


def club_with(house: House, *rules: Json) -> Club:
    """The jewellery club with earning rules."""
    return house.new_club(earning={**JEWELS["earning"], "rules": rules})


def earned(member: Member, tag: dict[str, str]) -> list[tuple[int, str]]:
    """Register an item: points and reasons."""
    answer = member.register(tag)
    assert answer.status_code == 201, answer.text
    return [(award["points"], award["reason"]) for award in answer.json()["awards"]]


@pytest.mark.req("AQ-3")
def test_rules_add_points_to_a_registration_under_their_names(house: House) -> None:
    club = club_with(
        house,
        rule("rings", points(40), goods={"category": ["ring"]}),
        rule("chains", points(41), goods={"category": ["chain"]}),
        rule("sellers", points(42), {"type": "kind", "any_of": ["seller"]}),
        rule("double", {"type": "multiplier", "factor": {"num": 2, "den": 1}}),
    )
    member = club.join()
    told = earned(member, club.tags()[0])
    # Double is the item's own points and the rule's, not what the first item brings.
    assert told[2:] == [(40, "rings (en)"), (340, "double (en)")]
    assert [one[0] for one in told] == [RING, FIRST, 40, 340]
    answer = member.call("GET", "/entries", headers={"Accept-Language": "ru"}).json()["rows"][0]
    assert answer["points"] == RING + FIRST + 380
    assert [part["reason"] for part in answer["parts"]][2:] == ["rings (ru)", "double (ru)"]
    assert answer["parts"][2]["inputs"] == {"program": club.id, "version": "1", "rule": "rings"}
    assert member.proof()["agrees"]


@pytest.mark.req("AQ-3")
def test_first_items_are_first_once_however_many_at_once(house: House) -> None:
    club = club_with(house, rule("welcome", points(77), {"type": "first_time"}))
    member = club.join()
    answers = at_once(member.register, club.tags(4))
    given = [award["points"] for one in answers for award in one.json()["awards"]]
    assert sorted(given) == [77, *[RING] * 4, FIRST]


def test_a_first_item_is_known_where_no_bonus_was_given(house: House) -> None:
    items = {**JEWELS["earning"]["item_points"], "first_item_bonus": 0}
    club = house.new_club(earning={"item_points": items})
    member = club.join()
    one, other = club.tags(2)
    assert [points for points, _ in earned(member, one)] == [RING]
    club.document["earning"]["rules"] = [rule("welcome", points(77), {"type": "first_time"})]
    assert club.publish() == 2
    with house.later(10):
        assert [points for points, _ in earned(member, other)] == [RING]


def test_a_released_item_gives_back_what_rules_gave(house: House) -> None:
    club = club_with(house, rule("welcome", points(77), {"type": "first_time"}))
    member = club.join()
    (tag,) = club.tags()
    told = earned(member, tag)
    answer = club.staff("POST", f"/tags/{tag['serial']}/release", json={"reason": "A mistake"})
    assert answer.status_code == 200, answer.text
    assert member.account()["balance"] == 0
    assert earned(member, tag) == told


def test_the_rules_in_force_at_the_registration_decide(house: House) -> None:
    club = club_with(house, rule("old", points(1)))
    one, other = club.tags(2)
    member = club.join()
    assert earned(member, one)[-1] == (1, "old (en)")
    club.document["earning"]["rules"] = [rule("new", points(2))]
    club.publish()
    with house.later(10):
        assert earned(member, other)[-1] == (2, "new (en)")
    told = [part["reason"] for entry in member.entries() for part in entry["parts"]]
    assert {"old (en)", "new (en)"} <= set(told)


def test_rules_may_ask_who_the_member_is(house: House) -> None:
    today = house.now.date()
    near = {"type": "birthday", "days_before": 2, "days_after": 2}
    club = club_with(
        house,
        rule("birthday", points(10), near),
        rule("she", points(11), {"type": "gender", "any_of": ["female"]}),
        rule("new-here", points(12), {"type": "membership", "unit": "month", "below": 1}),
        rule("old-friend", points(13), {"type": "membership", "unit": "month", "at_least": 1}),
    )
    one, other = club.tags(2)
    member = club.join()
    assert [points for points, _ in earned(member, one)] == [RING, FIRST, 12]
    birthday = (today - timedelta(days=365 * 30)).isoformat()
    changed = member.call("PATCH", "", json={"birthday": birthday, "gender": "female"})
    assert changed.status_code == 200, changed.text
    with house.later("P60D"):
        again = club.sign_in(member.phone)
        told = [points for points, _ in earned(again, other)]
    assert told == [RING, 11, 13]


def tried(club: Club, **body: Any) -> Any:
    """A trial of rules; its answer."""
    event = {"trigger": "item_registered", "at": "2030-01-01T00:00:00Z", **body.pop("event", {})}
    return club.staff("POST", "/trials", json={"event": event, **body})


def test_a_draft_is_tried_before_it_is_published(house: House) -> None:
    club = club_with(house, rule("old", points(1)))
    club.document["earning"]["rules"] = [rule("new", points(2))]
    club.staff("PUT", "/draft", json=club.document).raise_for_status()
    assert [tried(club, document=one).json()["points"] for one in ("draft", "in_force", 1)] == [
        2,
        1,
        1,
    ]
    assert tried(club, document=2).json()["code"] == "version_unknown"
    club.document["earning"]["rules"] *= 2
    club.staff("PUT", "/draft", json=club.document).raise_for_status()
    refused = tried(club, document="draft").json()
    assert refused["code"] == "draft_invalid"
    assert [fault["pointer"] for fault in refused["errors"]] == ["/earning/rules/1/id"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The kind of member is buyer; it must be one of seller, owner."),
        ("ru", "Вид участника — buyer; нужен один из: seller, owner."),
        ("uk", "Вид учасника — buyer; потрібен один із: seller, owner."),
        ("ar", "نوع العضو buyer؛ والمطلوب أحد: seller, owner."),
    ],
)
def test_a_trial_says_why_not(club: Club, language: str, sentence: str) -> None:
    sellers = rule("sellers", points(5), {"type": "kind", "any_of": ["seller", "owner"]})
    club.document = {**club.document, "earning": {"rules": [sellers]}}
    club.staff("PUT", "/draft", json=club.document).raise_for_status()
    body = {
        "document": "draft",
        "explain": True,
        "event": {"trigger": "item_registered", "at": "2030-01-01T00:00:00Z"},
    }
    answer = club.staff("POST", "/trials", json=body, headers={"Accept-Language": language})
    (why,) = answer.json()["why_not"]
    assert why == {
        "rule": "sellers",
        "name": f"sellers ({language})",
        "code": "condition_kind",
        "path": "/conditions/0",
        "sentence": sentence,
        "inputs": {"found": "buyer", "wanted": "seller, owner"},
    }


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00"])
def test_an_event_of_no_calendar_is_refused(club: Club, at: str) -> None:
    refused = tried(club, event={"at": at})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/event/at"


def test_a_document_of_a_thousand_rules_can_be_written(club: Club) -> None:
    rules = [
        rule(f"r{place}", points(place + 1), {"type": "partner", "any_of": [f"p{place}"]})
        for place in range(1000)
    ]
    club.document = {**club.document, "earning": {"rules": rules}}
    club.publish()
    answer = tried(club, event={"partner": "p998"})
    assert [award["rule"] for award in answer.json()["awards"]] == ["r998"]
    club.document["earning"]["rules"] = [*rules, rules[0]]
    assert club.staff("PUT", "/draft", json=club.document).status_code == 422
