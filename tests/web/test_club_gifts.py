"""Gifts in the member's app: what points buy, and orders that are placed once."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import Watched
from tests.support.club import Club
from tests.support.shop import Shop, points


@pytest.fixture(autouse=True)
def _a_club_without_levels(watched: Watched) -> None:
    watched.expects(404, "/v1/me/tier")


@pytest.mark.req("AQ-6")
@pytest.mark.req("GC-3")
def test_a_gift_is_ordered_once_though_the_answer_was_lost(watched: Watched, club: Club) -> None:
    shop = Shop(club)
    shop.reward(price=200)
    shop.reward("silver-chain", price=900)
    member = club.join()
    member.adjust(500)
    watched.come_in(club.sign_in(member.phone))

    page = watched.go(f"/c/{club.id}/gifts")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_text(
        [re.compile(r"ring-box.*200\spoints"), re.compile(r"silver-chain.*400\spoints missing")]
    )
    rows.first.click()
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Is everything right?")).to_be_focused()
    watched.shot("club-order-confirm")

    watched.loses_answer(club.house, "**/v1/me/orders/*")
    page.get_by_role("button", name="Order for 400 points").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    page.get_by_role("button", name="Order for 400 points").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Order [A-Z0-9]+"))
    assert points(member)[0:2] == (500, 100)
    page.get_by_role("link", name="My orders").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)

    page.get_by_role("link", name="ring-box").click()
    page.get_by_role("button", name="Cancel the order").click()
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.get_by_text("The order was cancelled.").first).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("region", name="Points")).to_contain_text("500 points")


def test_a_gift_comes_by_post_to_an_address_that_is_right(watched: Watched, club: Club) -> None:
    Shop(club).reward(delivery=["post"])
    member = club.join()
    member.adjust(500)
    watched.come_in(club.sign_in(member.phone))
    watched.expects(422, "/v1/me/orders")
    page = watched.go(f"/c/{club.id}/gifts/ring-box")
    page.get_by_label("Who receives it").fill("Wilhelmina Addressee")
    page.get_by_label("Street, house, flat").fill("Lethe Quay 7")
    page.get_by_label("Postal code").fill("!")
    page.get_by_label("Town or city").fill("Oubliette")
    page.get_by_label("Country").select_option("Ukraine")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Order for 100 points").click()
    postcode = page.get_by_label("Postal code")
    expect(postcode).to_have_attribute("aria-invalid", "true")
    postcode.fill("01001")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Order for 100 points").click()
    expect(page.get_by_text("Lethe Quay 7, 01001, Oubliette, UA")).to_be_visible()
