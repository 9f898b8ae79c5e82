"""A member's points over HTTP: pending, holds, debt, reversal, burn-off, explanations, history."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from tests.support.club import Club, House, Member

WHY = "By an acceptance test"
LANGUAGES = ("en", "ru", "uk", "ar")
LIFE, GRACE = 10, 3


@pytest.fixture
def brief(house: House) -> Iterator[Club]:
    """A club whose points live ten days and come back for three."""
    burn = {"type": "after", "count": LIFE, "unit": "day", "grace_days": GRACE}
    with house.later():
        yield house.new_club(zone="UTC", burn=burn)


def figures(member: Member) -> tuple[int, ...]:
    """Balance, available, held, pending, debt."""
    seen = member.staff("GET", "/account").json()
    return tuple(seen[name] for name in ("balance", "available", "held", "pending", "debt"))


def hold(member: Member, points: int) -> httpx.Response:
    """Set points aside."""
    return member.staff("POST", "/holds", json={"points": points, "reason": WHY})


def resolve(member: Member, what: str, name: str, end: str) -> httpx.Response:
    """End a hold or a pending award."""
    return member.staff("POST", f"/{what}/{name}/resolution", json={"end": end, "reason": WHY})


def reverse(member: Member, seq: int, key: str | None = None) -> httpx.Response:
    """Take an entry back."""
    return member.staff("POST", f"/entries/{seq}/reversal", json={"reason": WHY}, key=key)


def seq_of(answer: httpx.Response) -> int:
    """The number of the entry that a call made."""
    assert answer.is_success, answer.text
    return int(answer.json()["seq"])


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success
    return str(answer.json()["code"])


# -- pending -------------------------------------------------------------------


def test_pending_points_are_shown_and_cannot_be_spent(club: Club) -> None:
    member = club.join()
    body = {"points": 500, "reason": WHY}
    award = member.staff("POST", "/pending-awards", json=body).json()["ref"]
    assert figures(member) == (0, 0, 0, 500, 0)
    assert code(member.adjust(-1)) == "not_enough_points"
    first = resolve(member, "pending-awards", award, "confirmed")
    assert figures(member) == (500, 500, 0, 0, 0)
    assert resolve(member, "pending-awards", award, "confirmed").json() == first.json()
    assert code(resolve(member, "pending-awards", award, "cancelled")) == "pending_award_resolved"
    assert figures(member) == (500, 500, 0, 0, 0)


def test_a_cancelled_promise_leaves_nothing(club: Club) -> None:
    member = club.join()
    body = {"points": 500, "reason": WHY}
    award = member.staff("POST", "/pending-awards", json=body).json()["ref"]
    assert resolve(member, "pending-awards", award, "cancelled").json()["points"] == 0
    assert figures(member) == (0, 0, 0, 0, 0)
    unknown = resolve(member, "pending-awards", "f" * 20, "confirmed")
    assert code(unknown) == "pending_award_unknown"


# -- holds ---------------------------------------------------------------------


def test_a_hold_takes_points_aside_and_captures_or_releases_them_once(club: Club) -> None:
    member = club.join()
    member.adjust(100)
    kept, spent = (hold(member, 30).json()["ref"] for _ in range(2))
    assert figures(member) == (100, 40, 60, 0, 0)
    assert code(hold(member, 41)) == "not_enough_points"
    assert resolve(member, "holds", spent, "captured").json()["points"] == -30
    assert figures(member) == (70, 40, 30, 0, 0)
    assert resolve(member, "holds", kept, "released").json()["points"] == 0
    assert figures(member) == (70, 70, 0, 0, 0)
    assert code(resolve(member, "holds", spent, "released")) == "hold_resolved"
    assert code(resolve(member, "holds", "f" * 20, "released")) == "hold_unknown"


def test_held_points_do_not_burn_and_come_back_for_the_grace_period(brief: Club) -> None:
    member = brief.join()
    member.adjust(100)
    name = hold(member, 60).json()["ref"]
    with brief.house.later(f"P{LIFE + 5}D") as move:
        assert figures(member) == (60, 0, 60, 0, 0)
        resolve(member, "holds", name, "released").raise_for_status()
        assert figures(member) == (60, 60, 0, 0, 0)
        move(f"P{GRACE}D")
        assert figures(member)[0] == 60
        move("P1D")
        assert figures(member)[0] == 0


# -- reversal and debt ---------------------------------------------------------


def test_taking_back_spent_points_leaves_debt_that_new_points_repay(club: Club) -> None:
    member = club.join()
    given = seq_of(member.adjust(100))
    member.adjust(-80)
    reverse(member, given).raise_for_status()
    assert figures(member) == (-80, 0, 0, 0, 80)
    assert code(hold(member, 1)) == code(member.adjust(-1)) == "not_enough_points"
    member.adjust(50)
    assert figures(member) == (-30, 0, 0, 0, 30)
    member.adjust(50)
    assert figures(member) == (20, 20, 0, 0, 0)
    assert member.proof()["agrees"]


def test_an_entry_is_taken_back_once(club: Club) -> None:
    member = club.join()
    given = seq_of(member.adjust(100))
    key = uuid.uuid4().hex
    first = reverse(member, given, key)
    assert (first.json()["points"], first.json()["reverses"]) == (-100, given)
    assert reverse(member, given, key).json() == first.json()
    assert code(reverse(member, given)) == "entry_reversed"
    assert code(reverse(member, seq_of(first))) == "entry_not_reversible"
    assert code(reverse(member, 99)) == "entry_unknown"
    assert figures(member)[0] == 0


def test_a_correction_downwards_is_given_back_to_its_lots(brief: Club) -> None:
    member = brief.join()
    member.adjust(100)
    before = member.account()["lots"]
    taken = seq_of(member.adjust(-40))
    reverse(member, taken).raise_for_status()
    assert member.account()["lots"] == before


def test_an_award_that_burnt_unspent_owes_nothing(brief: Club) -> None:
    member = brief.join()
    given = seq_of(member.adjust(100))
    member.adjust(-30)
    with brief.house.later(f"P{LIFE + 1}D"):
        reverse(member, given).raise_for_status()
        assert figures(member) == (-30, 0, 0, 0, 30)


def test_a_key_with_other_content_is_refused(club: Club) -> None:
    member = club.join()
    key = uuid.uuid4().hex
    first = member.adjust(5, key=key)
    assert member.adjust(5, key=key).json() == first.json()
    assert code(member.adjust(6, key=key)) == "idempotency_key_reused"
    missing = {"headers": {"Idempotency-Key": ""}}
    assert code(member.adjust(5, **missing)) == "idempotency_key_missing"
    assert figures(member)[0] == 5


# -- burn-off ------------------------------------------------------------------


def test_points_burn_after_their_last_day(brief: Club) -> None:
    member = brief.join()
    member.adjust(100)
    (lot,) = member.account()["lots"]
    with brief.house.later() as move:
        today = brief.house.now.date()
        assert (date.fromisoformat(lot["burns_on"]) - today).days == LIFE
        move(f"P{LIFE}D")
        assert figures(member) == (100, 100, 0, 0, 0)
        move("P1D")
        assert figures(member) == (0, 0, 0, 0, 0)
        assert code(member.adjust(-1)) == "not_enough_points"


def test_burning_is_booked_once_and_shown_in_the_history(brief: Club) -> None:
    member = brief.join()
    member.adjust(100)
    with brief.house.later(f"P{LIFE + 1}D"):
        for _ in range(2):
            member.staff("POST", "/burn-off", json={"reason": WHY}).raise_for_status()
        member.refresh()
        burnt, given = member.entries()
        assert (burnt["kind"], burnt["points"], burnt["balance"]) == ("points.burnt", -100, 0)
        assert given["points"] == 100
        assert member.proof() == {"entries": 2, "entry_sum": 0, "balance": 0, "agrees": True}


def test_the_soonest_burning_points_are_spent_first(brief: Club) -> None:
    member = brief.join()
    member.adjust(100)
    with brief.house.later("P5D") as move:
        member.adjust(100)
        member.adjust(-130)
        move("P6D")
        assert figures(member)[0] == 70


# -- explanations and history --------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_entry_is_explained_in_the_readers_language(
    club: Club, language: str
) -> None:
    member = club.join()
    member.register(club.tags(1)[0]).raise_for_status()
    given = seq_of(member.adjust(100))
    member.adjust(-10)
    for end in ("captured", "released"):
        resolve(member, "holds", hold(member, 10).json()["ref"], end).raise_for_status()
    for end in ("confirmed", "cancelled"):
        body = {"points": 10, "reason": WHY}
        award = member.staff("POST", "/pending-awards", json=body).json()["ref"]
        resolve(member, "pending-awards", award, end).raise_for_status()
    reverse(member, given).raise_for_status()
    headers = {"Accept-Language": language}
    page: dict[str, Any] = member.call("GET", "/entries", headers=headers).json()
    rows = page["rows"]
    assert len({row["kind"] for row in rows}) == 9
    for row in rows:
        assert row["title"] != f"entry.{row['kind']}"
        assert row["parts"]
        for part in row["parts"]:
            assert part["reason"] != f"reason.{part['code']}"
            assert "{" not in part["reason"]
        alone = member.call("GET", f"/entries/{row['seq']}", headers=headers).json()
        assert alone == row
    assert sum(part["points"] for part in rows[-1]["parts"]) == rows[-1]["points"]
    assert rows[-1]["program_version"] == 1


def test_the_history_comes_newest_first_in_pages_that_join(club: Club) -> None:
    member = club.join()
    for points in range(1, 12):
        member.adjust(points)
    seen: list[int] = []
    cursor = ""
    for length in (4, 4, 3):
        page = member.call("GET", "/entries", params={"limit": 4, "cursor": cursor}).json()
        assert len(page["rows"]) == length
        seen += [row["points"] for row in page["rows"]]
        cursor = page["next"]
        member.adjust(1000)  # what comes meanwhile does not shift the pages
    assert cursor == ""
    assert seen == list(range(11, 0, -1))


def test_a_page_of_another_list_or_a_forged_one_is_refused(club: Club) -> None:
    one, other = club.join(), club.join()
    for member in (one, other):
        member.adjust(1)
        member.adjust(2)
    cursor = one.call("GET", "/entries", params={"limit": 1}).json()["next"]
    for forged in (cursor, "x", "AAAA", cursor[:-2]):
        answer = other.call("GET", "/entries", params={"cursor": forged})
        assert (answer.status_code, code(answer)) == (400, "invalid_cursor")
    for limit in ("0", "101", "many"):
        answer = one.call("GET", "/entries", params={"limit": limit})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/limit")


def test_staff_see_who_acted_and_why_and_members_do_not(club: Club) -> None:
    member = club.join()
    body = {"points": 10, "reason": "Goodwill after a late parcel"}
    member.staff("POST", "/adjustments", json=body).raise_for_status()
    (row,) = member.staff("GET", "/entries").json()["rows"]
    assert (row["actor"], row["note"]) == ("operator:tester", "Goodwill after a late parcel")
    assert "Goodwill" not in member.call("GET", "/entries").text
    assert member.call("GET", "/entries/1").json()["seq"] == 1
    assert code(member.call("GET", "/entries/2")) == "entry_unknown"


def test_every_wrong_field_is_named(club: Club) -> None:
    member = club.join()
    wrong = {"points": 10**10, "reason": "", "to": "me"}
    answer = member.staff("POST", "/adjustments", json=wrong)
    assert answer.status_code == 422
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/points", "/reason", "/to"}
    (nothing,) = member.adjust(0).json()["errors"]
    assert nothing["pointer"] == "/points"
