"""Packages of the breeders' club: proposed by what was bought in a quarter, assigned by staff."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Page
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import parse
from tests.acceptance.test_agenda import seconds_to
from tests.acceptance.test_tiers import put, seen
from tests.acceptance.test_tiers_ends import entry_of, told
from tests.support.checkout import Checkout, Json, checkout, club_of, line
from tests.support.club import House, Member
from tests.support.due import STUDENTS
from tests.support.groups import ask, decide
from tests.support.till import card_of

FEED = line(100_000, sku="FEED-1", category="feed")
TOY = line(100_000, sku="TOY-1", category="toy")


def breeders(house: House) -> Checkout:
    """A shop of the breeders' club; who joins is approved already."""
    return checkout(club_of(house, "paws", kinds={"breeder": {"joins": "active"}}))


def joined(shop: Checkout) -> Member:
    """A breeder."""
    return shop.club.join(kind="breeder")


def bought(shop: Checkout, member: Member, price: int) -> Json:
    """Feed at a price."""
    return shop.sell(member, line(price, sku="FEED-1", category="feed"))


def waiting(shop: Checkout) -> list[Json]:
    """What is proposed to staff, page by page."""
    rows: list[Json] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        answer = shop.club.staff("GET", "/tier-proposals", params=query)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        rows += found["rows"]
        if not found["next"]:
            return rows
        query["cursor"] = found["next"]


def proposed(shop: Checkout, member: Member) -> tuple[str, str, str, int] | None:
    """The package that is proposed for a member, instead of which, why, and by how much."""
    mine = [one for one in waiting(shop) if one["member"] == member.id]
    assert len(mine) <= 1
    found = [(one["tier"], one["assigned"], one["by"], one["counted"]) for one in mine]
    assert seen(member)["proposed"] == (found[0][0] if found else None)
    return found[0] if found else None


def confirm(shop: Checkout, *rows: tuple[str, str], **more: Any) -> list[tuple[str, str, str]]:
    """Confirm packages of members; what became of each."""
    body = {"rows": [{"member": member, "tier": tier} for member, tier in rows], **more}
    answer = shop.club.staff("POST", "/tier-proposals/confirmations", json=body)
    assert answer.status_code == 200, answer.text
    return [(one["member"], one["outcome"], one["was"]) for one in answer.json()["rows"]]


@pytest.mark.req("AL-7")
def test_a_package_is_proposed_by_purchases_and_holds_when_staff_confirm_it(house: House) -> None:
    shop = breeders(house)
    member = joined(shop)
    bought(shop, member, 2_999_900)
    assert proposed(shop, member) is None
    mine = member.call("GET", "/tier").json()
    assert (mine["tier"], mine["assigned_by"]) == ("start", "staff")
    assert mine["next"] == {"tier": "basic", "name": "Basic", "missing": 100}
    bought(shop, member, 100)
    assert proposed(shop, member) == ("basic", "start", "purchase", 3_000_000)
    assert shop.off(member, FEED, TOY) == [3_000, 0]  # nothing holds before staff say so
    bought(shop, member, 3_000_000)
    assert proposed(shop, member) == ("standard", "start", "purchase", 6_000_000)
    assert member.call("GET", "/tier").json()["proposed"] is None
    row = (member.id, "standard")
    assert confirm(shop, row, dry_run=True) == [(member.id, "assigned", "start")]
    assert seen(member)["tier"] == "start"
    for _ in range(2):
        assert confirm(shop, row) == [(member.id, "assigned", "start")]
    assert proposed(shop, member) is None
    assert shop.off(member, FEED, TOY) == [7_000, 0]
    mine = member.call("GET", "/tier").json()
    assert (mine["tier"], mine["next"]["tier"], mine["next"]["missing"]) == (
        "standard",
        "expert",
        6_000_000,
    )
    assert mine["privileges"] == [
        "Articles on breeding",
        "Advice from a nutritionist",
        "Starter kits for puppies and kittens",
    ]
    records = shop.club.staff("GET", "/audit", params={"action": "member.tiered"}).json()["rows"]
    assert [one["after"]["tier"] for one in records] == ["standard"]
    house.pump()
    texts = [row["text"] for row in member.rows("/notifications")]
    assert [one for one in texts if "level" in one] == ["Your level is now: Standard."]


