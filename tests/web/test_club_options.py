"""What is open while a member buys enough: the app offers it by the API's gates, without delay."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import gifts
from tests.support.browser import Watched
from tests.support.club import House
from tests.support.shop import Shop
from tests.support.till import shop

FEED = {
    "name": {"en": "Club options", "ru": "Возможности", "uk": "Можливості", "ar": "إمكانات"},
    "at_least": 1_000_000,
    "category": "feed",
    "options": ["items", "orders"],
    "opens": [dict.fromkeys(("en", "ru", "uk", "ar"), "Half as many points again")],
}


@pytest.fixture(autouse=True)
def _a_club_without_levels(watched: Watched) -> None:
    watched.expects(404, "/v1/me/tier")


def feed(amount: int) -> list[dict[str, Any]]:
    """A line of a receipt."""
    return [{"sku": "F-1", "price": amount, "category": "feed"}]


def tabs(page: Page) -> list[str]:
    """What the app's navigation offers."""
    return page.get_by_role("navigation", name="My club").get_by_role("link").all_inner_texts()


@pytest.mark.req("AL-9")
def test_a_gate_closes_options_and_a_purchase_opens_them_without_a_new_sign_in(
    watched: Watched, house: House
) -> None:
    till = shop(house.new_club(gates={"buying": FEED}))
    club = till.club
    Shop(club).reward()
    tag = club.tags()[0]
    member = club.join()
    member.adjust(300)
    bought = till.sell(member=member, lines=feed(999_900))["receipt"]
    watched.come_in(member)

    page = watched.go(f"/c/{club.id}/")
    expect(page.get_by_text("Club options: closed. Buy for ₽1 more through")).to_be_visible()
    assert tabs(page) == ["Home", "History", "Gifts", "Profile"]
    page.get_by_role("link", name="More about it").click()
    gate = page.get_by_role("article")
    expect(gate.get_by_text("Closed", exact=True)).to_be_visible()
    expect(gate.get_by_text("Buy for ₽1 more through")).to_be_visible()
    expect(gate.get_by_text("This month: ₽9,999 of ₽10,000")).to_be_visible()
    expect(gate.get_by_role("listitem")).to_have_text(
        ["Registering items", "Ordering gifts", "Half as many points again"]
    )
    # What is closed is not open by its address either; data and the prize shop stay open.
    page.goto(f"/c/{club.id}/items/{tag['serial']}")
    expect(page.get_by_text("Closed for now: Registering items")).to_be_visible()
    expect(page.get_by_label("Scratch code")).to_have_count(0)
    page.get_by_role("link", name="Gifts").click()
    page.get_by_role("link", name=gifts.texts(club, "ring-box")["en"]).click()
    expect(page.get_by_text("Closed for now: Ordering gifts")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_have_count(0)

    last = till.sell(member=member, lines=feed(100))["receipt"]
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("link", name="Items", exact=True)).to_be_visible()
    assert tabs(page) == ["Home", "History", "Gifts", "Items", "Profile"]
    expect(page.get_by_text("Club options")).to_have_count(0)
    page.goto(f"/c/{club.id}/options")
    expect(page.get_by_text("Open", exact=True)).to_be_visible()

    till.returned(last, (0, 1))
    till.returned(bought, (0, 1))
    page.get_by_role("link", name="Gifts").click()
    expect(page.get_by_text("Closed for now: Ordering gifts")).to_be_visible()
    expect(page.get_by_role("link", name="Items", exact=True)).to_have_count(0)


@pytest.mark.req("AL-9")
def test_a_gate_that_will_close_is_told_on_the_home_page(watched: Watched, house: House) -> None:
    till = shop(house.new_club(gates={"buying": FEED}))
    member = till.club.join()
    till.sell(member=member, lines=feed(1_000_000))
    days = 40 - house.now.day
    with house.later(f"P{days}D"):
        watched.come_in(till.club.sign_in(member.phone))
        page = watched.go(f"/c/{till.club.id}/")
        warning = page.get_by_text("Club options: closes after")
        expect(warning).to_be_visible()
        expect(warning).to_contain_text("Buy for ₽10,000 more through")
        expect(page.get_by_role("link", name="Items", exact=True)).to_be_visible()


@pytest.mark.req("AL-9")
@pytest.mark.req("EK-7")
@pytest.mark.req("EK-8")
def test_points_for_charities_and_proofs_for_groups_while_the_gate_is_open(
    watched: Watched, house: House
) -> None:
    till = shop(house.new_club(gates={"buying": {**FEED, "options": ["donations", "groups"]}}))
    club = till.club
    member = club.join()
    member.adjust(300)
    watched.come_in(member)
    page = watched.go(f"/c/{club.id}/")
    more = page.get_by_role("navigation", name="More pages")
    expect(more.get_by_role("link", name="My orders")).to_be_visible()
    closed = page.get_by_text("Club options: closed")
    expect(closed).to_be_visible()
    expect(more.get_by_role("link", name=re.compile("charities|groups"))).to_have_count(0)
    page.goto(f"/c/{club.id}/charities")
    expect(page.get_by_text("Closed for now: Giving points to charities")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_have_count(0)

    till.sell(member=member, lines=feed(1_000_000))
    page.get_by_role("link", name="Home", exact=True).last.click()
    more.get_by_role("link", name="Give points to charities").click()
    page.get_by_label("How many points").fill("120")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Give 120 points").click()
    expect(page.get_by_role("listitem").filter(has_text="120")).to_be_visible()
    page.get_by_role("link", name="Home", exact=True).last.click()
    expect(page.get_by_role("region", name="Points")).to_contain_text("180")

    more.get_by_role("link", name="Verified groups").click()
    group = page.locator("section").filter(has=page.get_by_role("button", name="Apply")).first
    group.get_by_label("Your proof, in words").fill("State University, card 1042-77")
    group.get_by_label("Pictures or PDF").set_input_files(
        {"name": "card.png", "mimeType": "image/png", "buffer": gifts.PNG}
    )
    group.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Your application is being checked.")).to_be_visible()
    waiting = club.staff("GET", "/group-applications").json()["rows"]
    (told,) = waiting
    assert told["evidence"] == "State University, card 1042-77"
    proof = club.staff("GET", f"/members/{member.id}/group-applications/{told['group']}/files")
    assert len(proof.json()["files"]) == 1
