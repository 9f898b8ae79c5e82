"""Odd receipts: sent again when something changed meanwhile, very large, by people who guess."""

import random
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from chalicelib.earning.model import MemberFacts
from chalicelib.receipts import store
from tests.acceptance.test_returns import club_with
from tests.support.club import House
from tests.support.coupons import give
from tests.support.till import Till, card_of, percent, rule, shop


@pytest.fixture
def till(house: House) -> Till:
    """A till of a club that gives five percent."""
    return shop(club_with(house, purchases={"attach_days": 5}))


def in_zone(till: Till, zone: str | None) -> None:
    """Staff say in which zone the outlet's business days are."""
    body = {"name": "Arbat", "kind": "shop", "zone": zone}
    path = f"/partners/rubin/outlets/{till.outlet}"
    till.club.staff("PUT", path, json=body).raise_for_status()


def test_a_receipt_stays_itself_when_the_zone_of_its_outlet_changes(till: Till) -> None:
    """Its business day is that of the zone in which it was sold: 26 hours lie between these."""
    member = till.club.join()
    in_zone(till, None)
    in_zone(till, "Pacific/Kiritimati")
    with till.club.house.later("PT6M") as move:
        body = till.receipt(10_000, member=member)
        first = till.send(body)
        in_zone(till, "Etc/GMT+12")
        ahead = till.receipt(10_000, member=member, at=till.club.house.now + timedelta(minutes=4))
        fast = till.send(ahead)
        move("PT6M")
        assert till.send(body).json()["receipt"] == first.json()["receipt"]
        assert till.send(ahead).json()["receipt"] == fast.json()["receipt"]
        in_zone(till, None)
        assert till.send(body).json()["receipt"] == first.json()["receipt"]
    assert member.account()["balance"] == 10


def test_the_same_instant_in_another_zone_is_the_same(till: Till) -> None:
    """A till that is set up anew sends what it has as UTC."""
    member = till.club.join()
    body = till.receipt(10_000, member=member)
    moved = datetime.fromisoformat(body["at"]).astimezone(timezone(timedelta(hours=3)))
    first = till.send(body)
    assert till.send({**body, "at": moved.isoformat()}).json() == first.json()
    back = {"number": "R1", "at": body["at"], "lines": [{"line": 0, "quantity": 1}]}
    path = f"/receipts/{first.json()['receipt']}/returns"
    answers = [
        till.system.call("POST", path, json={**back, "at": at})
        for at in (body["at"], moved.isoformat())
    ]
    assert [one.status_code for one in answers] == [201, 201]


def test_very_large_receipts_stay_readable(house: House) -> None:
    """Points beyond what rules can see: the receipt is still answered, shown and returned."""
    credit = rule({"type": "voucher", "points": 75, "amount": 1000}, id="credit")
    till = shop(club_with(house, rule(percent(1, 1)), credit))
    member = till.club.join()
    lines = [{"sku": f"S{place}", "price": 10**12} for place in range(500)]
    for _ in range(2):
        body = till.receipt(member=member, lines=lines)
        first, again = till.send(body), till.send(body)
        assert (first.status_code, again.json()) == (201, first.json())
        assert member.call("GET", f"/receipts/{first.json()['receipt']}").status_code == 200
    assert len(member.rows("/coupons")) == 2
    till.returned(first.json()["receipt"], (0, 1))
    assert member.proof()["agrees"]


def test_a_credit_is_worth_something(house: House) -> None:
    """A coupon of 0 could not be shown."""
    nothing = rule({"type": "voucher", "points": 75, "amount": 0})
    club = club_with(house)
    wrong = {**club.document, "earning": {"rules": [nothing]}}
    refused = club.staff("PUT", "/draft", json=wrong)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/earning/rules/0/effect/amount"


def test_a_receipt_that_is_too_large_holds_up_no_batch(till: Till) -> None:
    """What the table could not keep is refused by itself."""
    member = till.club.join()
    noise = random.Random(7)
    tags = ["t" + noise.randbytes(15).hex() for _ in range(20_000)]
    lines = [
        {"sku": f"S{place}", "price": 100, "tags": tags[place * 40 : place * 40 + 40]}
        for place in range(500)
    ]
    some = [till.receipt(member=member, lines=lines), till.receipt(10_000, member=member)]
    answer = till.system.call("POST", "/receipt-batches", json={"receipts": some})
    assert answer.status_code == 200, answer.text
    large, small = answer.json()["receipts"]
    assert (large["status"], large["problem"]["code"]) == (413, "too_large")
    assert small["status"] == 201


def test_an_event_told_again_is_the_same_however_late(house: House) -> None:
    """The club takes what happened within a day; what it has taken is answered for ever."""
    miles = rule(
        {"type": "per_unit", "of": "count", "points": 2, "per": 5}, trigger="custom:flight"
    )
    club = house.new_club(earning={"rules": [miles]}, purchases={"accepted_days": 1})
    till, member = shop(club), club.join()
    body = {
        "trigger": "custom:flight",
        "number": "SU-1",
        "at": till.now,
        "count": 1234,
        "buyer": {"card": card_of(member)},
    }
    first = till.system.call("POST", "/events", json=body)
    with house.later("P5D"):
        assert till.system.call("POST", "/events", json=body).json() == first.json()
        late = till.system.call("POST", "/events", json={**body, "number": "SU-2"})
        assert (late.status_code, late.json()["code"]) == (409, "receipt_too_old")