@pytest.mark.req("AL-7")
def test_a_package_opens_what_it_names_at_once_and_closes_it_with_the_next_one(
    house: House,
) -> None:
    """Groups are open from the second package on: not to purchases, but to what staff decide."""
    shop = breeders(house)
    document = shop.club.document
    levels = document["tiers"]["levels"]
    levels = [{**one, "opens": ["groups"]} if one["id"] == "basic" else one for one in levels]
    document["tiers"] = {**document["tiers"], "levels": levels}
    document["groups"] = {"student": STUDENTS}
    shop.club.publish()
    member = joined(shop)
    bought(shop, member, 3_000_000)
    refused = ask(member, "student")
    assert (refused.status_code, refused.json()["code"]) == (403, "level_needed")
    assert refused.json()["detail"] == "This is open from the level Basic on."
    opens = {one["tier"]: one["opens"] for one in member.call("GET", "/tier").json()["levels"]}
    assert opens == {one["id"]: one.get("opens", []) for one in levels}
    for tier, status in (("basic", 201), ("start", 403), ("expert", 201)):
        put(member, tier)
        assert ask(member, "student").status_code == status
        decide(member, "student", approve=False)


@pytest.mark.req("AL-7")
def test_the_end_of_a_quarter_proposes_what_its_purchases_are_enough_for(house: House) -> None:
    shop = breeders(house)
    member, idle = joined(shop), joined(shop)
    bought(shop, member, 6_000_000)
    bought(shop, idle, 6_000_000)
    confirm(shop, (member.id, "standard"), (idle.id, "standard"))
    quarter = member.club.staff("GET", f"/members/{member.id}/tier").json()["counted_through"]
    first = entry_of(member, quarter)
    with house.later(seconds_to(house, parse(first.due)) + 1) as go:
        entries = [first, entry_of(idle, quarter)]
        agenda.work(Page(tuple(entries)), AGENDA_HANDLERS, house.now)
        assert waiting(shop) == []  # the quarter's purchases are enough for the next
        bought(shop, member, 3_000_000)
        last = seen(member)["counted_through"]
        over = entry_of(member, last)
        go(int((parse(over.due) - house.now).total_seconds()) + 1)
        for _ in range(2):
            agenda.work(Page((over, entry_of(idle, last))), AGENDA_HANDLERS, house.now)
        assert proposed(shop, member) == ("basic", "standard", "period", 3_000_000)
        assert proposed(shop, idle) == ("start", "standard", "period", 0)
        assert shop.off(idle, FEED) == [7_000]
        assert told(shop.club, idle) == []
        assert confirm(shop, (idle.id, "start")) == [(idle.id, "assigned", "standard")]
        assert shop.off(idle, FEED) == [3_000]
        assert [one["member"] for one in waiting(shop)] == [member.id]


@pytest.mark.req("AL-7")
def test_staff_override_a_proposal_with_a_reason_and_take_it_back(house: House) -> None:
    shop = breeders(house)
    member = joined(shop)
    bought(shop, member, 6_000_000)
    assert put(member, "basic")["tier"] == "basic"
    assert proposed(shop, member) is None  # decided
    assert shop.off(member, FEED) == [5_000]
    bought(shop, member, 1_000)
    assert proposed(shop, member) is None
    bought(shop, member, 6_000_000)
    assert proposed(shop, member) == ("expert", "basic", "purchase", 12_001_000)
    for _ in range(2):
        back = put(member, None)
        assert (back["tier"], back["history"][0]["by"]) == ("start", "undo")
    assert proposed(shop, member) == ("expert", "start", "purchase", 12_001_000)
    body = {"tier": "basic", "reason": ""}
    assert member.staff("PUT", "/tier", json=body).status_code == 422
    confirm(shop, (member.id, "expert"))
    assert put(member, None)["proposed"] == "expert"


