"""A seller is active only after staff have phoned and said what came of it (AQ-9)."""

from typing import Any

import pytest

from tests.support import stored
from tests.support.club import Club, House, Member, at_once, bearer
from tests.support.gifts import good
from tests.support.sellers import ask, claim, confirmed, partner, phoned, seller

pytestmark = pytest.mark.req("AQ-9")
PLACE = {"partner": "rubin", "outlet": "arbat"}


@pytest.fixture
def club(house: House) -> Club:
    """A club with a partner."""
    made = house.new_club()
    partner(made)
    return made


def code(answer: Any) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


def me(member: Member) -> str:
    """The member's status."""
    return str(member.call("GET", "").json()["status"])


def waiting(club: Club, limit: int = 100) -> list[str]:
    """Who waits for a call, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        query = {"limit": limit, "cursor": cursor}
        answer = good(club.staff("GET", "/sellers", params=query))
        found += [row["member"] for row in answer["rows"]]
        cursor = answer["next"]
        if not cursor:
            return found


def test_a_seller_becomes_active_by_a_call_that_reaches_them(club: Club) -> None:
    ann = club.join(kind="seller")
    assert (me(ann), good(ann.call("GET", "/seller"))["status"]) == ("applied", "none")
    partners = ann.rows("/seller/places")
    outlets = good(ann.call("GET", "/seller/places", params={"partner": "rubin"}))["rows"]
    assert [(row["partner"], row["outlet"], row["name"]) for row in (*partners, *outlets)] == [
        ("rubin", None, "Rubin"),
        ("rubin", "arbat", "Arbat"),
    ]
    asked = good(ask(ann, name="rubin", outlet="arbat"))
    assert (asked["status"], asked["asked"], asked["sells_for"]) == ("waiting", PLACE, None)
    (row,) = good(club.staff("GET", "/sellers"))["rows"]
    assert (row["member"], row["phone"], row["asked"]) == (ann.id, ann.phone, PLACE)
    tried = good(phoned(ann, "not_reached", "Nobody answers"))
    assert (tried["status"], tried["member_status"]) == ("waiting", "applied")
    assert (waiting(club), me(ann)) == ([ann.id], "applied")
    done = good(phoned(ann, "confirmed", "Works at the Arbat shop"))
    assert (done["status"], done["member_status"], done["sells_for"]) == (
        "confirmed",
        "active",
        PLACE,
    )
    assert [(one["outcome"], one["note"]) for one in done["calls"]] == [
        ("confirmed", "Works at the Arbat shop"),
        ("not_reached", "Nobody answers"),
    ]
    assert (waiting(club), me(ann)) == ([], "active")
    assert code(phoned(ann, "refused")) == "seller_decided"
    club.house.pump()
    told = ann.rows("/notifications")[0]["text"]
    assert told == "You are confirmed as a seller of Rubin. You can claim what you sell."
    records = club.staff("GET", "/audit").json()["rows"]
    calls = [row for row in records if row["action"] == "seller.called"]
    assert [row["after"]["outcome"] for row in calls] == ["confirmed", "not_reached"]
    assert "Arbat shop" not in str(calls)


def test_a_refused_seller_reads_why_and_can_ask_again(club: Club) -> None:
    ann = club.join(kind="seller")
    good(ask(ann))
    good(phoned(ann, "refused", "The shop does not know you"))
    ann = club.sign_in(ann.phone)
    assert me(ann) == "rejected"
    mine = good(ann.call("GET", "/seller"))
    assert (mine["status"], mine["refusal"]) == ("refused", "The shop does not know you")
    assert code(claim(ann, club.tags()[0])) == "member_not_active"
    assert good(ask(ann, outlet="arbat"))["status"] == "waiting"
    assert (me(ann), waiting(club)) == ("applied", [ann.id])
    good(phoned(ann, "confirmed"))
    assert me(ann) == "active"


def test_a_seller_who_moves_keeps_the_old_place_until_the_new_one_is_confirmed(
    club: Club,
) -> None:
    partner(club, "opal", "center")
    ann, of_opal = seller(club), club.make_batch(2, partner="opal")
    tag, other = club.printed(of_opal)
    assert code(claim(ann, tag)) == "item_shipped_elsewhere"
    moving = good(ask(ann, "opal"))
    assert (moving["status"], moving["sells_for"]["partner"]) == ("waiting", "rubin")
    good(phoned(ann, "refused"))
    assert me(ann) == "active"
    assert code(claim(ann, tag)) == "item_shipped_elsewhere"
    confirmed(ann, "opal")
    assert claim(ann, other).is_success


def test_a_suspended_seller_is_active_only_when_both_agree(club: Club) -> None:
    ann = club.join(kind="seller")
    good(ask(ann))
    good(ann.staff("POST", "/status", json={"status": "suspended", "reason": "Odd claims"}))
    assert good(phoned(ann, "confirmed"))["member_status"] == "suspended"
    again = {"status": "active", "reason": "A mistake"}
    assert good(ann.staff("POST", "/status", json=again))["status"] == "active"


def test_who_waits_longest_is_first_and_keeps_the_turn(club: Club) -> None:
    people = [club.join(kind="seller") for _ in range(5)]
    for one in people:
        good(ask(one))
    good(ask(people[0], outlet="arbat"))  # another outlet, not another turn
    assert waiting(club, limit=2) == [one.id for one in people]
    good(phoned(people[1], "confirmed"))
    assert waiting(club, limit=2) == [one.id for one in people if one is not people[1]]


def test_the_same_wish_and_the_same_call_again_change_nothing(club: Club) -> None:
    ann = club.join(kind="seller")
    assert good(ask(ann)) == good(ask(ann))
    first, again = (phoned(ann, "not_reached", "Busy", key="one call") for _ in range(2))
    assert first.text == again.text
    assert len(good(ann.staff("GET", "/seller"))["calls"]) == 1
    answers = at_once(lambda _: phoned(ann, "confirmed"), range(4))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    assert len(good(ann.staff("GET", "/seller"))["calls"]) == 2
    assert good(ask(ann))["status"] == "confirmed"


def test_only_sellers_of_known_places_can_ask(club: Club) -> None:
    buyer, ann = club.join(), club.join(kind="seller")
    for answer in (
        ask(buyer),
        buyer.call("GET", "/seller"),
        buyer.call("GET", "/seller/places"),
    ):
        assert code(answer) == "sellers_only"
    for place, fault in ((("nobody", None), "/partner"), (("rubin", "nowhere"), "/outlet")):
        assert [one["pointer"] for one in ask(ann, *place).json()["errors"]] == [fault]
    assert code(phoned(ann, "confirmed")) == "seller_unknown"
    assert code(ann.staff("GET", "/seller")) == "seller_unknown"


def test_the_call_takes_its_own_right(club: Club) -> None:
    ann = club.join(kind="seller")
    good(ask(ann))
    token = club.house.staff((club.id,), ("members.read", "members.block", "calls.take"))
    for method, path in (("GET", "/sellers"), ("GET", f"/members/{ann.id}/seller")):
        assert club.staff(method, path, headers=bearer(token)).status_code == 403
    assert me(ann) == "applied"


def test_a_seller_who_leaves_is_forgotten(club: Club) -> None:
    """Where they sold, what was said on the phone, and their turn; what they sold stays."""
    said, (tag,) = "Speaks of her sister Eulalia", club.tags()
    ann = seller(club)
    good(claim(ann, tag))
    good(ask(ann, outlet="arbat"))
    good(phoned(ann, "not_reached", said))
    exported = {row["kind"]: row["data"] for row in ann.rows("/export")}
    assert exported["seller"]["calls"][0][3] == said
    assert exported["claim"]["serial"] == tag["serial"]
    card = ann.session["member"]["card_number"]
    assert ann.call("DELETE", "", json={"confirm": card}).status_code == 204
    assert waiting(club) == []
    assert code(phoned(ann, "confirmed")) == "member_unknown"
    found = stored.census(
        {stored.key_of(one): one for one in stored.partition(f"{club.id}#M#{ann.id}")}
    )
    assert "claim" in found
    assert "seller" not in found
    texts = [stored.texts(one) for key, one in stored.everything().items() if club.id in str(key)]
    assert not [one for one in texts if said in one]
