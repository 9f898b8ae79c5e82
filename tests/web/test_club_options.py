"""What is open while a member buys enough: the app offers it by the API's gates, without delay."""

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
    return page.get_by_role("navigation").get_by_role("link").all_inner_texts()


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