@pytest.mark.req("AL-7")
def test_an_override_through_a_day_gives_way_to_what_purchases_are_enough_for(house: House) -> None:
    shop = breeders(house)
    member = joined(shop)
    last = house.now.date() + timedelta(days=3)
    put(member, "champion", until=last.isoformat())
    assert shop.off(member, FEED) == [15_000]
    bought(shop, member, 3_000_000)
    assert proposed(shop, member) is None
    entry = entry_of(member, last.isoformat())
    with house.later(seconds_to(house, parse(entry.due)) + 1):
        for _ in range(2):
            agenda.work(Page((entry,)), AGENDA_HANDLERS, house.now)
        now = seen(member)
        assert (now["tier"], now["history"][0]["since"]) == ("basic", entry.due)
        assert told(shop.club, member) == ["The time of your level is over: Champion."]
        assert waiting(shop) == []


def test_what_comes_back_takes_its_proposal_back(house: House) -> None:
    shop = breeders(house)
    member = joined(shop)
    sold = bought(shop, member, 6_000_000)
    basic = bought(shop, member, 3_000_000)
    assert proposed(shop, member) == ("standard", "start", "purchase", 6_000_000)
    shop.take_back(sold, (0, 1))
    assert proposed(shop, member) == ("basic", "start", "return", 3_000_000)
    assert confirm(shop, (member.id, "standard")) == [(member.id, "outdated", "start")]
    shop.take_back(basic, (0, 1))
    assert proposed(shop, member) is None
    assert confirm(shop, (member.id, "basic")) == [(member.id, "outdated", "start")]


@pytest.mark.req("AL-7")
def test_many_are_confirmed_at_once_and_each_row_is_reported(house: House) -> None:
    shop = breeders(house)
    many = [joined(shop) for _ in range(3)]
    for member in many:
        bought(shop, member, 3_000_000)
    gone = joined(shop)
    bought(shop, gone, 3_000_000)
    assert len(waiting(shop)) == 4
    assert gone.call("DELETE", "", json={"confirm": card_of(gone)}).status_code < 300
    assert len(waiting(shop)) == 3
    bought(shop, many[2], 3_000_000)
    rows = [(member.id, "basic") for member in (*many, gone)]
    report = [(member.id, "assigned", "start") for member in many[:2]]
    report += [(many[2].id, "outdated", "start"), (gone.id, "member_unknown", "")]
    assert confirm(shop, *rows, dry_run=True) == report
    assert len(waiting(shop)) == 3
    for _ in range(2):
        assert confirm(shop, *rows) == report
    assert [one["member"] for one in waiting(shop)] == [many[2].id]
    records = shop.club.staff("GET", "/audit", params={"action": "member.tiered"}).json()["rows"]
    assert len(records) == 2


def test_where_purchases_decide_nothing_is_proposed(house: House) -> None:
    tiers = club_of(house, "paws").document["tiers"]
    shop = checkout(
        club_of(
            house,
            "paws",
            kinds={"breeder": {"joins": "active"}},
            tiers={**tiers, "assigned_by": "purchases"},
        )
    )
    member = joined(shop)
    bought(shop, member, 3_000_000)
    assert seen(member)["tier"] == "basic"
    for method, path, body in (
        ("GET", "/tier-proposals", None),
        (
            "POST",
            "/tier-proposals/confirmations",
            {"rows": [{"member": member.id, "tier": "basic"}]},
        ),
    ):
        answer = shop.club.staff(method, path, **({"json": body} if body else {}))
        assert (answer.status_code, answer.json()["code"]) == (409, "levels_by_purchases")
    # When staff assign from now on, everybody stays where they are until then.
    shop.club.document["tiers"] = tiers
    shop.club.publish()
    assert (seen(member)["tier"], seen(member)["assigned_by"]) == ("basic", "staff")
    bought(shop, member, 3_000_000)
    assert proposed(shop, member) == ("standard", "basic", "purchase", 6_000_000)
