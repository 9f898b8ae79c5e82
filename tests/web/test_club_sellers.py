"""Sellers in the member's app: they say for whom they sell, and claim what they sold."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import Watched
from tests.support.club import Club
from tests.support.gifts import good
from tests.support.sellers import SOLD, partner, phoned, registered


@pytest.mark.req("AQ-9")
@pytest.mark.req("AQ-10")
def test_a_seller_is_confirmed_by_a_call_and_claims_a_sold_item(
    watched: Watched, club: Club
) -> None:
    watched.expects(404, "/v1/me/tier")
    partner(club)
    (tag,) = club.tags()
    seller = club.join(kind="seller")
    watched.come_in(seller)
    page = watched.go(f"/c/{club.id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your application is being checked")
    page.get_by_label("Partner").select_option("Rubin")
    page.get_by_label("Shop").select_option("Arbat")
    page.get_by_role("button", name="Ask the club to confirm it").click()
    expect(page.get_by_text("you want to sell for Rubin")).to_be_visible()
    assert not watched.barriers()
    watched.shot("club-seller")
    good(phoned(seller, "confirmed"))
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("region", name="Points")).to_be_visible()

    page.get_by_role("link", name="Items", exact=True).click()
    page.get_by_label("Serial number").fill(tag["serial"])
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="I sold it").click()
    expect(page.get_by_text(re.compile(rf"Waits for the buyer {SOLD}\spoints"))).to_be_visible()
    watched.shot("club-claimed")
    registered(club.join(), tag)
    page.get_by_role("link", name="Items", exact=True).first.click()
    expect(page.get_by_role("listitem").filter(has_text=tag["serial"])).to_contain_text("Credited")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("region", name="Points")).to_contain_text(str(SOLD))
