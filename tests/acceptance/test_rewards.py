"""The catalogue over HTTP: what staff write and stock, and what a member sees of it."""

import uuid
from typing import Any

import httpx
import pytest

from chalicelib import entrance
from chalicelib.kernel.facts import Fact
from chalicelib.rewards import service_stock
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


def rich(club: Club, points: int) -> Member:
    """A member with so many points."""
    member = club.join()
    member.adjust(points).raise_for_status()
    return member


# -- writing -----------------------------------------------------------------------


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
        ("/images/0", "file_unknown"),
        ("/images/1", "file_not_ready"),
        ("/images/2", "wrong_file_purpose"),
        ("/points_of_pickup/0", "point_unknown"),
    ]
    assert all(fault["detail"] for fault in answer.json()["errors"])
    assert gifts.put(club, "ring-box", price=0).status_code == 422
    assert gifts.put(club, "Ring_box").status_code == 404
    assert listed(club) == []


def test_a_language_that_came_later_keeps_a_reward_from_being_published(club: Club) -> None:
    club.document["languages"] = ["ru"]
    for name in ("name", "rules", "welcome", "unit"):
        club.document[name] = {"ru": club.document[name]["ru"]}
    club.publish()
    gifts.write(club, "ring-box")
    club.document |= {"languages": ["ru", "en"]}
    for name in ("name", "rules", "welcome", "unit"):
        other = {"one": "point", "other": "points"} if name == "unit" else "In English"
        club.document[name] = {**club.document[name], "en": other}
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
    coupon = {**DIGITAL, "kind": "coupon", "codes": "generated"}
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


# -- stock -------------------------------------------------------------------------


def test_stock_is_corrected_with_reasons(club: Club) -> None:
    gifts.write(club, "ring-box")
    gifts.good(gifts.correct(club, "ring-box", 5))
    line = gifts.good(gifts.correct(club, "ring-box", -2))
    assert (line["number"], line["before"], line["after"]) == (2, 5, 3)
    assert (line["actor"], line["reason"]) == ("staff:tester", gifts.WHY["reason"])
    refused = gifts.correct(club, "ring-box", -4)
    assert (refused.status_code, code(refused)) == (409, "out_of_stock")
    assert "3" in refused.json()["detail"]
    assert gifts.stock(club, "ring-box")["left"] == 3
    lines = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal", params={"limit": 1}))
    assert lines["rows"] == [line]
    params = {"cursor": lines["next"]}
    older = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal", params=params))
    assert [row["change"] for row in older["rows"]] == [5]


def test_a_correction_is_made_once(club: Club) -> None:
    gifts.write(club, "ring-box")
    first, second = (gifts.correct(club, "ring-box", 5, key="one delivery") for _ in range(2))
    assert first.json() == second.json()
    assert gifts.stock(club, "ring-box")["left"] == 5
    assert code(gifts.correct(club, "ring-box", 6, key="one delivery")) == "idempotency_key_reused"


def test_fifty_corrections_at_once_never_bring_stock_below_zero(club: Club) -> None:
    """Whoever is told that all are busy sends the same request again."""
    gifts.stocked(club, "ring-box", 30)

    def take(_: int) -> int:
        key = uuid.uuid4().hex
        while (answer := gifts.correct(club, "ring-box", -1, key=key)).status_code == 503:
            pass
        return answer.status_code

    found = at_once(take, range(50))
    assert (found.count(201), found.count(409)) == (30, 20)
    assert gifts.stock(club, "ring-box")["left"] == 0
    rows = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal", params={"limit": 100}))
    assert [row["after"] for row in rows["rows"]] == [*range(30), 30]


