"""A seller claims a sold item; its points are theirs once the buyer registers it (AQ-10)."""

from typing import Any

import pytest

from chalicelib.entrance import PROJECTORS, unheard
from chalicelib.kernel.facts import image
from chalicelib.tags import service
from tests.support import stored
from tests.support.club import Club, House
from tests.support.gifts import good
from tests.support.sellers import (
    SOLD,
    ask,
    claim,
    claimed,
    held,
    newest,
    partner,
    registered,
    seller,
    ship,
    statuses,
)

pytestmark = pytest.mark.req("AQ-10")
WHY = {"reason": "By an acceptance test"}
Tag = dict[str, str]


@pytest.fixture
def club(house: House) -> Club:
    """A club with two partners."""
    made = house.new_club()
    partner(made)
    partner(made, "opal", "center")
    return made


def code(answer: Any) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def act(club: Club, tag: Tag, what: str) -> None:
    """Staff do something to a tag."""
    good(club.staff("POST", f"/tags/{tag['serial']}/{what}", json=WHY))


def test_points_are_announced_and_credited_when_the_buyer_registers(club: Club) -> None:
    ann, (tag,) = seller(club, outlet="arbat"), club.tags()
    made = claimed(ann, tag)
    told = (made["status"], made["points"], made["partner"], made["outlet"], made["lapses_at"])
    assert told == ("pending", SOLD, "rubin", "arbat", None)
    assert held(ann) == (0, SOLD)
    club.house.pump()
    assert claimed(ann, tag) == made
    registered(club.join(), tag)
    (row,) = ann.rows("/claims")
    (entry, announced) = ann.entries()
    assert (row["status"], row["entry"], row["why"]) == ("credited", entry["seq"], None)
    assert (announced["points"], entry["points"]) == (0, SOLD)
    assert [part["reason"] for part in entry["parts"]] == ["An item that you sold"]
    assert held(ann) == (SOLD, 0)
    assert (newest(ann)["code"], newest(ann)["points"]) == ("points.credited", SOLD)
    assert claimed(ann, tag) == row


def test_an_item_is_claimed_once_and_only_by_a_seller(club: Club) -> None:
    (tag, other) = club.tags(2)
    ann, bob, buyer = seller(club), seller(club), club.join()
    claimed(ann, tag)
    assert code(claim(bob, tag)) == "item_claimed"
    assert code(claim(buyer, other)) == "seller_not_confirmed"
    applicant = club.join(kind="seller")
    good(ask(applicant))
    assert code(claim(applicant, other)) == "member_not_active"
    assert code(claim(bob, {"serial": "7K3M9QWX2B4D"})) == "tag_unknown"
    foreign = club.house.new_club()
    assert code(claim(bob, foreign.tags()[0])) == "tag_unknown"
    act(club, other, "withdrawal")
    assert code(claim(bob, other)) == "tag_withdrawn"


def test_only_the_partner_to_whom_it_was_shipped(club: Club) -> None:
    """Of the batch, corrected for one serial, and for the batch again."""
    batch = club.make_batch(3, partner="opal")
    one, two, three = club.printed(batch)
    ann = seller(club)
    assert code(claim(ann, one)) == "item_shipped_elsewhere"
    good(ship(club, "rubin", serials=[one["serial"].lower()]))
    shown = club.staff("GET", f"/tags/{one['serial']}").json()
    assert shown["partner"] == "rubin"
    assert [(row["fact"], row["partner"]) for row in shown["history"]] == [("tag.shipped", "rubin")]
    claimed(ann, one)
    assert code(claim(ann, two)) == "item_shipped_elsewhere"
    good(ship(club, None, batch=batch))
    assert club.staff("GET", f"/batches/{batch}").json()["partner"] is None
    claimed(ann, two)
    good(ship(club, "opal", batch=batch))
    assert claimed(ann, two)["status"] == "pending"
    assert code(claim(ann, three)) == "item_shipped_elsewhere"
    good(ship(club, None, serials=[one["serial"]]))
    assert club.staff("GET", f"/tags/{one['serial']}").json()["partner"] == "opal"
    records = club.staff("GET", "/audit").json()["rows"]
    kinds = [row["action"] for row in records if "shipped" in row["action"]]
    assert kinds == ["tags.shipped", "batch.shipped", "batch.shipped", "tags.shipped"]


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ({"serials": ["7K3M9QWX2B4D"]}, "/serials/0"),
        ({}, "/batch"),
        ({"batch": "x", "serials": ["7K3M9QWX2B4D"]}, "/batch"),
        ({"batch": "x", "partner": "nobody"}, "/partner"),
    ],
)
def test_a_shipment_of_nothing_known_is_refused(
    club: Club, what: dict[str, Any], fault: str
) -> None:
    answer = ship(club, what.pop("partner", "rubin"), **what)
    assert [one["pointer"] for one in answer.json()["errors"]] == [fault]


