"""Any order of the same returns ends the same, also where rules give more for less, where debt is
forgiven, and on stamp cards; late receipts find no room in caps that is not there (AB-6).
"""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.support.club import Club, House, Member
from tests.support.till import Till, percent, rule, shop

SPENDING = {"spending": {"point_value": 100}}
NEVER = {"type": "never"}
Lines = list[dict[str, Any]]


def club_with(house: House, *rules: Any, **document: Any) -> Club:
    """A club that earns by these rules, where points pay and do not burn."""
    terms = {**SPENDING, **document.pop("purchases", {})}
    return house.new_club(
        **{"earning": {"rules": rules}, "purchases": terms, "burn": NEVER, **document}
    )


def line(category: str, price: int, quantity: int = 1) -> dict[str, Any]:
    """A line of a category."""
    return {"sku": category.upper(), "category": category, "price": price, "quantity": quantity}


def end(till: Till, member: Member, receipt: str, order: Sequence[int]) -> tuple[int, int]:
    """Balance and announced points when the pieces of these lines came back in this order."""
    for place in order:
        till.returned(receipt, (place, 1))
    account = member.account()
    assert member.proof()["agrees"]
    return account["balance"], account["pending"]


@pytest.mark.req("AB-6")
def test_what_was_forgiven_is_not_given_by_another_order(house: House) -> None:
    """Two lines of 400.00 and 100.00 bring 45 and 5 points; 20 points pay for each. All points are
    spent elsewhere. The dear line takes 45 and gives 20 back: 25 are forgiven. The other one
    gives 20 and takes 5: what it gives makes up for what was forgiven, as it would have before.
    """
    rules = [
        rule({"type": "points", "points": 45}, id="rings", goods={"category": ["ring"]}),
        rule({"type": "points", "points": 5}, id="boxes", goods={"category": ["box"]}),
    ]
    till = shop(club_with(house, *rules, purchases={"debt": "forgive"}))
    ends = set()
    for order in ((0, 1), (1, 0)):
        member = till.club.join()
        member.adjust(40)
        lines = [line("ring", 10_000), line("box", 10_000)]
        sold = till.sell(member=member, lines=lines, points=40)
        member.adjust(-50)
        ends.add(end(till, member, sold["receipt"], order))
    assert ends == {(0, 0)}


@pytest.mark.req("AB-6")
def test_what_others_bring_is_not_taken_for_what_was_forgiven(house: House) -> None:
    till = shop(club_with(house, rule(percent(5)), purchases={"debt": "forgive"}))
    member = till.club.join()
    sold = till.sell(100_000, 20_000, member=member)
    member.adjust(-60)
    till.returned(sold["receipt"], (0, 1))
    member.adjust(30)
    till.returned(sold["receipt"], (1, 1))
    assert member.account()["balance"] == 20


FULL_PRICE = rule(
    percent(10),
    id="full-price",
    conditions=[{"type": "not", "of": {"type": "goods", "goods": {"category": ["sale"]}}}],
)
"""Nothing where anything on sale is in the receipt: without it there is more."""
OTHERS = rule(percent(10), id="others", goods={"category": ["ring"]})


def test_an_award_that_grows_again_grows_as_far_as_it_would_have(house: House) -> None:
    """A ring of 100.00, a chain of 200.00 and a thing on sale bring 10 points. Without ring and
    sale the chain would bring 20: at most 10 stay. Whatever the order, also when the points are
    announced, burnt or spent.
    """
    for how in ({}, {"pending_days": 9}):
        rules = [{**FULL_PRICE, **how}, {**OTHERS, **how}]
        till = shop(club_with(house, *rules))
        lines = [line("ring", 10_000), line("chain", 20_000), line("sale", 10_000)]
        for spent in (0, 4, 10):
            ends = set()
            for order in ((0, 2), (2, 0)):
                member = till.club.join()
                member.adjust(10)
                sold = till.sell(member=member, lines=lines)
                member.adjust(-10) if spent == 10 else member.adjust(-spent or 1)
                ends.add(end(till, member, sold["receipt"], order))
            assert len(ends) == 1, (how, spent, ends)


def test_burnt_points_are_not_given_again_by_a_detour(house: House) -> None:
    """The 10 points of the receipt burnt. A return that takes them and one that gives 10 again,
    together take nothing, and so nothing comes of them in any order.
    """
    burn = {"type": "after", "count": 5, "unit": "day"}
    till = shop(club_with(house, FULL_PRICE, OTHERS, burn=burn))
    lines = [line("ring", 10_000), line("chain", 20_000), line("sale", 10_000)]
    members = [till.club.join(), till.club.join()]
    sold = [till.sell(member=member, lines=lines) for member in members]
    with house.later("P7D"):
        members = [till.club.sign_in(member.phone) for member in members]
        ends = {
            end(till, member, one["receipt"], order)
            for member, one, order in zip(members, sold, ((0, 2), (2, 0)), strict=True)
        }
        assert ends == {(0, 0)}


