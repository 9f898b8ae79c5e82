"""The catalogue over HTTP: what staff write, publish and find."""

from collections import Counter
from typing import Any

import httpx
import pytest

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.texts import LANGUAGES
from tests.support import gifts
from tests.support.club import Club, House, Member, at_once, bearer

DIGITAL = {"kind": "digital_code", "delivery": ["code"], "codes": "pool"}


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where and what is wrong."""
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def offers(member: Member, **query: Any) -> list[str]:
    """Ids of the rewards that a member sees, in their order."""
    found = gifts.good(member.call("GET", "/rewards", params=query))
    return [row["reward"] for row in found["rows"]]


def listed(club: Club, **query: Any) -> list[str]:
    """Ids of the rewards that staff see."""
    return [
        row["reward"] for row in gifts.good(club.staff("GET", "/rewards", params=query))["rows"]
    ]


def test_a_reward_is_written_published_and_archived(club: Club) -> None:
    image = gifts.image(club)
    draft = gifts.write(club, "ring-box", images=[image], about=gifts.texts(club, "Walnut"))
    assert (draft["revision"], draft["state"], draft["pieces"]["left"]) == (1, "draft", 0)
    assert draft == gifts.good(club.staff("GET", "/rewards/ring-box"))
    assert gifts.publish(club, "ring-box")["revision"] == 2
    assert gifts.publish(club, "ring-box")["revision"] == 2
    member = club.join()
    shown = gifts.good(member.call("GET", "/rewards/ring-box"))
    assert (shown["name"], shown["about"]) == ("ring-box (en)", "Walnut (en)")
    assert httpx.get(shown["images"][0]).content == gifts.PNG
    assert shown["image"] == shown["images"][0]
    assert gifts.archive(club, "ring-box")["state"] == "archived"
    assert gifts.archive(club, "ring-box")["revision"] == 3
    assert code(member.call("GET", "/rewards/ring-box")) == "reward_unknown"
    assert gifts.publish(club, "ring-box")["revision"] == 4
    assert offers(member) == ["ring-box"]


def test_the_same_again_changes_nothing_and_a_stale_revision_is_refused(club: Club) -> None:
    first = gifts.write(club, "ring-box")
    assert gifts.write(club, "ring-box") == first
    second = gifts.write(club, "ring-box", price=300, revision=1)
    assert (second["revision"], second["price"]) == (2, 300)
    stale = gifts.put(club, "ring-box", price=400, revision=1)
    assert (stale.status_code, code(stale)) == (409, "reward_revision_stale")
    assert "2" in stale.json()["detail"]
    assert code(gifts.put(club, "new-one", revision=1)) == "reward_revision_stale"


def test_of_two_who_change_a_reward_at_once_one_is_told(club: Club) -> None:
    gifts.write(club, "ring-box")
    answers = at_once(lambda price: gifts.put(club, "ring-box", price=price, revision=1), [7, 8])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_rewards_that_cannot_be_are_refused_with_every_fault(club: Club, house: House) -> None:
    elsewhere = gifts.image(house.new_club())
    waiting = gifts.upload(club)
    text = gifts.upload(club, b"a,b", purpose="list", media_type="text/csv")
    gifts.good(gifts.complete(club, text))
    answer = gifts.put(
        club,
        "ring-box",
        name={"en": "Ring box"},
        images=[elsewhere, waiting, text],
        audience=["breeder"],
        delivery=["pickup", "code"],
        codes="pool",
        points_of_pickup=["nowhere"],
    )
    assert answer.status_code == 422
    assert faults(answer) == [
        ("/name/ru", "text_missing"),
        ("/name/uk", "text_missing"),
        ("/name/ar", "text_missing"),
        ("/audience/0", "kind_unknown"),
        ("/delivery/1", "not_for_kind"),
        ("/delivery/0", "pool_by_code"),
        ("/images/0", "file_unknown"),
        ("/images/1", "file_not_ready"),
        ("/images/2", "wrong_file_purpose"),
        ("/points_of_pickup/0", "point_unknown"),
    ]
    assert all(fault["detail"] for fault in answer.json()["errors"])
    assert gifts.put(club, "ring-box", price=0).status_code == 422
    assert gifts.put(club, "Ring_box").status_code == 404
    assert listed(club) == []


def spoken(value: Any, *languages: str) -> Any:
    """A document whose texts are in these languages alone."""
    if isinstance(value, list):
        return [spoken(each, *languages) for each in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= set(LANGUAGES):
        return {language: value[language] for language in languages}
    return {name: spoken(each, *languages) for name, each in value.items()}


def test_a_language_that_came_later_keeps_a_reward_from_being_published(club: Club) -> None:
    whole = club.document
    club.document = {**spoken(whole, "ru"), "languages": ["ru"]}
    club.publish()
    gifts.write(club, "ring-box")
    club.document = {**spoken(whole, "ru", "en"), "languages": ["ru", "en"]}
    club.publish()
    refused = club.staff("POST", "/rewards/ring-box/publication")
    assert (refused.status_code, code(refused)) == (409, "reward_incomplete")
    assert faults(refused) == [("/name/en", "text_missing")]


def test_states_follow_one_another(club: Club) -> None:
    gifts.write(club, "ring-box")
    refused = club.staff("POST", "/rewards/ring-box/archive", json=gifts.WHY)
    assert (refused.status_code, code(refused)) == (409, "reward_not_published")
    assert code(club.staff("POST", "/rewards/nothing/publication")) == "reward_unknown"
    assert code(club.staff("GET", "/rewards/nothing")) == "reward_unknown"


def test_what_it_is_cannot_change_once_it_was_shown_or_stocked(club: Club) -> None:
    gifts.write(club, "voucher")
    gifts.write(club, "voucher", revision=1, **DIGITAL)  # a draft nobody has stocked
    gifts.good(gifts.fill(club, "voucher", ["CODE-1"]))
    tenth = {"terms": {"share": {"num": 10, "den": 100}}}
    coupon = {**DIGITAL, "kind": "coupon", "codes": "generated", "coupon": tenth}
    answer = gifts.put(club, "voucher", revision=2, **coupon)
    assert faults(answer) == [("/kind", "fixed"), ("/codes", "fixed")]
    gifts.shown(club, "ring-box")
    answer = gifts.put(club, "ring-box", revision=2, kind="service")
    assert faults(answer) == [("/kind", "fixed")]


def test_a_catalogue_has_an_end(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    for where in ("service", "store"):
        monkeypatch.setattr(f"chalicelib.rewards.{where}.MAX_REWARDS", 3)
    answers = at_once(lambda number: gifts.put(club, f"gift-{number}"), range(5))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 409, 409]
    assert {code(one) for one in answers if one.status_code == 409} == {"too_many_rewards"}
    assert len(listed(club)) == 3


def test_staff_find_rewards_by_state_kind_and_low_stock(club: Club) -> None:
    gifts.write(club, "a-draft")
    gifts.stocked(club, "box", 5, low_stock=2)
    gifts.stocked(club, "chain", 2, low_stock=2)
    gifts.pool(club, "film", ["CODE-1"])
    assert listed(club) == ["a-draft", "box", "chain", "film"]
    assert listed(club, state="draft") == ["a-draft"]
    assert listed(club, kind="digital_code") == ["film"]
    assert listed(club, low_stock=True) == ["chain"]
    first = gifts.good(club.staff("GET", "/rewards", params={"limit": 3}))
    assert [row["reward"] for row in first["rows"]] == ["a-draft", "box", "chain"]
    assert listed(club, cursor=first["next"]) == ["film"]


def test_members_change_nothing_in_the_catalogue(house: House, club: Club) -> None:
    gifts.shown(club, "ring-box")
    member, url = club.join(), f"/v1/staff/programs/{club.id}/rewards/ring-box"
    for headers in (bearer(member.token), {}):
        answer = house.http.post(f"{url}/archive", json=gifts.WHY, headers=headers)
        assert answer.status_code == (403 if headers else 401)
        assert house.http.get(url, headers=headers).status_code == answer.status_code


def test_what_staff_do_leaves_its_records(club: Club) -> None:
    """Each change once, whoever sends it how often; and what changed nothing leaves none."""
    image = gifts.image(club)
    gifts.write_point(club, "arbat-point")
    for _ in range(2):
        gifts.write(club, "film", images=[image], **DIGITAL)
        gifts.publish(club, "film")
        gifts.good(gifts.fill(club, "film", ["CODE-1"], key="one list"))
    gifts.write(club, "film", revision=2, price=300, **DIGITAL)
    gifts.archive(club, "film")
    club.staff("DELETE", f"/files/{image}").raise_for_status()
    club.staff("DELETE", "/points/arbat-point").raise_for_status()
    pk = keys.audit(club.id, render(club.house.now)[:7])
    told = list(audit.AuditItem.below(pk, "A#", strong=True))
    ours = ("file:", "point:", "reward:")
    done = [one.action for one in told if one.subject.startswith(ours)]
    assert Counter(done) == Counter(
        [
            "file.announced",
            "file.ready",
            "file.deleted",
            "point.added",
            "point.deleted",
            "reward.added",
            "reward.published",
            "reward.changed",
            "reward.archived",
            "codes.added",
        ]
    )
    (changed,) = (one for one in told if one.action == "reward.changed")
    assert (changed.subject, changed.actor) == ("reward:film", "operator:tester")
    assert changed.told.before == {"images": [image], "price": 200}
    assert changed.told.after == {"images": None, "price": 300}
    assert not [one for one in told if "CODE-1" in repr(one.told)]


@pytest.mark.parametrize("name", ["available_from", "available_until"])
@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2027"])
def test_an_offer_is_of_these_centuries(club: Club, name: str, at: str) -> None:
    answer = gifts.put(club, "ring-box", **{name: at})
    assert (answer.status_code, faults(answer)) == (422, [(f"/{name}", "wrong_format")])
