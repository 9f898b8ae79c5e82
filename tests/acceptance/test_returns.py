"""Returns: exactly what the goods brought is taken back, whatever happened meanwhile (AB-6)."""

import itertools
from typing import Any

import pytest

from tests.acceptance.test_notifications import sweep
from tests.support.club import Club, House, Member, at_once
from tests.support.till import FIVE_PERCENT, Till, card_of, percent, rule, shop

SPENDING = {"spending": {"point_value": 100}}
NEVER = {"type": "never"}


def club_with(house: House, *rules: Any, **document: Any) -> Club:
    """A club that earns by these rules, where points pay and do not burn."""
    terms = {**SPENDING, **document.pop("purchases", {})}
    return house.new_club(
        earning={"rules": rules or [FIVE_PERCENT]},
        purchases=terms,
        burn=NEVER,
        **document,
    )


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that gives five percent."""
    return shop(club_with(house))


def pieces(price: int, quantity: int, **more: Any) -> dict[str, Any]:
    """A line of several pieces."""
    return {"sku": "P", "price": price, "quantity": quantity, **more}


@pytest.mark.req("AB-6")
def test_a_part_takes_its_part_and_the_rest_the_rest(till: Till) -> None:
    """5 % of 3 x 333.33 = 999.99 are 49 points. Two of the pieces leave 333.33, which are worth
    16: 33 are taken back. With the third piece the last 16 go.
    """
    member = till.club.join()
    sold = till.sell(member=member, lines=[pieces(99_999, 3)])
    assert sold["earned"] == 49
    part = till.returned(sold["receipt"], (0, 2))
    assert (part["money"], part["points_taken"], part["state"]) == (66_666, 33, "partly_returned")
    assert member.account()["balance"] == 16
    rest = till.returned(sold["receipt"], (0, 1))
    assert (rest["money"], rest["points_taken"], rest["state"]) == (33_333, 16, "returned")
    assert member.account()["balance"] == 0
    assert member.proof()["agrees"]
    (month,) = member.call("GET", "/purchases").json()["months"]
    assert (month["amount"], month["receipts"]) == (0, 0)


@pytest.mark.req("AB-6")
def test_points_that_were_spent_meanwhile_are_owed(till: Till) -> None:
    """50 points earned, 40 of them spent elsewhere: 10 are there, 40 are owed. The next 100.00
    bring 5, which repay the debt first.
    """
    member = till.club.join()
    sold = till.sell(100_000, member=member)
    member.adjust(-40)
    back = till.returned(sold["receipt"], (0, 1))
    assert back["points"] | {"earned": 0} == {
        "earned": 0,
        "pending": 0,
        "spent": 0,
        "balance": -40,
        "available": 0,
        "debt": 40,
    }
    assert back["text"][-1] == "You owe 40 points"
    assert till.sell(10_000, member=member)["points"]["debt"] == 35
    refused = till.send(till.receipt(10_000, member=member, points=1))
    assert refused.json()["code"] == "not_enough_points"


def test_a_club_may_forgive_what_cannot_be_taken_back(house: House) -> None:
    till = shop(club_with(house, purchases={"debt": "forgive"}))
    member = till.club.join()
    sold = till.sell(100_000, member=member)
    member.adjust(-40)
    back = till.returned(sold["receipt"], (0, 1))
    assert (back["points"]["balance"], back["points"]["debt"]) == (0, 0)
    reasons = [part["code"] for part in member.entries()[0]["parts"]]
    assert reasons == ["award_returned", "debt_forgiven"]
    assert member.proof()["agrees"]


@pytest.mark.req("AB-6")
def test_spent_points_come_back_to_their_lots(house: House) -> None:
    """60 points pay 60.00 of two lines of 100.00 each: 30 and 30. One line back: 30 points and
    70.00 in money; the award, 5 % of 140.00 = 7, becomes 3 of 70.00.
    """
    till = shop(club_with(house))
    member = till.club.join()
    member.adjust(60)
    sold = till.sell(10_000, 10_000, member=member, points=60)
    assert (sold["earned"], sold["points"]["balance"]) == (7, 7)
    back = till.returned(sold["receipt"], (1, 1))
    assert (back["points_back"], back["money"], back["points_taken"]) == (30, 7_000, 4)
    assert member.account()["balance"] == 33
    back = till.returned(sold["receipt"], (0, 1))
    assert (back["points_back"], back["money"], back["points_taken"]) == (30, 7_000, 3)
    assert member.account()["balance"] == 60
    assert member.proof()["agrees"]


def test_an_award_that_burnt_unspent_owes_nothing(house: House) -> None:
    burning = {"burn": {"type": "after", "count": 5, "unit": "day"}}
    club = house.new_club(earning={"rules": [FIVE_PERCENT]}, purchases=SPENDING, **burning)
    till = shop(club)
    member = club.join()
    sold = till.sell(100_000, member=member)
    with house.later("P10D"):
        back = till.returned(sold["receipt"], (0, 1))
        assert (back["points"]["balance"], back["points"]["debt"]) == (0, 0)


def test_points_that_were_only_announced_are_not_owed(house: House) -> None:
    """5 % later: of 50 announced points the return of half takes 25."""
    till = shop(club_with(house, rule(percent(5), pending_days=14)))
    member = till.club.join()
    sold = till.sell(50_000, 50_000, member=member)
    assert member.account()["pending"] == 50
    till.returned(sold["receipt"], (0, 1))
    assert (member.account()["pending"], member.account()["debt"]) == (25, 0)
    till.returned(sold["receipt"], (1, 1))
    assert (member.account()["pending"], member.account()["debt"]) == (0, 0)
    assert member.proof()["agrees"]


LINES = [pieces(10_001, 3), pieces(20_003, 2, sku="Q"), pieces(7_777, 1, sku="R")]
RETURNS = [((0, 1),), ((1, 2),), ((0, 2), (2, 1))]


@pytest.mark.req("AB-6")
@pytest.mark.parametrize("how", ["recalculate", "shares"])
def test_any_order_of_the_same_returns_ends_at_the_same_balance(house: House, how: str) -> None:
    threshold = rule(percent(10), id="more", conditions=[{"type": "amount", "at_least": 40_000}])
    club = club_with(house, FIVE_PERCENT, threshold, purchases={"on_return": how})
    till = shop(club)
    ends = []
    for order in itertools.permutations(RETURNS):
        member = club.join()
        member.adjust(100)
        sold = till.sell(member=member, lines=LINES, points=60)
        middle = []
        for some in order:
            till.returned(sold["receipt"], *some)
            middle.append(member.account()["balance"])
        ends.append((middle[-1], member.account()["debt"]))
        assert member.proof()["agrees"]
    assert set(ends) == {(100, 0)}


def test_the_shares_of_lines_stay_as_they_were_where_the_club_says_so(house: House) -> None:
    """From 400.00 on the purchase brings 100 points, spread 50 and 50 over two lines of 200.00.
    One line back: by the rules nothing is left of it, by its shares 50.
    """
    for how, left in (("recalculate", 0), ("shares", 50)):
        bonus = rule(
            {"type": "points", "points": 100},
            conditions=[{"type": "amount", "at_least": 40_000}],
        )
        till = shop(club_with(house, bonus, purchases={"on_return": how}))
        member = till.club.join()
        sold = till.sell(20_000, 20_000, member=member)
        till.returned(sold["receipt"], (0, 1))
        assert member.account()["balance"] == left


def test_the_same_return_again_is_the_same_return(till: Till) -> None:
    member = till.club.join()
    sold = till.sell(100_000, member=member)
    body = {"number": "R1", "at": till.now, "lines": [{"line": 0, "quantity": 1}]}
    path = f"/receipts/{sold['receipt']}/returns"
    first, again = (till.system.call("POST", path, json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = {**body, "lines": [{"line": 0, "quantity": 2}]}
    differs = till.system.call("POST", path, json=other)
    assert (differs.status_code, differs.json()["code"]) == (409, "return_differs")


def test_no_more_comes_back_than_was_sold(till: Till) -> None:
    member = till.club.join()
    sold = till.sell(member=member, lines=[pieces(30_000, 3)])
    till.returned(sold["receipt"], (0, 2))
    over = till.take_back(sold["receipt"], (0, 2))
    assert (over.status_code, over.json()["code"]) == (409, "returned_too_much")
    assert over.json()["detail"] == "Of P only 1 can still be returned."
    for lines, code in (([(1, 1)], "too_big"), ([(0, 1), (0, 1)], "duplicate")):
        wrong = till.take_back(sold["receipt"], *lines)
        assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, code)


def test_returns_at_once_take_each_piece_once(till: Till) -> None:
    member = till.club.join()
    sold = till.sell(member=member, lines=[pieces(100_000, 10)])
    answers = at_once(lambda _: till.take_back(sold["receipt"], (0, 1)), range(20))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 10
    assert member.account()["balance"] == 0
    assert member.proof()["agrees"]


def test_a_returned_receipt_no_longer_counts(house: House) -> None:
    """From the third receipt on there are 100 points; a receipt that went back is none."""
    third = rule(
        {"type": "points", "points": 100},
        conditions=[{"type": "history", "counter": "visits", "at_least": 2}],
    )
    counters = {"visits": {"measure": "receipts", "over": "days", "days": 30}}
    club = house.new_club(earning={"rules": [third], "counters": counters})
    till = shop(club)
    member = club.join()
    first = till.sell(10_000, member=member)
    till.sell(10_000, member=member)
    till.returned(first["receipt"], (0, 1))
    assert till.sell(10_000, member=member)["earned"] == 0
    assert till.sell(10_000, member=member)["earned"] == 100


def test_a_returned_first_receipt_makes_the_next_one_first(house: House) -> None:
    first = rule({"type": "points", "points": 100}, conditions=[{"type": "first_time"}])
    till = shop(club_with(house, first))
    member = till.club.join()
    sold = till.sell(10_000, member=member)
    assert (sold["earned"], till.sell(10_000, member=member)["earned"]) == (100, 0)
    till.returned(sold["receipt"], (0, 1))
    assert till.sell(10_000, member=member)["earned"] == 100


def caps(till: Till, member: Member, most: int, each: int) -> None:
    """However many at once, a cap gives no more; what is returned makes room again."""
    answers = at_once(lambda _: till.sell(each, member=member), range(8))
    assert sum(answer["earned"] for answer in answers) == most
    gave = next(answer for answer in answers if answer["earned"])
    till.returned(gave["receipt"], (0, 1))
    assert till.sell(each, member=member)["earned"] == gave["earned"]


@pytest.mark.parametrize(
    "cap", [{"day": 100}, {"month": 100}, {"ever": 100}, {"period": {"days": 30, "points": 100}}]
)
def test_caps_hold_and_open_again(house: House, cap: dict[str, Any]) -> None:
    till = shop(club_with(house, rule(percent(5), caps=cap)))
    caps(till, till.club.join(), 100, 100_000)


def test_the_budget_of_a_rule_is_never_exceeded(house: House) -> None:
    """A budget of 100 points for all members: 12 members at once, 50 points each."""
    till = shop(club_with(house, rule(percent(5), caps={"program": 100})))
    members = [till.club.join() for _ in range(12)]
    sold = at_once(lambda member: till.sell(100_000, member=member), members)
    given = sum(one["earned"] for one in sold)
    assert given <= 100
    while True:
        more = till.sell(100_000, member=till.club.join())["earned"]
        given += more
        if not more:
            break
    assert given == 100
    gave = next(one for one in sold if one["earned"])
    till.returned(gave["receipt"], (0, 1))
    assert till.sell(100_000, member=till.club.join())["earned"] == gave["earned"]


def test_stamps_go_back_with_the_goods(house: House) -> None:
    """A card of five: three cups bought, two returned, one stamp is left."""
    cups = rule({"type": "stamps", "card": "coffee", "full": 5}, goods={"category": ["coffee"]})
    till = shop(club_with(house, cups))
    member = till.club.join()
    sold = till.sell(member=member, lines=[pieces(60_000, 3, category="coffee")])
    assert sold["stamps"] == [{"card": "coffee", "given": 3, "free": 0, "after": 3}]
    till.returned(sold["receipt"], (0, 2))
    assert member.call("GET", "/purchases").json()["stamps"] == {"coffee": 1}


@pytest.mark.whole_table
def test_announced_points_come_on_their_day_and_go_back_with_the_goods(house: House) -> None:
    """50 points after 14 days; the daily round credits them once, the return takes them back."""
    till = shop(club_with(house, rule(percent(5), pending_days=14)))
    with house.later() as move:
        member = till.club.join()
        sold = till.sell(100_000, member=member)
        sweep(house)
        assert (member.account()["pending"], member.account()["balance"]) == (50, 0)
        move("P15D")
        for _ in range(2):
            sweep(house)
        member = till.club.sign_in(member.phone)
        account = member.account()
        assert (account["pending"], account["balance"]) == (0, 50)
        entry = member.entries()[0]
        assert entry["kind"] == "award.confirmed"
        reversal = member.staff(
            "POST", f"/entries/{entry['seq']}/reversal", json={"reason": "By hand"}
        )
        assert reversal.json()["code"] == "entry_not_reversible"
        till.returned(sold["receipt"], (0, 1))
        assert (member.account()["balance"], member.account()["debt"]) == (0, 0)
        assert member.proof()["agrees"]


def test_announced_points_that_staff_cancelled_are_not_taken_twice(house: House) -> None:
    till = shop(club_with(house, rule(percent(5), pending_days=14)))
    member = till.club.join()
    sold = till.sell(100_000, member=member)
    award = f"{sold['receipt']}x14"
    why = {"end": "cancelled", "reason": "A mistake"}
    cancelled = member.staff("POST", f"/pending-awards/{award}/resolution", json=why)
    assert cancelled.is_success, cancelled.text
    till.returned(sold["receipt"], (0, 1))
    account = member.account()
    assert (account["pending"], account["balance"], account["debt"]) == (0, 0, 0)


def test_goods_of_somebody_who_left_come_back_all_the_same(till: Till) -> None:
    member = till.club.join()
    sold = till.sell(100_000, member=member)
    leave = {"confirm": card_of(member)}
    assert member.call("DELETE", "", json=leave).status_code == 204
    back = till.returned(sold["receipt"], (0, 1))
    assert (back["state"], back["money"], back["points"]) == ("returned", 100_000, None)


@pytest.mark.req("AB-6")
def test_what_was_earned_as_gold_goes_back_as_gold(house: House) -> None:
    """10 000.00 bring gold, and gold doubles 5 %: 3 x 333.33 bring 49 and 49 again. Two pieces are
    worth 33 twice: 32 are taken with the first one, though the member is gold no more by then.
    """
    gold = rule(
        {"type": "tier", "tier": "gold"},
        id="gold",
        conditions=[{"type": "amount", "at_least": 1_000_000}],
    )
    double = rule(
        {"type": "multiplier", "factor": {"num": 2, "den": 1}},
        id="double",
        conditions=[{"type": "tier", "any_of": ["gold"]}],
    )
    till = shop(house.new_club(earning={"rules": [FIVE_PERCENT, gold, double]}))
    member = till.club.join()
    first = till.sell(1_000_000, member=member)
    sold = till.sell(member=member, lines=[pieces(99_999, 3)])
    assert (first["tier"], sold["earned"]) == ("gold", 98)
    till.returned(first["receipt"], (0, 1))
    assert member.call("GET", "/purchases").json()["tier"] == ""
    assert till.sell(10_000, member=member)["earned"] == 5
    assert member.account()["balance"] == 98 + 5
    assert till.returned(sold["receipt"], (0, 1))["points_taken"] == 32
    assert till.returned(sold["receipt"], (0, 2))["points_taken"] == 66
    assert member.account()["balance"] == 5
    assert member.proof()["agrees"]
