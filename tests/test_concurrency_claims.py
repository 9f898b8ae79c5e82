"""Sellers, buyers and deadlines at once: an item has one claim, and a claim one end."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.kernel.clock import parse
from chalicelib.tags import service_claims_end as claims
from chalicelib.tags import store_claims
from tests.support.club import Club, House, Member, at_once, figure
from tests.support.gifts import good
from tests.support.sellers import SOLD, claim, claimed, held, partner, seller, statuses

pytestmark = pytest.mark.req("AQ-10")
WHY = {"reason": "By a test of concurrency"}


@pytest.fixture
def club(house: House) -> Club:
    """A club with a partner."""
    made = house.new_club()
    partner(made)
    return made


def settled(tag: dict[str, str], at_seconds: int, club: Club) -> None:
    """Look at an item's claim, as the consumer and the agenda do."""
    found = store_claims.claimed(tag["serial"])
    if found is not None and found.member:
        claims.settle(found, club.house.now + timedelta(seconds=at_seconds))


def test_fifty_sellers_claim_one_item_and_one_has_it(club: Club) -> None:
    (tag,) = club.tags()
    sellers = [seller(club) for _ in range(figure(12, 50))]
    calls = [sellers[at % len(sellers)] for at in range(50)]
    answers = at_once(lambda one: claim(one, tag), calls)
    won = {one.id for one, answer in zip(calls, answers, strict=True) if answer.is_success}
    assert len(won) == 1
    lost = [answer.json()["code"] for answer in answers if not answer.is_success]
    assert set(lost) == {"item_claimed"}
    assert [one.account()["pending"] for one in sellers if one.id in won] == [SOLD]
    assert sum(one.account()["pending"] for one in sellers) == SOLD


@pytest.mark.parametrize("_", range(figure(3, 30)))
def test_register_against_claim_is_credited_once(club: Club, _: int) -> None:
    (tag,), ann, buyer = club.tags(), seller(club), club.join()
    acts = [lambda: buyer.register(tag), lambda: claim(ann, tag)]
    answers = at_once(lambda act: act(), [*acts, acts[1]])
    assert all(answer.is_success for answer in answers)
    at_once(lambda _: settled(tag, 0, club), range(4))
    club.house.pump()
    assert statuses(ann) == ["credited"]
    assert held(ann) == (SOLD, 0)
    kinds = Counter(entry["kind"] for entry in ann.entries())
    assert kinds["claim.credited"] == 1


@pytest.mark.parametrize("_", range(figure(3, 30)))
def test_register_against_lapse_has_one_end(house: House, _: int) -> None:
    """The buyer comes in time; the agenda's clock is past the deadline."""
    club = house.new_club(claims={"deadline_days": 1})
    partner(club)
    (tag,), ann, buyer = club.tags(), seller(club), club.join()
    until = parse(claimed(ann, tag)["lapses_at"])
    late = int((until - house.now).total_seconds()) + 90
    acts = [lambda: good(buyer.register(tag)), *[lambda: settled(tag, late, club)] * 3]
    at_once(lambda act: act(), acts)
    house.pump()
    (status,) = statuses(ann)
    assert held(ann) == {"credited": (SOLD, 0), "lapsed": (0, 0)}[status]
    assert len(ann.entries()) == 2  # announced, and one end


def test_a_release_against_the_credit_leaves_nothing(club: Club) -> None:
    (tag,), ann, buyer = club.tags(), seller(club), club.join()
    claimed(ann, tag)
    good(buyer.register(tag))
    path = f"/tags/{tag['serial']}/release"
    acts = [lambda: good(club.staff("POST", path, json=WHY)), *[lambda: settled(tag, 0, club)] * 3]
    at_once(lambda act: act(), acts)
    club.house.pump()
    assert statuses(ann) == ["withdrawn"]
    assert held(ann) == (0, 0)
    assert _balances(buyer) == 0


def _balances(member: Member) -> int:
    assert member.proof()["agrees"]
    return int(member.account()["balance"])
