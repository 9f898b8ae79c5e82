"""A tag in the member's app: who scans it comes to the registration of that very item."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import Watched
from tests.support.club import Club, House, new_phone
from tests.web.test_club_sign_in import ask, give


@pytest.fixture(autouse=True)
def _a_club_without_levels(watched: Watched) -> None:
    watched.expects(404, "/v1/me/tier")


@pytest.mark.req("AQ-1")
@pytest.mark.req("AQ-3")
@pytest.mark.req("AQ-4")
def test_a_visitor_joins_comes_back_to_the_item_and_registers_it(
    watched: Watched, house: House, club: Club
) -> None:
    phone = new_phone()
    tag = club.tags()[0]
    page = watched.go(f"/t/{tag['serial']}")
    page.get_by_role("link", name="Register it in the club").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This item is genuine")
    expect(page.get_by_label("Scratch code")).to_have_count(0)
    page.get_by_role("link", name="Sign in or join, and register it").click()
    ask(page, phone)
    watched.expects(409, "/sessions")
    give(page, club.code(phone))
    page.get_by_label("accept the rules").check()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This item is genuine")

    watched.expects(422, "/v1/me/items")
    code = page.get_by_label("Scratch code")
    code.fill("0000-0000-0000-0")
    page.get_by_role("button", name="Register").click()
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill(tag["scratch_code"])
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Registered!")
    expect(page.get_by_role("region", name="Points")).to_contain_text("+")
    watched.shot("club-registered")
    page.get_by_role("link", name="My items").click()
    expect(page.get_by_role("listitem").filter(has_text=tag["serial"])).to_be_visible()


@pytest.mark.req("AQ-2")
def test_a_member_who_scans_lands_on_the_registration(watched: Watched, club: Club) -> None:
    tag = club.tags()[0]
    watched.come_in(club.join())
    watched.go(f"/c/{club.id}/")
    page = watched.go(f"/t/{tag['serial']}")
    expect(page.get_by_label("Scratch code")).to_be_visible()
    assert page.url == f"{watched.url}/c/{club.id}/items/{tag['serial']}"