def test_nobody_is_rewarded_for_selling_to_themselves(club: Club) -> None:
    ann, (before, after) = seller(club), club.tags(2)
    claimed(ann, before)
    registered(ann, before)
    (row,) = ann.rows("/claims")
    assert (row["status"], row["why"], row["entry"]) == ("withdrawn", "own_item", None)
    registered(ann, after)
    assert code(claim(ann, after)) == "own_item"
    assert ann.account()["pending"] == 0
    assert "claim.credited" not in [entry["kind"] for entry in ann.entries()]


@pytest.mark.parametrize("what", ["withdrawal", "release"])
def test_staff_who_undo_the_sale_take_the_credit_back(club: Club, what: str) -> None:
    """Spent points become a debt, by the ledger's law; the item can be sold anew."""
    ann, (tag,), buyer = seller(club), club.tags(), club.join()
    claimed(ann, tag)
    registered(buyer, tag)
    good(ann.adjust(-SOLD))
    act(club, tag, what)
    (row,) = ann.rows("/claims")
    why = {"withdrawal": "tag_withdrawn", "release": "tag_released"}[what]
    assert (row["status"], row["why"]) == ("withdrawn", why)
    assert (ann.account()["debt"], held(ann)) == (SOLD, (-SOLD, 0))
    assert newest(ann)["code"] == "claim.withdrawn"
    if what == "withdrawal":
        act(club, tag, "reinstatement")
        assert claimed(ann, tag)["status"] == "credited"  # registered still, and in the window
    else:
        claimed(ann, tag)
        registered(club.join(), tag)
    assert statuses(ann) == ["credited", "withdrawn"]
    assert held(ann) == (0, 0)


def test_a_released_item_whose_fact_is_late_credits_nobody(club: Club) -> None:
    """What the buyer's registration owed is settled with the release, once."""
    ann, (tag,), buyer = seller(club), club.tags(), club.join()
    claimed(ann, tag)
    good(buyer.register(tag))
    act(club, tag, "release")
    club.house.pump()
    assert (statuses(ann), held(ann)) == (["withdrawn"], (0, 0))
    bob = seller(club)
    claimed(bob, tag)
    club.house.pump()
    assert (statuses(bob), held(bob)) == (["pending"], (0, SOLD))


@pytest.mark.parametrize("sold", [False, True], ids=["pending", "credited"])
def test_staff_take_a_claim_back_and_another_seller_can_have_it(club: Club, sold: bool) -> None:
    ann, bob, (tag,) = seller(club), seller(club), club.tags()
    claimed(ann, tag)
    if sold:
        registered(club.join(), tag)
    answer = club.staff("POST", f"/tags/{tag['serial']}/claim-withdrawal", json=WHY)
    (row,) = good(answer)["rows"]
    assert (row["member"], row["status"], row["why"]) == (ann.id, "withdrawn", "by_staff")
    assert held(ann) == (0, 0)
    assert code(claim(ann, tag)) == "claim_barred"
    again = club.staff("POST", f"/tags/{tag['serial']}/claim-withdrawal", json=WHY)
    assert code(again) == "claim_unknown"
    claimed(bob, tag)
    if not sold:
        registered(club.join(), tag)
    assert held(bob) == (SOLD, 0)
    rows = good(club.staff("GET", f"/tags/{tag['serial']}/claims"))["rows"]
    assert [(one["member"], one["status"]) for one in rows] == [
        (bob.id, "credited"),
        (ann.id, "withdrawn"),
    ]
    of_bob = good(bob.staff("GET", "/claims"))["rows"]
    assert [one["serial"] for one in of_bob] == [tag["serial"]]


def test_a_seller_who_left_gets_nothing_and_nothing_stays_open(club: Club) -> None:
    ann, (tag,) = seller(club), club.tags()
    claimed(ann, tag)
    card = ann.session["member"]["card_number"]
    assert ann.call("DELETE", "", json={"confirm": card}).status_code == 204
    registered(club.join(), tag)
    (row,) = good(club.staff("GET", f"/tags/{tag['serial']}/claims"))["rows"]
    assert (row["status"], row["why"]) == ("withdrawn", "account_closed")
    account = good(ann.staff("GET", "/account"))
    assert (account["balance"], account["pending"]) == (0, 0)
    assert ann.proof()["agrees"]


def test_a_registration_that_nobody_heard_of_is_found_by_the_sweeper(club: Club) -> None:
    """What the consumer should have done and did not is seen, and the same message does it."""
    ann, buyer, (tag,) = seller(club), club.join(), club.tags()
    claimed(ann, tag)
    good(buyer.register(tag))
    images = [image(one) for one in stored.partition(f"{club.id}#M#{buyer.id}")]
    facts = [fact for one in images for read in PROJECTORS if (fact := read(one))]
    (fact,) = [one for one in facts if one.data.get("kind") == "item.registered"]
    assert unheard(fact)
    for _ in range(3):
        service.hear(fact, club.house.now)
    assert not service.missed(fact)
    assert (statuses(ann), held(ann)) == (["credited"], (SOLD, 0))


def test_a_claim_without_points_is_kept_all_the_same(house: House) -> None:
    club = house.new_club(earning={})
    partner(club)
    ann, (tag,) = seller(club), club.tags()
    assert claimed(ann, tag)["points"] == 0
    registered(club.join(), tag)
    assert (statuses(ann), ann.entries()) == (["credited"], [])