def test_nobody_tries_out_phone_numbers_by_quotes_events_or_points(till: Till) -> None:
    """300 that name nobody, of whatever kind, and the credential has to wait; purchases for money
    are taken all the same.
    """
    member = till.club.join()

    def ask(place: int) -> httpx.Response:
        buyer = {"phone": f"+7999{place:07}"}
        if place % 3 == 0:
            return till.quote(10_000, buyer=buyer)
        if place % 3 == 1:
            return till.send(till.receipt(10_000, buyer=buyer, points=1))
        event = {"trigger": "custom:flight", "number": "1", "at": till.now, "buyer": buyer}
        return till.system.call("POST", "/events", json=event)

    codes = [ask(place).json()["code"] for place in range(300)]
    assert set(codes) == {"buyer_unknown", "buyer_needed"}
    for place in range(3):
        answer = ask(place)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_lookups")
    known = till.quote(10_000, member=member)
    assert known.status_code == 429
    assert till.send(till.receipt(10_000, buyer={"phone": "+79990000000"})).status_code == 201


def test_a_till_does_not_learn_the_points_of_who_claimed_a_receipt(till: Till) -> None:
    """Neither by sending it again nor by taking its goods back."""
    member = till.club.join()
    member.adjust(777)
    body = till.receipt(10_000, 10_000)
    sold = till.send(body).json()
    claim = {"receipt_code": sold["receipt_code"]}
    mine = member.call("POST", "/receipts", json=claim).json()
    assert mine["points"]["balance"] == 787
    again = till.send(body).json()
    assert (again["state"], again["points"], again["text"]) == ("posted", None, [])
    back = till.returned(sold["receipt"], (0, 1))
    assert (back["points"], back["points_taken"], len(back["text"])) == (None, 5, 1)
    assert member.account()["balance"] == 782
    assert member.call("POST", "/receipts", json=claim).json()["points"]["balance"] == 782


def test_a_return_for_somebody_who_left_is_answered_the_same_again(till: Till) -> None:
    member = till.club.join()
    body = till.receipt(10_000, member=member)
    sold = till.send(body).json()
    assert member.call("DELETE", "", json={"confirm": card_of(member)}).status_code == 204
    back = {"number": "R1", "at": body["at"], "lines": [{"line": 0, "quantity": 1}]}
    path = f"/receipts/{sold['receipt']}/returns"
    first, again = (till.system.call("POST", path, json=back) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert till.send(body).json()["points"] is None


def test_a_refused_coupon_is_named_as_the_till_named_it(till: Till) -> None:
    """Whichever is in the way: the second takes nothing off what the first one paid."""
    member = till.club.join()
    for amount in (10_000, 50_000):
        give(till.club, member, terms={"amount": amount, "combinable": True})
    shown = [
        member.call("GET", f"/coupons/{one['coupon']}").json()["code"].lower()
        for one in member.rows("/coupons")
    ]
    asked = till.quote(100, member=member, coupons=shown)
    sent = till.send(till.receipt(100, member=member, coupons=shown))
    once = [till.receipt(100, member=member, coupons=shown[:1]) for _ in range(2)]
    batch = till.system.call("POST", "/receipt-batches", json={"receipts": once}).json()
    problem = batch["receipts"][1]["problem"]
    for found, code in ((asked.json(), shown[1]), (sent.json(), shown[1]), (problem, shown[0])):
        assert found["detail"] == f"The coupon {code} takes nothing off this purchase."


def test_receipts_forget_birthday_and_gender_with_their_member(house: House) -> None:
    """What rules had to know of a person is not kept when the person leaves."""
    birthday = {"type": "birthday", "days_before": 30, "days_after": 30}
    kinds = {"type": "gender", "any_of": ["female"]}
    till = shop(club_with(house, rule(percent(5), conditions=[birthday, kinds])))
    member = till.club.join()
    told = {"birthday": "1987-06-05", "gender": "female"}
    assert member.call("PATCH", "", json=told).status_code == 200
    sold = [till.sell(10_000, member=member)["receipt"] for _ in range(2)]
    seen = [frozen(till, one) for one in sold]
    assert {str(one.birthday) for one in seen} == {"1987-06-05"}
    assert member.call("DELETE", "", json={"confirm": card_of(member)}).status_code == 204
    assert {(one.birthday, one.gender) for one in (frozen(till, r) for r in sold)} == {(None, None)}
    assert till.returned(sold[0], (0, 1))["state"] == "returned"


def frozen(till: Till, receipt: str) -> MemberFacts:
    """What the receipt keeps of its member, as stored."""
    found = store.find(till.club.id, receipt)
    assert found is not None
    assert found.given is not None
    return found.given.frozen.member