CUPS = rule(
    {"type": "stamps", "card": "coffee", "full": 4}, id="cups", goods={"category": ["coffee"]}
)


def stamps(member: Member) -> int:
    """Stamps on the member's card."""
    found: int = member.call("GET", "/purchases").json()["stamps"].get("coffee", 0)
    return found


def test_a_free_piece_that_comes_back_with_its_receipt_leaves_the_card_as_it_was(
    house: House,
) -> None:
    """Three stamps; two cups more: the card is full, and one is free. Both come back with the cake
    or without it, one by one or together: there are three stamps again.
    """
    till = shop(club_with(house, CUPS))
    for returns in ([[(0, 2)]], [[(0, 1)], [(0, 1)]], [[(1, 1)], [(0, 1)], [(0, 1)]]):
        member = till.club.join()
        till.sell(member=member, lines=[line("coffee", 30_000, 3)])
        sold = till.sell(member=member, lines=[line("coffee", 10_000, 2), line("cake", 5_000)])
        assert sold["stamps"] == [{"card": "coffee", "given": 1, "free": 1, "after": 0}]
        for some in returns:
            till.returned(sold["receipt"], *some)
        assert stamps(member) == 3


def test_a_free_piece_that_was_kept_is_paid_for_in_stamps(house: House) -> None:
    """Five cups, the fifth free; four come back, the free one stays: four stamps are owed, and the
    next free cup is the ninth from here.
    """
    till = shop(club_with(house, CUPS))
    member = till.club.join()
    sold = till.sell(member=member, lines=[line("coffee", 40_000, 5)])
    till.returned(sold["receipt"], (0, 4))
    assert stamps(member) == 0
    more = till.sell(member=member, lines=[line("coffee", 80_000, 8)])
    assert more["stamps"] == [{"card": "coffee", "given": 8, "free": 0, "after": 4}]
    assert stamps(member) == 4
    assert till.sell(member=member, lines=[line("coffee", 1, 1)])["stamps"][0]["free"] == 1


def test_a_budget_is_not_given_out_twice_by_returns_that_change_which_rule_is_best(
    house: House,
) -> None:
    """The best of two: 10 % of rings, or 5 % of chains with a budget of 10 points. Rings come back,
    so the chains' rule is best; its budget is used up by others meanwhile.
    """
    best = {"group": "one", "mode": "best"}
    rules = [
        rule(percent(10), id="rings", goods={"category": ["ring"]}, stacking=best),
        rule(
            percent(5),
            id="chains",
            goods={"category": ["chain"]},
            stacking=best,
            caps={"program": 10, "ever": 10},
        ),
    ]
    till = shop(club_with(house, *rules))
    member, other = till.club.join(), till.club.join()
    lines = [line("ring", 20_000, 2), line("chain", 20_000)]
    sold = till.sell(member=member, lines=lines)
    assert sold["earned"] == 20
    given = 0
    while more := till.sell(member=till.club.join(), lines=[line("chain", 20_000)])["earned"]:
        given += more
    assert given == 10
    till.returned(sold["receipt"], (0, 2))
    # What a rule with a budget did not give at the till it does not give by a return.
    assert member.account()["balance"] == 0
    assert till.sell(member=other, lines=lines)["earned"] == 20


def test_part_of_a_receipt_frees_no_budget_that_it_could_want_again(house: House) -> None:
    """10 % while nothing on sale is there, from a budget that the next member uses up. The thing
    on sale was never there; what is returned in part frees its part with the last piece.
    """
    till = shop(club_with(house, rule(percent(10), caps={"program": 16})))
    members = [till.club.join() for _ in range(40)]
    sold = [till.sell(member=one, lines=[line("ring", 20_000, 2)]) for one in members]
    assert sum(one["earned"] for one in sold) == 16
    gave = next(one for one in sold if one["earned"])
    till.returned(gave["receipt"], (0, 1))
    till.returned(gave["receipt"], (0, 1))
    again = sum(till.sell(10_000, member=one)["earned"] for one in members)
    assert again == gave["earned"]


def test_late_receipts_find_no_room_in_a_period_that_is_full(house: House) -> None:
    """At most 50 points in three days, whatever three days one looks at and in whatever order the
    receipts arrive.
    """
    capped = rule(percent(10), caps={"period": {"days": 3, "points": 50}})
    till = shop(club_with(house, capped))
    with house.later("P40D"):
        now = house.now
        for order in itertools.permutations(range(4)):
            member = till.club.join()
            earned = {}
            for days in order:
                at = now - timedelta(days=days)
                earned[days] = till.sell(30_000, member=member, at=at)["earned"]
            for last in (0, 1):
                assert sum(earned[days] for days in range(last, last + 3)) <= 50
            assert sum(earned.values()) >= 50