def test_each_fall_to_the_threshold_is_told_once(
    house: House, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pump()
    told: list[Fact] = []
    monkeypatch.setattr("chalicelib.kernel.facts.send", lambda _, found: told.extend(found))
    gifts.stocked(club, "ring-box", 10, low_stock=3)
    for change in (-5, -2, -1, 5, -4, -1):
        gifts.good(gifts.correct(club, "ring-box", change))
    house.pump()
    low = {fact.id: fact for fact in told if fact.name == "stock.low"}
    assert [fact.data["left"] for fact in low.values()] == [3, 3]
    assert {(fact.program, fact.member) for fact in low.values()} == {(club.id, "")}
    assert entrance.outreach.wants(next(iter(low.values()))) is False
    rows = gifts.good(club.staff("GET", "/rewards/ring-box/stock/journal"))["rows"]
    assert [row["number"] for row in rows if row["made_low"]] == [6, 3]


def test_what_is_not_counted_is_not_corrected(club: Club) -> None:
    gifts.shown(club, "advice", kind="service", stock="unlimited", delivery=["pickup"])
    assert code(gifts.correct(club, "advice", 1)) == "stock_unlimited"
    assert gifts.stock(club, "advice")["left"] is None
    assert gifts.good(club.join().call("GET", "/rewards/advice"))["stock"] == "in_stock"
    gifts.write(club, "ring-box")
    assert faults(gifts.correct(club, "ring-box", 1_000_001)) == [("/change", "too_big")]
    gifts.good(gifts.correct(club, "ring-box", 1_000_000))
    assert faults(gifts.correct(club, "ring-box", 1)) == [("/change", "too_big")]


# -- codes -------------------------------------------------------------------------


def test_a_pool_takes_each_code_once(club: Club) -> None:
    gifts.pool(club, "film", ["CODE-1", "CODE-2"])
    refused = gifts.fill(club, "film", ["CODE-3", "CODE-2", "CODE-3"])
    assert faults(refused) == [("/codes/1", "code_known"), ("/codes/2", "duplicate")]
    found = gifts.stock(club, "film")
    assert (found["left"], found["codes_free"], found["codes_used"]) == (2, 2, 0)
    assert code(gifts.correct(club, "film", 1)) == "stock_of_codes"
    gifts.write(club, "ring-box")
    assert code(gifts.fill(club, "ring-box", ["CODE-1"])) == "no_code_pool"
    gifts.pool(club, "other-film", ["CODE-1"])  # another reward may have the same


def test_a_long_list_of_codes_is_added_once(club: Club) -> None:
    codes = [f"CODE-{number:04}" for number in range(1000)]
    gifts.pool(club, "film", codes[:1])
    first = gifts.good(gifts.fill(club, "film", codes[1:], key="one list"))
    assert (first["added"], first["pieces"]["codes_free"]) == (999, 1000)
    assert gifts.good(gifts.fill(club, "film", codes[1:], key="one list")) == first
    assert gifts.fill(club, "film", [*codes, "CODE-1000"]).status_code == 422


def test_a_list_that_was_cut_short_is_finished_by_the_same_request(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    codes = [f"MORE-{number:03}" for number in range(100)]
    with monkeypatch.context() as short:
        chunks = iter([True])
        real = service_stock._add

        def once(*given: Any) -> int:
            if next(chunks, False):
                return real(*given)
            raise ConnectionError

        short.setattr("chalicelib.rewards.service_stock._add", once)
        assert gifts.fill(club, "film", codes, key="cut").status_code == 500
    assert 1 < gifts.stock(club, "film")["left"] < 101
    assert gifts.good(gifts.fill(club, "film", codes, key="cut"))["added"] == 100
    assert gifts.stock(club, "film")["left"] == 101


def test_the_same_code_from_two_at_once_is_added_once(club: Club) -> None:
    gifts.pool(club, "film", ["CODE-1"])
    codes = [f"MORE-{number:03}" for number in range(60)]
    answers = at_once(lambda _: gifts.fill(club, "film", codes), range(4))
    assert {answer.status_code for answer in answers} <= {201, 422}
    assert sum(one.json()["added"] for one in answers if one.status_code == 201) == 60
    assert gifts.stock(club, "film")["left"] == 61


def test_codes_stand_in_no_answer(club: Club) -> None:
    gifts.pool(club, "film", ["SECRET-CODE"])
    member = rich(club, 1000)
    answers = [
        club.staff("GET", "/rewards/film"),
        club.staff("GET", "/rewards"),
        club.staff("GET", "/rewards/film/stock"),
        club.staff("GET", "/rewards/film/stock/journal"),
        member.call("GET", "/rewards"),
        member.call("GET", "/rewards/film"),
    ]
    for answer in answers:
        assert answer.is_success
        assert "SECRET" not in answer.text


# -- members -----------------------------------------------------------------------


def test_a_member_sees_first_what_they_can_afford_then_what_is_nearest(club: Club) -> None:
    for reward, price in {"e": 900, "d": 500, "c": 100, "b": 500, "a": 300}.items():
        gifts.stocked(club, reward, 1, price=price)
    member = rich(club, 300)
    assert offers(member) == ["a", "c", "b", "d", "e"]
    assert offers(member, affordable=True) == ["a", "c"]
    rows = gifts.good(member.call("GET", "/rewards"))["rows"]
    assert [row["missing"] for row in rows] == [0, 0, 200, 200, 600]
    assert [row["reward"] for row in member.rows("/rewards")] == offers(member)
    first = gifts.good(member.call("GET", "/rewards", params={"limit": 2}))
    member.adjust(200).raise_for_status()
    assert offers(member, cursor=first["next"]) == ["d", "e"]  # b has moved before the cursor
    assert code(club.join().call("GET", "/rewards", params={"cursor": first["next"]})) == (
        "invalid_cursor"
    )


def test_the_next_goal_is_the_nearest_reward_that_is_there(club: Club) -> None:
    member = rich(club, 300)
    assert gifts.good(member.call("GET", "/rewards-goal")) == {"goal": None}
    gifts.stocked(club, "cheap", 1, price=300)
    gifts.shown(club, "sold-out", price=310)
    gifts.stocked(club, "far", 1, price=700)
    gifts.stocked(club, "near", 1, price=450)
    goal = gifts.good(member.call("GET", "/rewards-goal"))["goal"]
    assert (goal["reward"], goal["missing"]) == ("near", 150)
    member.adjust(400).raise_for_status()
    assert gifts.good(member.call("GET", "/rewards-goal")) == {"goal": None}


def test_points_that_are_held_or_owed_buy_nothing(club: Club) -> None:
    gifts.stocked(club, "ring-box", 1, price=200)
    member = rich(club, 300)
    hold = {"points": 250, "reason": "By a test"}
    member.staff("POST", "/holds", json=hold).raise_for_status()
    assert gifts.good(member.call("GET", "/rewards/ring-box"))["missing"] == 150


def test_goods_services_and_digital_things_stand_side_by_side(club: Club) -> None:
    gifts.stocked(club, "box", 9)
    gifts.shown(club, "cleaning", kind="service", stock="unlimited", delivery=["pickup"])
    gifts.pool(club, "film", ["CODE-1"])
    member = rich(club, 1000)
    assert offers(member, affordable=True) == ["box", "cleaning", "film"]
    assert offers(member, kind="service") == ["cleaning"]
    rows = gifts.good(member.call("GET", "/rewards"))["rows"]
    assert [row["delivery"] for row in rows] == [["pickup"], ["pickup"], ["code"]]
    assert {row["stock"] for row in rows} == {"in_stock"}


def test_members_learn_a_number_only_when_few_are_left(club: Club) -> None:
    gifts.stocked(club, "ring-box", 3, low_stock=2)
    member = club.join()

    def told() -> tuple[str, int | None]:
        found = gifts.good(member.call("GET", "/rewards/ring-box"))
        return found["stock"], found["left"]

    assert told() == ("in_stock", None)
    gifts.good(gifts.correct(club, "ring-box", -1))
    assert told() == ("few_left", 2)
    gifts.good(gifts.correct(club, "ring-box", -2))
    assert told() == ("none", None)


def test_a_search_is_in_the_callers_language(club: Club) -> None:
    name = {"en": "Ring box", "ru": "Шкатулка для колец", "uk": "Скринька", "ar": "علبة"}
    gifts.shown(club, "ring-box", name=name)
    gifts.shown(club, "film", name=gifts.texts(club, "Cinema"))
    member = club.join()
    assert offers(member, q="BOX ring") == ["ring-box"]
    assert offers(member, q="шкатулка") == []
    answer = member.call(
        "GET", "/rewards", params={"q": "КОЛЕЦ"}, headers={"Accept-Language": "ru"}
    )
    assert [row["name"] for row in answer.json()["rows"]] == ["Шкатулка для колец"]


def test_audience_and_dates_are_kept(house: House, club: Club) -> None:
    day = 86_400
    soon, later = (house.now.timestamp() + shift * day for shift in (1, 2))
    dates = {
        "available_from": _text(house, soon),
        "available_until": _text(house, later),
    }
    gifts.shown(club, "for-sellers", audience=["seller"])
    gifts.shown(club, "tomorrow", **dates)
    gifts.shown(club, "always", audience=["buyer"])
    member = club.join()

    def sees() -> list[str]:
        return offers(club.sign_in(member.phone))

    assert sees() == ["always"]
    for unseen in ("for-sellers", "tomorrow"):
        assert code(member.call("GET", f"/rewards/{unseen}")) == "reward_unknown"
    with house.later(day + 60):
        assert sees() == ["always", "tomorrow"]
    with house.later(2 * day + 60):
        assert sees() == ["always"]


def test_another_clubs_rewards_are_not_seen(house: House, club: Club) -> None:
    gifts.shown(club, "ring-box")
    other = house.new_club()
    assert offers(other.join()) == []
    assert code(other.join().call("GET", "/rewards/ring-box")) == "reward_unknown"
    assert listed(other) == []


@pytest.mark.parametrize("public", [True, False])
def test_an_applicant_sees_the_catalogue_only_of_a_club_that_shows_its_terms(
    house: House, public: bool
) -> None:
    club = house.new_club(rules_public=public)
    gifts.write_point(club, "arbat-point")
    gifts.shown(club, "ring-box")
    seller = club.join(kind="seller")
    assert seller.session["member"]["status"] == "applied"
    for path in ("/rewards", "/rewards/ring-box", "/rewards-goal", "/pickup-points"):
        answer = seller.call("GET", path)
        assert answer.status_code == (200 if public else 403), path
        assert public or code(answer) == "catalogue_for_members"


def test_members_change_nothing_in_the_catalogue(house: House, club: Club) -> None:
    gifts.shown(club, "ring-box")
    member, url = club.join(), f"/v1/staff/programs/{club.id}/rewards/ring-box"
    for headers in (bearer(member.token), {}):
        answer = house.http.post(f"{url}/archive", json=gifts.WHY, headers=headers)
        assert answer.status_code == (403 if headers else 401)
        assert house.http.get(url, headers=headers).status_code == answer.status_code


def _text(house: House, timestamp: float) -> str:
    return house.now.fromtimestamp(timestamp, house.now.tzinfo).isoformat()
